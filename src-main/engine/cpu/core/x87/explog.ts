// F2XM1, FYL2X, FYL2XP1 in 128-bit fractions. Intel SDM volume 2, the instructions' pages and result tables.
import { EXPONENTIAL, ODD } from './coefficients';
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
  outSe,
  pickNan,
  roundPackFull,
  setOut,
  SIGN,
  SW_DE,
  SW_PE,
  SW_UE,
  SW_ZE,
} from './number';
import {
  alternatingSeries,
  divideValues,
  positiveSeries,
  setValue,
  squareFraction,
  timesOneMinus,
  timesOnePlus,
  toFraction,
  valueExp,
  valueHi,
  valueLo,
} from './series';
import { mulFraction, wideHi, wideLo } from './wide';

const LN2_HI: u64 = 0xb17217f7d1cf79ab;
const LN2_LO: u64 = 0xc9e3b39803f2f6af;
/** log2(e) / 2 */
const LOG2E_HI: u64 = 0xb8aa3b295c17f0bb;
const LOG2E_LO: u64 = 0xbe87fed0691d3e88;
/** sqrt(2) / 2 */
const SQRT_HALF: u64 = 0xb504f333f9de6484;

const EXPONENTIAL_TERMS: i32 = 24;
const LOGARITHM_TERMS: i32 = 18;

/** F2XM1 of ST(0); results outside -1..+1 are undefined by the manual, see the end of the function. */
export function twoToXMinusOne(se: u32, sig: u64): void {
  const kind = classOf(se, sig);
  if (kind >= CLASS_QNAN) {
    nanOf(se, sig);
    return;
  }
  const sign = se & SIGN;
  if (kind == CLASS_INFINITY) {
    if (sign) setOut(SIGN | EXP_BIAS, INTEGER_BIT);
    else setOut(se, sig);
    return;
  }
  if (kind == CLASS_ZERO) {
    setOut(se, sig);
    return;
  }
  if (kind == CLASS_DENORMAL) addRaised(SW_DE);
  const left = clz(sig);
  const hi = sig << left;
  const exp = <i32>(se & EXP_MAX ? se & EXP_MAX : 1) - <i32>left - EXP_BIAS;
  if (exp >= 0) {
    // At -1 the result is -1/2; from +1 on and below -1 the operand comes back. All are reported as inexact.
    addRaised(SW_PE);
    setOut(exp == 0 && sign && hi == INTEGER_BIT ? SIGN | 0x3ffe : se, sig);
    return;
  }
  mulFraction(hi, 0, LN2_HI, LN2_LO);
  setValue(wideHi, wideLo, exp + 1);
  const yHi = valueHi;
  const yLo = valueLo;
  const yExp = valueExp;
  toFraction(yHi, yLo, yExp < -128 ? -128 : yExp);
  const zHi = wideHi;
  const zLo = wideLo;
  if (sign) {
    alternatingSeries(EXPONENTIAL, EXPONENTIAL_TERMS, zHi, zLo);
    mulFraction(wideHi, wideLo, zHi, zLo);
    timesOneMinus(yHi, yLo, yExp);
  } else {
    positiveSeries(EXPONENTIAL, EXPONENTIAL_TERMS, zHi, zLo);
    mulFraction(wideHi, wideLo, zHi, zLo);
    timesOnePlus(yHi, yLo, yExp);
  }
  roundPackFull(sign, valueExp + EXP_BIAS - 1, valueHi, valueLo | 1);
}

/** value = log2((1 + s) / (1 - s)) for the s in `value`. */
function logarithmKernel(): void {
  const hi = valueHi;
  const lo = valueLo;
  const exp = valueExp;
  squareFraction(hi, lo, exp);
  const zHi = wideHi;
  const zLo = wideLo;
  positiveSeries(ODD, LOGARITHM_TERMS, zHi, zLo);
  mulFraction(wideHi, wideLo, zHi, zLo);
  timesOnePlus(hi, lo, exp);
  mulFraction(valueHi, valueLo, LOG2E_HI, LOG2E_LO);
  // atanh(s) * 2 log2(e), the constant being held halved
  setValue(wideHi, wideLo, valueExp + 2);
}

/** y * log2((mHi:mLo) / 2^127 * 2^k), 1 <= m < 2. */
function logarithmTimes(mHi: u64, mLo: u64, k: i32, ySe: u32, ySig: u64): void {
  let sign = ySe & SIGN;
  const left = clz(ySig);
  const yHi = ySig << left;
  const yExp = <i32>(ySe & EXP_MAX ? ySe & EXP_MAX : 1) - <i32>left - EXP_BIAS;
  let exact = false;
  if (mHi == INTEGER_BIT && !mLo) {
    // A power of two: the logarithm is the integer k.
    if (k < 0) sign ^= SIGN;
    setValue(<u64>(k < 0 ? -k : k), 0, 64);
    exact = true;
  } else {
    let isBelow = false;
    let nHi: u64;
    let nLo: u64;
    let nExp = 1;
    if (mHi >= SQRT_HALF) {
      // m / 2 is nearer to one: 1 - m/2
      k++;
      isBelow = true;
      nHi = 0 - mHi - u64(mLo != 0);
      nLo = 0 - mLo;
      nExp = 0;
    } else {
      nHi = mHi - INTEGER_BIT;
      nLo = mLo;
    }
    setValue(nHi, nLo, nExp);
    // The divisor as a normalised fraction: (1 + m/2) / 2 or (1 + m) / 4.
    const dHi = (mHi >> 1) + (isBelow ? INTEGER_BIT : INTEGER_BIT >> 1);
    const dLo = (mLo >> 1) | (mHi << 63);
    divideValues(valueHi, valueLo, dHi, dLo, isBelow ? valueExp - 1 : valueExp - 2);
    logarithmKernel();
    if (k) {
      toFraction(valueHi, valueLo, valueExp);
      let whole = <u64>(k < 0 ? -k : k);
      let fHi = wideHi;
      let fLo = wideLo;
      if (k < 0 != isBelow) {
        whole--;
        fHi = 0 - fHi - u64(fLo != 0);
        fLo = 0 - fLo;
      }
      if (k < 0) sign ^= SIGN;
      if (whole) {
        const shift = 64 - clz(whole);
        setValue((whole << (64 - shift)) | (fHi >> shift), (fHi << (64 - shift)) | (fLo >> shift), <i32>shift);
      } else {
        setValue(fHi, fLo, 0);
      }
    } else if (isBelow) sign ^= SIGN;
  }
  packTimes(sign, yHi, yExp, exact);
}

/** Packs value * y. */
function packTimes(sign: u32, yHi: u64, yExp: i32, exact: bool): void {
  const exp = valueExp + yExp + 1;
  mulFraction(valueHi, valueLo, yHi, 0);
  setValue(wideHi, wideLo, exp);
  roundPackFull(sign, valueExp + EXP_BIAS - 1, valueHi, exact ? valueLo : valueLo | 1);
  // The hardware reports exact products as inexact too, and denormal ones as underflows.
  addRaised(outSe & EXP_MAX ? SW_PE : SW_PE | SW_UE);
}

/** FYL2X: y * log2(x), x = ST(0), y = ST(1). */
export function log2Times(xSe: u32, xSig: u64, ySe: u32, ySig: u64): void {
  if (pickNan(xSe, xSig, ySe, ySig)) return;
  const x = classOf(xSe, xSig);
  const y = classOf(ySe, ySig);
  if (x != CLASS_ZERO && xSe & SIGN) {
    invalid();
    return;
  }
  const sign = ySe & SIGN;
  if (x == CLASS_INFINITY) {
    if (y == CLASS_ZERO) {
      invalid();
      return;
    }
    if (y == CLASS_DENORMAL) addRaised(SW_DE);
    setOut(sign | EXP_MAX, INTEGER_BIT);
    return;
  }
  if (x == CLASS_ZERO) {
    if (y == CLASS_ZERO) {
      invalid();
      return;
    }
    // As in a division by zero, a denormal y goes unreported.
    if (y != CLASS_INFINITY) addRaised(SW_ZE);
    setOut((sign ^ SIGN) | EXP_MAX, INTEGER_BIT);
    return;
  }
  const isOne = xSe == <u32>EXP_BIAS && xSig == INTEGER_BIT;
  const isBelowOne = (xSe & EXP_MAX) < <u32>EXP_BIAS;
  if (y == CLASS_INFINITY) {
    if (isOne) {
      invalid();
      return;
    }
    if (x == CLASS_DENORMAL) addRaised(SW_DE);
    setOut((isBelowOne ? sign ^ SIGN : sign) | EXP_MAX, INTEGER_BIT);
    return;
  }
  if (x == CLASS_DENORMAL || y == CLASS_DENORMAL) addRaised(SW_DE);
  if (isOne || y == CLASS_ZERO) {
    setOut(isBelowOne ? sign ^ SIGN : sign, 0);
    return;
  }
  const left = clz(xSig);
  const k = <i32>(xSe & EXP_MAX ? xSe & EXP_MAX : 1) - <i32>left - EXP_BIAS;
  logarithmTimes(xSig << left, 0, k, ySe, ySig);
}

/** FYL2XP1: y * log2(x + 1). */
export function log2PlusOneTimes(xSe: u32, xSig: u64, ySe: u32, ySig: u64): void {
  if (pickNan(xSe, xSig, ySe, ySig)) return;
  const x = classOf(xSe, xSig);
  const y = classOf(ySe, ySig);
  const sign = (xSe ^ ySe) & SIGN;
  const isNegative = (xSe & SIGN) != 0;
  if (x == CLASS_INFINITY) {
    if (isNegative || y == CLASS_ZERO) {
      invalid();
      return;
    }
    if (y == CLASS_DENORMAL) addRaised(SW_DE);
    setOut(sign | EXP_MAX, INTEGER_BIT);
    return;
  }
  if (y == CLASS_INFINITY) {
    if (x == CLASS_ZERO) {
      invalid();
      return;
    }
    if (x == CLASS_DENORMAL) addRaised(SW_DE);
    setOut(sign | EXP_MAX, INTEGER_BIT);
    return;
  }
  if (x == CLASS_DENORMAL || y == CLASS_DENORMAL) addRaised(SW_DE);
  if (x == CLASS_ZERO || y == CLASS_ZERO) {
    setOut(sign, 0);
    return;
  }
  const left = clz(xSig);
  const xHi = xSig << left;
  const exp = <i32>(xSe & EXP_MAX ? xSe & EXP_MAX : 1) - <i32>left - EXP_BIAS;
  if (exp <= -2) {
    // s = x / (2 + x), with 2 + x held as a fraction of 2 or of 4
    toFraction(xHi, 0, exp < -126 ? -128 : exp + (isNegative ? 0 : -1));
    if (isNegative) {
      let dHi = 0 - wideHi - u64(wideLo != 0);
      let dLo = 0 - wideLo;
      if (!(dHi | dLo)) {
        dHi = ~(<u64>0);
        dLo = ~(<u64>0);
      }
      divideValues(xHi, 0, dHi, dLo, exp);
    } else {
      divideValues(xHi, 0, INTEGER_BIT + wideHi, wideLo, exp - 1);
    }
    logarithmKernel();
    const yLeft = clz(ySig);
    packTimes(sign, ySig << yLeft, <i32>(ySe & EXP_MAX ? ySe & EXP_MAX : 1) - <i32>yLeft - EXP_BIAS, false);
    return;
  }
  logarithmOfSum(xHi, exp, isNegative, ySe, ySig);
}

/** FYL2XP1 outside its documented range, where 1 + x is far enough from 1 for a plain sum. */
function logarithmOfSum(xHi: u64, exp: i32, isNegative: bool, ySe: u32, ySig: u64): void {
  if (isNegative) {
    if (exp >= 0) {
      // No logarithm: the hardware hands back the operand.
      addRaised(SW_PE);
      setOut(SIGN | <u32>(exp + EXP_BIAS), xHi);
      return;
    }
    setValue(0 - xHi, 0, 0);
    logarithmTimes(valueHi, valueLo, valueExp - 1, ySe, ySig);
    return;
  }
  if (exp > 126) {
    logarithmTimes(xHi, 0, exp, ySe, ySig);
    return;
  }
  if (exp < 0) {
    logarithmTimes((xHi >> 1) | INTEGER_BIT, xHi << 63, 0, ySe, ySig);
    return;
  }
  // Beside x's leading bit 2^127 the one has weight 2^(127 - exp).
  const oneHi: u64 = exp < 64 ? INTEGER_BIT >> exp : 0;
  const oneLo: u64 = exp < 64 ? 0 : INTEGER_BIT >> (exp - 64);
  const hi = xHi + oneHi;
  if (hi < xHi) logarithmTimes((hi >> 1) | INTEGER_BIT, (oneLo >> 1) | (hi << 63), exp + 1, ySe, ySig);
  else logarithmTimes(hi, oneLo, exp, ySe, ySig);
}
