// Addition, subtraction, multiplication, division, square root and comparison of 80-bit numbers, correctly rounded at the
// control word's precision. Each has a short path for normal operands; everything else goes through the class tests.
import {
  addRaised, CLASS_DENORMAL, CLASS_INFINITY, CLASS_NORMAL, CLASS_QNAN, CLASS_SNAN, CLASS_ZERO, classOf, EXP_BIAS, EXP_MAX,
  INTEGER_BIT, invalid, isNormal, nanOf, normalizeRoundPack, pickNan, RC_DOWN, roundingControl, roundPack, setOut,
  SIGN, SW_C0, SW_C2, SW_C3, SW_DE, SW_IE, SW_ZE,
} from './number';
import { divide128by64, mulHigh, wideRem } from './wide';

/** Unpacked operands of the slow paths: exponent and normalised significand, see `unpack`. */
let unpackedExp: i32 = 0;
let unpackedSig: u64 = 0;

/** Finite non-zero operand to a normalised significand with an exponent that may be below 1. */
function unpack(se: u32, sig: u64): void {
  const exp = se & EXP_MAX;
  const shift = <i32>clz(sig);
  unpackedSig = sig << shift;
  unpackedExp = (exp ? <i32>exp : 1) - shift;
}

@inline function isDenormal(kind: u32): bool {
  return kind == CLASS_DENORMAL;
}

// --- addition and subtraction

/** a + b, or a - b with `flip` = SIGN. */
export function add(aSe: u32, aSig: u64, bSe: u32, bSig: u64, flip: u32): void {
  if (isNormal(aSe, aSig) && isNormal(bSe, bSig)) {
    addNormal(aSe & SIGN, aSe & EXP_MAX, aSig, (bSe ^ flip) & SIGN, bSe & EXP_MAX, bSig);
  } else {
    addSpecial(aSe, aSig, bSe, bSig, flip);
  }
}

@inline function addNormal(aSign: u32, aExp: i32, aSig: u64, bSign: u32, bExp: i32, bSig: u64): void {
  if (aExp < bExp || (aExp == bExp && aSig < bSig)) {
    const sign = aSign;
    const exp = aExp;
    const sig = aSig;
    aSign = bSign;
    aExp = bExp;
    aSig = bSig;
    bSign = sign;
    bExp = exp;
    bSig = sig;
  }
  const shift = <u64>(aExp - bExp);
  let lo: u64 = 0;
  if (shift) {
    if (shift < 64) {
      lo = bSig << (64 - shift);
      bSig >>= shift;
    } else {
      const past = shift - 64;
      lo = past == 0 ? bSig : past < 64 ? (bSig >> past) | u64(bSig << (64 - past) != 0) : 1;
      bSig = 0;
    }
  }
  if (aSign == bSign) {
    let hi = aSig + bSig;
    if (hi < aSig) {
      lo = (lo >> 1) | (lo & 1) | (hi << 63);
      hi = (hi >> 1) | INTEGER_BIT;
      aExp++;
    }
    roundPack(aSign, aExp, hi, lo);
    return;
  }
  let hi = aSig - bSig - u64(lo != 0);
  lo = 0 - lo;
  if (<i64>hi >= 0) {
    if (!(hi | lo)) {
      setOut(roundingControl() == RC_DOWN ? SIGN : 0, 0);
      return;
    }
    if (!hi) {
      hi = lo;
      lo = 0;
      aExp -= 64;
    }
    const left = clz(hi);
    if (left) {
      hi = (hi << left) | (lo >> (64 - left));
      lo <<= left;
      aExp -= <i32>left;
    }
  }
  roundPack(aSign, aExp, hi, lo);
}

function addSpecial(aSe: u32, aSig: u64, bSe: u32, bSig: u64, flip: u32): void {
  if (pickNan(aSe, aSig, bSe, bSig)) return;
  const a = classOf(aSe, aSig);
  const b = classOf(bSe, bSig);
  bSe ^= flip;
  if (a == CLASS_INFINITY && b == CLASS_INFINITY && ((aSe ^ bSe) & SIGN)) {
    invalid();
    return;
  }
  if (isDenormal(a) || isDenormal(b)) addRaised(SW_DE);
  if (a == CLASS_INFINITY) {
    setOut(aSe, aSig);
    return;
  }
  if (b == CLASS_INFINITY) {
    setOut(bSe, bSig);
    return;
  }
  if (a == CLASS_ZERO && b == CLASS_ZERO) {
    setOut(((aSe ^ bSe) & SIGN) == 0 ? aSe : roundingControl() == RC_DOWN ? SIGN : 0, 0);
    return;
  }
  if (a == CLASS_ZERO || b == CLASS_ZERO) {
    const se = a == CLASS_ZERO ? bSe : aSe;
    unpack(se, a == CLASS_ZERO ? bSig : aSig);
    roundPack(se & SIGN, unpackedExp, unpackedSig, 0);
    return;
  }
  unpack(aSe, aSig);
  const aExp = unpackedExp;
  const sig = unpackedSig;
  unpack(bSe, bSig);
  addNormal(aSe & SIGN, aExp, sig, bSe & SIGN, unpackedExp, unpackedSig);
}

// --- multiplication

export function multiply(aSe: u32, aSig: u64, bSe: u32, bSig: u64): void {
  if (isNormal(aSe, aSig) && isNormal(bSe, bSig)) {
    multiplyNormal((aSe ^ bSe) & SIGN, <i32>(aSe & EXP_MAX) + <i32>(bSe & EXP_MAX), aSig, bSig);
  } else {
    multiplySpecial(aSe, aSig, bSe, bSig);
  }
}

@inline function multiplyNormal(sign: u32, exps: i32, aSig: u64, bSig: u64): void {
  let hi = mulHigh(aSig, bSig);
  let lo = aSig * bSig;
  let exp = exps - (EXP_BIAS - 1);
  if (<i64>hi >= 0) {
    hi = (hi << 1) | (lo >> 63);
    lo <<= 1;
    exp--;
  }
  roundPack(sign, exp, hi, lo);
}

function multiplySpecial(aSe: u32, aSig: u64, bSe: u32, bSig: u64): void {
  if (pickNan(aSe, aSig, bSe, bSig)) return;
  const a = classOf(aSe, aSig);
  const b = classOf(bSe, bSig);
  const sign = (aSe ^ bSe) & SIGN;
  if (a == CLASS_INFINITY || b == CLASS_INFINITY) {
    if (a == CLASS_ZERO || b == CLASS_ZERO) {
      invalid();
      return;
    }
    if (isDenormal(a) || isDenormal(b)) addRaised(SW_DE);
    setOut(sign | EXP_MAX, INTEGER_BIT);
    return;
  }
  if (isDenormal(a) || isDenormal(b)) addRaised(SW_DE);
  if (a == CLASS_ZERO || b == CLASS_ZERO) {
    setOut(sign, 0);
    return;
  }
  unpack(aSe, aSig);
  const aExp = unpackedExp;
  const sig = unpackedSig;
  unpack(bSe, bSig);
  multiplyNormal(sign, aExp + unpackedExp, sig, unpackedSig);
}

// --- division

export function divide(aSe: u32, aSig: u64, bSe: u32, bSig: u64): void {
  if (isNormal(aSe, aSig) && isNormal(bSe, bSig)) {
    divideNormal((aSe ^ bSe) & SIGN, <i32>(aSe & EXP_MAX) - <i32>(bSe & EXP_MAX), aSig, bSig);
  } else {
    divideSpecial(aSe, aSig, bSe, bSig);
  }
}

function divideNormal(sign: u32, exps: i32, aSig: u64, bSig: u64): void {
  let exp = exps + EXP_BIAS;
  let q: u64;
  if (aSig < bSig) {
    exp--;
    q = divide128by64(aSig, 0, bSig);
  } else {
    q = divide128by64(aSig >> 1, aSig << 63, bSig);
  }
  roundPack(sign, exp, q, tailOf(wideRem, bSig));
}

/** Discarded part of a quotient: exact half is kept apart from less and more. */
@inline function tailOf(rem: u64, divisor: u64): u64 {
  if (!rem) return 0;
  const other = divisor - rem;
  return rem == other ? INTEGER_BIT : rem > other ? INTEGER_BIT | 1 : 1;
}

function divideSpecial(aSe: u32, aSig: u64, bSe: u32, bSig: u64): void {
  if (pickNan(aSe, aSig, bSe, bSig)) return;
  const a = classOf(aSe, aSig);
  const b = classOf(bSe, bSig);
  const sign = (aSe ^ bSe) & SIGN;
  if (a == b && (a == CLASS_INFINITY || a == CLASS_ZERO)) {
    invalid();
    return;
  }
  if (b == CLASS_ZERO && a != CLASS_INFINITY) {
    // A denormal dividend goes unreported.
    addRaised(SW_ZE);
    setOut(sign | EXP_MAX, INTEGER_BIT);
    return;
  }
  if (isDenormal(a) || isDenormal(b)) addRaised(SW_DE);
  if (a == CLASS_INFINITY) {
    setOut(sign | EXP_MAX, INTEGER_BIT);
    return;
  }
  if (b == CLASS_INFINITY || a == CLASS_ZERO) {
    setOut(sign, 0);
    return;
  }
  unpack(aSe, aSig);
  const aExp = unpackedExp;
  const sig = unpackedSig;
  unpack(bSe, bSig);
  divideNormal(sign, aExp - unpackedExp, sig, unpackedSig);
}

// --- square root

export function squareRoot(se: u32, sig: u64): void {
  const kind = classOf(se, sig);
  if (kind >= CLASS_QNAN) {
    nanOf(se, sig);
    return;
  }
  if (kind == CLASS_ZERO) {
    setOut(se, sig);
    return;
  }
  if (se & SIGN) {
    invalid();
    return;
  }
  if (kind == CLASS_INFINITY) {
    setOut(se, sig);
    return;
  }
  if (isDenormal(kind)) addRaised(SW_DE);
  unpack(se, sig);
  const e = unpackedExp - EXP_BIAS;
  // The radicand hi:lo lies in [2^126, 2^128), so that the root has exactly 64 bits.
  const hi = e & 1 ? unpackedSig : unpackedSig >> 1;
  const lo: u64 = e & 1 ? 0 : unpackedSig << 63;
  const guess = sqrt<f64>(<f64>hi) * 4294967296.0;
  let root = guess >= 18446744073709551615.0 ? ~(<u64>0) : <u64>guess;
  if (root <= hi) root = ~(<u64>0);
  // One Newton step squares the estimate's error of 2^-52; what is left is a unit in the last place.
  const q = divide128by64(hi, lo, root);
  root = (root >> 1) + (q >> 1) + (root & q & 1);
  let sqHi = mulHigh(root, root);
  let sqLo = root * root;
  while (sqHi > hi || (sqHi == hi && sqLo > lo)) {
    root--;
    sqHi = mulHigh(root, root);
    sqLo = root * root;
  }
  // The remainder of the floor is at most 2 * root; root has bit 63 set, so 2 * root has a high word of 1.
  let remLo = lo - sqLo;
  let remHi = hi - sqHi - u64(lo < sqLo);
  while (remHi > 1 || (remHi == 1 && remLo > root << 1)) {
    const step = (root << 1) | 1;
    remHi -= 1 + u64(remLo < step);
    remLo -= step;
    root++;
  }
  const tail: u64 = !(remHi | remLo) ? 0 : remHi || remLo > root ? INTEGER_BIT | 1 : 1;
  roundPack(0, (e >> 1) + EXP_BIAS, root, tail);
}

// --- comparison

/** C3, C2, C0 of a compared with b. `quiet`: quiet NaNs raise nothing (FUCOM). */
export function compare(aSe: u32, aSig: u64, bSe: u32, bSig: u64, quiet: bool): u32 {
  const a = classOf(aSe, aSig);
  const b = classOf(bSe, bSig);
  if (a >= CLASS_QNAN || b >= CLASS_QNAN) {
    if (!quiet || a >= CLASS_SNAN || b >= CLASS_SNAN) addRaised(SW_IE);
    return SW_C0 | SW_C2 | SW_C3;
  }
  if (a == CLASS_DENORMAL || b == CLASS_DENORMAL) addRaised(SW_DE);
  if (a == CLASS_ZERO && b == CLASS_ZERO) return SW_C3;
  const aNegative = (aSe & SIGN) != 0;
  if (aNegative != ((bSe & SIGN) != 0)) return aNegative ? SW_C0 : 0;
  // A pseudo-denormal has the value of exponent 1.
  const aExp = (aSe & EXP_MAX) | u32((aSe & EXP_MAX) == 0 && <i64>aSig < 0);
  const bExp = (bSe & EXP_MAX) | u32((bSe & EXP_MAX) == 0 && <i64>bSig < 0);
  if (aExp == bExp && aSig == bSig) return SW_C3;
  const less = aExp < bExp || (aExp == bExp && aSig < bSig);
  return less != aNegative ? SW_C0 : 0;
}
