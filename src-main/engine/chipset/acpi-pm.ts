// Power management, PCI 00:01.3: Intel 82371AB (PIIX4) function 3 as QEMU's "pc" machine has it [PIIX4 §7, ACPI-6.5 §4.8]: the PM1a
// event and control blocks, the 3.58 MHz timer, SMI_CMD, soft-off, the power button, and the general-purpose event block at
// AFE0h. No system management mode: firmware is told that SMM is already set up. The SMBus finds no devices.
import type { Clock, Timer } from '../../core/clock.ts';
import type { Logger } from '../../core/logger.ts';
import type { Device, DeviceState, IrqLine, Mapping, PortIoHandler } from '../bus/device.ts';
import type { PciBus } from '../bus/pci.ts';
import { ByteWidePorts } from '../bus/port-bus.ts';
import { StateReader } from '../bus/state-fields.ts';

const PMBA = 0x40;
const DEVACTB_APMC = 0x5b;
const PMREGMISC = 0x80;
const SMBBA = 0x90;
const SMBHSTCFG = 0xd2;
const PM_BLOCK_BYTES = 64;
const SMBUS_BYTES = 16;
const GPE_BASE = 0xafe0;
const SMI_CMD = 0xb2;
const ACPI_ENABLE = 0xf1;
const ACPI_DISABLE = 0xf0;

const PM1_STS = 0x00;
const PM1_EN = 0x02;
const PM1_CNT = 0x04;
const PM_TMR = 0x08;

const TMR_STS = 0x0001;
const GBL_STS = 0x0020;
const PWRBTN_STS = 0x0100;
const RTC_STS = 0x0400;
const WAK_STS = 0x8000;
const PM1_EVENTS: number = TMR_STS | GBL_STS | PWRBTN_STS | RTC_STS;
const SCI_EN = 0x0001;
const SLP_EN = 0x2000;
const SLP_TYP_S5 = 0;
const SLP_TYP_S4 = 2;

const PM_TIMER_HZ = 3_579_545;
const PM_TIMER_MASK = 0xffffff;
const PM_TIMER_HALF = 0x800000;

const SMBHSTSTS = 0;
const SMBHSTCNT = 2;
const SMBHST_START = 0x40;
const SMBHST_DEVICE_ERROR = 0x04;
const SMBHST_CLEARABLE = 0x1e;
const STATE_VERSION = 1;
const VENDOR_START = 0x40;

export interface AcpiPmOptions {
  clock: Clock;
  log: Logger;
  pci: PciBus;
  sci: IrqLine;
  mapPorts(base: number, count: number, handler: PortIoHandler): Mapping;
  onPowerOff(): void;
}

export class AcpiPm implements Device {
  readonly id = 'acpi-pm';
  readonly #options: AcpiPmOptions;
  readonly #registers = new Uint8Array(256 - VENDOR_START);
  readonly #timer: Timer;
  readonly #block: PortIoHandler;
  readonly #smbusPorts: PortIoHandler;
  readonly #smbus = new Uint8Array(SMBUS_BYTES);
  readonly #gpe = new Uint8Array(4);
  readonly #apm = new Uint8Array(2);
  #blockMapping: Mapping | null = null;
  #smbusMapping: Mapping | null = null;
  #blockBase = 0;
  #smbusBase = 0;
  #status = 0;
  #enable = 0;
  #control = 0;
  /** Which half of its range the timer was in when TMR_STS was last evaluated. */
  #timerHalf = 0;

  constructor(options: AcpiPmOptions) {
    this.#options = options;
    this.#timer = options.clock.createTimer(() => this.#onTimer());
    this.#block = new ByteWidePorts(
      (port) => this.#readBlock(port - this.#blockBase),
      (port, value) => this.#writeBlock(port - this.#blockBase, value),
    );
    const byteBlock = this.#block;
    // hot path: kernels use PM_TMR as a clock; it must be read whole.
    this.#block = {
      read: (port, size) =>
        port - this.#blockBase === PM_TMR && size === 4 ? this.#timerValue() : byteBlock.read(port, size),
      write: (port, size, value) => {
        byteBlock.write(port, size, value);
        this.#afterWrite(port - this.#blockBase, size);
      },
    };
    this.#smbusPorts = new ByteWidePorts(
      (port) => this.#smbus[port - this.#smbusBase] ?? 0,
      (port, value) => this.#writeSmbus(port - this.#smbusBase, value),
    );
    options.pci.addFunction(
      {
        identity: { vendorId: 0x8086, deviceId: 0x7113, classCode: 0x068000, revision: 3 },
        interruptPin: 1,
        configRead: (offset, size) => this.#readConfig(offset, size),
        configWrite: (offset, size, value) => this.#writeConfig(offset, size, value),
      },
      { slot: 1, functionNumber: 3 },
    );
    options.mapPorts(
      GPE_BASE,
      4,
      new ByteWidePorts(
        (port) => this.#gpe[port - GPE_BASE]!,
        (port, value) => this.#writeGpe(port - GPE_BASE, value),
      ),
    );
    options.mapPorts(
      SMI_CMD,
      2,
      new ByteWidePorts(
        (port) => this.#apm[port - SMI_CMD]!,
        (port, value) => this.#writeApm(port - SMI_CMD, value),
      ),
    );
    this.reset();
  }

  /** The user pressed the power button; the guest decides. False if its ACPI driver does not listen. */
  pressPowerButton(): boolean {
    this.#status |= PWRBTN_STS;
    this.#updateSci();
    return this.hearsPowerButton();
  }

  /** The guest's ACPI driver wants to know of the power button. */
  hearsPowerButton(): boolean {
    return (this.#control & SCI_EN) !== 0 && (this.#enable & PWRBTN_STS) !== 0;
  }

  /** Raises general-purpose event `index` (0..15). */
  raiseGpe(index: number): void {
    this.#gpe[index >> 3]! |= 1 << (index & 7);
    this.#updateSci();
  }

  reset(): void {
    this.#registers.fill(0);
    this.#registers[PMBA - VENDOR_START] = 1;
    this.#registers[SMBBA - VENDOR_START] = 1;
    this.#registers[DEVACTB_APMC - VENDOR_START] = 0x02;
    this.#registers[0x63 - VENDOR_START] = 0x60;
    this.#smbus.fill(0);
    this.#gpe.fill(0);
    this.#apm.fill(0);
    this.#status = 0;
    this.#enable = 0;
    this.#control = 0;
    this.#timerHalf = this.#timerValue() & PM_TIMER_HALF;
    this.#timer.cancel();
    this.#mapBlocks();
    this.#updateSci();
  }

  save(): DeviceState {
    return {
      version: STATE_VERSION,
      fields: {
        registers: this.#registers.slice(),
        smbus: this.#smbus.slice(),
        gpe: this.#gpe.slice(),
        apm: this.#apm.slice(),
        status: this.#status,
        enable: this.#enable,
        control: this.#control,
        timerHalf: this.#timerHalf,
      },
    };
  }

  restore(state: DeviceState): void {
    const reader = new StateReader(state, this.id, STATE_VERSION);
    this.#registers.set(reader.bytes('registers', this.#registers.length));
    this.#smbus.set(reader.bytes('smbus', SMBUS_BYTES));
    this.#gpe.set(reader.bytes('gpe', 4));
    this.#apm.set(reader.bytes('apm', 2));
    this.#status = reader.u16('status');
    this.#enable = reader.u16('enable');
    this.#control = reader.u16('control');
    this.#timerHalf = reader.int('timerHalf', 0, PM_TIMER_HALF);
    this.#mapBlocks();
    this.#updateSci();
  }

  #timerValue(): number {
    // Exact to the tick for centuries: both factors stay far below 2^53.
    return Math.floor((this.#options.clock.now() / 1e6) * (PM_TIMER_HZ / 1e3)) % (PM_TIMER_MASK + 1);
  }

  /** TMR_STS is set whenever the timer's highest bit changes. */
  #updateTimerStatus(): void {
    const half = this.#timerValue() & PM_TIMER_HALF;
    if (half === this.#timerHalf) return;
    this.#timerHalf = half;
    this.#status |= TMR_STS;
  }

  #onTimer(): void {
    this.#updateTimerStatus();
    this.#updateSci();
  }

  #updateSci(): void {
    const isEvent =
      (this.#status & this.#enable & PM1_EVENTS) !== 0 ||
      (this.#gpe[0]! & this.#gpe[2]!) !== 0 ||
      (this.#gpe[1]! & this.#gpe[3]!) !== 0;
    this.#options.sci.set(isEvent && (this.#control & SCI_EN) !== 0);
    if ((this.#enable & TMR_STS) !== 0 && (this.#status & TMR_STS) === 0) {
      const left = PM_TIMER_HALF - (this.#timerValue() & (PM_TIMER_HALF - 1));
      this.#timer.arm(this.#options.clock.now() + Math.ceil(((left + 1) * 1e9) / PM_TIMER_HZ));
    } else {
      this.#timer.cancel();
    }
  }

  #readBlock(offset: number): number {
    switch (offset) {
      case PM1_STS:
      case PM1_STS + 1:
        this.#updateTimerStatus();
        return (this.#status >> (8 * (offset & 1))) & 0xff;
      case PM1_EN:
      case PM1_EN + 1:
        return (this.#enable >> (8 * (offset & 1))) & 0xff;
      case PM1_CNT:
      case PM1_CNT + 1:
        return (this.#control >> (8 * (offset & 1))) & 0xff;
      case PM_TMR:
      case PM_TMR + 1:
      case PM_TMR + 2:
      case PM_TMR + 3:
        return (this.#timerValue() >> (8 * (offset & 3))) & 0xff;
      default:
        return 0;
    }
  }

  #writeBlock(offset: number, value: number): void {
    const shift = 8 * (offset & 1);
    switch (offset & ~1) {
      case PM1_STS:
        this.#updateTimerStatus();
        this.#status &= ~(value << shift);
        return;
      case PM1_EN:
        this.#enable = ((this.#enable & ~(0xff << shift)) | (value << shift)) & PM1_EVENTS;
        return;
      case PM1_CNT:
        this.#control = (this.#control & ~(0xff << shift)) | (shift === 0 ? value & 0x07 : (value & 0x3c) << 8);
        return;
    }
  }

  #afterWrite(offset: number, size: number): void {
    this.#updateSci();
    if (offset <= PM1_CNT + 1 && offset + size > PM1_CNT + 1 && (this.#control & SLP_EN) !== 0) this.#sleep();
  }

  #sleep(): void {
    const type = (this.#control >> 10) & 7;
    this.#control &= ~SLP_EN;
    if (type === SLP_TYP_S5 || type === SLP_TYP_S4) {
      this.#options.onPowerOff();
      return;
    }
    // No other state is announced by our tables; a guest that tries wakes at once.
    this.#options.log.limited('acpi.sleep', 'warn', `The guest asked for an unsupported sleep type (${type})`);
    this.#status |= WAK_STS;
  }

  #writeGpe(offset: number, value: number): void {
    if (offset < 2) this.#gpe[offset]! &= ~value;
    else this.#gpe[offset] = value;
    this.#updateSci();
  }

  #writeApm(offset: number, value: number): void {
    this.#apm[offset] = value;
    if (offset !== 0) return;
    if (value === ACPI_ENABLE) this.#control |= SCI_EN;
    else if (value === ACPI_DISABLE) this.#control &= ~SCI_EN;
    this.#updateSci();
  }

  /** Every transaction ends with "no device answered". */
  #writeSmbus(offset: number, value: number): void {
    if (offset === SMBHSTSTS) {
      this.#smbus[SMBHSTSTS]! &= ~(value & SMBHST_CLEARABLE);
    } else if (offset === SMBHSTCNT) {
      this.#smbus[SMBHSTCNT] = value & ~SMBHST_START;
      if (value & SMBHST_START) this.#smbus[SMBHSTSTS]! |= SMBHST_DEVICE_ERROR;
    } else if (offset < SMBUS_BYTES) {
      this.#smbus[offset] = value;
    }
  }

  #readConfig(offset: number, size: number): number | undefined {
    if (offset < VENDOR_START) return undefined;
    let value = 0;
    for (let i = 0; i < size; i++) value |= (this.#registers[offset + i - VENDOR_START] ?? 0) << (8 * i);
    return value >>> 0;
  }

  #writeConfig(offset: number, size: number, value: number): boolean {
    if (offset < VENDOR_START) return false;
    for (let i = 0; i < size; i++) {
      const at = offset + i - VENDOR_START;
      if (at < this.#registers.length) this.#registers[at] = (value >>> (8 * i)) & 0xff;
    }
    // The low bits of both base registers say "I/O space" and are fixed.
    this.#registers[PMBA - VENDOR_START] = (this.#registers[PMBA - VENDOR_START]! & 0xc0) | 1;
    this.#registers[SMBBA - VENDOR_START] = (this.#registers[SMBBA - VENDOR_START]! & 0xf0) | 1;
    this.#mapBlocks();
    return true;
  }

  #configWord(at: number): number {
    return this.#registers[at - VENDOR_START]! | (this.#registers[at + 1 - VENDOR_START]! << 8);
  }

  #mapBlocks(): void {
    const isPmEnabled = (this.#registers[PMREGMISC - VENDOR_START]! & 1) !== 0;
    const blockBase = isPmEnabled ? this.#configWord(PMBA) & 0xffc0 : 0;
    if (blockBase !== this.#blockBase) {
      this.#blockMapping?.remove();
      this.#blockBase = blockBase;
      this.#blockMapping = blockBase > 0 ? this.#options.mapPorts(blockBase, PM_BLOCK_BYTES, this.#block) : null;
    }
    const isSmbusEnabled = (this.#registers[SMBHSTCFG - VENDOR_START]! & 1) !== 0;
    const smbusBase = isSmbusEnabled ? this.#configWord(SMBBA) & 0xfff0 : 0;
    if (smbusBase !== this.#smbusBase) {
      this.#smbusMapping?.remove();
      this.#smbusBase = smbusBase;
      this.#smbusMapping = smbusBase > 0 ? this.#options.mapPorts(smbusBase, SMBUS_BYTES, this.#smbusPorts) : null;
    }
  }
}
