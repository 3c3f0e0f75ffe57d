// Electron's entry point: hands the real Electron to the desktop. Nothing else may load this file.

import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as electron from 'electron';
import { HostClient } from '../api/client/host-client.ts';
import { localAddress } from '../api/client/local-address.ts';
import { startHostProcess } from '../app/host-process.ts';
import { OspiteError } from '../core/errors.ts';
import { ospiteHome } from '../host/home.ts';
import { rendererFolder } from '../host/renderer-folder.ts';
import { runDesktop } from './desktop.ts';
import type { LaunchWish } from './launch.ts';

const home = ospiteHome();

async function handOver(wishes: readonly LaunchWish[]): Promise<void> {
  const other = await HostClient.connect(localAddress(home));
  if (!other) throw new OspiteError('host.busy', 'Another Ospite is just starting or ending; try again');
  for (const wish of wishes) {
    if (wish.kind === 'register') await other.call('machine.register', { path: wish.path });
    else await other.call('host.openWindow', { page: wish });
  }
  await other.close();
}

await runDesktop(electron, {
  startHost: () => startHostProcess(home, { kind: 'desktop' }),
  handOver,
  rendererFolder: rendererFolder(),
  argv: process.argv.slice(1),
  folder: process.cwd(),
  preload: fileURLToPath(new URL('../../preload.cjs', import.meta.url)),
  boundsFile: join(home, 'windows.json'),
});
