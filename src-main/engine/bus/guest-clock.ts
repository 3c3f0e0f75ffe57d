// Guest time: an injected monotonic source minus the time spent paused, with the machine's timers in a binary heap. The
// machine worker calls `runDue` between slices of guest execution and sleeps until `nextDeadlineNs` while the guest halts.
import type { Clock, Timer } from '../../core/clock.ts';

/** Timers one `runDue` may fire; a guest that arms deadlines in the past still yields to the machine's loop. */
const MAX_FIRED_PER_RUN = 256;

class HeapTimer implements Timer {
  readonly #clock: GuestClock;
  readonly callback: () => void;
  deadline = 0;
  /** Index in the heap, -1 when idle. */
  position = -1;

  constructor(clock: GuestClock, callback: () => void) {
    this.#clock = clock;
    this.callback = callback;
  }

  arm(deadlineNs: number): void {
    this.#clock.schedule(this, deadlineNs);
  }

  cancel(): void {
    this.#clock.unschedule(this);
  }

  get deadlineNs(): number | null {
    return this.position < 0 ? null : this.deadline;
  }
}

export class GuestClock implements Clock {
  readonly #sourceNs: () => number;
  readonly #wallMs: () => number;
  readonly #heap: HeapTimer[] = [];
  /** Guest time at `#startedAt` on the source; while paused, guest time itself. */
  #baseNs = 0;
  #startedAt = 0;
  #isRunning = false;
  /** Called when the earliest deadline moved forward, so that a running or sleeping vCPU can shorten its slice. */
  onEarlier: (() => void) | null = null;

  /**
   * @param sourceNs monotonic host nanoseconds
   * @param wallMs milliseconds since 1970-01-01 UTC
   */
  constructor(sourceNs: () => number, wallMs: () => number) {
    this.#sourceNs = sourceNs;
    this.#wallMs = wallMs;
  }

  now(): number {
    return this.#isRunning ? this.#baseNs + (this.#sourceNs() - this.#startedAt) : this.#baseNs;
  }

  wallMs(): number {
    return this.#wallMs();
  }

  get isRunning(): boolean {
    return this.#isRunning;
  }

  start(): void {
    if (this.#isRunning) return;
    this.#startedAt = this.#sourceNs();
    this.#isRunning = true;
  }

  pause(): void {
    this.#baseNs = this.now();
    this.#isRunning = false;
  }

  /** Sets guest time, for restoring a saved state. Armed timers keep their absolute deadlines. */
  setNow(guestNs: number): void {
    this.#baseNs = guestNs;
    this.#startedAt = this.#isRunning ? this.#sourceNs() : 0;
  }

  createTimer(callback: () => void): Timer {
    return new HeapTimer(this, callback);
  }

  /** Guest time of the earliest armed timer, or null. */
  nextDeadlineNs(): number | null {
    const first = this.#heap[0];
    return first ? first.deadline : null;
  }

  /** Fires the timers that are due, earliest first; returns how many. */
  runDue(): number {
    let fired = 0;
    let now = this.now();
    while (fired < MAX_FIRED_PER_RUN) {
      const timer = this.#heap[0];
      if (!timer) break;
      if (timer.deadline > now) {
        if (fired === 0) break;
        now = this.now();
        if (timer.deadline > now) break;
      }
      this.unschedule(timer);
      fired++;
      timer.callback();
    }
    return fired;
  }

  schedule(timer: HeapTimer, deadlineNs: number): void {
    const earliest = this.#heap[0];
    timer.deadline = deadlineNs;
    if (timer.position < 0) {
      timer.position = this.#heap.length;
      this.#heap.push(timer);
    }
    this.#siftUp(timer.position);
    this.#siftDown(timer.position);
    if (this.#heap[0] === timer && timer !== earliest) this.onEarlier?.();
  }

  unschedule(timer: HeapTimer): void {
    const position = timer.position;
    if (position < 0) return;
    timer.position = -1;
    const last = this.#heap.pop()!;
    if (last === timer) return;
    this.#heap[position] = last;
    last.position = position;
    this.#siftUp(position);
    this.#siftDown(last.position);
  }

  #siftUp(start: number): void {
    const heap = this.#heap;
    const timer = heap[start]!;
    let position = start;
    while (position > 0) {
      const parentAt = (position - 1) >> 1;
      const parent = heap[parentAt]!;
      if (parent.deadline <= timer.deadline) break;
      heap[position] = parent;
      parent.position = position;
      position = parentAt;
    }
    heap[position] = timer;
    timer.position = position;
  }

  #siftDown(start: number): void {
    const heap = this.#heap;
    const timer = heap[start]!;
    let position = start;
    for (;;) {
      let childAt = 2 * position + 1;
      if (childAt >= heap.length) break;
      const right = heap[childAt + 1];
      if (right && right.deadline < heap[childAt]!.deadline) childAt++;
      const child = heap[childAt]!;
      if (child.deadline >= timer.deadline) break;
      heap[position] = child;
      child.position = position;
      position = childAt;
    }
    heap[position] = timer;
    timer.position = position;
  }
}
