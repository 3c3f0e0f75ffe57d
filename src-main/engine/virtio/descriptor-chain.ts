// One buffer that the driver made available: what the device may read, then what it may write, as a stream of bytes over
// guest memory. Lengths are the guest's claims: nothing is allocated from them here.
import type { DmaAccess } from '../bus/device.ts';

export interface DescriptorRange {
  gpa: number;
  length: number;
}

export class DescriptorChain {
  /** Index of the first descriptor: names the chain in the used ring. */
  readonly head: number;
  readonly readableBytes: number;
  readonly writableBytes: number;
  readonly #dma: DmaAccess;
  readonly #readable: readonly DescriptorRange[];
  readonly #writable: readonly DescriptorRange[];

  constructor(
    dma: DmaAccess,
    head: number,
    readable: readonly DescriptorRange[],
    writable: readonly DescriptorRange[],
  ) {
    this.#dma = dma;
    this.head = head;
    this.#readable = readable;
    this.#writable = writable;
    this.readableBytes = totalLength(readable);
    this.writableBytes = totalLength(writable);
  }

  /** Fills `target` from byte `offset` of the readable part; returns how many bytes there were. */
  read(offset: number, target: Uint8Array): number {
    return walk(this.#readable, offset, target.length, (gpa, from, length) => {
      this.#dma.read(gpa, target.subarray(from, from + length));
    });
  }

  /** Stores `source` at byte `offset` of the writable part; returns how many bytes fitted. */
  write(offset: number, source: Uint8Array): number {
    return walk(this.#writable, offset, source.length, (gpa, from, length) => {
      this.#dma.write(gpa, source.subarray(from, from + length));
    });
  }
}

function totalLength(ranges: readonly DescriptorRange[]): number {
  let total = 0;
  for (const { length } of ranges) total += length;
  return total;
}

function walk(
  ranges: readonly DescriptorRange[],
  offset: number,
  length: number,
  move: (gpa: number, from: number, length: number) => void,
): number {
  let skip = offset;
  let done = 0;
  for (const range of ranges) {
    if (done === length) break;
    if (skip >= range.length) {
      skip -= range.length;
      continue;
    }
    const step = Math.min(range.length - skip, length - done);
    move(range.gpa + skip, done, step);
    done += step;
    skip = 0;
  }
  return done;
}
