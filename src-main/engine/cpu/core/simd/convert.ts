// Conversions between integers, binary32 and binary64, and ROUNDPS/PD/SS/SD (Intel SDM volume 1, 11.5; volume 2, CVT*, ROUND*).
// An integer that does not fit, or a NaN, gives the indefinite integer and IE; a denormal operand raises nothing but PE.

import { CPU_MXCSR, CPU_SCRATCH } from '../layout';
import {
  DAZ, IE, PE, ROUND_DOWN, ROUND_NEAREST, ROUND_UP, ROUND_ZERO,
  clearFlags, commitFlags, flagEarly, flagLate, isDenormal, isNan, isSignaling, quiet, roundingMode,
  softFromInt, softNarrow, softWiden, setPrecision,
} from './soft-float';

// @ts-ignore: decorator
@inline
function roundInMode(x: f64, mode: u32): f64 {
  if (mode == ROUND_NEAREST) return nearest<f64>(x);
  if (mode == ROUND_DOWN) return Math.floor(x);
  if (mode == ROUND_UP) return Math.ceil(x);
  return Math.trunc(x);
}

/** Float to integer; gathers IE or PE. The caller clears and commits the flags. */
export function gatherInt32(x: f64, truncate: bool): u32 {
  const r = roundInMode(x, truncate ? ROUND_ZERO : roundingMode());
  if (!(r >= -2147483648.0 && r <= 2147483647.0)) {
    flagEarly(IE);
    return 0x80000000;
  }
  if (r != x) flagLate(PE);
  return <u32><i32>r;
}

function toInt64(x: f64, truncate: bool): u64 {
  const r = roundInMode(x, truncate ? ROUND_ZERO : roundingMode());
  if (!(r >= -9223372036854775808.0 && r < 9223372036854775808.0)) {
    flagEarly(IE);
    return 0x8000000000000000;
  }
  if (r != x) flagLate(PE);
  return <u64><i64>r;
}

/** DAZ on a double. Wide enough for a float that was widened: `narrow` tells its denormals. */
// @ts-ignore: decorator
@inline
function daz(x: f64, isNarrow: bool): f64 {
  if ((load<u32>(CPU_MXCSR) & DAZ) == 0) return x;
  return Math.abs(x) < (isNarrow ? 1.1754943508222875e-38 : 2.2250738585072014e-308) ? 0 : x;
}

/** CVT(T)SD2SI, CVT(T)SS2SI: 32 bits zero-extended, or 64. */
export function scalarToInt(from: usize, isDouble: bool, wide: bool, truncate: bool): u64 {
  const x = isDouble ? daz(load<f64>(from), false) : daz(<f64>load<f32>(from), true);
  clearFlags();
  const r = wide ? toInt64(x, truncate) : <u64>gatherInt32(x, truncate);
  commitFlags();
  return r;
}

/** CVT(T)PS2DQ. */
export function singlesToInts(a: v128, truncate: bool): v128 {
  clearFlags();
  let r = i32x4.splat(gatherInt32(daz(<f64>f32x4.extract_lane(a, 0), true), truncate));
  r = i32x4.replace_lane(r, 1, gatherInt32(daz(<f64>f32x4.extract_lane(a, 1), true), truncate));
  r = i32x4.replace_lane(r, 2, gatherInt32(daz(<f64>f32x4.extract_lane(a, 2), true), truncate));
  r = i32x4.replace_lane(r, 3, gatherInt32(daz(<f64>f32x4.extract_lane(a, 3), true), truncate));
  commitFlags();
  return r;
}

/** CVT(T)PS2PI: the two low lanes. */
export function twoSinglesToInts(low: u64, truncate: bool): u64 {
  clearFlags();
  const a = gatherInt32(daz(<f64>reinterpret<f32>(<u32>low), true), truncate);
  const b = gatherInt32(daz(<f64>reinterpret<f32>(<u32>(low >> 32)), true), truncate);
  commitFlags();
  return <u64>a | (<u64>b << 32);
}

/** CVT(T)PD2DQ and CVT(T)PD2PI. */
export function doublesToInts(v: v128, truncate: bool): u64 {
  clearFlags();
  const a = gatherInt32(daz(f64x2.extract_lane(v, 0), false), truncate);
  const b = gatherInt32(daz(f64x2.extract_lane(v, 1), false), truncate);
  commitFlags();
  return <u64>a | (<u64>b << 32);
}

/** CVTSI2SD, CVTSI2SS: the bits of the result. */
export function intToScalar(value: i64, isDouble: bool): u64 {
  clearFlags();
  const r = softFromInt(value, isDouble);
  commitFlags();
  return r;
}

/** CVTDQ2PS. */
export function intsToSingles(v: v128): v128 {
  if ((load<u32>(CPU_MXCSR) & 0x7000) == 0x1000) {
    const r = f32x4.convert_i32x4_s(v);
    if ((load<u32>(CPU_MXCSR) & PE) == 0) {
      // Exact unless a lane needs more than 24 significant bits: compare in double precision.
      const low = v128.xor(f64x2.convert_low_i32x4_s(v), f64x2.promote_low_f32x4(r));
      const high = v128.xor(
        f64x2.convert_low_i32x4_s(i64x2.shuffle(v, v, 1, 1)),
        f64x2.promote_low_f32x4(i64x2.shuffle(r, r, 1, 1)),
      );
      if (v128.any_true(v128.or(low, high))) setPrecision();
    }
    return r;
  }
  clearFlags();
  let r = i32x4.splat(<u32>softFromInt(i32x4.extract_lane(v, 0), false));
  r = i32x4.replace_lane(r, 1, <u32>softFromInt(i32x4.extract_lane(v, 1), false));
  r = i32x4.replace_lane(r, 2, <u32>softFromInt(i32x4.extract_lane(v, 2), false));
  r = i32x4.replace_lane(r, 3, <u32>softFromInt(i32x4.extract_lane(v, 3), false));
  commitFlags();
  return r;
}

/** CVTPI2PS: two lanes in the low half. */
export function twoIntsToSingles(v: u64): u64 {
  clearFlags();
  const a = softFromInt(<i64><i32>v, false);
  const b = softFromInt(<i64><i32>(v >> 32), false);
  commitFlags();
  return a | (b << 32);
}

// @ts-ignore: decorator
@inline
function plainNarrow(m: u32): bool {
  return m - 0x00800000 < 0x7f000000 || m == 0;
}

/** CVTSS2SD. */
export function widen(bits: u32): u64 {
  if (plainNarrow(bits & 0x7fffffff)) return reinterpret<u64>(<f64>reinterpret<f32>(bits));
  clearFlags();
  const r = softWiden(bits);
  commitFlags();
  return r;
}

/** CVTPS2PD: both lanes checked together. */
export function widenTwo(low: u64): v128 {
  const a = <u32>low;
  const b = <u32>(low >> 32);
  if (plainNarrow(a & 0x7fffffff) && plainNarrow(b & 0x7fffffff)) return f64x2.promote_low_f32x4(i64x2.splat(low));
  clearFlags();
  const first = softWiden(a);
  const second = softWiden(b);
  commitFlags();
  return i64x2.replace_lane(i64x2.splat(first), 1, second);
}

/** CVTSD2SS. */
export function narrow(bits: u64): u32 {
  const state = load<u32>(CPU_MXCSR);
  const x = reinterpret<f64>(bits);
  const r = <f32>x;
  const m = reinterpret<u32>(r) & 0x7fffffff;
  if ((state & 0x7000) == 0x1000 && (m - 0x00800001 < 0x7effffff || x == 0)) {
    if ((state & PE) == 0 && <f64>r != x) setPrecision();
    return reinterpret<u32>(r);
  }
  clearFlags();
  const s = <u32>softNarrow(bits);
  commitFlags();
  return s;
}

/** CVTPD2PS. */
export function narrowTwo(v: v128): u64 {
  const state = load<u32>(CPU_MXCSR);
  if ((state & 0x7000) == 0x1000) {
    const r = f32x4.demote_f64x2_zero(v);
    const m = f32x4.abs(r);
    const ok = v128.and(f32x4.gt(m, f32x4.splat(reinterpret<f32>(0x00800000))), f32x4.lt(m, f32x4.splat(<f32>Infinity)));
    if ((i32x4.bitmask(ok) & 3) == 3) {
      if ((state & PE) == 0 && v128.any_true(v128.xor(f64x2.promote_low_f32x4(r), v))) setPrecision();
      return i64x2.extract_lane(r, 0);
    }
  }
  clearFlags();
  const a = softNarrow(i64x2.extract_lane(v, 0));
  const b = softNarrow(i64x2.extract_lane(v, 1));
  commitFlags();
  return a | (b << 32);
}

/** One lane of ROUNDSD; imm bit 2 takes the mode from MXCSR, bit 3 hides PE. */
function round64(bits: u64, imm: u32): u64 {
  if (isNan(bits, true)) {
    if (isSignaling(bits, true)) flagEarly(IE);
    return quiet(bits, true);
  }
  if ((load<u32>(CPU_MXCSR) & DAZ) != 0 && isDenormal(bits, true)) bits &= 0x8000000000000000;
  const x = reinterpret<f64>(bits);
  const r = roundInMode(x, imm & 4 ? roundingMode() : imm & 3);
  if ((imm & 8) == 0 && r != x) flagLate(PE);
  return reinterpret<u64>(r);
}

function round32(bits: u32, imm: u32): u32 {
  if (isNan(bits, false)) {
    if (isSignaling(bits, false)) flagEarly(IE);
    return <u32>quiet(bits, false);
  }
  if ((load<u32>(CPU_MXCSR) & DAZ) != 0 && isDenormal(bits, false)) bits &= 0x80000000;
  const x = <f64>reinterpret<f32>(bits);
  const r = roundInMode(x, imm & 4 ? roundingMode() : imm & 3);
  if ((imm & 8) == 0 && r != x) flagLate(PE);
  return reinterpret<u32>(<f32>r);
}

export function roundScalar64(bits: u64, imm: u32): u64 {
  clearFlags();
  const r = round64(bits, imm);
  commitFlags();
  return r;
}

export function roundScalar32(bits: u32, imm: u32): u32 {
  clearFlags();
  const r = round32(bits, imm);
  commitFlags();
  return r;
}

export function roundPacked64(v: v128, imm: u32): v128 {
  clearFlags();
  const low = round64(i64x2.extract_lane(v, 0), imm);
  const high = round64(i64x2.extract_lane(v, 1), imm);
  commitFlags();
  return i64x2.replace_lane(i64x2.splat(low), 1, high);
}

export function roundPacked32(v: v128, imm: u32): v128 {
  clearFlags();
  v128.store(CPU_SCRATCH, v);
  for (let p: usize = CPU_SCRATCH; p < <usize>(CPU_SCRATCH + 16); p += 4) store<u32>(p, round32(load<u32>(p), imm));
  commitFlags();
  return v128.load(CPU_SCRATCH);
}

// --- approximations

/** RCPPS lane: no flags, no rounding mode; denormal operands are zeros, denormal results zero (SDM: error below 1.5 * 2^-12). */
export function reciprocal(bits: u32): u32 {
  const m = bits & 0x7fffffff;
  const sign = bits & 0x80000000;
  if (m > 0x7f800000) return bits | 0x00400000;
  if (m < 0x00800000) return sign | 0x7f800000;
  const r = reinterpret<u32>(<f32>1 / reinterpret<f32>(bits));
  return (r & 0x7fffffff) < 0x00800000 ? sign : r;
}

/** RSQRTPS lane. */
export function reciprocalRoot(bits: u32): u32 {
  const m = bits & 0x7fffffff;
  if (m > 0x7f800000) return bits | 0x00400000;
  if (m < 0x00800000) return (bits & 0x80000000) | 0x7f800000;
  if ((bits & 0x80000000) != 0) return 0xffc00000;
  if (m == 0x7f800000) return 0;
  return reinterpret<u32>(<f32>(1 / Math.sqrt(<f64>reinterpret<f32>(bits))));
}
