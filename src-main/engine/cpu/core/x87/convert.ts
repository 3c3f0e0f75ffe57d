// Conversions between the 80-bit format and single, double, integer and packed decimal operands in memory. Intel SDM
// volume 1, 4.2 and 4.8; volume 2, FLD, FST, FIST, FISTTP, FBLD, FBSTP.
import { CPU_FPU_CW } from '../layout';
import {
  addRaised, CLASS_INFINITY, CLASS_NORMAL, CLASS_QNAN, CLASS_SNAN, CLASS_UNSUPPORTED, CLASS_ZERO, classOf, EXP_BIAS, EXP_MAX,
  INTEGER_BIT, outSe, outSig, QUIET_BIT, raised, RC_CHOP, RC_NEAREST, RC_UP, roundingControl, roundsUp, setOut, setRaised, SIGN,
  SW_C1, SW_IE, SW_OE, SW_PE, SW_UE,
} from './number';

/** Magnitude left by `toInteger`; `integerOverflow` tells that it does not fit 64 bits (or is not a number). */
export let integerMagnitude: u64 = 0;
export let integerOverflow: bool = false;

// --- to 80 bits: always exact; NaNs keep their quiet bit. True: the operand was denormal.

@inline export function fromF64(bits: u64): bool {
  const exp = <u32>(bits >> 52) & 0x7ff;
  const se = <u32>(bits >> 63) << 15;
  if (exp - 1 < 0x7fe) {
    setOut(se | (exp + 0x3c00), INTEGER_BIT | (bits << 11));
    return false;
  }
  return fromF64Special(se, exp, bits << 12);
}

function fromF64Special(sign: u32, exp: u32, fraction: u64): bool {
  if (exp) {
    setOut(sign | EXP_MAX, INTEGER_BIT | (fraction >> 1));
    return false;
  }
  if (!fraction) {
    setOut(sign, 0);
    return false;
  }
  const shift = <u32>clz(fraction);
  setOut(sign | (0x3c00 - shift), fraction << shift);
  return true;
}

@inline export function fromF32(bits: u32): bool {
  const exp = (bits >> 23) & 0xff;
  const se = (bits >> 31) << 15;
  if (exp - 1 < 0xfe) {
    setOut(se | (exp + 0x3f80), <u64>(0x80000000 | (bits << 8)) << 32);
    return false;
  }
  return fromF32Special(se, exp, <u64>bits << 41);
}

function fromF32Special(sign: u32, exp: u32, fraction: u64): bool {
  if (exp) {
    setOut(sign | EXP_MAX, INTEGER_BIT | (fraction >> 1));
    return false;
  }
  if (!fraction) {
    setOut(sign, 0);
    return false;
  }
  const shift = <u32>clz(fraction);
  setOut(sign | (0x3f80 - shift), fraction << shift);
  return true;
}

export function fromInteger(value: i64): void {
  if (!value) {
    setOut(0, 0);
    return;
  }
  const magnitude = value < 0 ? <u64>(0 - value) : <u64>value;
  const shift = <u32>clz(magnitude);
  setOut((value < 0 ? SIGN : 0) | (0x403e - shift), magnitude << shift);
}

/** 18 decimal digits from memory words: low 8 bytes, then the ninth digit pair and the sign byte. */
export function fromDecimal(low: u64, high: u32): void {
  let value: u64 = 0;
  let pair = high & 0xff;
  for (let i = 0; i < 9; i++) {
    value = value * 100 + (pair >> 4) * 10 + (pair & 15);
    pair = <u32>(low >> 56);
    low <<= 8;
  }
  fromInteger(<i64>value);
  if (high & 0x8000) flipSign();
}

function flipSign(): void {
  setOut(outSe | SIGN, outSig);
}

// --- from 80 bits

export function toF64(se: u32, sig: u64): u64 {
  const exp = <i32>(se & EXP_MAX) - 0x3c00;
  if (<u32>(exp - 1) < 0x7fd && <i64>sig < 0) {
    const bits = ((<u64>(se & SIGN) << 48) | (<u64>exp << 52)) + ((sig << 1) >> 12);
    const tail = sig << 53;
    if (!tail) return bits;
    const up = roundsUp(roundingControl(), se & SIGN, (bits & 1) != 0, <i64>tail < 0, tail << 1 != 0);
    addRaised(up ? SW_PE | SW_C1 : SW_PE);
    return bits + u64(up);
  }
  return toShort(se, sig, 11, 52, 0x3c00, 0x7ff);
}

export function toF32(se: u32, sig: u64): u32 {
  const exp = <i32>(se & EXP_MAX) - 0x3f80;
  if (<u32>(exp - 1) < 0xfd && <i64>sig < 0) {
    const bits = ((se & SIGN) << 16) | (<u32>exp << 23) | (<u32>(sig >> 40) & 0x7fffff);
    const tail = sig << 24;
    if (!tail) return bits;
    const up = roundsUp(roundingControl(), se & SIGN, (bits & 1) != 0, <i64>tail < 0, tail << 1 != 0);
    addRaised(up ? SW_PE | SW_C1 : SW_PE);
    return bits + u32(up);
  }
  return <u32>toShort(se, sig, 40, 23, 0x3f80, 0xff);
}

/** Any value to a format with `fractionBits` below the hidden bit; `drop` bits of the 64 go. */
function toShort(se: u32, sig: u64, drop: u32, fractionBits: u32, rebias: i32, expMax: i32): u64 {
  const sign = <u64>(se >> 15) << (fractionBits + (expMax == 0x7ff ? 11 : 8));
  const infinity = <u64>expMax << fractionBits;
  const kind = classOf(se, sig);
  if (kind == CLASS_ZERO) return sign;
  if (kind == CLASS_INFINITY) return sign | infinity;
  if (kind >= CLASS_QNAN) {
    if (kind != CLASS_QNAN) addRaised(SW_IE);
    if (kind == CLASS_UNSUPPORTED) return (<u64>1 << (fractionBits + (expMax == 0x7ff ? 11 : 8))) | infinity | (<u64>1 << (fractionBits - 1));
    return sign | infinity | (((sig | QUIET_BIT) << 1) >> (64 - fractionBits));
  }
  const rc = roundingControl();
  const cw = load<u32>(CPU_FPU_CW);
  let exp: i32 = (se & EXP_MAX) ? <i32>(se & EXP_MAX) : 1;
  const left = <i32>clz(sig);
  sig <<= left;
  exp = exp - left - rebias;
  const unit: u64 = (<u64>1) << drop;
  if (exp <= 0) {
    const low = sig & (unit - 1);
    const carries = exp == 0 && sig >= ~(unit - 1) && roundsUp(rc, se & SIGN, true, (low & (unit >> 1)) != 0, (low & ((unit >> 1) - 1)) != 0);
    const tiny = !carries;
    if (tiny && !(cw & SW_UE)) {
      addRaised(SW_UE);
      // The exception stops the store, but an inexact rounding still shows in the status word.
      return 0;
    }
    const shift = 1 - exp;
    const lost = shift < 64 ? sig << (64 - shift) : sig;
    const bits = shift < 64 ? sig >> shift : 0;
    const sticky = shift < 65 ? lost != 0 : true;
    const rest = bits & (unit - 1);
    const half = (rest & (unit >> 1)) != 0;
    const below = (rest & ((unit >> 1) - 1)) != 0 || sticky;
    let value = bits >> drop;
    if (half || below) {
      addRaised(tiny ? SW_PE | SW_UE : SW_PE);
      if (roundsUp(rc, se & SIGN, (value & 1) != 0, half, below)) {
        addRaised(SW_C1);
        value++;
      }
    }
    return sign + value;
  }
  const low = sig & (unit - 1);
  const half = (low & (unit >> 1)) != 0;
  const below = (low & ((unit >> 1) - 1)) != 0;
  let value = sig >> drop;
  let up = false;
  if (half || below) {
    up = roundsUp(rc, se & SIGN, (value & 1) != 0, half, below);
    value += u64(up);
    if (value >> (fractionBits + 1)) {
      value >>= 1;
      exp++;
    }
  }
  if (exp >= expMax) {
    addRaised(SW_OE);
    if (!(cw & SW_OE)) return 0;
    addRaised(SW_PE);
    if (rc == RC_NEAREST || (rc != RC_CHOP && (rc == RC_UP) == ((se & SIGN) == 0))) {
      addRaised(SW_C1);
      return sign | infinity;
    }
    return sign | (infinity - 1);
  }
  if (half || below) addRaised(up ? SW_PE | SW_C1 : SW_PE);
  return sign | ((<u64>exp << fractionBits) + (value ^ (<u64>1 << fractionBits)));
}

/** Rounds to an integer magnitude by `rc`; raises PE and C1, but not IE: the caller knows the target's range. */
export function toInteger(se: u32, sig: u64, rc: u32): void {
  integerOverflow = false;
  const kind = classOf(se, sig);
  if (kind == CLASS_ZERO) {
    integerMagnitude = 0;
    return;
  }
  if (kind >= CLASS_INFINITY) {
    integerOverflow = true;
    return;
  }
  const exp = <i32>(se & EXP_MAX) - EXP_BIAS;
  if (exp > 63) {
    integerOverflow = true;
    return;
  }
  const shift = 63 - exp;
  if (!shift) {
    integerMagnitude = sig;
    return;
  }
  let value: u64 = 0;
  let half = false;
  let rest = true;
  if (shift < 64) {
    value = sig >> shift;
    const lost = sig << (64 - shift);
    half = <i64>lost < 0;
    rest = lost << 1 != 0;
  } else if (shift == 64) {
    half = <i64>sig < 0;
    rest = sig << 1 != 0;
  }
  if (half || rest) {
    const up = roundsUp(rc, se & SIGN, (value & 1) != 0, half, rest);
    value += u64(up);
    addRaised(up ? SW_PE | SW_C1 : SW_PE);
  }
  integerMagnitude = value;
}

/** FIST and FISTTP: the value as a two's complement integer of `bits` bits; integer indefinite with IE if it does not fit. */
export function toSigned(se: u32, sig: u64, bits: u32, rc: u32): u64 {
  toInteger(se, sig, rc);
  const limit: u64 = (<u64>1) << (bits - 1);
  const negative = (se & SIGN) != 0;
  if (integerOverflow || integerMagnitude > (negative ? limit : limit - 1)) {
    setInvalidOnly();
    return 0 - limit;
  }
  return negative ? 0 - integerMagnitude : integerMagnitude;
}

/** An invalid conversion raises IE in place of the inexact result's PE and C1. */
export function setInvalidOnly(): void {
  setRaised((raised & ~(SW_PE | SW_C1)) | SW_IE);
}
