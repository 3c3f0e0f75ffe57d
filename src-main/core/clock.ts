// The machine's time. Guest time stands still while the machine is paused; devices never look at host clocks.

/** A one-shot timer owned by a device. */
export interface Timer {
  /** Fires once when guest time reaches `deadlineNs`; re-arming replaces the earlier deadline. A past deadline fires at the next opportunity. */
  arm(deadlineNs: number): void;
  cancel(): void;
  /** Deadline in guest nanoseconds, or null when idle. */
  readonly deadlineNs: number | null;
}

export interface Clock {
  /** Guest nanoseconds since power-on, monotonic, below 2^53. */
  now(): number;
  createTimer(callback: () => void): Timer;
  /** Host wall clock for real-time clocks: milliseconds since 1970-01-01 UTC. */
  wallMs(): number;
}
