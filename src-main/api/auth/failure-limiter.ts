// Slows down guessing: after some wrong attempts, an address waits before it may try again.
import { ipBytes } from '../ip-address.ts';

const MAX_FAILURES = 10;
const LOCKOUT_MS = 60_000;
/** Addresses remembered; the one that failed longest ago makes room. */
const MAX_TRACKED = 10_000;

interface Record {
  failures: number;
  lastMs: number;
}

export class FailureLimiter {
  readonly #records = new Map<string, Record>();
  readonly #nowMs: () => number;

  constructor(nowMs: () => number = Date.now) {
    this.#nowMs = nowMs;
  }

  /** Whole seconds until `address` may try again; 0 when it may now. */
  retryAfterSeconds(address: string): number {
    const record = this.#records.get(keyOf(address));
    if (!record || record.failures < MAX_FAILURES) return 0;
    return Math.max(0, Math.ceil((record.lastMs + LOCKOUT_MS - this.#nowMs()) / 1000));
  }

  fail(address: string): void {
    const key = keyOf(address);
    const nowMs = this.#nowMs();
    const old = this.#records.get(key);
    const isForgotten = !old || nowMs - old.lastMs >= LOCKOUT_MS;
    this.#records.delete(key); // Goes to the end: the map stays in the order of the last failure.
    this.#records.set(key, { failures: isForgotten ? 1 : old.failures + 1, lastMs: nowMs });
    if (this.#records.size > MAX_TRACKED) this.#records.delete(this.#records.keys().next().value!);
  }

  succeed(address: string): void {
    this.#records.delete(keyOf(address));
  }
}

/** An IPv6 host has 2^64 addresses of its own: its network counts. IPv4 addresses may come written as IPv6. */
function keyOf(address: string): string {
  const bytes = ipBytes(address);
  if (bytes?.length !== 16) return address;
  const isMapped = bytes.slice(0, 10).every((byte) => byte === 0) && bytes[10] === 0xff && bytes[11] === 0xff;
  return isMapped ? bytes.slice(12).join('.') : bytes.slice(0, 8).join(':');
}
