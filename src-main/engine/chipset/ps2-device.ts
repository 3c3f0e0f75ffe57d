// What the keyboard controller sees at each of its two ports: something that takes bytes and has bytes waiting.
import type { StateReader } from '../bus/state-fields.ts';

export interface Ps2Device {
  /** A byte from the host. Answers are queued. */
  receive(byte: number): void;
  /** Takes the oldest byte waiting, or -1. */
  take(): number;
  readonly hasData: boolean;
}

/** The device's own send buffer. */
export class Ps2Queue {
  readonly #capacity: number;
  #bytes: number[] = [];

  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  get length(): number {
    return this.#bytes.length;
  }

  get free(): number {
    return this.#capacity - this.#bytes.length;
  }

  /** All of `bytes` or, if they do not fit, none: half a scan code would put the guest out of step. */
  push(...bytes: number[]): boolean {
    if (bytes.length > this.free) return false;
    this.#bytes.push(...bytes);
    return true;
  }

  take(): number {
    return this.#bytes.shift() ?? -1;
  }

  clear(): void {
    this.#bytes = [];
  }

  toArray(): number[] {
    return [...this.#bytes];
  }

  load(reader: StateReader, name: string): void {
    this.#bytes = reader.ints(name, { maxLength: this.#capacity }, 0, 0xff);
  }
}
