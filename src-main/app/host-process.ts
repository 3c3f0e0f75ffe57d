// Puts the headless host together: machines of one home, their consoles, what the API needs. Shared by `ospite serve` and Electron.
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { ConsoleHub } from '../api/console-hub.ts';
import type { HandlerContext } from '../api/handlers.ts';
import { loadCore } from '../host/core-module.ts';
import { HostFolderStore } from '../host/folder-store.ts';
import { NodeHostServices } from '../host/host-services.ts';
import { ospiteVersion } from '../host/version.ts';
import { MachineManager } from '../manager/machine-manager.ts';
import { MachineStore } from '../manager/machine-store.ts';
import { startMachine } from './start-machine.ts';

export interface HostProcess {
  services: Omit<HandlerContext, 'caller'>;
  consoles: ConsoleHub;
  /** Powers off all machines. */
  shutDown(): Promise<void>;
}

export async function startHostProcess(home: string): Promise<HostProcess> {
  const store = new MachineStore(new HostFolderStore(join(home, 'machines')));
  const manager = new MachineManager(store, {
    startMachine: async ({ id, name, settings }) => startMachine({ uuid: id, name, settings, core: await loadCore() }),
    newId: () => randomUUID(),
    nowIso: () => new Date().toISOString(),
  });
  await manager.load();
  return {
    services: { manager, host: new NodeHostServices({ version: ospiteVersion(), home }) },
    consoles: new ConsoleHub(manager),
    shutDown: () => manager.shutDown(),
  };
}
