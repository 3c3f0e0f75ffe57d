// Host files for media: positional asynchronous reads and writes on one handle, fsync, sparse growth, a writer lock.
// Host errors become OspiteErrors whose sentence names the file and what to do. Hole punching is not offered: Node has no call for it.
import { randomUUID } from 'node:crypto';
import { constants } from 'node:fs';
import { type FileHandle, mkdir, open, readFile, stat, unlink } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { FileBackend, FileHost, FileOpenOptions } from '../core/backends/file.ts';
import { OspiteError } from '../core/errors.ts';
import { type FileLock, lockFile } from './file-lock.ts';

/** The host's error as one of ours, whose sentence says what to do. */
export function fileError(path: string, verb: string, cause: unknown): OspiteError {
  if (cause instanceof OspiteError) return cause;
  const code = (cause as NodeJS.ErrnoException).code ?? '';
  const details = { path, errno: code };
  switch (code) {
    case 'ENOENT':
    case 'ENOTDIR':
      return new OspiteError('host.fileNotFound', `There is no file "${path}"; check the path.`, { details, cause });
    case 'EACCES':
    case 'EPERM':
      return new OspiteError(
        'host.permissionDenied',
        `You may not ${verb} "${path}"; change its permissions, or choose a file of your own.`,
        { details, cause },
      );
    case 'EROFS':
      return new OspiteError(
        'host.permissionDenied',
        `"${path}" is on a read-only file system; attach it read-only, or copy it elsewhere.`,
        { details, cause },
      );
    case 'EEXIST':
      return new OspiteError('host.ioError', `"${path}" exists already; choose another name.`, { details, cause });
    case 'EISDIR':
      return folderError(path);
    case 'ENOSPC':
    case 'EDQUOT':
      return new OspiteError('host.ioError', `The disk that holds "${path}" is full; free some space.`, {
        details,
        cause,
      });
    default:
      return new OspiteError('host.ioError', `The host could not ${verb} "${path}" (${code || String(cause)}).`, {
        details,
        cause,
      });
  }
}

function folderError(path: string): OspiteError {
  return new OspiteError('usage.invalid', `"${path}" is a folder; name the image file inside it.`, {
    details: { path },
  });
}

class HostFile implements FileBackend {
  readonly path: string;
  readonly isReadOnly: boolean;
  readonly #handle: FileHandle;
  readonly #lock: Pick<FileLock, 'release'> | null;
  #size: number;
  #isClosed = false;

  constructor(
    path: string,
    handle: FileHandle,
    size: number,
    lock: Pick<FileLock, 'release'> | null,
    isReadOnly: boolean,
  ) {
    this.path = path;
    this.#handle = handle;
    this.#size = size;
    this.#lock = lock;
    this.isReadOnly = isReadOnly;
  }

  sizeBytes(): number {
    return this.#size;
  }

  async readAt(offset: number, target: Uint8Array): Promise<number> {
    let done = 0;
    try {
      while (done < target.length) {
        const { bytesRead } = await this.#handle.read(target, done, target.length - done, offset + done);
        if (bytesRead === 0) break;
        done += bytesRead;
      }
    } catch (error) {
      throw fileError(this.path, 'read', error);
    }
    return done;
  }

  async writeAt(offset: number, source: Uint8Array): Promise<void> {
    let done = 0;
    try {
      while (done < source.length) {
        const { bytesWritten } = await this.#handle.write(source, done, source.length - done, offset + done);
        done += bytesWritten;
      }
    } catch (error) {
      throw fileError(this.path, 'write', error);
    } finally {
      this.#size = Math.max(this.#size, offset + done);
    }
  }

  async sync(): Promise<void> {
    try {
      await this.#handle.sync();
    } catch (error) {
      throw fileError(this.path, 'flush', error);
    }
  }

  async resize(sizeBytes: number): Promise<void> {
    try {
      await this.#handle.truncate(sizeBytes);
      this.#size = sizeBytes;
    } catch (error) {
      throw fileError(this.path, 'resize', error);
    }
  }

  async allocatedBytes(): Promise<number> {
    try {
      const { blocks, size } = await this.#handle.stat();
      // `blocks` counts 512-byte units whatever the file system's own block size; Windows does not fill it in.
      return blocks === undefined ? size : blocks * 512;
    } catch (error) {
      throw fileError(this.path, 'examine', error);
    }
  }

  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    try {
      await this.#handle.close();
    } catch (error) {
      throw fileError(this.path, 'close', error);
    } finally {
      await this.#lock?.release();
    }
  }
}

async function blockDeviceSize(path: string): Promise<number> {
  // stat() tells no size for block devices; the kernel lists it in 512-byte units.
  const sectors = Number(await readFile(`/sys/class/block/${basename(path)}/size`, 'latin1'));
  return Number.isSafeInteger(sectors) ? sectors * 512 : 0;
}

const openFlags = {
  read: constants.O_RDONLY,
  readWrite: constants.O_RDWR,
  create: constants.O_RDWR | constants.O_CREAT | constants.O_EXCL,
} as const;

async function openHostFile(path: string, options: FileOpenOptions): Promise<FileBackend> {
  const verb = options.mode === 'read' ? 'read' : options.mode === 'create' ? 'create' : 'write';
  let handle: FileHandle | null = null;
  try {
    // Before opening: opening a FIFO would wait for its other end.
    const found = options.mode === 'create' ? null : await stat(path);
    if (found?.isDirectory()) throw folderError(path);
    if (found && !found.isFile() && !found.isBlockDevice()) {
      throw new OspiteError('usage.invalid', `"${path}" is neither a file nor a block device; choose an image file.`, {
        details: { path },
      });
    }
    handle = await open(path, openFlags[options.mode], 0o644);
    const isDevice = found?.isBlockDevice() ?? false;
    const lock = options.mode === 'read' ? null : await lockFile(path, { isDevice });
    // After the lock: an earlier owner may have resized the file until then.
    const size = isDevice ? await blockDeviceSize(path) : (await handle.stat()).size;
    return new HostFile(path, handle, size, lock, options.mode === 'read');
  } catch (error) {
    await handle?.close();
    throw fileError(path, verb, error);
  }
}

async function openScratchFile(folder: string): Promise<FileBackend> {
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const path = join(folder, `${process.pid}-${randomUUID()}`);
    const handle = await open(path, openFlags.create, 0o600);
    // Without a name it cannot outlive its process. Windows does not take names away from open files: there it goes when closed.
    const isNameless = await unlink(path).then(
      () => true,
      () => false,
    );
    const lock = isNameless ? null : { release: () => unlink(path).catch(() => {}) };
    return new HostFile(path, handle, 0, lock, false);
  } catch (error) {
    throw fileError(folder, 'write into', error);
  }
}

/** The files of this host. */
export const hostFiles: FileHost = { open: openHostFile, scratch: openScratchFile };
