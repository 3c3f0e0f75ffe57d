// Segment registers and descriptors: reading the descriptor tables, the checks of a data or stack segment load, limit
// checks. Intel SDM vol. 3A chapters 3 and 5, AMD APM vol. 2 chapter 4. Errors carry the selector with its EXT bit in
// place of RPL; `ext` is 1 while an exception or external interrupt is being delivered.

import {
  CPU_CPL,
  CPU_CR0,
  CPU_EFER,
  CPU_FLAGS,
  CPU_INHIBIT,
  CPU_SEG,
  CS,
  DS,
  ES,
  FS,
  GDTR,
  GS,
  LDTR,
  SEG_ACCESS,
  SEG_BASE,
  SEG_LIMIT,
  SEG_SELECTOR,
  SEG_STRIDE,
  SS,
} from './layout';
import { GP, NP, SS_FAULT, raiseError } from './fault';
import { FLAG_VM } from './flags';
import { ldk64, stk8 } from './mmu';
import { updateMode } from './sysops';

// Bits of the access word (layout.ts) and their fields.
export const ACCESS_ACCESSED: u32 = 0x0001;
export const ACCESS_WRITABLE: u32 = 0x0002;
/** Expand-down for data, conforming for code. */
export const ACCESS_DIRECTION: u32 = 0x0004;
export const ACCESS_CODE: u32 = 0x0008;
export const ACCESS_S: u32 = 0x0010;
export const ACCESS_P: u32 = 0x0080;
export const ACCESS_L: u32 = 0x2000;
export const ACCESS_DB: u32 = 0x4000;
export const ACCESS_G: u32 = 0x8000;

export const DATA_REAL: u32 = 0x0093;
export const DATA_V86: u32 = 0x00f3;

export function segAt(seg: u32): usize {
  return CPU_SEG + <u32>seg * SEG_STRIDE;
}
export function segSelector(seg: u32): u32 {
  return <u32>load<u16>(segAt(seg) + SEG_SELECTOR);
}
export function segBase(seg: u32): u64 {
  return load<u64>(segAt(seg) + SEG_BASE);
}
export function segLimit(seg: u32): u32 {
  return load<u32>(segAt(seg) + SEG_LIMIT);
}
export function segAccess(seg: u32): u32 {
  return load<u32>(segAt(seg) + SEG_ACCESS);
}
export function cpl(): u32 {
  return load<u32>(CPU_CPL);
}
export function isProtected(): bool {
  return (load<u32>(CPU_CR0) & 1) != 0;
}
export function isV86(): bool {
  return (load<u32>(CPU_FLAGS) & FLAG_VM) != 0;
}
/** Protected mode proper: descriptors are in force. */
export function usesDescriptors(): bool {
  return isProtected() && !isV86();
}
export function isLongActive(): bool {
  return (load<u32>(CPU_EFER) & 0x400) != 0;
}
/** Executing 64-bit code now. */
export function is64(): bool {
  return isLongActive() && (segAccess(CS) & ACCESS_L) != 0;
}
export function isCanonical(address: u64): bool {
  return <u64>(((<i64>address) << 16) >> 16) == address;
}
export function accessDpl(access: u32): u32 {
  return (access >> 5) & 3;
}
export function errorOf(selector: u32, ext: u32): u32 {
  return (selector & 0xfffc) | ext;
}

export function writeSegment(seg: u32, selector: u32, base: u64, limit: u32, access: u32): void {
  const at = segAt(seg);
  store<u64>(at + SEG_BASE, base);
  store<u32>(at + SEG_LIMIT, limit);
  store<u32>(at + SEG_ACCESS, access);
  store<u32>(at + SEG_SELECTOR, selector & 0xffff);
}

/** Marks a data segment register null: the limit stays, as a later real-mode load relies on it. */
export function writeNullSegment(seg: u32, selector: u32): void {
  const at = segAt(seg);
  store<u64>(at + SEG_BASE, 0);
  store<u32>(at + SEG_ACCESS, load<u32>(at + SEG_ACCESS) & ~(<u32>(ACCESS_P | ACCESS_S | 0x60)));
  store<u32>(at + SEG_SELECTOR, selector & 0xffff);
}

/** A real-mode load changes the base alone, so that 'big real mode' limits survive. */
export function writeRealSegment(seg: u32, selector: u32): void {
  const at = segAt(seg);
  store<u64>(at + SEG_BASE, (<u64>(selector & 0xffff)) << 4);
  store<u32>(at + SEG_ACCESS, (load<u32>(at + SEG_ACCESS) & 0xff00) | DATA_REAL);
  store<u32>(at + SEG_SELECTOR, selector & 0xffff);
}

export function writeV86Segment(seg: u32, selector: u32): void {
  writeSegment(seg, selector, (<u64>(selector & 0xffff)) << 4, 0xffff, DATA_V86);
}

export function descriptorBase(d: u64): u32 {
  return (<u32>(d >> 16) & 0xffffff) | (<u32>(d >> 32) & 0xff000000);
}
export function descriptorLimit(d: u64): u32 {
  const limit = (<u32>d & 0xffff) | (<u32>(d >> 32) & 0xf0000);
  return (d >> 55) & 1 ? (limit << 12) | 0xfff : limit;
}
export function descriptorAccess(d: u64): u32 {
  return <u32>(d >> 40) & 0xf0ff;
}

/** Linear address of a selector's descriptor, or all ones when the table does not hold `bytes` for it. */
export function descriptorAddress(selector: u32, bytes: u32): u64 {
  let table: u32 = GDTR;
  if (selector & 4) {
    table = LDTR;
    if (!(segAccess(LDTR) & ACCESS_P)) return ~(<u64>0);
  }
  const offset = selector & 0xfff8;
  if (offset + bytes - 1 > segLimit(table)) return ~(<u64>0);
  return segBase(table) + offset;
}

export function readDescriptor(selector: u32, vector: u32, ext: u32): u64 {
  const address = descriptorAddress(selector, 8);
  if (address == ~(<u64>0)) raiseError(vector, errorOf(selector, ext));
  return ldk64(address);
}

/** Sets the accessed bit in the table. May fault: call before any state changes. */
export function markAccessed(selector: u32, d: u64): void {
  if ((d >> 40) & 1) return;
  stk8(descriptorAddress(selector, 8) + 5, <u32>((d >> 40) & 0xff) | 1);
}

export function writeFromDescriptor(seg: u32, selector: u32, d: u64): void {
  writeSegment(seg, selector, <u64>descriptorBase(d), descriptorLimit(d), descriptorAccess(d) | ACCESS_ACCESSED);
}

/** Whether `size` bytes at `offset` lie within a segment's limit. */
export function isWithinLimit(access: u32, limit: u32, offset: u64, size: u32): bool {
  const last = offset + size - 1;
  if ((access & (ACCESS_S | ACCESS_CODE | ACCESS_DIRECTION)) == (ACCESS_S | ACCESS_DIRECTION)) {
    return offset > <u64>limit && last <= (access & ACCESS_DB ? <u64>0xffffffff : <u64>0xffff);
  }
  return last <= <u64>limit;
}

/** Stack-segment checks common to MOV SS, task switches and inner stacks. Returns the descriptor, marked accessed. */
export function checkStackSegment(selector: u32, level: u32, vector: u32, ext: u32): u64 {
  if (!(selector & 0xfffc)) raiseError(vector, ext);
  const d = readDescriptor(selector, vector, ext);
  const access = descriptorAccess(d);
  if (
    (selector & 3) != level ||
    (access & (ACCESS_S | ACCESS_CODE | ACCESS_WRITABLE)) != (ACCESS_S | ACCESS_WRITABLE) ||
    accessDpl(access) != level
  ) {
    raiseError(vector, errorOf(selector, ext));
  }
  if (!(access & ACCESS_P)) raiseError(SS_FAULT, errorOf(selector, ext));
  markAccessed(selector, d);
  return d;
}

/** Data-segment checks (ES, DS, FS, GS) for a selector that is not null. Returns the descriptor, marked accessed. */
export function checkDataSegment(selector: u32, level: u32, vector: u32, ext: u32): u64 {
  const d = readDescriptor(selector, vector, ext);
  const access = descriptorAccess(d);
  // Data or readable code only.
  if (!(access & ACCESS_S) || (access & (ACCESS_CODE | ACCESS_WRITABLE)) == ACCESS_CODE) {
    raiseError(vector, errorOf(selector, ext));
  }
  if ((access & (ACCESS_CODE | ACCESS_DIRECTION)) != (ACCESS_CODE | ACCESS_DIRECTION)) {
    const dpl = accessDpl(access);
    if ((selector & 3) > dpl || level > dpl) raiseError(vector, errorOf(selector, ext));
  }
  if (!(access & ACCESS_P)) raiseError(NP, errorOf(selector, ext));
  markAccessed(selector, d);
  return d;
}

/** MOV, POP, LDS.. to ES, SS, DS, FS or GS. The caller sets the interrupt inhibition that follows MOV SS and POP SS. */
export function loadSegment(seg: u32, selector: u32): void {
  selector &= 0xffff;
  if (!isProtected()) writeRealSegment(seg, selector);
  else if (isV86()) writeV86Segment(seg, selector);
  else if (seg == SS) {
    if (!(selector & 0xfffc) && is64() && cpl() < 3 && (selector & 3) == cpl()) writeNullStack(selector, cpl());
    else writeFromDescriptor(SS, selector, checkStackSegment(selector, cpl(), GP, 0));
  } else if (!(selector & 0xfffc)) writeNullSegment(seg, selector);
  else writeFromDescriptor(seg, selector, checkDataSegment(selector, cpl(), GP, 0));
  updateMode();
}

/** A null SS, as 64-bit code below CPL 3 may have; usable there, with DPL = `level`. */
export function writeNullStack(selector: u32, level: u32): void {
  writeNullSegment(SS, selector);
  store<u32>(segAt(SS) + SEG_ACCESS, (segAccess(SS) & ~(<u32>0x60)) | (level << 5));
}

/** After a return to an outer level, data segments it may not use become null. */
export function dropInnerSegments(level: u32): void {
  dropInner(ES, level);
  dropInner(DS, level);
  dropInner(FS, level);
  dropInner(GS, level);
}

function dropInner(seg: u32, level: u32): void {
  const access = segAccess(seg);
  if (!(access & ACCESS_P)) {
    // AMD and Intel differ on a null register's base here; both leave an unusable one alone.
    return;
  }
  if ((access & (ACCESS_CODE | ACCESS_DIRECTION)) == (ACCESS_CODE | ACCESS_DIRECTION)) return;
  if (accessDpl(access) < level) writeNullSegment(seg, 0);
}

export function inhibitInterrupts(): void {
  store<u32>(CPU_INHIBIT, load<u32>(CPU_INHIBIT) | 1);
}
