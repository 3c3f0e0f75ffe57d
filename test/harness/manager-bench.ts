// A manager over folders in memory, with machines that run nothing and a clock that the test moves.
import type { MachineHandle } from '../../src-main/engine/handle.ts';
import { MachineManager } from '../../src-main/manager/machine-manager.ts';
import { MachineRegistry } from '../../src-main/manager/machine-registry.ts';
import { MachineStore } from '../../src-main/manager/machine-store.ts';
import { TaskRegistry } from '../../src-main/manager/tasks.ts';
import { FakeMachineHandle } from './fake-machine-handle.ts';
import { MemoryFolderStore } from './memory-folder-store.ts';
import { MemoryTextFile } from './memory-text-file.ts';

export const MACHINES = '/memory/machines';

type DiskOptions = { sizeBytes: number; isPreallocated: boolean };

export class ManagerBench {
  readonly folders = new MemoryFolderStore();
  readonly registry = new MemoryTextFile('/memory/registry.json');
  /** The handle of the next start. */
  handle = new FakeMachineHandle();
  machineFolder: string = MACHINES;
  /** What machines were started with. */
  readonly starts: { startPaused: boolean; scratchFolder: string | null }[] = [];
  createDisk: (path: string, options: DiskOptions) => Promise<void> = (path) =>
    this.folders.write(this.folders.parentOf(path), this.folders.nameOf(path), 'disk');
  startMachine: () => Promise<MachineHandle> = () => Promise.resolve(this.handle.asHandle());
  manager!: MachineManager;
  tasks!: TaskRegistry;
  #nowMs = 0;
  #nextId = 1;
  #timers: { at: number; callback: () => void }[] = [];

  /** Like another process with the same files. */
  async open(): Promise<MachineManager> {
    const clock = {
      newId: () => `0190a0b1-0000-4000-8000-${String(this.#nextId++).padStart(12, '0')}`,
      nowIso: () => new Date(Date.UTC(2026, 0, 1) + this.#nowMs).toISOString(),
      nowMs: () => this.#nowMs,
      after: (ms: number, callback: () => void) => {
        const timer = { at: this.#nowMs + ms, callback };
        this.#timers.push(timer);
        return () => {
          this.#timers = this.#timers.filter((other) => other !== timer);
        };
      },
    };
    this.tasks = new TaskRegistry({ ...clock, changed: () => {}, dismissed: () => {} });
    this.manager = new MachineManager({
      store: new MachineStore(this.folders, MACHINES),
      registry: new MachineRegistry(this.registry),
      tasks: this.tasks,
      host: {
        ...clock,
        startMachine: (_definition, options) => {
          this.starts.push(options);
          return this.startMachine();
        },
        machineFolder: () => this.machineFolder,
        releaseMedia: () => {},
        createDisk: (path, options) => this.createDisk(path, options),
      },
    });
    await this.manager.load();
    return this.manager;
  }

  /** Lets the time pass, and what it sets off happen. */
  async pass(ms: number): Promise<void> {
    const end = this.#nowMs + ms;
    for (;;) {
      await settle();
      const due = this.#timers.filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)[0];
      if (!due) break;
      this.#timers = this.#timers.filter((timer) => timer !== due);
      this.#nowMs = Math.max(this.#nowMs, due.at);
      due.callback();
    }
    this.#nowMs = end;
    await settle();
  }
}

/** Lets promises that are ready go on. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 20; turn++) await Promise.resolve();
}
