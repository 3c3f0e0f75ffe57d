// What the manager knows of one machine.
import { isActive, type MachineDefinition, type MachineState } from '../contract/machine.ts';
import type { MachineSummary } from '../contract/methods.ts';
import type { FolderLock } from '../core/backends/folder-store.ts';
import { OspiteError } from '../core/errors.ts';
import type { SerialHistory } from '../core/serial-history.ts';
import type { MachineHandle } from '../engine/handle.ts';
import type { ActivityRecorder } from './activity-recorder.ts';
import type { MachineLog } from './machine-log.ts';

export interface Entry {
  /** Absolute path. */
  folder: string;
  definition: MachineDefinition;
  /** The definition's file as it was last read or written here. */
  text: string;
  state: MachineState;
  message: string;
  stateSince: string;
  handle: MachineHandle | null;
  accelerator: string | null;
  isDisposable: boolean;
  /** Held while it runs: says so to other processes, and to the next one after a crash of this. */
  lock: FolderLock | null;
  /** Its folder is being moved or removed: nothing else may begin. */
  isBusy: boolean;
  /** Changes of the definition, one after the other. */
  changes: Promise<void>;
  readonly log: MachineLog;
  readonly activity: ActivityRecorder;
  /** What this run, or the last, has printed, by serial port. */
  serial: Map<number, SerialHistory>;
}

export function newEntry(
  folder: string,
  stored: { definition: MachineDefinition; text: string },
  parts: { log: MachineLog; activity: ActivityRecorder },
): Entry {
  return {
    folder,
    ...stored,
    ...parts,
    state: 'poweredOff',
    message: '',
    stateSince: stored.definition.createdAt,
    handle: null,
    accelerator: null,
    isDisposable: false,
    lock: null,
    isBusy: false,
    changes: Promise.resolve(),
    serial: new Map(),
  };
}

export function summarize(entry: Entry): MachineSummary {
  const { definition } = entry;
  return {
    id: definition.id,
    name: definition.name,
    os: definition.os,
    group: definition.group,
    state: entry.state,
    stateSince: entry.stateSince,
    message: entry.message,
    memoryMib: definition.settings.memoryMib,
    cpus: definition.settings.cpus,
    accelerator: entry.accelerator,
    isDisposable: entry.isDisposable,
    startMode: definition.ui.startMode,
    folder: entry.folder,
  };
}

/** It runs, or is just about to. */
export function isUp(entry: Entry): boolean {
  return entry.handle !== null || isActive(entry.state);
}

/** @throws {OspiteError} machine.wrongState */
export function refuseUp(entry: Entry, verb: string): void {
  if (isUp(entry))
    throw new OspiteError(
      'machine.wrongState',
      `Machine "${entry.definition.name}" is ${entry.state}; power it off before you ${verb}`,
    );
  refuseBusy(entry, verb);
}

/** @throws {OspiteError} machine.wrongState */
export function refuseBusy(entry: Entry, verb: string): void {
  if (entry.isBusy)
    throw new OspiteError(
      'machine.wrongState',
      `Machine "${entry.definition.name}" is just being moved or removed; wait before you ${verb}`,
    );
}

/** Keeps starts and other changes out while the machine's folder changes. */
export async function alone<Result>(entry: Entry, work: () => Promise<Result>): Promise<Result> {
  entry.isBusy = true;
  try {
    await entry.changes;
    return await work();
  } finally {
    entry.isBusy = false;
  }
}

/** Runs the change after those that came before it. */
export function inTurn<Result>(entry: Entry, change: () => Promise<Result>): Promise<Result> {
  const mine = entry.changes.then(change);
  entry.changes = mine.then(
    () => {},
    () => {}, // Told to the one who asked.
  );
  return mine;
}
