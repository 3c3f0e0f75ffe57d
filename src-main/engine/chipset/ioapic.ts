// The 82093AA I/O APIC with 24 inputs, version 20h as on PIIX4-era boards with an EOI register [82093AA, ICH9 §13.5.7]. Input
// polarity is recorded but not applied: every input here is active high, as firmware tables written for this board say.
import type { Device, DeviceState, MmioHandler } from '../bus/device.ts';
import { StateReader } from '../bus/state-fields.ts';

export const IOAPIC_BASE = 0xfec00000;
export const IOAPIC_INPUTS = 24;
const IOREGSEL = 0x00;
const IOWIN = 0x10;
const EOI = 0x40;
const VERSION = 0x20;
const REG_ID = 0x00;
const REG_VERSION = 0x01;
const REG_ARBITRATION = 0x02;
const REG_REDIRECTION = 0x10;

const DELIVERY_STATUS = 1 << 12;
const REMOTE_IRR = 1 << 14;
const TRIGGER_LEVEL = 1 << 15;
const MASKED = 1 << 16;
const LOW_WRITABLE = 0x1afff;
const DELIVERY_EXTINT = 7;
const STATE_VERSION = 1;

/** An interrupt as it travels between the APICs. */
export interface InterruptMessage {
  vector: number;
  /** 0 fixed, 1 lowest priority, 2 SMI, 4 NMI, 5 INIT, 6 start-up, 7 ExtINT. */
  deliveryMode: number;
  isLevel: boolean;
  isLogical: boolean;
  destination: number;
}

export class IoApic implements Device {
  readonly id = 'ioapic';
  readonly #send: (message: InterruptMessage) => void;
  readonly #low = new Uint32Array(IOAPIC_INPUTS);
  readonly #high = new Uint32Array(IOAPIC_INPUTS);
  /** Inputs that are asserted now. */
  #lines = 0;
  #select = 0;
  #apicId = 0;

  constructor(
    mapMmio: (gpa: number, lengthBytes: number, handler: MmioHandler) => void,
    send: (message: InterruptMessage) => void,
  ) {
    this.#send = send;
    mapMmio(IOAPIC_BASE, 0x1000, {
      read: (offset) => this.#read(offset),
      write: (offset, _size, value) => this.#write(offset, value),
    });
    this.reset();
  }

  setLine(input: number, isAsserted: boolean): void {
    const bit = 1 << input;
    const wasAsserted = (this.#lines & bit) !== 0;
    if (wasAsserted === isAsserted) return;
    if (isAsserted) this.#lines |= bit;
    else this.#lines &= ~bit;
    if (isAsserted) this.#service(input, true);
  }

  /** EOI broadcast from a local APIC: level inputs with this vector may fire again. */
  endOfInterrupt(vector: number): void {
    for (let input = 0; input < IOAPIC_INPUTS; input++) {
      const low = this.#low[input]!;
      if ((low & 0xff) !== vector || (low & TRIGGER_LEVEL) === 0) continue;
      this.#low[input] = low & ~REMOTE_IRR;
      this.#service(input, false);
    }
  }

  /** True if input 0 is set up as ExtINT and unmasked: the PIC pair then reaches the processors through us. */
  get passesExtInt(): boolean {
    return (this.#low[0]! & (0x700 | MASKED)) === DELIVERY_EXTINT << 8;
  }

  reset(): void {
    this.#low.fill(MASKED);
    this.#high.fill(0);
    this.#select = 0;
    this.#apicId = 0;
  }

  save(): DeviceState {
    return {
      version: STATE_VERSION,
      fields: {
        low: [...this.#low],
        high: [...this.#high],
        lines: this.#lines,
        select: this.#select,
        apicId: this.#apicId,
      },
    };
  }

  restore(state: DeviceState): void {
    const reader = new StateReader(state, this.id, STATE_VERSION);
    this.#low.set(reader.ints('low', IOAPIC_INPUTS, 0, LOW_WRITABLE | REMOTE_IRR));
    this.#high.set(reader.ints('high', IOAPIC_INPUTS, 0, 0xffffffff));
    this.#lines = reader.int('lines', 0, 0xffffff);
    this.#select = reader.u8('select');
    this.#apicId = reader.int('apicId', 0, 15);
  }

  #read(offset: number): number {
    if (offset === IOREGSEL) return this.#select;
    if (offset !== IOWIN) return 0;
    const select = this.#select;
    if (select === REG_ID || select === REG_ARBITRATION) return this.#apicId << 24;
    if (select === REG_VERSION) return VERSION | ((IOAPIC_INPUTS - 1) << 16);
    const input = (select - REG_REDIRECTION) >> 1;
    if (select < REG_REDIRECTION || input >= IOAPIC_INPUTS) return 0;
    return select & 1 ? this.#high[input]! : this.#low[input]! & ~DELIVERY_STATUS;
  }

  #write(offset: number, value: number): void {
    if (offset === IOREGSEL) this.#select = value & 0xff;
    else if (offset === EOI) this.endOfInterrupt(value & 0xff);
    else if (offset === IOWIN) this.#writeRegister(value);
  }

  #writeRegister(value: number): void {
    const select = this.#select;
    if (select === REG_ID) this.#apicId = (value >>> 24) & 0x0f;
    const input = (select - REG_REDIRECTION) >> 1;
    if (select < REG_REDIRECTION || input >= IOAPIC_INPUTS) return;
    if (select & 1) {
      this.#high[input] = value;
      return;
    }
    // Remote IRR belongs to us, but turning an input to edge clears it: Linux un-wedges level interrupts that way.
    const remoteIrr = value & TRIGGER_LEVEL ? this.#low[input]! & REMOTE_IRR : 0;
    this.#low[input] = (value & LOW_WRITABLE) | remoteIrr;
    this.#service(input, false);
  }

  /** Sends the input's message if it has something to say and may. Edges while masked are lost, as the data sheet says. */
  #service(input: number, isRising: boolean): void {
    const low = this.#low[input]!;
    const isLevel = (low & TRIGGER_LEVEL) !== 0;
    if (low & MASKED) return;
    if (isLevel) {
      if ((this.#lines & (1 << input)) === 0 || (low & REMOTE_IRR) !== 0) return;
      this.#low[input] = low | REMOTE_IRR;
    } else if (!isRising) {
      return;
    }
    const deliveryMode = (low >>> 8) & 7;
    if (deliveryMode === DELIVERY_EXTINT) return;
    this.#send({
      vector: low & 0xff,
      deliveryMode,
      isLevel,
      isLogical: (low & 0x800) !== 0,
      destination: this.#high[input]! >>> 24,
    });
  }
}
