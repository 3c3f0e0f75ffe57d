// Polynomials over 128-bit fractions, and the normalised 128-bit working number of the transcendental instructions:
// sign apart, value = (valueHi:valueLo) / 2^128 * 2^valueExp with the top bit set.
import { divideFraction, mulFraction, setWide, wideHi, wideLo } from './wide';

export let valueHi: u64 = 0;
export let valueLo: u64 = 0;
export let valueExp: i32 = 0;

export function setValue(hi: u64, lo: u64, exp: i32): void {
  if (!hi) {
    hi = lo;
    lo = 0;
    exp -= 64;
  }
  const left = clz(hi);
  if (left) {
    hi = (hi << left) | (lo >> (64 - left));
    lo <<= left;
  }
  valueHi = hi;
  valueLo = lo;
  valueExp = exp - <i32>left;
}

/** c0 - z(c1 - z(c2 - ...)) into wideHi/wideLo; every partial sum must lie in [0, 1). */
export function alternatingSeries(table: usize, count: i32, zHi: u64, zLo: u64): void {
  let at = table + ((<usize>(count - 1)) << 4);
  let hi = load<u64>(at);
  let lo = load<u64>(at, 8);
  while (at > table) {
    at -= 16;
    mulFraction(hi, lo, zHi, zLo);
    const c = load<u64>(at, 8);
    lo = c - wideLo;
    hi = load<u64>(at) - wideHi - u64(c < wideLo);
  }
  setWide(hi, lo);
}

/** c0 + z(c1 + z(c2 + ...)) into wideHi/wideLo. */
export function positiveSeries(table: usize, count: i32, zHi: u64, zLo: u64): void {
  let at = table + ((<usize>(count - 1)) << 4);
  let hi = load<u64>(at);
  let lo = load<u64>(at, 8);
  while (at > table) {
    at -= 16;
    mulFraction(hi, lo, zHi, zLo);
    const c = load<u64>(at, 8);
    lo = c + wideLo;
    hi = load<u64>(at) + wideHi + u64(lo < c);
  }
  setWide(hi, lo);
}

/** The value (hi:lo) * 2^exp, exp <= 0, as a plain 128-bit fraction in wideHi/wideLo. */
export function toFraction(hi: u64, lo: u64, exp: i32): void {
  const shift = <u64>-exp;
  if (shift == 0) setWide(hi, lo);
  else if (shift < 64) setWide(hi >> shift, (hi << (64 - shift)) | (lo >> shift));
  else if (shift < 128) setWide(0, hi >> (shift - 64));
  else setWide(0, 0);
}

/** Square of the value (hi:lo) * 2^exp, exp <= 0, as a plain fraction. */
export function squareFraction(hi: u64, lo: u64, exp: i32): void {
  mulFraction(hi, lo, hi, lo);
  toFraction(wideHi, wideLo, exp < -64 ? -128 : exp << 1);
}

/** value = (hi:lo) * 2^exp * (1 - w), w being in wideHi/wideLo; the result is kept below (hi:lo) even for w = 0. */
export function timesOneMinus(hi: u64, lo: u64, exp: i32): void {
  let wHi = 0 - wideHi - u64(wideLo != 0);
  let wLo = 0 - wideLo;
  if (!(wHi | wLo)) {
    wHi = ~(<u64>0);
    wLo = ~(<u64>0);
  }
  mulFraction(hi, lo, wHi, wLo);
  setValue(wideHi, wideLo, exp);
}

/** value = (hi:lo) * 2^exp * (1 + w). */
export function timesOnePlus(hi: u64, lo: u64, exp: i32): void {
  mulFraction(hi, lo, wideHi, wideLo);
  const sumLo = lo + wideLo;
  let carry = u64(sumLo < lo);
  const part = hi + wideHi;
  const carry2 = u64(part < hi);
  const sumHi = part + carry;
  carry = carry2 | u64(sumHi < part);
  if (carry) setValue((sumHi >> 1) | 0x8000000000000000, (sumLo >> 1) | (sumHi << 63), exp + 1);
  else setValue(sumHi, sumLo, exp);
}

/** value = (nHi:nLo) / (dHi:dLo) * 2^exp for two normalised fractions. */
export function divideValues(nHi: u64, nLo: u64, dHi: u64, dLo: u64, exp: i32): void {
  if (nHi > dHi || (nHi == dHi && nLo >= dLo)) {
    nLo = (nLo >> 1) | (nHi << 63);
    nHi >>= 1;
    exp++;
  }
  divideFraction(nHi, nLo, dHi, dLo);
  setValue(wideHi, wideLo, exp);
}
