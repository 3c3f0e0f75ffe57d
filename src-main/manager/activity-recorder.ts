// What a running machine does, once a second: the differences of its counters. The newest minutes are kept, also after its end.
import { ACTIVITY_SAMPLES, type ActivitySample, type ActivityTotals } from '../contract/activity.ts';
import type { MachineStats } from '../engine/protocol.ts';

const PERIOD_MS = 1000;

export interface ActivityHost {
  nowIso(): string;
  nowMs(): number;
  after(ms: number, callback: () => void): () => void;
  /** Tells every client. */
  sampled(sample: ActivitySample, totals: ActivityTotals): void;
}

/** The counters that samples are made of. */
type Counters = Pick<
  MachineStats,
  | 'instructions'
  | 'exits'
  | 'interrupts'
  | 'wallSeconds'
  | 'haltedSeconds'
  | 'threadSeconds'
  | 'diskReadBytes'
  | 'diskWriteBytes'
  | 'ramBytes'
>;

export class ActivityRecorder {
  readonly #host: ActivityHost;
  #samples: ActivitySample[] = [];
  #totals: ActivityTotals = noTotals();
  #last: Counters | null = null;
  #stop: () => void = () => {};

  constructor(host: ActivityHost) {
    this.#host = host;
  }

  /** Begins a new record. `read` gives null, or rejects, once the machine is gone. */
  start(read: () => Promise<Counters | null>): void {
    this.stop();
    this.#samples = [];
    this.#totals = noTotals();
    this.#last = null;
    let isStopped = false;
    let cancel = (): void => {};
    const next = (delayMs: number): void => {
      cancel = this.#host.after(delayMs, async () => {
        const began = this.#host.nowMs();
        const counters = await read().catch(() => null); // It has just ended; its end is told otherwise.
        if (isStopped) return;
        if (counters) this.#record(counters);
        next(Math.max(PERIOD_MS / 10, PERIOD_MS - (this.#host.nowMs() - began)));
      });
    };
    next(0);
    this.#stop = () => {
      isStopped = true;
      cancel();
    };
  }

  stop(): void {
    this.#stop();
  }

  record(): { samples: ActivitySample[]; totals: ActivityTotals } {
    return { samples: [...this.#samples], totals: { ...this.#totals } };
  }

  #record(now: Counters): void {
    const last = this.#last;
    this.#last = now;
    const seconds = last ? now.wallSeconds - last.wallSeconds : 0;
    if (!last || seconds <= 0) return; // Rates need two readings.
    const sample = sampleOf(this.#host.nowIso(), last, now, seconds);
    this.#samples.push(sample);
    if (this.#samples.length > ACTIVITY_SAMPLES) this.#samples.shift();
    this.#totals = {
      ...noTotals(),
      diskReadBytes: now.diskReadBytes,
      diskWriteBytes: now.diskWriteBytes,
    };
    this.#host.sampled(sample, this.#totals);
  }
}

function sampleOf(at: string, last: Counters, now: Counters, seconds: number): ActivitySample {
  const rate = (name: keyof Counters): number => Math.max(0, now[name] - last[name]) / seconds;
  const busy = Math.min(1, Math.max(0, 1 - rate('haltedSeconds')));
  return {
    at,
    hostCpuPercent: rate('threadSeconds') * 100,
    guestCpuPercent: busy * 100,
    guestMips: rate('instructions') / 1e6,
    ramBytes: now.ramBytes,
    diskReadBytesPerSecond: rate('diskReadBytes'),
    diskWriteBytesPerSecond: rate('diskWriteBytes'),
    // There are no network adapters in this version.
    networkReceiveBytesPerSecond: 0,
    networkSendBytesPerSecond: 0,
    exitsPerSecond: rate('exits'),
    interruptsPerSecond: rate('interrupts'),
    // There is no translator in this version: all guest code is interpreted.
    translatedShare: 0,
  };
}

function noTotals(): ActivityTotals {
  return { diskReadBytes: 0, diskWriteBytes: 0, networkReceiveBytes: 0, networkSendBytes: 0 };
}
