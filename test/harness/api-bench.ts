// A manager with fake machines and the services around it, for tests of everything above the engine.
import { ConsoleHub } from '../../src-main/api/console-hub.ts';
import type { HandlerContext, HostServices } from '../../src-main/api/handlers/index.ts';
import { OspiteError } from '../../src-main/core/errors.ts';
import { MachineManager } from '../../src-main/manager/machine-manager.ts';
import { MachineRegistry } from '../../src-main/manager/machine-registry.ts';
import { MachineStore } from '../../src-main/manager/machine-store.ts';
import { MediaManager } from '../../src-main/manager/media-manager.ts';
import { PreferencesStore } from '../../src-main/manager/preferences-store.ts';
import { TaskRegistry } from '../../src-main/manager/tasks.ts';
import { FakeMachineHandle } from './fake-machine-handle.ts';
import { MemoryFiles } from './memory-files.ts';
import { MemoryFolderStore } from './memory-folder-store.ts';
import { MemoryTextFile } from './memory-text-file.ts';
import { tinyIso } from './tiny-iso.ts';

const host: HostServices = {
  info: () => ({
    version: '1.2.3',
    home: '/memory',
    platform: 'test',
    logicalProcessors: 2,
    memoryMib: 1024,
    machineFolder: '/memory/machines',
    kind: 'serve',
    freeDiskBytes: 2 ** 40,
    accelerators: [],
  }),
  doctor: () => Promise.resolve([]),
  browse: (path) => Promise.resolve({ path: path ?? '/', parent: null, entries: [], isTruncated: false }),
  checkReadable: (path) =>
    path.startsWith('/missing')
      ? Promise.reject(new OspiteError('host.fileNotFound', `${path} does not exist`))
      : Promise.resolve(),
  checkMedium: (path) => host.checkReadable(path),
  isAbsolute: (path) => path.startsWith('/'),
  finder: (pattern) => (text) => new RegExp(pattern, 'm').exec(text)?.[0] ?? null,
};

export interface ApiBench {
  store: MemoryFolderStore;
  manager: MachineManager;
  consoles: ConsoleHub;
  services: Omit<HandlerContext, 'caller'>;
  /** Handles in the order of their start. */
  handles: FakeMachineHandle[];
}

export async function createApiBench(store: MemoryFolderStore = new MemoryFolderStore()): Promise<ApiBench> {
  const handles: FakeMachineHandle[] = [];
  let nextId = 1;
  const clock = {
    newId: () => `0190a0b1-0000-4000-8000-${String(nextId++).padStart(12, '0')}`,
    nowIso: () => '2026-01-01T00:00:00.000Z',
    nowMs: () => performance.now(),
    after: (ms: number, callback: () => void) => {
      const timer = setTimeout(callback, ms);
      return () => clearTimeout(timer);
    },
  };
  const tasks = new TaskRegistry({
    ...clock,
    changed: (task) => manager.emit('task.changed', task),
    dismissed: (id) => manager.emit('task.dismissed', { id }),
  });
  const manager = new MachineManager({
    store: new MachineStore(store, '/memory/machines'),
    registry: new MachineRegistry(new MemoryTextFile('/memory/registry.json')),
    tasks,
    host: {
      ...clock,
      machineFolder: () => preferences.get().machineFolder ?? '/memory/machines',
      releaseMedia: () => {},
      createDisk: (path) => store.write(store.parentOf(path), store.nameOf(path), ''),
      startMachine: () => {
        const handle = new FakeMachineHandle();
        handles.push(handle);
        setImmediate(() => handle.emit('state', 'running'));
        return Promise.resolve(handle.asHandle());
      },
    },
  });
  const preferences = new PreferencesStore(new MemoryTextFile('/memory/preferences.json'), (changed) =>
    manager.emit('preferences.changed', changed),
  );
  const media = new MediaManager({
    machines: manager,
    tasks,
    files: new MemoryFiles({ '/disc.iso': tinyIso({ label: 'Disc', files: {}, isBootable: true }) }),
    list: new MemoryTextFile('/memory/media.json'),
    publish: (path) => manager.emit('medium.changed', { path }),
  });
  await Promise.all([manager.load(), preferences.load(), media.load()]);
  const control = {
    openWindow: () => Promise.resolve('Opened nowhere.'),
    serve: () => Promise.resolve({ link: 'http://127.0.0.1:1/?token=test', fingerprint: null }),
    beginShutDown: () => {},
    clientCame: () => () => {},
  };
  const services = { manager, tasks, preferences, media, host, control };
  return { store, manager, consoles: new ConsoleHub(manager), services, handles };
}
