// One host process for each home: two with the same machines would overwrite each other's changes.
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { OspiteError } from '../core/errors.ts';
import { type FileLock, lockFile } from '../host/file-lock.ts';

/** @throws {OspiteError} host.busy while another process has the home; host.ioError */
export async function lockHome(home: string): Promise<FileLock> {
  const machines = join(home, 'machines');
  try {
    await mkdir(machines, { recursive: true, mode: 0o700 });
    return await lockFile(machines, { isDevice: false });
  } catch (error) {
    if (!(error instanceof OspiteError))
      throw new OspiteError(
        'host.ioError',
        `${home} cannot hold machines (${(error as Error).message}); set OSPITE_HOME`,
        { cause: error },
      );
    if (error.code !== 'medium.locked') throw error;
    throw new OspiteError(
      'host.busy',
      `Ospite already runs with the machines in ${home} (process ${String(error.details['pid'])}); use its window, or set OSPITE_HOME to another folder`,
      { cause: error },
    );
  }
}
