// The life of machines: starts them, follows what they say, and writes down how they end.
import type { Events } from '../contract/events.ts';
import type { MachineDefinition, MachineState } from '../contract/machine.ts';
import { OspiteError } from '../core/errors.ts';
import { SerialHistory } from '../core/serial-history.ts';
import type { MachineEnd, MachineHandle } from '../engine/handle.ts';
import { type Entry, refuseUp, summarize } from './machine-entry.ts';
import type { MachineStore } from './machine-store.ts';

export interface StartWishes {
  /** Throw away at power-off whatever the guest writes. */
  isDisposable: boolean;
  startPaused: boolean;
}

/** What running machines say, to every client and to the consoles. */
export type RunEvents = Events & { console: { id: string; handle: MachineHandle } };

export interface RunsHost {
  /** @param scratchFolder where a disposable machine keeps its writes; null for others. @throws {OspiteError} feature.unavailable */
  startMachine(
    definition: MachineDefinition,
    options: { startPaused: boolean; scratchFolder: string | null },
  ): Promise<MachineHandle>;
  /** The machine's worker died and could not give its media back. */
  releaseMedia(definition: MachineDefinition, threadId: number): void;
  nowIso(): string;
  emit<Name extends keyof RunEvents>(name: Name, event: RunEvents[Name]): void;
}

/** Below the machine's folder. */
export const SCRATCH_FOLDER = 'scratch';

export class MachineRuns {
  readonly #store: MachineStore;
  readonly #host: RunsHost;
  readonly #starting = new Set<Promise<void>>();
  readonly #ending = new Set<Promise<void>>();

  constructor(store: MachineStore, host: RunsHost) {
    this.#store = store;
    this.#host = host;
  }

  /** @param prepare called first, as a part of the start: reads what was changed by hand */
  async start(entry: Entry, wishes: StartWishes, prepare: () => Promise<void>): Promise<void> {
    refuseUp(entry, 'start it');
    const start = this.#start(entry, wishes, prepare);
    this.#starting.add(start);
    try {
      await start;
    } finally {
      this.#starting.delete(start);
    }
  }

  async powerOff(entry: Entry): Promise<void> {
    const handle = this.handle(entry);
    this.setState(entry, 'stopping', '');
    await handle.powerOff();
    await Promise.all([...this.#ending]);
  }

  /** @throws {OspiteError} machine.wrongState */
  handle(entry: Entry): MachineHandle {
    if (!entry.handle)
      throw new OspiteError('machine.wrongState', `Machine "${entry.definition.name}" is not running; start it first`);
    return entry.handle;
  }

  /** Resolves when no start is under way and all ends are written down. */
  async settled(): Promise<void> {
    await Promise.allSettled([...this.#starting]);
    await Promise.all([...this.#ending]);
  }

  setState(entry: Entry, state: MachineState, message: string): void {
    entry.state = state;
    entry.stateSince = this.#host.nowIso();
    entry.message = message;
    this.#host.emit('machine.stateChanged', { id: entry.definition.id, state, message });
    this.#host.emit('machine.changed', summarize(entry));
  }

  async #start(entry: Entry, wishes: StartWishes, prepare: () => Promise<void>): Promise<void> {
    const before = { state: entry.state, message: entry.message };
    entry.isDisposable = wishes.isDisposable;
    this.setState(entry, 'starting', '');
    try {
      await Promise.all([entry.changes, ...this.#ending]); // The last run's lock may just be on its way out.
      await prepare();
    } catch (error) {
      entry.isDisposable = false;
      this.setState(entry, before.state, before.message);
      throw error;
    }
    entry.log.begin(entry.folder);
    try {
      entry.lock = await this.#lock(entry);
      entry.handle = await this.#host.startMachine(entry.definition, {
        startPaused: wishes.startPaused,
        scratchFolder: wishes.isDisposable ? this.#store.folders.join(entry.folder, SCRATCH_FOLDER) : null,
      });
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      this.#log(entry, `error: Could not start: ${message}`);
      entry.isDisposable = false;
      await this.#unlock(entry);
      this.setState(entry, 'poweredOff', message);
      throw error;
    }
    const { id: accelerator, reason } = entry.handle.accelerator;
    entry.accelerator = accelerator;
    this.#log(entry, `info: Starting with ${entry.definition.settings.memoryMib} MiB on the ${accelerator}: ${reason}`);
    if (wishes.isDisposable) this.#log(entry, 'info: What the guest writes is thrown away at power-off');
    this.#follow(entry, entry.handle);
  }

  async #lock(entry: Entry): Promise<Entry['lock']> {
    try {
      return await this.#store.folders.lock(entry.folder);
    } catch (error) {
      if (!(error instanceof OspiteError) || error.code !== 'medium.locked') throw error;
      throw new OspiteError(
        'machine.wrongState',
        `Machine "${entry.definition.name}" runs in another Ospite (process ${String(error.details['pid'])}); power it off there first`,
        { cause: error },
      );
    }
  }

  async #unlock(entry: Entry): Promise<void> {
    const { lock } = entry;
    entry.lock = null;
    // What stays behind tells of a crash that was none; the next start puts that right.
    await lock?.release().catch((error: unknown) => this.#log(entry, `warn: ${String(error)}`));
  }

  #follow(entry: Entry, handle: MachineHandle): void {
    const { id } = entry.definition;
    entry.serial = new Map();
    handle.on('state', (state) => {
      // Sent before the machine learnt that it is to stop, or that it has.
      if (entry.handle === handle && entry.state !== 'stopping') this.setState(entry, state, '');
    });
    handle.on('activity', (reports) => this.#host.emit('machine.activityReported', { id, reports }));
    handle.on('leds', (leds) => this.#host.emit('machine.ledsChanged', { id, leds }));
    handle.on('pointerMode', (mode) => this.#host.emit('machine.pointerModeChanged', { id, ...mode }));
    handle.on('serial', ({ port, bytes }) => remember(entry, port, bytes));
    handle.on('log', ({ level, message }) => this.#log(entry, `${level}: ${message}`));
    handle.on('reset', () => this.#log(entry, 'info: The machine was reset'));
    handle.on('ended', (end) => this.#ended(entry, handle, end));
    if (handle.end) return this.#ended(entry, handle, handle.end);
    entry.activity.start(() => handle.stats());
    this.#host.emit('console', { id, handle });
  }

  #ended(entry: Entry, handle: MachineHandle, end: MachineEnd): void {
    if (entry.handle !== handle) return;
    entry.handle = null;
    entry.accelerator = null;
    entry.isDisposable = false;
    entry.activity.stop();
    if (end.reason === 'crashed') this.#host.releaseMedia(entry.definition, handle.threadId);
    this.#log(entry, `info: Ended: ${end.reason}${end.message === '' ? '' : ` (${end.message})`}`);
    const unlocking = this.#unlock(entry);
    this.#ending.add(unlocking);
    void unlocking.finally(() => this.#ending.delete(unlocking));
    const isOrderly = end.reason === 'poweredOff' || end.reason === 'stopped';
    const state: MachineState = isOrderly ? 'poweredOff' : end.reason === 'error' ? 'aborted' : 'crashed';
    this.setState(entry, state, isOrderly ? '' : end.message);
  }

  #log(entry: Entry, line: string): void {
    entry.log.add(entry.folder, line);
  }
}

function remember(entry: Entry, port: number, bytes: Uint8Array): void {
  let history = entry.serial.get(port);
  if (!history) {
    history = new SerialHistory();
    entry.serial.set(port, history);
  }
  history.append(bytes);
}
