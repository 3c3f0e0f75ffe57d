// The ISA bridge, PCI 00:01.0: Intel 82371SB (PIIX3) [PIIX3 §2.2]: routes the four PIRQ wires to ISA interrupts, and holds the reset
// control register (CF9h). ISA timing, DMA and USB registers are storage without effect.
import type { Device, DeviceState, IrqLine } from '../bus/device.ts';
import type { PciBus } from '../bus/pci.ts';
import { StateReader } from '../bus/state-fields.ts';

export const PIRQRCA = 0x60;
const PIRQRC_DISABLED = 0x80;
const STATE_VERSION = 1;
const VENDOR_START = 0x40;
/** Interrupts PIRQs may be routed to: 3-7, 9-12, 14, 15. */
const ROUTABLE = 0xdef8;

const RCR_SYSTEM_RESET = 0x02;
const RCR_RESET_CPU = 0x04;

/** Power-on values that differ from zero. */
const RESET_VALUES: readonly (readonly [number, number])[] = [
  [0x4c, 0x4d],
  [0x4e, 0x03],
  [0x60, PIRQRC_DISABLED],
  [0x61, PIRQRC_DISABLED],
  [0x62, PIRQRC_DISABLED],
  [0x63, PIRQRC_DISABLED],
  [0x69, 0x02],
  [0x70, 0x80],
  [0x76, 0x0c],
  [0x77, 0x0c],
  [0x78, 0x02],
  [0xa0, 0x08],
  [0xa8, 0x0f],
];

export class Piix3 implements Device {
  readonly id = 'piix3';
  readonly #lines: IrqLine[];
  readonly #onReset: () => void;
  readonly #registers = new Uint8Array(256 - VENDOR_START);
  readonly #pirqs = [false, false, false, false];
  #resetControl = 0;

  constructor(pci: PciBus, isaIrq: (irq: number) => IrqLine, onReset: () => void) {
    this.#lines = Array.from({ length: 16 }, (_, irq) => isaIrq(irq));
    this.#onReset = onReset;
    pci.addFunction(
      {
        identity: { vendorId: 0x8086, deviceId: 0x7000, classCode: 0x060100 },
        configRead: (offset, size) => this.#read(offset, size),
        configWrite: (offset, size, value) => this.#write(offset, size, value),
      },
      { slot: 1, functionNumber: 0 },
    );
    this.reset();
  }

  setPirq(index: number, isAsserted: boolean): void {
    this.#pirqs[index] = isAsserted;
    this.#drive();
  }

  /** The ISA interrupt that PIRQ `index` (0 = A) is routed to, or null. */
  route(index: number): number | null {
    const value = this.#registers[PIRQRCA + index - VENDOR_START]!;
    return (value & PIRQRC_DISABLED) === 0 && (ROUTABLE >> (value & 15)) & 1 ? value & 15 : null;
  }

  readResetControl(): number {
    return this.#resetControl;
  }

  writeResetControl(value: number): void {
    this.#resetControl = value & (RCR_SYSTEM_RESET | RCR_RESET_CPU);
    if (value & RCR_RESET_CPU) this.#onReset();
  }

  reset(): void {
    this.#registers.fill(0);
    for (const [at, value] of RESET_VALUES) this.#registers[at - VENDOR_START] = value;
    this.#resetControl = 0;
    this.#drive();
  }

  save(): DeviceState {
    return {
      version: STATE_VERSION,
      fields: { registers: this.#registers.slice(), resetControl: this.#resetControl },
    };
  }

  restore(state: DeviceState): void {
    const reader = new StateReader(state, this.id, STATE_VERSION);
    this.#registers.set(reader.bytes('registers', this.#registers.length));
    this.#resetControl = reader.u8('resetControl');
    this.#drive();
  }

  #read(offset: number, size: number): number | undefined {
    if (offset < VENDOR_START) return undefined;
    let value = 0;
    for (let i = 0; i < size; i++) value |= (this.#registers[offset + i - VENDOR_START] ?? 0) << (8 * i);
    return value >>> 0;
  }

  #write(offset: number, size: number, value: number): boolean {
    if (offset < VENDOR_START) return false;
    for (let i = 0; i < size; i++) {
      const at = offset + i - VENDOR_START;
      if (at < this.#registers.length) this.#registers[at] = (value >>> (8 * i)) & 0xff;
    }
    if (offset < PIRQRCA + 4 && offset + size > PIRQRCA) this.#drive();
    return true;
  }

  #drive(): void {
    let asserted = 0;
    for (let index = 0; index < 4; index++) {
      const irq = this.route(index);
      if (irq !== null && this.#pirqs[index]) asserted |= 1 << irq;
    }
    for (let irq = 3; irq < 16; irq++) this.#lines[irq]!.set((asserted & (1 << irq)) !== 0);
  }
}
