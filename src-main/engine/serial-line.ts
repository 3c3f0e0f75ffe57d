// The worker's end of a serial port that people see: gathers output into one message for each turn of the event loop, and
// hands input over as the port takes it.
import type { CharBackend } from '../core/backends/char.ts';

/** Sent at once when this much has gathered, so that a chatty guest cannot fill memory within a turn. */
const MAX_GATHERED = 16_384;

export class SerialLine implements CharBackend {
  readonly #send: (bytes: Uint8Array) => void;
  #gathered = new Uint8Array(MAX_GATHERED);
  #length = 0;
  #isScheduled = false;
  #receiver: (bytes: Uint8Array) => void = () => {};

  constructor(send: (bytes: Uint8Array) => void) {
    this.#send = send;
  }

  send(bytes: Uint8Array): boolean {
    for (const byte of bytes) {
      if (this.#length === MAX_GATHERED) this.flush();
      this.#gathered[this.#length++] = byte;
    }
    if (!this.#isScheduled) {
      this.#isScheduled = true;
      setImmediate(() => {
        this.#isScheduled = false;
        this.flush();
      });
    }
    return true;
  }

  onReceive(receiver: (bytes: Uint8Array) => void): void {
    this.#receiver = receiver;
  }

  onDrain(): void {} // `send` never asks for a pause.

  /** Bytes from the host, for the guest. */
  receive(bytes: Uint8Array): void {
    this.#receiver(bytes);
  }

  flush(): void {
    if (this.#length === 0) return;
    this.#send(this.#gathered.slice(0, this.#length));
    this.#length = 0;
  }
}
