// Instructions on the descriptor-table and task registers, and those that examine selectors: LLDT LTR SLDT STR LGDT LIDT
// SGDT SIDT LAR LSL VERR VERW ARPL. Intel SDM vol. 2. In long mode system descriptors have 16 bytes.

import { CPU_GPR, GDTR, IDTR, LDTR, SEG_BASE, SEG_LIMIT, TR } from './layout';
import { GP, NP, UD, raise, raiseError } from './fault';
import { FLAG_ZF, setFlagBits } from './flags';
import { ld16, ld32, ld64, ldk64, probeWrite, st16, st32, st64, stk8 } from './mmu';
import {
  ACCESS_CODE,
  ACCESS_DIRECTION,
  ACCESS_P,
  ACCESS_S,
  ACCESS_WRITABLE,
  accessDpl,
  cpl,
  descriptorAccess,
  descriptorAddress,
  descriptorBase,
  descriptorLimit,
  errorOf,
  is64,
  isCanonical,
  isLongActive,
  segAt,
  segBase,
  segLimit,
  segSelector,
  usesDescriptors,
  writeNullSegment,
  writeSegment,
} from './segment';
import { checkUmip, requireSupervisor } from './sysops';

function requireDescriptors(): void {
  if (!usesDescriptors()) raise(UD);
}

/** Base of a system descriptor at `address`, all 64 bits of it in long mode; the high half's type must be zero. */
function systemBase(address: u64, d: u64, selector: u32): u64 {
  const low = <u64>descriptorBase(d);
  if (!isLongActive()) return low;
  const high = ldk64(address + 8);
  const base = low | (high << 32);
  if ((high >> 40) & 0x1f || !isCanonical(base)) raiseError(GP, errorOf(selector, 0));
  return base;
}

export function loadLdt(selector: u32): void {
  selector &= 0xffff;
  requireDescriptors();
  requireSupervisor();
  if (!(selector & 0xfffc)) {
    writeNullSegment(LDTR, selector);
    return;
  }
  const address = selector & 4 ? ~(<u64>0) : descriptorAddress(selector, isLongActive() ? 16 : 8);
  if (address == ~(<u64>0)) raiseError(GP, errorOf(selector, 0));
  const d = ldk64(address);
  const access = descriptorAccess(d);
  if ((access & 0x1f) != 2) raiseError(GP, errorOf(selector, 0));
  if (!(access & ACCESS_P)) raiseError(NP, errorOf(selector, 0));
  writeSegment(LDTR, selector, systemBase(address, d, selector), descriptorLimit(d), access);
}

export function loadTr(selector: u32): void {
  selector &= 0xffff;
  requireDescriptors();
  requireSupervisor();
  if (!(selector & 0xfffc)) raiseError(GP, 0);
  const address = selector & 4 ? ~(<u64>0) : descriptorAddress(selector, isLongActive() ? 16 : 8);
  if (address == ~(<u64>0)) raiseError(GP, errorOf(selector, 0));
  const d = ldk64(address);
  const access = descriptorAccess(d);
  const type = access & 0x1f;
  if (type != 9 && (type != 1 || isLongActive())) raiseError(GP, errorOf(selector, 0));
  if (!(access & ACCESS_P)) raiseError(NP, errorOf(selector, 0));
  const base = systemBase(address, d, selector);
  stk8(address + 5, (access & 0xff) | 2);
  writeSegment(TR, selector, base, descriptorLimit(d), access | 2);
}

export function sldt(): u32 {
  requireDescriptors();
  checkUmip();
  return segSelector(LDTR);
}

export function str(): u32 {
  requireDescriptors();
  checkUmip();
  return segSelector(TR);
}

/** `linear` of the 6- or 10-byte operand; a 16-bit operand size loads 24 bits of base. */
export function lgdt(linear: u64, opSize: u32): void {
  loadTableRegister(GDTR, linear, opSize);
}
export function lidt(linear: u64, opSize: u32): void {
  loadTableRegister(IDTR, linear, opSize);
}

function loadTableRegister(table: u32, linear: u64, opSize: u32): void {
  requireSupervisor();
  const limit = ld16(linear) & 0xffff;
  let base: u64;
  if (is64()) {
    base = ld64(linear + 2);
    if (!isCanonical(base)) raiseError(GP, 0);
  } else {
    base = <u64>ld32(linear + 2);
    if (opSize == 2) base &= 0xffffff;
  }
  store<u64>(segAt(table) + SEG_BASE, base);
  store<u32>(segAt(table) + SEG_LIMIT, limit);
}

export function sgdt(linear: u64, opSize: u32): void {
  storeTableRegister(GDTR, linear);
}
export function sidt(linear: u64, opSize: u32): void {
  storeTableRegister(IDTR, linear);
}

/** Processors since the 386 store all 32 bits of the base whatever the operand size. */
function storeTableRegister(table: u32, linear: u64): void {
  checkUmip();
  probeWrite(linear, is64() ? 10 : 6);
  st16(linear, segLimit(table) & 0xffff);
  if (is64()) st64(linear + 2, segBase(table));
  else st32(linear + 2, <u32>segBase(table));
}

// --- selector examination

function setZf(isSet: bool): void {
  setFlagBits(FLAG_ZF, isSet ? FLAG_ZF : 0);
}

/** Descriptor of a selector that may be examined, or 0. */
function examine(selector: u32): u64 {
  if (!(selector & 0xfffc)) return 0;
  const address = descriptorAddress(selector, 8);
  if (address == ~(<u64>0)) return 0;
  return ldk64(address);
}

function isVisible(selector: u32, access: u32): bool {
  if ((access & (ACCESS_S | ACCESS_CODE | ACCESS_DIRECTION)) == (ACCESS_S | ACCESS_CODE | ACCESS_DIRECTION))
    return true;
  const dpl = accessDpl(access);
  return dpl >= cpl() && dpl >= (selector & 3);
}

function writeRegister(register: u32, opSize: u32, value: u32): void {
  const at = CPU_GPR + <u32>register * 8;
  if (opSize == 2) store<u16>(at, <u16>value);
  else store<u64>(at, <u64>value);
}

/** Bit n: system descriptor type n is valid for LAR (the low half outside long mode) and LSL. */
const LAR_TYPES: u32 = 0x1a3e;
const LAR_TYPES_LONG: u32 = 0x1a04;
const LSL_TYPES: u32 = 0x0a0e;
const LSL_TYPES_LONG: u32 = 0x0a04;

export function lar(selector: u32, opSize: u32, register: u32): void {
  requireDescriptors();
  selector &= 0xffff;
  const d = examine(selector);
  const access = descriptorAccess(d);
  const types = isLongActive() ? LAR_TYPES_LONG : LAR_TYPES;
  const isValid = d != 0 && (access & ACCESS_S || (types >> (access & 15)) & 1) && isVisible(selector, access);
  if (isValid) writeRegister(register, opSize, <u32>(d >> 32) & (opSize == 2 ? 0xff00 : 0xffff00));
  setZf(isValid);
}

export function lsl(selector: u32, opSize: u32, register: u32): void {
  requireDescriptors();
  selector &= 0xffff;
  const d = examine(selector);
  const access = descriptorAccess(d);
  const types = isLongActive() ? LSL_TYPES_LONG : LSL_TYPES;
  const isValid = d != 0 && (access & ACCESS_S || (types >> (access & 15)) & 1) && isVisible(selector, access);
  if (isValid) writeRegister(register, opSize, descriptorLimit(d));
  setZf(isValid);
}

export function verr(selector: u32): void {
  requireDescriptors();
  selector &= 0xffff;
  const access = descriptorAccess(examine(selector));
  const isReadable = (access & (ACCESS_CODE | ACCESS_WRITABLE)) != ACCESS_CODE;
  setZf((access & ACCESS_S) != 0 && isReadable && isVisible(selector, access));
}

export function verw(selector: u32): void {
  requireDescriptors();
  selector &= 0xffff;
  const access = descriptorAccess(examine(selector));
  const isWritable = (access & (ACCESS_CODE | ACCESS_WRITABLE)) == ACCESS_WRITABLE;
  setZf((access & ACCESS_S) != 0 && isWritable && isVisible(selector, access));
}

/** ARPL's result for the destination; sets ZF if it raised the RPL. */
export function arpl(dest: u32, src: u32): u32 {
  requireDescriptors();
  if ((dest & 3) < (src & 3)) {
    setZf(true);
    return (dest & 0xfffc) | (src & 3);
  }
  setZf(false);
  return dest & 0xffff;
}
