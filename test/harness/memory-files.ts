// The host's files in memory, for parts that open files: records what is open, and fails where told.
import type { FileBackend, FileOpenOptions } from '../../src-main/core/backends/file.ts';
import type { MediaFiles } from '../../src-main/core/backends/media-files.ts';
import { OspiteError } from '../../src-main/core/errors.ts';

export class MemoryFiles implements MediaFiles {
  readonly content = new Map<string, Uint8Array>();
  /** Paths of open files, one entry for each opening. */
  readonly openPaths: string[] = [];
  /** Paths whose flush and close fail. */
  readonly failing = new Set<string>();
  /** Awaited before a file opens. */
  gate: Promise<void> = Promise.resolve();

  constructor(files: Record<string, Uint8Array> = {}) {
    for (const [path, bytes] of Object.entries(files)) this.content.set(path, bytes);
  }

  checkFree(path: string): Promise<void> {
    return this.content.has(path)
      ? Promise.reject(new OspiteError('host.ioError', `${path} exists already`))
      : Promise.resolve();
  }

  rename(from: string, to: string): Promise<void> {
    this.content.set(to, this.content.get(from)!);
    this.content.delete(from);
    return Promise.resolve();
  }

  remove(path: string): Promise<void> {
    this.content.delete(path);
    return Promise.resolve();
  }

  /** Grows as it is written. */
  scratch(): Promise<FileBackend> {
    let bytes = new Uint8Array(0);
    const path = '(scratch)';
    this.openPaths.push(path);
    return Promise.resolve({
      path,
      isReadOnly: false,
      sizeBytes: () => bytes.length,
      readAt: (offset, target) => {
        const part = bytes.subarray(offset, offset + target.length);
        target.set(part);
        return Promise.resolve(part.length);
      },
      writeAt: (offset, source) => {
        const grown = new Uint8Array(Math.max(bytes.length, offset + source.length));
        grown.set(bytes);
        grown.set(source, offset);
        bytes = grown;
        return Promise.resolve();
      },
      sync: () => Promise.resolve(),
      resize: () => Promise.resolve(),
      allocatedBytes: () => Promise.resolve(bytes.length),
      close: () => {
        this.openPaths.splice(this.openPaths.indexOf(path), 1);
        return Promise.resolve();
      },
    });
  }

  async open(path: string, options: FileOpenOptions): Promise<FileBackend> {
    await this.gate;
    const bytes = this.content.get(path);
    if (!bytes) throw new OspiteError('host.fileNotFound', `${path} does not exist`);
    this.openPaths.push(path);
    let isClosed = false;
    const fail = (): Promise<void> =>
      this.failing.has(path) ? Promise.reject(new OspiteError('host.ioError', `${path} failed`)) : Promise.resolve();
    return {
      path,
      isReadOnly: options.mode === 'read',
      sizeBytes: () => bytes.length,
      readAt: (offset, target) => {
        const part = bytes.subarray(offset, offset + target.length);
        target.set(part);
        return Promise.resolve(part.length);
      },
      writeAt: (offset, source) => {
        bytes.set(source, offset);
        return Promise.resolve();
      },
      sync: fail,
      resize: () => Promise.resolve(),
      allocatedBytes: () => Promise.resolve(bytes.length),
      close: () => {
        if (isClosed) return Promise.resolve();
        isClosed = true;
        this.openPaths.splice(this.openPaths.indexOf(path), 1);
        return options.mode === 'read' ? Promise.resolve() : fail();
      },
    };
  }
}
