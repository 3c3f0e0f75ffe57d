// Machine definitions on disk: machine.json in a folder for each machine. A file that cannot be understood is reported and
// never written to; one that somebody else has changed since it was read is not overwritten either.
import { MACHINE_VERSION, type MachineDefinition, machineDefinition } from '../contract/machine.ts';
import type { FolderStore } from '../core/backends/folder-store.ts';
import { OspiteError } from '../core/errors.ts';
import { describe } from './faults.ts';
import { located, portable } from './machine-paths.ts';
import { migrate } from './migrations/index.ts';

export const DEFINITION_FILE = 'machine.json';

/** A definition and the text it was read from or written as. */
export interface StoredDefinition {
  definition: MachineDefinition;
  text: string;
}

export class MachineStore {
  readonly folders: FolderStore;
  /** Where machines of this home are found unasked. */
  readonly root: string;

  constructor(folders: FolderStore, root: string) {
    this.folders = folders;
    this.root = root;
  }

  isOutside(folder: string): boolean {
    return this.folders.parentOf(folder) !== this.root;
  }

  /** Folders in the root, in the order of their names. */
  async scan(): Promise<string[]> {
    return (await this.folders.folders(this.root)).sort().map((name) => this.folders.join(this.root, name));
  }

  /** @throws {OspiteError} config.invalid, host.fileNotFound, host.ioError, host.permissionDenied */
  async load(folder: string): Promise<StoredDefinition> {
    const text = await this.folders.read(folder, DEFINITION_FILE);
    if (text === null && !(await this.folders.isFolder(folder)))
      throw new OspiteError('host.fileNotFound', 'The folder is not there; connect its disk, or add the machine anew');
    return { definition: located(parseDefinition(text), folder, this.folders), text: text! };
  }

  /** True while the file still is as it was read or written. */
  async isUnchanged(folder: string, text: string): Promise<boolean> {
    return (await this.folders.read(folder, DEFINITION_FILE)) === text;
  }

  /** Returns the text that was written. */
  async save(folder: string, definition: MachineDefinition): Promise<string> {
    const text = `${JSON.stringify(portable(definition, folder, this.folders), null, 2)}\n`;
    await this.folders.write(folder, DEFINITION_FILE, text);
    return text;
  }
}

/** @throws {OspiteError} config.invalid for anything that is no definition of this version or an older one */
export function parseDefinition(text: string | null): MachineDefinition {
  if (text === null) throw new OspiteError('config.invalid', `The folder has no ${DEFINITION_FILE}`);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new OspiteError(
      'config.invalid',
      `${DEFINITION_FILE} is not valid JSON: ${(error as Error).message}; ${DEFINITION_FILE}.previous may hold the last good one`,
    );
  }
  const version = typeof value === 'object' && value !== null && 'version' in value ? value.version : undefined;
  if (typeof version === 'number' && version > MACHINE_VERSION) {
    throw new OspiteError(
      'config.invalid',
      `${DEFINITION_FILE} has version ${version}, this Ospite knows versions up to ${MACHINE_VERSION}; use a newer Ospite`,
    );
  }
  const parsed = machineDefinition.safeParse(migrate(value));
  if (!parsed.success) throw new OspiteError('config.invalid', `${DEFINITION_FILE}: ${describe(parsed.error)}`);
  return parsed.data;
}
