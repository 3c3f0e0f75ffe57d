// hot path: executes the instructions that decode.ts names: MMX, SSE, SSE2, SSE3, SSSE3, SSE4.1, SSE4.2, AES-NI, PCLMULQDQ, CRC32
// and MOVNTI (Intel SDM volume 2). One function per map and prefix, each a switch on the opcode byte. FXSAVE and the rest of
// group 0F AE are elsewhere. SHA and AVX are not modelled.

import { CPU_CC_OP, CPU_CC_SRC, CPU_XMM } from '../layout';
import { ld16, ld32, ld8, ptrRead, st16, st32, st64, st8 } from '../mmu';
import {
  add32, add64, arithmetic32, arithmetic64, compare32, compare64, compareScalar32, compareScalar64, mixedArithmetic32, mixedArithmetic64,
  div32, div64, mul32, mul64, orderedFlags32, orderedFlags64, scalar32, scalar64, sub32, sub64,
} from './arithmetic';
import {
  doublesToInts, intToScalar, intsToSingles, narrow, narrowTwo, reciprocal, reciprocalRoot, roundPacked32, roundPacked64,
  roundScalar32, roundScalar64, scalarToInt, singlesToInts, widen, widenTwo,
} from './convert';
import { aesKeyAssist, aesRound, carrylessProduct, crc32c } from './crypto';
import { SIMD_REXW } from './decode';
import { mmx0f, mmx0f38, mmxAlign, mmxDouble } from './mmx';
import {
  MEM, checkSse, enterMmx, gprPtr, maskedStore, mmxPtr, source16, sourceGpr, sourceOf, store16, store16Aligned, storeSized,
  undefined, writeGpr32, writeMmx, xmmPtr,
} from './operand';
import { alignRight, isShiftGroup, multipleSums, packedOp, packedOp38, shiftGroup } from './packed';
import { OP_ADD, OP_MUL, OP_SUB } from './soft-float';
import { stringCompare } from './string-compare';

/** Sets ZF PF CF literally; OF SF AF are cleared. */
function setFlags(flags: u32): void {
  store<u32>(CPU_CC_OP, 0);
  store<u64>(CPU_CC_SRC, <u64>flags);
}

function shuffle32(v: v128, imm: u32): v128 {
  const index = i8x16(0, 1, 2, 3, 0, 1, 2, 3, 0, 1, 2, 3, 0, 1, 2, 3);
  const lanes = i32x4((imm & 3) << 2, imm & 12, (imm >> 2) & 12, (imm >> 4) & 12);
  // Each lane's byte offset, copied to its four bytes.
  return i8x16.swizzle(v, i8x16.add(index, i32x4.mul(lanes, i32x4.splat(0x01010101))));
}

function shuffleWordsLow(v: v128, imm: u32): v128 {
  const low = i64x2.extract_lane(v, 0);
  return i64x2.replace_lane(v, 0, wordsOf(low, imm));
}

function shuffleWordsHigh(v: v128, imm: u32): v128 {
  const high = i64x2.extract_lane(v, 1);
  return i64x2.replace_lane(v, 1, wordsOf(high, imm));
}

function wordsOf(b: u64, imm: u32): u64 {
  return ((b >> ((imm & 3) << 4)) & 0xffff) |
    (((b >> ((imm & 12) << 2)) & 0xffff) << 16) |
    (((b >> (imm & 0x30)) & 0xffff) << 32) |
    (((b >> ((imm & 0xc0) >> 2)) & 0xffff) << 48);
}

/** ANDPS, ANDNPS, ORPS, XORPS and their double twins. */
// @ts-ignore: decorator
@inline
function logical(opcode: u32, a: v128, b: v128): v128 {
  if (opcode == 0x54) return v128.and(a, b);
  if (opcode == 0x55) return v128.andnot(b, a);
  if (opcode == 0x56) return v128.or(a, b);
  return v128.xor(a, b);
}

/** Unprefixed 0F: packed single and MMX. */
function exec0f(opcode: u32, reg: u32, rm: u32, linear: u64, imm: u32, wide: bool): void {
  const at = xmmPtr(reg);
  switch (opcode) {
    case 0x10:
      checkSse();
      v128.store(at, v128.load(sourceOf(rm, linear, 16)));
      return;
    case 0x11:
      checkSse();
      if (rm < MEM) v128.store(xmmPtr(rm), v128.load(at));
      else store16(linear, v128.load(at));
      return;
    case 0x12: // MOVLPS, MOVHLPS
      checkSse();
      store<u64>(at, rm < MEM ? load<u64>(xmmPtr(rm), 8) : load<u64>(ptrRead(linear, 8)));
      return;
    case 0x13:
      checkSse();
      st64(linear, load<u64>(at));
      return;
    case 0x14: {
      checkSse();
      const b = v128.load(source16(rm, linear));
      v128.store(at, i32x4.shuffle(v128.load(at), b, 0, 4, 1, 5));
      return;
    }
    case 0x15: {
      checkSse();
      const b = v128.load(source16(rm, linear));
      v128.store(at, i32x4.shuffle(v128.load(at), b, 2, 6, 3, 7));
      return;
    }
    case 0x16: // MOVHPS, MOVLHPS
      checkSse();
      store<u64>(at, load<u64>(sourceOf(rm, linear, 8)), 8);
      return;
    case 0x17:
      checkSse();
      st64(linear, load<u64>(at, 8));
      return;
    case 0x28:
      checkSse();
      v128.store(at, v128.load(source16(rm, linear)));
      return;
    case 0x29: case 0x2b:
      checkSse();
      if (rm < MEM) v128.store(xmmPtr(rm), v128.load(at));
      else store16Aligned(linear, v128.load(at));
      return;
    case 0x2e: case 0x2f:
      checkSse();
      setFlags(orderedFlags32(at, sourceOf(rm, linear, 4), opcode == 0x2f));
      return;
    case 0x50:
      checkSse();
      writeGpr32(reg, i32x4.bitmask(v128.load(xmmPtr(rm))));
      return;
    case 0x51: case 0x58: case 0x59: case 0x5c: case 0x5d: case 0x5e: case 0x5f: {
      checkSse();
      const b = v128.load(source16(rm, linear));
      v128.store(at, arithmetic32(opcode, v128.load(at), b));
      return;
    }
    case 0x52: case 0x53: {
      checkSse();
      const from = source16(rm, linear);
      for (let i: usize = 0; i < 16; i += 4) {
        const x = load<u32>(from + i);
        store<u32>(at + i, opcode == 0x52 ? reciprocalRoot(x) : reciprocal(x));
      }
      return;
    }
    case 0x54: case 0x55: case 0x56: case 0x57: {
      checkSse();
      const b = v128.load(source16(rm, linear));
      v128.store(at, logical(opcode, v128.load(at), b));
      return;
    }
    case 0x5a:
      checkSse();
      v128.store(at, widenTwo(load<u64>(sourceOf(rm, linear, 8))));
      return;
    case 0x5b:
      checkSse();
      v128.store(at, intsToSingles(v128.load(source16(rm, linear))));
      return;
    case 0xc2: {
      checkSse();
      const b = v128.load(source16(rm, linear));
      v128.store(at, compare32(imm, v128.load(at), b));
      return;
    }
    case 0xc3:
      storeSized(linear, load<u64>(gprPtr(reg)), wide ? 8 : 4);
      return;
    case 0xc6: {
      checkSse();
      const b = v128.load(source16(rm, linear));
      const low = shuffle32(v128.load(at), imm);
      v128.store(at, i32x4.shuffle(low, shuffle32(b, imm), 0, 1, 6, 7));
      return;
    }
    // Named one by one so that the cases are dense enough for a jump table.
    case 0x60: case 0x61: case 0x62: case 0x63: case 0x64: case 0x65: case 0x66: case 0x67: case 0x68: case 0x69:
    case 0x6a: case 0x6b: case 0x6c: case 0x6d: case 0x74: case 0x75: case 0x76: case 0xd1: case 0xd2: case 0xd3:
    case 0xd4: case 0xd5: case 0xd8: case 0xd9: case 0xda: case 0xdb: case 0xdc: case 0xdd: case 0xde: case 0xdf:
    case 0xe0: case 0xe1: case 0xe2: case 0xe3: case 0xe4: case 0xe5: case 0xe8: case 0xe9: case 0xea: case 0xeb:
    case 0xec: case 0xed: case 0xee: case 0xef: case 0xf1: case 0xf2: case 0xf3: case 0xf4: case 0xf5: case 0xf6:
    case 0xf8: case 0xf9: case 0xfa: case 0xfb: case 0xfc: case 0xfd: case 0xfe:
    default:
      mmx0f(opcode, reg, rm, linear, imm, wide);
      return;
  }
}

/** 66 0F: packed double and packed integer. */
function exec660f(opcode: u32, reg: u32, rm: u32, linear: u64, imm: u32, wide: bool): void {
  const at = xmmPtr(reg);
  if (opcode >= 0x2a && opcode <= 0x2d && opcode != 0x2b) {
    mmxDouble(opcode, reg, rm, linear);
    return;
  }
  checkSse();
  switch (opcode) {
    case 0x10:
      v128.store(at, v128.load(sourceOf(rm, linear, 16)));
      return;
    case 0x11:
      if (rm < MEM) v128.store(xmmPtr(rm), v128.load(at));
      else store16(linear, v128.load(at));
      return;
    case 0x12:
      store<u64>(at, load<u64>(ptrRead(linear, 8)));
      return;
    case 0x13: case 0xd6:
      if (rm < MEM) v128.store(xmmPtr(rm), i64x2.replace_lane(i64x2.splat(0), 0, load<u64>(at)));
      else st64(linear, load<u64>(at));
      return;
    case 0x14: {
      const b = v128.load(source16(rm, linear));
      v128.store(at, i64x2.shuffle(v128.load(at), b, 0, 2));
      return;
    }
    case 0x15: {
      const b = v128.load(source16(rm, linear));
      v128.store(at, i64x2.shuffle(v128.load(at), b, 1, 3));
      return;
    }
    case 0x16:
      store<u64>(at, load<u64>(ptrRead(linear, 8)), 8);
      return;
    case 0x17:
      st64(linear, load<u64>(at, 8));
      return;
    case 0x28: case 0x6f:
      v128.store(at, v128.load(source16(rm, linear)));
      return;
    case 0x29: case 0x2b: case 0x7f: case 0xe7:
      if (rm < MEM) v128.store(xmmPtr(rm), v128.load(at));
      else store16Aligned(linear, v128.load(at));
      return;
    case 0x2e: case 0x2f:
      setFlags(orderedFlags64(at, sourceOf(rm, linear, 8), opcode == 0x2f));
      return;
    case 0x50:
      writeGpr32(reg, i64x2.bitmask(v128.load(xmmPtr(rm))));
      return;
    case 0x51: case 0x58: case 0x59: case 0x5c: case 0x5d: case 0x5e: case 0x5f: {
      const b = v128.load(source16(rm, linear));
      v128.store(at, arithmetic64(opcode, v128.load(at), b));
      return;
    }
    case 0x54: case 0x55: case 0x56: case 0x57: {
      const b = v128.load(source16(rm, linear));
      v128.store(at, logical(opcode, v128.load(at), b));
      return;
    }
    case 0x5a:
      v128.store(at, i64x2.replace_lane(i64x2.splat(0), 0, narrowTwo(v128.load(source16(rm, linear)))));
      return;
    case 0x5b:
      v128.store(at, singlesToInts(v128.load(source16(rm, linear)), false));
      return;
    case 0x6e: {
      const from = sourceGpr(rm, linear, wide ? 8 : 4);
      v128.store(at, wide ? v128.load64_zero(from) : v128.load32_zero(from));
      return;
    }
    case 0x7e: {
      const v = load<u64>(at);
      if (rm < MEM) store<u64>(gprPtr(rm), wide ? v : v & 0xffffffff);
      else if (wide) st64(linear, v);
      else st32(linear, <u32>v);
      return;
    }
    case 0x70:
      v128.store(at, shuffle32(v128.load(source16(rm, linear)), imm));
      return;
    case 0x71: case 0x72: case 0x73:
      if (!isShiftGroup(opcode, reg & 7, true)) undefined();
      v128.store(xmmPtr(rm), shiftGroup(opcode, reg & 7, v128.load(xmmPtr(rm)), imm));
      return;
    case 0x7c: case 0x7d: {
      const b = v128.load(source16(rm, linear));
      const a = v128.load(at);
      v128.store(at, arithmetic64(opcode == 0x7c ? OP_ADD : OP_SUB, i64x2.shuffle(a, b, 0, 2), i64x2.shuffle(a, b, 1, 3)));
      return;
    }
    case 0xc2: {
      const b = v128.load(source16(rm, linear));
      v128.store(at, compare64(imm, v128.load(at), b));
      return;
    }
    case 0xc4: {
      const v: u32 = rm < MEM ? load<u16>(gprPtr(rm)) : ld16(linear);
      store<u16>(at + ((imm & 7) << 1), <u16>v);
      return;
    }
    case 0xc5:
      writeGpr32(reg, load<u16>(xmmPtr(rm) + ((imm & 7) << 1)));
      return;
    case 0xc6: {
      const b = v128.load(source16(rm, linear));
      const a = v128.load(at);
      const first = imm & 1 ? i64x2.extract_lane(a, 1) : i64x2.extract_lane(a, 0);
      const second = imm & 2 ? i64x2.extract_lane(b, 1) : i64x2.extract_lane(b, 0);
      store<u64>(at, first);
      store<u64>(at, second, 8);
      return;
    }
    case 0xd0: {
      const b = v128.load(source16(rm, linear));
      v128.store(at, mixedArithmetic64(v128.load(at), b, 1));
      return;
    }
    case 0xd7:
      writeGpr32(reg, i8x16.bitmask(v128.load(xmmPtr(rm))));
      return;
    case 0xe6:
      v128.store(at, i64x2.replace_lane(i64x2.splat(0), 0, doublesToInts(v128.load(source16(rm, linear)), true)));
      return;
    case 0xf7:
      maskedStore(linear, at, xmmPtr(rm), 16);
      return;
    // Named one by one so that the cases are dense enough for a jump table.
    case 0x60: case 0x61: case 0x62: case 0x63: case 0x64: case 0x65: case 0x66: case 0x67: case 0x68: case 0x69:
    case 0x6a: case 0x6b: case 0x6c: case 0x6d: case 0x74: case 0x75: case 0x76: case 0xd1: case 0xd2: case 0xd3:
    case 0xd4: case 0xd5: case 0xd8: case 0xd9: case 0xda: case 0xdb: case 0xdc: case 0xdd: case 0xde: case 0xdf:
    case 0xe0: case 0xe1: case 0xe2: case 0xe3: case 0xe4: case 0xe5: case 0xe8: case 0xe9: case 0xea: case 0xeb:
    case 0xec: case 0xed: case 0xee: case 0xef: case 0xf1: case 0xf2: case 0xf3: case 0xf4: case 0xf5: case 0xf6:
    case 0xf8: case 0xf9: case 0xfa: case 0xfb: case 0xfc: case 0xfd: case 0xfe:
    default: {
      const b = v128.load(source16(rm, linear));
      v128.store(at, packedOp(opcode, v128.load(at), b));
      return;
    }
  }
}

/** F3 0F: scalar single and a few moves. */
function execF30f(opcode: u32, reg: u32, rm: u32, linear: u64, imm: u32, wide: bool): void {
  checkSse();
  const at = xmmPtr(reg);
  switch (opcode) {
    case 0x58:
      add32(at, sourceOf(rm, linear, 4));
      return;
    case 0x59:
      mul32(at, sourceOf(rm, linear, 4));
      return;
    case 0x5c:
      sub32(at, sourceOf(rm, linear, 4));
      return;
    case 0x5e:
      div32(at, sourceOf(rm, linear, 4));
      return;
    case 0x51: case 0x5d: case 0x5f:
      scalar32(opcode, at, sourceOf(rm, linear, 4));
      return;
    case 0x10:
      if (rm < MEM) store<u32>(at, load<u32>(xmmPtr(rm)));
      else v128.store(at, v128.load32_zero(ptrRead(linear, 4)));
      return;
    case 0x11:
      if (rm < MEM) store<u32>(xmmPtr(rm), load<u32>(at));
      else st32(linear, load<u32>(at));
      return;
    case 0x12: {
      const b = v128.load(source16(rm, linear));
      v128.store(at, i32x4.shuffle(b, b, 0, 0, 2, 2));
      return;
    }
    case 0x16: {
      const b = v128.load(source16(rm, linear));
      v128.store(at, i32x4.shuffle(b, b, 1, 1, 3, 3));
      return;
    }
    case 0x2a: {
      const from = sourceGpr(rm, linear, wide ? 8 : 4);
      store<u32>(at, <u32>intToScalar(wide ? load<i64>(from) : <i64>load<i32>(from), false));
      return;
    }
    case 0x2c: case 0x2d:
      store<u64>(gprPtr(reg), scalarToInt(sourceOf(rm, linear, 4), false, wide, opcode == 0x2c));
      return;
    case 0x52:
      store<u32>(at, reciprocalRoot(load<u32>(sourceOf(rm, linear, 4))));
      return;
    case 0x53:
      store<u32>(at, reciprocal(load<u32>(sourceOf(rm, linear, 4))));
      return;
    case 0x5a:
      store<u64>(at, widen(load<u32>(sourceOf(rm, linear, 4))));
      return;
    case 0x5b:
      v128.store(at, singlesToInts(v128.load(source16(rm, linear)), true));
      return;
    case 0x6f:
      v128.store(at, v128.load(sourceOf(rm, linear, 16)));
      return;
    case 0x70:
      v128.store(at, shuffleWordsHigh(v128.load(source16(rm, linear)), imm));
      return;
    case 0x7e:
      v128.store(at, v128.load64_zero(sourceOf(rm, linear, 8)));
      return;
    case 0x7f:
      if (rm < MEM) v128.store(xmmPtr(rm), v128.load(at));
      else store16(linear, v128.load(at));
      return;
    case 0xc2:
      compareScalar32(imm, at, sourceOf(rm, linear, 4));
      return;
    case 0xd6: // MOVQ2DQ
      enterMmx();
      v128.store(at, v128.load64_zero(mmxPtr(rm)));
      return;
    default: // E6 CVTDQ2PD
      v128.store(at, f64x2.convert_low_i32x4_s(v128.load64_zero(sourceOf(rm, linear, 8))));
      return;
  }
}

/** F2 0F: scalar double and a few moves. */
function execF20f(opcode: u32, reg: u32, rm: u32, linear: u64, imm: u32, wide: bool): void {
  checkSse();
  const at = xmmPtr(reg);
  switch (opcode) {
    case 0x58:
      add64(at, sourceOf(rm, linear, 8));
      return;
    case 0x59:
      mul64(at, sourceOf(rm, linear, 8));
      return;
    case 0x5c:
      sub64(at, sourceOf(rm, linear, 8));
      return;
    case 0x5e:
      div64(at, sourceOf(rm, linear, 8));
      return;
    case 0x51: case 0x5d: case 0x5f:
      scalar64(opcode, at, sourceOf(rm, linear, 8));
      return;
    case 0x10:
      if (rm < MEM) store<u64>(at, load<u64>(xmmPtr(rm)));
      else v128.store(at, v128.load64_zero(ptrRead(linear, 8)));
      return;
    case 0x11:
      if (rm < MEM) store<u64>(xmmPtr(rm), load<u64>(at));
      else st64(linear, load<u64>(at));
      return;
    case 0x12:
      v128.store(at, i64x2.splat(load<u64>(sourceOf(rm, linear, 8))));
      return;
    case 0x2a: {
      const from = sourceGpr(rm, linear, wide ? 8 : 4);
      if (wide) store<u64>(at, intToScalar(load<i64>(from), true));
      else store<f64>(at, <f64>load<i32>(from));
      return;
    }
    case 0x2c: case 0x2d:
      store<u64>(gprPtr(reg), scalarToInt(sourceOf(rm, linear, 8), true, wide, opcode == 0x2c));
      return;
    case 0x5a:
      store<u32>(at, narrow(load<u64>(sourceOf(rm, linear, 8))));
      return;
    case 0x70:
      v128.store(at, shuffleWordsLow(v128.load(source16(rm, linear)), imm));
      return;
    case 0x7c: case 0x7d: {
      const b = v128.load(source16(rm, linear));
      const a = v128.load(at);
      v128.store(at, arithmetic32(
        opcode == 0x7c ? OP_ADD : OP_SUB, i32x4.shuffle(a, b, 0, 2, 4, 6), i32x4.shuffle(a, b, 1, 3, 5, 7)));
      return;
    }
    case 0xc2:
      compareScalar64(imm, at, sourceOf(rm, linear, 8));
      return;
    case 0xd0: {
      const b = v128.load(source16(rm, linear));
      v128.store(at, mixedArithmetic32(v128.load(at), b, 5));
      return;
    }
    case 0xd6: // MOVDQ2Q
      enterMmx();
      writeMmx(reg, load<u64>(xmmPtr(rm)));
      return;
    case 0xe6:
      v128.store(at, i64x2.replace_lane(i64x2.splat(0), 0, doublesToInts(v128.load(source16(rm, linear)), false)));
      return;
    default: // F0 LDDQU
      v128.store(at, v128.load(ptrRead(linear, 16)));
      return;
  }
}

/** Bytes a PMOVSX or PMOVZX reads. */
function extendSize(opcode: u32): u32 {
  const form = opcode & 0xf;
  if (form == 2) return 2;
  return form == 1 || form == 4 ? 4 : 8;
}

function exec660f38(opcode: u32, reg: u32, rm: u32, linear: u64): void {
  checkSse();
  const at = xmmPtr(reg);
  const form = opcode & 0xf;
  if ((opcode >> 4 == 2 || opcode >> 4 == 3) && form <= 5) {
    const size = extendSize(opcode);
    const from = sourceOf(rm, linear, size);
    const v = size == 8 ? load<u64>(from) : size == 4 ? <u64>load<u32>(from) : <u64>load<u16>(from);
    v128.store(at, packedOp38(opcode, v128.load(at), i64x2.splat(v)));
    return;
  }
  const b = v128.load(source16(rm, linear));
  const a = v128.load(at);
  switch (opcode) {
    case 0x10:
      v128.store(at, v128.bitselect(b, a, i8x16.shr_s(v128.load(CPU_XMM), 7)));
      return;
    case 0x14:
      v128.store(at, v128.bitselect(b, a, i32x4.shr_s(v128.load(CPU_XMM), 31)));
      return;
    case 0x15:
      v128.store(at, v128.bitselect(b, a, i64x2.shr_s(v128.load(CPU_XMM), 63)));
      return;
    case 0x17: {
      const zero = v128.any_true(v128.and(a, b)) ? 0 : 0x40;
      const carry = v128.any_true(v128.andnot(b, a)) ? 0 : 0x01;
      setFlags(zero | carry);
      return;
    }
    case 0x2a:
      v128.store(at, b);
      return;
    case 0xdb: case 0xdc: case 0xdd: case 0xde: case 0xdf:
      v128.store(at, aesRound(opcode, a, b));
      return;
    default:
      v128.store(at, packedOp38(opcode, a, b));
      return;
  }
}

/** F2 0F38 F0, F1. A byte register AH..BH comes as rm = 0x40 | (0..3). */
function execCrc(opcode: u32, reg: u32, rm: u32, linear: u64, size: u32): void {
  let v: u64;
  if (rm >= MEM) {
    const from = ptrRead(linear, size);
    v = size == 8 ? load<u64>(from) : size == 4 ? load<u32>(from) : size == 2 ? load<u16>(from) : load<u8>(from);
  } else if ((rm & 0x40) != 0) v = load<u8>(gprPtr(rm & 3), 1);
  else v = load<u64>(gprPtr(rm));
  writeGpr32(reg, crc32c(load<u32>(gprPtr(reg)), v, size));
}

/** BLENDPS-like: lanes of `size` bytes whose immediate bit is set come from b. */
function blend(a: v128, b: v128, imm: u32, size: u32): v128 {
  let mask: v128;
  if (size == 2) mask = i16x8.ne(v128.and(i16x8.splat(<i16>imm), i16x8(1, 2, 4, 8, 16, 32, 64, 128)), i16x8.splat(0));
  else if (size == 4) mask = i32x4.ne(v128.and(i32x4.splat(imm), i32x4(1, 2, 4, 8)), i32x4.splat(0));
  else mask = i64x2.ne(v128.and(i64x2.splat(imm), i64x2(1, 2)), i64x2.splat(0));
  return v128.bitselect(b, a, mask);
}

/**
 * DPPS: products of the lanes in imm bits 4-7, summed pairwise, to the lanes in bits 0-3. The order of the operands, which only
 * shows when several are NaN, is that of Intel's processors.
 */
function dotSingles(a: v128, b: v128, imm: u32): v128 {
  const zero = i64x2.splat(0);
  const products = blend(zero, arithmetic32(OP_MUL, blend(zero, a, imm >> 4, 4), blend(zero, b, imm >> 4, 4)), imm >> 4, 4);
  const pairs = arithmetic32(OP_ADD, i32x4.shuffle(products, products, 1, 0, 3, 2), products);
  const sum = arithmetic32(OP_ADD, pairs, i32x4.shuffle(pairs, pairs, 2, 3, 0, 1));
  return blend(zero, sum, imm, 4);
}

function dotDoubles(a: v128, b: v128, imm: u32): v128 {
  const zero = i64x2.splat(0);
  const products = blend(zero, arithmetic64(OP_MUL, blend(zero, a, imm >> 4, 8), blend(zero, b, imm >> 4, 8)), imm >> 4, 8);
  const sum = arithmetic64(OP_ADD, products, i64x2.shuffle(products, products, 1, 0));
  return blend(zero, sum, imm, 8);
}

function exec660f3a(opcode: u32, reg: u32, rm: u32, linear: u64, imm: u32, wide: bool): void {
  checkSse();
  const at = xmmPtr(reg);
  switch (opcode) {
    case 0x08:
      v128.store(at, roundPacked32(v128.load(source16(rm, linear)), imm));
      return;
    case 0x09:
      v128.store(at, roundPacked64(v128.load(source16(rm, linear)), imm));
      return;
    case 0x0a:
      store<u32>(at, roundScalar32(load<u32>(sourceOf(rm, linear, 4)), imm));
      return;
    case 0x0b:
      store<u64>(at, roundScalar64(load<u64>(sourceOf(rm, linear, 8)), imm));
      return;
    case 0x14: // PEXTRB
      if (rm < MEM) writeGpr32(rm, load<u8>(at + (imm & 15)));
      else st8(linear, load<u8>(at + (imm & 15)));
      return;
    case 0x15: // PEXTRW
      if (rm < MEM) writeGpr32(rm, load<u16>(at + ((imm & 7) << 1)));
      else st16(linear, load<u16>(at + ((imm & 7) << 1)));
      return;
    case 0x16: // PEXTRD, PEXTRQ
      if (wide) {
        const v = load<u64>(at + ((imm & 1) << 3));
        if (rm < MEM) store<u64>(gprPtr(rm), v);
        else st64(linear, v);
        return;
      }
      if (rm < MEM) writeGpr32(rm, load<u32>(at + ((imm & 3) << 2)));
      else st32(linear, load<u32>(at + ((imm & 3) << 2)));
      return;
    case 0x17: // EXTRACTPS
      if (rm < MEM) writeGpr32(rm, load<u32>(at + ((imm & 3) << 2)));
      else st32(linear, load<u32>(at + ((imm & 3) << 2)));
      return;
    case 0x20: {
      const v: u32 = rm < MEM ? load<u8>(gprPtr(rm)) : ld8(linear);
      store<u8>(at + (imm & 15), <u8>v);
      return;
    }
    case 0x21: { // INSERTPS
      const v = rm < MEM ? load<u32>(xmmPtr(rm) + ((imm >> 6) << 2)) : ld32(linear);
      store<u32>(at + (((imm >> 4) & 3) << 2), v);
      v128.store(at, blend(v128.load(at), i64x2.splat(0), imm, 4));
      return;
    }
    case 0x22: {
      const from = sourceGpr(rm, linear, wide ? 8 : 4);
      if (wide) store<u64>(at + ((imm & 1) << 3), load<u64>(from));
      else store<u32>(at + ((imm & 3) << 2), load<u32>(from));
      return;
    }
    case 0x60: case 0x61: case 0x62: case 0x63: {
      const b = v128.load(sourceOf(rm, linear, 16));
      stringCompare(opcode, v128.load(at), b, imm, wide);
      return;
    }
    default:
      break;
  }
  const b = v128.load(source16(rm, linear));
  const a = v128.load(at);
  switch (opcode) {
    case 0x0c: v128.store(at, blend(a, b, imm, 4)); return;
    case 0x0d: v128.store(at, blend(a, b, imm, 8)); return;
    case 0x0e: v128.store(at, blend(a, b, imm, 2)); return;
    case 0x0f: v128.store(at, alignRight(a, b, imm)); return;
    case 0x40: v128.store(at, dotSingles(a, b, imm)); return;
    case 0x41: v128.store(at, dotDoubles(a, b, imm)); return;
    case 0x42: v128.store(at, multipleSums(a, b, imm)); return;
    case 0x44: {
      const x = imm & 1 ? i64x2.extract_lane(a, 1) : i64x2.extract_lane(a, 0);
      const y = imm & 0x10 ? i64x2.extract_lane(b, 1) : i64x2.extract_lane(b, 0);
      v128.store(at, carrylessProduct(x, y));
      return;
    }
    default: v128.store(at, aesKeyAssist(b, imm)); return;
  }
}

/**
 * Executes what simdId() named. `reg` 0..15; `rm` 0..15, or 0x80 for memory at `linear` (for MASKMOVQ and MASKMOVDQU, whose rm is a
 * register, `linear` is DS:rDI; a legacy high-byte register of CRC32 r8 is 0x40 | 0..3). Faults unwind before anything is written.
 */
export function simdExec(id: u32, reg: u32, rm: u32, linear: u64, imm: u32): void {
  const opcode = id & 0xff;
  const wide = (id & SIMD_REXW) != 0;
  switch ((id >> 8) & 31) {
    case 0: exec0f(opcode, reg, rm, linear, imm, wide); return;
    case 1: exec660f(opcode, reg, rm, linear, imm, wide); return;
    case 2: execF30f(opcode, reg, rm, linear, imm, wide); return;
    case 3: execF20f(opcode, reg, rm, linear, imm, wide); return;
    case 8: mmx0f38(opcode, reg, rm, linear); return;
    case 9: exec660f38(opcode, reg, rm, linear); return;
    case 11: execCrc(opcode, reg, rm, linear, opcode == 0xf0 ? 1 : wide ? 8 : 4); return;
    case 12: execCrc(opcode, reg, rm, linear, opcode == 0xf0 ? 1 : 2); return;
    case 16: mmxAlign(reg, rm, linear, imm); return;
    case 17: exec660f3a(opcode, reg, rm, linear, imm, wide); return;
    default: undefined(); return;
  }
}
