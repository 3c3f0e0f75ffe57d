// The preferences of one home, in <home>/preferences.json.
import { type Preferences, preferences } from '../contract/preferences.ts';
import type { TextFile } from '../core/backends/text-file.ts';
import { present } from '../core/present.ts';
import { JsonFile } from './json-file.ts';

export type PreferencesChange = { [Name in Exclude<keyof Preferences, 'version'>]?: Preferences[Name] | undefined };

export class PreferencesStore {
  readonly #file: JsonFile<Preferences>;
  readonly #onChanged: (changed: Preferences) => void;

  constructor(file: TextFile, onChanged: (changed: Preferences) => void) {
    this.#file = new JsonFile<Preferences>({
      file,
      schema: preferences,
      initial: () => preferences.parse({}),
      version: 1,
      fallsBackToPrevious: false,
    });
    this.#onChanged = onChanged;
  }

  load(): Promise<void> {
    return this.#file.load();
  }

  get(): Preferences {
    return this.#file.value;
  }

  /** Why the file could not be used and defaults hold; empty when it could. */
  get problem(): string {
    return this.#file.problem;
  }

  /** @throws {OspiteError} host.ioError, host.permissionDenied when they cannot be saved */
  async set(change: PreferencesChange): Promise<Preferences> {
    const changed = await this.#file.change((old) => ({ ...old, ...present(change) }));
    this.#onChanged(changed);
    return changed;
  }
}
