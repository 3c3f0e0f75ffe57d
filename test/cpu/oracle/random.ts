// The generator of test values: a small fixed-seed generator (xoshiro128**) and operands likely to hit corner cases.

export class Random {
  readonly #s: Uint32Array;
  constructor(seed: number) {
    this.#s = new Uint32Array(4);
    let x = seed >>> 0;
    for (let i = 0; i < 4; i++) {
      x = (x + 0x9e3779b9) >>> 0;
      let z = Math.imul(x ^ (x >>> 16), 0x85ebca6b);
      z = Math.imul(z ^ (z >>> 13), 0xc2b2ae35);
      this.#s[i] = (z ^ (z >>> 16)) >>> 0;
    }
    this.#s[0]! |= 1;
  }

  next = (): number => {
    const s = this.#s;
    const times5 = Math.imul(s[1]!, 5);
    const result = Math.imul((times5 << 7) | (times5 >>> 25), 9) >>> 0;
    const t = s[1]! << 9;
    s[2]! ^= s[0]!;
    s[3]! ^= s[1]!;
    s[1]! ^= s[2]!;
    s[0]! ^= s[3]!;
    s[2]! ^= t;
    s[3] = (s[3]! << 11) | (s[3]! >>> 21);
    return result;
  };

  below(n: number): number {
    return Math.floor((this.next() / 0x100000000) * n);
  }

  chance(percent: number): boolean {
    return this.below(100) < percent;
  }

  pick<T>(values: readonly T[]): T {
    return values[this.below(values.length)]!;
  }

  quad(): bigint {
    return (BigInt(this.next()) << 32n) | BigInt(this.next());
  }

  /** An integer of `size` bytes: corner values, small ones, powers of two and their neighbours, or random bits. */
  integer(size: number): bigint {
    const bits = BigInt(size * 8);
    let value: bigint;
    switch (this.below(8)) {
      case 0:
        value = this.pick([
          0n,
          1n,
          -1n,
          (1n << (bits - 1n)) - 1n,
          1n << (bits - 1n),
          (1n << (bits - 1n)) + 1n,
          2n,
          -2n,
        ]);
        break;
      case 1:
        value = BigInt(this.below(256)) - 128n;
        break;
      case 2:
        value = (1n << BigInt(this.below(Number(bits)))) + BigInt(this.below(3)) - 1n;
        break;
      case 3:
        value = this.quad() >> BigInt(this.below(64));
        break;
      default:
        value = this.quad();
    }
    return BigInt.asUintN(size * 8, value);
  }

  /** Bits of a binary32. */
  single(): number {
    const sign = (this.next() & 1) << 31;
    switch (this.below(12)) {
      case 0:
        return sign >>> 0;
      case 1:
        return (sign | 0x7f800000) >>> 0;
      case 2:
        return (sign | 0x7fc00000 | (this.next() & 0x3fffff)) >>> 0;
      case 3:
        return (sign | 0x7f800001 | (this.next() & 0x3fffff)) >>> 0;
      case 4:
        return (sign | (this.next() & 0x7fffff)) >>> 0;
      case 5:
        return (sign | (this.pick([1, 2, 3, 0xfd, 0xfe]) << 23) | (this.next() & this.pick([0, 1, 0x7fffff]))) >>> 0;
      case 6: {
        singleView[0] = this.below(64) - 32 + this.pick([0, 0, 0.5, 0.25]);
        return singleBits[0]!;
      }
      case 7: {
        singleView[0] = this.pick([2147483648, 2147483520, 4294967296, 2 ** 63, 0.49999997, 16777216, 1e-30]);
        return (singleBits[0]! | sign) >>> 0;
      }
      case 8:
      case 9:
        return (sign | ((120 + this.below(16)) << 23) | (this.next() & 0x7fffff)) >>> 0;
      default:
        return this.next();
    }
  }

  /** Bits of a binary64. */
  double(): bigint {
    const sign = BigInt(this.next() & 1) << 63n;
    switch (this.below(12)) {
      case 0:
        return sign;
      case 1:
        return sign | 0x7ff0000000000000n;
      case 2:
        return sign | 0x7ff8000000000000n | (this.quad() & 0x7ffffffffffffn);
      case 3:
        return sign | 0x7ff0000000000001n | (this.quad() & 0x7ffffffffffffn);
      case 4:
        return sign | (this.quad() & 0xfffffffffffffn);
      case 5:
        return (
          sign |
          (BigInt(this.pick([1, 2, 3, 0x7fd, 0x7fe, 0x380, 0x381, 0x47e, 0x36a, 0x3ca])) << 52n) |
          (this.quad() & this.pick([0n, 1n, 0xfffffffffffffn]))
        );
      case 6: {
        doubleView[0] = this.below(64) - 32 + this.pick([0, 0, 0.5, 0.25]);
        return doubleBits[0]!;
      }
      case 7: {
        doubleView[0] = this.pick([
          2147483648,
          2147483647,
          2147483647.5,
          2147483648.5,
          2 ** 63,
          2 ** 63 - 1024,
          0.49999999999999994,
          4503599627370495.5,
          1e-300,
        ]);
        return doubleBits[0]! | sign;
      }
      case 8:
      case 9:
        return sign | (BigInt(1016 + this.below(16)) << 52n) | (this.quad() & 0xfffffffffffffn);
      default:
        return this.quad();
    }
  }
}

const singleView = new Float32Array(1);
const singleBits = new Uint32Array(singleView.buffer);
const doubleView = new Float64Array(1);
const doubleBits = new BigUint64Array(doubleView.buffer);
