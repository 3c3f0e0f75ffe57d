// hot path: SSE floating-point arithmetic on whole registers and single lanes. The wasm instruction gives the result rounded to
// nearest; it stands when the rounding mode is nearest, PE is masked, and neither operands nor result are NaN, infinite, denormal
// or at the edge of the denormals: then the only flag the operation can raise is PE. If PE is already set nothing is left to do
// (the usual case); otherwise an exactness test (error of the sum, significant bits of the product) finds it. DAZ and FTZ cannot
// matter there. Everything else goes to soft-float.ts.

import { CPU_MXCSR, CPU_SCRATCH } from '../layout';
import {
  OP_ADD, OP_DIV, OP_MAX, OP_MIN, OP_MUL, OP_SQRT, OP_SUB, PE,
  clearFlags, commitFlags, setPrecision, softArithmetic, softCompare,
} from './soft-float';

const SIGN64: u64 = 0x8000000000000000;
const MIN64: u64 = 0x0010000000000000;
const INF64: u64 = 0x7ff0000000000000;
const MIN32: u32 = 0x00800000;
const INF32: u32 = 0x7f800000;

/** RC = nearest and PM set. */
// @ts-ignore: decorator
@inline
function isDefaultMode(state: u32): bool {
  return (state & 0x7000) == 0x1000;
}

// @ts-ignore: decorator
@inline
function plain64(x: f64): bool {
  const m = reinterpret<u64>(x) & ~SIGN64;
  return m - MIN64 < INF64 - MIN64 || m == 0;
}

/** Finite, above the least normal. */
// @ts-ignore: decorator
@inline
function result64(x: f64): bool {
  const m = reinterpret<u64>(x) & ~SIGN64;
  return m - MIN64 - 1 < INF64 - MIN64 - 1;
}

// @ts-ignore: decorator
@inline
function plain32(x: f32): bool {
  const m = reinterpret<u32>(x) & 0x7fffffff;
  return m - MIN32 < INF32 - MIN32 || m == 0;
}

// @ts-ignore: decorator
@inline
function result32(x: f32): bool {
  const m = reinterpret<u32>(x) & 0x7fffffff;
  return m - MIN32 - 1 < INF32 - MIN32 - 1;
}

/** Bits from the leading to the last one of a normal number's significand. */
// @ts-ignore: decorator
@inline
function significantBits(x: f64): i32 {
  return 53 - <i32>ctz((reinterpret<u64>(x) & 0xfffffffffffff) | 0x10000000000000);
}

// @ts-ignore: decorator
@inline
function sumIsExact(a: f64, b: f64, r: f64): bool {
  const t = r - a;
  return a - (r - t) + (b - t) == 0;
}

// @ts-ignore: decorator
@inline
function sumIsExact32(a: f32, b: f32, r: f32): bool {
  const t: f32 = r - a;
  const u: f32 = r - t;
  const v: f32 = a - u;
  const w: f32 = b - t;
  return v + w == 0;
}

/** 1 exact, 0 inexact, -1 not decided. */
// @ts-ignore: decorator
@inline
function productExactness(a: f64, b: f64): i32 {
  const n = significantBits(a) + significantBits(b);
  return n <= 53 ? 1 : n == 54 ? -1 : 0;
}

export function slow64(op: u32, a: u64, b: u64): u64 {
  clearFlags();
  const r = softArithmetic(op, a, b, true);
  commitFlags();
  return r;
}

export function slow32(op: u32, a: u32, b: u32): u32 {
  clearFlags();
  const r = <u32>softArithmetic(op, a, b, false);
  commitFlags();
  return r;
}

/** PE of a fast double result that is not known to be exact: false = the slow path must decide. */
function settle64(op: u32, a: f64, b: f64, r: f64): bool {
  let exactness: i32;
  if (op == OP_ADD) exactness = i32(sumIsExact(a, b, r));
  else if (op == OP_SUB) exactness = i32(sumIsExact(a, -b, r));
  else if (r == 0) exactness = 1;
  else if (op == OP_MUL) exactness = productExactness(a, b);
  else if (op == OP_DIV) {
    exactness = productExactness(r, b);
    if (exactness == 1) exactness = i32(r * b == a);
  } else {
    exactness = productExactness(r, r);
    if (exactness == 1) exactness = i32(r * r == b);
  }
  if (exactness < 0) return false;
  if (exactness == 0) setPrecision();
  return true;
}

function settle32(op: u32, a: f32, b: f32, r: f32): void {
  let exact: bool;
  if (op == OP_ADD) exact = sumIsExact32(a, b, r);
  else if (op == OP_SUB) exact = sumIsExact32(a, -b, r);
  else if (op == OP_MUL) exact = <f64>a * <f64>b == <f64>r;
  else if (op == OP_DIV) exact = <f64>r * <f64>b == <f64>a;
  else exact = <f64>r * <f64>r == <f64>b;
  if (!exact) setPrecision();
}

// @ts-ignore: decorator
@inline
function fast64(op: u32, a: f64, b: f64): f64 {
  if (op == OP_ADD) return a + b;
  if (op == OP_SUB) return a - b;
  if (op == OP_MUL) return a * b;
  if (op == OP_DIV) return a / b;
  return Math.sqrt(b);
}

// @ts-ignore: decorator
@inline
function fast32(op: u32, a: f32, b: f32): f32 {
  if (op == OP_ADD) return a + b;
  if (op == OP_SUB) return a - b;
  if (op == OP_MUL) return a * b;
  if (op == OP_DIV) return a / b;
  return Mathf.sqrt(b);
}

/** A zero result that raises nothing, given plain operands. */
// @ts-ignore: decorator
@inline
function zeroIsExact(op: u32, a: bool, b: bool): bool {
  if (op == OP_MUL) return a || b;
  if (op == OP_DIV) return a;
  return true;
}

// @ts-ignore: decorator
@inline
function lane64(op: u32, at: usize, from: usize): void {
  const a = load<f64>(at);
  const b = load<f64>(from);
  const r = fast64(op, a, b);
  const state = load<u32>(CPU_MXCSR);
  if (
    isDefaultMode(state) &&
    plain64(b) && (op == OP_SQRT || plain64(a)) &&
    (result64(r) || (r == 0 && zeroIsExact(op, a == 0, b == 0))) &&
    ((state & PE) != 0 || settle64(op, a, b, r))
  ) {
    store<f64>(at, r);
    return;
  }
  store<u64>(at, slow64(op, load<u64>(at), load<u64>(from)));
}

// @ts-ignore: decorator
@inline
function lane32(op: u32, at: usize, from: usize): void {
  const a = load<f32>(at);
  const b = load<f32>(from);
  const r = fast32(op, a, b);
  const state = load<u32>(CPU_MXCSR);
  if (
    isDefaultMode(state) &&
    plain32(b) && (op == OP_SQRT || plain32(a)) &&
    (result32(r) || (r == 0 && zeroIsExact(op, a == 0, b == 0)))
  ) {
    if ((state & PE) == 0) settle32(op, a, b, r);
    store<f32>(at, r);
    return;
  }
  store<u32>(at, slow32(op, load<u32>(at), load<u32>(from)));
}

// @ts-ignore: decorator
@inline
function minMax64(op: u32, at: usize, from: usize): void {
  const a = load<f64>(at);
  const b = load<f64>(from);
  if (plain64(a) && plain64(b)) {
    if (!(op == OP_MIN ? a < b : a > b)) store<f64>(at, b);
    return;
  }
  store<u64>(at, slow64(op, load<u64>(at), load<u64>(from)));
}

// @ts-ignore: decorator
@inline
function minMax32(op: u32, at: usize, from: usize): void {
  const a = load<f32>(at);
  const b = load<f32>(from);
  if (plain32(a) && plain32(b)) {
    if (!(op == OP_MIN ? a < b : a > b)) store<f32>(at, b);
    return;
  }
  store<u32>(at, slow32(op, load<u32>(at), load<u32>(from)));
}

// The four common ones have an entry of their own, without a second dispatch.

export function add64(at: usize, from: usize): void {
  lane64(OP_ADD, at, from);
}

export function sub64(at: usize, from: usize): void {
  lane64(OP_SUB, at, from);
}

export function mul64(at: usize, from: usize): void {
  lane64(OP_MUL, at, from);
}

export function div64(at: usize, from: usize): void {
  lane64(OP_DIV, at, from);
}

export function add32(at: usize, from: usize): void {
  lane32(OP_ADD, at, from);
}

export function sub32(at: usize, from: usize): void {
  lane32(OP_SUB, at, from);
}

export function mul32(at: usize, from: usize): void {
  lane32(OP_MUL, at, from);
}

export function div32(at: usize, from: usize): void {
  lane32(OP_DIV, at, from);
}

/** SQRTSD, MINSD, MAXSD: the low lane at `at` (destination) with the one at `from`. */
export function scalar64(op: u32, at: usize, from: usize): void {
  switch (op) {
    case OP_SQRT: lane64(OP_SQRT, at, from); return;
    case OP_MIN: minMax64(OP_MIN, at, from); return;
    default: minMax64(OP_MAX, at, from); return;
  }
}

export function scalar32(op: u32, at: usize, from: usize): void {
  switch (op) {
    case OP_SQRT: lane32(OP_SQRT, at, from); return;
    case OP_MIN: minMax32(OP_MIN, at, from); return;
    default: minMax32(OP_MAX, at, from); return;
  }
}

// --- packed

function slowPacked64(op: u32, a: v128, b: v128): v128 {
  clearFlags();
  const low = softArithmetic(op, i64x2.extract_lane(a, 0), i64x2.extract_lane(b, 0), true);
  const high = softArithmetic(op, i64x2.extract_lane(a, 1), i64x2.extract_lane(b, 1), true);
  commitFlags();
  return i64x2.replace_lane(i64x2.splat(low), 1, high);
}

function slowPacked32(op: u32, a: v128, b: v128): v128 {
  clearFlags();
  let r = i32x4.splat(<u32>softArithmetic(op, <u32>i32x4.extract_lane(a, 0), <u32>i32x4.extract_lane(b, 0), false));
  r = i32x4.replace_lane(r, 1, <u32>softArithmetic(op, <u32>i32x4.extract_lane(a, 1), <u32>i32x4.extract_lane(b, 1), false));
  r = i32x4.replace_lane(r, 2, <u32>softArithmetic(op, <u32>i32x4.extract_lane(a, 2), <u32>i32x4.extract_lane(b, 2), false));
  r = i32x4.replace_lane(r, 3, <u32>softArithmetic(op, <u32>i32x4.extract_lane(a, 3), <u32>i32x4.extract_lane(b, 3), false));
  commitFlags();
  return r;
}

// @ts-ignore: decorator
@inline
function plainPacked64(x: v128): v128 {
  const m = f64x2.abs(x);
  return v128.or(
    v128.and(f64x2.ge(m, f64x2.splat(reinterpret<f64>(MIN64))), f64x2.lt(m, f64x2.splat(Infinity))),
    f64x2.eq(m, f64x2.splat(0)),
  );
}

// @ts-ignore: decorator
@inline
function plainPacked32(x: v128): v128 {
  const m = f32x4.abs(x);
  return v128.or(
    v128.and(f32x4.ge(m, f32x4.splat(reinterpret<f32>(MIN32))), f32x4.lt(m, f32x4.splat(<f32>Infinity))),
    f32x4.eq(m, f32x4.splat(0)),
  );
}

// @ts-ignore: decorator
@inline
function packed64(op: u32, a: v128, b: v128): v128 {
  const state = load<u32>(CPU_MXCSR);
  if (isDefaultMode(state)) {
    let r: v128;
    const zero = f64x2.splat(0);
    if (op == OP_ADD) r = f64x2.add(a, b);
    else if (op == OP_SUB) r = f64x2.sub(a, b);
    else if (op == OP_MUL) r = f64x2.mul(a, b);
    else if (op == OP_DIV) r = f64x2.div(a, b);
    else r = f64x2.sqrt(b);
    const m = f64x2.abs(r);
    let zeros = f64x2.eq(m, zero);
    if (op == OP_MUL) zeros = v128.and(zeros, v128.or(f64x2.eq(a, zero), f64x2.eq(b, zero)));
    else if (op == OP_DIV) zeros = v128.and(zeros, f64x2.eq(a, zero));
    let ok = v128.or(
      v128.and(f64x2.gt(m, f64x2.splat(reinterpret<f64>(MIN64))), f64x2.lt(m, f64x2.splat(Infinity))),
      zeros,
    );
    ok = v128.and(ok, plainPacked64(b));
    if (op != OP_SQRT) ok = v128.and(ok, plainPacked64(a));
    if (
      i64x2.all_true(ok) &&
      ((state & PE) != 0 ||
        (settle64(op, f64x2.extract_lane(a, 0), f64x2.extract_lane(b, 0), f64x2.extract_lane(r, 0)) &&
          settle64(op, f64x2.extract_lane(a, 1), f64x2.extract_lane(b, 1), f64x2.extract_lane(r, 1))))
    ) {
      return r;
    }
  }
  return slowPacked64(op, a, b);
}

// @ts-ignore: decorator
@inline
function packed32(op: u32, a: v128, b: v128): v128 {
  const state = load<u32>(CPU_MXCSR);
  if (isDefaultMode(state)) {
    let r: v128;
    const zero = f32x4.splat(0);
    if (op == OP_ADD) r = f32x4.add(a, b);
    else if (op == OP_SUB) r = f32x4.sub(a, b);
    else if (op == OP_MUL) r = f32x4.mul(a, b);
    else if (op == OP_DIV) r = f32x4.div(a, b);
    else r = f32x4.sqrt(b);
    const m = f32x4.abs(r);
    let zeros = f32x4.eq(m, zero);
    if (op == OP_MUL) zeros = v128.and(zeros, v128.or(f32x4.eq(a, zero), f32x4.eq(b, zero)));
    else if (op == OP_DIV) zeros = v128.and(zeros, f32x4.eq(a, zero));
    let ok = v128.or(
      v128.and(f32x4.gt(m, f32x4.splat(reinterpret<f32>(MIN32))), f32x4.lt(m, f32x4.splat(<f32>Infinity))),
      zeros,
    );
    ok = v128.and(ok, plainPacked32(b));
    if (op != OP_SQRT) ok = v128.and(ok, plainPacked32(a));
    if (i32x4.all_true(ok)) {
      if ((state & PE) == 0) {
        settle32(op, f32x4.extract_lane(a, 0), f32x4.extract_lane(b, 0), f32x4.extract_lane(r, 0));
        settle32(op, f32x4.extract_lane(a, 1), f32x4.extract_lane(b, 1), f32x4.extract_lane(r, 1));
        settle32(op, f32x4.extract_lane(a, 2), f32x4.extract_lane(b, 2), f32x4.extract_lane(r, 2));
        settle32(op, f32x4.extract_lane(a, 3), f32x4.extract_lane(b, 3), f32x4.extract_lane(r, 3));
      }
      return r;
    }
  }
  return slowPacked32(op, a, b);
}

/** One packed operation by its opcode byte; unmasked exceptions raise before anything is returned. */
export function arithmetic64(op: u32, a: v128, b: v128): v128 {
  switch (op) {
    case OP_SQRT: return packed64(OP_SQRT, a, b);
    case OP_ADD: return packed64(OP_ADD, a, b);
    case OP_MUL: return packed64(OP_MUL, a, b);
    case OP_SUB: return packed64(OP_SUB, a, b);
    case OP_DIV: return packed64(OP_DIV, a, b);
    case OP_MIN:
      if (i64x2.all_true(v128.and(plainPacked64(a), plainPacked64(b)))) return f64x2.pmin(b, a);
      return slowPacked64(op, a, b);
    default:
      if (i64x2.all_true(v128.and(plainPacked64(a), plainPacked64(b)))) return f64x2.pmax(b, a);
      return slowPacked64(op, a, b);
  }
}

export function arithmetic32(op: u32, a: v128, b: v128): v128 {
  switch (op) {
    case OP_SQRT: return packed32(OP_SQRT, a, b);
    case OP_ADD: return packed32(OP_ADD, a, b);
    case OP_MUL: return packed32(OP_MUL, a, b);
    case OP_SUB: return packed32(OP_SUB, a, b);
    case OP_DIV: return packed32(OP_DIV, a, b);
    case OP_MIN:
      if (i32x4.all_true(v128.and(plainPacked32(a), plainPacked32(b)))) return f32x4.pmin(b, a);
      return slowPacked32(op, a, b);
    default:
      if (i32x4.all_true(v128.and(plainPacked32(a), plainPacked32(b)))) return f32x4.pmax(b, a);
      return slowPacked32(op, a, b);
  }
}

/** ADDSUBPS/PD, HADDPS/PD, HSUBPS/PD: lanes with `subtract` bits are a - b. One exception check for all lanes. */
export function mixedArithmetic64(a: v128, b: v128, subtract: u32): v128 {
  if (i64x2.all_true(v128.and(plainPacked64(a), plainPacked64(b)))) {
    const flip = i64x2.replace_lane(i64x2.splat(<u64>(subtract & 1) << 63), 1, <u64>(subtract >> 1) << 63);
    return arithmetic64(OP_ADD, a, v128.xor(b, flip));
  }
  clearFlags();
  const low = softArithmetic(subtract & 1 ? OP_SUB : OP_ADD, i64x2.extract_lane(a, 0), i64x2.extract_lane(b, 0), true);
  const high = softArithmetic(subtract & 2 ? OP_SUB : OP_ADD, i64x2.extract_lane(a, 1), i64x2.extract_lane(b, 1), true);
  commitFlags();
  return i64x2.replace_lane(i64x2.splat(low), 1, high);
}

export function mixedArithmetic32(a: v128, b: v128, subtract: u32): v128 {
  if (i32x4.all_true(v128.and(plainPacked32(a), plainPacked32(b)))) {
    const bits = v128.and(i32x4.splat(subtract), i32x4(1, 2, 4, 8));
    return arithmetic32(OP_ADD, a, v128.xor(b, i32x4.shl(v128.not(i32x4.eq(bits, i32x4.splat(0))), 31)));
  }
  clearFlags();
  v128.store(CPU_SCRATCH, a);
  v128.store(CPU_SCRATCH + 16, b);
  for (let i: u32 = 0; i < 4; i++) {
    const p = <usize>CPU_SCRATCH + (i << 2);
    store<u32>(p, softArithmetic((subtract >> i) & 1 ? OP_SUB : OP_ADD, load<u32>(p), load<u32>(p, 16), false));
  }
  commitFlags();
  return v128.load(CPU_SCRATCH);
}

// --- compare

/** Relations (1 unordered, 2 less, 4 equal, 8 greater) that make a CMPccPS predicate true. */
function predicate(cc: u32): u32 {
  switch (cc & 7) {
    case 0: return 4;
    case 1: return 2;
    case 2: return 6;
    case 3: return 1;
    case 4: return 11;
    case 5: return 13;
    case 6: return 9;
    default: return 14;
  }
}

/** LT, LE, NLT and NLE signal a quiet NaN too. */
// @ts-ignore: decorator
@inline
function signalsQuiet(cc: u32): bool {
  return ((0x66 >> (cc & 7)) & 1) != 0;
}

function slowCompare(cc: u32, a: u64, b: u64, wide: bool): bool {
  const relation = softCompare(a, b, wide, signalsQuiet(cc));
  return ((relation == 0 ? 8 : relation) & predicate(cc)) != 0;
}

/** CMPPD. */
export function compare64(cc: u32, a: v128, b: v128): v128 {
  if (i64x2.all_true(v128.and(plainPacked64(a), plainPacked64(b)))) {
    switch (cc & 7) {
      case 0: return f64x2.eq(a, b);
      case 1: return f64x2.lt(a, b);
      case 2: return f64x2.le(a, b);
      case 3: return i64x2.splat(0);
      case 4: return f64x2.ne(a, b);
      case 5: return f64x2.ge(a, b);
      case 6: return f64x2.gt(a, b);
      default: return i64x2.splat(-1);
    }
  }
  clearFlags();
  const low = slowCompare(cc, i64x2.extract_lane(a, 0), i64x2.extract_lane(b, 0), true);
  const high = slowCompare(cc, i64x2.extract_lane(a, 1), i64x2.extract_lane(b, 1), true);
  commitFlags();
  return i64x2.replace_lane(i64x2.splat(-i64(low)), 1, -i64(high));
}

/** CMPPS. */
export function compare32(cc: u32, a: v128, b: v128): v128 {
  if (i32x4.all_true(v128.and(plainPacked32(a), plainPacked32(b)))) {
    switch (cc & 7) {
      case 0: return f32x4.eq(a, b);
      case 1: return f32x4.lt(a, b);
      case 2: return f32x4.le(a, b);
      case 3: return i64x2.splat(0);
      case 4: return f32x4.ne(a, b);
      case 5: return f32x4.ge(a, b);
      case 6: return f32x4.gt(a, b);
      default: return i64x2.splat(-1);
    }
  }
  clearFlags();
  let r = i32x4.splat(-i32(slowCompare(cc, <u32>i32x4.extract_lane(a, 0), <u32>i32x4.extract_lane(b, 0), false)));
  r = i32x4.replace_lane(r, 1, -i32(slowCompare(cc, <u32>i32x4.extract_lane(a, 1), <u32>i32x4.extract_lane(b, 1), false)));
  r = i32x4.replace_lane(r, 2, -i32(slowCompare(cc, <u32>i32x4.extract_lane(a, 2), <u32>i32x4.extract_lane(b, 2), false)));
  r = i32x4.replace_lane(r, 3, -i32(slowCompare(cc, <u32>i32x4.extract_lane(a, 3), <u32>i32x4.extract_lane(b, 3), false)));
  commitFlags();
  return r;
}

export function compareScalar64(cc: u32, at: usize, from: usize): void {
  const a = load<f64>(at);
  const b = load<f64>(from);
  if (plain64(a) && plain64(b)) {
    store<i64>(at, -i64(((a < b ? 2 : a == b ? 4 : 8) & predicate(cc)) != 0));
    return;
  }
  clearFlags();
  const r = slowCompare(cc, load<u64>(at), load<u64>(from), true);
  commitFlags();
  store<i64>(at, -i64(r));
}

export function compareScalar32(cc: u32, at: usize, from: usize): void {
  const a = load<f32>(at);
  const b = load<f32>(from);
  if (plain32(a) && plain32(b)) {
    store<i32>(at, -i32(((a < b ? 2 : a == b ? 4 : 8) & predicate(cc)) != 0));
    return;
  }
  clearFlags();
  const r = slowCompare(cc, load<u32>(at), load<u32>(from), false);
  commitFlags();
  store<i32>(at, -i32(r));
}

// ZF PF CF of (U)COMISS/SD, by relation.
// @ts-ignore: decorator
@inline
function relationFlags(relation: u32): u32 {
  return relation == 1 ? 0x45 : relation == 2 ? 0x01 : relation == 4 ? 0x40 : 0;
}

export function orderedFlags64(at: usize, from: usize, signalQuiet: bool): u32 {
  const a = load<f64>(at);
  const b = load<f64>(from);
  if (plain64(a) && plain64(b)) return a < b ? 0x01 : a == b ? 0x40 : 0;
  clearFlags();
  const relation = softCompare(load<u64>(at), load<u64>(from), true, signalQuiet);
  commitFlags();
  return relationFlags(relation);
}

export function orderedFlags32(at: usize, from: usize, signalQuiet: bool): u32 {
  const a = load<f32>(at);
  const b = load<f32>(from);
  if (plain32(a) && plain32(b)) return a < b ? 0x01 : a == b ? 0x40 : 0;
  clearFlags();
  const relation = softCompare(load<u32>(at), load<u32>(from), false, signalQuiet);
  commitFlags();
  return relationFlags(relation);
}
