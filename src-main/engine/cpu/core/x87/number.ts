// The 80-bit number format of the x87 unit: constants, operand classes, rounding and packing of results, the rules for
// NaNs. Intel SDM volume 1, chapters 4.8 and 8. A value is a pair: `se` (sign in bit 15, biased exponent in bits 0-14)
// and `sig` (64-bit significand with explicit integer bit). Results come back in `outSe`/`outSig`; `raised` collects the
// exception bits and C1 of the instruction at work, in status-word positions.
import { CPU_FPU_CW } from '../layout';

export const SW_IE: u32 = 0x01;
export const SW_DE: u32 = 0x02;
export const SW_ZE: u32 = 0x04;
export const SW_OE: u32 = 0x08;
export const SW_UE: u32 = 0x10;
export const SW_PE: u32 = 0x20;
export const SW_SF: u32 = 0x40;
export const SW_ES: u32 = 0x80;
export const SW_C0: u32 = 0x100;
export const SW_C1: u32 = 0x200;
export const SW_C2: u32 = 0x400;
export const SW_C3: u32 = 0x4000;
export const SW_B: u32 = 0x8000;
export const CONDITIONS: u32 = SW_C0 | SW_C1 | SW_C2 | SW_C3;

export const RC_NEAREST: u32 = 0;
export const RC_DOWN: u32 = 1;
export const RC_UP: u32 = 2;
export const RC_CHOP: u32 = 3;

export const SIGN: u32 = 0x8000;
export const EXP_MAX: u32 = 0x7fff;
export const EXP_BIAS: i32 = 0x3fff;
export const INTEGER_BIT: u64 = 0x8000000000000000;
export const QUIET_BIT: u64 = 0x4000000000000000;
/** Exponent adjustment of results delivered with an unmasked overflow or underflow. */
const EXP_WRAP: i32 = 0x6000;

export const CLASS_ZERO: u32 = 0;
export const CLASS_NORMAL: u32 = 1;
/** Denormals and pseudo-denormals. */
export const CLASS_DENORMAL: u32 = 2;
export const CLASS_INFINITY: u32 = 3;
export const CLASS_QNAN: u32 = 4;
export const CLASS_SNAN: u32 = 5;
/** Unnormals, pseudo-infinities, pseudo-NaNs: invalid since the 387. */
export const CLASS_UNSUPPORTED: u32 = 6;

export let outSe: u32 = 0;
export let outSig: u64 = 0;
export let raised: u32 = 0;

@inline export function setOut(se: u32, sig: u64): void {
  outSe = se;
  outSig = sig;
}

@inline export function clearRaised(): void {
  raised = 0;
}

@inline export function addRaised(bits: u32): void {
  raised |= bits;
}

@inline export function setRaised(bits: u32): void {
  raised = bits;
}

@inline export function roundingControl(): u32 {
  return (load<u32>(CPU_FPU_CW) >> 10) & 3;
}

/** True for the common operand: normalised, exponent neither 0 nor all ones. */
@inline export function isNormal(se: u32, sig: u64): bool {
  return ((se + 1) & 0x7ffe) != 0 && <i64>sig < 0;
}

export function classOf(se: u32, sig: u64): u32 {
  const exp = se & EXP_MAX;
  if (exp == 0) return sig == 0 ? CLASS_ZERO : CLASS_DENORMAL;
  if (<i64>sig >= 0) return CLASS_UNSUPPORTED;
  if (exp != EXP_MAX) return CLASS_NORMAL;
  if (sig << 1 == 0) return CLASS_INFINITY;
  return sig & QUIET_BIT ? CLASS_QNAN : CLASS_SNAN;
}

/** The real indefinite QNaN, the masked response to an invalid operation. */
@inline export function setIndefinite(): void {
  setOut(0xffff, 0xc000000000000000);
}

export function invalid(): void {
  raised |= SW_IE;
  setIndefinite();
}

/** Result for one NaN or unsupported operand. */
export function nanOf(se: u32, sig: u64): void {
  const kind = classOf(se, sig);
  if (kind == CLASS_UNSUPPORTED) {
    invalid();
    return;
  }
  if (kind == CLASS_SNAN) raised |= SW_IE;
  setOut(se, sig | QUIET_BIT);
}

/** If an operand is a NaN or unsupported: sets the result by the rules of SDM volume 1 table 4-7 and returns true. */
export function pickNan(aSe: u32, aSig: u64, bSe: u32, bSig: u64): bool {
  const a = classOf(aSe, aSig);
  const b = classOf(bSe, bSig);
  if (a < CLASS_QNAN && b < CLASS_QNAN) return false;
  if (a == CLASS_UNSUPPORTED || b == CLASS_UNSUPPORTED) {
    invalid();
    return true;
  }
  if (a == CLASS_SNAN || b == CLASS_SNAN) raised |= SW_IE;
  let first: bool;
  if (b < CLASS_QNAN) first = true;
  else if (a < CLASS_QNAN) first = false;
  else if (a != b) first = a == CLASS_QNAN;
  else if (aSig != bSig) first = aSig > bSig;
  else first = aSe < bSe;
  if (first) setOut(aSe, aSig | QUIET_BIT);
  else setOut(bSe, bSig | QUIET_BIT);
  return true;
}

/** Rounds a normalised 128-bit significand (bit 127 set; the low bits may be sticky) at the control word's precision. */
@inline export function roundPack(sign: u32, exp: i32, hi: u64, lo: u64): void {
  if ((load<u32>(CPU_FPU_CW) & 0xf00) == 0x300 && <u32>(exp - 1) < 0x7ffd) {
    if (lo) {
      const up = (lo >> 63) & (u64(lo << 1 != 0) | hi);
      hi += up;
      if (up && !hi) {
        hi = INTEGER_BIT;
        exp++;
      }
      raised |= SW_PE | (<u32>up << 9);
    }
    outSe = sign | exp;
    outSig = hi;
  } else {
    const pc = (load<u32>(CPU_FPU_CW) >> 8) & 3;
    roundPackSlow(sign, exp, hi, lo, pc == 0 ? 40 : pc == 2 ? 11 : 0);
  }
}

/** As roundPack, always at 64 bits: transcendentals, FSCALE and FXTRACT ignore precision control. */
export function roundPackFull(sign: u32, exp: i32, hi: u64, lo: u64): void {
  roundPackSlow(sign, exp, hi, lo, 0);
}

/** 1 if a magnitude with this discarded part (`half` its top bit, `rest` the others) is to be incremented. */
@inline export function roundsUp(rc: u32, sign: u32, odd: bool, half: bool, rest: bool): bool {
  if (rc == RC_NEAREST) return half && (rest || odd);
  if (rc == RC_CHOP) return false;
  return (half || rest) && (rc == RC_UP) == (sign == 0);
}

/** `drop`: low significand bits cleared by precision control (0, 11, 40). */
function roundPackSlow(sign: u32, exp: i32, hi: u64, lo: u64, drop: u32): void {
  const cw = load<u32>(CPU_FPU_CW);
  const rc = (cw >> 10) & 3;
  const unit: u64 = (<u64>1) << drop;
  let tiny = false;
  if (exp <= 0) {
    // Tininess is detected after rounding as if the exponent were unbounded.
    tiny = exp < 0 || !carriesOut(sign, hi, lo, drop, rc);
    if (!(cw & SW_UE) && tiny) {
      exp += EXP_WRAP;
      raised |= SW_UE;
      if (exp <= 0) {
        // Only FSCALE gets here: beyond what the bias adjustment can express.
        raised |= SW_PE;
        setOut(sign, 0);
        return;
      }
    } else {
      const shift = 1 - exp;
      if (shift < 64) {
        lo = (hi << (64 - shift)) | (lo >> shift) | u64(lo << (64 - shift) != 0);
        hi >>= shift;
      } else {
        lo = shift == 64 ? hi | u64(lo != 0) : 1;
        hi = 0;
      }
      exp = 0;
    }
  }
  const low = hi & (unit - 1);
  let half: bool;
  let rest: bool;
  if (drop) {
    half = (low & (unit >> 1)) != 0;
    rest = ((low & ((unit >> 1) - 1)) | lo) != 0;
    hi ^= low;
  } else {
    half = <i64>lo < 0;
    rest = lo << 1 != 0;
  }
  if (half || rest) {
    raised |= SW_PE;
    if (tiny) raised |= SW_UE;
    if (roundsUp(rc, sign, (hi & unit) != 0, half, rest)) {
      raised |= SW_C1;
      hi += unit;
      if (!hi) {
        hi = INTEGER_BIT;
        exp++;
      }
    }
  }
  if (exp == 0 && <i64>hi < 0) exp = 1;
  if (exp >= <i32>EXP_MAX) {
    raised |= SW_OE;
    if (!(cw & SW_OE)) {
      exp -= EXP_WRAP;
      if (exp >= <i32>EXP_MAX) {
        // FSCALE again.
        raised |= SW_PE | SW_C1;
        setOut(sign | EXP_MAX, INTEGER_BIT);
        return;
      }
    } else {
      raised |= SW_PE;
      if (rc == RC_NEAREST || (rc != RC_CHOP && (rc == RC_UP) == (sign == 0))) {
        raised |= SW_C1;
        setOut(sign | EXP_MAX, INTEGER_BIT);
      } else {
        raised &= ~SW_C1;
        setOut(sign | 0x7ffe, ~(unit - 1));
      }
      return;
    }
  }
  setOut(sign | <u32>exp, hi);
}

function carriesOut(sign: u32, hi: u64, lo: u64, drop: u32, rc: u32): bool {
  const unit: u64 = (<u64>1) << drop;
  if (hi < ~(unit - 1)) return false;
  const low = hi & (unit - 1);
  const half = drop ? (low & (unit >> 1)) != 0 : <i64>lo < 0;
  const rest = drop ? ((low & ((unit >> 1) - 1)) | lo) != 0 : lo << 1 != 0;
  return roundsUp(rc, sign, true, half, rest);
}

/** As roundPack for a significand that may have leading zeros. */
export function normalizeRoundPack(sign: u32, exp: i32, hi: u64, lo: u64): void {
  if (!hi) {
    hi = lo;
    lo = 0;
    exp -= 64;
  }
  const shift = <i32>clz(hi);
  if (shift) {
    hi = (hi << shift) | (lo >> (64 - shift));
    lo <<= shift;
    exp -= shift;
  }
  roundPack(sign, exp, hi, lo);
}
