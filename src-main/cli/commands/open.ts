// `ospite` and `ospite open`: the desktop application where Electron is installed, else the GUI in a browser window.
import { spawn } from 'node:child_process';
import { resolve } from 'node:path';
import { OspiteError } from '../../core/errors.ts';
import { findElectron } from '../../host/electron-binary.ts';
import { checkReadable } from '../../host/host-services.ts';
import type { Handler } from '../surroundings.ts';
import { serve } from './serve.ts';

export const open: Handler<'open'> = async ({ words: { FILE } }) => {
  if (FILE.length > 1) throw new OspiteError('usage.invalid', 'ospite open takes one file');
  const file = FILE[0] === undefined ? null : resolve(FILE[0]);
  if (file !== null) await checkReadable(file);
  const electron = findElectron();
  if (electron.path === null) {
    process.stdout.write(`Electron is not available (${electron.reason}): opening the GUI in a browser instead.\n`);
    return await serve({ address: '127.0.0.1', port: 0, opensWindow: true, file });
  }
  process.stdout.write(`Opening the desktop with Electron (${electron.path}).\n`);
  const child = spawn(electron.path, [electron.appFolder, ...(file === null ? [] : [file])], { stdio: 'inherit' });
  return await new Promise<number>((resolve, reject) => {
    child.on('error', reject);
    child.on('exit', (code) => resolve(code === 0 ? 0 : 1));
  });
};
