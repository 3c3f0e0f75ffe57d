// The VMware backdoor port, as far as its absolute mouse goes: a guest's driver asks for absolute mode and fetches positions
// here, woken by packets of the PS/2 mouse. Linux (vmmouse) and X.Org know it; others see a plain PS/2 mouse. There is no
// specification; behaviour as the drivers in Linux (drivers/input/mouse/vmmouse.c) and X.Org expect it.
//
//   IN EAX, DX with EAX = magic, DX = port, CX = command, EBX = argument; answers in EAX, EBX, ECX, EDX
//
// Not modelled: the backdoor's other commands, which read as an undriven bus.
import type { PointerEventAbsolute } from '../../core/backends/input.ts';
import type { Device, DeviceState, PortIoHandler } from '../bus/device.ts';
import { openBus } from '../bus/port-bus.ts';
import { StateReader } from '../bus/state-fields.ts';

const PORT = 0x5658;
const MAGIC = 0x564d5868;
const CMD_GETVERSION = 10;
const CMD_ABSPOINTER_DATA = 39;
const CMD_ABSPOINTER_STATUS = 40;
const CMD_ABSPOINTER_COMMAND = 41;
const ABSPOINTER_ENABLE = 0x45414552;
const ABSPOINTER_DISABLE = 0xf5;
const ABSPOINTER_RELATIVE = 0x4c455252;
const ABSPOINTER_ABSOLUTE = 0x53424152;
const VMMOUSE_VERSION = 0x3442554a;
const STATUS_ERROR = 0xffff0000;
const LEFT = 0x20;
const RIGHT = 0x10;
const MIDDLE = 0x08;

/** Backdoor version 6 of the product type "workstation". */
const VERSION = 6;
const PRODUCT_TYPE = 4;
const WORDS_PER_PACKET = 4;
const MAX_WORDS = 256;
const STATE_VERSION = 1;

/** General registers by encoding: the port's calling convention uses more than the accumulator. */
export interface PortRegisters {
  get(index: number): number;
  /** Clears the upper half, as 32-bit results do. */
  set(index: number, value: number): void;
}
const EAX = 0;
const ECX = 1;
const EDX = 2;
const EBX = 3;

interface Wiring {
  registers: PortRegisters;
  /** Makes the PS/2 mouse send a packet that says nothing, so that its interrupt makes the driver look here. */
  nudge(): void;
  mapPorts(base: number, count: number, handler: PortIoHandler): void;
}

export class VmwareMouse implements Device {
  readonly id = 'vmware-mouse';
  readonly #wiring: Wiring;
  #isEnabled = false;
  #isAbsolute = false;
  #words: number[] = [];

  constructor(wiring: Wiring) {
    this.#wiring = wiring;
    wiring.mapPorts(PORT, 1, { read: (_port, size) => this.#call(size), write: () => {} });
  }

  /** True while the guest's driver takes absolute positions. */
  get isAbsolute(): boolean {
    return this.#isEnabled && this.#isAbsolute;
  }

  /** Positions that a slow guest does not fetch are dropped, but not the last change of a button. */
  move(event: PointerEventAbsolute): void {
    if (!this.isAbsolute) return;
    const buttons = (event.buttons & 1 ? LEFT : 0) | (event.buttons & 2 ? RIGHT : 0) | (event.buttons & 4 ? MIDDLE : 0);
    const wheel = Math.max(-127, Math.min(127, -event.wheel)) & 0xff;
    if (this.#words.length + WORDS_PER_PACKET > MAX_WORDS) this.#words.splice(0, WORDS_PER_PACKET);
    this.#words.push(buttons, event.x & 0xffff, event.y & 0xffff, wheel);
    this.#wiring.nudge();
  }

  reset(): void {
    this.#isEnabled = false;
    this.#isAbsolute = false;
    this.#words = [];
  }

  save(): DeviceState {
    return {
      version: STATE_VERSION,
      fields: { isEnabled: this.#isEnabled, isAbsolute: this.#isAbsolute, words: [...this.#words] },
    };
  }

  restore(state: DeviceState): void {
    const reader = new StateReader(state, this.id, STATE_VERSION);
    this.#isEnabled = reader.boolean('isEnabled');
    this.#isAbsolute = reader.boolean('isAbsolute');
    this.#words = reader.ints('words', { maxLength: MAX_WORDS }, 0, 0xffffffff);
  }

  #call(size: number): number {
    const { registers } = this.#wiring;
    if (size !== 4 || registers.get(EAX) !== MAGIC) return openBus(size);
    switch (registers.get(ECX) & 0xffff) {
      case CMD_GETVERSION:
        registers.set(EBX, MAGIC);
        registers.set(ECX, PRODUCT_TYPE);
        return VERSION;
      case CMD_ABSPOINTER_DATA:
        return this.#data(registers.get(EBX));
      case CMD_ABSPOINTER_STATUS:
        return this.#isEnabled ? this.#words.length : STATUS_ERROR;
      case CMD_ABSPOINTER_COMMAND:
        this.#command(registers.get(EBX));
        return 0;
      default:
        return openBus(size);
    }
  }

  /** Hands out 1 to 4 words, the first in EAX. Asking for more than there are is the driver's mistake: it must start anew. */
  #data(count: number): number {
    if (count < 1 || count > WORDS_PER_PACKET || count > this.#words.length) {
      this.#isEnabled = false;
      this.#words = [];
      return STATUS_ERROR;
    }
    const [first = 0, ...others] = this.#words.splice(0, count);
    [EBX, ECX, EDX].forEach((register, index) => {
      const word = others[index];
      if (word !== undefined) this.#wiring.registers.set(register, word);
    });
    return first;
  }

  #command(command: number): void {
    switch (command) {
      case ABSPOINTER_ENABLE:
        this.#isEnabled = true;
        this.#words = [VMMOUSE_VERSION];
        return;
      case ABSPOINTER_DISABLE:
        this.reset();
        return;
      case ABSPOINTER_RELATIVE:
        this.#isAbsolute = false;
        return;
      case ABSPOINTER_ABSOLUTE:
        this.#isAbsolute = true;
        return;
    }
  }
}
