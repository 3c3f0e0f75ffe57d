// The MSI-X capability of one PCI function [PCI-3.0 §6.8.2]: table and pending bits live in a BAR, in front of the device's own
// registers there.
//
//   table entry, 16 bytes:  +0 address low | +4 address high | +8 data | +12 vector control (bit 0 masked)
import type { DeviceState, MmioHandler } from '../bus/device.ts';
import { openBus } from '../bus/port-bus.ts';
import type { StateReader } from '../bus/state-fields.ts';

export const PCI_CAP_ID_MSIX = 0x11;
const ENTRY_WORDS = 4;
const CONTROL_ENABLE = 0x8000;
const CONTROL_FUNCTION_MASK = 0x4000;
const VECTOR_MASKED = 1;

export interface MsixLayout {
  vectors: number;
  bar: number;
  tableOffset: number;
  pbaOffset: number;
}

export class Msix {
  readonly layout: MsixLayout;
  readonly #table: Uint32Array;
  readonly #pending: Uint32Array;
  readonly #send: (address: number, data: number) => void;
  #control: number;

  constructor(layout: MsixLayout, send: (address: number, data: number) => void) {
    this.layout = layout;
    this.#table = new Uint32Array(layout.vectors * ENTRY_WORDS);
    this.#pending = new Uint32Array(Math.ceil(layout.vectors / 32));
    this.#send = send;
    this.#control = layout.vectors - 1;
    this.reset();
  }

  /** The capability without its two header bytes. */
  get payload(): Uint8Array {
    const payload = new Uint8Array(10);
    const view = new DataView(payload.buffer);
    view.setUint16(0, this.#control, true);
    view.setUint32(2, this.layout.tableOffset | this.layout.bar, true);
    view.setUint32(6, this.layout.pbaOffset | this.layout.bar, true);
    return payload;
  }

  get isEnabled(): boolean {
    return (this.#control & CONTROL_ENABLE) !== 0;
  }

  reset(): void {
    this.#control = this.layout.vectors - 1;
    this.#table.fill(0);
    this.#pending.fill(0);
    for (let i = 0; i < this.layout.vectors; i++) this.#table[i * ENTRY_WORDS + 3] = VECTOR_MASKED;
  }

  /** The message control word as the guest wrote it; only its two top bits stick. */
  setControl(value: number): void {
    const writable = CONTROL_ENABLE | CONTROL_FUNCTION_MASK;
    this.#control = (this.#control & ~writable) | (value & writable);
    this.#sendPending();
  }

  trigger(index: number): void {
    if (!this.isEnabled || index < 0 || index >= this.layout.vectors) return;
    if (this.#isMasked(index)) this.#pending[index >>> 5]! |= 1 << (index & 31);
    else this.#deliver(index);
  }

  /** Wraps the BAR's own handler (if any) so that table and pending bits come first. */
  window(inner: MmioHandler | null): MmioHandler {
    return {
      read: (offset, size) => {
        const word = this.#readWord(offset & ~3);
        if (word === null) return inner ? inner.read(offset, size) : openBus(size);
        return size === 4 ? word : (word >>> (8 * (offset & 3))) & openBus(size);
      },
      write: (offset, size, value) => {
        if (!this.#writeWord(offset, size, value)) inner?.write(offset, size, value);
      },
    };
  }

  save(): DeviceState['fields'] {
    return { control: this.#control, table: [...this.#table], pending: [...this.#pending] };
  }

  restore(reader: StateReader): void {
    this.#control = (this.layout.vectors - 1) | (reader.u16('control') & (CONTROL_ENABLE | CONTROL_FUNCTION_MASK));
    this.#table.set(reader.ints('table', this.#table.length, 0, 0xffffffff));
    this.#pending.set(reader.ints('pending', this.#pending.length, 0, 0xffffffff));
  }

  #isMasked(index: number): boolean {
    return (
      (this.#control & CONTROL_FUNCTION_MASK) !== 0 || (this.#table[index * ENTRY_WORDS + 3]! & VECTOR_MASKED) !== 0
    );
  }

  #deliver(index: number): void {
    const at = index * ENTRY_WORDS;
    this.#send(this.#table[at + 1]! * 0x1_0000_0000 + this.#table[at]!, this.#table[at + 2]!);
  }

  #sendPending(): void {
    if (!this.isEnabled) return;
    for (let index = 0; index < this.layout.vectors; index++) {
      const bit = 1 << (index & 31);
      if ((this.#pending[index >>> 5]! & bit) === 0 || this.#isMasked(index)) continue;
      this.#pending[index >>> 5]! &= ~bit;
      this.#deliver(index);
    }
  }

  #readWord(offset: number): number | null {
    const inTable = offset - this.layout.tableOffset;
    if (inTable >= 0 && inTable < this.#table.length * 4) return this.#table[inTable >>> 2]!;
    const inPba = offset - this.layout.pbaOffset;
    if (inPba >= 0 && inPba < this.#pending.length * 4) return this.#pending[inPba >>> 2]!;
    return null;
  }

  #writeWord(offset: number, size: number, value: number): boolean {
    const inPba = offset - this.layout.pbaOffset;
    if (inPba >= 0 && inPba < this.#pending.length * 4) return true;
    const inTable = offset - this.layout.tableOffset;
    if (inTable < 0 || inTable >= this.#table.length * 4) return false;
    // Narrower accesses are undefined by the specification; they vanish.
    if (size !== 4 || (offset & 3) !== 0) return true;
    const word = inTable >>> 2;
    this.#table[word] = (word & 3) === 3 ? value & VECTOR_MASKED : value;
    if ((word & 3) === 3) this.#sendPending();
    return true;
  }
}
