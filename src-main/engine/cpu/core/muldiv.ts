// Multiplication and division of every width, with CF = OF = "the high half matters" and the other flags as the low half's,
// which is what recent processors leave there (undefined by [SDM-2]). 128-bit products and quotients are composed of 32-bit parts.
import { CPU_GPR } from './layout';
import { raiseDe } from './fault';
import { setFlagsResult } from './flags';
import { readGpr, writeGpr } from './alu';

const RAX = CPU_GPR;
const RDX = CPU_GPR + 16;
const CF_OF: u32 = 0x801;

export function multiply32(a: u32, b: u32): u32 {
  const product = <i64><i32>a * <i64><i32>b;
  const low = <u32>product;
  setFlagsResult(<u64>low, 2, product == <i64><i32>product ? 0 : CF_OF);
  return low;
}

export function multiply64(a: u64, b: u64): u64 {
  const low = a * b;
  const high = signedHigh(a, b);
  setFlagsResult(low, 3, high == <u64>(<i64>low >> 63) ? 0 : CF_OF);
  return low;
}

export function multiply16(a: u32, b: u32): u32 {
  const product = <i32><i16>a * <i32><i16>b;
  setFlagsResult(<u64>(product & 0xffff), 1, product == <i32><i16>product ? 0 : CF_OF);
  return product & 0xffff;
}

/** Upper 64 bits of an unsigned product. */
export function unsignedHigh(a: u64, b: u64): u64 {
  const a0 = a & 0xffffffff;
  const a1 = a >> 32;
  const b0 = b & 0xffffffff;
  const b1 = b >> 32;
  const middle = a1 * b0 + ((a0 * b0) >> 32);
  const cross = a0 * b1 + (middle & 0xffffffff);
  return a1 * b1 + (middle >> 32) + (cross >> 32);
}

function signedHigh(a: u64, b: u64): u64 {
  let high = unsignedHigh(a, b);
  if (<i64>a < 0) high -= b;
  if (<i64>b < 0) high -= a;
  return high;
}

/** MUL and one-operand IMUL: accumulator times `value`. */
export function multiplyAccumulator(value: u64, size: u32, isSigned: bool): void {
  if (size == 1) {
    const product: u32 = isSigned ? <u32>(<i32>load<i8>(RAX) * <i32><i8>value) : <u32>load<u8>(RAX) * <u32>value;
    store<u16>(RAX, <u16>product);
    const fits = isSigned ? <i32><i16>product == <i32><i8>product : (product & 0xff00) == 0;
    setFlagsResult(<u64>(product & 0xff), 0, fits ? 0 : CF_OF);
  } else if (size == 2) {
    const product: u32 = isSigned ? <u32>(<i32>load<i16>(RAX) * <i32><i16>value) : <u32>load<u16>(RAX) * <u32>value;
    store<u16>(RAX, <u16>product);
    store<u16>(RDX, <u16>(product >> 16));
    const fits = isSigned ? <i32>product == <i32><i16>product : product >> 16 == 0;
    setFlagsResult(<u64>(product & 0xffff), 1, fits ? 0 : CF_OF);
  } else if (size == 4) {
    const product: u64 = isSigned ? <u64>(<i64>load<i32>(RAX) * <i64><i32>value) : <u64>load<u32>(RAX) * value;
    store<u64>(RAX, product & 0xffffffff);
    store<u64>(RDX, product >> 32);
    const fits = isSigned ? <i64>product == <i64><i32>product : product >> 32 == 0;
    setFlagsResult(product & 0xffffffff, 2, fits ? 0 : CF_OF);
  } else {
    const a = load<u64>(RAX);
    const low = a * value;
    const high = isSigned ? signedHigh(a, value) : unsignedHigh(a, value);
    store<u64>(RAX, low);
    store<u64>(RDX, high);
    setFlagsResult(low, 3, high == (isSigned ? <u64>(<i64>low >> 63) : 0) ? 0 : CF_OF);
  }
}

/** DIV and IDIV; #DE for zero and overflow. */
export function divideAccumulator(divisor: u64, size: u32, isSigned: bool): void {
  if (divisor == 0) raiseDe();
  if (size == 8) {
    divideWide(divisor, isSigned);
    return;
  }
  const bits = size << 3;
  const dividend: u64 = size == 1 ? <u64>load<u16>(RAX) : (load<u64>(RDX) & ((<u64>1 << bits) - 1)) << bits | readGpr(0, size);
  let quotient: u64;
  let remainder: u64;
  if (isSigned) {
    const wide = size == 4 ? <i64>dividend : size == 2 ? <i64><i32>dividend : <i64><i16>dividend;
    const by = size == 4 ? <i64><i32>divisor : size == 2 ? <i64><i16>divisor : <i64><i8>divisor;
    // The one host trap: the most negative dividend by -1 overflows any operand size here.
    if (by == -1 && wide == i64.MIN_VALUE) raiseDe();
    const result = wide / by;
    const half = <i64>1 << (bits - 1);
    if (result >= half || result < -half) raiseDe();
    quotient = <u64>result;
    remainder = <u64>(wide % by);
  } else {
    quotient = dividend / divisor;
    if (quotient >> bits) raiseDe();
    remainder = dividend % divisor;
  }
  if (size == 1) store<u16>(RAX, <u16>((quotient & 0xff) | (remainder << 8)));
  else {
    writeGpr(0, size, quotient);
    writeGpr(2, size, remainder);
  }
}

function divideWide(divisor: u64, isSigned: bool): void {
  let high = load<u64>(RDX);
  let low = load<u64>(RAX);
  const isNegative = isSigned && <i64>high < 0;
  const isByNegative = isSigned && <i64>divisor < 0;
  if (isNegative) {
    low = 0 - low;
    high = ~high + u64(low == 0);
  }
  const by = isByNegative ? 0 - divisor : divisor;
  if (high >= by) raiseDe();
  let quotient: u64 = 0;
  let remainder = high;
  if (high == 0) {
    quotient = low / by;
    remainder = low % by;
  } else {
    for (let i = 0; i < 64; i++) {
      const carry = remainder >> 63;
      remainder = (remainder << 1) | (low >> 63);
      low <<= 1;
      quotient <<= 1;
      if (carry || remainder >= by) {
        remainder -= by;
        quotient |= 1;
      }
    }
  }
  if (isSigned) {
    const limit: u64 = isNegative != isByNegative ? 0x8000000000000000 : 0x7fffffffffffffff;
    if (quotient > limit) raiseDe();
    if (isNegative != isByNegative) quotient = 0 - quotient;
    if (isNegative) remainder = 0 - remainder;
  }
  store<u64>(RAX, quotient);
  store<u64>(RDX, remainder);
}
