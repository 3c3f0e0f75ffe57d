// The end of the host process: running machines get what their owner prefers, and nobody is killed without a word. Guests that
// hear their power button have half a minute to go by themselves; asking again, or for `powerOff`, ends the patience.
import type { Preferences } from '../contract/preferences.ts';
import type { MachineHandle } from '../engine/handle.ts';
import type { MachineManager } from '../manager/machine-manager.ts';

export type OnHostExit = Preferences['onHostExit'];

const PATIENCE_MS = 30_000;

export class Farewell {
  readonly #manager: MachineManager;
  readonly #patienceMs: number;
  readonly #impatient = new AbortController();

  constructor(manager: MachineManager, patienceMs: number = PATIENCE_MS) {
    this.#manager = manager;
    this.#patienceMs = patienceMs;
  }

  /** Resolves when every machine is off. */
  async say(wish: OnHostExit): Promise<void> {
    if (wish === 'powerOff') this.hurry();
    await this.#manager.shutDown((running) => this.#leave(running));
  }

  /** Waits for guests no longer. */
  hurry(): void {
    this.#impatient.abort();
  }

  async #leave(running: readonly MachineHandle[]): Promise<void> {
    const { signal } = this.#impatient;
    if (signal.aborted) return;
    const leaving = (await Promise.all(running.map(pressed))).filter((handle) => handle !== null);
    if (leaving.length === 0) return;
    let forget = (): void => {};
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, this.#patienceMs);
      const hurry = (): void => resolve();
      signal.addEventListener('abort', hurry, { once: true });
      forget = () => {
        clearTimeout(timer);
        signal.removeEventListener('abort', hurry);
      };
      void Promise.all(leaving.map((handle) => handle.ended())).then(() => resolve());
    });
    forget();
  }
}

/** Presses the power button; null for a guest that would not notice: it is stopped, or listens to none. */
async function pressed(handle: MachineHandle): Promise<MachineHandle | null> {
  const stats = await handle.stats().catch(() => null); // It has just ended by itself.
  if (!stats?.hearsPowerButton || handle.isPaused || handle.end) return null;
  handle.powerButton();
  return handle;
}
