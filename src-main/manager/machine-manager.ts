// All machines of one home: their definitions, and the running ones' handles. Pushes events; knows no transport.
import {
  MACHINE_VERSION,
  type MachineDefinition,
  type MachineSettings,
  type MachineUi,
  machineUi,
} from '../contract/machine.ts';
import type { InaccessibleMachine, MachineSummary, MethodOutput } from '../contract/methods.ts';
import { Emitter } from '../core/emitter.ts';
import { OspiteError } from '../core/errors.ts';
import { present } from '../core/present.ts';
import type { MachineHandle } from '../engine/handle.ts';
import { ActivityRecorder } from './activity-recorder.ts';
import { changed, type MachineChange, refuseUnlessLive, withMedium } from './machine-changes.ts';
import { alone, type Entry, inTurn, isUp, newEntry, refuseBusy, refuseUp, summarize } from './machine-entry.ts';
import { MachineFolders } from './machine-folders.ts';
import { MachineList } from './machine-list.ts';
import { MachineLoader } from './machine-loader.ts';
import { MachineLog } from './machine-log.ts';
import { rebased } from './machine-paths.ts';
import type { MachineRegistry } from './machine-registry.ts';
import { MachineRuns, type RunEvents, type RunsHost, type StartWishes } from './machine-runs.ts';
import type { MachineStore, StoredDefinition } from './machine-store.ts';
import { type MachineWait, waitForMachine } from './machine-wait.ts';
import type { RunningTask, TaskRegistry } from './tasks.ts';

export interface ManagerHost extends Pick<RunsHost, 'startMachine' | 'releaseMedia' | 'nowIso'> {
  newId(): string;
  /** Milliseconds of a clock that only goes forward. */
  nowMs(): number;
  /** Calls back later; what it returns calls that off. */
  after(ms: number, callback: () => void): () => void;
  /** Where new machines go; absolute. */
  machineFolder(): string;
  /** Makes a raw disk image. @throws {OspiteError} host.ioError; task.cancelled */
  createDisk(
    path: string,
    options: { sizeBytes: number; isPreallocated: boolean },
    task: Pick<RunningTask, 'signal' | 'progress'>,
  ): Promise<void>;
}

export interface NewMachine {
  name: string;
  os?: string | undefined;
  description?: string | undefined;
  group?: string | undefined;
  settings: MachineSettings;
  ui?: { [Name in keyof MachineUi]?: MachineUi[Name] | undefined } | undefined;
  newDisk?: { sizeBytes: number; isPreallocated: boolean } | undefined;
  newDiskBus?: 'ide' | 'virtio' | undefined;
}

export class MachineManager extends Emitter<RunEvents> {
  readonly #store: MachineStore;
  readonly #registry: MachineRegistry;
  readonly #tasks: TaskRegistry;
  readonly #host: ManagerHost;
  readonly #list: MachineList;
  readonly #runs: MachineRuns;
  readonly #folders: MachineFolders;
  readonly #loader: MachineLoader;
  #isEnding = false;

  constructor(parts: { store: MachineStore; registry: MachineRegistry; tasks: TaskRegistry; host: ManagerHost }) {
    super();
    this.#store = parts.store;
    this.#registry = parts.registry;
    this.#tasks = parts.tasks;
    this.#host = parts.host;
    this.#list = new MachineList(this.#registry);
    this.#folders = new MachineFolders(this.#store, this.#list);
    this.#runs = new MachineRuns(this.#store, {
      startMachine: (definition, options) => this.#host.startMachine(definition, options),
      releaseMedia: (definition, threadId) => this.#host.releaseMedia(definition, threadId),
      nowIso: () => this.#host.nowIso(),
      emit: (name, event) => this.emit(name, event),
    });
    this.#loader = new MachineLoader({
      store: this.#store,
      registry: this.#registry,
      list: this.#list,
      newEntry: (folder, stored) => this.#newEntry(folder, stored),
      emit: (name, event) => this.emit(name, event),
    });
  }

  async load(): Promise<void> {
    await this.#registry.load();
    await this.refresh();
  }

  /** Reads all definitions anew: some may have been mended, edited, added or taken away by hand. */
  refresh(): Promise<void> {
    return this.#loader.refresh();
  }

  list(): { machines: MachineSummary[]; inaccessible: InaccessibleMachine[] } {
    return { machines: this.#list.all().map(summarize), inaccessible: [...this.#list.inaccessible] };
  }

  get(id: string): { definition: MachineDefinition; summary: MachineSummary } {
    const entry = this.#list.get(id);
    return { definition: entry.definition, summary: summarize(entry) };
  }

  async create(input: NewMachine): Promise<string> {
    this.#list.refuseTakenName(input.name, null);
    const { newDisk } = input;
    const parent = this.#host.machineFolder();
    await this.#folders.checkParent(parent);
    const folder = this.#store.folders.join(parent, input.name);
    const path = this.#store.folders.join(folder, `${input.name}.img`);
    const bus = input.newDiskBus ?? 'virtio';
    const disk = { type: 'disk', path, bus, readOnly: false, discard: false } as const;
    const definition: MachineDefinition = {
      version: MACHINE_VERSION,
      id: this.#host.newId(),
      name: input.name,
      os: input.os ?? 'other',
      description: input.description ?? '',
      group: input.group ?? '',
      createdAt: this.#host.nowIso(),
      settings: newDisk ? { ...input.settings, storage: [disk, ...input.settings.storage] } : input.settings,
      ui: { ...machineUi.parse({}), ...present(input.ui ?? {}) },
    };
    const text = await this.#loader.making(folder, async () => {
      await this.#store.folders.create(folder);
      try {
        if (newDisk) await this.#createDisk(input.name, path, newDisk);
        const text = await this.#store.save(folder, definition);
        await this.#registry.add(folder, this.#store.isOutside(folder));
        return text;
      } catch (error) {
        await this.#store.folders.remove(folder).catch(() => {}); // Why it could not be made is what its owner must hear.
        throw error;
      }
    });
    const entry = this.#newEntry(folder, { definition, text });
    this.#list.add(entry);
    this.emit('machine.added', summarize(entry));
    return definition.id;
  }

  async update(id: string, change: MachineChange): Promise<void> {
    const entry = this.#list.get(id);
    refuseBusy(entry, 'change it');
    await this.#change(entry, (old) => {
      const wanted = changed(old, change);
      if (isUp(entry)) refuseUnlessLive(old, wanted, entry.state);
      if (wanted.name !== old.name) this.#list.refuseTakenName(wanted.name, id);
      return wanted;
    });
    const cap = change.settings?.cpuCapPercent;
    if (cap !== undefined) entry.handle?.setCpuCap(cap);
  }

  /** Puts the file into a removable drive, or takes the medium out for null; remembered in the definition. */
  async changeMedium(id: string, attachment: number, path: string | null): Promise<void> {
    const entry = this.#list.get(id);
    refuseBusy(entry, 'change its media');
    await this.#change(
      entry,
      (old) => withMedium(old, attachment, path),
      async () => {
        await entry.handle?.changeMedium(attachment, path);
      },
    );
  }

  /** @param entries machines in their new order; those left out keep their group and go to the end */
  async arrange(entries: readonly { id: string; group: string }[]): Promise<void> {
    for (const { id } of entries) this.#list.get(id);
    const first = [...new Set(entries.map(({ id }) => id))];
    const rest = this.#list.order().filter((id) => !first.includes(id));
    await this.#registry.arrange([...first, ...rest]);
    this.emit('machine.arranged', { order: this.#list.order() });
    for (const { id, group } of entries) {
      if (this.#list.get(id).definition.group !== group) await this.update(id, { group });
    }
  }

  register(path: string): Promise<string> {
    return this.#loader.register(path);
  }

  /** Takes an inaccessible machine off the list; its files stay. @throws {OspiteError} machine.notFound */
  forget(folder: string): Promise<void> {
    return this.#loader.forget(folder);
  }

  files(id: string): Promise<MethodOutput<'machine.files'>> {
    return this.#folders.files(this.#list.get(id));
  }

  async remove(id: string, keepFiles = false): Promise<void> {
    const entry = this.#list.get(id);
    refuseUp(entry, 'remove it');
    if (!keepFiles) this.#folders.refuseUsedByOthers(entry);
    await alone(entry, async () => {
      const isOutside = this.#store.isOutside(entry.folder);
      if (!keepFiles) await this.#folders.remove(entry);
      await this.#registry.forget(entry.folder, isOutside, keepFiles);
      this.#list.delete(id);
    });
    this.emit('machine.removed', { id });
  }

  /** Moves the machine's folder into another one. Returns the task's id. */
  async move(id: string, folder: string): Promise<string> {
    const entry = this.#list.get(id);
    refuseUp(entry, 'move it');
    const target = await this.#folders.checkMove(entry, folder);
    const { name } = entry.definition;
    entry.isBusy = true; // From now on, not only once the task has begun.
    return this.#tasks.run({ title: `Move ${name} to ${folder}`, machineId: id, isCancellable: true }, async (task) => {
      const from = await alone(entry, async () => {
        await this.#adoptForeign(entry);
        await this.#save(entry, entry.definition); // Its own paths are relative from here on.
        return await this.#rehome(entry, target, entry.definition, () =>
          this.#store.folders.move(entry.folder, target, task),
        );
      });
      this.emit('machine.changed', summarize(entry));
      await this.#letUsersFollow(entry, from);
      return { folder: target };
    });
  }

  start(id: string, wishes: Partial<StartWishes> = {}): Promise<void> {
    const entry = this.#list.get(id);
    if (this.#isEnding)
      return Promise.reject(new OspiteError('host.busy', 'Ospite is just ending; start it again, then the machine'));
    return this.#runs.start(entry, { isDisposable: false, startPaused: false, ...wishes }, () =>
      this.#adoptForeign(entry),
    );
  }

  pause(id: string): void {
    this.running(id).pause();
  }
  resume(id: string): void {
    this.running(id).resume();
  }
  reset(id: string): void {
    this.running(id).reset();
  }
  powerButton(id: string): void {
    this.running(id).powerButton();
  }
  powerOff(id: string): Promise<void> {
    return this.#runs.powerOff(this.#list.get(id));
  }

  /** The handle of a machine that runs or is paused. @throws {OspiteError} machine.notFound, machine.wrongState */
  running(id: string): MachineHandle {
    return this.#runs.handle(this.#list.get(id));
  }

  /** Same, or null when it is off. */
  runningOrNull(id: string): MachineHandle | null {
    return this.#list.get(id).handle;
  }

  wait(id: string, wish: MachineWait, gone?: AbortSignal): Promise<MethodOutput<'machine.wait'>> {
    return waitForMachine(this.#list.get(id), wish, {
      events: this,
      after: (ms, callback) => this.#host.after(ms, callback),
      ...(gone ? { gone } : {}),
    });
  }

  log(id: string, name?: string): Promise<string[]> {
    const entry = this.#list.get(id);
    return entry.log.read(entry.folder, name);
  }

  async logs(id: string): Promise<MethodOutput<'machine.logs'>> {
    const entry = this.#list.get(id);
    return { files: await entry.log.files(entry.folder) };
  }

  activity(id: string): MethodOutput<'machine.activity'> {
    return this.#list.get(id).activity.record();
  }

  /** Machines that run, or are just starting or stopping. */
  active(): MachineSummary[] {
    return this.#list.all().filter(isUp).map(summarize);
  }

  /** Ends whatever runs, for the end of the host process. `leave` gives guests the time to go by themselves. */
  async shutDown(leave: (running: readonly MachineHandle[]) => Promise<void> = () => Promise.resolve()): Promise<void> {
    this.#isEnding = true;
    await this.#runs.settled();
    const handles = this.#list.all().flatMap(({ handle }) => handle ?? []);
    await leave(handles);
    await Promise.all(
      this.#list
        .all()
        .filter(({ handle }) => handle)
        .map((entry) => this.#runs.powerOff(entry)),
    );
    await this.#runs.settled();
    await this.#store.folders.settled();
  }

  #newEntry(folder: string, stored: StoredDefinition): Entry {
    const { id } = stored.definition;
    const clock = { nowIso: () => this.#host.nowIso(), nowMs: () => this.#host.nowMs() };
    return newEntry(folder, stored, {
      log: new MachineLog(this.#store.folders, {
        ...clock,
        logged: (line) => this.emit('machine.logged', { id, line }),
      }),
      activity: new ActivityRecorder({
        ...clock,
        after: (ms, callback) => this.#host.after(ms, callback),
        sampled: (sample, totals) => this.emit('machine.sampled', { id, sample, totals }),
      }),
    });
  }

  /** Changes a definition after the changes before it; `apply` does what a running machine needs, before anything is saved. */
  async #change(
    entry: Entry,
    make: (old: MachineDefinition) => MachineDefinition,
    apply: () => Promise<void> = () => Promise.resolve(),
  ): Promise<void> {
    const from = await inTurn(entry, async () => {
      refuseBusy(entry, 'change it');
      await this.#adoptForeign(entry);
      const wanted = make(entry.definition);
      await apply();
      if (wanted.name !== entry.definition.name) return await this.#rename(entry, wanted);
      await this.#save(entry, wanted);
      return entry.folder;
    });
    this.emit('machine.changed', summarize(entry));
    await this.#letUsersFollow(entry, from);
  }

  /** Returns the folder it was in. */
  async #rename(entry: Entry, wanted: MachineDefinition): Promise<string> {
    const from = entry.folder;
    const old = entry.definition;
    const { folders } = this.#store;
    const target = folders.join(folders.parentOf(from), wanted.name);
    if (target !== from) this.#folders.refuseRunningUsers(entry);
    await this.#save(entry, wanted);
    // A folder that somebody renamed by hand keeps its name until the machine gets another.
    if (target === from) return from;
    entry.isBusy = true;
    try {
      return await this.#rehome(entry, target, wanted, () => folders.rename(from, target));
    } catch (error) {
      await this.#save(entry, old);
      throw error;
    } finally {
      entry.isBusy = false;
    }
  }

  /**
   * Takes the machine's folder to `target`. The registry knows both places meanwhile, so that a crash never loses the machine; what
   * the definition's file says holds in either. Returns the folder it was in.
   */
  async #rehome(
    entry: Entry,
    target: string,
    definition: MachineDefinition,
    take: () => Promise<void>,
  ): Promise<string> {
    const from = entry.folder;
    const [wasOutside, isOutside] = [from, target].map((folder) => this.#store.isOutside(folder)) as [boolean, boolean];
    await this.#loader.making(target, async () => {
      await this.#registry.add(target, isOutside);
      try {
        await take();
      } catch (error) {
        await this.#registry.forget(target, isOutside, false).catch(() => {}); // Why it cannot go there is to be told.
        throw error;
      }
      entry.folder = target;
      entry.definition = rebased(definition, from, target, this.#store.folders);
    });
    await this.#registry.forget(from, wasOutside, false);
    return from;
  }

  /** Machines that use files of a folder which has gone elsewhere find them there. After the turn of the first: two may use each other's. */
  async #letUsersFollow(entry: Entry, from: string): Promise<void> {
    const { folder } = entry;
    if (folder === from) return;
    for (const user of this.#list.users(entry, (path) => this.#store.folders.within(from, path) !== null))
      await this.#change(user, (old) => rebased(old, from, folder, this.#store.folders));
  }

  async #save(entry: Entry, definition: MachineDefinition): Promise<void> {
    entry.text = await this.#store.save(entry.folder, definition);
    entry.definition = definition;
  }

  /** Takes over what somebody has written into the file by hand. @throws {OspiteError} when that cannot be done now */
  async #adoptForeign(entry: Entry): Promise<void> {
    if (await this.#store.isUnchanged(entry.folder, entry.text)) return;
    const { name, id } = entry.definition;
    if (entry.handle)
      throw new OspiteError(
        'machine.wrongState',
        `The file of "${name}" was changed by another program while the machine runs; power it off to take that over`,
      );
    let stored: StoredDefinition;
    try {
      stored = await this.#store.load(entry.folder);
      if (stored.definition.id !== id) throw new OspiteError('config.invalid', 'machine.json now has another id');
    } catch (error) {
      void this.refresh(); // Puts it among the inaccessible ones.
      throw new OspiteError(
        'machine.inaccessible',
        `The file of "${name}" was changed by another program and cannot be used: ${(error as Error).message}`,
        { cause: error },
      );
    }
    Object.assign(entry, stored);
    this.emit('machine.changed', summarize(entry));
  }

  async #createDisk(
    name: string,
    path: string,
    options: { sizeBytes: number; isPreallocated: boolean },
  ): Promise<void> {
    const sizeBytes = Math.ceil(options.sizeBytes / 512) * 512;
    await this.#tasks.runToEnd({ title: `Create ${name}.img`, isCancellable: true }, (task) =>
      this.#host.createDisk(path, { ...options, sizeBytes }, task),
    );
  }
}
