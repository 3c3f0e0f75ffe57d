// A clock that moves only when told, on the machine's real timer heap.
import { GuestClock } from '../../src-main/engine/bus/guest-clock.ts';

export class FakeClock extends GuestClock {
  /** Settable host wall clock. */
  readonly wall: { ms: number };
  readonly #time: { ns: number };

  constructor(wallMs: number = Date.UTC(2024, 1, 29, 12, 34, 56)) {
    const time = { ns: 0 };
    const wall = { ms: wallMs };
    super(
      () => time.ns,
      () => wall.ms,
    );
    this.#time = time;
    this.wall = wall;
    this.start();
  }

  /** Moves guest time forward by `ns`, stopping at each deadline on the way so that timers fire at their exact time. Wall time follows. */
  advance(ns: number): void {
    const end = this.now() + ns;
    for (;;) {
      const next = this.nextDeadlineNs();
      if (next === null || next > end) break;
      this.#moveTo(next);
      this.runDue();
    }
    this.#moveTo(end);
  }

  #moveTo(guestNs: number): void {
    const delta = Math.max(0, guestNs - this.now());
    this.#time.ns += delta;
    this.wall.ms += delta / 1e6;
  }
}
