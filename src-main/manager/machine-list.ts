// The machines of a home as a collection: found by id, told apart by name, in the order that their owner gave them.
import type { InaccessibleMachine } from '../contract/methods.ts';
import { OspiteError } from '../core/errors.ts';
import type { Entry } from './machine-entry.ts';
import { pathsOf } from './machine-paths.ts';
import type { MachineRegistry } from './machine-registry.ts';

export class MachineList {
  readonly #registry: MachineRegistry;
  readonly #entries = new Map<string, Entry>();
  inaccessible: InaccessibleMachine[] = [];

  constructor(registry: MachineRegistry) {
    this.#registry = registry;
  }

  /** As their owner arranged them; the others follow by age. */
  all(): Entry[] {
    const places = new Map(this.#registry.order.map((id, index) => [id, index]));
    const place = ({ definition }: Entry): number => places.get(definition.id) ?? places.size;
    return [...this.#entries.values()].sort(
      (a, b) =>
        place(a) - place(b) ||
        compare(a.definition.createdAt, b.definition.createdAt) ||
        compare(a.definition.name, b.definition.name),
    );
  }

  order(): string[] {
    return this.all().map(({ definition }) => definition.id);
  }

  has(id: string): boolean {
    return this.#entries.has(id);
  }

  /** @throws {OspiteError} machine.notFound */
  get(id: string): Entry {
    const entry = this.#entries.get(id);
    if (!entry)
      throw new OspiteError(
        'machine.notFound',
        'There is no machine with this id; "machine.list" tells which there are',
      );
    return entry;
  }

  inFolder(folder: string): Entry | null {
    return [...this.#entries.values()].find((entry) => entry.folder === folder) ?? null;
  }

  add(entry: Entry): void {
    this.#entries.set(entry.definition.id, entry);
  }

  delete(id: string): void {
    this.#entries.delete(id);
  }

  /** @throws {OspiteError} machine.nameTaken; names that differ by case only are the same on some hosts */
  refuseTakenName(name: string, except: string | null): void {
    const wanted = name.toLowerCase();
    for (const { definition } of this.#entries.values()) {
      if (definition.id !== except && definition.name.toLowerCase() === wanted)
        throw new OspiteError(
          'machine.nameTaken',
          `There is already a machine named "${definition.name}"; choose another name`,
        );
    }
  }

  /** The other machines whose settings name a file for which `isMeant` holds. */
  users(entry: Entry, isMeant: (path: string) => boolean): Entry[] {
    return [...this.#entries.values()].filter(
      (other) => other !== entry && pathsOf(other.definition.settings).some(isMeant),
    );
  }
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
