// The switches of one process by mode and name: made when the first adapter plugs in, gone with the last.
import type { Clock } from '../core/clock.ts';
import { LearningSwitch } from './switch.ts';

export class SwitchFabric {
  readonly #clock: Clock;
  readonly #switches = new Map<string, LearningSwitch>();

  /** @param clock ages learned addresses; a host clock where several machines meet */
  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Names of the networks that have an adapter plugged in, for one mode. */
  names(mode: string): string[] {
    const prefix = `${mode}:`;
    return [...this.#switches.keys()].filter((key) => key.startsWith(prefix)).map((key) => key.slice(prefix.length));
  }

  switchFor(mode: string, name: string): LearningSwitch {
    const key = `${mode}:${name}`;
    let found = this.#switches.get(key);
    if (!found) {
      found = new LearningSwitch(name, this.#clock, () => this.#switches.delete(key));
      this.#switches.set(key, found);
    }
    return found;
  }
}
