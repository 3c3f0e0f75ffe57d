// A medium for a disposable start: reads come from the base, writes go to a scratch file at the same offsets, and closing throws
// them away. The base is never written. Which clusters live in the scratch file is kept in memory: 1 bit for each 4 KiB touched.
import type { BlockBackend } from '../core/backends/block.ts';
import type { FileBackend } from '../core/backends/file.ts';
import { OspiteError } from '../core/errors.ts';
import type { Medium } from './medium.ts';
import { checkRange, mediumIo } from './range.ts';

const CLUSTER_BYTES = 4096;
/** Clusters of one piece of the bitmap: 32 KiB of bits for 1 GiB of medium, made when it is first written to. */
const CLUSTERS_PER_PIECE = 262_144;

export class DisposableMedium implements Medium, BlockBackend {
  readonly path: string;
  readonly format: Medium['format'];
  readonly kind: Medium['kind'];
  readonly blockSize: number;
  readonly isReadOnly = false;
  readonly capacityBytes: number;
  readonly #base: Medium;
  readonly #scratch: FileBackend;
  readonly #pieces = new Map<number, Uint8Array>();
  /** Writes follow one another: two that share a cluster must not both fill it up from the base. */
  #lastWrite: Promise<unknown> = Promise.resolve();

  /** Owns both from now on. */
  constructor(base: Medium, scratch: FileBackend) {
    this.#base = base;
    this.#scratch = scratch;
    this.path = base.path;
    this.format = base.format;
    this.kind = base.kind;
    this.blockSize = base.blockSize;
    this.capacityBytes = base.capacityBytes;
  }

  async read(offset: number, target: Uint8Array): Promise<void> {
    checkRange(this, this.path, offset, target.length);
    for (const run of this.#runs(offset, target.length)) {
      const part = target.subarray(run.start - offset, run.end - offset);
      if (run.isScratch) await this.#readScratch(run.start, part);
      else await this.#base.read(run.start, part);
    }
  }

  write(offset: number, source: Uint8Array): Promise<void> {
    const write = this.#lastWrite.then(() => this.#write(offset, source));
    this.#lastWrite = write.catch(() => {}); // Its own caller hears of it.
    return write;
  }

  /** Nothing here outlives the machine. */
  flush(): Promise<void> {
    return this.#lastWrite.then(() => {});
  }

  allocatedBytes(): Promise<number> {
    return this.#scratch.allocatedBytes();
  }

  async close(): Promise<void> {
    await this.#lastWrite;
    try {
      await this.#scratch.close();
    } finally {
      await this.#base.close();
    }
  }

  async #write(offset: number, source: Uint8Array): Promise<void> {
    checkRange(this, this.path, offset, source.length);
    if (source.length === 0) return;
    const end = offset + source.length;
    const first = Math.floor(offset / CLUSTER_BYTES);
    const last = Math.floor((end - 1) / CLUSTER_BYTES);
    if (offset % CLUSTER_BYTES !== 0) await this.#fill(first);
    if (end % CLUSTER_BYTES !== 0 && end !== this.capacityBytes) await this.#fill(last);
    await mediumIo(this.#scratch.path, 'written', this.#scratch.writeAt(offset, source));
    for (let cluster = first; cluster <= last; cluster++) this.#mark(cluster);
  }

  /** Copies a cluster that will only partly be written. */
  async #fill(cluster: number): Promise<void> {
    if (this.#isMarked(cluster)) return;
    const offset = cluster * CLUSTER_BYTES;
    const bytes = new Uint8Array(Math.min(CLUSTER_BYTES, this.capacityBytes - offset));
    await this.#base.read(offset, bytes);
    await mediumIo(this.#scratch.path, 'written', this.#scratch.writeAt(offset, bytes));
    this.#mark(cluster);
  }

  async #readScratch(offset: number, target: Uint8Array): Promise<void> {
    const count = await mediumIo(this.#scratch.path, 'read', this.#scratch.readAt(offset, target));
    if (count !== target.length)
      throw new OspiteError('medium.ioError', `What was written to "${this.path}" since its disposable start is gone.`);
  }

  /** Stretches of the range that lie in one file. */
  *#runs(offset: number, length: number): Generator<{ start: number; end: number; isScratch: boolean }> {
    const end = offset + length;
    let start = offset;
    while (start < end) {
      const isScratch = this.#isMarked(Math.floor(start / CLUSTER_BYTES));
      let next = (Math.floor(start / CLUSTER_BYTES) + 1) * CLUSTER_BYTES;
      while (next < end && this.#isMarked(next / CLUSTER_BYTES) === isScratch) next += CLUSTER_BYTES;
      yield { start, end: Math.min(next, end), isScratch };
      start = next;
    }
  }

  #isMarked(cluster: number): boolean {
    const piece = this.#pieces.get(Math.floor(cluster / CLUSTERS_PER_PIECE));
    const bit = cluster % CLUSTERS_PER_PIECE;
    return piece !== undefined && ((piece[bit >> 3]! >> (bit & 7)) & 1) === 1;
  }

  #mark(cluster: number): void {
    const index = Math.floor(cluster / CLUSTERS_PER_PIECE);
    let piece = this.#pieces.get(index);
    if (!piece) {
      piece = new Uint8Array(CLUSTERS_PER_PIECE / 8);
      this.#pieces.set(index, piece);
    }
    const bit = cluster % CLUSTERS_PER_PIECE;
    piece[bit >> 3]! |= 1 << (bit & 7);
  }
}
