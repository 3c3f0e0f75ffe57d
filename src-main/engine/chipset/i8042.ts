// The 8042 keyboard controller with its auxiliary port [PS2-HITR Keyboard and Auxiliary Device Controller],
// and the system control port A at 92h. Between two bytes of a device passes the time of the serial wire, so that interrupt handlers
// which read port 60h twice see the same byte twice.
import type { Clock, Timer } from '../../core/clock.ts';
import type { Device, DeviceState, IrqLine, PortIoHandler } from '../bus/device.ts';
import { ByteWidePorts } from '../bus/port-bus.ts';
import { StateReader } from '../bus/state-fields.ts';
import type { Ps2Device } from './ps2-device.ts';
import { Ps2Keyboard } from './ps2-keyboard.ts';
import { Ps2Mouse } from './ps2-mouse.ts';
import { translate } from './scan-codes.ts';

const STATUS_OBF = 0x01;
const STATUS_SYS = 0x04;
const STATUS_COMMAND = 0x08;
const STATUS_UNLOCKED = 0x10;
const STATUS_AUX = 0x20;

const CCB_KEYBOARD_INTERRUPT = 0x01;
const CCB_AUX_INTERRUPT = 0x02;
const CCB_SYS = 0x04;
const CCB_KEYBOARD_DISABLED = 0x10;
const CCB_AUX_DISABLED = 0x20;
const CCB_TRANSLATE = 0x40;

const OUTPUT_RESET_OFF = 0x01;
const OUTPUT_A20 = 0x02;
const OUTPUT_KEYBOARD_FULL = 0x10;
const OUTPUT_AUX_FULL = 0x20;
const OUTPUT_RESET_VALUE = 0xcf;

const PORT92_FAST_RESET = 0x01;
const PORT92_A20 = 0x02;

/** Time on the wire for one byte of keyboard or mouse: 11 bits at the fast end of 10 to 16.7 kHz. */
const BYTE_NS = 400_000;
const STATE_VERSION = 1;

export interface I8042Options {
  clock: Clock;
  irq1: IrqLine;
  irq12: IrqLine;
  mapPorts(base: number, count: number, handler: PortIoHandler): void;
  setA20(isEnabled: boolean): void;
  onReset(): void;
}

const SOURCES = ['none', 'controller', 'keyboard', 'aux'] as const;
type Source = (typeof SOURCES)[number];

export class I8042 implements Device {
  readonly id = 'i8042';
  readonly keyboard: Ps2Keyboard;
  readonly mouse: Ps2Mouse;
  readonly #options: I8042Options;
  readonly #wireTimer: Timer;
  readonly #ram = new Uint8Array(32);
  #outputPort = OUTPUT_RESET_VALUE;
  #port92 = 0;
  #isA20Enabled = true;
  #data = 0;
  #source: Source = 'none';
  #isLastWriteCommand = false;
  /** Command whose data byte comes next, 0 if none. */
  #command = 0;
  /** The byte before was F0 from the keyboard, held back by translation. */
  #isBreakSeen = false;

  constructor(options: I8042Options) {
    this.#options = options;
    this.#wireTimer = options.clock.createTimer(() => this.#refill());
    this.keyboard = new Ps2Keyboard(options.clock, () => this.#onDeviceData());
    this.mouse = new Ps2Mouse(options.clock, () => this.#onDeviceData());
    const ports = new ByteWidePorts(
      (port) => (port & 4 ? this.#status() : this.#readData()),
      (port, value) => (port & 4 ? this.#writeCommand(value) : this.#writeData(value)),
    );
    options.mapPorts(0x60, 1, ports);
    options.mapPorts(0x64, 1, ports);
    options.mapPorts(
      0x92,
      1,
      new ByteWidePorts(
        () => this.#port92,
        (_port, value) => this.#writePort92(value),
      ),
    );
    this.reset();
  }

  reset(): void {
    this.keyboard.reset();
    this.mouse.reset();
    this.#ram.fill(0);
    this.#ram[0] = CCB_KEYBOARD_INTERRUPT | CCB_AUX_INTERRUPT;
    this.#outputPort = OUTPUT_RESET_VALUE;
    this.#port92 = PORT92_A20;
    this.#data = 0;
    this.#source = 'none';
    this.#isLastWriteCommand = false;
    this.#command = 0;
    this.#isBreakSeen = false;
    this.#wireTimer.cancel();
    this.#updateA20();
    this.#updateIrqs();
  }

  save(): DeviceState {
    return {
      version: STATE_VERSION,
      fields: {
        ram: this.#ram.slice(),
        outputPort: this.#outputPort,
        port92: this.#port92,
        data: this.#data,
        source: this.#source,
        isLastWriteCommand: this.#isLastWriteCommand,
        command: this.#command,
        isBreakSeen: this.#isBreakSeen,
        wireNs: this.#wireTimer.deadlineNs,
        keyboard: this.keyboard.save(),
        mouse: this.mouse.save(),
      },
    };
  }

  restore(state: DeviceState): void {
    const reader = new StateReader(state, this.id, STATE_VERSION);
    this.#ram.set(reader.bytes('ram', 32));
    this.#outputPort = reader.u8('outputPort');
    this.#port92 = reader.int('port92', 0, 3);
    this.#data = reader.u8('data');
    this.#source = reader.oneOf('source', SOURCES);
    this.#isLastWriteCommand = reader.boolean('isLastWriteCommand');
    this.#command = reader.u8('command');
    this.#isBreakSeen = reader.boolean('isBreakSeen');
    this.keyboard.restore(reader.record('keyboard'));
    this.mouse.restore(reader.record('mouse'));
    const wireNs = reader.numberOrNull('wireNs');
    this.#wireTimer.cancel();
    if (wireNs !== null) this.#wireTimer.arm(wireNs);
    this.#updateA20();
    this.#updateIrqs();
  }

  #status(): number {
    return (
      (this.#source !== 'none' ? STATUS_OBF : 0) |
      (this.#source === 'aux' ? STATUS_AUX : 0) |
      (this.#ram[0]! & CCB_SYS ? STATUS_SYS : 0) |
      (this.#isLastWriteCommand ? STATUS_COMMAND : 0) |
      STATUS_UNLOCKED
    );
  }

  #readData(): number {
    if (this.#source === 'none') return this.#data;
    this.#source = 'none';
    this.#updateIrqs();
    if (this.#hasDeviceData) this.#wireTimer.arm(this.#options.clock.now() + BYTE_NS);
    return this.#data;
  }

  #put(data: number, source: Source): void {
    this.#data = data;
    this.#source = source;
    this.#updateIrqs();
  }

  #updateIrqs(): void {
    const control = this.#ram[0]!;
    const isAux = this.#source === 'aux';
    const isKeyboard = this.#source === 'keyboard' || this.#source === 'controller';
    this.#options.irq1.set(isKeyboard && (control & CCB_KEYBOARD_INTERRUPT) !== 0);
    this.#options.irq12.set(isAux && (control & CCB_AUX_INTERRUPT) !== 0);
  }

  get #hasDeviceData(): boolean {
    const control = this.#ram[0]!;
    return (
      (this.keyboard.hasData && (control & CCB_KEYBOARD_DISABLED) === 0) ||
      (this.mouse.hasData && (control & CCB_AUX_DISABLED) === 0)
    );
  }

  #onDeviceData(): void {
    if (this.#wireTimer.deadlineNs === null) this.#refill();
  }

  /** Takes the next byte of a device into the empty output buffer, the keyboard first. */
  #refill(): void {
    if (this.#source !== 'none') return;
    const control = this.#ram[0]!;
    while (this.keyboard.hasData && (control & CCB_KEYBOARD_DISABLED) === 0) {
      const byte = this.#fromKeyboard(this.keyboard.take());
      if (byte < 0) continue;
      this.#put(byte, 'keyboard');
      return;
    }
    if (this.mouse.hasData && (control & CCB_AUX_DISABLED) === 0) this.#put(this.mouse.take(), 'aux');
  }

  /** Translates set 2 into set 1 if so configured; -1 while a break prefix is held back. */
  #fromKeyboard(byte: number): number {
    if ((this.#ram[0]! & CCB_TRANSLATE) === 0) return byte;
    if (byte === 0xf0) {
      this.#isBreakSeen = true;
      return -1;
    }
    const breakBit = this.#isBreakSeen ? 0x80 : 0;
    this.#isBreakSeen = false;
    return translate(byte) | breakBit;
  }

  #writeCommand(value: number): void {
    this.#isLastWriteCommand = true;
    this.#command = 0;
    if (value >= 0x20 && value < 0x40) this.#put(this.#ram[value & 0x1f]!, 'controller');
    else if (value >= 0x60 && value < 0x80) this.#command = value;
    else if (value >= 0xf0) this.#pulse(value & 0x0f);
    else this.#execute(value);
  }

  #execute(command: number): void {
    switch (command) {
      case 0xa4:
        // No password is installed.
        this.#put(0xf1, 'controller');
        return;
      case 0xa7:
        this.#setControl(this.#ram[0]! | CCB_AUX_DISABLED);
        return;
      case 0xa8:
        this.#setControl(this.#ram[0]! & ~CCB_AUX_DISABLED);
        return;
      case 0xa9:
      case 0xab:
        this.#put(0x00, 'controller');
        return;
      case 0xaa:
        this.#setControl(this.#ram[0]! | CCB_SYS);
        this.#put(0x55, 'controller');
        return;
      case 0xad:
        this.#setControl(this.#ram[0]! | CCB_KEYBOARD_DISABLED);
        return;
      case 0xae:
        this.#setControl(this.#ram[0]! & ~CCB_KEYBOARD_DISABLED);
        return;
      case 0xc0:
        this.#put(0x80, 'controller');
        return;
      case 0xd0:
        this.#put(this.#readOutputPort(), 'controller');
        return;
      case 0xd1:
      case 0xd2:
      case 0xd3:
      case 0xd4:
        this.#command = command;
        return;
      case 0xdd:
        this.#setOutputPort(this.#outputPort & ~OUTPUT_A20);
        return;
      case 0xdf:
        this.#setOutputPort(this.#outputPort | OUTPUT_A20);
        return;
      default:
        // Vendor commands that this controller has not.
        return;
    }
  }

  #writeData(value: number): void {
    this.#isLastWriteCommand = false;
    const command = this.#command;
    this.#command = 0;
    if (command >= 0x60 && command < 0x80) {
      if (command === 0x60) this.#setControl(value);
      else this.#ram[command & 0x1f] = value;
      return;
    }
    switch (command) {
      case 0xd1:
        this.#setOutputPort(value);
        return;
      case 0xd2:
        this.#put(value, 'keyboard');
        return;
      case 0xd3:
        this.#put(value, 'aux');
        return;
      case 0xd4:
        this.#setControl(this.#ram[0]! & ~CCB_AUX_DISABLED);
        this.#toDevice(this.mouse, value);
        return;
      default:
        this.#setControl(this.#ram[0]! & ~CCB_KEYBOARD_DISABLED);
        this.#toDevice(this.keyboard, value);
    }
  }

  #toDevice(device: Ps2Device, value: number): void {
    device.receive(value);
  }

  #setControl(value: number): void {
    this.#ram[0] = value;
    this.#updateIrqs();
    if (this.#hasDeviceData) this.#onDeviceData();
  }

  #readOutputPort(): number {
    const full = this.#source === 'aux' ? OUTPUT_AUX_FULL : this.#source === 'none' ? 0 : OUTPUT_KEYBOARD_FULL;
    return (this.#outputPort & ~(OUTPUT_AUX_FULL | OUTPUT_KEYBOARD_FULL)) | full;
  }

  #setOutputPort(value: number): void {
    this.#outputPort = value;
    this.#port92 = (this.#port92 & ~PORT92_A20) | (value & OUTPUT_A20);
    this.#updateA20();
    if ((value & OUTPUT_RESET_OFF) === 0) this.#options.onReset();
  }

  /** Commands F0..FF pull the output port bits that are zero low for 6 us; bit 0 is the processor's reset. */
  #pulse(bits: number): void {
    if ((bits & OUTPUT_RESET_OFF) === 0) this.#options.onReset();
  }

  #writePort92(value: number): void {
    const isResetting = (value & PORT92_FAST_RESET) !== 0 && (this.#port92 & PORT92_FAST_RESET) === 0;
    this.#port92 = value & (PORT92_FAST_RESET | PORT92_A20);
    this.#outputPort = (this.#outputPort & ~OUTPUT_A20) | (value & PORT92_A20);
    this.#updateA20();
    if (isResetting) this.#options.onReset();
  }

  #updateA20(): void {
    const isEnabled = (this.#outputPort & OUTPUT_A20) !== 0;
    if (isEnabled === this.#isA20Enabled) return;
    this.#isA20Enabled = isEnabled;
    this.#options.setA20(isEnabled);
  }
}
