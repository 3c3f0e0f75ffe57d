// A value kept in a JSON file of its own, checked by a schema. A file that cannot be used is reported, not overwritten: until
// the value is changed a stand-in is used, and then the file is put aside as `<file>.damaged`.
import type { z } from 'zod';
import type { TextFile } from '../core/backends/text-file.ts';
import { OspiteError } from '../core/errors.ts';
import { describe } from './faults.ts';

export interface JsonFileOptions<T> {
  file: TextFile;
  schema: z.ZodType<T>;
  /** The value where there is no file. */
  initial(): T;
  /** The newest `version` that the schema knows. */
  version: number;
  /** Use `<file>.previous` in place of a damaged file: for values that a person could not easily make anew. */
  fallsBackToPrevious: boolean;
}

export class JsonFile<T extends { version: number }> {
  readonly #options: JsonFileOptions<T>;
  #value: T;
  #problem = '';
  #saving: Promise<void> = Promise.resolve();

  constructor(options: JsonFileOptions<T>) {
    this.#options = options;
    this.#value = options.initial();
  }

  get value(): T {
    return this.#value;
  }

  /** Why the file could not be used; empty when it could. */
  get problem(): string {
    return this.#problem;
  }

  /** Never throws: what is wrong becomes the `problem`. */
  async load(): Promise<void> {
    const { file, initial, fallsBackToPrevious } = this.#options;
    try {
      const text = await file.read();
      this.#value = text === null ? initial() : this.#parse(text);
      this.#problem = '';
      return;
    } catch (error) {
      this.#problem = error instanceof Error ? error.message : String(error);
    }
    this.#value = initial();
    if (!fallsBackToPrevious) return;
    try {
      const previous = await file.readPrevious();
      if (previous === null) return;
      this.#value = this.#parse(previous);
      this.#problem += `; its previous copy is used instead`;
    } catch {} // As damaged as the file itself, whose problem is told.
  }

  /**
   * Makes the new value from the newest one and saves it; changes wait for each other. A failure leaves the value as it was.
   * @throws {OspiteError} host.ioError, host.permissionDenied
   */
  async change(make: (old: T) => T): Promise<T> {
    const mine = this.#saving.then(async () => {
      const value = make(this.#value);
      if (this.#problem !== '') await this.#options.file.setAside();
      await this.#options.file.write(`${JSON.stringify(value, null, 2)}\n`);
      this.#problem = '';
      this.#value = value;
    });
    this.#saving = mine.catch(() => {}); // Told to the one who asked; the next change is another try.
    await mine;
    return this.#value;
  }

  #parse(text: string): T {
    const { file, schema, version } = this.#options;
    let value: unknown;
    try {
      value = JSON.parse(text);
    } catch (error) {
      throw new OspiteError('config.invalid', `${file.path} is not valid JSON: ${(error as Error).message}`);
    }
    const found = typeof value === 'object' && value !== null && 'version' in value ? value.version : undefined;
    if (typeof found === 'number' && found > version)
      throw new OspiteError(
        'config.invalid',
        `${file.path} has version ${found}, this Ospite knows versions up to ${version}; use a newer Ospite`,
      );
    const parsed = schema.safeParse(value);
    if (!parsed.success) throw new OspiteError('config.invalid', `${file.path}: ${describe(parsed.error)}`);
    return parsed.data;
  }
}
