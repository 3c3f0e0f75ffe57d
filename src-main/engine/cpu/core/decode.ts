// Decoder: instruction bytes to predecoded entries (format: loop.ts). [SDM-2 §2, appendix A]
// Operands that flat addressing does not cover get an address prelude entry (OP_EA_*) before their own, which then addresses
// CELL_EA. Hot operation and form pairs become inline operations of the main loop, all else operations of rare.ts, with
// +8 = register number | sub-operation << 8, +12 = register number of r/m or 0x80 for memory, +7 = operand bytes.
// Numbers 16..19 stand for AH CH DH BH. The decoder's state is in module variables: one instruction at a time, never saved.
import { CPU_GPR, CPU_SEG, CPU_XMM, CPU_ZERO, DS, ES, FS, SS } from './layout';
import {
  CELL_CONST_MINUS, CELL_CONST_PLUS, CELL_EA, CELL_RIP_PAGE, ENTRY_BYTES, FETCH_BUFFER, SCRATCH_BLOCK,
} from './tables';
import { fetchPage, physEntry, physReadBytes } from './mmu';
import { secondPage } from './cache';
import { isSimdStore, simdBytes, simdId } from './simd/decode';
import * as op from './ops';

const MAX_INSTRUCTIONS: u32 = 48;
/** How an instruction ends its block: not, by a transfer of its own, or by leaving the loop (a continuation entry follows). */
const GOES_ON: u32 = 0;
const TRANSFERS: u32 = 1;
const LEAVES: u32 = 2;

let at: u32 = 0;
let start: u32 = 0;
let out: u32 = 0;
let firstOut: u32 = 0;
let pageOffset: u32 = 0;
let index: u32 = 0;
let mode: u32 = 0;
let is64: bool = false;
let isFlat: bool = false;
let isFlatStack: bool = false;
let size: u32 = 4;
let addressSize: u32 = 4;
let rex: u32 = 0;
let hasRex: bool = false;
let has66: bool = false;
let segmentOverride: i32 = -1;
/** 0, 0xf2 or 0xf3, the last one given. */
let repeat: u32 = 0;
let hasLock: bool = false;
let isLockable: bool = false;
let isBad: bool = false;

let isMemory: bool = false;
let reg: u32 = 0;
let rm: u32 = 0;
let baseAt: u32 = CPU_ZERO;
let indexAt: u32 = CPU_ZERO;
let shift: u32 = 0;
let displacement: i64 = 0;
let isRipRelative: bool = false;
let defaultSegment: u32 = DS;

// ------------------------------------------------------------------ bytes

// @ts-ignore: decorator
@inline function byte(): u32 {
  return load<u8>(at++);
}
// @ts-ignore: decorator
@inline function signed8(): i32 {
  return load<i8>(at++);
}
function word(): u32 {
  at += 2;
  return load<u16>(at - 2);
}
function dword(): i32 {
  at += 4;
  return load<i32>(at - 4);
}
/** Immediate of an operand size, sign-extended (8 bytes: a dword). */
function immediate(bytes: u32): i32 {
  if (bytes == 1) return signed8();
  if (bytes == 2) return <i32><i16>word();
  return dword();
}

// ------------------------------------------------------------------ registers and memory operands

// @ts-ignore: decorator
@inline function gpr(n: u32): u32 {
  return CPU_GPR + (n << 3);
}
/** Address of an 8-bit register operand. */
function gpr8(n: u32): u32 {
  return !hasRex && n >= 4 && n < 8 ? CPU_GPR + ((n - 4) << 3) + 1 : gpr(n);
}
function gprOf(n: u32, bytes: u32): u32 {
  return bytes == 1 ? gpr8(n) : gpr(n);
}
/** Register number for rare operations. */
function number(n: u32, bytes: u32): u32 {
  return bytes == 1 && !hasRex && n >= 4 && n < 8 ? n + 12 : n;
}

function modrm(): void {
  const value = byte();
  const mod = value >> 6;
  reg = ((value >> 3) & 7) | ((rex & 4) << 1);
  rm = value & 7;
  isMemory = mod != 3;
  if (!isMemory) {
    rm |= (rex & 1) << 3;
    return;
  }
  defaultSegment = DS;
  displacement = 0;
  if (addressSize == 2) {
    if (rm < 4 || rm == 7) baseAt = gpr(rm == 2 || rm == 3 ? 5 : 3);
    else if (rm == 6) baseAt = gpr(5);
    if (rm < 4) indexAt = gpr(rm & 1 ? 7 : 6);
    else if (rm == 4) baseAt = gpr(6);
    else if (rm == 5) baseAt = gpr(7);
    if (rm == 2 || rm == 3 || rm == 6) defaultSegment = SS;
    if (mod == 0 && rm == 6) {
      baseAt = CPU_ZERO;
      defaultSegment = DS;
      displacement = <i64>word();
    } else if (mod == 1) displacement = signed8();
    else if (mod == 2) displacement = <i64><i16>word();
    return;
  }
  let hasNoBase = false;
  if (rm == 4) {
    const sib = byte();
    const indexRegister = ((sib >> 3) & 7) | ((rex & 2) << 2);
    if (indexRegister != 4) {
      indexAt = gpr(indexRegister);
      shift = sib >> 6;
    }
    const base = sib & 7;
    if (base == 5 && mod == 0) hasNoBase = true;
    else {
      baseAt = gpr(base | ((rex & 1) << 3));
      if (base == 4 && !(rex & 1)) defaultSegment = SS;
      if (base == 5 && !(rex & 1)) defaultSegment = SS;
    }
  } else if (rm == 5 && mod == 0) {
    hasNoBase = true;
    if (is64) {
      isRipRelative = true;
      baseAt = CELL_RIP_PAGE;
    }
  } else {
    baseAt = gpr(rm | ((rex & 1) << 3));
    if (rm == 5 && !(rex & 1)) defaultSegment = SS;
  }
  if (hasNoBase || mod == 2) displacement = <i64>dword();
  else if (mod == 1) displacement = signed8();
}

/** True if the memory operand's linear address is base + index << shift + displacement, truncated as the loop does. */
function isPlain(): bool {
  if (is64) return addressSize == 8 && (segmentOverride < FS);
  return isFlat && addressSize == 4 && (segmentOverride < 0 || segmentOverride == SS || segmentOverride == DS || segmentOverride == ES);
}

// ------------------------------------------------------------------ entries

function head(operation: u32): u32 {
  const e = out;
  store<u16>(e, <u16>operation);
  store<u8>(e, <u8>(at - start), 2);
  store<u8>(e, <u8>index, 3);
  store<u16>(e, <u16>pageOffset, 4);
  store<u8>(e, 0, 6);
  store<u8>(e, <u8>size, 7);
  store<u32>(e, CPU_ZERO, 16);
  store<u32>(e, CPU_ZERO, 20);
  store<i32>(e, 0, 24);
  out += ENTRY_BYTES;
  return e;
}

function putAddress(e: u32): void {
  let offset = displacement;
  let second = indexAt;
  if (isRipRelative) {
    offset += <i64>(pageOffset + (at - start));
    if (offset > i32.MAX_VALUE) {
      offset -= 0x40000000;
      second = CELL_CONST_PLUS;
    } else if (offset < i32.MIN_VALUE) {
      offset += 0x40000000;
      second = CELL_CONST_MINUS;
    }
  }
  store<u8>(e, <u8>shift, 6);
  store<u32>(e, baseAt, 16);
  store<u32>(e, second, 20);
  store<i32>(e, <i32>offset, 24);
}

/** Entry without memory operand. */
function emit(operation: u32, first: u32, second: u32, value: i32): u32 {
  const e = head(operation);
  store<u32>(e, first, 8);
  store<u32>(e, second, 12);
  store<i32>(e, value, 28);
  return e;
}

/** Entry with the memory operand, `bytes` wide, after its prelude if it needs one. */
function emitMemory(operation: u32, first: u32, second: u32, value: i32, bytes: u32, isWrite: bool): u32 {
  if (isPlain()) {
    const e = emit(operation, first, second, value);
    putAddress(e);
    return e;
  }
  const used = segmentOverride >= 0 ? <u32>segmentOverride : defaultSegment;
  if (is64 && addressSize == 8) putAddress(emit(op.OP_EA_BASE, CPU_SEG + (used << 5), 0, 0));
  else putAddress(emit(op.OP_EA_SEG, used | (addressSize << 8) | (<u32>isWrite << 16), bytes, 0));
  const e = emit(operation, first, second, value);
  store<u32>(e, CELL_EA, 16);
  return e;
}

/** Rare operation on r/m and a register: width and numbers as the head comment says. */
function emitRare(operation: u32, sub: u32, bytes: u32, value: i32, isWrite: bool): void {
  const first = number(reg, bytes) | (sub << 8);
  let e: u32;
  if (isMemory) e = emitMemory(operation, first, 0x80, value, bytes, isWrite);
  else e = emit(operation, first, number(rm, bytes), value);
  store<u8>(e, <u8>bytes, 7);
}

function bad(): u32 {
  isBad = true;
  return LEAVES;
}

// ------------------------------------------------------------------ groups

/** 0 for bytes, 1 for dwords, 2 for qwords. */
// @ts-ignore: decorator
@inline function step3(bytes: u32): u32 {
  return bytes == 1 ? 0 : bytes == 4 ? 1 : 2;
}
// @ts-ignore: decorator
@inline function step4(bytes: u32): u32 {
  return bytes == 1 ? 0 : bytes == 2 ? 1 : bytes == 4 ? 2 : 3;
}

function aluToRm(operation: u32, bytes: u32): u32 {
  modrm();
  isLockable = operation != 7;
  if (bytes == 2) emitRare(op.OP_ALU_RM_R, operation, 2, 0, operation != 7);
  else if (isMemory) emitMemory(op.OP_ADD8_MR + step3(bytes) * 40 + operation, 0, gprOf(reg, bytes), 0, bytes, operation != 7);
  else emit(op.OP_ADD8_RR + step3(bytes) * 40 + operation, gprOf(rm, bytes), gprOf(reg, bytes), 0);
  return GOES_ON;
}

function aluToRegister(operation: u32, bytes: u32): u32 {
  modrm();
  if (bytes == 2) emitRare(op.OP_ALU_R_RM, operation, 2, 0, false);
  else if (isMemory) emitMemory(op.OP_ADD8_RM + step3(bytes) * 40 + operation, gprOf(reg, bytes), 0, 0, bytes, false);
  else emit(op.OP_ADD8_RR + step3(bytes) * 40 + operation, gprOf(reg, bytes), gprOf(rm, bytes), 0);
  return GOES_ON;
}

/** Operation with an immediate already read, on the r/m operand decoded. */
function aluImmediate(operation: u32, bytes: u32, value: i32): u32 {
  isLockable = operation != 7;
  if (bytes == 2) emitRare(op.OP_ALU_RM_I, operation, 2, value, operation != 7);
  else if (isMemory) emitMemory(op.OP_ADD8_MI + step3(bytes) * 40 + operation, 0, 0, value, bytes, operation != 7);
  else emit(op.OP_ADD8_RI + step3(bytes) * 40 + operation, gprOf(rm, bytes), 0, value);
  return GOES_ON;
}

function testImmediate(bytes: u32, value: i32): void {
  if (bytes == 2) emitRare(op.OP_TEST_RM_I, 0, 2, value, false);
  else if (isMemory) emitMemory(op.OP_TEST8_MI + step3(bytes) * 4, 0, 0, value, bytes, false);
  else emit(op.OP_TEST8_RI + step3(bytes) * 4, gprOf(rm, bytes), 0, value);
}

function incDec(isDec: u32, bytes: u32): void {
  isLockable = true;
  if (bytes == 2) emitRare(isDec ? op.OP_DEC : op.OP_INC, 0, 2, 0, true);
  else if (isMemory) emitMemory(op.OP_INC8_M + step3(bytes) * 4 + isDec * 2, 0, 0, 0, bytes, true);
  else emit(op.OP_INC8_R + step3(bytes) * 4 + isDec * 2, gprOf(rm, bytes), 0, 0);
}

/** Stack operations default to 64 bits in 64-bit code. */
function stackSize(): u32 {
  return is64 ? (has66 ? 2 : 8) : size;
}

/** The fast stack operations cover the mode's natural width only; 0 for dwords, 1 for qwords, -1 neither. */
function fastStack(bytes: u32): i32 {
  if (!isFlatStack) return -1;
  return bytes == 8 ? 1 : bytes == 4 ? 0 : -1;
}

/** Width of near branches: 64-bit code ignores the operand-size prefix as Intel's processors do. */
function branchSize(): u32 {
  return is64 ? 8 : size;
}

function branch(operation: u32, relative: i32): u32 {
  size = branchSize();
  const target = <i64>relative + <i64>(pageOffset + (at - start));
  if (target != <i64><i32>target) emit(op.OP_JMP_REL_FAR, operation, 0, relative);
  else {
    const e = emit(operation, 0, 0, <i32>target);
    store<u32>(e, 0, 16);
  }
  return operation == op.OP_JMP ? TRANSFERS : GOES_ON;
}

/** Turns the entry of a compare, test or count-down into one that also takes the conditional branch behind it. */
function fuse(e: u32, condition: u32): void {
  const operation = <u32>load<u16>(e);
  const isInverted = condition & 1;
  const pair = condition >> 1;
  const kind = operation - op.OP_ADD8_RR;
  if (kind < 120 && (kind & 7) == 7) {
    const form = (kind / 40) * 5 + ((kind % 40) >> 3);
    if (pair == 2) setFused(e, op.OP_CMPZ8_RR + form, isInverted);
    else {
      const facts: u32 = pair == 1 ? 2 : pair == 3 ? 3 : pair == 4 ? 8 : pair == 6 ? 4 : pair == 7 ? 5 : 0;
      if (facts) setFused(e, op.OP_CMPX8_RR + form, facts | (isInverted << 7));
    }
    return;
  }
  const test = operation - op.OP_TEST8_RR;
  if (test < 12) {
    if (pair == 2 || pair == 3) setFused(e, op.OP_TESTZ8_RR + test, isInverted);
    else if (pair == 4 || pair == 6) setFused(e, op.OP_TESTX8_RR + test, 8 | (isInverted << 7));
    else if (pair == 7) setFused(e, op.OP_TESTX8_RR + test, 9 | (isInverted << 7));
    return;
  }
  if (pair != 2) return;
  if (operation == op.OP_DEC32_R) setFused(e, op.OP_DECZ32_R, isInverted);
  else if (operation == op.OP_DEC64_R) setFused(e, op.OP_DECZ64_R, isInverted);
  else if (operation == op.OP_SUB32_RI) setFused(e, op.OP_SUBZ32_RI, isInverted);
  else if (operation == op.OP_SUB64_RI) setFused(e, op.OP_SUBZ64_RI, isInverted);
}

function setFused(e: u32, operation: u32, control: u32): void {
  store<u16>(e, <u16>operation);
  store<u8>(e, <u8>control, 7);
}

function call(relative: i32): u32 {
  size = branchSize();
  const fast = fastStack(size);
  const target = <i64>relative + <i64>(pageOffset + (at - start));
  if (fast < 0 || target != <i64><i32>target) {
    emit(op.OP_CALL_REL, 0, 0, relative);
    return LEAVES;
  }
  const e = emit(fast ? op.OP_CALL64 : op.OP_CALL32, 0, 0, <i32>target);
  store<u32>(e, 0, 16);
  return TRANSFERS;
}

function pushRegister(n: u32): void {
  const bytes = stackSize();
  const fast = fastStack(bytes);
  size = bytes;
  if (fast < 0) emit(op.OP_PUSH_R, n, 0, 0);
  else emit(fast ? op.OP_PUSH_R64 : op.OP_PUSH_R32, gpr(n), 0, 0);
}

function popRegister(n: u32): void {
  const bytes = stackSize();
  const fast = fastStack(bytes);
  size = bytes;
  if (fast < 0) emit(op.OP_POP_R, n, 0, 0);
  else emit(fast ? op.OP_POP_R64 : op.OP_POP_R32, gpr(n), 0, 0);
}

function pushImmediate(value: i32): void {
  const bytes = stackSize();
  const fast = fastStack(bytes);
  size = bytes;
  if (fast < 0) emit(op.OP_PUSH_I, 0, 0, value);
  else emit(fast ? op.OP_PUSH_I64 : op.OP_PUSH_I32, 0, 0, value);
}

function shiftGroup(bytes: u32, count: i32): void {
  const kind = reg & 7;
  const masked = count & (bytes == 8 ? 63 : 31);
  if (!isMemory && bytes >= 4 && kind < 2 && masked) {
    const wide = bytes == 8;
    emit(kind == 0 ? (wide ? op.OP_ROL64_RI : op.OP_ROL32_RI) : wide ? op.OP_ROR64_RI : op.OP_ROR32_RI, gpr(rm), 0, masked);
  } else if (!isMemory && bytes >= 4 && kind >= 4 && masked) {
    const wide: u32 = bytes == 8 ? 1 : 0;
    const operation = kind == 5 ? (wide ? op.OP_SHR64_RI : op.OP_SHR32_RI) : kind == 7 ? (wide ? op.OP_SAR64_RI : op.OP_SAR32_RI) : wide ? op.OP_SHL64_RI : op.OP_SHL32_RI;
    emit(operation, gpr(rm), 0, masked);
  } else emitRare(op.OP_SHIFT_I, kind, bytes, count, true);
}

function group3(bytes: u32): u32 {
  modrm();
  const kind = reg & 7;
  if (kind < 2) {
    testImmediate(bytes, immediate(bytes));
    return GOES_ON;
  }
  if (kind == 2 || kind == 3) isLockable = true;
  if (!isMemory && bytes >= 4 && kind < 4) {
    const wide = bytes == 8;
    emit(kind == 2 ? (wide ? op.OP_NOT64_R : op.OP_NOT32_R) : wide ? op.OP_NEG64_R : op.OP_NEG32_R, gpr(rm), 0, 0);
    return GOES_ON;
  }
  const operation = kind == 2 ? op.OP_NOT : kind == 3 ? op.OP_NEG : kind == 4 ? op.OP_MUL : kind == 5 ? op.OP_IMUL1 : kind == 6 ? op.OP_DIV : op.OP_IDIV;
  emitRare(operation, 0, bytes, 0, kind < 4);
  return GOES_ON;
}

function group5(): u32 {
  modrm();
  const kind = reg & 7;
  if (kind < 2) {
    incDec(kind, size);
    return GOES_ON;
  }
  if (kind == 2 || kind == 4) {
    size = branchSize();
    const fast = fastStack(size);
    if (fast < 0) emitRare(kind == 2 ? op.OP_CALL_RM : op.OP_JMP_RM, 0, size, 0, false);
    else {
      const wide = fast == 1;
      if (isMemory) emitMemory(kind == 2 ? (wide ? op.OP_CALL_M64 : op.OP_CALL_M32) : wide ? op.OP_JMP_M64 : op.OP_JMP_M32, 0, 0, 0, size, false);
      else emit(kind == 2 ? (wide ? op.OP_CALL_R64 : op.OP_CALL_R32) : wide ? op.OP_JMP_R64 : op.OP_JMP_R32, 0, gpr(rm), 0);
    }
    return fast < 0 ? LEAVES : TRANSFERS;
  }
  if (kind == 3 || kind == 5) {
    if (!isMemory) return bad();
    const e = emitMemory(kind == 3 ? op.OP_CALL_FAR_M : op.OP_JMP_FAR_M, 0, 0x80, 0, size + 2, false);
    store<u8>(e, <u8>size, 7);
    return LEAVES;
  }
  if (kind == 6) {
    const bytes = stackSize();
    emitRare(op.OP_PUSH_RM, 0, bytes, 0, false);
    return GOES_ON;
  }
  return bad();
}

/** MOV between a register and r/m. */
function move(toRegister: bool, bytes: u32): void {
  modrm();
  const base = op.OP_MOV8_RR + step4(bytes) * 5;
  if (toRegister) {
    if (isMemory) emitMemory(base + 2, gprOf(reg, bytes), 0, 0, bytes, false);
    else emit(base, gprOf(reg, bytes), gprOf(rm, bytes), 0);
  } else if (isMemory) emitMemory(base + 3, 0, gprOf(reg, bytes), 0, bytes, true);
  else emit(base, gprOf(rm, bytes), gprOf(reg, bytes), 0);
}

function moffs(opcode: u32): void {
  const bytes: u32 = opcode & 1 ? size : 1;
  if (addressSize == 8) {
    const offset = load<u64>(at);
    at += 8;
    const used = segmentOverride >= <i32>FS ? CPU_SEG + (segmentOverride << 5) : CPU_ZERO;
    const e = emit(opcode < 0xa2 ? op.OP_MOFFS_LOAD : op.OP_MOFFS_STORE, used, 0, 0);
    store<u64>(e, offset, 24);
    store<u8>(e, <u8>bytes, 7);
    return;
  }
  displacement = addressSize == 2 ? <i64>word() : is64 ? <i64><u32>dword() : <i64>dword();
  isMemory = true;
  defaultSegment = DS;
  const base = op.OP_MOV8_RR + step4(bytes) * 5;
  if (opcode < 0xa2) emitMemory(base + 2, gpr(0), 0, 0, bytes, false);
  else emitMemory(base + 3, 0, gpr(0), 0, bytes, true);
}

function lea(): u32 {
  modrm();
  if (!isMemory) return bad();
  if (addressSize == (is64 ? 8 : 4) && size >= 4) putAddress(emit(size == 8 ? op.OP_LEA64 : op.OP_LEA32, gpr(reg), 0, 0));
  else putAddress(emit(op.OP_LEA_ANY, reg | (addressSize << 8), 0, 0));
  return GOES_ON;
}

function stringOperation(opcode: u32): void {
  const bytes: u32 = opcode & 1 ? (size == 8 && opcode >= 0x6c && opcode <= 0x6f ? 4 : size) : 1;
  const used: u32 = segmentOverride >= 0 ? <u32>segmentOverride : DS;
  const kind = opcode & 0xfe;
  const repeated: u32 = repeat == 0xf3 ? 1 : repeat == 0xf2 ? 2 : 0;
  const e = emit(op.OP_STRING, kind, addressSize, <i32>(repeated | (used << 8)));
  store<u8>(e, <u8>bytes, 7);
}

// ------------------------------------------------------------------ one-byte opcodes

function oneByte(opcode: u32): u32 {
  if (opcode < 0x40) {
    const operation = opcode >> 3;
    switch (opcode & 7) {
      case 0:
        return aluToRm(operation, 1);
      case 1:
        return aluToRm(operation, size);
      case 2:
        return aluToRegister(operation, 1);
      case 3:
        return aluToRegister(operation, size);
      case 4:
        rm = 0;
        return aluImmediate(operation, 1, signed8());
      case 5:
        rm = 0;
        return aluImmediate(operation, size, immediate(size));
      default: {
        if (is64) return bad();
        if (opcode >= 0x20) {
          emit(opcode == 0x27 ? op.OP_DAA : opcode == 0x2f ? op.OP_DAS : opcode == 0x37 ? op.OP_AAA : op.OP_AAS, 0, 0, 0);
          return GOES_ON;
        }
        const segment = opcode >> 3;
        if (opcode & 1) {
          emit(op.OP_POP_SEG, segment, 0, 0);
          return LEAVES;
        }
        emit(op.OP_PUSH_SEG, segment, 0, 0);
        return GOES_ON;
      }
    }
  }
  switch (opcode) {
    case 0x40: case 0x41: case 0x42: case 0x43: case 0x44: case 0x45: case 0x46: case 0x47:
    case 0x48: case 0x49: case 0x4a: case 0x4b: case 0x4c: case 0x4d: case 0x4e: case 0x4f:
      rm = opcode & 7;
      reg = 0;
      incDec((opcode >> 3) & 1, size);
      isLockable = false;
      return GOES_ON;
    case 0x50: case 0x51: case 0x52: case 0x53: case 0x54: case 0x55: case 0x56: case 0x57:
      pushRegister((opcode & 7) | ((rex & 1) << 3));
      return GOES_ON;
    case 0x58: case 0x59: case 0x5a: case 0x5b: case 0x5c: case 0x5d: case 0x5e: case 0x5f:
      popRegister((opcode & 7) | ((rex & 1) << 3));
      return GOES_ON;
    case 0x60: case 0x61:
      if (is64) return bad();
      emit(opcode == 0x60 ? op.OP_PUSHA : op.OP_POPA, 0, 0, 0);
      return GOES_ON;
    case 0x62: {
      if (is64) return bad();
      modrm();
      if (!isMemory) return bad();
      const e = emitMemory(op.OP_BOUND, reg, 0x80, 0, size * 2, false);
      store<u8>(e, <u8>size, 7);
      return GOES_ON;
    }
    case 0x63:
      modrm();
      if (is64) {
        if (size == 8) {
          if (isMemory) emitMemory(op.OP_MOVSX32_64_M, gpr(reg), 0, 0, 4, false);
          else emit(op.OP_MOVSX32_64_R, gpr(reg), gpr(rm), 0);
        } else if (isMemory) emitMemory(op.OP_MOV8_RR + step4(size) * 5 + 2, gpr(reg), 0, 0, size, false);
        else emit(op.OP_MOV8_RR + step4(size) * 5, gpr(reg), gpr(rm), 0);
        return GOES_ON;
      }
      if ((mode & 0x18) != 8) return bad();
      emitRare(op.OP_ARPL, 0, 2, 0, true);
      return GOES_ON;
    case 0x68:
      pushImmediate(immediate(stackSize()));
      return GOES_ON;
    case 0x69: case 0x6b: {
      modrm();
      const value = opcode == 0x6b ? signed8() : immediate(size);
      if (!isMemory && size >= 4) emit(size == 8 ? op.OP_IMUL64_RRI : op.OP_IMUL32_RRI, gpr(reg), gpr(rm), value);
      else emitRare(op.OP_IMUL3, 0, size, value, false);
      return GOES_ON;
    }
    case 0x6a:
      pushImmediate(signed8());
      return GOES_ON;
    case 0x6c: case 0x6d: case 0x6e: case 0x6f:
    case 0xa4: case 0xa5: case 0xa6: case 0xa7: case 0xaa: case 0xab: case 0xac: case 0xad: case 0xae: case 0xaf:
      stringOperation(opcode);
      return GOES_ON;
    case 0x70: case 0x71: case 0x72: case 0x73: case 0x74: case 0x75: case 0x76: case 0x77:
    case 0x78: case 0x79: case 0x7a: case 0x7b: case 0x7c: case 0x7d: case 0x7e: case 0x7f:
      return branch(op.OP_JO + (opcode & 15), signed8());
    case 0x80: case 0x82:
      if (opcode == 0x82 && is64) return bad();
      modrm();
      return aluImmediate(reg & 7, 1, signed8());
    case 0x81:
      modrm();
      return aluImmediate(reg & 7, size, immediate(size));
    case 0x83:
      modrm();
      return aluImmediate(reg & 7, size, signed8());
    case 0x84: case 0x85: {
      modrm();
      const bytes = opcode & 1 ? size : 1;
      if (bytes == 2) emitRare(op.OP_TEST_RM_R, 0, 2, 0, false);
      else if (isMemory) emitMemory(op.OP_TEST8_MR + step3(bytes) * 4, 0, gprOf(reg, bytes), 0, bytes, false);
      else emit(op.OP_TEST8_RR + step3(bytes) * 4, gprOf(rm, bytes), gprOf(reg, bytes), 0);
      return GOES_ON;
    }
    case 0x86: case 0x87: {
      modrm();
      isLockable = true;
      const bytes = opcode & 1 ? size : 1;
      if (!isMemory && bytes >= 4) emit(bytes == 8 ? op.OP_XCHG64_RR : op.OP_XCHG32_RR, gpr(reg), gpr(rm), 0);
      else emitRare(op.OP_XCHG, 0, bytes, 0, true);
      return GOES_ON;
    }
    case 0x88:
      move(false, 1);
      return GOES_ON;
    case 0x89:
      move(false, size);
      return GOES_ON;
    case 0x8a:
      move(true, 1);
      return GOES_ON;
    case 0x8b:
      move(true, size);
      return GOES_ON;
    case 0x8c:
      modrm();
      if ((reg & 7) > 5) return bad();
      reg &= 7;
      if (isMemory) size = 2;
      emitRare(op.OP_MOV_FROM_SEG, 0, size, 0, true);
      return GOES_ON;
    case 0x8d:
      return lea();
    case 0x8e:
      modrm();
      reg &= 7;
      if (reg > 5 || reg == 1) return bad();
      emitRare(op.OP_MOV_TO_SEG, 0, 2, 0, false);
      return LEAVES;
    case 0x8f: {
      // The address is computed with the stack pointer already moved; the prelude cannot know that, so RSP bases get it added.
      const bytes = stackSize();
      modrm();
      if (reg & 7) return bad();
      if (isMemory && baseAt == gpr(4)) displacement += bytes;
      // The stack is read before the destination's segment is checked, which the prelude would do first.
      if (isMemory && !is64 && !isPlain()) store<u8>(emit(op.OP_PEEK, 0, 0, 0), <u8>bytes, 7);
      emitRare(op.OP_POP_RM, 0, bytes, 0, true);
      return GOES_ON;
    }
    case 0x90:
      if (!(rex & 1)) {
        emit(op.OP_NOP, 0, 0, 0);
        return GOES_ON;
      }
      return exchangeAccumulator(0);
    case 0x91: case 0x92: case 0x93: case 0x94: case 0x95: case 0x96: case 0x97:
      return exchangeAccumulator(opcode & 7);
    case 0x98:
      if (size == 2) emit(op.OP_CONVERT, 0, 0, 0);
      else emit(size == 8 ? op.OP_CDQE : op.OP_CWDE, 0, 0, 0);
      return GOES_ON;
    case 0x99:
      if (size == 2) emit(op.OP_EXTEND, 0, 0, 0);
      else emit(size == 8 ? op.OP_CQO : op.OP_CDQ, 0, 0, 0);
      return GOES_ON;
    case 0x9a: case 0xea: {
      if (is64) return bad();
      const offset = size == 2 ? word() : <u32>dword();
      const selector = word();
      emit(opcode == 0xea ? op.OP_JMP_FAR_I : op.OP_CALL_FAR_I, selector, 0, <i32>offset);
      return LEAVES;
    }
    case 0x9b:
      emit(op.OP_WAIT, 0, 0, 0);
      return GOES_ON;
    case 0x9c:
      size = stackSize();
      emit(op.OP_PUSHF, 0, 0, 0);
      return GOES_ON;
    case 0x9d:
      size = stackSize();
      emit(op.OP_POPF, 0, 0, 0);
      return LEAVES;
    case 0x9e:
      emit(op.OP_SAHF, 0, 0, 0);
      return GOES_ON;
    case 0x9f:
      emit(op.OP_LAHF, 0, 0, 0);
      return GOES_ON;
    case 0xa0: case 0xa1: case 0xa2: case 0xa3:
      moffs(opcode);
      return GOES_ON;
    case 0xa8:
      rm = 0;
      testImmediate(1, signed8());
      return GOES_ON;
    case 0xa9:
      rm = 0;
      testImmediate(size, immediate(size));
      return GOES_ON;
    case 0xb0: case 0xb1: case 0xb2: case 0xb3: case 0xb4: case 0xb5: case 0xb6: case 0xb7:
      emit(op.OP_MOV8_RI, gpr8((opcode & 7) | ((rex & 1) << 3)), 0, signed8());
      return GOES_ON;
    case 0xb8: case 0xb9: case 0xba: case 0xbb: case 0xbc: case 0xbd: case 0xbe: case 0xbf: {
      const to = gpr((opcode & 7) | ((rex & 1) << 3));
      if (size == 8) {
        const value = load<u64>(at);
        at += 8;
        store<u64>(emit(op.OP_MOV64_RI64, to, 0, 0), value, 24);
      } else emit(size == 4 ? op.OP_MOV32_RI : op.OP_MOV16_RI, to, 0, immediate(size));
      return GOES_ON;
    }
    case 0xc0: case 0xc1: {
      modrm();
      const count = <i32>byte();
      shiftGroup(opcode & 1 ? size : 1, count);
      return GOES_ON;
    }
    case 0xc2: {
      const count = word();
      size = branchSize();
      emit(op.OP_RET_I, 0, 0, <i32>count);
      return LEAVES;
    }
    case 0xc3: {
      size = branchSize();
      const fast = fastStack(size);
      if (fast < 0) {
        emit(op.OP_RET, 0, 0, 0);
        return LEAVES;
      }
      emit(fast ? op.OP_RET64 : op.OP_RET32, 0, 0, 0);
      return TRANSFERS;
    }
    case 0xc4: case 0xc5: {
      // Without AVX the VEX forms (register ModRM) are undefined.
      if (is64) return bad();
      return loadFar(opcode == 0xc4 ? ES : DS);
    }
    case 0xc6: case 0xc7: {
      modrm();
      if (reg & 7) return bad();
      const bytes = opcode & 1 ? size : 1;
      const value = immediate(bytes);
      const base = op.OP_MOV8_RR + step4(bytes) * 5;
      if (isMemory) emitMemory(base + 4, 0, 0, value, bytes, true);
      else emit(base + 1, gprOf(rm, bytes), 0, value);
      return GOES_ON;
    }
    case 0xc8: {
      const frame = word();
      const level = byte();
      size = stackSize();
      emit(op.OP_ENTER, level, 0, <i32>frame);
      return GOES_ON;
    }
    case 0xc9: {
      size = stackSize();
      const fast = fastStack(size);
      emit(fast < 0 ? op.OP_LEAVE : fast ? op.OP_LEAVE64 : op.OP_LEAVE32, 0, 0, 0);
      return GOES_ON;
    }
    case 0xca: case 0xcb: {
      const count = opcode == 0xca ? word() : 0;
      emit(op.OP_RETF, 0, 0, <i32>count);
      return LEAVES;
    }
    case 0xcc:
      emit(op.OP_INT3, 0, 0, 0);
      return LEAVES;
    case 0xcd: {
      const vector = byte();
      emit(op.OP_INT, 0, 0, <i32>vector);
      return LEAVES;
    }
    case 0xce:
      if (is64) return bad();
      emit(op.OP_INTO, 0, 0, 0);
      return LEAVES;
    case 0xcf:
      emit(op.OP_IRET, 0, 0, 0);
      return LEAVES;
    case 0xd0: case 0xd1:
      modrm();
      shiftGroup(opcode & 1 ? size : 1, 1);
      return GOES_ON;
    case 0xd2: case 0xd3:
      modrm();
      if (!isMemory && opcode & 1 && size >= 4 && (reg & 7) >= 4) {
        const wide = size == 8;
        const kind = reg & 7;
        emit(kind == 5 ? (wide ? op.OP_SHR64_RC : op.OP_SHR32_RC) : kind == 7 ? (wide ? op.OP_SAR64_RC : op.OP_SAR32_RC) : wide ? op.OP_SHL64_RC : op.OP_SHL32_RC, gpr(rm), 0, 0);
      } else emitRare(op.OP_SHIFT_CL, reg & 7, opcode & 1 ? size : 1, 0, true);
      return GOES_ON;
    case 0xd4: case 0xd5: {
      if (is64) return bad();
      const base = byte();
      emit(opcode == 0xd4 ? op.OP_AAM : op.OP_AAD, 0, 0, <i32>base);
      return GOES_ON;
    }
    case 0xd6:
      if (is64) return bad();
      emit(op.OP_SALC, 0, 0, 0);
      return GOES_ON;
    case 0xd7:
      emit(op.OP_XLAT, segmentOverride >= 0 ? <u32>segmentOverride : DS, addressSize, 0);
      return GOES_ON;
    case 0xd8: case 0xd9: case 0xda: case 0xdb: case 0xdc: case 0xdd: case 0xde: case 0xdf:
      return x87(opcode);
    case 0xe0: case 0xe1: case 0xe2: case 0xe3: {
      const relative = signed8();
      size = branchSize();
      emit(op.OP_LOOP, opcode & 3, addressSize, relative);
      return LEAVES;
    }
    case 0xe4: case 0xe5: case 0xe6: case 0xe7: {
      const port = byte();
      size = opcode & 1 ? min<u32>(size, 4) : 1;
      emit(opcode < 0xe6 ? op.OP_IN_I : op.OP_OUT_I, 0, 0, <i32>port);
      return LEAVES;
    }
    case 0xe8:
      size = branchSize();
      return call(size == 2 ? <i32><i16>word() : dword());
    case 0xe9:
      size = branchSize();
      return branch(op.OP_JMP, size == 2 ? <i32><i16>word() : dword());
    case 0xeb:
      return branch(op.OP_JMP, signed8());
    case 0xec: case 0xed: case 0xee: case 0xef:
      size = opcode & 1 ? min<u32>(size, 4) : 1;
      emit(opcode < 0xee ? op.OP_IN_DX : op.OP_OUT_DX, 0, 0, 0);
      return LEAVES;
    case 0xf1:
      emit(op.OP_INT1, 0, 0, 0);
      return LEAVES;
    case 0xf4:
      emit(op.OP_HLT, 0, 0, 0);
      return LEAVES;
    case 0xf5:
      emit(op.OP_CMC, 0, 0, 0);
      return GOES_ON;
    case 0xf6:
      return group3(1);
    case 0xf7:
      return group3(size);
    case 0xf8:
      emit(op.OP_CLC, 0, 0, 0);
      return GOES_ON;
    case 0xf9:
      emit(op.OP_STC, 0, 0, 0);
      return GOES_ON;
    case 0xfa:
      emit(op.OP_CLI, 0, 0, 0);
      return LEAVES;
    case 0xfb:
      emit(op.OP_STI, 0, 0, 0);
      return LEAVES;
    case 0xfc:
      emit(op.OP_CLD, 0, 0, 0);
      return GOES_ON;
    case 0xfd:
      emit(op.OP_STD, 0, 0, 0);
      return GOES_ON;
    case 0xfe:
      modrm();
      if ((reg & 7) > 1) return bad();
      incDec(reg & 7, 1);
      return GOES_ON;
    case 0xff:
      return group5();
    default:
      return bad();
  }
}

function exchangeAccumulator(low: u32): u32 {
  const n = low | ((rex & 1) << 3);
  if (size == 2) emit(op.OP_XCHG_R16, n, 0, 0);
  else emit(size == 8 ? op.OP_XCHG64_RR : op.OP_XCHG32_RR, gpr(0), gpr(n), 0);
  return GOES_ON;
}

function loadFar(segment: u32): u32 {
  modrm();
  if (!isMemory) return bad();
  const e = emitMemory(op.OP_LOAD_FAR, reg | (segment << 8), 0x80, 0, size + 2, false);
  store<u8>(e, <u8>size, 7);
  return LEAVES;
}

/** Bytes of an x87 memory operand, for the segment check. */
function x87Bytes(opcode: u32, kind: u32): u32 {
  switch (opcode & 7) {
    case 0: case 2:
      return 4;
    case 1:
      return kind == 4 || kind == 6 ? (size == 2 ? 14 : 28) : kind == 5 || kind == 7 ? 2 : 4;
    case 3:
      return kind >= 5 ? 10 : 4;
    case 4:
      return 8;
    case 5:
      return kind == 4 || kind == 6 ? (size == 2 ? 94 : 108) : kind == 7 ? 2 : 8;
    case 6:
      return 2;
    default:
      return kind == 4 || kind == 6 ? 10 : kind == 5 || kind == 7 ? 8 : 2;
  }
}

function x87IsWrite(opcode: u32, kind: u32): bool {
  if (!(opcode & 1)) return false;
  if ((opcode & 7) == 1) return kind == 2 || kind == 3 || kind >= 6;
  return kind == 1 || kind == 2 || kind == 3 || kind >= 6;
}

function x87(opcode: u32): u32 {
  const encoded = load<u8>(at);
  modrm();
  if (isMemory) emitMemory(op.OP_X87, opcode, 0x80, <i32>encoded, x87Bytes(opcode, reg & 7), x87IsWrite(opcode, reg & 7));
  else emit(op.OP_X87, opcode, 0, <i32>encoded);
  return GOES_ON;
}

// ------------------------------------------------------------------ 0F map

// @ts-ignore: decorator
@inline function xmm(n: u32): u32 {
  return CPU_XMM + (n << 6);
}

/** The moves among vector registers, memory and general registers that need no unit of their own. False: not one of them. */
function plainMove(prefix: u32, opcode: u32): bool {
  const isPacked = prefix < 2;
  switch (opcode) {
    case 0x10:
    case 0x11: {
      const isStore = opcode == 0x11;
      if (isPacked) {
        if (!isMemory) emit(op.OP_XMM_MOVE, xmm(isStore ? rm : reg), xmm(isStore ? reg : rm), 0);
        else if (isStore) emitMemory(op.OP_XMM_STORE, 0, xmm(reg), 0, 16, true);
        else emitMemory(op.OP_XMM_LOAD, xmm(reg), 0, 0, 16, false);
        return true;
      }
      if (!isMemory) return false;
      const bytes: u32 = prefix == 2 ? 4 : 8;
      if (isStore) emitMemory(bytes == 4 ? op.OP_XMM_STORE32 : op.OP_XMM_STORE64, 0, xmm(reg), 0, bytes, true);
      else emitMemory(bytes == 4 ? op.OP_XMM_LOAD32 : op.OP_XMM_LOAD64, xmm(reg), 0, 0, bytes, false);
      return true;
    }
    case 0x28:
    case 0x29:
    case 0x6f:
    case 0x7f: {
      const isStore = opcode == 0x29 || opcode == 0x7f;
      const isInteger = opcode >= 0x6f;
      // Without prefix 6F and 7F are MMX; with F3 they take any alignment.
      if (isInteger ? prefix != 1 && prefix != 2 : prefix > 1) return false;
      const isAligned: u32 = prefix == 2 ? 0 : 1;
      if (!isMemory) emit(op.OP_XMM_MOVE, xmm(isStore ? rm : reg), xmm(isStore ? reg : rm), 0);
      else if (isStore) emitMemory(op.OP_XMM_STORE + isAligned, 0, xmm(reg), 0, 16, true);
      else emitMemory(op.OP_XMM_LOAD + isAligned, xmm(reg), 0, 0, 16, false);
      return true;
    }
    case 0x57:
    case 0xef:
      if (isMemory || (opcode == 0x57 ? prefix > 1 : prefix != 1)) return false;
      emit(op.OP_XMM_XOR, xmm(reg), xmm(rm), 0);
      return true;
    case 0x6e:
      if (prefix != 1 || isMemory) return false;
      emit(rex & 8 ? op.OP_XMM_FROM_R64 : op.OP_XMM_FROM_R32, xmm(reg), gpr(rm), 0);
      return true;
    case 0x7e:
      if (prefix == 1 && !isMemory) emit(rex & 8 ? op.OP_XMM_TO_R64 : op.OP_XMM_TO_R32, gpr(rm), xmm(reg), 0);
      else if (prefix == 2 && isMemory) emitMemory(op.OP_XMM_LOAD64, xmm(reg), 0, 0, 8, false);
      else return false;
      return true;
    case 0xd6:
      if (prefix != 1 || !isMemory) return false;
      emitMemory(op.OP_XMM_STORE64, 0, xmm(reg), 0, 8, true);
      return true;
    default:
      return false;
  }
}

function simd(map: u32, opcode: u32): u32 {
  const prefix: u32 = repeat == 0xf3 ? 2 : repeat == 0xf2 ? (has66 ? 4 : 3) : has66 ? 1 : 0;
  const id = simdId(map, prefix, opcode, u32(load<u8>(at) >= 0xc0), (rex >> 3) & 1);
  if (!id) {
    // The ModRM byte belongs to the instruction even so.
    modrm();
    return bad();
  }
  if (!(id & 0x20000)) modrm();
  const value: u32 = id & 0x10000 ? byte() : 0;
  const packed = <i32>((id & 0xffff) | (value << 16));
  if (map == 0 && !(mode & 0x800) && plainMove(prefix, opcode)) return GOES_ON;
  if (map == 0 && opcode == 0xf7 && !isMemory) {
    // MASKMOVQ and MASKMOVDQU write at DS:rDI.
    baseAt = gpr(7);
    displacement = 0;
    defaultSegment = DS;
    emitMemory(op.OP_SIMD, reg, rm, packed, 8, true);
  } else if (isMemory) emitMemory(op.OP_SIMD, reg, 0x80, packed, simdBytes(id), isSimdStore(id));
  else emit(op.OP_SIMD, reg, map == 1 && opcode == 0xf0 && !hasRex && rm >= 4 ? 0x40 | (rm - 4) : rm, packed);
  return GOES_ON;
}

function group6(): u32 {
  modrm();
  const kind = reg & 7;
  if ((mode & 0x18) != 8 || kind > 5) return bad();
  if (kind < 2) {
    if (isMemory) size = 2;
    emitRare(kind ? op.OP_STR : op.OP_SLDT, 0, size, 0, true);
    return GOES_ON;
  }
  emitRare(kind == 2 ? op.OP_LLDT : kind == 3 ? op.OP_LTR : kind == 4 ? op.OP_VERR : op.OP_VERW, 0, 2, 0, false);
  return LEAVES;
}

function group7(): u32 {
  const encoded = <u32>load<u8>(at);
  modrm();
  const kind = reg & 7;
  if (isMemory) {
    if (kind < 4) {
      const bytes: u32 = is64 ? 10 : 6;
      const e = emitMemory(kind == 0 ? op.OP_SGDT : kind == 1 ? op.OP_SIDT : kind == 2 ? op.OP_LGDT : op.OP_LIDT, 0, 0x80, 0, bytes, kind < 2);
      store<u8>(e, <u8>(is64 ? 8 : size), 7);
      return LEAVES;
    }
    if (kind == 4) {
      size = 2;
      emitRare(op.OP_SMSW, 0, 2, 0, true);
      return GOES_ON;
    }
    if (kind == 6) {
      emitRare(op.OP_LMSW, 0, 2, 0, false);
      return LEAVES;
    }
    if (kind == 7) {
      // No access: only the address counts.
      const used: u32 = segmentOverride >= 0 ? <u32>segmentOverride : defaultSegment;
      putAddress(emit(op.OP_INVLPG, used | (addressSize << 8), 0, 0));
      return LEAVES;
    }
    return bad();
  }
  if (kind == 4) {
    emitRare(op.OP_SMSW, 0, size, 0, true);
    return GOES_ON;
  }
  if (kind == 6) {
    emitRare(op.OP_LMSW, 0, 2, 0, false);
    return LEAVES;
  }
  switch (encoded) {
    case 0xc1:
      emit(op.OP_VMCALL, 0, 0, 0);
      return LEAVES;
    case 0xd9:
      emit(op.OP_VMCALL, 0, 0, 1);
      return LEAVES;
    case 0xd0:
      emit(op.OP_XGETBV, 0, 0, 0);
      return GOES_ON;
    case 0xd1:
      emit(op.OP_XSETBV, 0, 0, 0);
      return LEAVES;
    case 0xf8:
      if (!is64) return bad();
      emit(op.OP_SWAPGS, 0, 0, 0);
      return GOES_ON;
    case 0xf9:
      emit(op.OP_RDTSCP, 0, 0, 0);
      return GOES_ON;
    default:
      return bad();
  }
}

function group15(): u32 {
  modrm();
  const kind = reg & 7;
  if (!isMemory) {
    if (repeat || has66) return bad();
    if (kind < 5) return bad();
    emit(op.OP_NOP, 0, 0, 0);
    return GOES_ON;
  }
  if (repeat) return bad();
  const wide = (rex >> 3) & 1;
  if (has66) {
    // CLFLUSHOPT and CLWB are not advertised.
    return bad();
  }
  switch (kind) {
    case 0:
      emitMemory(op.OP_FXSAVE, wide, 0x80, 0, 512, true);
      break;
    case 1:
      emitMemory(op.OP_FXRSTOR, wide, 0x80, 0, 512, false);
      break;
    case 2:
      emitMemory(op.OP_LDMXCSR, 0, 0x80, 0, 4, false);
      break;
    case 3:
      emitMemory(op.OP_STMXCSR, 0, 0x80, 0, 4, true);
      break;
    case 4:
      emitMemory(op.OP_XSAVE, wide, 0x80, 0, 576, true);
      break;
    case 5:
      emitMemory(op.OP_XRSTOR, wide, 0x80, 0, 576, false);
      break;
    case 6:
      emitMemory(op.OP_XSAVEOPT, wide, 0x80, 0, 576, true);
      break;
    default:
      emit(op.OP_NOP, 0, 0, 0);
      break;
  }
  return GOES_ON;
}

function controlMove(opcode: u32): u32 {
  // MOV to and from control and debug registers ignores mod: the operand is always a register.
  const value = byte();
  const n = ((value >> 3) & 7) | ((rex & 4) << 1);
  const r = (value & 7) | ((rex & 1) << 3);
  const isDebug = (opcode & 1) != 0;
  if (isDebug ? n > 7 : n != 0 && n != 2 && n != 3 && n != 4 && n != 8) return bad();
  if (n == 8 && !is64) return bad();
  size = is64 ? 8 : 4;
  const operation = opcode == 0x20 ? op.OP_MOV_FROM_CR : opcode == 0x21 ? op.OP_MOV_FROM_DR : opcode == 0x22 ? op.OP_MOV_TO_CR : op.OP_MOV_TO_DR;
  emit(operation, n, r, 0);
  return LEAVES;
}

function twoByte(opcode: u32): u32 {
  switch (opcode) {
    case 0x00:
      return group6();
    case 0x01:
      return group7();
    case 0x02: case 0x03:
      if ((mode & 0x18) != 8) return bad();
      modrm();
      // The r/m operand is a selector: a word, whatever the operand size.
      if (isMemory) emitMemory(opcode == 2 ? op.OP_LAR : op.OP_LSL, reg, 0x80, 0, 2, false);
      else emit(opcode == 2 ? op.OP_LAR : op.OP_LSL, reg, rm, 0);
      return GOES_ON;
    case 0x05:
      emit(op.OP_SYSCALL, 0, 0, 0);
      return LEAVES;
    case 0x06:
      emit(op.OP_CLTS, 0, 0, 0);
      return LEAVES;
    case 0x07:
      emit(op.OP_SYSRET, 0, 0, 0);
      return LEAVES;
    case 0x08: case 0x09:
      emit(op.OP_WBINVD, 0, 0, 0);
      return GOES_ON;
    case 0x0d: case 0x18: case 0x19: case 0x1a: case 0x1b: case 0x1c: case 0x1d: case 0x1e: case 0x1f:
      modrm();
      emit(op.OP_NOP, 0, 0, 0);
      return GOES_ON;
    case 0x20: case 0x21: case 0x22: case 0x23:
      return controlMove(opcode);
    case 0x30:
      emit(op.OP_WRMSR, 0, 0, 0);
      return LEAVES;
    case 0x31:
      emit(op.OP_RDTSC, 0, 0, 0);
      return GOES_ON;
    case 0x32:
      emit(op.OP_RDMSR, 0, 0, 0);
      return GOES_ON;
    case 0x33:
      emit(op.OP_RDPMC, 0, 0, 0);
      return GOES_ON;
    case 0x34:
      emit(op.OP_SYSENTER, 0, 0, 0);
      return LEAVES;
    case 0x35:
      emit(op.OP_SYSEXIT, 0, 0, 0);
      return LEAVES;
    case 0x38:
      return simd(1, byte());
    case 0x3a:
      return simd(2, byte());
    case 0x40: case 0x41: case 0x42: case 0x43: case 0x44: case 0x45: case 0x46: case 0x47:
    case 0x48: case 0x49: case 0x4a: case 0x4b: case 0x4c: case 0x4d: case 0x4e: case 0x4f: {
      modrm();
      if (size == 2) emitRare(op.OP_CMOV16, opcode & 15, 2, 0, false);
      else {
        const wide = size == 8;
        let e: u32;
        if (isMemory) e = emitMemory(wide ? op.OP_CMOV64_M : op.OP_CMOV32_M, gpr(reg), 0, 0, size, false);
        else e = emit(wide ? op.OP_CMOV64_R : op.OP_CMOV32_R, gpr(reg), gpr(rm), 0);
        store<u8>(e, <u8>(opcode & 15), 7);
      }
      return GOES_ON;
    }
    case 0x80: case 0x81: case 0x82: case 0x83: case 0x84: case 0x85: case 0x86: case 0x87:
    case 0x88: case 0x89: case 0x8a: case 0x8b: case 0x8c: case 0x8d: case 0x8e: case 0x8f:
      size = branchSize();
      return branch(op.OP_JO + (opcode & 15), size == 2 ? <i32><i16>word() : dword());
    case 0x90: case 0x91: case 0x92: case 0x93: case 0x94: case 0x95: case 0x96: case 0x97:
    case 0x98: case 0x99: case 0x9a: case 0x9b: case 0x9c: case 0x9d: case 0x9e: case 0x9f: {
      modrm();
      let e: u32;
      if (isMemory) e = emitMemory(op.OP_SET_M, 0, 0x80, 0, 1, true);
      else e = emit(op.OP_SET_R, 0, gpr8(rm), 0);
      store<u8>(e, <u8>(opcode & 15), 7);
      return GOES_ON;
    }
    case 0xa0: case 0xa8:
      size = stackSize();
      emit(op.OP_PUSH_SEG, opcode == 0xa0 ? 4 : 5, 0, 0);
      return GOES_ON;
    case 0xa1: case 0xa9:
      size = stackSize();
      emit(op.OP_POP_SEG, opcode == 0xa1 ? 4 : 5, 0, 0);
      return LEAVES;
    case 0xa2:
      emit(op.OP_CPUID, 0, 0, 0);
      return GOES_ON;
    case 0xa3: case 0xab: case 0xb3: case 0xbb:
      return bitTestRegister((opcode >> 3) & 3);
    case 0xa4: case 0xac: {
      modrm();
      const count = <i32>byte();
      emitRare(opcode == 0xa4 ? op.OP_SHLD_I : op.OP_SHRD_I, 0, size, count, true);
      return GOES_ON;
    }
    case 0xa5: case 0xad:
      modrm();
      emitRare(opcode == 0xa5 ? op.OP_SHLD_CL : op.OP_SHRD_CL, 0, size, 0, true);
      return GOES_ON;
    case 0xae:
      return group15();
    case 0xaf:
      modrm();
      if (size == 2) emitRare(op.OP_IMUL2, 0, 2, 0, false);
      else if (isMemory) emitMemory(size == 8 ? op.OP_IMUL64_RM : op.OP_IMUL32_RM, gpr(reg), 0, 0, size, false);
      else emit(size == 8 ? op.OP_IMUL64_RR : op.OP_IMUL32_RR, gpr(reg), gpr(rm), 0);
      return GOES_ON;
    case 0xb0: case 0xb1:
      modrm();
      isLockable = true;
      emitRare(op.OP_CMPXCHG, 0, opcode & 1 ? size : 1, 0, true);
      return GOES_ON;
    case 0xb2:
      return loadFar(2);
    case 0xb4:
      return loadFar(4);
    case 0xb5:
      return loadFar(5);
    case 0xb6: case 0xb7: case 0xbe: case 0xbf:
      return extend(opcode);
    case 0xb8:
      if (repeat != 0xf3) return bad();
      modrm();
      emitRare(op.OP_POPCNT, 0, size, 0, false);
      return GOES_ON;
    case 0xb9:
      modrm();
      return bad();
    case 0xba: {
      modrm();
      const kind = reg & 7;
      const count = <i32>byte();
      if (kind < 4) return bad();
      isLockable = kind != 4;
      emitRare(op.OP_BT_I, kind & 3, size, count, kind != 4);
      return GOES_ON;
    }
    case 0xbc:
      modrm();
      emitRare(op.OP_BSF, 0, size, 0, false);
      return GOES_ON;
    case 0xbd:
      modrm();
      emitRare(op.OP_BSR, 0, size, 0, false);
      return GOES_ON;
    case 0xc0: case 0xc1:
      modrm();
      isLockable = true;
      emitRare(op.OP_XADD, 0, opcode & 1 ? size : 1, 0, true);
      return GOES_ON;
    case 0xc3:
      if (has66 || repeat) return bad();
      modrm();
      if (!isMemory) return bad();
      emitMemory(op.OP_MOV8_MR + step4(size) * 5, 0, gpr(reg), 0, size, true);
      return GOES_ON;
    case 0xc7: {
      modrm();
      if (!isMemory && (reg & 7) == 6 && !repeat) {
        emitRare(op.OP_RDRAND, 0, size, 0, false);
        return GOES_ON;
      }
      if ((reg & 7) != 1 || !isMemory) return bad();
      isLockable = true;
      const wide: u32 = size == 8 ? 8 : 4;
      const e = emitMemory(op.OP_CMPXCHG8B, 0, 0x80, 0, wide * 2, true);
      store<u8>(e, <u8>wide, 7);
      return GOES_ON;
    }
    case 0xc8: case 0xc9: case 0xca: case 0xcb: case 0xcc: case 0xcd: case 0xce: case 0xcf:
      emit(op.OP_BSWAP, (opcode & 7) | ((rex & 1) << 3), 0, 0);
      return GOES_ON;
    case 0xff:
      modrm();
      return bad();
    default:
      if ((opcode >= 0x10 && opcode < 0x18) || (opcode >= 0x28 && opcode < 0x30) || (opcode >= 0x50 && opcode < 0x80) || opcode == 0xc2 || (opcode >= 0xc4 && opcode <= 0xc6) || opcode >= 0xd0) return simd(0, opcode);
      return bad();
  }
}

/** MOVZX and MOVSX. */
function extend(opcode: u32): u32 {
  modrm();
  const source: u32 = opcode & 1 ? 2 : 1;
  const isSigned = opcode >= 0xbe;
  if (size == 2) {
    const first = reg | ((<u32>isSigned | (source << 4)) << 8);
    const e = isMemory ? emitMemory(op.OP_MOVX, first, 0x80, 0, source, false) : emit(op.OP_MOVX, first, number(rm, source), 0);
    store<u8>(e, 2, 7);
    return GOES_ON;
  }
  let operation: u32;
  if (!isSigned) operation = source == 1 ? op.OP_MOVZX8_R : op.OP_MOVZX16_R;
  else if (size == 4) operation = source == 1 ? op.OP_MOVSX8_32_R : op.OP_MOVSX16_32_R;
  else operation = source == 1 ? op.OP_MOVSX8_64_R : op.OP_MOVSX16_64_R;
  if (isMemory) emitMemory(operation + 1, gpr(reg), 0, 0, source, false);
  else emit(operation, gpr(reg), gprOf(rm, source), 0);
  return GOES_ON;
}

/** BT and friends with a register offset: on memory the offset reaches beyond the operand, so the address is completed in rare.ts. */
function bitTestRegister(kind: u32): u32 {
  modrm();
  isLockable = kind != 0;
  if (!isMemory) {
    emitRare(op.OP_BT_R, kind, size, 0, true);
    return GOES_ON;
  }
  const used: u32 = segmentOverride >= 0 ? <u32>segmentOverride : defaultSegment;
  const e = emit(op.OP_BT_R, (addressSize << 8) | reg | (kind << 16), 0x80, <i32>used);
  putAddress(e);
  return GOES_ON;
}

// ------------------------------------------------------------------ one instruction, one block

/** Decodes the instruction at host address `source` to `out`. Returns how it ends the block; its length is at - start. */
function one(source: u32): u32 {
  start = source;
  at = source;
  firstOut = out;
  rex = 0;
  hasRex = false;
  has66 = false;
  let has67 = false;
  segmentOverride = -1;
  repeat = 0;
  hasLock = false;
  isLockable = false;
  isBad = false;
  isMemory = false;
  reg = 0;
  rm = 0;
  baseAt = CPU_ZERO;
  indexAt = CPU_ZERO;
  shift = 0;
  displacement = 0;
  isRipRelative = false;
  let opcode: u32;
  while (true) {
    opcode = byte();
    if (at - start > 15) break;
    if (opcode == 0x66) has66 = true;
    else if (opcode == 0x67) has67 = true;
    else if (opcode == 0xf0) hasLock = true;
    else if (opcode == 0xf2 || opcode == 0xf3) repeat = opcode;
    else if (opcode == 0x2e || opcode == 0x36 || opcode == 0x3e || opcode == 0x26) {
      if (!is64 || segmentOverride < <i32>FS) segmentOverride = <i32>((opcode >> 3) & 3);
    } else if (opcode == 0x64 || opcode == 0x65) segmentOverride = <i32>(opcode - 0x60);
    else if (is64 && (opcode & 0xf0) == 0x40) {
      rex = opcode & 15;
      hasRex = true;
      continue;
    } else break;
    // A REX prefix counts only directly before the opcode.
    rex = 0;
    hasRex = false;
  }
  if (is64) {
    size = rex & 8 ? 8 : has66 ? 2 : 4;
    addressSize = has67 ? 4 : 8;
  } else {
    size = ((mode & 1) != 0) != has66 ? 4 : 2;
    addressSize = ((mode & 1) != 0) != has67 ? 4 : 2;
  }
  let ending: u32;
  if (at - start > 15) ending = bad();
  else ending = opcode == 0x0f ? twoByte(byte()) : oneByte(opcode);
  if (at - start > 15) {
    out = firstOut;
    emit(op.OP_GP0, 0, 0, 0);
    return LEAVES;
  }
  if (hasLock && !(isLockable && isMemory)) isBad = true;
  if (isBad) {
    out = firstOut;
    emit(op.OP_UD, 0, 0, 0);
    return LEAVES;
  }
  return ending;
}

function setMode(value: u32): void {
  mode = value;
  is64 = (value & 2) != 0;
  isFlat = (value & 0x80) != 0;
  isFlatStack = is64 || (isFlat && (value & 4) != 0);
}

/** Continuation: a branch of no instruction to `offset`, retiring those before it. */
function emitContinuation(offset: u32): void {
  size = is64 ? 8 : 4;
  start = at;
  index--;
  pageOffset = offset;
  if (mode & 0x1000) {
    emit(op.OP_END, 0, 0, 0);
    return;
  }
  const e = emit(op.OP_JMP, 0, 0, <i32>offset);
  store<u32>(e, 0, 16);
}

/** Decodes a block at `linear` into entries from `target`; the address after the last, 0 if its first instruction cannot be fetched. */
export function decodeBlock(linear: u64, page: u32, blockMode: u32, target: u32): u32 {
  setMode(blockMode);
  const block = target - ENTRY_BYTES;
  const host = physEntry(<u64>page << 12) & 0xfffff000;
  const first = <u32>linear & 0xfff;
  out = target;
  pageOffset = first;
  index = 0;
  // Entry of the instruction before.
  let previous: u32 = 0;
  while (true) {
    const room: u32 = 4096 - pageOffset;
    const before = out;
    let ending: u32;
    if (room >= 16) ending = one(host + pageOffset);
    else {
      store<u64>(FETCH_BUFFER, 0);
      store<u64>(FETCH_BUFFER, 0, 8);
      memory.copy(FETCH_BUFFER, host + pageOffset, room);
      ending = one(FETCH_BUFFER);
      if (at - start > room) {
        out = before;
        if (index) {
          emitContinuation(pageOffset);
          break;
        }
        const second = fetchPage(secondPage(linear, is64));
        if (second < 0) return 0;
        physReadBytes(<u64>second << 12, FETCH_BUFFER + room, 16 - room);
        ending = one(FETCH_BUFFER);
        const length = at - start;
        store<u16>(block, <u16>length, 6);
        if (length > room) store<i32>(block, second, 20);
        index = 1;
        if (ending != TRANSFERS) emitContinuation(first + length);
        return out;
      }
    }
    pageOffset += at - start;
    index++;
    // Only now is it certain that the branch stays: it neither runs into the next page nor is undefined.
    const last = out - ENTRY_BYTES;
    const condition = <u32>load<u16>(last) - op.OP_JO;
    if (previous && condition < 16) fuse(previous, condition);
    previous = last;
    if (ending == TRANSFERS) break;
    if (ending == LEAVES || mode & 0x1000 || index == MAX_INSTRUCTIONS || pageOffset >= 4096) {
      emitContinuation(pageOffset);
      break;
    }
  }
  // A transfer leaves pageOffset after itself, a continuation at its target: both are the end of the code.
  store<u16>(block, <u16>(pageOffset - first), 6);
  return out;
}

/** Decodes one instruction from FETCH_BUFFER, filled with `length` valid bytes, into the scratch block. */
function decodeScratch(linear: u64, blockMode: u32): u32 {
  setMode(blockMode);
  const target = SCRATCH_BLOCK + ENTRY_BYTES;
  memory.fill(SCRATCH_BLOCK, 0, ENTRY_BYTES);
  out = target;
  pageOffset = <u32>linear & 0xfff;
  index = 0;
  const ending = one(FETCH_BUFFER);
  index = 1;
  const length = at - start;
  if (ending != TRANSFERS) emitContinuation((<u32>linear & 0xfff) + length);
  at = start + length;
  return length;
}

/** Instruction bytes at `linear` to FETCH_BUFFER; false after recording a fault of a page that is really needed. */
function gather(linear: u64, page: u32, blockMode: u32): bool {
  store<u64>(FETCH_BUFFER, 0);
  store<u64>(FETCH_BUFFER, 0, 8);
  const offset = <u32>linear & 0xfff;
  const room = min<u32>(16, 4096 - offset);
  physReadBytes((<u64>page << 12) | offset, FETCH_BUFFER, room);
  if (room == 16) return true;
  if (decodeScratch(linear, blockMode) <= room) return true;
  const second = fetchPage(secondPage(linear, (blockMode & 2) != 0));
  if (second < 0) return false;
  physReadBytes(<u64>second << 12, FETCH_BUFFER + room, 16 - room);
  return true;
}

/** Code in a page that is not memory: one instruction, not cached. */
export function decodeUncached(linear: u64, page: u32, blockMode: u32): u32 {
  if (!gather(linear, page, blockMode)) return 0;
  decodeScratch(linear, blockMode);
  return SCRATCH_BLOCK + ENTRY_BYTES;
}

/** Code close to the segment limit: one instruction, #GP(0) if it does not fit in `room` bytes. */
export function decodeLimited(linear: u64, page: u32, blockMode: u32, room: u32): u32 {
  if (!gather(linear, page, blockMode)) return 0;
  const length = decodeScratch(linear, blockMode);
  if (length > room) {
    out = SCRATCH_BLOCK + ENTRY_BYTES;
    pageOffset = <u32>linear & 0xfff;
    index = 0;
    emit(op.OP_GP0, 0, 0, 0);
  }
  return SCRATCH_BLOCK + ENTRY_BYTES;
}
