// Delivery of exceptions, external interrupts and INT n: the IVT of real mode, the IDT of protected and long mode, the
// double-fault rule. Intel SDM vol. 3A chapter 6 (tables 6-4, 6-5), vol. 2 INT n. Virtual-8086 mode without VME.

import {
  CPU_CPL,
  CPU_EXC_DELIVERING,
  CPU_EXC_ERROR,
  CPU_EXC_HAS_ERROR,
  CPU_EXC_VECTOR,
  CPU_FLAGS,
  CPU_GPR,
  CPU_HALTED,
  CPU_INHIBIT,
  CPU_NEXT_RIP,
  CPU_RIP,
  CS,
  DS,
  ES,
  FS,
  GS,
  IDTR,
  SS,
  TR,
} from './layout';
import { CELL_STEP } from './tables';
import { DF, GP, NP, PF, SS_FAULT, TS, raiseError } from './fault';
import { FLAG_AC, FLAG_IF, FLAG_NT, FLAG_RF, FLAG_TF, FLAG_VM, getEflags } from './flags';
import { ldk16, ldk64 } from './mmu';
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
  descriptorLimit,
  errorOf,
  isCanonical,
  isLongActive,
  isProtected,
  isV86,
  markAccessed,
  readDescriptor,
  segBase,
  segLimit,
  segSelector,
  writeFromDescriptor,
  writeNullSegment,
  writeNullStack,
  writeRealSegment,
} from './segment';
import { noteDebugDelivery } from './debug';
import { updateMode } from './sysops';
import { TASK_INTERRUPT, taskSwitch } from './task';
import {
  RSP,
  checkTarget,
  commitCode,
  commitStack,
  innerStackPointer,
  innerStackSelector,
  stackPush,
  useCurrentStack,
  useStack,
} from './transfer';

// Kinds of `softInterrupt`.
export const SOFT_INT_N: u32 = 0;
export const SOFT_INT3: u32 = 1;
export const SOFT_INTO: u32 = 2;
export const SOFT_INT1: u32 = 3;

/** Neither an exception nor one waiting to be delivered. */
const NONE: i32 = -1;

/**
 * Delivers the exception in CPU_EXC_VECTOR, if any, and leaves CPU_RIP (and CPU_NEXT_RIP) at its handler. A fault on the way
 * unwinds with the new exception recorded; the next call combines the two. False: triple fault, the processor shuts down.
 */
export function deliverPending(): bool {
  let vector = load<i32>(CPU_EXC_VECTOR);
  if (vector == NONE) return true;
  const previous = load<i32>(CPU_EXC_DELIVERING);
  if (previous != NONE) {
    if (previous == DF) {
      store<i32>(CPU_EXC_VECTOR, NONE);
      store<i32>(CPU_EXC_DELIVERING, NONE);
      return false;
    }
    if (
      isContributory(<u32>previous)
        ? isContributory(<u32>vector)
        : previous == PF && (vector == PF || isContributory(<u32>vector))
    ) {
      vector = DF;
      store<u32>(CPU_EXC_ERROR, 0);
      store<u32>(CPU_EXC_HAS_ERROR, 1);
    }
  }
  store<i32>(CPU_EXC_DELIVERING, vector);
  store<i32>(CPU_EXC_VECTOR, NONE);
  if (vector == 1) noteDebugDelivery();
  // Traps and aborts push the flags as they are; faults restart the instruction past its code breakpoint.
  const isTrap = (vector <= 4 && vector >= 1) || vector == DF;
  const flags = isTrap ? getEflags() : getEflags() | FLAG_RF;
  deliver(
    <u32>vector,
    false,
    1,
    load<u32>(CPU_EXC_HAS_ERROR) != 0,
    load<u32>(CPU_EXC_ERROR),
    load<u64>(CPU_RIP),
    flags,
  );
  arrive();
  return true;
}

/** An acknowledged external interrupt, at an instruction boundary (CPU_RIP is the next instruction). */
export function hardwareInterrupt(vector: u32): void {
  deliver(vector, false, 1, false, 0, load<u64>(CPU_RIP), getEflags());
  arrive();
}

/** A non-maskable interrupt; blocks further ones until IRET. The caller checks CPU_INHIBIT bit 1. */
export function nmi(): void {
  deliver(2, false, 1, false, 0, load<u64>(CPU_RIP), getEflags());
  arrive();
  store<u32>(CPU_INHIBIT, load<u32>(CPU_INHIBIT) | 2);
}

/** INT n, INT3, INTO (whose condition the caller tested) and INT1; continues at CPU_NEXT_RIP. */
export function softInterrupt(vector: u32, kind: u32): void {
  if (kind == SOFT_INT_N && isV86() && ((load<u32>(CPU_FLAGS) >> 12) & 3) < 3) raiseError(GP, 0);
  const isHardwareLike = kind == SOFT_INT1;
  deliver(vector, !isHardwareLike, isHardwareLike ? 1 : 0, false, 0, load<u64>(CPU_NEXT_RIP), getEflags() & ~FLAG_RF);
  // Delivery cleared TF: no single-step trap after the instruction.
  store<u32>(CELL_STEP, load<u32>(CELL_STEP) & ~2);
}

/** At a boundary the handler's first instruction is the current one. */
function arrive(): void {
  store<u64>(CPU_RIP, load<u64>(CPU_NEXT_RIP));
  store<i32>(CPU_EXC_DELIVERING, NONE);
  store<u32>(CPU_HALTED, 0);
  if (load<u32>(CPU_INHIBIT) & 1) {
    store<u32>(CPU_INHIBIT, load<u32>(CPU_INHIBIT) & ~(<u32>1));
    updateMode();
  }
}

function isContributory(vector: u32): bool {
  return vector == 0 || (vector >= TS && vector <= GP);
}

function deliver(vector: u32, isSoft: bool, ext: u32, hasError: bool, error: u32, returnRip: u64, flags: u32): void {
  if (!isProtected()) deliverReal(vector, returnRip, flags);
  else if (isLongActive()) deliverLong(vector, isSoft, ext, hasError, error, returnRip, flags);
  else deliverProtected(vector, isSoft, ext, hasError, error, returnRip, flags);
}

/** Real mode has no error codes. */
function deliverReal(vector: u32, returnRip: u64, flags: u32): void {
  const at = vector * 4;
  if (at + 3 > segLimit(IDTR)) raiseError(GP, 0);
  const offset = <u32>ldk16(<u64>(<u32>(segBase(IDTR) + at)));
  const selector = <u32>ldk16(<u64>(<u32>(segBase(IDTR) + at + 2)));
  useCurrentStack(0);
  stackPush(2, <u64>(flags & 0xffff));
  stackPush(2, <u64>segSelector(CS));
  stackPush(2, returnRip & 0xffff);
  if (offset > segLimit(CS)) raiseError(GP, 0);
  commitStack();
  store<u32>(CPU_FLAGS, load<u32>(CPU_FLAGS) & ~(<u32>(FLAG_IF | FLAG_TF | FLAG_AC | FLAG_RF)));
  writeRealSegment(CS, selector);
  store<u64>(CPU_NEXT_RIP, <u64>offset);
  updateMode();
}

function deliverProtected(
  vector: u32,
  isSoft: bool,
  ext: u32,
  hasError: bool,
  error: u32,
  returnRip: u64,
  flags: u32,
): void {
  const idtError = vector * 8 + 2 + ext;
  if (vector * 8 + 7 > segLimit(IDTR)) raiseError(GP, idtError);
  const gate = ldk64(<u64>(<u32>(segBase(IDTR) + vector * 8)));
  const gateAccess = descriptorAccess(gate);
  const type = gateAccess & 0x1f;
  if (type != 5 && type != 6 && type != 7 && type != 14 && type != 15) raiseError(GP, idtError);
  if (isSoft && accessDpl(gateAccess) < cpl()) raiseError(GP, idtError);
  if (!(gateAccess & ACCESS_P)) raiseError(NP, idtError);
  const code = <u32>(gate >> 16) & 0xffff;
  if (type == 5) {
    taskSwitch(code, TASK_INTERRUPT, ext, hasError ? 1 : 0, error, returnRip);
    return;
  }
  if (!(code & 0xfffc)) raiseError(GP, ext);
  const d = readDescriptor(code, GP, ext);
  const access = descriptorAccess(d);
  const dpl = accessDpl(access);
  const level = cpl();
  if ((access & (ACCESS_S | ACCESS_CODE)) != (ACCESS_S | ACCESS_CODE) || dpl > level)
    raiseError(GP, errorOf(code, ext));
  if (!(access & ACCESS_P)) raiseError(NP, errorOf(code, ext));
  const isInner = !(access & ACCESS_DIRECTION) && dpl < level;
  const wasV86 = isV86();
  if (wasV86 && (!isInner || dpl != 0)) raiseError(GP, errorOf(code, ext));
  const size: u32 = type >= 14 ? 4 : 2;
  const target = (gate & 0xffff) | (size == 4 ? (gate >> 32) & 0xffff0000 : 0);
  let stackDescriptor: u64 = 0;
  let newSelector: u32 = 0;
  if (isInner) {
    const newPointer = innerStackPointer(dpl, ext);
    newSelector = innerStackSelector(dpl, ext);
    stackDescriptor = checkStackSegment(newSelector, dpl, TS, ext);
    checkTarget(access, descriptorLimit(d), target, ext);
    useStack(stackDescriptor, newSelector, newPointer, false, ext);
    if (wasV86) {
      stackPush(size, <u64>segSelector(GS));
      stackPush(size, <u64>segSelector(FS));
      stackPush(size, <u64>segSelector(DS));
      stackPush(size, <u64>segSelector(ES));
    }
    stackPush(size, <u64>segSelector(SS));
    stackPush(size, load<u64>(CPU_GPR + 4 * 8));
  } else {
    checkTarget(access, descriptorLimit(d), target, ext);
    useCurrentStack(ext);
  }
  stackPush(size, <u64>flags);
  stackPush(size, <u64>segSelector(CS));
  stackPush(size, returnRip);
  if (hasError) stackPush(size, <u64>error);
  markAccessed(code, d);
  if (isInner) {
    writeFromDescriptor(SS, newSelector, stackDescriptor);
    if (wasV86) {
      writeNullSegment(ES, 0);
      writeNullSegment(DS, 0);
      writeNullSegment(FS, 0);
      writeNullSegment(GS, 0);
    }
  }
  commitStack();
  enterHandler(code, d, isInner ? dpl : level, type & 1, target);
}

function deliverLong(
  vector: u32,
  isSoft: bool,
  ext: u32,
  hasError: bool,
  error: u32,
  returnRip: u64,
  flags: u32,
): void {
  const idtError = vector * 8 + 2 + ext;
  if (vector * 16 + 15 > segLimit(IDTR)) raiseError(GP, idtError);
  const gate = ldk64(segBase(IDTR) + vector * 16);
  const high = ldk64(segBase(IDTR) + vector * 16 + 8);
  const gateAccess = descriptorAccess(gate);
  const type = gateAccess & 0x1f;
  if (type != 14 && type != 15) raiseError(GP, idtError);
  if (isSoft && accessDpl(gateAccess) < cpl()) raiseError(GP, idtError);
  if (!(gateAccess & ACCESS_P)) raiseError(NP, idtError);
  const code = <u32>(gate >> 16) & 0xffff;
  if (!(code & 0xfffc)) raiseError(GP, ext);
  const d = readDescriptor(code, GP, ext);
  const access = descriptorAccess(d);
  const dpl = accessDpl(access);
  const level = cpl();
  if (
    (access & (ACCESS_S | ACCESS_CODE)) != (ACCESS_S | ACCESS_CODE) ||
    dpl > level ||
    (access & (ACCESS_L | ACCESS_DB)) != ACCESS_L
  ) {
    raiseError(GP, errorOf(code, ext));
  }
  if (!(access & ACCESS_P)) raiseError(NP, errorOf(code, ext));
  const isInner = !(access & ACCESS_DIRECTION) && dpl < level;
  const newLevel = isInner ? dpl : level;
  const target = (gate & 0xffff) | ((gate >> 32) & 0xffff0000) | (high << 32);
  const ist = <u32>(gate >> 32) & 7;
  const oldSelector = segSelector(SS);
  const oldPointer = load<u64>(RSP);
  let pointer = oldPointer;
  if (ist) pointer = interruptStackTable(ist, ext);
  else if (isInner) pointer = innerStackPointer(dpl, ext);
  if (!isCanonical(target)) raiseError(GP, ext);
  useStack(0, 0, pointer & ~(<u64>15), true, ext);
  stackPush(8, <u64>oldSelector);
  stackPush(8, oldPointer);
  stackPush(8, <u64>flags);
  stackPush(8, <u64>segSelector(CS));
  stackPush(8, returnRip);
  if (hasError) stackPush(8, <u64>error);
  markAccessed(code, d);
  if (isInner) writeNullStack(newLevel, newLevel);
  commitStack();
  enterHandler(code, d, newLevel, type & 1, target);
}

function interruptStackTable(ist: u32, ext: u32): u64 {
  const at: u32 = 0x1c + ist * 8;
  if (at + 7 > segLimit(TR)) raiseError(TS, errorOf(segSelector(TR), ext));
  const pointer = ldk64(segBase(TR) + at);
  if (!isCanonical(pointer)) raiseError(SS_FAULT, ext);
  return pointer;
}

function enterHandler(code: u32, d: u64, level: u32, isTrapGate: u32, target: u64): void {
  let clear = FLAG_TF | FLAG_NT | FLAG_RF | FLAG_VM;
  if (!isTrapGate) clear |= FLAG_IF;
  store<u32>(CPU_FLAGS, load<u32>(CPU_FLAGS) & ~clear);
  commitCode(code, d, level);
  store<u32>(CPU_CPL, level);
  store<u64>(CPU_NEXT_RIP, target);
  updateMode();
}
