// Electron's entry point: hands the real Electron to the desktop. Nothing else may load this file.

import { fileURLToPath } from 'node:url';
import * as electron from 'electron';
import { startHostProcess } from '../app/host-process.ts';
import { ospiteHome } from '../host/home.ts';
import { rendererFolder } from '../host/renderer-folder.ts';
import { runDesktop } from './desktop.ts';

await runDesktop(electron, {
  startHost: () => startHostProcess(ospiteHome()),
  rendererFolder: rendererFolder(),
  argv: process.argv.slice(1),
  folder: process.cwd(),
  preload: fileURLToPath(new URL('../../preload.cjs', import.meta.url)),
});
