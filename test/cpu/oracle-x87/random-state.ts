// Random x87 states and operands from a fixed seed, heavy on values where rounding, exponents and formats end.
import type { Instruction, MemoryKind } from './instructions.ts';

export interface Random {
  /** Integer in [0, limit). */
  below(limit: number): number;
  word64(): bigint;
}

/** SplitMix64. */
export function createRandom(seed: number): Random {
  let state = BigInt(seed);
  const word64 = (): bigint => {
    state = BigInt.asUintN(64, state + 0x9e3779b97f4a7c15n);
    let z = state;
    z = BigInt.asUintN(64, (z ^ (z >> 30n)) * 0xbf58476d1ce4e5b9n);
    z = BigInt.asUintN(64, (z ^ (z >> 27n)) * 0x94d049bb133111ebn);
    return z ^ (z >> 31n);
  };
  return { word64, below: (limit) => Number((word64() >> 11n) % BigInt(limit)) };
}

export interface Extended {
  se: number;
  sig: bigint;
}

const TOP_BIT = 1n << 63n;

function fraction(random: Random): bigint {
  const r = random.word64();
  switch (random.below(10)) {
    case 0:
      return 0n;
    case 1:
      return (1n << 63n) - 1n;
    case 2:
      return (1n << BigInt(random.below(63))) & ~TOP_BIT;
    case 3:
      return ((1n << 63n) - 1n) ^ ((1n << BigInt(random.below(63))) - 1n);
    case 4:
      return (1n << BigInt(random.below(63))) - 1n;
    case 5:
      // Ends near the rounding points of 53 and 24 bits
      return (r & ~TOP_BIT & ~((1n << 11n) - 1n)) | (0x3ffn + BigInt(random.below(3)));
    case 6:
      return (r & ~TOP_BIT & ~((1n << 40n) - 1n)) | ((1n << 39n) - 1n + BigInt(random.below(3)));
    case 7:
      return r & ~TOP_BIT & ~((1n << BigInt(random.below(60))) - 1n);
    default:
      return r & ~TOP_BIT;
  }
}

export function extended(random: Random): Extended {
  const sign = random.below(2) << 15;
  const sig = TOP_BIT | fraction(random);
  switch (random.below(20)) {
    case 0:
      return { se: sign, sig: 0n };
    case 1:
      return { se: sign, sig: fraction(random) >> BigInt(random.below(63)) };
    case 2:
      return { se: sign, sig };
    case 3:
      return { se: sign | 0x7fff, sig: TOP_BIT };
    case 4:
      return { se: sign | 0x7fff, sig: sig | (1n << 62n) };
    case 5:
      return { se: sign | 0x7fff, sig: sig & ~(1n << 62n) };
    case 6:
      return { se: sign | random.below(0x8000), sig: random.word64() & ~TOP_BIT };
    case 7:
      return { se: sign | (1 + random.below(140)), sig };
    case 8:
      return { se: sign | (0x7ffe - random.below(140)), sig };
    case 9:
      return { se: sign | random.below(0x7fff), sig };
    case 10: {
      // Around the ends of double and single
      const at = [0x3c00, 0x3bcc, 0x43fe, 0x3f80, 0x3f69, 0x407e][random.below(6)]!;
      return { se: sign | (at + random.below(5) - 2), sig };
    }
    case 11:
      return { se: sign | (0x3fff + random.below(4) - 2), sig: random.below(2) ? TOP_BIT : sig };
    case 12:
      return { se: sign | (0x3fff + random.below(70)), sig };
    case 13: {
      // Small integers and halves
      let value = BigInt(1 + random.below(2000));
      let se = 0x3fff + 62;
      while (value < TOP_BIT) {
        value <<= 1n;
        se--;
      }
      return { se: sign | (se + 1), sig: value };
    }
    default:
      return { se: sign | (0x3fff + random.below(40) - 20), sig };
  }
}

/** An operand for a transcendental: mostly ordinary. */
function moderate(random: Random): Extended {
  if (random.below(4) === 0) return extended(random);
  const spread = [2, 6, 30, 70, 140][random.below(5)]!;
  return {
    se: (random.below(2) << 15) | (0x3fff + random.below(spread) - (spread >> 1)),
    sig: TOP_BIT | fraction(random),
  };
}

export interface State {
  image: Uint8Array;
  operand: Uint8Array;
  flags: number;
  rax: bigint;
}

const precisions = [0, 2, 3, 3, 3, 1];

function controlWord(random: Random): number {
  const masks = random.below(5) < 3 ? 0x3f : random.below(64);
  return 0x40 | masks | (precisions[random.below(6)]! << 8) | (random.below(4) << 10);
}

function putExtended(view: DataView, at: number, value: Extended): void {
  view.setBigUint64(at, value.sig, true);
  view.setUint16(at + 8, value.se, true);
}

function registers(random: Random, instruction: Instruction): Extended[] {
  const pick = instruction.isTranscendental ? moderate : extended;
  const values = Array.from({ length: 8 }, () => pick(random));
  const first = values[0]!;
  const relation = random.below(8);
  // The other operand: near the first one's exponent, or equal but for the last bits or the sign.
  for (const i of [1, 3, 7]) {
    const value = values[i]!;
    if (relation === 0)
      value.se = (value.se & 0x8000) | Math.min(0x7ffe, Math.max(0, (first.se & 0x7fff) + random.below(5) - 2));
    if (relation === 1) {
      value.se = first.se ^ (random.below(2) << 15);
      value.sig = first.sig ^ BigInt(random.below(4));
    }
    if (relation === 2)
      value.se = (value.se & 0x8000) | Math.min(0x7ffe, Math.max(0, (first.se & 0x7fff) - random.below(130)));
    // Products and quotients around the exponent limits
    if (relation === 3)
      value.se =
        (value.se & 0x8000) | Math.min(0x7ffe, Math.max(0, 0x3fff - (first.se & 0x7fff) + random.below(130) - 65));
    if (relation === 4 && !instruction.isTranscendental) value.se = (value.se & 0x8000) | (0x3fff + random.below(17));
  }
  return values;
}

function fillImage(
  view: DataView,
  at: number,
  opSize: number,
  random: Random,
  values: Extended[] | undefined,
  mayPend: boolean,
): void {
  const control = controlWord(random);
  const top = random.below(8);
  let flags = random.below(3) ? 0 : random.below(0x40) | (random.below(2) << 6);
  if (!mayPend) flags &= control | 0x40;
  let tags = 0;
  if (random.below(4) === 0) for (let i = 0; i < 8; i++) if (random.below(2)) tags |= 3 << (2 * i);
  const free = random.below(2) ? (top - 1) & 7 : -1;
  if (free >= 0) tags |= 3 << (2 * free);
  const step = opSize === 2 ? 2 : 4;
  view.setUint16(at, control, true);
  view.setUint16(at + step, flags | (top << 11) | (random.below(8) << 8) | (random.below(2) << 14), true);
  view.setUint16(at + 2 * step, tags, true);
  const size = opSize === 2 ? 14 : 28;
  values?.forEach((value, i) => {
    putExtended(view, at + size + 10 * i, value);
  });
}

function fillOperand(view: DataView, kind: MemoryKind, opSize: number, random: Random): void {
  for (let i = 0; i < 128; i += 8) view.setBigUint64(i, random.word64(), true);
  const special = random.below(3) === 0;
  switch (kind) {
    case 'f32':
      if (special)
        view.setUint32(
          0,
          ((random.below(2) << 31) | (random.below(2) ? 0x7f800000 : 0) | Number(fraction(random) >> 40n)) >>> 0,
          true,
        );
      else
        view.setUint32(
          0,
          ((random.below(2) << 31) | ((127 + random.below(40) - 20) << 23) | Number(fraction(random) >> 40n)) >>> 0,
          true,
        );
      break;
    case 'f64': {
      const sign = BigInt(random.below(2)) << 63n;
      const exp = special ? BigInt(random.below(2) * 0x7ff) : BigInt(1023 + random.below(60) - 30);
      view.setBigUint64(0, sign | (exp << 52n) | (fraction(random) >> 11n), true);
      if (random.below(5) === 0) view.setBigUint64(0, random.word64(), true);
      break;
    }
    case 'f80':
      putExtended(view, 0, extended(random));
      break;
    case 'i16':
    case 'i32':
    case 'i64':
      if (special)
        view.setBigInt64(0, [0n, -1n, 1n, -0x8000n, -0x80000000n, -(1n << 63n), 0x7fffn][random.below(7)]!, true);
      break;
    case 'bcd':
      for (let i = 0; i < 9; i++) view.setUint8(i, (random.below(10) << 4) | random.below(10));
      if (special) view.setBigUint64(0, 0n, true);
      break;
    case 'environment':
    case 'state':
      fillImage(
        view,
        0,
        opSize,
        random,
        kind === 'state' ? Array.from({ length: 8 }, () => extended(random)) : undefined,
        true,
      );
      break;
    default:
      break;
  }
}

export function randomState(random: Random, instruction: Instruction): State {
  const image = new Uint8Array(112);
  const operand = new Uint8Array(128);
  fillImage(new DataView(image.buffer), 0, 4, random, registers(random, instruction), instruction.isNonWaiting);
  if (instruction.memory) fillOperand(new DataView(operand.buffer), instruction.memory, instruction.opSize, random);
  return { image, operand, flags: random.below(0x1000) & 0x8d5, rax: random.word64() };
}
