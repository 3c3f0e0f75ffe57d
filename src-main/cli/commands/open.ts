// `ospite` and `ospite open`: windows of the host that runs; else the desktop application where Electron is installed, else the
// GUI in a browser window.
import { spawn } from 'node:child_process';
import { stat } from 'node:fs/promises';
import { basename, extname, resolve } from 'node:path';
import type { WindowPage } from '../../contract/methods/host.ts';
import { OspiteError } from '../../core/errors.ts';
import { findElectron } from '../../host/electron-binary.ts';
import { checkReadable } from '../../host/host-services.ts';
import type { Handler, Surroundings } from '../surroundings.ts';
import { serveHere } from './serve.ts';

const APPLIANCES = ['.ova', '.ovf', '.vbox', '.vmx', '.utm', '.box'];

export const open: Handler<'open'> = async ({ words: { FILE }, json }, around) => {
  const files = FILE.map((file) => resolve(file));
  const kinds = await Promise.all(files.map(kindOf));
  const machines = files.filter((_, index) => kinds[index] === 'machine');
  const images = files.filter((_, index) => kinds[index] === 'image');
  for (const path of machines) await (await around.host()).call('machine.register', { path });
  const running = await around.runningHost();
  if (running === null) return await startDesktop(images, around, json);
  const pages: WindowPage[] = images.map((path) => ({ kind: 'open', path }));
  if (pages.length === 0) pages.push({ kind: 'manager' });
  for (const page of pages) {
    const opened = await running.call('host.openWindow', { page });
    around.print(json ? JSON.stringify(opened) : opened.message);
  }
  return 0;
};

/** @throws {OspiteError} for what cannot be opened */
async function kindOf(path: string): Promise<'image' | 'machine'> {
  if (APPLIANCES.includes(extname(path).toLowerCase()))
    throw new OspiteError('feature.unavailable', `${path}: appliances cannot be imported in this version`);
  const found = await stat(path).catch(() => null);
  if (found?.isDirectory() || basename(path) === 'machine.json') return 'machine';
  await checkReadable(path);
  return 'image';
}

async function startDesktop(images: readonly string[], around: Surroundings, json: boolean): Promise<number> {
  const electron = findElectron();
  if (electron.path === null) {
    if (!json) around.print(`Electron is not available (${electron.reason}): opening the GUI in a browser instead.`);
    const pages = images.map((path): WindowPage => ({ kind: 'open', path }));
    return await serveHere({ address: '127.0.0.1', port: 0 }, around, { opensWindow: true, json, pages });
  }
  if (!json) around.print(`Opening the desktop with Electron (${electron.path}).`);
  const child = spawn(electron.path, [electron.appFolder, ...images], { stdio: 'inherit' });
  return await new Promise<number>((settle, reject) => {
    child.on('error', reject);
    child.on('exit', (code) => settle(code === 0 ? 0 : 1));
  });
}
