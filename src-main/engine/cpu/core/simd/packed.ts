// hot path: packed integer instructions of the 0F and 0F38 maps on 128-bit values, by opcode byte (Intel SDM volume 2). MMX uses the
// same functions on values whose upper half is zero: lane-wise operations agree in the low half; mmx.ts handles those that do not.

/** 0F 60..6D, 74..76, D1..FE with two operands. Shifts take their count from the low half of `b`. */
export function packedOp(opcode: u32, a: v128, b: v128): v128 {
  switch (opcode) {
    case 0x60: return i8x16.shuffle(a, b, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
    case 0x61: return i16x8.shuffle(a, b, 0, 8, 1, 9, 2, 10, 3, 11);
    case 0x62: return i32x4.shuffle(a, b, 0, 4, 1, 5);
    case 0x63: return i8x16.narrow_i16x8_s(a, b);
    case 0x64: return i8x16.gt_s(a, b);
    case 0x65: return i16x8.gt_s(a, b);
    case 0x66: return i32x4.gt_s(a, b);
    case 0x67: return i8x16.narrow_i16x8_u(a, b);
    case 0x68: return i8x16.shuffle(a, b, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31);
    case 0x69: return i16x8.shuffle(a, b, 4, 12, 5, 13, 6, 14, 7, 15);
    case 0x6a: return i32x4.shuffle(a, b, 2, 6, 3, 7);
    case 0x6b: return i16x8.narrow_i32x4_s(a, b);
    case 0x6c: return i64x2.shuffle(a, b, 0, 2);
    case 0x6d: return i64x2.shuffle(a, b, 1, 3);
    case 0x74: return i8x16.eq(a, b);
    case 0x75: return i16x8.eq(a, b);
    case 0x76: return i32x4.eq(a, b);
    case 0xd1: return shiftRight16(a, i64x2.extract_lane(b, 0));
    case 0xd2: return shiftRight32(a, i64x2.extract_lane(b, 0));
    case 0xd3: return shiftRight64(a, i64x2.extract_lane(b, 0));
    case 0xd4: return i64x2.add(a, b);
    case 0xd5: return i16x8.mul(a, b);
    case 0xd8: return i8x16.sub_sat_u(a, b);
    case 0xd9: return i16x8.sub_sat_u(a, b);
    case 0xda: return i8x16.min_u(a, b);
    case 0xdb: return v128.and(a, b);
    case 0xdc: return i8x16.add_sat_u(a, b);
    case 0xdd: return i16x8.add_sat_u(a, b);
    case 0xde: return i8x16.max_u(a, b);
    case 0xdf: return v128.andnot(b, a);
    case 0xe0: return i8x16.avgr_u(a, b);
    case 0xe1: return shiftArithmetic16(a, i64x2.extract_lane(b, 0));
    case 0xe2: return shiftArithmetic32(a, i64x2.extract_lane(b, 0));
    case 0xe3: return i16x8.avgr_u(a, b);
    case 0xe4:
      return i16x8.shuffle(
        i32x4.extmul_low_i16x8_u(a, b), i32x4.extmul_high_i16x8_u(a, b), 1, 3, 5, 7, 9, 11, 13, 15);
    case 0xe5:
      return i16x8.shuffle(
        i32x4.extmul_low_i16x8_s(a, b), i32x4.extmul_high_i16x8_s(a, b), 1, 3, 5, 7, 9, 11, 13, 15);
    case 0xe8: return i8x16.sub_sat_s(a, b);
    case 0xe9: return i16x8.sub_sat_s(a, b);
    case 0xea: return i16x8.min_s(a, b);
    case 0xeb: return v128.or(a, b);
    case 0xec: return i8x16.add_sat_s(a, b);
    case 0xed: return i16x8.add_sat_s(a, b);
    case 0xee: return i16x8.max_s(a, b);
    case 0xef: return v128.xor(a, b);
    case 0xf1: return shiftLeft16(a, i64x2.extract_lane(b, 0));
    case 0xf2: return shiftLeft32(a, i64x2.extract_lane(b, 0));
    case 0xf3: return shiftLeft64(a, i64x2.extract_lane(b, 0));
    case 0xf4:
      return i64x2.extmul_low_i32x4_u(i32x4.shuffle(a, a, 0, 2, 0, 2), i32x4.shuffle(b, b, 0, 2, 0, 2));
    case 0xf5: return i32x4.dot_i16x8_s(a, b);
    case 0xf6: {
      const words = i16x8.extadd_pairwise_i8x16_u(i8x16.sub(i8x16.max_u(a, b), i8x16.min_u(a, b)));
      const pairs = i32x4.extadd_pairwise_i16x8_u(words);
      return i64x2.add(v128.and(pairs, i64x2.splat(0xffffffff)), i64x2.shr_u(pairs, 32));
    }
    case 0xf8: return i8x16.sub(a, b);
    case 0xf9: return i16x8.sub(a, b);
    case 0xfa: return i32x4.sub(a, b);
    case 0xfb: return i64x2.sub(a, b);
    case 0xfc: return i8x16.add(a, b);
    case 0xfd: return i16x8.add(a, b);
    default: return i32x4.add(a, b);
  }
}

export function shiftRight16(a: v128, count: u64): v128 {
  return count > 15 ? i64x2.splat(0) : i16x8.shr_u(a, <i32>count);
}

export function shiftRight32(a: v128, count: u64): v128 {
  return count > 31 ? i64x2.splat(0) : i32x4.shr_u(a, <i32>count);
}

export function shiftRight64(a: v128, count: u64): v128 {
  return count > 63 ? i64x2.splat(0) : i64x2.shr_u(a, <i32>count);
}

export function shiftLeft16(a: v128, count: u64): v128 {
  return count > 15 ? i64x2.splat(0) : i16x8.shl(a, <i32>count);
}

export function shiftLeft32(a: v128, count: u64): v128 {
  return count > 31 ? i64x2.splat(0) : i32x4.shl(a, <i32>count);
}

export function shiftLeft64(a: v128, count: u64): v128 {
  return count > 63 ? i64x2.splat(0) : i64x2.shl(a, <i32>count);
}

export function shiftArithmetic16(a: v128, count: u64): v128 {
  return i16x8.shr_s(a, count > 15 ? 15 : <i32>count);
}

export function shiftArithmetic32(a: v128, count: u64): v128 {
  return i32x4.shr_s(a, count > 31 ? 31 : <i32>count);
}

// @ts-ignore: decorator
@inline
function positions(): v128 {
  return i8x16(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
}

/** PSRLDQ. Swizzle gives zero for every index above 15. */
export function bytesRight(a: v128, count: u32): v128 {
  return count > 15 ? i64x2.splat(0) : i8x16.swizzle(a, i8x16.add(positions(), i8x16.splat(<i8>count)));
}

/** PSLLDQ. */
export function bytesLeft(a: v128, count: u32): v128 {
  return count > 15 ? i64x2.splat(0) : i8x16.swizzle(a, i8x16.sub(positions(), i8x16.splat(<i8>count)));
}

/** PALIGNR: bytes `count`.. of high:low. */
export function alignRight(high: v128, low: v128, count: u32): v128 {
  if (count > 31) return i64x2.splat(0);
  const index = i8x16.add(positions(), i8x16.splat(<i8>count));
  return v128.or(i8x16.swizzle(low, index), i8x16.swizzle(high, i8x16.sub(index, i8x16.splat(16))));
}

/** Groups 71, 72, 73 by immediate: `digit` is the reg field. Returns false for an undefined one. */
export function isShiftGroup(opcode: u32, digit: u32, isXmm: bool): bool {
  if (opcode == 0x73) return digit == 2 || digit == 6 || (isXmm && (digit == 3 || digit == 7));
  return digit == 2 || digit == 4 || digit == 6;
}

export function shiftGroup(opcode: u32, digit: u32, a: v128, count: u32): v128 {
  if (opcode == 0x71) {
    if (digit == 2) return shiftRight16(a, count);
    return digit == 4 ? shiftArithmetic16(a, count) : shiftLeft16(a, count);
  }
  if (opcode == 0x72) {
    if (digit == 2) return shiftRight32(a, count);
    return digit == 4 ? shiftArithmetic32(a, count) : shiftLeft32(a, count);
  }
  if (digit == 2) return shiftRight64(a, count);
  if (digit == 3) return bytesRight(a, count);
  return digit == 6 ? shiftLeft64(a, count) : bytesLeft(a, count);
}

// --- 0F38

/** PMADDUBSW: unsigned bytes of a by signed bytes of b, pairs added with saturation. */
function multiplyAddBytes(a: v128, b: v128): v128 {
  const even = i16x8.mul(v128.and(a, i16x8.splat(0xff)), i16x8.shr_s(i16x8.shl(b, 8), 8));
  const odd = i16x8.mul(i16x8.shr_u(a, 8), i16x8.shr_s(b, 8));
  return i16x8.add_sat_s(even, odd);
}

/** PMULHRSW: unlike the wasm instruction, 0x8000 * 0x8000 wraps. */
function multiplyRound(a: v128, b: v128): v128 {
  const least = i16x8.splat(-0x8000);
  return v128.xor(i16x8.q15mulr_sat_s(a, b), v128.and(i16x8.eq(a, least), i16x8.eq(b, least)));
}

// PSIGN: negate where b < 0, clear where b = 0.
function sign8(a: v128, b: v128): v128 {
  const negative = i8x16.shr_s(b, 7);
  return v128.andnot(i8x16.sub(v128.xor(a, negative), negative), i8x16.eq(b, i8x16.splat(0)));
}

function sign16(a: v128, b: v128): v128 {
  const negative = i16x8.shr_s(b, 15);
  return v128.andnot(i16x8.sub(v128.xor(a, negative), negative), i16x8.eq(b, i16x8.splat(0)));
}

function sign32(a: v128, b: v128): v128 {
  const negative = i32x4.shr_s(b, 31);
  return v128.andnot(i32x4.sub(v128.xor(a, negative), negative), i32x4.eq(b, i32x4.splat(0)));
}

// @ts-ignore: decorator
@inline
function even16(a: v128, b: v128): v128 {
  return i16x8.shuffle(a, b, 0, 2, 4, 6, 8, 10, 12, 14);
}

// @ts-ignore: decorator
@inline
function odd16(a: v128, b: v128): v128 {
  return i16x8.shuffle(a, b, 1, 3, 5, 7, 9, 11, 13, 15);
}

// @ts-ignore: decorator
@inline
function even32(a: v128, b: v128): v128 {
  return i32x4.shuffle(a, b, 0, 2, 4, 6);
}

// @ts-ignore: decorator
@inline
function odd32(a: v128, b: v128): v128 {
  return i32x4.shuffle(a, b, 1, 3, 5, 7);
}

/** PHMINPOSUW. */
function horizontalMinimum(b: v128): v128 {
  // Value above position: the least such number is the least value at its first position.
  const low = v128.or(i32x4.shl(i32x4.extend_low_i16x8_u(b), 3), i32x4(0, 1, 2, 3));
  const high = v128.or(i32x4.shl(i32x4.extend_high_i16x8_u(b), 3), i32x4(4, 5, 6, 7));
  let m = i32x4.min_u(low, high);
  m = i32x4.min_u(m, i32x4.shuffle(m, m, 2, 3, 0, 1));
  m = i32x4.min_u(m, i32x4.shuffle(m, m, 1, 0, 3, 2));
  const least = <u32>i32x4.extract_lane(m, 0);
  return i64x2(<i64>((least >> 3) | ((least & 7) << 16)), 0);
}

/** Two-operand 0F38 instructions on full registers. PMOVxx and PABS use `b` only. */
export function packedOp38(opcode: u32, a: v128, b: v128): v128 {
  switch (opcode) {
    case 0x00: return i8x16.swizzle(a, v128.and(b, i8x16.splat(-0x71)));
    case 0x01: return i16x8.add(even16(a, b), odd16(a, b));
    case 0x02: return i32x4.add(even32(a, b), odd32(a, b));
    case 0x03: return i16x8.add_sat_s(even16(a, b), odd16(a, b));
    case 0x04: return multiplyAddBytes(a, b);
    case 0x05: return i16x8.sub(even16(a, b), odd16(a, b));
    case 0x06: return i32x4.sub(even32(a, b), odd32(a, b));
    case 0x07: return i16x8.sub_sat_s(even16(a, b), odd16(a, b));
    case 0x08: return sign8(a, b);
    case 0x09: return sign16(a, b);
    case 0x0a: return sign32(a, b);
    case 0x0b: return multiplyRound(a, b);
    case 0x1c: return i8x16.abs(b);
    case 0x1d: return i16x8.abs(b);
    case 0x1e: return i32x4.abs(b);
    case 0x20: return i16x8.extend_low_i8x16_s(b);
    case 0x21: return i32x4.extend_low_i16x8_s(i16x8.extend_low_i8x16_s(b));
    case 0x22: return i64x2.extend_low_i32x4_s(i32x4.extend_low_i16x8_s(i16x8.extend_low_i8x16_s(b)));
    case 0x23: return i32x4.extend_low_i16x8_s(b);
    case 0x24: return i64x2.extend_low_i32x4_s(i32x4.extend_low_i16x8_s(b));
    case 0x25: return i64x2.extend_low_i32x4_s(b);
    case 0x28: return i64x2.extmul_low_i32x4_s(i32x4.shuffle(a, a, 0, 2, 0, 2), i32x4.shuffle(b, b, 0, 2, 0, 2));
    case 0x29: return i64x2.eq(a, b);
    case 0x2b: return i16x8.narrow_i32x4_u(a, b);
    case 0x30: return i16x8.extend_low_i8x16_u(b);
    case 0x31: return i32x4.extend_low_i16x8_u(i16x8.extend_low_i8x16_u(b));
    case 0x32: return i64x2.extend_low_i32x4_u(i32x4.extend_low_i16x8_u(i16x8.extend_low_i8x16_u(b)));
    case 0x33: return i32x4.extend_low_i16x8_u(b);
    case 0x34: return i64x2.extend_low_i32x4_u(i32x4.extend_low_i16x8_u(b));
    case 0x35: return i64x2.extend_low_i32x4_u(b);
    case 0x37: return i64x2.gt_s(a, b);
    case 0x38: return i8x16.min_s(a, b);
    case 0x39: return i32x4.min_s(a, b);
    case 0x3a: return i16x8.min_u(a, b);
    case 0x3b: return i32x4.min_u(a, b);
    case 0x3c: return i8x16.max_s(a, b);
    case 0x3d: return i32x4.max_s(a, b);
    case 0x3e: return i16x8.max_u(a, b);
    case 0x3f: return i32x4.max_u(a, b);
    case 0x40: return i32x4.mul(a, b);
    default: return horizontalMinimum(b);
  }
}

/** MPSADBW: eight sums of four absolute differences; imm bit 2 picks the start in a, bits 0-1 the block in b. */
export function multipleSums(a: v128, b: v128, imm: u32): v128 {
  const from = imm & 4;
  const block = i8x16.swizzle(b, v128.or(i32x4.splat(0x03020100), i8x16.splat(<i8>((imm & 3) << 2))));
  const index = i8x16.splat(<i8>from);
  const low = i8x16.swizzle(a, i8x16.add(index, i8x16(0, 1, 2, 3, 1, 2, 3, 4, 2, 3, 4, 5, 3, 4, 5, 6)));
  const high = i8x16.swizzle(a, i8x16.add(index, i8x16(4, 5, 6, 7, 5, 6, 7, 8, 6, 7, 8, 9, 7, 8, 9, 10)));
  return i16x8.narrow_i32x4_u(absoluteSums(low, block), absoluteSums(high, block));
}

function absoluteSums(a: v128, b: v128): v128 {
  const difference = i8x16.sub(i8x16.max_u(a, b), i8x16.min_u(a, b));
  return i32x4.extadd_pairwise_i16x8_u(i16x8.extadd_pairwise_i8x16_u(difference));
}
