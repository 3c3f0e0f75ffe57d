// `ospite` and `ospite open`: the desktop application where Electron is installed, else the GUI in a browser window.
import { spawn } from 'node:child_process';
import { OspiteError } from '../../core/errors.ts';
import { findElectron } from '../../host/electron-binary.ts';
import type { Command } from './registry.ts';
import { serve } from './serve.ts';

function help(): string {
  return 'Usage: ospite [open]\n\nOpens the desktop: in Electron where its binary is installed, otherwise in a browser window.\n';
}

async function run(argv: string[]): Promise<number> {
  if (argv.length > 0)
    throw new OspiteError(
      'feature.unavailable',
      `Opening files is not in this version; start "ospite" and make a machine from ${argv[0]} with New`,
    );
  const electron = findElectron();
  if (electron.path === null) {
    process.stdout.write(`Electron is not available (${electron.reason}): opening the GUI in a browser instead.\n`);
    return await serve({ address: '127.0.0.1', port: 0, opensWindow: true });
  }
  process.stdout.write(`Opening the desktop with Electron (${electron.path}).\n`);
  const child = spawn(electron.path, [electron.appFolder], { stdio: 'inherit' });
  return await new Promise<number>((resolve, reject) => {
    child.on('error', reject);
    child.on('exit', (code) => resolve(code === 0 ? 0 : 1));
  });
}

export const openCommand: Command = { summary: 'open the desktop (the default)', help, run };
