// Media for tests: block backends in memory with a switchable pace and faults, and temporary folders for real files.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BlockBackend } from '../../src-main/core/backends/block.ts';
import { OspiteError } from '../../src-main/core/errors.ts';

/** A medium in memory. `hold` keeps requests pending until `release`; `failWith` makes them reject. */
export class MemoryMedium implements BlockBackend {
  readonly bytes: Uint8Array;
  readonly blockSize: number;
  isReadOnly: boolean;
  flushes = 0;
  reads = 0;
  writes = 0;
  discarded: { offset: number; lengthBytes: number }[] = [];
  #gate: Promise<void> = Promise.resolve();
  #open: (() => void) | null = null;
  #failure: string | null = null;

  constructor(bytes: Uint8Array | number, options: { blockSize?: number; isReadOnly?: boolean } = {}) {
    this.bytes = typeof bytes === 'number' ? new Uint8Array(bytes) : bytes;
    this.blockSize = options.blockSize ?? 512;
    this.isReadOnly = options.isReadOnly ?? false;
  }

  get capacityBytes(): number {
    return this.bytes.length;
  }

  hold(): void {
    this.#gate = new Promise((resolve) => {
      this.#open = resolve;
    });
  }

  release(): void {
    this.#open?.();
    this.#open = null;
  }

  failWith(message: string | null): void {
    this.#failure = message;
  }

  async read(offset: number, target: Uint8Array): Promise<void> {
    this.reads++;
    await this.#pass(offset, target.length);
    target.set(this.bytes.subarray(offset, offset + target.length));
  }

  async write(offset: number, source: Uint8Array): Promise<void> {
    this.writes++;
    await this.#pass(offset, source.length);
    if (this.isReadOnly) throw new OspiteError('medium.readOnly', 'The test medium is read-only.');
    this.bytes.set(source, offset);
  }

  async flush(): Promise<void> {
    await this.#pass(0, 0);
    this.flushes++;
  }

  async #pass(offset: number, length: number): Promise<void> {
    await this.#gate;
    if (this.#failure !== null) throw new OspiteError('medium.ioError', this.#failure);
    if (offset < 0 || offset + length > this.bytes.length || offset % this.blockSize || length % this.blockSize) {
      throw new Error(`A device asked for ${length} bytes at ${offset} of a medium of ${this.bytes.length}.`);
    }
  }
}

/** A MemoryMedium that can give ranges back. */
export class DiscardableMedium extends MemoryMedium {
  async discard(offset: number, lengthBytes: number): Promise<void> {
    this.discarded.push({ offset, lengthBytes });
    this.bytes.fill(0, offset, offset + lengthBytes);
  }
}

/** Bytes in which every sector differs: sector number in its first 4 bytes, little-endian, then a pattern. */
export function numberedSectors(count: number, sectorSize = 512): Uint8Array {
  const bytes = new Uint8Array(count * sectorSize);
  const view = new DataView(bytes.buffer);
  for (let sector = 0; sector < count; sector++) {
    const start = sector * sectorSize;
    for (let i = 4; i < sectorSize; i++) bytes[start + i] = (sector * 7 + i * 13) & 0xff;
    view.setUint32(start, sector, true);
  }
  return bytes;
}

/** Lets promise chains of any length run dry. */
export async function settleAll(): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
}

/** A fresh folder, removed by `dispose`. */
export async function temporaryFolder(): Promise<{
  path: string;
  file(name: string): string;
  dispose(): Promise<void>;
}> {
  const path = await mkdtemp(join(tmpdir(), 'ospite-test-'));
  return { path, file: (name) => join(path, name), dispose: () => rm(path, { recursive: true, force: true }) };
}
