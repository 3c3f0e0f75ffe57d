// A serial port whose output goes to a file. The host's page cache takes the bytes, so the writes are synchronous and in order.
import { closeSync, openSync, writeSync } from 'node:fs';
import type { CharBackend } from '../core/backends/char.ts';
import { OspiteError } from '../core/errors.ts';

export class FileLine implements CharBackend {
  readonly #path: string;
  readonly #report: (message: string) => void;
  #descriptor: number | null;

  /** Empties or creates the file. @throws {OspiteError} host.ioError */
  constructor(path: string, report: (message: string) => void) {
    this.#path = path;
    this.#report = report;
    try {
      this.#descriptor = openSync(path, 'w');
    } catch (error) {
      throw new OspiteError(
        'host.ioError',
        `The serial port's file ${path} cannot be written (${(error as NodeJS.ErrnoException).code}); choose another`,
        { cause: error },
      );
    }
  }

  send(bytes: Uint8Array): boolean {
    if (this.#descriptor === null) return true;
    try {
      // A pipe or a nearly full disk may take only a part.
      for (let done = 0; done < bytes.length; ) done += writeSync(this.#descriptor, bytes, done);
    } catch (error) {
      this.close();
      this.#report(`Serial output to ${this.#path} has stopped: ${(error as Error).message}`);
    }
    return true;
  }

  onReceive(): void {} // A file says nothing.

  onDrain(): void {}

  /** Idempotent; what is sent later vanishes. */
  close(): void {
    if (this.#descriptor !== null) closeSync(this.#descriptor);
    this.#descriptor = null;
  }
}
