// `ospite` and `ospite open`: the desktop application where Electron is installed, else the GUI in a browser window.
import { spawn } from 'node:child_process';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { OspiteError } from '../../core/errors.ts';
import { findElectron } from '../../host/electron-binary.ts';
import { checkReadable } from '../../host/host-services.ts';
import type { Command } from './registry.ts';
import { serve } from './serve.ts';

function help(): string {
  return `Usage: ospite [open [FILE]]

Opens the desktop: in Electron where its binary is installed, otherwise in a browser window. With a disc, disk or floppy
image, the New dialog opens for it.
`;
}

async function run(argv: string[]): Promise<number> {
  const { positionals } = parseArgs({ args: argv, options: {}, allowPositionals: true, strict: true });
  if (positionals.length > 1) throw new OspiteError('usage.invalid', 'ospite open takes one file');
  const file = positionals[0] === undefined ? null : resolve(positionals[0]);
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
}

export const openCommand: Command = { summary: 'open the desktop (the default)', help, run };
