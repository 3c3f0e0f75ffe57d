// Reads the core's predecoded blocks from the machine's memory. Formats: core/cache.ts (block header), core/loop.ts (entry).
import { OP_DEAD, OP_REGION } from '../core/ops.ts';

export const HEADER_BYTES = 32;
const ENTRY_BYTES = 32;

export interface Entry {
  readonly address: number;
  readonly op: number;
  /** Bytes of the instruction. */
  readonly length: number;
  /** Instructions before it in the block. */
  readonly before: number;
  /** Offset of the instruction in its page. */
  readonly offset: number;
  /** Shift of the index register. */
  readonly shift: number;
  /** Width, or condition. */
  readonly control: number;
  readonly first: number;
  readonly second: number;
  readonly base: number;
  readonly index: number;
  readonly displacement: number;
  readonly value: number;
}

export interface Block {
  readonly address: number;
  /** Guest-physical page. */
  readonly page: number;
  readonly offset: number;
  readonly mode: number;
  readonly crossesPage: boolean;
  readonly entries: readonly Entry[];
}

export class BlockReader {
  readonly #view: DataView;

  constructor(memory: WebAssembly.Memory) {
    this.#view = new DataView(memory.buffer);
  }

  /** The living block at `address`, null for a dead one. */
  read(address: number): Block | null {
    const view = this.#view;
    if (view.getUint8(address + 18) !== 0) return null;
    const count = view.getUint16(address + 16, true);
    const entries = Array.from({ length: count }, (_, index) =>
      this.#entry(address + HEADER_BYTES + index * ENTRY_BYTES),
    );
    if (entries.length === 0 || entries.some(({ op }) => op === OP_DEAD)) return null;
    return {
      address,
      page: view.getUint32(address, true),
      offset: view.getUint16(address + 4, true),
      mode: view.getUint32(address + 8, true),
      crossesPage: view.getInt32(address + 20, true) !== -1,
      entries,
    };
  }

  /** Where a direct branch leads, if it has been taken lately: block, and how far its page lies from the branch's. */
  link(entry: Entry, ripPageLow: number, generation: number): { address: number; delta: number } | null {
    const view = this.#view;
    const link = view.getUint32(entry.address + 16, true);
    if (link === 0) return null;
    if ((link & 1) === 0) return { address: link - HEADER_BYTES, delta: 0 };
    const isValid =
      view.getUint32(entry.address + 20, true) === generation &&
      view.getUint32(entry.address + 8, true) === ripPageLow >>> 0;
    return isValid ? { address: link - 1 - HEADER_BYTES, delta: view.getInt32(entry.address + 12, true) } : null;
  }

  #entry(address: number): Entry {
    const view = this.#view;
    const op = view.getUint16(address, true);
    return {
      address,
      op: op === OP_REGION ? view.getUint16(address - 6, true) : op,
      length: view.getUint8(address + 2),
      before: view.getUint8(address + 3),
      offset: view.getUint16(address + 4, true),
      shift: view.getUint8(address + 6),
      control: view.getUint8(address + 7),
      first: view.getUint32(address + 8, true),
      second: view.getUint32(address + 12, true),
      base: view.getUint32(address + 16, true),
      index: view.getUint32(address + 20, true),
      displacement: view.getInt32(address + 24, true),
      value: view.getInt32(address + 28, true),
    };
  }
}
