// All machines of one home: their definitions, and the running ones' handles. Pushes events; knows no transport.

import type { Events } from '../contract/events.ts';
import {
  MACHINE_VERSION,
  type MachineDefinition,
  type MachineSettings,
  type MachineSettingsPatch,
  type MachineState,
  machineUi,
} from '../contract/machine.ts';
import type { MachineSummary } from '../contract/methods.ts';
import { Emitter } from '../core/emitter.ts';
import { OspiteError } from '../core/errors.ts';
import { present } from '../core/present.ts';
import type { MachineEnd, MachineHandle } from '../engine/handle.ts';
import type { MachineStore } from './machine-store.ts';

export interface ManagerHost {
  /** @throws {OspiteError} feature.unavailable */
  startMachine(definition: MachineDefinition): Promise<MachineHandle>;
  newId(): string;
  nowIso(): string;
}

interface Entry {
  folder: string;
  definition: MachineDefinition;
  state: MachineState;
  message: string;
  stateSince: string;
  handle: MachineHandle | null;
  /** Its files are being changed or removed: nothing else may begin. */
  isBusy: boolean;
  accelerator: string | null;
  /** Newest log lines of this run. */
  log: string[];
}

const LOG_LINES = 2000;

export class MachineManager extends Emitter<Events & { console: { id: string; handle: MachineHandle } }> {
  readonly #store: MachineStore;
  readonly #host: ManagerHost;
  readonly #entries = new Map<string, Entry>();
  #inaccessible: { folder: string; reason: string }[] = [];
  readonly #starting = new Set<Promise<void>>();

  constructor(store: MachineStore, host: ManagerHost) {
    super();
    this.#store = store;
    this.#host = host;
  }

  async load(): Promise<void> {
    const { machines, inaccessible } = await this.#store.loadAll();
    this.#inaccessible = inaccessible;
    for (const { folder, definition } of machines) {
      this.#entries.set(definition.id, newEntry(folder, definition));
    }
  }

  list(): { machines: MachineSummary[]; inaccessible: { folder: string; reason: string }[] } {
    return { machines: [...this.#entries.values()].map(summarize), inaccessible: this.#inaccessible };
  }

  get(id: string): { definition: MachineDefinition; summary: MachineSummary } {
    const entry = this.#entry(id);
    return { definition: entry.definition, summary: summarize(entry) };
  }

  async create(input: {
    name: string;
    os?: string | undefined;
    description?: string | undefined;
    settings: MachineSettings;
  }): Promise<string> {
    this.#refuseTakenName(input.name, null);
    const definition: MachineDefinition = {
      version: MACHINE_VERSION,
      id: this.#host.newId(),
      name: input.name,
      os: input.os ?? 'other',
      description: input.description ?? '',
      group: '',
      createdAt: this.#host.nowIso(),
      settings: input.settings,
      ui: machineUi.parse({}),
    };
    await this.#store.create(definition);
    const entry = newEntry(definition.name, definition);
    this.#entries.set(definition.id, entry);
    this.emit('machine.added', summarize(entry));
    return definition.id;
  }

  async update(
    id: string,
    change: {
      name?: string | undefined;
      description?: string | undefined;
      settings?: MachineSettingsPatch | undefined;
    },
  ): Promise<void> {
    const entry = this.#entry(id);
    this.#refuseRunning(entry, 'change its settings');
    if (change.name !== undefined) this.#refuseTakenName(change.name, id);
    const definition: MachineDefinition = {
      ...entry.definition,
      name: change.name ?? entry.definition.name,
      description: change.description ?? entry.definition.description,
      settings: { ...entry.definition.settings, ...present(change.settings ?? {}) },
    };
    const isRenamed = definition.name !== entry.definition.name;
    await alone(entry, async () => {
      // A folder that somebody renamed by hand keeps its name until the machine gets another.
      if (isRenamed && definition.name !== entry.folder) {
        await this.#store.rename(entry.folder, definition.name);
        entry.folder = definition.name;
      }
      await this.#store.save(entry.folder, definition);
      entry.definition = definition;
    });
    this.emit('machine.changed', summarize(entry));
  }

  async remove(id: string): Promise<void> {
    const entry = this.#entry(id);
    this.#refuseRunning(entry, 'remove it');
    await alone(entry, async () => {
      await this.#store.remove(entry.folder);
      this.#entries.delete(id);
    });
    this.emit('machine.removed', { id });
  }

  async start(id: string): Promise<void> {
    const entry = this.#entry(id);
    this.#refuseRunning(entry, 'start it');
    const start = this.#start(entry);
    this.#starting.add(start);
    try {
      await start;
    } finally {
      this.#starting.delete(start);
    }
  }

  async #start(entry: Entry): Promise<void> {
    entry.log = [];
    this.#setState(entry, 'starting', '');
    try {
      entry.handle = await this.#host.startMachine(entry.definition);
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      this.#log(entry, `error: Could not start: ${message}`);
      this.#setState(entry, 'poweredOff', message);
      throw error;
    }
    const { id: accelerator, reason } = entry.handle.accelerator;
    entry.accelerator = accelerator;
    this.#log(entry, `info: Starting with ${entry.definition.settings.memoryMib} MiB on the ${accelerator}: ${reason}`);
    this.#follow(entry, entry.handle);
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
  async powerOff(id: string): Promise<void> {
    const handle = this.running(id);
    this.#setState(this.#entry(id), 'stopping', '');
    await handle.powerOff();
  }

  /** The handle of a machine that runs or is paused. @throws {OspiteError} machine.notFound, machine.wrongState */
  running(id: string): MachineHandle {
    const entry = this.#entry(id);
    if (!entry.handle)
      throw new OspiteError('machine.wrongState', `Machine "${entry.definition.name}" is not running; start it first`);
    return entry.handle;
  }

  /** Same, or null when it is off. */
  runningOrNull(id: string): MachineHandle | null {
    return this.#entry(id).handle;
  }

  async log(id: string): Promise<string[]> {
    const entry = this.#entry(id);
    if (entry.log.length > 0) return entry.log;
    return (await this.#store.readLog(entry.folder))
      .split('\n')
      .filter((line) => line !== '')
      .slice(-LOG_LINES);
  }

  /** Powers off whatever runs; for the end of the host process. */
  async shutDown(): Promise<void> {
    await Promise.allSettled([...this.#starting]);
    await Promise.all([...this.#entries.values()].map((entry) => entry.handle?.powerOff()));
    await this.#store.settled();
  }

  #follow(entry: Entry, handle: MachineHandle): void {
    const id = entry.definition.id;
    handle.on('state', (state) => {
      // Sent before the machine learnt that it is to stop, or that it has.
      if (entry.handle === handle && entry.state !== 'stopping') this.#setState(entry, state, '');
    });
    handle.on('activity', (reports) => this.emit('machine.activityReported', { id, reports }));
    handle.on('leds', (leds) => this.emit('machine.ledsChanged', { id, leds }));
    handle.on('pointerMode', (mode) => this.emit('machine.pointerModeChanged', { id, ...mode }));
    handle.on('log', ({ level, message }) => this.#log(entry, `${level}: ${message}`));
    handle.on('reset', () => this.#log(entry, 'info: The machine was reset'));
    handle.on('ended', (end) => this.#ended(entry, end));
    if (handle.end) this.#ended(entry, handle.end);
    else this.emit('console', { id, handle });
  }

  #ended(entry: Entry, end: MachineEnd): void {
    if (!entry.handle) return;
    entry.handle = null;
    entry.accelerator = null;
    this.#log(entry, `info: Ended: ${end.reason}${end.message === '' ? '' : ` (${end.message})`}`);
    const isOrderly = end.reason === 'poweredOff' || end.reason === 'stopped';
    const state: MachineState = isOrderly ? 'poweredOff' : end.reason === 'error' ? 'aborted' : 'crashed';
    this.#setState(entry, state, isOrderly ? '' : end.message);
  }

  #log(entry: Entry, line: string): void {
    const stamped = `${this.#host.nowIso()} ${line}`;
    entry.log.push(stamped);
    if (entry.log.length > LOG_LINES) entry.log.shift();
    this.#store.appendLog(entry.folder, stamped);
  }

  #setState(entry: Entry, state: MachineState, message: string): void {
    entry.state = state;
    entry.stateSince = this.#host.nowIso();
    entry.message = message;
    this.emit('machine.stateChanged', { id: entry.definition.id, state, message });
  }

  #entry(id: string): Entry {
    const entry = this.#entries.get(id);
    if (!entry)
      throw new OspiteError(
        'machine.notFound',
        'There is no machine with this id; "machine.list" tells which there are',
      );
    return entry;
  }

  #refuseRunning(entry: Entry, verb: string): void {
    if (entry.handle || entry.state === 'starting') {
      throw new OspiteError(
        'machine.wrongState',
        `Machine "${entry.definition.name}" is ${entry.state}; power it off before you ${verb}`,
      );
    }
    if (entry.isBusy)
      throw new OspiteError(
        'machine.wrongState',
        `Machine "${entry.definition.name}" is just being changed; wait before you ${verb}`,
      );
  }

  #refuseTakenName(name: string, except: string | null): void {
    const wanted = name.toLowerCase();
    for (const entry of this.#entries.values()) {
      if (entry.definition.id !== except && entry.definition.name.toLowerCase() === wanted) {
        throw new OspiteError(
          'machine.nameTaken',
          `There is already a machine named "${entry.definition.name}"; choose another name`,
        );
      }
    }
  }
}

function newEntry(folder: string, definition: MachineDefinition): Entry {
  return {
    folder,
    definition,
    state: 'poweredOff',
    message: '',
    stateSince: definition.createdAt,
    handle: null,
    isBusy: false,
    accelerator: null,
    log: [],
  };
}

/** Keeps starts and other changes out while the entry's files change. */
async function alone(entry: Entry, work: () => Promise<void>): Promise<void> {
  entry.isBusy = true;
  try {
    await work();
  } finally {
    entry.isBusy = false;
  }
}

function summarize(entry: Entry): MachineSummary {
  const { definition } = entry;
  return {
    id: definition.id,
    name: definition.name,
    os: definition.os,
    group: definition.group,
    state: entry.state,
    message: entry.message,
    memoryMib: definition.settings.memoryMib,
    cpus: definition.settings.cpus,
    stateSince: entry.stateSince,
    accelerator: entry.accelerator,
    isDisposable: false,
    folder: entry.folder,
  };
}
