// The token that scripts send as `Authorization: Bearer`: made once, in a file of the home that only its owner may read.
import { readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { OspiteError } from '../../core/errors.ts';
import { newSecret } from './secrets.ts';

/** @throws {OspiteError} host.ioError when the home cannot hold it */
export async function loadApiToken(home: string): Promise<string> {
  const path = join(home, 'api.token');
  try {
    const kept = await readKept(path);
    if (kept !== null) return kept;
    const token = newSecret();
    await rm(path, { force: true });
    await writeFile(path, `${token}\n`, { mode: 0o600, flag: 'wx' });
    return token;
  } catch (error) {
    throw new OspiteError('host.ioError', `${path} cannot be kept (${(error as Error).message}); check the home`, {
      cause: error,
    });
  }
}

/** Null when there is none, or when others may have read it: then it is no secret any more. */
async function readKept(path: string): Promise<string | null> {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return '';
    throw error;
  });
  const token = text.trim();
  if (!/^[\w-]{43,200}$/.test(token)) return null;
  const isPrivate = process.platform === 'win32' || ((await stat(path)).mode & 0o077) === 0;
  return isPrivate ? token : null;
}
