// Machine definitions on disk: <home>/machines/<name>/machine.json. A file that cannot be understood is reported as
// inaccessible and never written to.

import { MACHINE_VERSION, type MachineDefinition, machineDefinition } from '../contract/machine.ts';
import type { FolderStore } from '../core/backends/folder-store.ts';
import { OspiteError } from '../core/errors.ts';
import { describe } from './faults.ts';
import { migrate } from './migrations/index.ts';

const FILE = 'machine.json';
const LOG = 'machine.log';
const NEWEST_VERSION = MACHINE_VERSION;

export interface LoadedMachines {
  machines: { folder: string; definition: MachineDefinition }[];
  inaccessible: { folder: string; reason: string }[];
}

export class MachineStore {
  readonly #store: FolderStore;

  constructor(store: FolderStore) {
    this.#store = store;
  }

  async loadAll(): Promise<LoadedMachines> {
    const loaded: LoadedMachines = { machines: [], inaccessible: [] };
    const seen = new Map<string, string>();
    for (const folder of (await this.#store.folders()).sort()) {
      try {
        const definition = parseDefinition(await this.#store.read(folder, FILE));
        const twin = seen.get(definition.id);
        if (twin !== undefined)
          throw new OspiteError(
            'config.invalid',
            `It has the same id as the machine in "${twin}"; remove one of the two copies`,
          );
        seen.set(definition.id, folder);
        loaded.machines.push({ folder, definition });
      } catch (error) {
        loaded.inaccessible.push({
          folder: `${this.#store.path}/${folder}`,
          reason: error instanceof Error ? error.message : String(error),
        });
      }
    }
    return loaded;
  }

  async create(definition: MachineDefinition): Promise<void> {
    await this.#store.create(definition.name);
    try {
      await this.save(definition.name, definition);
    } catch (error) {
      await this.#store.remove(definition.name).catch(() => {}); // Why it could not be saved is what its owner must hear.
      throw error;
    }
  }

  async save(folder: string, definition: MachineDefinition): Promise<void> {
    await this.#store.write(folder, FILE, `${JSON.stringify(definition, null, 2)}\n`);
  }

  rename(from: string, to: string): Promise<void> {
    return this.#store.rename(from, to);
  }

  remove(folder: string): Promise<void> {
    return this.#store.remove(folder);
  }

  appendLog(folder: string, line: string): void {
    this.#store.append(folder, LOG, `${line}\n`);
  }

  /** Resolves when the logs are written. */
  settled(): Promise<void> {
    return this.#store.settled();
  }

  /** The log and what was turned over before it. */
  async readLog(folder: string): Promise<string> {
    const previous = (await this.#store.read(folder, `${LOG}.previous`)) ?? '';
    return previous + ((await this.#store.read(folder, LOG)) ?? '');
  }
}

/** @throws {OspiteError} config.invalid for anything that is no definition of this version */
export function parseDefinition(text: string | null): MachineDefinition {
  if (text === null) throw new OspiteError('config.invalid', `The folder has no ${FILE}`);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new OspiteError(
      'config.invalid',
      `${FILE} is not valid JSON: ${(error as Error).message}; ${FILE}.previous may hold the last good one`,
    );
  }
  const version = typeof value === 'object' && value !== null && 'version' in value ? value.version : undefined;
  if (typeof version === 'number' && version > NEWEST_VERSION) {
    throw new OspiteError(
      'config.invalid',
      `${FILE} has version ${version}, this Ospite knows versions up to ${NEWEST_VERSION}; use a newer Ospite`,
    );
  }
  const parsed = machineDefinition.safeParse(migrate(value));
  if (!parsed.success) throw new OspiteError('config.invalid', `${FILE}: ${describe(parsed.error)}`);
  return parsed.data;
}
