// Reproducible randomness for tests: a 32-bit xorshift with a printed seed.

export class Random {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0 || 1;
  }

  /** Unsigned 32-bit. */
  next(): number {
    let x = this.#state;
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    this.#state = x >>> 0;
    return this.#state;
  }

  /** 0 .. limit - 1. */
  below(limit: number): number {
    return this.next() % limit;
  }

  pick<T>(items: readonly T[]): T {
    return items[this.below(items.length)]!;
  }

  /** A register value as drivers and attackers write them: extremes, single bits, small numbers, noise. */
  value(): number {
    switch (this.below(5)) {
      case 0:
        return this.pick([0, 1, 0xff, 0xffff, 0xffffffff, 0x80000000, 0x7fffffff]);
      case 1:
        return (1 << this.below(32)) >>> 0;
      case 2:
        return this.below(256);
      default:
        return this.next();
    }
  }
}
