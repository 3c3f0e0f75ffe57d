// Puts the headless host together: machines of one home, their consoles, what the API needs. Shared by `ospite serve` and Electron.
import { randomUUID } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { ConsoleHub } from '../api/console-hub.ts';
import type { HandlerContext } from '../api/handlers/index.ts';
import { OspiteError } from '../core/errors.ts';
import { loadCore } from '../host/core-module.ts';
import { type FileLock, lockFile } from '../host/file-lock.ts';
import { HostFolderStore } from '../host/folder-store.ts';
import { NodeHostServices } from '../host/host-services.ts';
import { hostMediaFiles } from '../host/media-files.ts';
import { HostTextFile } from '../host/text-file.ts';
import { ospiteVersion } from '../host/version.ts';
import { MachineManager } from '../manager/machine-manager.ts';
import { MachineRegistry } from '../manager/machine-registry.ts';
import { MachineStore } from '../manager/machine-store.ts';
import { MediaManager } from '../manager/media-manager.ts';
import { PreferencesStore } from '../manager/preferences-store.ts';
import { TaskRegistry } from '../manager/tasks.ts';
import { createRawImage } from '../storage/image-files.ts';
import { startMachine } from './start-machine.ts';

export interface HostProcess {
  services: Omit<HandlerContext, 'caller'>;
  consoles: ConsoleHub;
  /** Powers off all machines and leaves the home to others. */
  shutDown(): Promise<void>;
}

/** @throws {OspiteError} machine.wrongState while another process has the home's machines */
export async function startHostProcess(home: string): Promise<HostProcess> {
  const lock = await lockHome(home);
  const clock = { nowIso: () => new Date().toISOString(), nowMs: () => performance.now(), after };
  const tasks = new TaskRegistry({
    ...clock,
    newId: () => randomUUID(),
    changed: (task) => manager.emit('task.changed', task),
    dismissed: (id) => manager.emit('task.dismissed', { id }),
  });
  const machines = join(home, 'machines');
  const manager = new MachineManager({
    store: new MachineStore(new HostFolderStore(), machines),
    registry: new MachineRegistry(new HostTextFile(join(home, 'registry.json'))),
    tasks,
    host: {
      ...clock,
      newId: () => randomUUID(),
      machineFolder: () => preferences.get().machineFolder ?? machines,
      createDisk: (path, options, task) => createRawImage(hostMediaFiles, path, options, task),
      startMachine: async ({ id, name, settings }, { startPaused, scratchFolder }) =>
        startMachine({
          uuid: id,
          name,
          settings,
          core: await loadCore(),
          startPaused,
          ...(scratchFolder === null ? {} : { scratchFolder }),
        }),
    },
  });
  const preferences = new PreferencesStore(new HostTextFile(join(home, 'preferences.json')), (changed) =>
    manager.emit('preferences.changed', changed),
  );
  const media = new MediaManager({
    machines: manager,
    tasks,
    files: hostMediaFiles,
    list: new HostTextFile(join(home, 'media.json')),
    publish: (path) => manager.emit('medium.changed', { path }),
  });
  await Promise.all([manager.load(), preferences.load(), media.load()]);
  return {
    services: { manager, tasks, preferences, media, host: new NodeHostServices({ version: ospiteVersion(), home }) },
    consoles: new ConsoleHub(manager),
    shutDown: async () => {
      await tasks.shutDown();
      await manager.shutDown();
      await lock.release();
    },
  };
}

function after(ms: number, callback: () => void): () => void {
  const timer = setTimeout(callback, ms);
  return () => clearTimeout(timer);
}

/** Two processes with the same machines would overwrite each other's changes. */
async function lockHome(home: string): Promise<FileLock> {
  const machines = join(home, 'machines');
  try {
    await mkdir(machines, { recursive: true, mode: 0o700 });
    return await lockFile(machines, { isDevice: false });
  } catch (error) {
    if (!(error instanceof OspiteError))
      throw new OspiteError(
        'host.ioError',
        `${home} cannot hold machines (${(error as Error).message}); set OSPITE_HOME`,
        {
          cause: error,
        },
      );
    if (error.code !== 'medium.locked') throw error;
    throw new OspiteError(
      'machine.wrongState',
      `Ospite already runs with the machines in ${home}; use its window, or set OSPITE_HOME to another folder`,
      { cause: error },
    );
  }
}
