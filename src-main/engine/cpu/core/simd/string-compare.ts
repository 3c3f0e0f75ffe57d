// SSE4.2 text instructions PCMPESTRM, PCMPESTRI, PCMPISTRM, PCMPISTRI (Intel SDM volume 2, section 4.1). The first operand `a` holds
// the set, the ranges or the needle; the second `b` the text. Works on the operands in memory, element by element of the text.

import { CPU_CC_OP, CPU_CC_SRC, CPU_GPR, CPU_SCRATCH, CPU_XMM } from '../layout';

const FLAG_CF: u64 = 0x001;
const FLAG_ZF: u64 = 0x040;
const FLAG_SF: u64 = 0x080;
const FLAG_OF: u64 = 0x800;

/** Length register RAX or RDX: absolute value, saturated. */
function explicitLength(gpr: usize, wide: bool, count: u32): u32 {
  const value = wide ? load<i64>(gpr) : <i64>load<i32>(gpr);
  const size = <u64>(value < 0 ? -value : value);
  return size > count ? count : <u32>size;
}

/** Elements before the first zero. */
function implicitLength(v: v128, words: bool): u32 {
  const zeros = words ? i16x8.bitmask(i16x8.eq(v, i16x8.splat(0))) : i8x16.bitmask(i8x16.eq(v, i8x16.splat(0)));
  const first = <u32>ctz(zeros);
  const count: u32 = words ? 8 : 16;
  return first < count ? first : count;
}

/** Element i of the array at p, sign- or zero-extended by the format bits 0-1. */
// @ts-ignore: decorator
@inline
function element(p: usize, i: u32, format: u32): i32 {
  switch (format) {
    case 0: return load<u8>(p + i);
    case 1: return load<u16>(p + (i << 1));
    case 2: return load<i8>(p + i);
    default: return load<i16>(p + (i << 1));
  }
}

// @ts-ignore: decorator
@inline
function equalMask(text: v128, value: i32, words: bool): u32 {
  return words
    ? i16x8.bitmask(i16x8.eq(text, i16x8.splat(<i16>value)))
    : i8x16.bitmask(i8x16.eq(text, i8x16.splat(<i8>value)));
}

/** IntRes1: one bit for each element of the text. */
function aggregate(a: v128, b: v128, lengthA: u32, lengthB: u32, imm: u32): u32 {
  const format = imm & 3;
  const words = (imm & 1) != 0;
  const count: u32 = words ? 8 : 16;
  const validB = (<u32>1 << lengthB) - 1;
  const setAt: usize = CPU_SCRATCH;
  const textAt: usize = CPU_SCRATCH + 16;
  v128.store(setAt, a);
  v128.store(textAt, b);
  let result: u32 = 0;
  switch ((imm >> 2) & 3) {
    case 0: // equal any
      for (let i: u32 = 0; i < lengthA; i++) result |= equalMask(b, element(setAt, i, format), words);
      return result & validB;
    case 1: // ranges: pairs of bounds; an odd last one counts for nothing
      for (let j: u32 = 0; j < lengthB; j++) {
        const value = element(textAt, j, format);
        for (let i: u32 = 0; i + 1 < lengthA; i += 2) {
          if (value >= element(setAt, i, format) && value <= element(setAt, i + 1, format)) {
            result |= 1 << j;
            break;
          }
        }
      }
      return result;
    case 2: { // equal each: both ended counts as equal
      const validA = (<u32>1 << lengthA) - 1;
      const same = words ? i16x8.bitmask(i16x8.eq(a, b)) : i8x16.bitmask(i8x16.eq(a, b));
      return ((same & validA & validB) | ~(validA | validB)) & ((<u32>1 << count) - 1);
    }
    default: { // equal ordered: the needle's ended part matches anything
      result = (<u32>1 << count) - 1;
      for (let i: u32 = 0; i < lengthA; i++) {
        // Positions past the vector's end are not compared; ended text matches nothing.
        const match = equalMask(b, element(setAt, i, format), words) & validB;
        result &= (match >> i) | ~(((<u32>1 << count) - 1) >> i);
      }
      return result & ((<u32>1 << count) - 1);
    }
  }
}

/** 0F3A 60..63. `wide` is REX.W: 64-bit length registers. */
export function stringCompare(opcode: u32, a: v128, b: v128, imm: u32, wide: bool): void {
  const words = (imm & 1) != 0;
  const count: u32 = words ? 8 : 16;
  const all = (<u32>1 << count) - 1;
  let lengthA: u32;
  let lengthB: u32;
  if (opcode < 0x62) {
    lengthA = explicitLength(CPU_GPR, wide, count);
    lengthB = explicitLength(CPU_GPR + 16, wide, count);
  } else {
    lengthA = implicitLength(a, words);
    lengthB = implicitLength(b, words);
  }
  const first = aggregate(a, b, lengthA, lengthB, imm);
  let result = first;
  if ((imm & 0x10) != 0) result ^= imm & 0x20 ? (<u32>1 << lengthB) - 1 : all;
  if ((opcode & 1) != 0) {
    let index: u32 = count;
    if (result != 0) index = imm & 0x40 ? 31 - <u32>clz(result) : <u32>ctz(result);
    store<u64>(CPU_GPR + 8, <u64>index);
  } else if ((imm & 0x40) == 0) {
    v128.store(CPU_XMM, i64x2.replace_lane(i64x2.splat(0), 0, <u64>result));
  } else if (words) {
    const bits = v128.and(i16x8.splat(<i16>result), i16x8(1, 2, 4, 8, 16, 32, 64, 128));
    v128.store(CPU_XMM, i16x8.ne(bits, i16x8.splat(0)));
  } else {
    const halves = i8x16.shuffle(i8x16.splat(<i8>result), i8x16.splat(<i8>(result >> 8)),
      0, 0, 0, 0, 0, 0, 0, 0, 16, 16, 16, 16, 16, 16, 16, 16);
    const bits = v128.and(halves, i8x16(1, 2, 4, 8, 16, 32, 64, -128, 1, 2, 4, 8, 16, 32, 64, -128));
    v128.store(CPU_XMM, i8x16.ne(bits, i8x16.splat(0)));
  }
  let flags: u64 = 0;
  if (result != 0) flags |= FLAG_CF;
  if (lengthB < count) flags |= FLAG_ZF;
  if (lengthA < count) flags |= FLAG_SF;
  if ((result & 1) != 0) flags |= FLAG_OF;
  store<u32>(CPU_CC_OP, 0);
  store<u64>(CPU_CC_SRC, flags);
}
