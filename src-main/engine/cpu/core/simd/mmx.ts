// hot path: instructions with an MMX operand, unprefixed 0F, 0F38 and 0F3A, as half-empty 128-bit operations (Intel SDM volume 1,
// chapter 9). MMX registers are the significands of the physical x87 registers; a write sets the exponent field to ones.

import { CPU_FPU_EMPTY } from '../layout';
import { mmxEnter } from '../x87/state';
import { ld16, probeWrite, ptrRead, st32, st64 } from '../mmu';
import { doublesToInts, twoIntsToSingles, twoSinglesToInts } from './convert';
import {
  MEM, checkMmx, checkSse, enterMmx, gprPtr, maskedStore, mmxPtr, source16, sourceGpr, sourceMmx, sourceOf, undefined, writeGpr32,
  writeMmx, xmmPtr,
} from './operand';
import { alignRight, isShiftGroup, packedOp, packedOp38, shiftGroup } from './packed';

/** a in the low half, b in the high: horizontal operations and packs then give the MMX result in their low half. */
// @ts-ignore: decorator
@inline
function joined(a: u64, b: u64): v128 {
  return i64x2.replace_lane(i64x2.splat(a), 1, b);
}

// @ts-ignore: decorator
@inline
function alone(a: u64): v128 {
  return i64x2.replace_lane(i64x2.splat(0), 0, a);
}

// @ts-ignore: decorator
@inline
function low(v: v128): u64 {
  return i64x2.extract_lane(v, 0);
}

function twoOperand(opcode: u32, reg: u32, rm: u32, linear: u64): void {
  // PUNPCKL reads only 32 bits of memory.
  const size: u32 = opcode <= 0x62 ? 4 : 8;
  checkMmx();
  const from = sourceMmx(rm, linear, size);
  const b = size == 4 ? <u64>load<u32>(from) : load<u64>(from);
  mmxEnter();
  const a = load<u64>(mmxPtr(reg));
  let r: u64;
  switch (opcode) {
    case 0x63: case 0x67: case 0x6b: {
      const both = joined(a, b);
      r = low(packedOp(opcode, both, both));
      break;
    }
    case 0x68: case 0x69: case 0x6a:
      r = i64x2.extract_lane(packedOp(opcode - 8, alone(a), alone(b)), 1);
      break;
    case 0xdb: r = a & b; break;
    case 0xdf: r = ~a & b; break;
    case 0xeb: r = a | b; break;
    case 0xef: r = a ^ b; break;
    default:
      r = low(packedOp(opcode, alone(a), alone(b)));
      break;
  }
  writeMmx(reg, r);
}

/** PSHUFW. */
function shuffleWords(b: u64, imm: u32): u64 {
  const w0 = (b >> ((imm & 3) << 4)) & 0xffff;
  const w1 = (b >> ((imm & 12) << 2)) & 0xffff;
  const w2 = (b >> (imm & 0x30)) & 0xffff;
  const w3 = (b >> ((imm & 0xc0) >> 2)) & 0xffff;
  return w0 | (w1 << 16) | (w2 << 32) | (w3 << 48);
}

/** Source of CVTPI2PS and CVTPI2PD: memory leaves the x87 state alone (processors do so for both). */
function integersOf(rm: u32, linear: u64): u64 {
  if (rm >= MEM) return load<u64>(ptrRead(linear, 8));
  enterMmx();
  return load<u64>(mmxPtr(rm));
}

/** Unprefixed 0F opcodes with an MMX operand. */
export function mmx0f(opcode: u32, reg: u32, rm: u32, linear: u64, imm: u32, wide: bool): void {
  switch (opcode) {
    case 0x2a: { // CVTPI2PS xmm, mm/m64
      checkSse();
      store<u64>(xmmPtr(reg), twoIntsToSingles(integersOf(rm, linear)));
      return;
    }
    case 0x2c: case 0x2d: { // CVTTPS2PI, CVTPS2PI mm, xmm/m64
      checkSse();
      checkMmx();
      const v = load<u64>(sourceOf(rm, linear, 8));
      mmxEnter();
      writeMmx(reg, twoSinglesToInts(v, opcode == 0x2c));
      return;
    }
    case 0x6e: { // MOVD, MOVQ mm, r/m
      checkMmx();
      const from = sourceGpr(rm, linear, wide ? 8 : 4);
      const v = wide ? load<u64>(from) : <u64>load<u32>(from);
      mmxEnter();
      writeMmx(reg, v);
      return;
    }
    case 0x7e: { // MOVD, MOVQ r/m, mm
      checkMmx();
      if (rm >= MEM) probeWrite(linear, wide ? 8 : 4);
      mmxEnter();
      const v = load<u64>(mmxPtr(reg));
      if (rm < MEM) store<u64>(gprPtr(rm), wide ? v : v & 0xffffffff);
      else if (wide) st64(linear, v);
      else st32(linear, <u32>v);
      return;
    }
    case 0x6f: {
      checkMmx();
      const v = load<u64>(sourceMmx(rm, linear, 8));
      mmxEnter();
      writeMmx(reg, v);
      return;
    }
    case 0x7f:
      checkMmx();
      if (rm >= MEM) probeWrite(linear, 8);
      mmxEnter();
      if (rm < MEM) writeMmx(rm, load<u64>(mmxPtr(reg)));
      else st64(linear, load<u64>(mmxPtr(reg)));
      return;
    case 0xe7:
      checkMmx();
      probeWrite(linear, 8);
      mmxEnter();
      st64(linear, load<u64>(mmxPtr(reg)));
      return;
    case 0x70: {
      checkMmx();
      const v = load<u64>(sourceMmx(rm, linear, 8));
      mmxEnter();
      writeMmx(reg, shuffleWords(v, imm));
      return;
    }
    case 0x71: case 0x72: case 0x73:
      if (!isShiftGroup(opcode, reg & 7, false)) undefined();
      enterMmx();
      writeMmx(rm, low(shiftGroup(opcode, reg & 7, alone(load<u64>(mmxPtr(rm))), imm)));
      return;
    case 0x77: // EMMS
      enterMmx();
      store<u32>(CPU_FPU_EMPTY, 0xff);
      return;
    case 0xc4: { // PINSRW mm, r32/m16
      checkMmx();
      const v: u32 = rm < MEM ? load<u16>(gprPtr(rm)) : ld16(linear);
      mmxEnter();
      const shift: u64 = (imm & 3) << 4;
      writeMmx(reg, (load<u64>(mmxPtr(reg)) & ~(<u64>0xffff << shift)) | (<u64>(v & 0xffff) << shift));
      return;
    }
    case 0xc5: // PEXTRW r32, mm
      enterMmx();
      writeGpr32(reg, <u32>(load<u64>(mmxPtr(rm)) >> ((imm & 3) << 4)) & 0xffff);
      return;
    case 0xd7: // PMOVMSKB r32, mm
      enterMmx();
      writeGpr32(reg, i8x16.bitmask(alone(load<u64>(mmxPtr(rm)))));
      return;
    case 0xf7:
      enterMmx();
      maskedStore(linear, mmxPtr(reg), mmxPtr(rm), 8);
      return;
    // Named one by one so that the cases are dense enough for a jump table.
    case 0x60: case 0x61: case 0x62: case 0x63: case 0x64: case 0x65: case 0x66: case 0x67: case 0x68: case 0x69:
    case 0x6a: case 0x6b: case 0x6c: case 0x6d: case 0x74: case 0x75: case 0x76: case 0xd1: case 0xd2: case 0xd3:
    case 0xd4: case 0xd5: case 0xd8: case 0xd9: case 0xda: case 0xdb: case 0xdc: case 0xdd: case 0xde: case 0xdf:
    case 0xe0: case 0xe1: case 0xe2: case 0xe3: case 0xe4: case 0xe5: case 0xe8: case 0xe9: case 0xea: case 0xeb:
    case 0xec: case 0xed: case 0xee: case 0xef: case 0xf1: case 0xf2: case 0xf3: case 0xf4: case 0xf5: case 0xf6:
    case 0xf8: case 0xf9: case 0xfa: case 0xfb: case 0xfc: case 0xfd: case 0xfe:
    default:
      twoOperand(opcode, reg, rm, linear);
      return;
  }
}

/** 66 0F 2A, 2C, 2D: CVTPI2PD, CVTTPD2PI, CVTPD2PI. */
export function mmxDouble(opcode: u32, reg: u32, rm: u32, linear: u64): void {
  checkSse();
  if (opcode == 0x2a) {
    v128.store(xmmPtr(reg), f64x2.convert_low_i32x4_s(alone(integersOf(rm, linear))));
    return;
  }
  checkMmx();
  const v = v128.load(source16(rm, linear));
  mmxEnter();
  writeMmx(reg, doublesToInts(v, opcode == 0x2c));
}

/** Unprefixed 0F38: SSSE3 on MMX registers. */
export function mmx0f38(opcode: u32, reg: u32, rm: u32, linear: u64): void {
  checkMmx();
  const b = load<u64>(sourceMmx(rm, linear, 8));
  mmxEnter();
  const a = load<u64>(mmxPtr(reg));
  let r: v128;
  if (opcode == 0) r = i8x16.swizzle(alone(a), v128.and(alone(b), i8x16.splat(-0x79)));
  else if (opcode <= 7 && opcode != 4) {
    const both = joined(a, b);
    r = packedOp38(opcode, both, both);
  } else r = packedOp38(opcode, alone(a), alone(b));
  writeMmx(reg, low(r));
}

/** PALIGNR mm. */
export function mmxAlign(reg: u32, rm: u32, linear: u64, imm: u32): void {
  checkMmx();
  const b = load<u64>(sourceMmx(rm, linear, 8));
  mmxEnter();
  writeMmx(reg, low(alignRight(i64x2.splat(0), joined(b, load<u64>(mmxPtr(reg))), imm)));
}
