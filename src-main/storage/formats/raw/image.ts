// A raw image: byte n of the file is byte n of the medium. Hard disks of any whole number of 512-byte sectors and floppies.
// Creation makes a sparse file. Discarding is not offered, since host files cannot punch holes.
import type { FileBackend } from '../../../core/backends/file.ts';
import { OspiteError } from '../../../core/errors.ts';
import type { FormatImage } from '../../format-module.ts';
import { checkRange, mediumIo } from '../../range.ts';

const sectorSize = 512;

export class RawImage implements FormatImage {
  readonly blockSize = sectorSize;
  readonly isReadOnly: boolean;
  readonly resizable: { resize(capacityBytes: number): Promise<void> };
  readonly #file: FileBackend;
  #capacityBytes: number;
  #isDirty = false;

  constructor(file: FileBackend) {
    this.#file = file;
    this.#capacityBytes = file.sizeBytes();
    this.isReadOnly = file.isReadOnly;
    this.resizable = { resize: (capacityBytes) => this.#resize(capacityBytes) };
  }

  get capacityBytes(): number {
    return this.#capacityBytes;
  }

  async read(offset: number, target: Uint8Array): Promise<void> {
    checkRange(this, this.#file.path, offset, target.length);
    const count = await mediumIo(this.#file.path, 'read', this.#file.readAt(offset, target));
    // Somebody cut the file while it was open: what is gone reads as zeroes, as a hole would.
    if (count < target.length) target.fill(0, count);
  }

  async write(offset: number, source: Uint8Array): Promise<void> {
    checkRange(this, this.#file.path, offset, source.length);
    if (this.isReadOnly) throw new OspiteError('medium.readOnly', `"${this.#file.path}" was opened read-only.`);
    this.#isDirty = true;
    await mediumIo(this.#file.path, 'written', this.#file.writeAt(offset, source));
  }

  async flush(): Promise<void> {
    if (!this.#isDirty) return;
    // Before the sync: a write that comes while it runs may be missing from it.
    this.#isDirty = false;
    try {
      await mediumIo(this.#file.path, 'flushed', this.#file.sync());
    } catch (error) {
      this.#isDirty = true;
      throw error;
    }
  }

  allocatedBytes(): Promise<number> {
    return this.#file.allocatedBytes();
  }

  async close(): Promise<void> {
    try {
      await this.flush();
    } finally {
      await this.#file.close();
    }
  }

  async #resize(capacityBytes: number): Promise<void> {
    if (this.isReadOnly) throw new OspiteError('medium.readOnly', `"${this.#file.path}" was opened read-only.`);
    if (!Number.isSafeInteger(capacityBytes) || capacityBytes < sectorSize || capacityBytes % sectorSize !== 0) {
      throw new OspiteError('usage.invalid', `A raw image's capacity must be a multiple of ${sectorSize} bytes.`);
    }
    this.#isDirty = true;
    await mediumIo(this.#file.path, 'resized', this.#file.resize(capacityBytes));
    this.#capacityBytes = capacityBytes;
  }
}
