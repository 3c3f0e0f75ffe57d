// The host's files as the media manager needs them: opening, and giving, changing and taking names without ever overwriting.
import { link, rename, stat, unlink } from 'node:fs/promises';
import { dirname, isAbsolute } from 'node:path';
import type { MediaFiles } from '../core/backends/media-files.ts';
import { OspiteError } from '../core/errors.ts';
import { fileError, hostFiles } from './files.ts';

export const hostMediaFiles: MediaFiles = {
  ...hostFiles,
  checkFree,
  rename: renameIfFree,
  remove: async (path) => {
    try {
      await unlink(path);
    } catch (error) {
      throw fileError(path, 'delete', error);
    }
  },
};

async function checkFree(path: string): Promise<void> {
  if (!isAbsolute(path))
    throw new OspiteError('usage.invalid', `"${path}" is no absolute path; begin with the folder's root`);
  const folder = await stat(dirname(path)).catch(() => null);
  if (!folder?.isDirectory())
    throw new OspiteError('host.fileNotFound', `There is no folder "${dirname(path)}"; create it or choose another`);
  if (await stat(path).catch(() => null)) throw taken(path);
}

/** `rename` alone would replace a file that got the name meanwhile; a second link to it is refused then. */
async function renameIfFree(from: string, to: string): Promise<void> {
  try {
    await link(from, to);
    await unlink(from);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? '';
    if (code === 'EEXIST') throw taken(to);
    if (!['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK'].includes(code)) throw fileError(to, 'create', error);
    await renameWithoutLinks(from, to);
  }
}

/** For file systems that know no hard links, such as FAT. */
async function renameWithoutLinks(from: string, to: string): Promise<void> {
  if (await stat(to).catch(() => null)) throw taken(to);
  try {
    await rename(from, to);
  } catch (error) {
    throw fileError(to, 'create', error);
  }
}

function taken(path: string): OspiteError {
  return new OspiteError('host.ioError', `"${path}" exists already; choose another name`, { details: { path } });
}
