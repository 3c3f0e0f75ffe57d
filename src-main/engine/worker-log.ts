// The machine's log inside its worker: lines go to the host; repeats that a guest can provoke are thinned out.
import type { Logger, LogLevel } from '../core/logger.ts';

const REPEATS = 5;
const MAX_KEYS = 1000;

export class WorkerLog implements Logger {
  readonly #write: (level: LogLevel, message: string) => void;
  readonly #counts = new Map<string, number>();

  constructor(write: (level: LogLevel, message: string) => void) {
    this.#write = write;
  }

  log(level: LogLevel, message: string): void {
    this.#write(level, message);
  }

  limited(key: string, level: LogLevel, message: string): void {
    const count = (this.#counts.get(key) ?? 0) + 1;
    if (count > REPEATS || (count === 1 && this.#counts.size >= MAX_KEYS)) return;
    this.#counts.set(key, count);
    this.#write(level, count === REPEATS ? `${message} (further messages of this kind are left out)` : message);
  }
}
