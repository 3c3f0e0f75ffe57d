// Finds the machines of a home and reads their definitions: at the start, and whenever somebody asks to look again. What cannot
// be used is told as inaccessible and left as it is.
import type { InaccessibleMachine } from '../contract/methods.ts';
import { OspiteError } from '../core/errors.ts';
import { type Entry, isUp, summarize } from './machine-entry.ts';
import type { MachineList } from './machine-list.ts';
import type { MachineRegistry } from './machine-registry.ts';
import type { RunEvents } from './machine-runs.ts';
import { DEFINITION_FILE, type MachineStore, type StoredDefinition } from './machine-store.ts';

interface LoaderParts {
  store: MachineStore;
  registry: MachineRegistry;
  list: MachineList;
  newEntry(folder: string, stored: StoredDefinition): Entry;
  emit<Name extends keyof RunEvents>(name: Name, event: RunEvents[Name]): void;
}

type Read = { folder: string } & ({ stored: StoredDefinition } | { reason: string });

/** Files read at the same time. */
const PARALLEL = 16;

export class MachineLoader {
  readonly #parts: LoaderParts;
  /** Folders that are just being made, or moved to: not yet what they will be. */
  readonly #making = new Set<string>();
  #turn: Promise<void> = Promise.resolve();

  constructor(parts: LoaderParts) {
    this.#parts = parts;
  }

  /** Keeps `refresh` from looking into a folder that is not complete yet. */
  async making<Result>(folder: string, work: () => Promise<Result>): Promise<Result> {
    this.#making.add(folder);
    try {
      return await work();
    } finally {
      this.#making.delete(folder);
    }
  }

  /** @throws {OspiteError} host.ioError, host.permissionDenied when the machines folder itself cannot be listed */
  refresh(): Promise<void> {
    return this.#inTurn(() => this.#refresh());
  }

  /** Adds a machine by its folder, or the definition in it. @throws {OspiteError} host.fileNotFound, machine.nameTaken, config.invalid */
  register(path: string): Promise<string> {
    return this.#inTurn(() => this.#register(path));
  }

  async forget(folder: string): Promise<void> {
    const { list, registry, store } = this.#parts;
    if (!list.inaccessible.some((machine) => machine.folder === folder))
      throw new OspiteError('machine.notFound', `${folder} is not among the inaccessible machines`);
    await registry.forget(folder, store.isOutside(folder), true);
    this.#setInaccessible(list.inaccessible.filter((machine) => machine.folder !== folder));
  }

  #inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
    const mine = this.#turn.then(work);
    this.#turn = mine.then(
      () => {},
      () => {}, // Told to the one who asked.
    );
    return mine;
  }

  async #refresh(): Promise<void> {
    const { store, registry, list } = this.#parts;
    const scanned = (await store.scan()).filter((folder) => !registry.ignored.includes(folder));
    const folders = [...new Set([...scanned, ...registry.machines])];
    const inaccessible: InaccessibleMachine[] = [];
    for (const entry of list.all()) if (!folders.includes(entry.folder) && !isHeld(entry)) this.#drop(entry);
    for (let from = 0; from < folders.length; from += PARALLEL) {
      const some = folders.slice(from, from + PARALLEL).filter((folder) => !this.#isSkipped(folder));
      for (const read of await Promise.all(some.map((folder) => this.#read(folder)))) {
        const reason = this.#isSkipped(read.folder) ? null : await this.#take(read);
        if (reason !== null) inaccessible.push({ folder: read.folder, reason });
      }
    }
    this.#setInaccessible(inaccessible);
  }

  async #read(folder: string): Promise<Read> {
    try {
      return { folder, stored: await this.#parts.store.load(folder) };
    } catch (error) {
      return { folder, reason: error instanceof Error ? error.message : String(error) };
    }
  }

  /** Makes what was read part of the list. Returns why it cannot be used, or null. */
  async #take(read: Read): Promise<string | null> {
    const { list } = this.#parts;
    const known = list.inFolder(read.folder);
    if ('reason' in read) {
      if (known) this.#drop(known);
      return read.reason;
    }
    const { stored } = read;
    if (known && known.definition.id !== stored.definition.id) this.#drop(known);
    else if (known) {
      if (known.text === stored.text) return null;
      Object.assign(known, stored);
      this.#parts.emit('machine.changed', summarize(known));
      return null;
    }
    if (list.has(stored.definition.id)) {
      const twin = list.get(stored.definition.id);
      return `It has the same id as the machine in "${twin.folder}"; remove one of the two copies`;
    }
    await this.#add(read.folder, stored);
    return null;
  }

  async #add(folder: string, stored: StoredDefinition): Promise<Entry> {
    const { list, store, newEntry, emit } = this.#parts;
    const entry = newEntry(folder, stored);
    const [lockState, endedAt] = await Promise.all([
      store.folders.lockState(folder),
      store.folders.modifiedAt(folder, 'logs/machine.log'),
    ]);
    if (endedAt !== null) entry.stateSince = endedAt;
    if (lockState === 'stale') {
      entry.state = 'aborted';
      entry.message =
        'Ospite ended while this machine ran, as if its plug had been pulled; check the disks in the guest';
    } else if (lockState === 'held') {
      entry.message = 'It runs in another Ospite, with another home';
    }
    list.add(entry);
    emit('machine.added', summarize(entry));
    return entry;
  }

  async #register(path: string): Promise<string> {
    const { store, registry, list } = this.#parts;
    const { folders } = store;
    if (!folders.isAbsolute(path))
      throw new OspiteError('host.fileNotFound', `"${path}" is no whole path; start it at the root`);
    const given = folders.normalize(path);
    const folder = folders.nameOf(given) === DEFINITION_FILE ? folders.parentOf(given) : given;
    const known = list.inFolder(folder);
    if (known) return known.definition.id;
    if (!(await folders.isFolder(folder)))
      throw new OspiteError('host.fileNotFound', `"${path}" is neither a machine's folder nor its ${DEFINITION_FILE}`);
    const stored = await store.load(folder);
    const { id, name } = stored.definition;
    if (list.has(id))
      throw new OspiteError(
        'machine.nameTaken',
        `This is a copy of "${list.get(id).definition.name}" in ${list.get(id).folder}: both have one id; remove that one first`,
      );
    list.refuseTakenName(name, null);
    await registry.add(folder, store.isOutside(folder));
    await this.#add(folder, stored);
    this.#setInaccessible(list.inaccessible.filter((machine) => machine.folder !== folder));
    return id;
  }

  /** Not to be looked at now: it runs, is busy, or is just being made. */
  #isSkipped(folder: string): boolean {
    const known = this.#parts.list.inFolder(folder);
    return this.#making.has(folder) || (known !== null && isHeld(known));
  }

  #drop(entry: Entry): void {
    const { id } = entry.definition;
    this.#parts.list.delete(id);
    this.#parts.emit('machine.removed', { id });
  }

  #setInaccessible(inaccessible: InaccessibleMachine[]): void {
    const { list, emit } = this.#parts;
    const isSame = JSON.stringify(list.inaccessible) === JSON.stringify(inaccessible);
    list.inaccessible = inaccessible;
    if (!isSame) emit('machine.inaccessibleChanged', { inaccessible });
  }
}

/** What runs or is being moved is not touched; its file is compared before it is next written. */
function isHeld(entry: Entry): boolean {
  return isUp(entry) || entry.isBusy;
}
