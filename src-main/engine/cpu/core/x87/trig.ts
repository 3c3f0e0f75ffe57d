// FSIN, FCOS, FSINCOS, FPTAN, FPATAN. Arguments are reduced by the 66-bit pi that the hardware uses (Intel SDM volume 1,
// 8.3.8), exactly; the series run in 128-bit fractions, so that results are the correctly rounded ones but for cases
// closer than about 2^-50 ulp to a boundary.
import { ARCTANGENT, COSINE, ODD, SINE } from './coefficients';
import {
  addRaised, CLASS_DENORMAL, CLASS_INFINITY, CLASS_QNAN, CLASS_ZERO, classOf, EXP_BIAS, EXP_MAX, invalid, nanOf, outSe, outSig,
  pickNan, roundPackFull, setOut, SIGN, SW_DE, SW_PE, SW_UE,
} from './number';
import {
  alternatingSeries, divideValues, setValue, squareFraction, timesOneMinus, toFraction, valueExp, valueHi, valueLo,
} from './series';
import { mulFraction, wideHi, wideLo } from './wide';

const PI_HI: u64 = 0xc90fdaa22168c234;
/** Low word of the 66-bit pi used to reduce arguments, and of the full one that FPATAN's results need. */
const PI66_LO: u64 = 0xc000000000000000;
const PI_LO: u64 = 0xc4c6628b80dc1cd1;
const THREE_QUARTERS_PI_HI: u64 = 0x96cbe3f9990e91a7;
const THREE_QUARTERS_PI_LO: u64 = 0x9394c9e8a0a5159d;

const TINY_EXP: u32 = 0x3fba;
const SINE_TERMS: i32 = 13;
const COSINE_TERMS: i32 = 14;
const ARCTANGENT_TERMS: i32 = 11;

/** Second result of FSINCOS. */
export let secondSe: u32 = 0;
export let secondSig: u64 = 0;

/** The reduced argument: |x| = quadrant * pi/2 + (-1)^reducedSign * reduced, reduced <= pi/4. */
let reducedHi: u64 = 0;
let reducedLo: u64 = 0;
let reducedExp: i32 = 0;
let reducedSign: u32 = 0;
let quadrant: u32 = 0;

/** Zero, infinite, NaN and too large operands; 0: go on, 1: outSe/outSig hold the result, 2: out of range. */
function special(se: u32, sig: u64, atZeroSe: u32, atZeroSig: u64): u32 {
  const kind = classOf(se, sig);
  if (kind >= CLASS_QNAN) {
    nanOf(se, sig);
    return 1;
  }
  if (kind == CLASS_INFINITY) {
    invalid();
    return 1;
  }
  if (kind == CLASS_ZERO) {
    setOut(atZeroSe, atZeroSig);
    return 1;
  }
  if (kind == CLASS_DENORMAL) addRaised(SW_DE);
  return <i32>(se & EXP_MAX) >= EXP_BIAS + 63 ? 2 : 0;
}

/** Below 2^-68 the hardware takes sin x = tan x = x and cos x = 1, under every rounding control. */
@inline function isTiny(se: u32): bool {
  return (se & EXP_MAX) <= TINY_EXP;
}

/** x itself as a result: inexact, and tiny if it is denormal. */
function packSame(se: u32, sig: u64): void {
  addRaised(SW_PE);
  if (!(se & EXP_MAX) && <i64>sig >= 0) addRaised(SW_UE);
  const left = clz(sig);
  roundPackFull(se & SIGN, ((se & EXP_MAX) ? <i32>(se & EXP_MAX) : 1) - <i32>left, sig << left, 0);
}

function packOne(): void {
  addRaised(SW_PE);
  setOut(<u32>EXP_BIAS, 0x8000000000000000);
}

function reduce(se: u32, sig: u64): void {
  const left = clz(sig);
  sig <<= left;
  const exp = <i32>((se & EXP_MAX) ? se & EXP_MAX : 1) - <i32>left - EXP_BIAS;
  quadrant = 0;
  reducedSign = 0;
  if (exp < -1 || (exp == -1 && sig <= PI_HI)) {
    reducedHi = sig;
    reducedLo = 0;
    reducedExp = exp + 1;
    return;
  }
  // Remainder by pi/2 = (PI_HI:PI66_LO) / 2^127, one quotient bit at a time.
  let hi = sig;
  let lo: u64 = 0;
  let q: u64 = 0;
  if (exp < 0) {
    lo = hi << 63;
    hi >>= 1;
  }
  for (let i = exp > 0 ? exp : 0; i >= 0; i--) {
    if (hi > PI_HI || (hi == PI_HI && lo >= PI66_LO)) {
      hi = hi - PI_HI - u64(lo < PI66_LO);
      lo -= PI66_LO;
      q |= 1;
    }
    if (i == 0) break;
    q <<= 1;
    const carry = <i64>hi < 0;
    hi = (hi << 1) | (lo >> 63);
    lo <<= 1;
    if (carry) {
      // Beyond 128 bits, hence beyond pi/2: subtract modulo 2^128.
      hi = hi - PI_HI - u64(lo < PI66_LO);
      lo -= PI66_LO;
      q |= 1;
    }
  }
  const otherHi = PI_HI - hi - u64(PI66_LO < lo);
  const otherLo = PI66_LO - lo;
  if (hi > otherHi || (hi == otherHi && lo > otherLo)) {
    hi = otherHi;
    lo = otherLo;
    q++;
    reducedSign = SIGN;
  }
  quadrant = <u32>q & 3;
  setValue(hi, lo, 1);
  reducedHi = valueHi;
  reducedLo = valueLo;
  reducedExp = valueExp;
}

/** Sine of the reduced argument's magnitude. */
function sineKernel(): void {
  squareFraction(reducedHi, reducedLo, reducedExp);
  const zHi = wideHi;
  const zLo = wideLo;
  alternatingSeries(SINE, SINE_TERMS, zHi, zLo);
  timesFraction(zHi, zLo);
  timesOneMinus(reducedHi, reducedLo, reducedExp);
}

function cosineKernel(): void {
  squareFraction(reducedHi, reducedLo, reducedExp);
  const zHi = wideHi;
  const zLo = wideLo;
  alternatingSeries(COSINE, COSINE_TERMS, zHi, zLo);
  timesFraction(zHi, zLo);
  timesOneMinus(0x8000000000000000, 0, 1);
}

@inline function timesFraction(zHi: u64, zLo: u64): void {
  mulFraction(wideHi, wideLo, zHi, zLo);
}

/** Packs the working value; what these functions give is never exact. */
function packValue(sign: u32): void {
  roundPackFull(sign, valueExp + EXP_BIAS - 1, valueHi, valueLo | 1);
}

/** sin(|x| + turns * pi/2) from the reduced argument. */
function packSine(sign: u32, turns: u32): void {
  const q = (quadrant + turns) & 3;
  if (q & 1) cosineKernel();
  else {
    sineKernel();
    sign ^= reducedSign;
  }
  packValue(q & 2 ? sign ^ SIGN : sign);
}

/** Results in outSe/outSig; false: out of range, nothing done. */
export function sine(se: u32, sig: u64): bool {
  const kind = special(se, sig, se, sig);
  if (kind) return kind == 1;
  if (isTiny(se)) {
    packSame(se, sig);
    return true;
  }
  reduce(se, sig);
  packSine(se & SIGN, 0);
  return true;
}

export function cosine(se: u32, sig: u64): bool {
  const kind = special(se, sig, 0x3fff, 0x8000000000000000);
  if (kind) return kind == 1;
  if (isTiny(se)) {
    packOne();
    return true;
  }
  reduce(se, sig);
  packSine(0, 1);
  return true;
}

/** Sine in outSe/outSig, cosine in secondSe/secondSig. */
export function sineAndCosine(se: u32, sig: u64): bool {
  const kind = special(se, sig, se, sig);
  if (kind == 2) return false;
  if (kind == 1) {
    const isZero = (se & EXP_MAX) == 0;
    secondSe = isZero ? 0x3fff : outSe;
    secondSig = isZero ? 0x8000000000000000 : outSig;
    return true;
  }
  if (isTiny(se)) {
    packSame(se, sig);
    secondSe = <u32>EXP_BIAS;
    secondSig = 0x8000000000000000;
    return true;
  }
  reduce(se, sig);
  packSine(0, 1);
  secondSe = outSe;
  secondSig = outSig;
  packSine(se & SIGN, 0);
  return true;
}

export function tangent(se: u32, sig: u64): bool {
  const kind = special(se, sig, se, sig);
  if (kind) return kind == 1;
  if (isTiny(se)) {
    packSame(se, sig);
    return true;
  }
  reduce(se, sig);
  sineKernel();
  const sHi = valueHi;
  const sLo = valueLo;
  const sExp = valueExp;
  cosineKernel();
  let sign = (se & SIGN) ^ reducedSign;
  if (quadrant & 1) {
    sign ^= SIGN;
    divideValues(valueHi, valueLo, sHi, sLo, valueExp - sExp);
  } else {
    divideValues(sHi, sLo, valueHi, valueLo, sExp - valueExp);
  }
  packValue(sign);
  return true;
}

/** A constant angle with the sign of y. */
function packAngle(sign: u32, exp: i32, hi: u64, lo: u64): void {
  roundPackFull(sign, exp, hi, lo);
}

/** atan2(y, x): FPATAN with y = ST(1), x = ST(0). */
export function arctangent(ySe: u32, ySig: u64, xSe: u32, xSig: u64): void {
  if (pickNan(ySe, ySig, xSe, xSig)) return;
  const y = classOf(ySe, ySig);
  const x = classOf(xSe, xSig);
  const sign = ySe & SIGN;
  const isLeft = (xSe & SIGN) != 0;
  if (y == CLASS_DENORMAL || x == CLASS_DENORMAL) addRaised(SW_DE);
  if (y == CLASS_INFINITY) {
    if (x != CLASS_INFINITY) packAngle(sign, EXP_BIAS, PI_HI, PI_LO);
    else if (isLeft) packAngle(sign, EXP_BIAS + 1, THREE_QUARTERS_PI_HI, THREE_QUARTERS_PI_LO);
    else packAngle(sign, EXP_BIAS - 1, PI_HI, PI_LO);
    return;
  }
  if (y == CLASS_ZERO || x == CLASS_INFINITY) {
    if (isLeft) packAngle(sign, EXP_BIAS + 1, PI_HI, PI_LO);
    else setOut(sign, 0);
    return;
  }
  if (x == CLASS_ZERO) {
    packAngle(sign, EXP_BIAS, PI_HI, PI_LO);
    return;
  }
  let left = clz(ySig);
  const yHi = ySig << left;
  const yExp = <i32>((ySe & EXP_MAX) ? ySe & EXP_MAX : 1) - <i32>left;
  left = clz(xSig);
  const xHi = xSig << left;
  const xExp = <i32>((xSe & EXP_MAX) ? xSe & EXP_MAX : 1) - <i32>left;
  const isSteep = yExp > xExp || (yExp == xExp && yHi > xHi);
  if (isSteep) divideValues(xHi, 0, yHi, 0, xExp - yExp);
  else divideValues(yHi, 0, xHi, 0, yExp - xExp);
  arctangentKernel();
  if (!isSteep && !isLeft) {
    packValue(sign);
    return;
  }
  // Angles up to pi as fractions of 4: pi/2 +- a, pi - a
  toFraction(valueHi, valueLo, valueExp - 2 < -128 ? -128 : valueExp - 2);
  const aHi = wideHi;
  const aLo = wideLo | 1;
  if (isSteep && isLeft) {
    const lo = ((PI_LO >> 1) | (PI_HI << 63)) + aLo;
    setValue((PI_HI >> 1) + aHi + u64(lo < aLo), lo, 2);
  } else {
    const baseHi = isSteep ? PI_HI >> 1 : PI_HI;
    const baseLo = isSteep ? (PI_LO >> 1) | (PI_HI << 63) : PI_LO;
    setValue(baseHi - aHi - u64(baseLo < aLo), baseLo - aLo, 2);
  }
  packValue(sign);
}

/** value = atan(value) for 0 < value <= 1. */
function arctangentKernel(): void {
  if (valueExp > 0) {
    // Exactly one.
    setValue(load<u64>(ARCTANGENT, 256), load<u64>(ARCTANGENT, 264), 0);
    return;
  }
  let index: u64 = 0;
  let tHi: u64 = 0;
  let tLo: u64 = 0;
  if (valueExp > -5) {
    toFraction(valueHi, valueLo, valueExp);
    tHi = wideHi;
    tLo = wideLo;
    index = ((tHi >> 59) + 1) >> 1;
  }
  if (!index) {
    arctangentSeries();
    return;
  }
  // atan(t) = atan(c) + atan((t - c) / (1 + t c)), c = index / 16
  const at = ARCTANGENT + (<usize>index << 4);
  const cHi = index << 60;
  const isBelow = index == 16 || tHi < cHi;
  let nHi = tHi - cHi;
  let nLo = tLo;
  if (isBelow) {
    nHi = cHi - tHi - u64(tLo != 0);
    nLo = 0 - tLo;
  }
  if (!(nHi | nLo)) {
    setValue(load<u64>(at), load<u64>(at, 8), 0);
    return;
  }
  setValue(nHi, nLo, 0);
  const nExp = valueExp;
  nHi = valueHi;
  nLo = valueLo;
  // (1 + t c) / 2 as a fraction: t * index / 32 + 1/2
  const low = (tLo & 0xffffffff) * index;
  const mid = (tLo >> 32) * index + (low >> 32);
  const high = (tHi & 0xffffffff) * index + (mid >> 32);
  const top = (tHi >> 32) * index + (high >> 32);
  const pHi = (top << 32) | (high & 0xffffffff);
  const pLo = (mid << 32) | (low & 0xffffffff);
  const over = top >> 32;
  const dHi = ((pHi >> 5) | (over << 59)) + 0x8000000000000000;
  const dLo = (pLo >> 5) | (pHi << 59);
  divideValues(nHi, nLo, dHi, dLo, nExp - 1);
  arctangentSeries();
  toFraction(valueHi, valueLo, valueExp < -128 ? -128 : valueExp);
  const aHi = load<u64>(at);
  const aLo = load<u64>(at, 8);
  if (isBelow) {
    setValue(aHi - wideHi - u64(aLo < wideLo), aLo - wideLo, 0);
  } else {
    const lo = aLo + wideLo;
    setValue(aHi + wideHi + u64(lo < aLo), lo, 0);
  }
}

/** value = atan(value) for value <= 1/32 or so. */
function arctangentSeries(): void {
  const hi = valueHi;
  const lo = valueLo;
  const exp = valueExp;
  squareFraction(hi, lo, exp);
  const zHi = wideHi;
  const zLo = wideLo;
  alternatingSeries(ODD, ARCTANGENT_TERMS, zHi, zLo);
  timesFraction(zHi, zLo);
  timesOneMinus(hi, lo, exp);
}
