// An optical disc image of 2048-byte sectors (one data track), always read-only.
import type { FileBackend } from '../../../core/backends/file.ts';
import { OspiteError } from '../../../core/errors.ts';
import type { FormatImage } from '../../format-module.ts';
import { checkRange, mediumIo } from '../../range.ts';
import { sectorSize } from './layout.ts';

export class IsoImage implements FormatImage {
  readonly blockSize = sectorSize;
  readonly isReadOnly = true;
  readonly capacityBytes: number;
  readonly #file: FileBackend;

  constructor(file: FileBackend) {
    this.#file = file;
    // Some mastering tools drop the padding of the last sector: it then reads as zeroes.
    this.capacityBytes = Math.ceil(file.sizeBytes() / sectorSize) * sectorSize;
  }

  async read(offset: number, target: Uint8Array): Promise<void> {
    checkRange(this, this.#file.path, offset, target.length);
    const count = await mediumIo(this.#file.path, 'read', this.#file.readAt(offset, target));
    if (count < target.length) target.fill(0, count);
  }

  write(): Promise<void> {
    return Promise.reject(
      new OspiteError('medium.readOnly', `"${this.#file.path}" is an optical disc image, which is never written.`),
    );
  }

  flush(): Promise<void> {
    return Promise.resolve();
  }

  allocatedBytes(): Promise<number> {
    return this.#file.allocatedBytes();
  }

  close(): Promise<void> {
    return this.#file.close();
  }
}
