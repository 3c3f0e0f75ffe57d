// Operands of MMX and SSE instructions: where the source bytes are, stores, alignment, and the checks of CR0 and CR4 that come
// before any access (Intel SDM volume 3, sections 12.1 and 13.1; volume 2, "Exception conditions" types 1-5).

import { CPU_CR0, CPU_CR4, CPU_FPU_REGS, CPU_GPR, CPU_MODE, CPU_XMM } from '../layout';
import { raise, raiseError } from '../fault';
import { commitWrite, ptrRead, ptrWrite, st16, st32, st64, st8 } from '../mmu';
import { mmxEnter } from '../x87/state';

const VECTOR_UD: u32 = 6;
const VECTOR_NM: u32 = 7;
const VECTOR_GP: u32 = 13;
const VECTOR_AC: u32 = 17;
/** Set in `rm` when the operand is memory. */
export const MEM: u32 = 0x80;

// @ts-ignore: decorator
@inline
export function xmmPtr(i: u32): usize {
  return <usize>(CPU_XMM + (i << 6));
}

// @ts-ignore: decorator
@inline
export function gprPtr(i: u32): usize {
  return <usize>(CPU_GPR + (i << 3));
}

// @ts-ignore: decorator
@inline
export function mmxPtr(i: u32): usize {
  return <usize>(CPU_FPU_REGS + ((i & 7) << 4));
}

export function undefined(): void {
  raise(VECTOR_UD);
}

function sseRefused(): void {
  if ((load<u32>(CPU_CR0) & 4) != 0 || (load<u32>(CPU_CR4) & 0x200) == 0) raise(VECTOR_UD);
  if ((load<u32>(CPU_CR0) & 8) != 0) raise(VECTOR_NM);
}

// @ts-ignore: decorator
@inline
export function checkSse(): void {
  if ((load<u32>(CPU_MODE) & 0x800) != 0) sseRefused();
}

/** CR0.EM, CR0.TS and a pending x87 exception; then TOP = 0 and every tag valid. */
export function enterMmx(): void {
  checkMmx();
  mmxEnter();
}

export function checkMmx(): void {
  const cr0 = load<u32>(CPU_CR0);
  if ((cr0 & 12) != 0) {
    if ((cr0 & 4) != 0) raise(VECTOR_UD);
    raise(VECTOR_NM);
  }
}

function memoryAligned(linear: u64): usize {
  if ((linear & 15) != 0) raiseError(VECTOR_GP, 0);
  return ptrRead(linear, 16);
}

/** 16 bytes; a memory operand must be aligned. */
// @ts-ignore: decorator
@inline
export function source16(rm: u32, linear: u64): usize {
  return rm < MEM ? xmmPtr(rm) : memoryAligned(linear);
}

/** `size` bytes with no alignment rule. */
// @ts-ignore: decorator
@inline
export function sourceOf(rm: u32, linear: u64, size: u32): usize {
  return rm < MEM ? xmmPtr(rm) : ptrRead(linear, size);
}

// @ts-ignore: decorator
@inline
export function sourceGpr(rm: u32, linear: u64, size: u32): usize {
  return rm < MEM ? gprPtr(rm) : ptrRead(linear, size);
}

// @ts-ignore: decorator
@inline
export function sourceMmx(rm: u32, linear: u64, size: u32): usize {
  return rm < MEM ? mmxPtr(rm) : ptrRead(linear, size);
}

export function store16(linear: u64, value: v128): void {
  v128.store(ptrWrite(linear, 16), value);
  commitWrite();
}

export function store16Aligned(linear: u64, value: v128): void {
  if ((linear & 15) != 0) raiseError(VECTOR_GP, 0);
  store16(linear, value);
}

export function generalProtection(): void {
  raiseError(VECTOR_GP, 0);
}

// @ts-ignore: decorator
@inline
export function writeMmx(i: u32, value: u64): void {
  const p = mmxPtr(i);
  store<u64>(p, value);
  store<u16>(p, 0xffff, 8);
}

/** A 32-bit write to a general register clears its upper half. */
// @ts-ignore: decorator
@inline
export function writeGpr32(i: u32, value: u32): void {
  store<u64>(gprPtr(i), <u64>value);
}

/** MASKMOVQ and MASKMOVDQU: stores the bytes whose mask byte has bit 7. A fault half-way leaves only bytes that the retry stores again. */
export function maskedStore(linear: u64, bytes: usize, mask: usize, size: u32): void {
  // The whole operand is checked for 8-byte alignment, whatever the mask (observed).
  if ((load<u32>(CPU_MODE) & 0x2000) != 0 && (<u32>linear & 7) != 0) raiseError(VECTOR_AC, 0);
  for (let i: u32 = 0; i < size; i++) {
    if ((load<u8>(mask + i) & 0x80) != 0) st8(linear + i, load<u8>(bytes + i));
  }
}

export function storeSized(linear: u64, value: u64, size: u32): void {
  if (size == 8) st64(linear, value);
  else if (size == 4) st32(linear, <u32>value);
  else if (size == 2) st16(linear, <u16>value);
  else st8(linear, <u8>value);
}
