// Per-machine log lines. Guests can provoke messages, so `limited` drops repeats.

export type LogLevel = 'debug' | 'info' | 'warn' | 'error';

export interface Logger {
  log(level: LogLevel, message: string): void;
  /** Logs at most a few times per `key`; for what a guest can trigger at will. */
  limited(key: string, level: LogLevel, message: string): void;
}

/** Discards everything. */
export const silentLogger: Logger = {
  log() {},
  limited() {},
};
