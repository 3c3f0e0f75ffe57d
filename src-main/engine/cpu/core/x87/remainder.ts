// FPREM, FPREM1, FSCALE, FXTRACT's exponent and FRNDINT: exact operations on the exponent or the quotient.
// Intel SDM volume 2, the instructions' pages. The remainders' condition codes are left in `remainderCodes`.
import {
  addRaised,
  CLASS_DENORMAL,
  CLASS_INFINITY,
  CLASS_QNAN,
  CLASS_ZERO,
  classOf,
  EXP_BIAS,
  EXP_MAX,
  INTEGER_BIT,
  invalid,
  nanOf,
  pickNan,
  roundingControl,
  roundPackFull,
  setOut,
  SIGN,
  SW_C0,
  SW_C1,
  SW_C2,
  SW_C3,
  SW_DE,
} from './number';
import { integerMagnitude, toInteger } from './convert';
import { divide128by64, wideRem } from './wide';

export let remainderCodes: u32 = 0;

/** The operand as its own result, which for a denormal is no underflow; a pseudo-denormal is normalised. */
function setUnchanged(se: u32, sig: u64): void {
  setOut(!(se & EXP_MAX) && <i64>sig < 0 ? se | 1 : se, sig);
}

/** Partial remainder of a by b: truncated quotient (FPREM), or rounded to nearest (`nearest`, FPREM1).
 * False: there is no quotient and `remainderCodes` means nothing. */
export function remainder(aSe: u32, aSig: u64, bSe: u32, bSig: u64, nearest: bool): bool {
  remainderCodes = 0;
  if (pickNan(aSe, aSig, bSe, bSig)) return false;
  const a = classOf(aSe, aSig);
  const b = classOf(bSe, bSig);
  if (a == CLASS_INFINITY || b == CLASS_ZERO) {
    invalid();
    return false;
  }
  if (a == CLASS_DENORMAL || b == CLASS_DENORMAL) addRaised(SW_DE);
  if (a == CLASS_ZERO || b == CLASS_INFINITY) {
    setUnchanged(aSe, aSig);
    return true;
  }
  let sign = aSe & SIGN;
  let shift = <i32>clz(aSig);
  const aExp = <i32>(aSe & EXP_MAX ? aSe & EXP_MAX : 1) - shift;
  aSig <<= shift;
  shift = <i32>clz(bSig);
  const bExp = <i32>(bSe & EXP_MAX ? bSe & EXP_MAX : 1) - shift;
  bSig <<= shift;
  const diff = aExp - bExp;
  if (diff < -1 || (diff < 0 && (!nearest || aSig <= bSig))) {
    roundPackFull(sign, aExp, aSig, 0);
    return true;
  }
  let q: u64 = 0;
  let rem: u64;
  let exp = bExp;
  if (diff < 0) {
    // |b| / 2 < |a| < |b|: the quotient rounds to one.
    q = 1;
    rem = (bSig << 1) - aSig;
    exp = aExp;
    sign ^= SIGN;
  } else if (diff < 64) {
    q = divide128by64(diff ? aSig >> (64 - diff) : 0, aSig << diff, bSig);
    rem = wideRem;
    if (nearest) {
      const other = bSig - rem;
      if (rem > other || (rem == other && q & 1)) {
        q++;
        rem = other;
        sign ^= SIGN;
      }
    }
  } else {
    // Too far apart for one step: as the hardware does, reduce the exponent by 32..63 and say so in C2.
    const step = (diff & 31) | 32;
    divide128by64(aSig >> (64 - step), aSig << step, bSig);
    rem = wideRem;
    exp = bExp + diff - step;
    remainderCodes = SW_C2;
  }
  if (!remainderCodes) remainderCodes = (q & 4 ? SW_C0 : 0) | (q & 2 ? SW_C3 : 0) | (q & 1 ? SW_C1 : 0);
  if (!rem) {
    setOut(aSe & SIGN, 0);
    return true;
  }
  shift = <i32>clz(rem);
  roundPackFull(sign, exp - shift, rem << shift, 0);
  return true;
}

export function scale(aSe: u32, aSig: u64, bSe: u32, bSig: u64): void {
  if (pickNan(aSe, aSig, bSe, bSig)) return;
  const a = classOf(aSe, aSig);
  const b = classOf(bSe, bSig);
  if (b == CLASS_INFINITY) {
    const shrinks = (bSe & SIGN) != 0;
    if (a == (shrinks ? CLASS_INFINITY : CLASS_ZERO)) {
      invalid();
      return;
    }
    if (a == CLASS_DENORMAL) addRaised(SW_DE);
    if (shrinks) setOut(aSe & SIGN, 0);
    else setOut((aSe & SIGN) | EXP_MAX, INTEGER_BIT);
    return;
  }
  if (a == CLASS_DENORMAL || b == CLASS_DENORMAL) addRaised(SW_DE);
  if (a == CLASS_ZERO || a == CLASS_INFINITY || b == CLASS_ZERO) {
    setUnchanged(aSe, aSig);
    return;
  }
  const bExp = <i32>(bSe & EXP_MAX) - EXP_BIAS;
  let by: i32 = 0;
  if (bExp >= 0 && b != CLASS_ZERO) by = bExp > 15 ? 0x10000 : <i32>(bSig >> (63 - bExp));
  if (bSe & SIGN) by = -by;
  const shift = <i32>clz(aSig);
  const aExp = <i32>(aSe & EXP_MAX ? aSe & EXP_MAX : 1) - shift;
  roundPackFull(aSe & SIGN, aExp + by, aSig << shift, 0);
}

export function roundToInteger(se: u32, sig: u64): void {
  const kind = classOf(se, sig);
  if (kind >= CLASS_QNAN) {
    nanOf(se, sig);
    return;
  }
  if (kind == CLASS_DENORMAL) addRaised(SW_DE);
  if (kind == CLASS_ZERO || <i32>(se & EXP_MAX) >= EXP_BIAS + 63) {
    setOut(se, sig);
    return;
  }
  toInteger(se, sig, roundingControl());
  const magnitude = integerMagnitude;
  if (!magnitude) {
    setOut(se & SIGN, 0);
    return;
  }
  const shift = <u32>clz(magnitude);
  setOut((se & SIGN) | (0x403e - shift), magnitude << shift);
}
