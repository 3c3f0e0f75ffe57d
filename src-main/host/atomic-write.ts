// Replacing a file so that after a crash either the old or the new content is there: a temporary file is written, synced and
// renamed over the old one.
import { copyFile, link, open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { OspiteError } from '../core/errors.ts';

export interface WriteOptions {
  /** Keep the old content as `<file>.previous`. */
  keepsPrevious: boolean;
}

export async function replaceFile(target: string, text: string, { keepsPrevious }: WriteOptions): Promise<void> {
  const temporary = `${target}.new`;
  try {
    const handle = await open(temporary, 'w', 0o600);
    try {
      await handle.writeFile(text);
      await handle.sync();
    } finally {
      await handle.close();
    }
    if (keepsPrevious) await keepPrevious(target);
    await rename(temporary, target);
    await syncFolder(dirname(target));
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => {}); // The first failure is the one to tell.
    throw error;
  }
}

/** A hard link to the old content costs nothing; some file systems (FAT, network shares) have none. */
async function keepPrevious(target: string): Promise<void> {
  await rm(`${target}.previous`, { force: true });
  try {
    await link(target, `${target}.previous`);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return;
    await copyFile(target, `${target}.previous`);
  }
}

/** Makes a rename durable; not every file system allows it. */
async function syncFolder(path: string): Promise<void> {
  const handle = await open(path, 'r').catch(() => null);
  if (!handle) return;
  await handle.sync().catch(() => {});
  await handle.close();
}

export function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
}

/** @param verb "read", "write"... @returns a sentence that names the path and says what to look at */
export function fileFailure(verb: string, path: string, error: unknown): OspiteError {
  if (error instanceof OspiteError) return error;
  const code = codeOf(error);
  const isPermission = code === 'EACCES' || code === 'EPERM' || code === 'EROFS';
  return new OspiteError(
    isPermission ? 'host.permissionDenied' : 'host.ioError',
    `Cannot ${verb} ${path} (${code}); check the disk and the folder's rights`,
    { cause: error },
  );
}
