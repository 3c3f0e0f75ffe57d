// What lies in a machine's folder, who else needs it, and where the folder may go.
import type { MethodOutput } from '../contract/methods.ts';
import { OspiteError } from '../core/errors.ts';
import { type Entry, isUp } from './machine-entry.ts';
import type { MachineList } from './machine-list.ts';
import { pathsOf } from './machine-paths.ts';
import { SCRATCH_FOLDER } from './machine-runs.ts';
import { DEFINITION_FILE, type MachineStore } from './machine-store.ts';

/** What Ospite itself puts into a machine's folder besides its disks. */
const OWN_NAMES = [
  DEFINITION_FILE,
  `${DEFINITION_FILE}.previous`,
  `${DEFINITION_FILE}.new`,
  'logs',
  SCRATCH_FOLDER,
  'running.lock',
];

export class MachineFolders {
  readonly #store: MachineStore;
  readonly #list: MachineList;

  constructor(store: MachineStore, list: MachineList) {
    this.#store = store;
    this.#list = list;
  }

  /** @throws {OspiteError} host.fileNotFound for a folder of new machines that its owner chose and that has gone, as with its disk */
  async checkParent(parent: string): Promise<void> {
    if (parent !== this.#store.root && !(await this.#store.folders.isFolder(parent)))
      throw new OspiteError(
        'host.fileNotFound',
        `The folder for new machines, ${parent}, is not there; connect its disk, or choose another in the preferences`,
      );
  }

  /** The files in its folder, and those elsewhere that its settings name. */
  async files(entry: Entry): Promise<MethodOutput<'machine.files'>> {
    const { folders } = this.#store;
    const usedBy = (path: string): string[] =>
      this.#list.users(entry, (used) => used === path).map(({ definition }) => definition.name);
    const owned = (await folders.files(entry.folder))
      .filter(({ name }) => !name.endsWith('.lock')) // Gone with what they lock.
      .map(({ name, sizeBytes }) => {
        const path = folders.join(entry.folder, name);
        return { path, sizeBytes, isOwned: true, usedBy: usedBy(path) };
      });
    const others = pathsOf(entry.definition.settings)
      .filter((path) => folders.within(entry.folder, path) === null)
      .map(async (path) => ({
        path,
        sizeBytes: (await folders.sizeOf(path)) ?? 0,
        isOwned: false,
        usedBy: usedBy(path),
      }));
    return { folder: entry.folder, files: [...owned, ...(await Promise.all(others))] };
  }

  /** @throws {OspiteError} medium.locked while another machine has a disk in this one's folder */
  refuseUsedByOthers(entry: Entry): void {
    const [user] = this.#users(entry);
    if (!user) return;
    const path = pathsOf(user.definition.settings).find((used) => this.#isIn(entry, used));
    throw new OspiteError(
      'medium.locked',
      `Machine "${user.definition.name}" uses "${path}" in the folder of "${entry.definition.name}"; release it there, or keep the files`,
    );
  }

  /** @throws {OspiteError} machine.wrongState while a running machine has a disk in this one's folder */
  refuseRunningUsers(entry: Entry): void {
    const user = this.#users(entry).find(isUp);
    if (user)
      throw new OspiteError(
        'machine.wrongState',
        `Machine "${user.definition.name}" runs with a file of "${entry.definition.name}"; power it off first`,
      );
  }

  /**
   * Deletes the machine's files. A folder in the home's machines folder is Ospite's own and goes whole; one that somebody added
   * from elsewhere may hold other things, and only what belongs to the machine is taken out of it.
   */
  async remove(entry: Entry): Promise<void> {
    const { folders } = this.#store;
    if (!this.#store.isOutside(entry.folder)) return await folders.remove(entry.folder);
    const media = pathsOf(entry.definition.settings).flatMap((path) => folders.within(entry.folder, path) ?? []);
    await folders.removeOnly(entry.folder, [...OWN_NAMES, ...media]);
  }

  /** Where the folder is to go. @throws {OspiteError} host.fileNotFound, machine.nameTaken, machine.wrongState, usage.invalid */
  async checkMove(entry: Entry, folder: string): Promise<string> {
    const { folders } = this.#store;
    const parent = folders.normalize(folder);
    if (!folders.isAbsolute(folder) || !(await folders.isFolder(parent)))
      throw new OspiteError(
        'host.fileNotFound',
        `There is no folder "${folder}"; make it first, and give its whole path`,
      );
    const target = folders.join(parent, folders.nameOf(entry.folder));
    if (target === entry.folder)
      throw new OspiteError('machine.nameTaken', `"${entry.definition.name}" is in ${parent} already`);
    if (parent === entry.folder || folders.within(entry.folder, parent) !== null)
      throw new OspiteError(
        'usage.invalid',
        `A folder cannot be moved into itself; choose one outside ${entry.folder}`,
      );
    if (await folders.isFolder(target))
      throw new OspiteError('machine.nameTaken', `There is already a folder ${target}; choose another place`);
    this.refuseRunningUsers(entry);
    return target;
  }

  #users(entry: Entry): Entry[] {
    return this.#list.users(entry, (path) => this.#isIn(entry, path));
  }

  #isIn(entry: Entry, path: string): boolean {
    return this.#store.folders.within(entry.folder, path) !== null;
  }
}
