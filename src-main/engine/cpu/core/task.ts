// Hardware task switching with 16-bit (286) and 32-bit (386) task state segments. Intel SDM vol. 3A chapter 7. Everything
// that can fault in the old task is read and checked first; from the commit on, faults belong to the new task.

import {
  CPU_CPL,
  CPU_CR0,
  CPU_CR3,
  CPU_CR4,
  CPU_DR,
  CPU_FLAGS,
  CPU_GPR,
  CPU_NEXT_RIP,
  CPU_RIP,
  CS,
  DS,
  ES,
  FS,
  GS,
  LDTR,
  SEG_ACCESS,
  SEG_SELECTOR,
  SS,
  TR,
} from './layout';
import { DB, GP, NP, TS, raise, raiseError } from './fault';
import { ARITH_MASK, FLAG_NT, FLAG_VM, getEflags, setEflagsArith } from './flags';
import { flushTlbNonGlobal, ldk16, ldk32, ldk64, reloadPdptes, stk16, stk32, stk8 } from './mmu';
import {
  ACCESS_CODE,
  ACCESS_DIRECTION,
  ACCESS_P,
  ACCESS_S,
  accessDpl,
  checkDataSegment,
  checkStackSegment,
  descriptorAccess,
  descriptorAddress,
  descriptorBase,
  descriptorLimit,
  errorOf,
  markAccessed,
  readDescriptor,
  segAccess,
  segAt,
  segBase,
  segLimit,
  segSelector,
  writeFromDescriptor,
  writeNullSegment,
  writeSegment,
  writeV86Segment,
} from './segment';
import { DR6_BT, setDr6 } from './debug';
import { updateMode } from './sysops';
import { checkTarget, commitStack, stackPush, useCurrentStack } from './transfer';

export const TASK_JUMP: u32 = 0;
export const TASK_CALL: u32 = 1;
export const TASK_INTERRUPT: u32 = 2;
export const TASK_IRET: u32 = 3;

const TSS16_MIN_LIMIT: u32 = 0x2b;
const TSS32_MIN_LIMIT: u32 = 0x67;
const BUSY: u32 = 2;

// New task's image, read whole before anything changes (scratch of one switch, not state).
let newCr3: u32 = 0;
let newEip: u32 = 0;
let newFlags: u32 = 0;
let newLdt: u32 = 0;
let newEs: u32 = 0;
let newCs: u32 = 0;
let newSs: u32 = 0;
let newDs: u32 = 0;
let newFs: u32 = 0;
let newGs: u32 = 0;
let newTrap: u32 = 0;
// EAX ECX EDX EBX ESP EBP ESI EDI live in registers of the new task only after the commit; until then here.
let r0: u32 = 0;
let r1: u32 = 0;
let r2: u32 = 0;
let r3: u32 = 0;
let r4: u32 = 0;
let r5: u32 = 0;
let r6: u32 = 0;
let r7: u32 = 0;

/** IRET with NT set: back to the task whose selector the current TSS links to. */
export function taskReturn(nextRip: u64): void {
  const link = <u32>ldk16(<u64>(<u32>segBase(TR)));
  taskSwitch(link & 0xffff, TASK_IRET, 0, 0, 0, nextRip);
}

export function taskSwitch(selector: u32, reason: u32, ext: u32, hasError: u32, error: u32, nextRip: u64): void {
  const vector = reason == TASK_IRET ? TS : GP;
  if (selector & 4 || !(selector & 0xfffc)) raiseError(vector, errorOf(selector, ext));
  const d = readDescriptor(selector, vector, ext);
  const access = descriptorAccess(d);
  const isBusy = (access & BUSY) != 0;
  if ((access & 0x15) != 1 || isBusy != (reason == TASK_IRET)) raiseError(vector, errorOf(selector, ext));
  if (!(access & ACCESS_P)) raiseError(NP, errorOf(selector, ext));
  const is32 = (access & 8) != 0;
  const limit = descriptorLimit(d);
  const minimum = is32 ? TSS32_MIN_LIMIT : TSS16_MIN_LIMIT;
  if (limit < minimum) raiseError(TS, errorOf(selector, ext));
  const base = <u64>descriptorBase(d);
  const oldSelector = segSelector(TR);
  const oldDescriptor = descriptorAddress(oldSelector, 8);
  const newDescriptor = descriptorAddress(selector, 8);
  if (is32) readTask32(base);
  else readTask16(base);

  // Last steps that may fault in the old task: writes to its TSS, the link and the busy bits.
  let oldFlags = getEflags();
  if (reason == TASK_IRET) oldFlags &= ~FLAG_NT;
  if ((segAccess(TR) & 15) >= 9) saveTask32(<u32>nextRip, oldFlags);
  else saveTask16(<u32>nextRip, oldFlags);
  if (reason == TASK_CALL || reason == TASK_INTERRUPT) {
    stk16(base, oldSelector);
    newFlags |= FLAG_NT;
  }
  if ((reason == TASK_JUMP || reason == TASK_IRET) && oldDescriptor != ~(<u64>0)) {
    stk8(oldDescriptor + 5, <u32>(ldk64(oldDescriptor) >> 40) & 0xff & ~BUSY);
  }
  if (reason != TASK_IRET) stk8(newDescriptor + 5, (access | BUSY) & 0xff);

  // Commit: from here on we are in the new task.
  writeSegment(TR, selector, base, limit, access | BUSY);
  store<u64>(CPU_CR0, load<u64>(CPU_CR0) | 8);
  store<u64>(CPU_DR + 7 * 8, load<u64>(CPU_DR + 7 * 8) & ~(<u64>0x155));
  store<u32>(CPU_FLAGS, (newFlags & ~ARITH_MASK & 0x3f7fd7) | 2);
  setEflagsArith(newFlags);
  setRegister(0, r0);
  setRegister(1, r1);
  setRegister(2, r2);
  setRegister(3, r3);
  setRegister(4, r4);
  setRegister(5, r5);
  setRegister(6, r6);
  setRegister(7, r7);
  store<u64>(CPU_RIP, <u64>newEip);
  store<u64>(CPU_NEXT_RIP, <u64>newEip);
  writeNullSegment(LDTR, newLdt);
  const isV86Task = (newFlags & FLAG_VM) != 0;
  if (isV86Task) {
    writeV86Segment(ES, newEs);
    writeV86Segment(CS, newCs);
    writeV86Segment(SS, newSs);
    writeV86Segment(DS, newDs);
    writeV86Segment(FS, newFs);
    writeV86Segment(GS, newGs);
    store<u32>(CPU_CPL, 3);
  } else {
    writeNullSegment(ES, newEs);
    writeNullSegment(SS, newSs);
    writeNullSegment(DS, newDs);
    writeNullSegment(FS, newFs);
    writeNullSegment(GS, newGs);
    store<u32>(segAt(CS) + SEG_ACCESS, segAccess(CS) & ~ACCESS_P);
    store<u16>(segAt(CS) + SEG_SELECTOR, <u16>newCs);
    store<u32>(CPU_CPL, newCs & 3);
  }
  if (is32 && (load<u64>(CPU_CR0) >> 31) & 1) {
    store<u64>(CPU_CR3, <u64>newCr3);
    flushTlbNonGlobal();
    if (load<u64>(CPU_CR4) & 0x20 && !reloadPdptes(<u64>newCr3)) raiseError(GP, ext);
  }
  updateMode();

  loadTaskLdt(newLdt, ext);
  if (!isV86Task) loadTaskSegments(ext);
  updateMode();
  if (hasError) {
    useCurrentStack(ext);
    stackPush(is32 ? 4 : 2, <u64>error);
    commitStack();
  }
  checkTarget(segAccess(CS), segLimit(CS), <u64>newEip, ext);
  if (is32 && newTrap & 1) {
    setDr6(DR6_BT);
    raise(DB);
  }
}

function loadTaskLdt(selector: u32, ext: u32): void {
  if (!(selector & 0xfffc)) return;
  if (selector & 4) raiseError(TS, errorOf(selector, ext));
  const d = readDescriptor(selector, TS, ext);
  const access = descriptorAccess(d);
  if ((access & 0x1f) != 2 || !(access & ACCESS_P)) raiseError(TS, errorOf(selector, ext));
  writeSegment(LDTR, selector, <u64>descriptorBase(d), descriptorLimit(d), access);
}

function loadTaskSegments(ext: u32): void {
  const level = newCs & 3;
  if (!(newCs & 0xfffc)) raiseError(TS, errorOf(newCs, ext));
  const d = readDescriptor(newCs, TS, ext);
  const access = descriptorAccess(d);
  const dpl = accessDpl(access);
  if (
    (access & (ACCESS_S | ACCESS_CODE)) != (ACCESS_S | ACCESS_CODE) ||
    (access & ACCESS_DIRECTION ? dpl > level : dpl != level)
  ) {
    raiseError(TS, errorOf(newCs, ext));
  }
  if (!(access & ACCESS_P)) raiseError(NP, errorOf(newCs, ext));
  markAccessed(newCs, d);
  writeFromDescriptor(CS, newCs, d);
  writeFromDescriptor(SS, newSs, checkStackSegment(newSs, level, TS, ext));
  loadTaskData(ES, newEs, level, ext);
  loadTaskData(DS, newDs, level, ext);
  loadTaskData(FS, newFs, level, ext);
  loadTaskData(GS, newGs, level, ext);
}

function loadTaskData(seg: u32, selector: u32, level: u32, ext: u32): void {
  if (selector & 0xfffc) writeFromDescriptor(seg, selector, checkDataSegment(selector, level, TS, ext));
}

function setRegister(index: u32, value: u32): void {
  store<u64>(CPU_GPR + <u32>index * 8, <u64>value);
}
function register(index: u32): u32 {
  return load<u32>(CPU_GPR + <u32>index * 8);
}

function readTask32(base: u64): void {
  newCr3 = ldk32(base + 0x1c);
  newEip = ldk32(base + 0x20);
  newFlags = ldk32(base + 0x24);
  r0 = ldk32(base + 0x28);
  r1 = ldk32(base + 0x2c);
  r2 = ldk32(base + 0x30);
  r3 = ldk32(base + 0x34);
  r4 = ldk32(base + 0x38);
  r5 = ldk32(base + 0x3c);
  r6 = ldk32(base + 0x40);
  r7 = ldk32(base + 0x44);
  newEs = <u32>ldk16(base + 0x48);
  newCs = <u32>ldk16(base + 0x4c);
  newSs = <u32>ldk16(base + 0x50);
  newDs = <u32>ldk16(base + 0x54);
  newFs = <u32>ldk16(base + 0x58);
  newGs = <u32>ldk16(base + 0x5c);
  newLdt = <u32>ldk16(base + 0x60);
  newTrap = <u32>ldk16(base + 0x64);
}

/** A 286 task has 16-bit registers; the upper halves become ones on real processors, FS and GS null. */
function readTask16(base: u64): void {
  newEip = <u32>ldk16(base + 0x0e);
  newFlags = <u32>ldk16(base + 0x10);
  r0 = 0xffff0000 | <u32>ldk16(base + 0x12);
  r1 = 0xffff0000 | <u32>ldk16(base + 0x14);
  r2 = 0xffff0000 | <u32>ldk16(base + 0x16);
  r3 = 0xffff0000 | <u32>ldk16(base + 0x18);
  r4 = 0xffff0000 | <u32>ldk16(base + 0x1a);
  r5 = 0xffff0000 | <u32>ldk16(base + 0x1c);
  r6 = 0xffff0000 | <u32>ldk16(base + 0x1e);
  r7 = 0xffff0000 | <u32>ldk16(base + 0x20);
  newEs = <u32>ldk16(base + 0x22);
  newCs = <u32>ldk16(base + 0x24);
  newSs = <u32>ldk16(base + 0x26);
  newDs = <u32>ldk16(base + 0x28);
  newFs = 0;
  newGs = 0;
  newLdt = <u32>ldk16(base + 0x2a);
  newTrap = 0;
}

function saveTask32(eip: u32, flags: u32): void {
  const base = segBase(TR);
  stk32(base + 0x20, eip);
  stk32(base + 0x24, flags);
  for (let i: u32 = 0; i < 8; i++) stk32(base + 0x28 + i * 4, register(i));
  stk16(base + 0x48, segSelector(ES));
  stk16(base + 0x4c, segSelector(CS));
  stk16(base + 0x50, segSelector(SS));
  stk16(base + 0x54, segSelector(DS));
  stk16(base + 0x58, segSelector(FS));
  stk16(base + 0x5c, segSelector(GS));
}

function saveTask16(ip: u32, flags: u32): void {
  const base = segBase(TR);
  stk16(base + 0x0e, ip & 0xffff);
  stk16(base + 0x10, flags & 0xffff);
  for (let i: u32 = 0; i < 8; i++) stk16(base + 0x12 + i * 2, register(i) & 0xffff);
  stk16(base + 0x22, segSelector(ES));
  stk16(base + 0x24, segSelector(CS));
  stk16(base + 0x26, segSelector(SS));
  stk16(base + 0x28, segSelector(DS));
}
