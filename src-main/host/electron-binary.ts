// Finds Electron's binary without loading its npm package, whose entry point tries to download when the binary is missing.
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export interface ElectronBinary {
  /** Null when it cannot be had; `reason` then says why. */
  path: string | null;
  reason: string;
  /** Folder with our package.json, what Electron is started on. */
  appFolder: string;
}

export function findElectron(): ElectronBinary {
  const appFolder = fileURLToPath(new URL(import.meta.url.endsWith('.ts') ? '../..' : '../../..', import.meta.url));
  const override = process.env['ELECTRON_OVERRIDE_DIST_PATH'];
  let folder: string;
  try {
    folder = dirname(createRequire(import.meta.url).resolve('electron/package.json'));
  } catch {
    return { path: null, reason: 'its package is not installed', appFolder };
  }
  const pathFile = join(folder, 'path.txt');
  const relative = existsSync(pathFile) ? readFileSync(pathFile, 'utf8').trim() : defaultBinary();
  const path = join(override ?? join(folder, 'dist'), relative);
  return existsSync(path)
    ? { path, reason: '', appFolder }
    : { path: null, reason: 'its binary is not installed; "npx install-electron" downloads it', appFolder };
}

function defaultBinary(): string {
  switch (process.platform) {
    case 'darwin':
      return 'Electron.app/Contents/MacOS/Electron';
    case 'win32':
      return 'electron.exe';
    default:
      return 'electron';
  }
}
