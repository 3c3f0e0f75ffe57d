// Checks and error wording that every format shares.
import type { BlockBackend } from '../core/backends/block.ts';
import { OspiteError } from '../core/errors.ts';

/** Refuses what lies outside the medium: devices check first, so this catches a bug before it damages a file. */
export function checkRange(medium: BlockBackend, path: string, offset: number, length: number): void {
  const isInside = Number.isSafeInteger(offset) && offset >= 0 && offset + length <= medium.capacityBytes;
  if (isInside) return;
  throw new OspiteError('medium.ioError', `A request of ${length} bytes lies outside "${path}".`, {
    details: { path, offset: `0x${offset.toString(16)}`, capacity: `0x${medium.capacityBytes.toString(16)}` },
  });
}

/** Waits for host file work and turns its failure into `medium.ioError`, keeping the host's sentence. */
export async function mediumIo<T>(path: string, verbDone: string, work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new OspiteError('medium.ioError', `"${path}" could not be ${verbDone}: ${reason}`, {
      details: { path },
      cause,
    });
  }
}
