// The managers of one home over the host's files: machines, media, tasks, preferences.
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { loadCore } from '../host/core-module.ts';
import { HostFolderStore } from '../host/folder-store.ts';
import { hostMediaFiles } from '../host/media-files.ts';
import { HostTextFile } from '../host/text-file.ts';
import { MachineManager } from '../manager/machine-manager.ts';
import { MachineRegistry } from '../manager/machine-registry.ts';
import { MachineStore } from '../manager/machine-store.ts';
import { MediaManager } from '../manager/media-manager.ts';
import { PreferencesStore } from '../manager/preferences-store.ts';
import { TaskRegistry } from '../manager/tasks.ts';
import { createRawImage } from '../storage/image-files.ts';
import { releaseMedia, startMachine } from './start-machine.ts';

export interface Managers {
  services: { manager: MachineManager; tasks: TaskRegistry; preferences: PreferencesStore; media: MediaManager };
  manager: MachineManager;
  registry: MachineRegistry;
  preferences: PreferencesStore;
  /** Where new machines go. */
  machineFolder(): string;
  load(): Promise<void>;
}

export function createManagers(home: string): Managers {
  const clock = {
    newId: () => randomUUID(),
    nowIso: () => new Date().toISOString(),
    nowMs: () => performance.now(),
    after: (ms: number, callback: () => void) => {
      const timer = setTimeout(callback, ms);
      return () => clearTimeout(timer);
    },
  };
  const machines = join(home, 'machines');
  const machineFolder = (): string => preferences.get().machineFolder ?? machines;
  const registry = new MachineRegistry(new HostTextFile(join(home, 'registry.json')));
  const tasks = new TaskRegistry({
    ...clock,
    changed: (task) => manager.emit('task.changed', task),
    dismissed: (id) => manager.emit('task.dismissed', { id }),
  });
  const manager = new MachineManager({
    store: new MachineStore(new HostFolderStore(), machines),
    registry,
    tasks,
    host: {
      ...clock,
      machineFolder,
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
      // Media may be others by now than those that it was started with.
      releaseMedia: ({ settings }, threadId) => releaseMedia(settings, threadId),
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
  return {
    services: { manager, tasks, preferences, media },
    manager,
    registry,
    preferences,
    machineFolder,
    load: async () => {
      await Promise.all([preferences.load(), media.load(), manager.load()]);
    },
  };
}
