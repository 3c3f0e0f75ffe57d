// Shifts, rotates, double shifts and bit tests of every width. Flags that [SDM-2] leaves undefined follow the formula of the
// defined case (OF for counts above one, AF clear), as recent processors do.
import { getAF, getCF, getOF, setCarryOnly, setCarryOverflow, setFlagsResult } from './flags';

// @ts-ignore: decorator
@inline function maskOf(size: u32): u64 {
  return <u64>-1 >> <u64>(64 - (size << 3));
}
// @ts-ignore: decorator
@inline function log2(size: u32): u32 {
  return 31 - clz<u32>(size);
}
function signed(value: u64, size: u32): i64 {
  const spare = <u64>(64 - (size << 3));
  return <i64>(value << spare) >> <i64>spare;
}

/** Group 2 operation `kind` (ROL ROR RCL RCR SHL SHR SHL SAR) on a zero-extended value; sets flags; the masked result. */
export function shift(kind: u32, value: u64, count: u32, size: u32): u64 {
  const bits = size << 3;
  const mask = maskOf(size);
  count &= size == 8 ? 63 : 31;
  if (!count) return value;
  if (kind < 4) return rotate(kind, value, count, size);
  let result: u64;
  let carry: u32;
  let overflow: u32;
  if (kind == 5) {
    result = count < bits ? value >> count : 0;
    carry = count <= bits ? <u32>(value >> (count - 1)) & 1 : 0;
    overflow = <u32>(value >> (bits - 1)) & 1;
    if (count > 1) overflow = <u32>((result ^ (result << 1)) >> (bits - 1)) & 1;
  } else if (kind == 7) {
    const wide = signed(value, size);
    const far = min<u32>(count, 63);
    result = <u64>(wide >> far) & mask;
    carry = <u32>(wide >> (min<u32>(count - 1, 63))) & 1;
    overflow = 0;
  } else {
    result = count < bits ? (value << count) & mask : 0;
    carry = count <= bits ? <u32>(value >> (bits - count)) & 1 : 0;
    overflow = (<u32>(result >> (bits - 1)) & 1) ^ carry;
  }
  setFlagsResult(result, log2(size), carry | (overflow << 11));
  return result;
}

function rotate(kind: u32, value: u64, count: u32, size: u32): u64 {
  const bits = size << 3;
  const mask = maskOf(size);
  let result = value;
  let carry: u32;
  let overflow: u32;
  if (kind < 2) {
    const by = count & (bits - 1);
    if (by) {
      if (kind == 0) result = ((value << by) | (value >> (bits - by))) & mask;
      else result = ((value >> by) | (value << (bits - by))) & mask;
    }
    if (kind == 0) {
      carry = <u32>result & 1;
      overflow = (<u32>(result >> (bits - 1)) & 1) ^ carry;
    } else {
      carry = <u32>(result >> (bits - 1)) & 1;
      overflow = carry ^ (<u32>(result >> (bits - 2)) & 1);
    }
  } else {
    carry = getCF();
    const by = count % (bits + 1);
    overflow = getOF();
    if (!by) return value;
    if (kind == 2) {
      for (let i: u32 = 0; i < by; i++) {
        const top = <u32>(result >> (bits - 1)) & 1;
        result = ((result << 1) | carry) & mask;
        carry = top;
      }
      overflow = (<u32>(result >> (bits - 1)) & 1) ^ carry;
    } else {
      for (let i: u32 = 0; i < by; i++) {
        const low = <u32>result & 1;
        result = (result >> 1) | (<u64>carry << (bits - 1));
        carry = low;
      }
      overflow = <u32>((result >> (bits - 1)) ^ (result >> (bits - 2))) & 1;
    }
  }
  setCarryOverflow(carry | (overflow << 11));
  return result;
}

/** SHLD (isRight false) and SHRD. Counts beyond a 16-bit operand go round through the concatenation, as the hardware does. */
export function doubleShift(isRight: bool, target: u64, source: u64, count: u32, size: u32): u64 {
  const bits = size << 3;
  const mask = maskOf(size);
  count &= size == 8 ? 63 : 31;
  if (!count) return target;
  let result: u64;
  let carry: u32;
  if (size == 2) {
    if (isRight) {
      const wide = target | (source << 16) | (target << 32);
      result = (wide >> count) & mask;
      carry = <u32>(wide >> (count - 1)) & 1;
    } else {
      const wide = (target << 32) | (source << 16) | target;
      result = (wide >> (32 - count)) & mask;
      carry = <u32>(wide >> (48 - count)) & 1;
    }
  } else if (isRight) {
    result = ((target >> count) | (source << (bits - count))) & mask;
    carry = <u32>(target >> (count - 1)) & 1;
  } else {
    result = ((target << count) | (source >> (bits - count))) & mask;
    carry = <u32>(target >> (bits - count)) & 1;
  }
  const overflow = <u32>((result ^ target) >> (bits - 1)) & 1;
  setFlagsResult(result, log2(size), carry | (overflow << 11));
  return result;
}

/** CF from bit `bit` of `value`, the other flags kept; the value with the bit left, set, reset or complemented. */
export function bitTest(kind: u32, value: u64, bit: u32): u64 {
  const mask = <u64>1 << bit;
  setCarryOnly(<u32>(value >> bit) & 1);
  if (kind == 1) return value | mask;
  if (kind == 2) return value & ~mask;
  if (kind == 3) return value ^ mask;
  return value;
}

// ------------------------------------------------------------------ decimal adjustment, on AL and AH

function setAdjusted(al: u32, carry: u32, adjust: u32): void {
  setFlagsResult(<u64>al, 0, carry | (adjust << 4));
}

/** DAA and DAS: the new AL. */
export function decimalAdjust(isSubtract: bool, al: u32): u32 {
  const carry = getCF();
  let adjusted: u32 = 0;
  let newCarry: u32 = 0;
  let result = al;
  if ((al & 15) > 9 || getAF()) {
    result = isSubtract ? al - 6 : al + 6;
    newCarry = carry | u32(isSubtract ? al < 6 : result > 0xff);
    adjusted = 1;
  }
  if (al > 0x99 || carry) {
    result = isSubtract ? result - 0x60 : result + 0x60;
    newCarry = 1;
  }
  result &= 0xff;
  setAdjusted(result, newCarry, adjusted);
  return result;
}

/** AAA and AAS: the new AX. */
export function asciiAdjust(isSubtract: bool, ax: u32): u32 {
  let carry: u32 = 0;
  if ((ax & 15) > 9 || getAF()) {
    ax = isSubtract ? ax - 0x106 : ax + 0x106;
    carry = 1;
  }
  ax &= 0xff0f;
  setAdjusted(ax & 0xff, carry, carry);
  return ax;
}
