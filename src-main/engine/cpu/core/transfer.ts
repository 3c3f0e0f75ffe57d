// Far transfers: JMP, CALL and RET between segments, through call gates and to tasks, and IRET in every mode. Intel SDM
// vol. 2 (CALL, JMP, RET, IRET) and vol. 3A 5.8. Order: all checks and reads, then pushes (memory below the stack pointer,
// harmless if a later one faults), then registers.

import { CPU_CPL, CPU_FLAGS, CPU_GPR, CPU_INHIBIT, CPU_NEXT_RIP, CS, DS, ES, FS, GS, SS, TR } from './layout';
import { GP, NP, SS_FAULT, TS, raiseError } from './fault';
import { ARITH_MASK, FLAG_AC, FLAG_DF, FLAG_ID, FLAG_IF, FLAG_IOPL, FLAG_NT, FLAG_RF, FLAG_TF, FLAG_VM } from './flags';
import { setEflagsMasked } from './flags';
import { ld16, ld32, ld64, ldk16, ldk32, ldk64, st16, st32, st64, stk16, stk32, stk64 } from './mmu';
import {
  ACCESS_CODE,
  ACCESS_DB,
  ACCESS_DIRECTION,
  ACCESS_L,
  ACCESS_P,
  ACCESS_S,
  accessDpl,
  checkStackSegment,
  cpl,
  descriptorAccess,
  descriptorAddress,
  descriptorBase,
  descriptorLimit,
  dropInnerSegments,
  errorOf,
  is64,
  isCanonical,
  isLongActive,
  isProtected,
  isV86,
  isWithinLimit,
  markAccessed,
  readDescriptor,
  segAccess,
  segBase,
  segLimit,
  segSelector,
  writeFromDescriptor,
  writeNullStack,
  writeRealSegment,
  writeV86Segment,
} from './segment';
import { updateMode } from './sysops';
import { TASK_CALL, TASK_JUMP, taskReturn, taskSwitch } from './task';

export const RSP: usize = CPU_GPR + 4 * 8;

// --- the stack a transfer works on: set by `useCurrentStack` or `useStack` at the start of each operation (not state).
let stackBase: u64 = 0;
let stackLimit: u32 = 0;
let stackAccess: u32 = 0;
let stackMask: u64 = 0;
let stackIsLong: bool = false;
let stackIsSupervisor: bool = false;
/** Error code of #SS on this stack. */
let stackError: u32 = 0;
export let stackPointer: u64 = 0;

export function useCurrentStack(ext: u32): void {
  stackIsLong = is64();
  stackBase = stackIsLong ? 0 : segBase(SS);
  stackLimit = segLimit(SS);
  stackAccess = segAccess(SS);
  stackMask = stackIsLong ? ~(<u64>0) : stackAccess & ACCESS_DB ? 0xffffffff : 0xffff;
  stackIsSupervisor = false;
  stackError = ext;
  stackPointer = load<u64>(RSP);
}

/** An inner stack not yet loaded; descriptor 0 with `isLong` means the flat 64-bit one. */
export function useStack(d: u64, selector: u32, pointer: u64, isLong: bool, ext: u32): void {
  stackIsLong = isLong;
  stackBase = isLong ? 0 : <u64>descriptorBase(d);
  stackLimit = descriptorLimit(d);
  stackAccess = descriptorAccess(d);
  stackMask = isLong ? ~(<u64>0) : stackAccess & ACCESS_DB ? 0xffffffff : 0xffff;
  stackIsSupervisor = true;
  stackError = isLong ? ext : errorOf(selector, ext);
  stackPointer = pointer;
}

function stackLinear(offset: u64, size: u32): u64 {
  if (stackIsLong) {
    if (!isCanonical(offset)) raiseError(SS_FAULT, stackError);
    return offset;
  }
  if (!isWithinLimit(stackAccess, stackLimit, offset, size)) raiseError(SS_FAULT, stackError);
  return <u64>(<u32>(stackBase + offset));
}

/** Writes one element below the working stack pointer. */
export function stackPush(size: u32, value: u64): void {
  const offset = (stackPointer - size) & stackMask;
  const linear = stackLinear(offset, size);
  if (stackIsSupervisor) {
    if (size == 8) stk64(linear, value);
    else if (size == 4) stk32(linear, <u32>value);
    else stk16(linear, <u32>value & 0xffff);
  } else if (size == 8) st64(linear, value);
  else if (size == 4) st32(linear, <u32>value);
  else st16(linear, <u32>value & 0xffff);
  stackPointer = (stackPointer & ~stackMask) | offset;
}

/** Reads one element at the working stack pointer. */
export function stackPop(size: u32): u64 {
  const offset = stackPointer & stackMask;
  const linear = stackLinear(offset, size);
  stackSkip(size);
  if (size == 8) return ld64(linear);
  if (size == 4) return <u64>ld32(linear);
  return <u64>(<u32>ld16(linear) & 0xffff);
}

export function stackSkip(bytes: u32): void {
  stackPointer = (stackPointer & ~stackMask) | ((stackPointer + bytes) & stackMask);
}

/** Sets RSP to the working pointer once nothing can fault any more. A 16-bit stack keeps the upper bits of ESP. */
export function commitStack(): void {
  if (stackMask == 0xffffffff) store<u64>(RSP, stackPointer & 0xffffffff);
  else if (stackMask == 0xffff) store<u16>(RSP, <u16>stackPointer);
  else store<u64>(RSP, stackPointer);
}

export function truncate(value: u64, opSize: u32): u64 {
  if (opSize == 8) return value;
  return opSize == 4 ? value & 0xffffffff : value & 0xffff;
}

/** Raises #GP(ext) unless `offset` is a valid instruction pointer in the code segment described. */
export function checkTarget(access: u32, limit: u32, offset: u64, ext: u32): void {
  if (isLongActive() && access & ACCESS_L) {
    if (!isCanonical(offset)) raiseError(GP, ext);
  } else if (offset > <u64>limit) raiseError(GP, ext);
}

/** L and D together are reserved in long mode. */
export function checkLongBits(access: u32, selector: u32, ext: u32): void {
  if (isLongActive() && (access & (ACCESS_L | ACCESS_DB)) == (ACCESS_L | ACCESS_DB))
    raiseError(GP, errorOf(selector, ext));
}

/** Loads CS from a checked descriptor, at privilege `level`. */
export function commitCode(selector: u32, d: u64, level: u32): void {
  writeFromDescriptor(CS, (selector & 0xfffc) | level, d);
  store<u32>(CPU_CPL, level);
}

// --- JMP and CALL

export function farJump(selector: u32, offset: u64, opSize: u32): void {
  selector &= 0xffff;
  offset = truncate(offset, opSize);
  if (!isProtected() || isV86()) {
    if (offset > <u64>segLimit(CS)) raiseError(GP, 0);
    loadRealCode(selector);
    store<u64>(CPU_NEXT_RIP, offset);
    return;
  }
  if (!(selector & 0xfffc)) raiseError(GP, 0);
  const d = readDescriptor(selector, GP, 0);
  const access = descriptorAccess(d);
  if (access & ACCESS_S) {
    checkDirectCode(selector, access);
    checkTarget(access, descriptorLimit(d), offset, 0);
    markAccessed(selector, d);
    commitCode(selector, d, cpl());
    store<u64>(CPU_NEXT_RIP, offset);
    updateMode();
    return;
  }
  const type = checkSystemTransfer(selector, access);
  if (type == 5) {
    taskSwitch(gateSelector(d), TASK_JUMP, 0, 0, 0, load<u64>(CPU_NEXT_RIP));
    return;
  }
  if (type == 1 || type == 9) {
    taskSwitch(selector, TASK_JUMP, 0, 0, 0, load<u64>(CPU_NEXT_RIP));
    return;
  }
  const code = gateSelector(d);
  const target = gateOffset(selector, d, type);
  const codeDescriptor = readGateCode(code);
  const codeAccess = descriptorAccess(codeDescriptor);
  const dpl = accessDpl(codeAccess);
  if (codeAccess & ACCESS_DIRECTION ? dpl > cpl() : dpl != cpl()) raiseError(GP, errorOf(code, 0));
  if (!(codeAccess & ACCESS_P)) raiseError(NP, errorOf(code, 0));
  checkTarget(codeAccess, descriptorLimit(codeDescriptor), target, 0);
  markAccessed(code, codeDescriptor);
  commitCode(code, codeDescriptor, cpl());
  store<u64>(CPU_NEXT_RIP, target);
  updateMode();
}

export function farCall(selector: u32, offset: u64, opSize: u32): void {
  selector &= 0xffff;
  offset = truncate(offset, opSize);
  const next = load<u64>(CPU_NEXT_RIP);
  useCurrentStack(0);
  if (!isProtected() || isV86()) {
    if (offset > <u64>segLimit(CS)) raiseError(GP, 0);
    stackPush(opSize, <u64>segSelector(CS));
    stackPush(opSize, next);
    commitStack();
    loadRealCode(selector);
    store<u64>(CPU_NEXT_RIP, offset);
    return;
  }
  if (!(selector & 0xfffc)) raiseError(GP, 0);
  const d = readDescriptor(selector, GP, 0);
  const access = descriptorAccess(d);
  if (access & ACCESS_S) {
    checkDirectCode(selector, access);
    checkTarget(access, descriptorLimit(d), offset, 0);
    markAccessed(selector, d);
    stackPush(opSize, <u64>segSelector(CS));
    stackPush(opSize, next);
    commitStack();
    commitCode(selector, d, cpl());
    store<u64>(CPU_NEXT_RIP, offset);
    updateMode();
    return;
  }
  const type = checkSystemTransfer(selector, access);
  if (type == 5) taskSwitch(gateSelector(d), TASK_CALL, 0, 0, 0, next);
  else if (type == 1 || type == 9) taskSwitch(selector, TASK_CALL, 0, 0, 0, next);
  else callGate(selector, d, type, next);
}

function callGate(selector: u32, gate: u64, type: u32, next: u64): void {
  const code = gateSelector(gate);
  const target = gateOffset(selector, gate, type);
  const d = readGateCode(code);
  const access = descriptorAccess(d);
  const dpl = accessDpl(access);
  const level = cpl();
  const isLong = isLongActive();
  const size: u32 = isLong ? 8 : type == 12 ? 4 : 2;
  if (dpl > level) raiseError(GP, errorOf(code, 0));
  if (!(access & ACCESS_P)) raiseError(NP, errorOf(code, 0));
  if (access & ACCESS_DIRECTION || dpl == level) {
    checkTarget(access, descriptorLimit(d), target, 0);
    markAccessed(code, d);
    if (isLong) useLongStack(load<u64>(RSP), 0);
    stackPush(size, <u64>segSelector(CS));
    stackPush(size, next);
    commitStack();
    commitCode(code, d, level);
    store<u64>(CPU_NEXT_RIP, target);
    updateMode();
    return;
  }
  const oldSelector = segSelector(SS);
  const oldPointer = load<u64>(RSP);
  const oldMask: u64 = segAccess(SS) & ACCESS_DB ? 0xffffffff : 0xffff;
  let stackDescriptor: u64 = 0;
  let newSelector: u32 = dpl;
  const newPointer = innerStackPointer(dpl, 0);
  if (isLong) {
    checkTarget(access, descriptorLimit(d), target, 0);
    useStack(0, 0, newPointer, true, 0);
  } else {
    newSelector = innerStackSelector(dpl, 0);
    stackDescriptor = checkStackSegment(newSelector, dpl, TS, 0);
    checkTarget(access, descriptorLimit(d), target, 0);
    useStack(stackDescriptor, newSelector, newPointer, false, 0);
  }
  markAccessed(code, d);
  stackPush(size, <u64>oldSelector);
  stackPush(size, oldPointer);
  if (!isLong) {
    for (let i = <u32>(gate >> 32) & 31; i > 0; i--) {
      const offset = (oldPointer + (i - 1) * size) & oldMask;
      if (!isWithinLimit(segAccess(SS), segLimit(SS), offset, size)) raiseError(SS_FAULT, 0);
      const linear = <u64>(<u32>(segBase(SS) + offset));
      stackPush(size, size == 4 ? <u64>ld32(linear) : <u64>ld16(linear));
    }
  }
  stackPush(size, <u64>segSelector(CS));
  stackPush(size, next);
  if (isLong) writeNullStack(newSelector, dpl);
  else writeFromDescriptor(SS, newSelector, stackDescriptor);
  commitStack();
  commitCode(code, d, dpl);
  store<u64>(CPU_NEXT_RIP, target);
  updateMode();
}

/** The current stack as 64-bit code reached through a gate from compatibility mode sees it. */
function useLongStack(pointer: u64, ext: u32): void {
  useStack(0, 0, pointer, true, ext);
  stackIsSupervisor = cpl() < 3;
}

function loadRealCode(selector: u32): void {
  if (isV86()) writeV86Segment(CS, selector);
  else writeRealSegment(CS, selector);
  updateMode();
}

function checkDirectCode(selector: u32, access: u32): void {
  if (!(access & ACCESS_CODE)) raiseError(GP, errorOf(selector, 0));
  const dpl = accessDpl(access);
  if (access & ACCESS_DIRECTION ? dpl > cpl() : dpl != cpl() || (selector & 3) > cpl())
    raiseError(GP, errorOf(selector, 0));
  checkLongBits(access, selector, 0);
  if (!(access & ACCESS_P)) raiseError(NP, errorOf(selector, 0));
}

/** Type of a gate or TSS that a far transfer may use, after its type, privilege and present checks. */
function checkSystemTransfer(selector: u32, access: u32): u32 {
  const type = access & 15;
  const isAllowed = isLongActive() ? type == 12 : type == 1 || type == 4 || type == 5 || type == 9 || type == 12;
  const dpl = accessDpl(access);
  if (!isAllowed || dpl < cpl() || dpl < (selector & 3)) raiseError(GP, errorOf(selector, 0));
  // A TSS that is not present is found by the task switch, with the same error.
  if (!(access & ACCESS_P)) raiseError(NP, errorOf(selector, 0));
  return type;
}

function gateSelector(gate: u64): u32 {
  return <u32>(gate >> 16) & 0xffff;
}

function gateOffset(selector: u32, gate: u64, type: u32): u64 {
  const low = (gate & 0xffff) | (type == 12 ? (gate >> 32) & 0xffff0000 : 0);
  if (!isLongActive()) return low;
  const address = descriptorAddress(selector, 16);
  if (address == ~(<u64>0)) raiseError(GP, errorOf(selector, 0));
  const high = ldk64(address + 8);
  // The second half carries type bits that must be zero.
  if ((high >> 40) & 0x1f) raiseError(GP, errorOf(selector, 0));
  return low | (high << 32);
}

function readGateCode(code: u32): u64 {
  if (!(code & 0xfffc)) raiseError(GP, 0);
  const d = readDescriptor(code, GP, 0);
  const access = descriptorAccess(d);
  if ((access & (ACCESS_S | ACCESS_CODE)) != (ACCESS_S | ACCESS_CODE)) raiseError(GP, errorOf(code, 0));
  if (isLongActive() && (access & (ACCESS_L | ACCESS_DB)) != ACCESS_L) raiseError(GP, errorOf(code, 0));
  return d;
}

/** Stack pointer for `level` from the TSS; #TS(TR) when the TSS is too small. */
export function innerStackPointer(level: u32, ext: u32): u64 {
  const type = segAccess(TR) & 15;
  const base = segBase(TR);
  const limit = segLimit(TR);
  if (isLongActive()) {
    const at: u32 = 4 + level * 8;
    if (at + 7 > limit) raiseError(TS, errorOf(segSelector(TR), ext));
    const pointer = ldk64(base + at);
    if (!isCanonical(pointer)) raiseError(SS_FAULT, ext);
    return pointer;
  }
  if (type >= 9) {
    const at: u32 = 4 + level * 8;
    if (at + 5 > limit) raiseError(TS, errorOf(segSelector(TR), ext));
    return <u64>ldk32(<u64>(<u32>(base + at)));
  }
  const at: u32 = 2 + level * 4;
  if (at + 3 > limit) raiseError(TS, errorOf(segSelector(TR), ext));
  return <u64>ldk16(<u64>(<u32>(base + at)));
}

/** Stack selector for `level` from a 16- or 32-bit TSS, whose size `innerStackPointer` has checked. */
export function innerStackSelector(level: u32, ext: u32): u32 {
  const at: u32 = (segAccess(TR) & 15) >= 9 ? 8 + level * 8 : 4 + level * 4;
  return <u32>ldk16(<u64>(<u32>(segBase(TR) + at)));
}

// --- RET

export function farReturn(opSize: u32, popBytes: u32): void {
  useCurrentStack(0);
  const offset = stackPop(opSize);
  const selector = <u32>stackPop(opSize) & 0xffff;
  if (!isProtected() || isV86()) {
    if (offset > <u64>segLimit(CS)) raiseError(GP, 0);
    stackSkip(popBytes);
    commitStack();
    loadRealCode(selector);
    store<u64>(CPU_NEXT_RIP, offset);
    return;
  }
  const d = checkReturnCode(selector);
  const level = selector & 3;
  if (level == cpl()) {
    checkTarget(descriptorAccess(d), descriptorLimit(d), offset, 0);
    markAccessed(selector, d);
    stackSkip(popBytes);
    commitStack();
    commitCode(selector, d, level);
    store<u64>(CPU_NEXT_RIP, offset);
    updateMode();
    return;
  }
  stackSkip(popBytes);
  const newPointer = stackPop(opSize);
  const newSelector = <u32>stackPop(opSize) & 0xffff;
  const stackDescriptor = checkReturnStack(newSelector, level, descriptorAccess(d));
  checkTarget(descriptorAccess(d), descriptorLimit(d), offset, 0);
  markAccessed(selector, d);
  commitCode(selector, d, level);
  commitReturnStack(newSelector, stackDescriptor, newPointer);
  useCurrentStack(0);
  stackSkip(popBytes);
  commitStack();
  dropInnerSegments(level);
  store<u64>(CPU_NEXT_RIP, offset);
  updateMode();
}

/** Checks of the code segment RET and IRET return to. */
function checkReturnCode(selector: u32): u64 {
  if (!(selector & 0xfffc)) raiseError(GP, 0);
  const level = selector & 3;
  const d = readDescriptor(selector, GP, 0);
  const access = descriptorAccess(d);
  const dpl = accessDpl(access);
  if (
    level < cpl() ||
    (access & (ACCESS_S | ACCESS_CODE)) != (ACCESS_S | ACCESS_CODE) ||
    (access & ACCESS_DIRECTION ? dpl > level : dpl != level)
  ) {
    raiseError(GP, errorOf(selector, 0));
  }
  checkLongBits(access, selector, 0);
  if (!(access & ACCESS_P)) raiseError(NP, errorOf(selector, 0));
  return d;
}

/** Stack descriptor for a return to `level`; 0 for the null SS allowed to 64-bit code below CPL 3. */
function checkReturnStack(selector: u32, level: u32, codeAccess: u32): u64 {
  if (!(selector & 0xfffc)) {
    if (isLongActive() && codeAccess & ACCESS_L && level != 3 && (selector & 3) == level) return 0;
    raiseError(GP, 0);
  }
  return checkStackSegment(selector, level, GP, 0);
}

/** After CS is loaded: SS, and RSP as wide as the new stack is. */
function commitReturnStack(selector: u32, d: u64, pointer: u64): void {
  if (d == 0) writeNullStack(selector, selector & 3);
  else writeFromDescriptor(SS, selector, d);
  if (is64()) store<u64>(RSP, pointer);
  else if (segAccess(SS) & ACCESS_DB) store<u64>(RSP, pointer & 0xffffffff);
  else store<u16>(RSP, <u16>pointer);
}

// --- IRET

const RETURN_FLAGS: u32 = ARITH_MASK | FLAG_TF | FLAG_DF | FLAG_NT | FLAG_RF | FLAG_AC | FLAG_ID;

export function interruptReturn(opSize: u32): void {
  const sizeMask: u32 = opSize == 2 ? 0xffff : 0xffffffff;
  const next = load<u64>(CPU_NEXT_RIP);
  if (!isProtected() || isV86()) {
    const iopl = (load<u32>(CPU_FLAGS) >> 12) & 3;
    if (isV86() && iopl < 3) raiseError(GP, 0);
    useCurrentStack(0);
    const offset = stackPop(opSize);
    const selector = <u32>stackPop(opSize) & 0xffff;
    const flags = <u32>stackPop(opSize);
    if (offset > <u64>segLimit(CS)) raiseError(GP, 0);
    commitStack();
    setEflagsMasked((RETURN_FLAGS | FLAG_IF | (isV86() ? 0 : FLAG_IOPL)) & sizeMask, flags);
    endNmi();
    loadRealCode(selector);
    store<u64>(CPU_NEXT_RIP, offset);
    return;
  }
  if (load<u32>(CPU_FLAGS) & FLAG_NT) {
    if (isLongActive()) raiseError(GP, 0);
    endNmi();
    taskReturn(next);
    return;
  }
  useCurrentStack(0);
  const offset = stackPop(opSize);
  const selector = <u32>stackPop(opSize) & 0xffff;
  const flags = <u32>stackPop(opSize);
  const level = cpl();
  if (flags & FLAG_VM & sizeMask && level == 0 && !isLongActive()) {
    returnToV86(offset, selector, flags);
    return;
  }
  const d = checkReturnCode(selector);
  const access = descriptorAccess(d);
  const newLevel = selector & 3;
  let mask = RETURN_FLAGS;
  if (level <= ((load<u32>(CPU_FLAGS) >> 12) & 3)) mask |= FLAG_IF;
  if (level == 0) mask |= FLAG_IOPL;
  if (newLevel == level && !is64()) {
    checkTarget(access, descriptorLimit(d), offset, 0);
    markAccessed(selector, d);
    commitStack();
    commitCode(selector, d, newLevel);
  } else {
    const newPointer = stackPop(opSize);
    const newSelector = <u32>stackPop(opSize) & 0xffff;
    const stackDescriptor = checkReturnStack(newSelector, newLevel, access);
    checkTarget(access, descriptorLimit(d), offset, 0);
    markAccessed(selector, d);
    commitCode(selector, d, newLevel);
    commitReturnStack(newSelector, stackDescriptor, newPointer);
    if (newLevel != level) dropInnerSegments(newLevel);
  }
  setEflagsMasked(mask & sizeMask, flags);
  endNmi();
  store<u64>(CPU_NEXT_RIP, offset);
  updateMode();
}

function returnToV86(offset: u64, selector: u32, flags: u32): void {
  const pointer = stackPop(4);
  const ss = <u32>stackPop(4);
  const es = <u32>stackPop(4);
  const ds = <u32>stackPop(4);
  const fs = <u32>stackPop(4);
  const gs = <u32>stackPop(4);
  if (offset > 0xffff) raiseError(GP, 0);
  setEflagsMasked(RETURN_FLAGS | FLAG_IF | FLAG_IOPL | FLAG_VM, flags);
  store<u64>(RSP, pointer);
  writeV86Segment(CS, selector);
  writeV86Segment(SS, ss);
  writeV86Segment(ES, es);
  writeV86Segment(DS, ds);
  writeV86Segment(FS, fs);
  writeV86Segment(GS, gs);
  store<u32>(CPU_CPL, 3);
  endNmi();
  store<u64>(CPU_NEXT_RIP, offset & 0xffff);
  updateMode();
}

function endNmi(): void {
  store<u32>(CPU_INHIBIT, load<u32>(CPU_INHIBIT) & ~(<u32>2));
}
