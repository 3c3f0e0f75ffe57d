// Operations the main loop does not run inline. CPU_RIP, CPU_NEXT_RIP and CELL_ENTRY are set, `linear` is the memory operand's
// address if there is one. Returns true if the loop must be left: control went elsewhere or what it keeps in locals may have changed.
// hot path: one switch by operation.
import { CPU_CC_SRC, CPU_FLAGS, CPU_GPR, CPU_INHIBIT, CPU_MODE, CPU_NEXT_RIP, CPU_RIP, CPU_SEG, SS } from './layout';
import { CELL_COMMIT } from './tables';
import { BR, GP, raise, raiseDe, raiseError, raiseUd } from './fault';
import {
  ARITH_MASK, FLAG_CF, FLAG_DF, FLAG_ZF, getArith, getCF, getOF, getPF, getZF, setCarryOverflow, setEflagsArith, setFlagBits, setFlagsResult, testCondition,
} from './flags';
import { alu, add, dec, inc, logic, readGpr, sub, writeGpr } from './alu';
import { commitWrite, ld16, ld32, ld64, ld8, ptrUpdate, st16, st32, st64, st8 } from './mmu';
import { dropStack, eaOffset, loadSized, peekStack, pushSized, segmentLinear, setStackPointer, stackLinear, stackMask } from './operand';
import { divideAccumulator, multiply16, multiply32, multiply64, multiplyAccumulator } from './muldiv';
import { asciiAdjust, bitTest, decimalAdjust, doubleShift, shift } from './shift';
import { noteIo, stringExec } from './string';
import { branchTarget } from './cache';
import { portIn, portOut, random } from './env';
import { inhibitInterrupts, loadSegment, segSelector } from './segment';
import { farCall, farJump, farReturn, interruptReturn } from './transfer';
import { softInterrupt } from './interrupt';
import {
  arpl, checkIo, cli, clts, cpuidExec, hlt, invlpg, lar, lgdt, lidt, lmsw, loadLdt, loadTr, lsl, movFromCr, movFromDr, movToCr, movToDr,
  popfValue, pushfValue, rdmsrExec, rdpmcExec, rdtscExec, rdtscpExec, sgdt, sidt, sldt, smsw, sti, str, swapgs, syscallExec, sysenterExec,
  sysexitExec, sysretExec, updateMode, verr, verw, vmcallExec, wbinvd, wrmsrExec, xgetbv, xsetbv,
} from './sysops';
import { x87Exec, x87Wait } from './x87/exec';
import { fxrstor, fxsave, ldmxcsr, stmxcsr, xrstor, xsave } from './x87/state';
import { simdExec } from './simd/exec';
import * as op from './ops';

const RAX = CPU_GPR;
const RCX = CPU_GPR + 8;
const RDX = CPU_GPR + 16;
const RBX = CPU_GPR + 24;
const RSP = CPU_GPR + 32;
const RBP = CPU_GPR + 40;

// ------------------------------------------------------------------ operands

// @ts-ignore: decorator
@inline function first(e: u32): u32 {
  return load<u8>(e, 8);
}
// @ts-ignore: decorator
@inline function kindOf(e: u32): u32 {
  return load<u8>(e, 9);
}
// @ts-ignore: decorator
@inline function value(e: u32): i32 {
  return load<i32>(e, 28);
}
// @ts-ignore: decorator
@inline function maskOf(size: u32): u64 {
  return <u64>-1 >> <u64>(64 - (size << 3));
}
// @ts-ignore: decorator
@inline function log2(size: u32): u32 {
  return 31 - clz<u32>(size);
}

/** Register by number, 16..19 the high bytes. */
function readRegister(n: u32, size: u32): u64 {
  return n >= 16 ? <u64>load<u8>(CPU_GPR + ((n - 16) << 3) + 1) : readGpr(n, size);
}
function writeRegister(n: u32, size: u32, result: u64): void {
  if (n >= 16) store<u8>(CPU_GPR + ((n - 16) << 3) + 1, <u8>result);
  else writeGpr(n, size, result);
}
function loadAny(linear: u64, size: u32): u64 {
  return size == 1 ? <u64>ld8(linear) : size == 2 ? <u64>ld16(linear) : size == 4 ? <u64>ld32(linear) : ld64(linear);
}
function loadHost(at: usize, size: u32): u64 {
  return size == 1 ? <u64>load<u8>(at) : size == 2 ? <u64>load<u16>(at) : size == 4 ? <u64>load<u32>(at) : load<u64>(at);
}
function storeAny(linear: u64, size: u32, result: u64): void {
  if (size == 1) st8(linear, <u32>result);
  else if (size == 2) st16(linear, <u32>result);
  else if (size == 4) st32(linear, <u32>result);
  else st64(linear, result);
}
function storeHost(at: usize, size: u32, result: u64): void {
  if (size == 1) store<u8>(at, <u8>result);
  else if (size == 2) store<u16>(at, <u16>result);
  else if (size == 4) store<u32>(at, <u32>result);
  else store<u64>(at, result);
}
// @ts-ignore: decorator
@inline function isMemory(e: u32): bool {
  return (load<u32>(e, 12) & 0x80) != 0;
}
function readRm(e: u32, linear: u64, size: u32): u64 {
  return isMemory(e) ? loadAny(linear, size) : readRegister(load<u32>(e, 12), size);
}
function writeRm(e: u32, linear: u64, size: u32, result: u64): void {
  if (isMemory(e)) storeAny(linear, size, result);
  else writeRegister(load<u32>(e, 12), size, result);
}

// Read-modify-write of r/m: `open` gives the host address of the operand (register or memory), `close` commits.
function open(e: u32, linear: u64, size: u32): usize {
  if (isMemory(e)) return ptrUpdate(linear, size);
  store<u32>(CELL_COMMIT, 0);
  const n = load<u32>(e, 12);
  return n >= 16 ? CPU_GPR + ((n - 16) << 3) + 1 : CPU_GPR + (n << 3);
}
function close(e: u32, at: usize, size: u32, result: u64): void {
  if (isMemory(e)) {
    storeHost(at, size, result);
    commitWrite();
  } else if (size == 4) store<u64>(at, result & 0xffffffff);
  else storeHost(at, size, result);
}

function aluSized(kind: u32, a: u64, b: u64, size: u32): u64 {
  if (size == 2) return <u64>aluOf<u16>(kind, <u16>a, <u16>b);
  if (size == 1) return <u64>aluOf<u8>(kind, <u8>a, <u8>b);
  if (size == 4) return <u64>aluOf<u32>(kind, <u32>a, <u32>b);
  return aluOf<u64>(kind, a, b);
}
function aluOf<T>(kind: u32, a: T, b: T): T {
  return alu<T>(kind, a, b);
}

// ------------------------------------------------------------------ control

function nearTarget(target: u64, size: u32): void {
  if (size == 2) target &= 0xffff;
  else if (size == 4) target &= 0xffffffff;
  checkNear(target);
  store<u64>(CPU_NEXT_RIP, target);
}

function checkNear(target: u64): void {
  if (load<u32>(CPU_MODE) & 2) {
    if (<i64>(target << 16) >> 16 != <i64>target) raiseError(GP, 0);
  } else if (target > <u64>load<u32>(CPU_SEG + 32, 8)) raiseError(GP, 0);
}

function truncate(target: u64, size: u32): u64 {
  return size == 2 ? target & 0xffff : size == 4 ? target & 0xffffffff : target;
}

function loopExec(e: u32): bool {
  const kind = load<u32>(e, 8);
  const addressSize = load<u32>(e, 12);
  const size = <u32>load<u8>(e, 7);
  let count = addressSize == 8 ? load<u64>(RCX) : addressSize == 4 ? <u64>load<u32>(RCX) : <u64>load<u16>(RCX);
  let taken: bool;
  if (kind == 3) taken = count == 0;
  else {
    count--;
    count = truncate(count, addressSize);
    taken = count != 0 && (kind == 2 || getZF() == kind);
  }
  if (taken) nearTarget(load<u64>(CPU_NEXT_RIP) + <u64><i64>value(e), size);
  if (kind != 3) {
    if (addressSize == 2) store<u16>(RCX, <u16>count);
    else store<u64>(RCX, count);
  }
  return true;
}

function enterExec(e: u32): void {
  const size = <u32>load<u8>(e, 7);
  const level = load<u32>(e, 8) & 31;
  const frameBytes = <u64>(<u32>value(e) & 0xffff);
  const mask = stackMask();
  // All accesses go through `offset` below the old stack pointer; nothing is written to registers before the last of them.
  let offset: u64 = 0 - <u64>size;
  storeSizedAt(offset, size, load<u64>(RBP));
  const frame = truncate(load<u64>(RSP) + offset, mask == 0xffff ? 2 : mask == 0xffffffff ? 4 : 8);
  if (level) {
    for (let i: u32 = 1; i < level; i++) {
      const from = (load<u64>(RBP) - <u64>(i * size)) & mask;
      const linked = loadSized(segmentLinear(SS, from, size, false), size);
      offset -= size;
      storeSizedAt(offset, size, linked);
    }
    offset -= size;
    storeSizedAt(offset, size, frame);
  }
  offset -= frameBytes;
  // The page the new stack pointer is in must be writable, or the instruction restarts.
  const probe = stackLinear(offset, size, true);
  ptrUpdate(probe, size);
  setStackPointer(load<u64>(RSP) + offset);
  if (size == 2) store<u16>(RBP, <u16>frame);
  else store<u64>(RBP, size == 4 ? frame & 0xffffffff : frame);
}

function storeSizedAt(offset: u64, size: u32, result: u64): void {
  storeAny(stackLinear(offset, size, true), size, result);
}

function pushAll(size: u32): void {
  const before = load<u64>(RSP);
  // Probe both ends first: then nothing below faults half-way.
  ptrUpdate(stackLinear(<u64>-<i64>(size * 8), size, true), size);
  ptrUpdate(stackLinear(<u64>-<i64>size, size, true), size);
  for (let i: u32 = 0; i < 8; i++) storeSizedAt(<u64>-<i64>((i + 1) * size), size, i == 4 ? before : load<u64>(CPU_GPR + (i << 3)));
  setStackPointer(before - size * 8);
}

function popAll(size: u32): void {
  peekStack(size * 7, size);
  peekStack(0, size);
  for (let i: u32 = 0; i < 8; i++) {
    if (i == 3) continue;
    writeGpr(7 - i, size, peekStack(i * size, size));
  }
  dropStack(size * 8);
}

function popSegment(e: u32): void {
  const size = <u32>load<u8>(e, 7);
  const selector = <u32>peekStackWord(size);
  const index = load<u32>(e, 8);
  const mask = stackMask();
  const after = load<u64>(RSP) + size;
  loadSegment(index, selector);
  // The pointer moves by the width the stack had before POP SS.
  if (mask == 0xffff) store<u16>(RSP, <u16>after);
  else store<u64>(RSP, after & mask);
  if (index == SS) inhibit();
}

/** A selector is read as a word even when the stack slot is wider. */
function peekStackWord(size: u32): u64 {
  return <u64>ld16(stackLinear(0, size, false));
}

function inhibit(): void {
  inhibitInterrupts();
  updateMode();
}

function cmpxchg(e: u32, linear: u64, size: u32): void {
  const at = open(e, linear, size);
  const present = loadHost(at, size);
  const mask = maskOf(size);
  const accumulator = load<u64>(RAX) & mask;
  aluSized(7, accumulator, present, size);
  if (accumulator == present) close(e, at, size, readRegister(first(e), size));
  else {
    // A memory destination is written in any case (with itself); a register is not, nor is its upper half cleared.
    if (isMemory(e)) close(e, at, size, present);
    writeGpr(0, size, present);
  }
}

function cmpxchgDouble(linear: u64, wide: u32): void {
  if (wide == 8) {
    if (<u32>linear & 15) raiseError(GP, 0);
    const at = ptrUpdate(linear, 16);
    const low = load<u64>(at);
    const high = load<u64>(at, 8);
    const isEqual = low == load<u64>(RAX) && high == load<u64>(RDX);
    if (isEqual) {
      store<u64>(at, load<u64>(RBX));
      store<u64>(at, load<u64>(RCX), 8);
    }
    commitWrite();
    if (!isEqual) {
      store<u64>(RAX, low);
      store<u64>(RDX, high);
    }
    setFlagBits(FLAG_ZF, isEqual ? FLAG_ZF : 0);
    return;
  }
  const at = ptrUpdate(linear, 8);
  const present = load<u64>(at);
  const wanted = (<u64>load<u32>(RDX) << 32) | <u64>load<u32>(RAX);
  const isEqual = present == wanted;
  if (isEqual) store<u64>(at, (<u64>load<u32>(RCX) << 32) | <u64>load<u32>(RBX));
  commitWrite();
  if (!isEqual) {
    store<u64>(RAX, present & 0xffffffff);
    store<u64>(RDX, present >> 32);
  }
  setFlagBits(FLAG_ZF, isEqual ? FLAG_ZF : 0);
}

function bitTestMemory(e: u32): void {
  const info = load<u32>(e, 8);
  const size = <u32>load<u8>(e, 7);
  const bits = size << 3;
  const raw = readGpr(info & 0xff, size);
  const offset = size == 2 ? <i64><i16>raw : size == 4 ? <i64><i32>raw : <i64>raw;
  const kind = info >> 16;
  const addressSize = (info >> 8) & 0xff;
  const address = truncate(eaOffset(e) + <u64>((offset >> (size == 2 ? 4 : size == 4 ? 5 : 6)) * size), addressSize);
  const linear = segmentLinear(<u32>value(e), address, size, kind != 0);
  const bit = <u32>offset & (bits - 1);
  if (kind == 0) bitTest(0, loadAny(linear, size), bit);
  else {
    const at = ptrUpdate(linear, size);
    storeHost(at, size, bitTest(kind, loadHost(at, size), bit));
    commitWrite();
  }
}

function ioIn(port: u32, size: u32): void {
  checkIo(port, size);
  noteIo(port, size);
  const result = portIn(port, size);
  if (size == 4) store<u64>(RAX, <u64>result);
  else if (size == 2) store<u16>(RAX, <u16>result);
  else store<u8>(RAX, <u8>result);
}

function ioOut(port: u32, size: u32): void {
  checkIo(port, size);
  noteIo(port, size);
  portOut(port, size, size == 4 ? load<u32>(RAX) : size == 2 ? <u32>load<u16>(RAX) : <u32>load<u8>(RAX));
}

/** SLDT, STR, SMSW: memory gets a word, a register its operand size zero-extended. */
function storeWord(e: u32, linear: u64, result: u64): void {
  if (isMemory(e)) st16(linear, <u32>result & 0xffff);
  else writeGpr(load<u32>(e, 12), load<u8>(e, 7), result);
}

// ------------------------------------------------------------------ hot entry formats without a case in the loop

/** ADD .. CMP, TEST, INC, DEC in the loop's format (addresses of registers) whose frequency does not earn a case there. */
function cold(e: u32, linear: u64, operation: u32): void {
  const kind = operation - op.OP_ADD8_RR;
  if (kind < 120) {
    const size: u32 = kind < 40 ? 1 : kind < 80 ? 4 : 8;
    const form = (kind % 40) >> 3;
    const source = form == 1 || form == 4 ? <u64><i64>value(e) : form == 2 ? loadAny(linear, size) : loadHost(load<u32>(e, 12), size);
    const which = kind & 7;
    if (form < 3) {
      const to = load<u32>(e, 8);
      const result = aluSized(which, loadHost(to, size), source, size);
      if (which != 7) storeRegister(to, size, result);
    } else if (which == 7) aluSized(7, loadAny(linear, size), source, size);
    else updateMemory(linear, size, which, source);
    return;
  }
  const test = operation - op.OP_TEST8_RR;
  if (test < 12) {
    const size: u32 = test < 4 ? 1 : test < 8 ? 4 : 8;
    const source = test & 1 ? <u64><i64>value(e) : loadHost(load<u32>(e, 12), size);
    const target = test & 2 ? loadAny(linear, size) : loadHost(load<u32>(e, 8), size);
    const result = target & source & maskOf(size);
    setFlagsResult(result, log2(size), 0);
    return;
  }
  // INC and DEC of a byte in memory.
  const at = ptrUpdate(linear, 1);
  store<u8>(at, operation == op.OP_INC8_M ? inc<u8>(load<u8>(at)) : dec<u8>(load<u8>(at)));
  commitWrite();
}

function updateMemory(linear: u64, size: u32, which: u32, source: u64): void {
  const at = ptrUpdate(linear, size);
  storeHost(at, size, aluSized(which, loadHost(at, size), source, size));
  commitWrite();
}

function storeRegister(to: u32, size: u32, result: u64): void {
  if (size == 4) store<u64>(to, result & 0xffffffff);
  else storeHost(to, size, result);
}

// ------------------------------------------------------------------ the switch

export function rare(e: u32, linear: u64): bool {
  const size = <u32>load<u8>(e, 7);
  const operation = <u32>load<u16>(e);
  if (operation < op.FIRST_RARE) {
    cold(e, linear, operation);
    return false;
  }
  switch (operation) {
    case op.OP_UD:
      raiseUd();
      return true;
    case op.OP_GP0:
      raiseError(GP, 0);
      return true;
    case op.OP_ALU_RM_R: {
      const kind = kindOf(e);
      const operand = readRegister(first(e), size);
      if (kind == 7) aluSized(7, readRm(e, linear, size), operand, size);
      else {
        const at = open(e, linear, size);
        close(e, at, size, aluSized(kind, loadHost(at, size), operand, size));
      }
      return false;
    }
    case op.OP_ALU_R_RM: {
      const kind = kindOf(e);
      const operand = readRm(e, linear, size);
      const result = aluSized(kind, readRegister(first(e), size), operand, size);
      if (kind != 7) writeRegister(first(e), size, result);
      return false;
    }
    case op.OP_ALU_RM_I: {
      const kind = kindOf(e);
      const operand = <u64><i64>value(e);
      if (kind == 7) aluSized(7, readRm(e, linear, size), operand, size);
      else {
        const at = open(e, linear, size);
        close(e, at, size, aluSized(kind, loadHost(at, size), operand, size));
      }
      return false;
    }
    case op.OP_TEST_RM_R:
      logic<u16>(<u16>(readRm(e, linear, size) & readRegister(first(e), size)));
      return false;
    case op.OP_TEST_RM_I:
      logic<u16>(<u16>(readRm(e, linear, size) & <u64>value(e)));
      return false;
    case op.OP_INC: {
      const at = open(e, linear, 2);
      close(e, at, 2, <u64>inc<u16>(load<u16>(at)));
      return false;
    }
    case op.OP_DEC: {
      const at = open(e, linear, 2);
      close(e, at, 2, <u64>dec<u16>(load<u16>(at)));
      return false;
    }
    case op.OP_NOT: {
      const at = open(e, linear, size);
      close(e, at, size, ~loadHost(at, size));
      return false;
    }
    case op.OP_NEG: {
      const at = open(e, linear, size);
      close(e, at, size, aluSized(5, 0, loadHost(at, size), size));
      return false;
    }
    case op.OP_MUL:
      multiplyAccumulator(readRm(e, linear, size), size, false);
      return false;
    case op.OP_IMUL1:
      multiplyAccumulator(readRm(e, linear, size), size, true);
      return false;
    case op.OP_DIV:
      divideAccumulator(readRm(e, linear, size), size, false);
      return false;
    case op.OP_IDIV:
      divideAccumulator(readRm(e, linear, size), size, true);
      return false;
    case op.OP_IMUL2:
      writeGpr(first(e), 2, <u64>multiply16(<u32>readGpr(first(e), 2), <u32>readRm(e, linear, 2)));
      return false;
    case op.OP_IMUL3: {
      const operand = readRm(e, linear, size);
      const constant = <u64><i64>value(e);
      const result = size == 2 ? <u64>multiply16(<u32>operand, <u32>constant) : size == 4 ? <u64>multiply32(<u32>operand, <u32>constant) : multiply64(operand, constant);
      writeGpr(first(e), size, result);
      return false;
    }
    case op.OP_SHIFT_I:
    case op.OP_SHIFT_CL: {
      const count = load<u16>(e) == op.OP_SHIFT_I ? <u32>value(e) : <u32>load<u8>(RCX);
      const at = open(e, linear, size);
      close(e, at, size, shift(kindOf(e), loadHost(at, size), count, size));
      return false;
    }
    case op.OP_SHLD_I:
    case op.OP_SHLD_CL: {
      const count = load<u16>(e) == op.OP_SHLD_I ? <u32>value(e) : <u32>load<u8>(RCX);
      const at = open(e, linear, size);
      close(e, at, size, doubleShift(false, loadHost(at, size), readGpr(first(e), size), count, size));
      return false;
    }
    case op.OP_SHRD_I:
    case op.OP_SHRD_CL: {
      const count = load<u16>(e) == op.OP_SHRD_I ? <u32>value(e) : <u32>load<u8>(RCX);
      const at = open(e, linear, size);
      close(e, at, size, doubleShift(true, loadHost(at, size), readGpr(first(e), size), count, size));
      return false;
    }
    case op.OP_BT_I: {
      const bit = <u32>value(e) & ((size << 3) - 1);
      const kind = kindOf(e);
      if (kind == 0) bitTest(0, readRm(e, linear, size), bit);
      else {
        const at = open(e, linear, size);
        close(e, at, size, bitTest(kind, loadHost(at, size), bit));
      }
      return false;
    }
    case op.OP_BT_R: {
      if (isMemory(e)) bitTestMemory(e);
      else {
        const bit = <u32>readGpr(first(e), size) & ((size << 3) - 1);
        const kind = kindOf(e);
        const result = bitTest(kind, readRegister(load<u32>(e, 12), size), bit);
        if (kind) writeGpr(load<u32>(e, 12), size, result);
      }
      return false;
    }
    case op.OP_BSF: {
      const operand = readRm(e, linear, size);
      // Only ZF is defined.
      setFlagsResult(operand, log2(size), 0);
      if (operand) writeGpr(first(e), size, ctz<u64>(operand));
      return false;
    }
    case op.OP_BSR: {
      const operand = readRm(e, linear, size);
      // Only ZF is defined.
      setFlagsResult(operand, log2(size), 0);
      if (operand) writeGpr(first(e), size, 63 - clz<u64>(operand));
      return false;
    }
    case op.OP_POPCNT: {
      const operand = readRm(e, linear, size);
      setEflagsArith(operand ? 0 : FLAG_ZF);
      writeGpr(first(e), size, popcnt<u64>(operand));
      return false;
    }
    case op.OP_BSWAP: {
      const n = load<u32>(e, 8);
      if (size == 8) writeGpr(n, 8, bswap<u64>(readGpr(n, 8)));
      // BSWAP of a word gives zero on the processors that define it at all.
      else if (size == 2) writeGpr(n, 2, 0);
      else writeGpr(n, 4, <u64>bswap<u32>(<u32>readGpr(n, 4)));
      return false;
    }
    case op.OP_XCHG: {
      const at = open(e, linear, size);
      const present = loadHost(at, size);
      const other = readRegister(first(e), size);
      close(e, at, size, other);
      writeRegister(first(e), size, present);
      return false;
    }
    case op.OP_XCHG_R16: {
      const n = load<u32>(e, 8);
      const other = readGpr(n, 2);
      writeGpr(n, 2, readGpr(0, 2));
      writeGpr(0, 2, other);
      return false;
    }
    case op.OP_XADD: {
      const at = open(e, linear, size);
      const present = loadHost(at, size);
      const other = readRegister(first(e), size);
      const sum = aluSized(0, present, other, size);
      // With both operands one register the sum wins.
      if (!isMemory(e)) writeRegister(first(e), size, present);
      close(e, at, size, sum);
      if (isMemory(e)) writeRegister(first(e), size, present);
      return false;
    }
    case op.OP_CMPXCHG:
      cmpxchg(e, linear, size);
      return false;
    case op.OP_CMPXCHG8B:
      cmpxchgDouble(linear, size);
      return false;
    case op.OP_MOVX: {
      const sub = kindOf(e);
      const source = sub >> 4;
      let operand = readRm(e, linear, source);
      if (sub & 1 && source == 1) operand = <u64><i64><i8>operand;
      writeGpr(first(e), 2, operand & 0xffff);
      return false;
    }
    case op.OP_LEA_ANY:
      writeGpr(first(e), size, truncate(eaOffset(e), size));
      return false;
    case op.OP_MOFFS_LOAD:
      writeGpr(0, size, loadAny(load<u64>(e, 24) + load<u64>(load<u32>(e, 8)), size));
      return false;
    case op.OP_MOFFS_STORE:
      storeAny(load<u64>(e, 24) + load<u64>(load<u32>(e, 8)), size, load<u64>(RAX));
      return false;
    case op.OP_CMOV16: {
      const operand = readRm(e, linear, 2);
      if (testCondition(kindOf(e))) writeGpr(first(e), 2, operand);
      return false;
    }
    case op.OP_SET_M:
      st8(linear, u32(testCondition(size)));
      return false;
    case op.OP_PUSH_R:
      pushSized(readGpr(first(e), 8), size);
      return false;
    case op.OP_PUSH_I:
      pushSized(<u64><i64>value(e), size);
      return false;
    case op.OP_PUSH_RM:
      pushSized(readRm(e, linear, size), size);
      return false;
    case op.OP_POP_R: {
      const popped = peekStack(0, size);
      dropStack(size);
      writeGpr(first(e), size, popped);
      return false;
    }
    case op.OP_PEEK:
      peekStack(0, size);
      return false;
    case op.OP_POP_RM: {
      const popped = peekStack(0, size);
      writeRm(e, linear, size, popped);
      if (isMemory(e)) dropStack(size);
      else {
        dropStack(size);
        writeGpr(load<u32>(e, 12), size, popped);
      }
      return false;
    }
    case op.OP_PUSH_SEG: {
      const selector = segSelector(load<u32>(e, 8));
      // A selector is written as a word into a dword slot; a qword slot is filled.
      if (size == 4) {
        st16(stackLinear(<u64>-4, 4, true), selector);
        setStackPointer(load<u64>(RSP) - 4);
      } else pushSized(<u64>selector, size);
      return false;
    }
    case op.OP_POP_SEG:
      popSegment(e);
      return true;
    case op.OP_PUSHA:
      pushAll(size);
      return false;
    case op.OP_POPA:
      popAll(size);
      return false;
    case op.OP_PUSHF:
      pushSized(pushfValue(size), size);
      return false;
    case op.OP_POPF: {
      const popped = peekStack(0, size);
      popfValue(popped, size);
      dropStack(size);
      return true;
    }
    case op.OP_ENTER:
      enterExec(e);
      return false;
    case op.OP_LEAVE: {
      const mask = stackMask();
      const frame = load<u64>(RBP) & mask;
      const popped = loadSized(segmentLinear(SS, frame, size, false), size);
      setStackPointer(frame + size);
      writeGpr(5, size, popped);
      return false;
    }
    case op.OP_CALL_REL: {
      const next = load<u64>(CPU_NEXT_RIP);
      const target = truncate(next + <u64><i64>value(e), size);
      checkNear(target);
      pushSized(next, size);
      store<u64>(CPU_NEXT_RIP, target);
      return true;
    }
    case op.OP_JMP_REL_FAR: {
      const kind = load<u32>(e, 8);
      if (kind == op.OP_JMP || testCondition(kind - op.OP_JO)) {
        nearTarget(load<u64>(CPU_NEXT_RIP) + <u64><i64>value(e), size);
        return true;
      }
      return false;
    }
    case op.OP_RET:
    case op.OP_RET_I: {
      const target = peekStack(0, size);
      checkNear(target);
      dropStack(size + (load<u16>(e) == op.OP_RET_I ? <u64><u32>value(e) : 0));
      store<u64>(CPU_NEXT_RIP, target);
      return true;
    }
    case op.OP_JMP_RM:
      nearTarget(readRm(e, linear, size), size);
      return true;
    case op.OP_CALL_RM: {
      const target = readRm(e, linear, size);
      checkNear(target);
      pushSized(load<u64>(CPU_NEXT_RIP), size);
      store<u64>(CPU_NEXT_RIP, target);
      return true;
    }
    case op.OP_LOOP:
      return loopExec(e);
    case op.OP_JMP_FAR_I:
      farJump(load<u32>(e, 8), <u64><u32>value(e), size);
      return true;
    case op.OP_CALL_FAR_I:
      farCall(load<u32>(e, 8), <u64><u32>value(e), size);
      return true;
    case op.OP_JMP_FAR_M:
    case op.OP_CALL_FAR_M: {
      const offset = loadAny(linear, size);
      const selector = ld16(linear + size);
      if (load<u16>(e) == op.OP_JMP_FAR_M) farJump(selector, offset, size);
      else farCall(selector, offset, size);
      return true;
    }
    case op.OP_RETF:
      farReturn(size, <u32>value(e));
      return true;
    case op.OP_IRET:
      interruptReturn(size);
      return true;
    case op.OP_INT:
      softInterrupt(<u32>value(e), 0);
      return true;
    case op.OP_INT3:
      softInterrupt(3, 1);
      return true;
    case op.OP_INTO:
      if (getOF()) softInterrupt(4, 2);
      return true;
    case op.OP_INT1:
      softInterrupt(1, 3);
      return true;
    case op.OP_MOV_TO_SEG: {
      const index = first(e);
      loadSegment(index, <u32>readRm(e, linear, 2));
      if (index == SS) inhibit();
      return true;
    }
    case op.OP_MOV_FROM_SEG: {
      const selector = <u64>segSelector(first(e));
      if (isMemory(e)) st16(linear, <u32>selector);
      else writeGpr(load<u32>(e, 12), size, selector);
      return false;
    }
    case op.OP_LOAD_FAR: {
      const offset = loadAny(linear, size);
      loadSegment(kindOf(e), ld16(linear + size));
      writeGpr(first(e), size, offset);
      return true;
    }
    case op.OP_IN_I:
      ioIn(<u32>value(e), size);
      return true;
    case op.OP_IN_DX:
      ioIn(load<u16>(RDX), size);
      return true;
    case op.OP_OUT_I:
      ioOut(<u32>value(e), size);
      return true;
    case op.OP_OUT_DX:
      ioOut(load<u16>(RDX), size);
      return true;
    case op.OP_STRING: {
      const options = <u32>value(e);
      if (stringExec(load<u32>(e, 8), size, load<u32>(e, 12), options & 3, options >> 8)) return false;
      // Not finished: stay on the instruction and let the loop's head look at what is pending.
      store<u64>(CPU_NEXT_RIP, load<u64>(CPU_RIP));
      return true;
    }
    case op.OP_XLAT: {
      const addressSize = load<u32>(e, 12);
      const offset = truncate(load<u64>(RBX) + <u64>load<u8>(RAX), addressSize);
      store<u8>(RAX, <u8>ld8(segmentLinear(load<u32>(e, 8), offset, 1, false)));
      return false;
    }
    case op.OP_CONVERT:
      store<u16>(RAX, <u16><i16>load<i8>(RAX));
      return false;
    case op.OP_EXTEND:
      store<u16>(RDX, <u16>(<i32>load<i16>(RAX) >> 15));
      return false;
    case op.OP_LAHF:
      store<u8>(RAX + 1, <u8>((getArith() & 0xd5) | 2));
      return false;
    case op.OP_SAHF:
      setFlagBits(0xd5, load<u8>(RAX + 1));
      return false;
    case op.OP_CLC:
      setCarryOverflow(getOF() << 11);
      return false;
    case op.OP_STC:
      setCarryOverflow(1 | (getOF() << 11));
      return false;
    case op.OP_CMC:
      setCarryOverflow((getCF() ^ 1) | (getOF() << 11));
      return false;
    case op.OP_CLD:
      store<u32>(CPU_FLAGS, load<u32>(CPU_FLAGS) & ~FLAG_DF);
      return false;
    case op.OP_STD:
      store<u32>(CPU_FLAGS, load<u32>(CPU_FLAGS) | FLAG_DF);
      return false;
    case op.OP_CLI:
      cli();
      return true;
    case op.OP_STI:
      sti();
      return true;
    case op.OP_HLT:
      hlt();
      return true;
    case op.OP_AAA:
      store<u16>(RAX, <u16>asciiAdjust(false, load<u16>(RAX)));
      return false;
    case op.OP_AAS:
      store<u16>(RAX, <u16>asciiAdjust(true, load<u16>(RAX)));
      return false;
    case op.OP_DAA:
      store<u8>(RAX, <u8>decimalAdjust(false, load<u8>(RAX)));
      return false;
    case op.OP_DAS:
      store<u8>(RAX, <u8>decimalAdjust(true, load<u8>(RAX)));
      return false;
    case op.OP_AAM: {
      const base = <u32>value(e);
      if (!base) raiseDe();
      const al = <u32>load<u8>(RAX);
      store<u8>(RAX + 1, <u8>(al / base));
      store<u8>(RAX, <u8>(al % base));
      setFlagsResult(<u64>(al % base), 0, 0);
      return false;
    }
    case op.OP_AAD: {
      const result = (load<u8>(RAX) + load<u8>(RAX + 1) * <u32>value(e)) & 0xff;
      store<u16>(RAX, <u16>result);
      setFlagsResult(<u64>result, 0, 0);
      return false;
    }
    case op.OP_SALC:
      store<u8>(RAX, getCF() ? 0xff : 0);
      return false;
    case op.OP_BOUND: {
      const spare: u64 = size == 2 ? 48 : 32;
      const index = <i64>(readGpr(first(e), size) << spare);
      if (index < <i64>(loadAny(linear, size) << spare)) raise(BR);
      if (index > <i64>(loadAny(linear + size, size) << spare)) raise(BR);
      return false;
    }
    case op.OP_ARPL: {
      const selector = <u32>readRm(e, linear, 2);
      const adjusted = arpl(selector, <u32>readGpr(first(e), 2));
      if (adjusted != selector) close(e, open(e, linear, 2), 2, <u64>adjusted);
      return false;
    }
    case op.OP_MOV_TO_CR:
      movToCr(load<u32>(e, 8), readGpr(load<u32>(e, 12), size));
      return true;
    case op.OP_MOV_FROM_CR:
      writeGpr(load<u32>(e, 12), size, movFromCr(load<u32>(e, 8)));
      return true;
    case op.OP_MOV_TO_DR:
      movToDr(load<u32>(e, 8), readGpr(load<u32>(e, 12), size));
      return true;
    case op.OP_MOV_FROM_DR:
      writeGpr(load<u32>(e, 12), size, movFromDr(load<u32>(e, 8)));
      return true;
    case op.OP_SLDT:
      storeWord(e, linear, <u64>sldt());
      return false;
    case op.OP_STR:
      storeWord(e, linear, <u64>str());
      return false;
    case op.OP_LLDT:
      loadLdt(<u32>readRm(e, linear, 2));
      return true;
    case op.OP_LTR:
      loadTr(<u32>readRm(e, linear, 2));
      return true;
    case op.OP_VERR:
      verr(<u32>readRm(e, linear, 2));
      return true;
    case op.OP_VERW:
      verw(<u32>readRm(e, linear, 2));
      return true;
    case op.OP_SGDT:
      sgdt(linear, size);
      return true;
    case op.OP_SIDT:
      sidt(linear, size);
      return true;
    case op.OP_LGDT:
      lgdt(linear, size);
      return true;
    case op.OP_LIDT:
      lidt(linear, size);
      return true;
    case op.OP_SMSW:
      storeWord(e, linear, smsw());
      return false;
    case op.OP_LMSW:
      lmsw(<u32>readRm(e, linear, 2));
      return true;
    case op.OP_INVLPG: {
      const segment = first(e);
      const mode = load<u32>(CPU_MODE);
      const offset = eaOffset(e);
      if (mode & 2) invlpg(segment >= 4 ? offset + load<u64>(CPU_SEG + (segment << 5)) : offset);
      else invlpg((offset + load<u64>(CPU_SEG + (segment << 5))) & 0xffffffff);
      return true;
    }
    case op.OP_CPUID:
      cpuidExec();
      return false;
    case op.OP_RDTSC:
      rdtscExec();
      return false;
    case op.OP_RDTSCP:
      rdtscpExec();
      return false;
    case op.OP_RDPMC:
      rdpmcExec();
      return false;
    case op.OP_RDMSR:
      rdmsrExec();
      return false;
    case op.OP_WRMSR:
      wrmsrExec();
      return true;
    case op.OP_SYSCALL:
      syscallExec();
      return true;
    case op.OP_SYSRET:
      sysretExec(size);
      return true;
    case op.OP_SYSENTER:
      sysenterExec();
      return true;
    case op.OP_SYSEXIT:
      sysexitExec(size);
      return true;
    case op.OP_SWAPGS:
      swapgs();
      return false;
    case op.OP_XGETBV:
      xgetbv();
      return false;
    case op.OP_XSETBV:
      xsetbv();
      return true;
    case op.OP_WBINVD:
      wbinvd();
      return false;
    case op.OP_CLTS:
      clts();
      return true;
    case op.OP_LAR:
      lar(<u32>readRm(e, linear, 2), size, load<u32>(e, 8));
      return false;
    case op.OP_LSL:
      lsl(<u32>readRm(e, linear, 2), size, load<u32>(e, 8));
      return false;
    case op.OP_VMCALL:
      vmcallExec();
      return true;
    case op.OP_X87:
      x87Exec(load<u32>(e, 8), <u32>value(e), linear, size);
      return false;
    case op.OP_WAIT:
      x87Wait();
      return false;
    case op.OP_SIMD: {
      const packed = <u32>value(e);
      simdExec(packed & 0xffff, load<u32>(e, 8), load<u32>(e, 12), linear, packed >> 16);
      return false;
    }
    case op.OP_RDRAND:
      writeGpr(load<u32>(e, 12), size, (<u64>random() << 32) | <u64>random());
      setEflagsArith(FLAG_CF);
      return false;
    case op.OP_FXSAVE:
      fxsave(linear, load<u32>(e, 8));
      return false;
    case op.OP_FXRSTOR:
      fxrstor(linear, load<u32>(e, 8));
      return false;
    case op.OP_LDMXCSR:
      ldmxcsr(linear);
      return false;
    case op.OP_STMXCSR:
      stmxcsr(linear);
      return false;
    case op.OP_XSAVE:
      xsave(linear, load<u32>(e, 8), 0);
      return false;
    case op.OP_XSAVEOPT:
      xsave(linear, load<u32>(e, 8), 1);
      return false;
    case op.OP_XRSTOR:
      xrstor(linear, load<u32>(e, 8));
      return false;
    default:
      raiseUd();
      return true;
  }
}
