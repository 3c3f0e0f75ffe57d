// Making and copying image files: in bounded memory, with progress, cancellable, and never half-done under the final name, because
// the work happens in a neighbouring file that is renamed at the end.
import type { FileBackend, FileHost } from '../core/backends/file.ts';
import type { MediaFiles } from '../core/backends/media-files.ts';
import { OspiteError } from '../core/errors.ts';

export interface Progress {
  /** From 0 to 1. */
  progress(fraction: number): void;
  readonly signal: AbortSignal;
}

const CHUNK_BYTES = 1_048_576;

/** Makes a raw image of zeroes: a hole, or with `isPreallocated` really written. */
export function createRawImage(
  files: MediaFiles,
  path: string,
  options: { sizeBytes: number; isPreallocated: boolean },
  task: Progress,
): Promise<void> {
  return making(files, path, async (file) => {
    if (options.isPreallocated) await writeZeroes(file, options.sizeBytes, task);
    else await file.resize(options.sizeBytes);
  });
}

/** Copies an image byte by byte, holes staying holes. The source's writer lock is held meanwhile, so that it cannot change. */
export async function copyImage(files: MediaFiles, path: string, target: string, task: Progress): Promise<void> {
  const source = await openUnwritten(files, path);
  try {
    await making(files, target, async (file) => {
      const sizeBytes = source.sizeBytes();
      const chunk = new Uint8Array(CHUNK_BYTES);
      for (let offset = 0; offset < sizeBytes; offset += CHUNK_BYTES) {
        refuseCancelled(task);
        const part = chunk.subarray(0, Math.min(CHUNK_BYTES, sizeBytes - offset));
        const count = await source.readAt(offset, part);
        if (!isZero(part.subarray(0, count))) await file.writeAt(offset, part.subarray(0, count));
        task.progress((offset + part.length) / sizeBytes);
      }
      await file.resize(sizeBytes);
    });
  } finally {
    await source.close();
  }
}

/** A file that may be read only cannot be somebody's to write either, as far as we can tell. */
async function openUnwritten(files: FileHost, path: string): Promise<FileBackend> {
  try {
    return await files.open(path, { mode: 'readWrite' });
  } catch (error) {
    if (error instanceof OspiteError && error.code === 'host.permissionDenied')
      return files.open(path, { mode: 'read' });
    throw error;
  }
}

async function making(files: MediaFiles, path: string, fill: (file: FileBackend) => Promise<void>): Promise<void> {
  const partial = `${path}.partial`;
  const file = await files.open(partial, { mode: 'create' });
  try {
    await fill(file);
    await file.sync();
    await file.close();
    await files.rename(partial, path);
  } catch (error) {
    await file.close().catch(() => {}); // Why it could not be made is what its owner must hear.
    await files.remove(partial);
    throw error;
  }
}

async function writeZeroes(file: FileBackend, sizeBytes: number, task: Progress): Promise<void> {
  const zeroes = new Uint8Array(CHUNK_BYTES);
  for (let offset = 0; offset < sizeBytes; offset += CHUNK_BYTES) {
    refuseCancelled(task);
    await file.writeAt(offset, zeroes.subarray(0, Math.min(CHUNK_BYTES, sizeBytes - offset)));
    task.progress(Math.min(1, (offset + CHUNK_BYTES) / sizeBytes));
  }
}

function refuseCancelled(task: Progress): void {
  if (task.signal.aborted) throw new OspiteError('task.cancelled', 'Cancelled; nothing was made.');
}

function isZero(bytes: Uint8Array): boolean {
  const words = bytes.byteOffset % 8 === 0 ? Math.floor(bytes.length / 8) : 0;
  if (words > 0 && new BigUint64Array(bytes.buffer, bytes.byteOffset, words).some((word) => word !== 0n)) return false;
  return bytes.subarray(words * 8).every((byte) => byte === 0);
}
