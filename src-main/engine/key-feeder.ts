// Hands key events to the keyboard no faster than a guest takes them: a keyboard's own buffer holds five keys, and a pasted text or
// a script sends hundreds at once. Keys of a person arrive singly and pass straight through.

import type { KeyEvent } from '../core/backends/input.ts';
import type { Clock, Timer } from '../core/clock.ts';

interface FedKeyboard {
  key(event: KeyEvent): void;
  /** True while the guest has not read all that was sent. */
  readonly hasData: boolean;
}

/** Guest time between two events of a burst: about as fast as the fastest typist's hands together. */
const INTERVAL_NS = 5_000_000;
/** A longer burst loses its end, as with any keyboard. */
const MAX_WAITING = 50_000;

export class KeyFeeder {
  readonly #keyboard: FedKeyboard;
  readonly #clock: Clock;
  readonly #timer: Timer;
  #waiting: KeyEvent[] = [];
  #notBeforeNs = 0;

  constructor(keyboard: FedKeyboard, clock: Clock) {
    this.#keyboard = keyboard;
    this.#clock = clock;
    this.#timer = clock.createTimer(() => this.#next());
  }

  push(event: KeyEvent): void {
    if (this.#waiting.length >= MAX_WAITING) return;
    this.#waiting.push(event);
    if (this.#timer.deadlineNs === null) this.#next();
  }

  clear(): void {
    this.#waiting = [];
    this.#timer.cancel();
  }

  #next(): void {
    const now = this.#clock.now();
    if (!this.#keyboard.hasData && now >= this.#notBeforeNs) {
      const event = this.#waiting.shift();
      if (!event) return;
      this.#keyboard.key(event);
      this.#notBeforeNs = now + INTERVAL_NS;
    }
    if (this.#waiting.length > 0) this.#timer.arm(now + INTERVAL_NS);
  }
}
