// Exact binary32 and binary64 arithmetic for SSE in every rounding mode, with DAZ, FTZ and the six MXCSR flags (IEEE 754-2008;
// Intel SDM volume 1, chapter 11.5 and appendix E). Both formats share one unpacked form: sign, exponent, and a 64-bit significand
// with the leading one at bit 62, whose bit 0 gathers everything shifted out. This is the slow path: arithmetic.ts comes here only
// when a result computed by the wasm instructions could raise more than PE.

import { CPU_CR4, CPU_MXCSR } from '../layout';
import { raise } from '../fault';

export const IE: u32 = 1;
export const DE: u32 = 2;
export const ZE: u32 = 4;
export const OE: u32 = 8;
export const UE: u32 = 16;
export const PE: u32 = 32;
export const DAZ: u32 = 0x40;
export const UM: u32 = 0x800;
export const FTZ: u32 = 0x8000;

export const ROUND_NEAREST: u32 = 0;
export const ROUND_DOWN: u32 = 1;
export const ROUND_UP: u32 = 2;
export const ROUND_ZERO: u32 = 3;

export const OP_SQRT: u32 = 0x51;
export const OP_ADD: u32 = 0x58;
export const OP_MUL: u32 = 0x59;
export const OP_SUB: u32 = 0x5c;
export const OP_MIN: u32 = 0x5d;
export const OP_DIV: u32 = 0x5e;
export const OP_MAX: u32 = 0x5f;

/** Flags of the instruction in progress: found before the computation (IE DE ZE), and after it (OE UE PE). */
let early: u32 = 0;
let late: u32 = 0;
// Result of unpack().
let unpackedSign: u64 = 0;
let unpackedExp: i32 = 0;
let unpackedSig: u64 = 0;

// @ts-ignore: decorator
@inline
export function mxcsr(): u32 {
  return load<u32>(CPU_MXCSR);
}

// @ts-ignore: decorator
@inline
export function roundingMode(): u32 {
  return (load<u32>(CPU_MXCSR) >> 13) & 3;
}

// @ts-ignore: decorator
@inline
export function flagEarly(flags: u32): void {
  early |= flags;
}

// @ts-ignore: decorator
@inline
export function flagLate(flags: u32): void {
  late |= flags;
}

// @ts-ignore: decorator
@inline
export function setPrecision(): void {
  store<u32>(CPU_MXCSR, load<u32>(CPU_MXCSR) | PE);
}

function raiseSimd(): void {
  raise((load<u32>(CPU_CR4) & 0x400) != 0 ? 19 : 6);
}

/** Starts a slow computation. An earlier one may have been left by a fault between its flags and commitFlags(). */
export function clearFlags(): void {
  early = 0;
  late = 0;
}

/**
 * Moves the gathered flags into MXCSR; an unmasked one raises #XM, so the caller writes its result only afterwards. An unmasked
 * exception found before the computation hides those after it (volume 1, 11.5.3).
 */
export function commitFlags(): void {
  if ((early | late) == 0) return;
  const state = load<u32>(CPU_MXCSR);
  const enabled = ~(state >> 7) & 0x3f;
  const before = early;
  const after = late;
  early = 0;
  late = 0;
  if ((before & enabled) != 0) {
    store<u32>(CPU_MXCSR, state | before);
    raiseSimd();
  }
  store<u32>(CPU_MXCSR, state | before | after);
  if ((after & enabled) != 0) raiseSimd();
}

// --- the two formats: `wide` true for binary64

// @ts-ignore: decorator
@inline
function signMask(wide: bool): u64 {
  return wide ? 0x8000000000000000 : 0x80000000;
}

// @ts-ignore: decorator
@inline
function infinity(wide: bool): u64 {
  return wide ? 0x7ff0000000000000 : 0x7f800000;
}

// @ts-ignore: decorator
@inline
function quietBit(wide: bool): u64 {
  return wide ? 0x0008000000000000 : 0x00400000;
}

// @ts-ignore: decorator
@inline
function minNormal(wide: bool): u64 {
  return wide ? 0x0010000000000000 : 0x00800000;
}

// @ts-ignore: decorator
@inline
export function indefinite(wide: bool): u64 {
  return wide ? 0xfff8000000000000 : 0xffc00000;
}

// @ts-ignore: decorator
@inline
function magnitude(x: u64, wide: bool): u64 {
  return x & ~signMask(wide);
}

// @ts-ignore: decorator
@inline
export function isNan(x: u64, wide: bool): bool {
  return magnitude(x, wide) > infinity(wide);
}

// @ts-ignore: decorator
@inline
export function isSignaling(x: u64, wide: bool): bool {
  return isNan(x, wide) && (x & quietBit(wide)) == 0;
}

// @ts-ignore: decorator
@inline
export function quiet(x: u64, wide: bool): u64 {
  return x | quietBit(wide);
}

// @ts-ignore: decorator
@inline
export function isDenormal(x: u64, wide: bool): bool {
  const m = magnitude(x, wide);
  return m != 0 && m < minNormal(wide);
}

/** DAZ: a denormal operand reads as zero of its sign. */
// @ts-ignore: decorator
@inline
export function flushInput(x: u64, wide: bool): u64 {
  return (load<u32>(CPU_MXCSR) & DAZ) != 0 && isDenormal(x, wide) ? x & signMask(wide) : x;
}

/** Finite non-zero `x` to the globals. */
export function unpack(x: u64, wide: bool): void {
  const m = magnitude(x, wide);
  unpackedSign = x & signMask(wide);
  const fieldBits: u64 = wide ? 52 : 23;
  let exp = <i32>(m >> fieldBits);
  let sig = m & ((<u64>1 << fieldBits) - 1);
  if (exp == 0) exp = 1;
  else sig |= <u64>1 << fieldBits;
  exp -= wide ? 1023 : 127;
  sig <<= 62 - fieldBits;
  const lead = <i32>clz(sig) - 1;
  unpackedExp = exp - lead;
  unpackedSig = sig << lead;
}

// @ts-ignore: decorator
@inline
function shiftJam(sig: u64, count: i32): u64 {
  if (count <= 0) return sig;
  if (count > 63) return u64(sig != 0);
  return (sig >> count) | u64((sig & ((<u64>1 << count) - 1)) != 0);
}

/** What rounding adds to a significand with `shift` bits to drop. */
// @ts-ignore: decorator
@inline
function increment(sig: u64, shift: u64, negative: bool, mode: u32): u64 {
  const mask = (<u64>1 << shift) - 1;
  const half = <u64>1 << (shift - 1);
  if (mode == ROUND_NEAREST) return half - 1 + ((sig >> shift) & 1);
  if (mode == ROUND_ZERO) return 0;
  return (mode == ROUND_DOWN) == negative ? mask : 0;
}

/** Rounds to the format, setting OE UE PE (tininess after rounding). */
export function roundPack(sign: u64, exp: i32, sig: u64, wide: bool): u64 {
  const control = load<u32>(CPU_MXCSR);
  const mode = (control >> 13) & 3;
  const negative = sign != 0;
  const shift: u64 = wide ? 10 : 39;
  const mask = (<u64>1 << shift) - 1;
  const least: i32 = wide ? -1022 : -126;
  const greatest: i32 = wide ? 1023 : 127;
  const fieldBits: u64 = wide ? 52 : 23;
  if (exp < least) {
    const wouldCarry = exp == least - 1 && sig + increment(sig, shift, negative, mode) >= 0x8000000000000000;
    if (!wouldCarry && (control & (FTZ | UM)) == (FTZ | UM)) {
      late |= UE | PE;
      return sign;
    }
    const fullInexact = (sig & mask) != 0;
    const small = shiftJam(sig, least - exp);
    const inexact = (small & mask) != 0;
    if (!wouldCarry && (control & UM) == 0) {
      late |= UE;
      if (fullInexact) late |= PE;
    } else if (inexact) {
      late |= wouldCarry ? PE : UE | PE;
    }
    return sign | ((small + increment(small, shift, negative, mode)) >> shift);
  }
  const inexact = (sig & mask) != 0;
  let rounded = (sig + increment(sig, shift, negative, mode)) >> shift;
  if (rounded >> (fieldBits + 1)) {
    rounded >>= 1;
    exp++;
  }
  if (exp > greatest) {
    late |= OE;
    if (inexact || (control & 0x400) != 0) late |= PE;
    const toInfinity = mode == ROUND_NEAREST || (mode == ROUND_UP && !negative) || (mode == ROUND_DOWN && negative);
    return sign | (infinity(wide) - u64(!toInfinity));
  }
  if (inexact) late |= PE;
  return sign | ((<u64>(exp + greatest - 1) << fieldBits) + rounded);
}

/** Any sign, exponent of bit 62 and non-zero significand with up to 64 bits. */
export function normalizePack(sign: u64, exp: i32, sig: u64, wide: bool): u64 {
  const lead = <i32>clz(sig);
  if (lead == 0) return roundPack(sign, exp + 1, (sig >> 1) | (sig & 1), wide);
  return roundPack(sign, exp - (lead - 1), sig << (lead - 1), wide);
}

function addUnpacked(signA: u64, expA: i32, sigA: u64, signB: u64, expB: i32, sigB: u64, wide: bool): u64 {
  if (expA < expB || (expA == expB && sigA < sigB)) {
    const s = signA; signA = signB; signB = s;
    const e = expA; expA = expB; expB = e;
    const m = sigA; sigA = sigB; sigB = m;
  }
  sigB = shiftJam(sigB, expA - expB);
  const sig = signA == signB ? sigA + sigB : sigA - sigB;
  if (sig == 0) return roundingMode() == ROUND_DOWN ? signMask(wide) : 0;
  return normalizePack(signA, expA, sig, wide);
}

function mulHigh(a: u64, b: u64): u64 {
  const al = a & 0xffffffff;
  const ah = a >> 32;
  const bl = b & 0xffffffff;
  const bh = b >> 32;
  const mid = ah * bl + ((al * bl) >> 32);
  const mid2 = al * bh + (mid & 0xffffffff);
  return ah * bh + (mid >> 32) + (mid2 >> 32);
}

function divSignificands(a: u64, b: u64): u64 {
  // a, b have 53 bits and a >= b: 56 quotient bits, eleven at a time.
  let quotient: u64 = 1;
  let rest = a - b;
  for (let i = 0; i < 5; i++) {
    rest <<= 11;
    quotient = (quotient << 11) | (rest / b);
    rest %= b;
  }
  return (quotient << 7) | u64(rest != 0);
}

function sqrtSignificand(radicand: u64): u64 {
  // radicand / 2^52 is in [1, 4): 56 root bits, one a step.
  let root: u64 = 0;
  let rest: u64 = 0;
  for (let i = 55; i >= 0; i--) {
    const position = 2 * i - 58;
    rest = (rest << 2) | (position >= 0 ? (radicand >> position) & 3 : 0);
    const trial = (root << 2) | 1;
    root <<= 1;
    if (rest >= trial) {
      rest -= trial;
      root |= 1;
    }
  }
  return (root << 7) | u64(rest != 0);
}

/** NaN operands of a two-operand operation: the first operand if it is a NaN, else the second; quieted. */
export function propagate(a: u64, b: u64, wide: bool): u64 {
  if (isSignaling(a, wide) || isSignaling(b, wide)) early |= IE;
  return quiet(isNan(a, wide) ? a : b, wide);
}

function invalid(wide: bool): u64 {
  early |= IE;
  return indefinite(wide);
}

/** One lane of ADD, SUB, MUL, DIV, SQRT (of `b`), MIN, MAX on bit patterns; flags are gathered for commitFlags(). */
export function softArithmetic(op: u32, a: u64, b: u64, wide: bool): u64 {
  if (op == OP_SQRT) return softSqrt(b, wide);
  if (op == OP_MIN || op == OP_MAX) return softMinMax(op, a, b, wide);
  if (isNan(a, wide) || isNan(b, wide)) return propagate(a, b, wide);
  const rawDenormal = isDenormal(a, wide) || isDenormal(b, wide);
  a = flushInput(a, wide);
  b = flushInput(b, wide);
  const sign = signMask(wide);
  const inf = infinity(wide);
  if (op == OP_SUB) b ^= sign;
  const ma = a & ~sign;
  const mb = b & ~sign;
  const denormal = rawDenormal && (isDenormal(a, wide) || isDenormal(b, wide));
  if (op == OP_ADD || op == OP_SUB) {
    if (ma == inf && mb == inf && a != b) return invalid(wide);
    if (denormal) early |= DE;
    if (ma == inf) return a;
    if (mb == inf) return b;
    if (ma == 0 && mb == 0) return a == b ? a : roundingMode() == ROUND_DOWN ? sign : 0;
    if (ma == 0 || mb == 0) {
      unpack(ma == 0 ? b : a, wide);
      return roundPack(unpackedSign, unpackedExp, unpackedSig, wide);
    }
    unpack(a, wide);
    const signA = unpackedSign;
    const expA = unpackedExp;
    const sigA = unpackedSig;
    unpack(b, wide);
    return addUnpacked(signA, expA, sigA, unpackedSign, unpackedExp, unpackedSig, wide);
  }
  const s = (a ^ b) & sign;
  if (op == OP_MUL) {
    if ((ma == inf && mb == 0) || (ma == 0 && mb == inf)) return invalid(wide);
    if (denormal) early |= DE;
    if (ma == inf || mb == inf) return s | inf;
    if (ma == 0 || mb == 0) return s;
    unpack(a, wide);
    const expA = unpackedExp;
    const sigA = unpackedSig;
    unpack(b, wide);
    const high = mulHigh(sigA, unpackedSig);
    const low = sigA * unpackedSig;
    return normalizePack(s, expA + unpackedExp, (high << 2) | (low >> 62) | u64((low & 0x3fffffffffffffff) != 0), wide);
  }
  if ((ma == inf && mb == inf) || (ma == 0 && mb == 0)) return invalid(wide);
  if (mb == 0 && ma != inf) {
    early |= ZE;
    return s | inf;
  }
  if (denormal) early |= DE;
  if (ma == inf) return s | inf;
  if (ma == 0 || mb == inf) return s;
  unpack(a, wide);
  let expA = unpackedExp;
  let sigA = unpackedSig >> 10;
  unpack(b, wide);
  const sigB = unpackedSig >> 10;
  if (sigA < sigB) {
    sigA <<= 1;
    expA--;
  }
  return roundPack(s, expA - unpackedExp, divSignificands(sigA, sigB), wide);
}

function softSqrt(x: u64, wide: bool): u64 {
  if (isNan(x, wide)) return propagate(x, x, wide);
  x = flushInput(x, wide);
  const m = magnitude(x, wide);
  if (m == 0) return x;
  if (x != m) return invalid(wide);
  if (isDenormal(x, wide)) early |= DE;
  if (x == infinity(wide)) return x;
  unpack(x, wide);
  const odd = unpackedExp & 1;
  return roundPack(0, (unpackedExp - odd) >> 1, sqrtSignificand((unpackedSig >> 10) << odd), wide);
}

/** Sign-magnitude bits to an order-preserving integer; both zeros equal. */
// @ts-ignore: decorator
@inline
function ordered(x: u64, wide: bool): i64 {
  const m = <i64>magnitude(x, wide);
  return (x & signMask(wide)) != 0 ? -m : m;
}

function softMinMax(op: u32, a: u64, b: u64, wide: bool): u64 {
  if (isNan(a, wide) || isNan(b, wide)) {
    early |= IE;
    return flushInput(b, wide);
  }
  a = flushInput(a, wide);
  b = flushInput(b, wide);
  if (isDenormal(a, wide) || isDenormal(b, wide)) early |= DE;
  const x = ordered(a, wide);
  const y = ordered(b, wide);
  return (op == OP_MIN ? x < y : x > y) ? a : b;
}

/**
 * Compares and sets flags: bit 0 unordered, bit 1 less, bit 2 equal, none = greater. `signalQuiet`: a quiet NaN is invalid too.
 */
export function softCompare(a: u64, b: u64, wide: bool, signalQuiet: bool): u32 {
  if (isNan(a, wide) || isNan(b, wide)) {
    if (signalQuiet || isSignaling(a, wide) || isSignaling(b, wide)) early |= IE;
    return 1;
  }
  a = flushInput(a, wide);
  b = flushInput(b, wide);
  if (isDenormal(a, wide) || isDenormal(b, wide)) early |= DE;
  const x = ordered(a, wide);
  const y = ordered(b, wide);
  return x < y ? 2 : x == y ? 4 : 0;
}

/** CVTSS2SD's lane. */
export function softWiden(x: u64): u64 {
  const sign = (x & 0x80000000) << 32;
  if (isNan(x, false)) {
    if (isSignaling(x, false)) early |= IE;
    return sign | 0x7ff8000000000000 | ((x & 0x7fffff) << 29);
  }
  x = flushInput(x, false);
  if (isDenormal(x, false)) early |= DE;
  const m = x & 0x7fffffff;
  if (m == 0) return sign;
  if (m == 0x7f800000) return sign | 0x7ff0000000000000;
  unpack(x, false);
  return roundPack(sign, unpackedExp, unpackedSig, true);
}

/** CVTSD2SS's lane. */
export function softNarrow(x: u64): u64 {
  const sign = (x >> 32) & 0x80000000;
  if (isNan(x, true)) {
    if (isSignaling(x, true)) early |= IE;
    return sign | 0x7fc00000 | ((x >> 29) & 0x3fffff);
  }
  x = flushInput(x, true);
  if (isDenormal(x, true)) early |= DE;
  const m = x & 0x7fffffffffffffff;
  if (m == 0) return sign;
  if (m == 0x7ff0000000000000) return sign | 0x7f800000;
  unpack(x, true);
  return roundPack(sign, unpackedExp, unpackedSig, false);
}

/** Integer to float in the current rounding mode. */
export function softFromInt(x: i64, wide: bool): u64 {
  if (x == 0) return 0;
  const sign = x < 0 ? signMask(wide) : 0;
  return normalizePack(sign, 62, <u64>(x < 0 ? -x : x), wide);
}
