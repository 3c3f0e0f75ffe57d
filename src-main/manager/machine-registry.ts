// Which machines a home has besides those in its own machines folder, which of those it is to leave alone, and the order of
// the list: <home>/registry.json.
import { z } from 'zod';
import { hostPath, id } from '../contract/primitives.ts';
import type { TextFile } from '../core/backends/text-file.ts';
import { JsonFile } from './json-file.ts';

export const registrySchema = z.strictObject({
  version: z.literal(1),
  /** Folders of machines outside the home's machines folder. */
  machines: z.array(hostPath).default([]),
  /** Folders inside it that were taken off the list with their files kept. */
  ignored: z.array(hostPath).default([]),
  /** Ids in the order of the list. */
  order: z.array(id).default([]),
});
export type RegistryContent = z.infer<typeof registrySchema>;

export class MachineRegistry {
  readonly #file: JsonFile<RegistryContent>;

  constructor(file: TextFile) {
    this.#file = new JsonFile({
      file,
      schema: registrySchema,
      initial: () => ({ version: 1 as const, machines: [], ignored: [], order: [] }),
      version: 1,
      fallsBackToPrevious: true,
    });
  }

  load(): Promise<void> {
    return this.#file.load();
  }

  /** Why the file could not be used; empty when it could. */
  get problem(): string {
    return this.#file.problem;
  }

  get machines(): readonly string[] {
    return this.#file.value.machines;
  }

  get ignored(): readonly string[] {
    return this.#file.value.ignored;
  }

  get order(): readonly string[] {
    return this.#file.value.order;
  }

  /** @param isOutside the folder is not in the home's machines folder */
  async add(folder: string, isOutside: boolean): Promise<void> {
    await this.#change((old) => ({
      ...old,
      machines: isOutside ? [...without(old.machines, folder), folder] : old.machines,
      ignored: without(old.ignored, folder),
    }));
  }

  async forget(folder: string, isOutside: boolean, keepsFiles: boolean): Promise<void> {
    await this.#change((old) => ({
      ...old,
      machines: without(old.machines, folder),
      ignored: isOutside || !keepsFiles ? without(old.ignored, folder) : [...without(old.ignored, folder), folder],
    }));
  }

  async arrange(order: readonly string[]): Promise<void> {
    await this.#change((old) => ({ ...old, order: [...order] }));
  }

  /** Saves only what is really new: most machines live in the home's folder and need no line here. */
  async #change(make: (old: RegistryContent) => RegistryContent): Promise<void> {
    const isSame = JSON.stringify(make(this.#file.value)) === JSON.stringify(this.#file.value);
    if (!isSame) await this.#file.change(make);
  }
}

function without(folders: readonly string[], folder: string): string[] {
  return folders.filter((other) => other !== folder);
}
