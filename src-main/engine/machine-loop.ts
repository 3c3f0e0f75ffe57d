// Runs a machine inside its worker: slices of guest execution between which timers fire, media answer and messages arrive. A
// slice is about a millisecond, shorter when a timer is due earlier, so that a guest can hold up neither its devices nor its
// owner. While the guest halts, the worker sleeps.

/** The machine as the loop drives it. */
export interface LoopMachine {
  /** Fires timers that are due; returns nanoseconds until the next one, or null when none is armed. */
  runTimers(): number | null;
  /** Runs up to `budget` instructions and says what the processor wants next. */
  runSlice(budget: number): SliceEnd;
  /** Instructions retired so far. */
  instructions(): number;
  startClock(): void;
  stopClock(): void;
}

/** `busy` has more to do; `halted` waits for an interrupt; a promise is a firmware call that the processor waits for; `ended` is over. */
export type SliceEnd = 'busy' | 'halted' | 'ended' | Promise<void>;

export interface LoopHost {
  /** Monotonic milliseconds. */
  nowMs(): number;
  /** Resolves after the event loop has turned once: I/O and messages were served. */
  turn(): Promise<void>;
  /** Calls back after `ms`; returns how to cancel. */
  after(ms: number, callback: () => void): () => void;
}

const SLICE_MS = 1;
/** Without a turn of the event loop: I/O completions wait at most this long. */
const TURN_MS = 2;
const MIN_BUDGET = 2_000;
const MAX_BUDGET = 20_000_000;
/** The execution cap stops the guest in pieces of this length, short enough for timers and sound. */
const CAP_MS = 10;
/** Longest sleep; deadlines beyond it are looked at again. */
const MAX_SLEEP_MS = 1000;
/** Shorter waits are spent turning the event loop: host timers are no finer than a millisecond. */
const SHORTEST_SLEEP_NS = 300_000;

export class MachineLoop {
  readonly #machine: LoopMachine;
  readonly #host: LoopHost;
  #isPaused: boolean;
  #isStopped = false;
  #wake: (() => void) | null = null;
  /** `wake` came while nothing slept: the processor may have work since it halted. */
  #wasWoken = false;
  /** A firmware call is under way: the processor stands still, timers and devices go on. */
  #isCalling = false;
  #callFailure: { error: unknown } | null = null;
  /** When the event loop must turn again. */
  #turnAt = 0;
  /** Measured, for sizing slices. */
  #instructionsPerMs = 20_000;
  /** Sleep owed for each millisecond of work, by the execution cap. */
  #sleepPerWork = 0;
  #owedMs = 0;
  haltedMs = 0;
  /** Time spent in slices. */
  busyMs = 0;

  constructor(machine: LoopMachine, host: LoopHost, isPaused: boolean) {
    this.#machine = machine;
    this.#host = host;
    this.#isPaused = isPaused;
  }

  get isPaused(): boolean {
    return this.#isPaused;
  }

  pause(): void {
    this.#isPaused = true;
    this.wake();
  }

  resume(): void {
    this.#isPaused = false;
    this.wake();
  }

  stop(): void {
    this.#isStopped = true;
    this.wake();
  }

  /** Share of the time in which the guest may run, 1 to 100 percent: the execution cap. */
  setCap(percent: number): void {
    this.#sleepPerWork = 100 / Math.max(1, Math.min(100, percent)) - 1;
    this.#owedMs = 0;
  }

  /** Ends a sleep early: an interrupt line rose, a message came. Cheap when nothing sleeps. */
  wake(): void {
    const wake = this.#wake;
    this.#wake = null;
    this.#wasWoken = wake === null;
    wake?.();
  }

  /** Resolves when the guest has ended or `stop` was called; rejects when a firmware call does. The clock stands still then. */
  async run(): Promise<void> {
    try {
      while (!this.#isStopped) {
        if (this.#isPaused) await this.#sleepPaused();
        else if (this.#isCalling) await this.#waitForCall();
        else if (!(await this.#runUntilTurn())) return;
      }
    } finally {
      this.#machine.stopClock();
    }
  }

  async #sleepPaused(): Promise<void> {
    this.#machine.stopClock();
    while (this.#isPaused && !this.#isStopped) await this.#sleep(MAX_SLEEP_MS);
  }

  /** False when the guest has ended. */
  async #runUntilTurn(): Promise<boolean> {
    this.#machine.startClock();
    for (;;) {
      const end = this.#slice();
      if (end === 'ended') return false;
      if (end === 'halted') {
        await this.#idle();
        return true;
      }
      if (end !== 'busy') {
        this.#follow(end);
        await this.#waitForCall();
        return true;
      }
      if (this.#owedMs >= CAP_MS) {
        await this.#payOff();
        return true;
      }
      if (this.#isPaused || this.#isStopped || this.#host.nowMs() >= this.#turnAt) {
        await this.#turn();
        return true;
      }
    }
  }

  /** Stands still for as long as the execution cap asks. Interrupts wait; messages are served. */
  async #payOff(): Promise<void> {
    while (this.#owedMs > 0 && !this.#isPaused && !this.#isStopped) {
      const startedAt = this.#host.nowMs();
      await new Promise<void>((resolve) => this.#host.after(Math.min(this.#owedMs, CAP_MS), resolve));
      this.#owedMs -= Math.max(this.#host.nowMs() - startedAt, 0.1);
    }
  }

  #follow(call: Promise<void>): void {
    this.#isCalling = true;
    const settled = (): void => {
      this.#isCalling = false;
      this.wake();
    };
    call.then(settled, (error: unknown) => {
      this.#callFailure = { error };
      settled();
    });
  }

  /** Calls wait for media, but also for guest time to pass and for bytes of the mouse: timers fire meanwhile. */
  async #waitForCall(): Promise<void> {
    this.#machine.startClock();
    while (this.#isCalling && !this.#isPaused && !this.#isStopped) await this.#idle();
    if (this.#callFailure) throw this.#callFailure.error;
    // A call that settles at once turns no event loop: a guest that makes nothing but such calls must not shut us out.
    if (this.#host.nowMs() >= this.#turnAt) await this.#turn();
  }

  async #turn(): Promise<void> {
    await this.#host.turn();
    this.#turnAt = this.#host.nowMs() + TURN_MS;
  }

  #slice(): SliceEnd {
    const nextNs = this.#machine.runTimers();
    const sliceMs = nextNs === null ? SLICE_MS : Math.min(SLICE_MS, nextNs / 1e6);
    const budget = Math.round(Math.min(MAX_BUDGET, Math.max(MIN_BUDGET, this.#instructionsPerMs * sliceMs)));
    const startedAt = this.#host.nowMs();
    const before = this.#machine.instructions();
    const end = this.#machine.runSlice(budget);
    const ran = this.#machine.instructions() - before;
    const tookMs = this.#host.nowMs() - startedAt;
    this.busyMs += tookMs;
    this.#owedMs += tookMs * this.#sleepPerWork;
    // Only whole slices tell the speed; the average moves slowly so that one slow device access does not shrink the next slices.
    if (end === 'busy' && ran >= MIN_BUDGET && tookMs > 0.05)
      this.#instructionsPerMs += (ran / tookMs - this.#instructionsPerMs) / 8;
    return end;
  }

  async #idle(): Promise<void> {
    this.#wasWoken = false;
    const nextNs = this.#machine.runTimers();
    const startedAt = this.#host.nowMs();
    // A timer that fired just now may have raised the interrupt that ends the wait: then there is nothing to sleep for.
    if (this.#wasWoken || (nextNs !== null && nextNs < SHORTEST_SLEEP_NS)) await this.#turn();
    else await this.#sleep(nextNs === null ? MAX_SLEEP_MS : Math.min(MAX_SLEEP_MS, nextNs / 1e6));
    const sleptMs = this.#host.nowMs() - startedAt;
    this.haltedMs += sleptMs;
    this.#owedMs = Math.max(0, this.#owedMs - sleptMs);
  }

  #sleep(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const cancel = this.#host.after(ms, () => this.wake());
      this.#wake = () => {
        cancel();
        resolve();
      };
    });
  }
}
