// 128-bit integer pieces that WebAssembly lacks: widening multiplication, division, normalised 128-bit products.
// Two-word results come back in `wideHi`/`wideLo`.

export let wideHi: u64 = 0;
export let wideLo: u64 = 0;
/** Remainder of the last divide128by64. */
export let wideRem: u64 = 0;

@inline export function setWide(hi: u64, lo: u64): void {
  wideHi = hi;
  wideLo = lo;
}

/** High 64 bits of a 64 x 64 product. */
@inline export function mulHigh(a: u64, b: u64): u64 {
  const a0 = a & 0xffffffff;
  const a1 = a >> 32;
  const b0 = b & 0xffffffff;
  const b1 = b >> 32;
  const p01 = a0 * b1;
  const p10 = a1 * b0;
  const mid = ((a0 * b0) >> 32) + (p01 & 0xffffffff) + (p10 & 0xffffffff);
  return a1 * b1 + (p01 >> 32) + (p10 >> 32) + (mid >> 32);
}

/** (hi:lo) / d for hi < d and bit 63 of d set; the remainder goes to wideRem. Knuth's algorithm D with 32-bit digits. */
export function divide128by64(hi: u64, lo: u64, d: u64): u64 {
  const d1 = d >> 32;
  const d0 = d & 0xffffffff;
  let q1 = hi / d1;
  let r = hi - q1 * d1;
  while (q1 >> 32 || q1 * d0 > ((r << 32) | (lo >> 32))) {
    q1--;
    r += d1;
    if (r >> 32) break;
  }
  const mid = ((hi << 32) | (lo >> 32)) - q1 * d;
  let q0 = mid / d1;
  r = mid - q0 * d1;
  while (q0 >> 32 || q0 * d0 > ((r << 32) | (lo & 0xffffffff))) {
    q0--;
    r += d1;
    if (r >> 32) break;
  }
  wideRem = ((mid << 32) | (lo & 0xffffffff)) - q0 * d;
  return (q1 << 32) + q0;
}

/** High 128 bits of the 256-bit product of two 128-bit fractions, short of it by at most 3 units in the last place. */
export function mulFraction(aHi: u64, aLo: u64, bHi: u64, bLo: u64): void {
  let hi = mulHigh(aHi, bHi);
  let lo = aHi * bHi;
  let add = mulHigh(aHi, bLo);
  lo += add;
  hi += u64(lo < add);
  add = mulHigh(aLo, bHi);
  lo += add;
  hi += u64(lo < add);
  wideHi = hi;
  wideLo = lo;
}

/** One 64-bit quotient digit of (hi:mid:lo) / (dHi:dLo) for hi:mid < d, d normalised; remainder to wideHi/wideLo. */
export function quotientDigit(hi: u64, mid: u64, lo: u64, dHi: u64, dLo: u64): u64 {
  let q: u64;
  let r: u64;
  let beyond = false;
  if (hi >= dHi) {
    q = ~(<u64>0);
    r = mid + dHi;
    beyond = r < mid;
  } else {
    q = divide128by64(hi, mid, dHi);
    r = wideRem;
  }
  let pHi = mulHigh(q, dLo);
  let pLo = q * dLo;
  while (!beyond && (pHi > r || (pHi == r && pLo > lo))) {
    q--;
    r += dHi;
    beyond = r < dHi;
    pHi -= u64(pLo < dLo);
    pLo -= dLo;
  }
  wideLo = lo - pLo;
  wideHi = r - pHi - u64(lo < pLo);
  return q;
}

/** floor(n / d x 2^128) for n < d, d normalised (bit 127 set). */
export function divideFraction(nHi: u64, nLo: u64, dHi: u64, dLo: u64): void {
  const q1 = quotientDigit(nHi, nLo, 0, dHi, dLo);
  const q0 = quotientDigit(wideHi, wideLo, 0, dHi, dLo);
  wideHi = q1;
  wideLo = q0;
}
