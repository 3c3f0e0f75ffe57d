// <home>/host.log: what the host process did, and what failed in it. Turned over like a machine's log.
import { join } from 'node:path';
import { sendBugsTo } from '../core/bug-report.ts';
import { LogFiles } from '../host/log-files.ts';

export class HostLog {
  readonly #path: string;
  readonly #files = new LogFiles();
  readonly #undo: () => void;

  constructor(home: string) {
    this.#path = join(home, 'host.log');
    this.#undo = sendBugsTo((text) => {
      this.add('error', text);
      console.error(text);
    });
  }

  add(level: 'info' | 'warn' | 'error', text: string): void {
    this.#files.append(this.#path, `${new Date().toISOString()} ${level}: ${text}\n`);
  }

  /** Resolves when all is written. */
  async close(): Promise<void> {
    this.#undo();
    await this.#files.settled();
  }
}
