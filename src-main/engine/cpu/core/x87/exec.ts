// hot path: the one switch over opcodes D8-DF, and WAIT. Intel SDM volume 1, chapter 8, and volume 2; the undocumented
// aliases as the hardware has them. Operands are read before state changes; results are settled (stack.ts) before
// they are stored, because an unmasked exception keeps them back.
import { CPU_FPU_CW, CPU_FPU_EMPTY, CPU_FPU_SW, CPU_FPU_TOP, CPU_GPR } from '../layout';
import { raise } from '../fault';
import { getEflags, setEflagsArith } from '../flags';
import { ld16, ld32, ld64, probeWrite, st16, st32, st64 } from '../mmu';
import { add, compare, divide, multiply } from './arith';
import {
  fromDecimal, fromF32, fromF64, fromInteger, integerMagnitude, integerOverflow, setInvalidOnly, toF32, toF64,
  toInteger, toSigned,
} from './convert';
import { initialize, loadEnvironment, restoreState, saveState, setControlWord, storeEnvironment } from './environment';
import { execConstant, execFirstFunctions, execSecondFunctions, execSign } from './functions';
import {
  addRaised, CLASS_QNAN, classOf, clearRaised, EXP_MAX, outSe, outSig, QUIET_BIT, raised, RC_CHOP, roundingControl,
  setOut, setRaised, SIGN, SW_C0, SW_C1, SW_C2, SW_C3, SW_DE, SW_IE, SW_OE, SW_PE, SW_SF, SW_UE, SW_ZE, CONDITIONS,
} from './number';
import {
  checkAvailable, checkPending, checkWaitAvailable, isEmpty, noteOperand, notePointers, pop, pushOut, put, putOut,
  seAt, setCodes, settle, settleClean, settleCompare, sigAt, slot, stackUnderflow, statusWord, updateSummary,
} from './stack';

const EFLAGS_CF: u32 = 1;
const EFLAGS_PF: u32 = 4;
const EFLAGS_ZF: u32 = 0x40;
const UD: u32 = 6;

// Sets of keys: opcode bits 0-2, then ModRM.reg, as one number below 64.
/** Register forms of addition, multiplication, subtraction and division: D8, DC, DE with reg other than 2 and 3. */
const ARITHMETIC_KEYS: u64 = 0x00f300f3000000f3;
/** Memory forms that control the unit or do not exist: D9 /1, /4-/7, DB /4, /6, DD /4-/7. */
const CONTROL_KEYS: u64 = 0x0000f0005000f200;
/** Register forms with undefined encodings, or that do not wait. */
const SPECIAL_KEYS: u64 = 0x9008c00090f03400;

/** Executes D8-DF. `linear` is the memory operand's address (ModRM.mod != 3); `opSize` 2, 4 or 8. */
export function x87Exec(opcode: u32, modrm: u32, linear: u64, opSize: u32): void {
  checkAvailable();
  const key = ((opcode & 7) << 3) | ((modrm >> 3) & 7);
  if (modrm < 0xc0) {
    execMemory(key, opcode, modrm, linear, opSize);
  } else if ((ARITHMETIC_KEYS >> key) & 1) {
    // D8: ST(0) with ST(i), to ST(0); DC: to ST(i); DE: to ST(i), pop
    checkPending();
    notePointers(opcode, modrm);
    clearRaised();
    const i = slot(modrm & 7);
    arithRegister(key & 7, i, opcode & 4 ? i : slot(0), (opcode & 6) == 6);
  } else {
    execRegister(key, opcode, modrm);
  }
}

export function x87Wait(): void {
  checkWaitAvailable();
  checkPending();
}

// --- memory operands

function execMemory(key: u32, opcode: u32, modrm: u32, linear: u64, opSize: u32): void {
  if ((CONTROL_KEYS >> key) & 1) {
    execControl(key, linear, opSize);
    return;
  }
  checkPending();
  notePointers(opcode, modrm);
  noteOperand(linear);
  clearRaised();
  switch (key) {
    // D9 /0, DD /0
    case 0x08:
      loadReal(fromF32(<u32>ld32(linear)));
      break;
    case 0x28:
      loadReal(fromF64(ld64(linear)));
      break;
    // DB /0, DF /0, DF /5
    case 0x18:
      fromInteger(<i64><i32>ld32(linear));
      pushOut();
      break;
    case 0x38:
      fromInteger(<i64><i16>ld16(linear));
      pushOut();
      break;
    case 0x3d:
      fromInteger(<i64>ld64(linear));
      pushOut();
      break;
    // DB /5
    case 0x1d: {
      const se = <u32>ld16(linear + 8);
      setOut(se, ld64(linear));
      pushOut();
      break;
    }
    // DF /4
    case 0x3c: {
      const high = <u32>ld16(linear + 8);
      fromDecimal(ld64(linear), high);
      pushOut();
      break;
    }
    // D9 /2, /3
    case 0x0a:
    case 0x0b:
      storeF32(linear, key & 1);
      break;
    // DD /2, /3
    case 0x2a:
    case 0x2b:
      storeF64(linear, key & 1);
      break;
    // DB /7
    case 0x1f:
      storeExtended(linear);
      break;
    // DB /1-3, DD /1, DF /1-3, DF /7
    case 0x19:
    case 0x1a:
    case 0x1b:
      storeInteger(linear, 32, key);
      break;
    case 0x29:
      storeInteger(linear, 64, key);
      break;
    case 0x39:
    case 0x3a:
    case 0x3b:
      storeInteger(linear, 16, key);
      break;
    case 0x3f:
      storeInteger(linear, 64, key);
      break;
    // DF /6
    case 0x3e:
      storeDecimal(linear);
      break;
    default:
      // D8, DA, DC, DE: arithmetic with a single, a dword, a double, a word
      switch (key >> 4) {
        case 0:
          arithMemory(key & 7, fromF32(<u32>ld32(linear)));
          break;
        case 1:
          fromInteger(<i64><i32>ld32(linear));
          arithMemory(key & 7, false);
          break;
        case 2:
          arithMemory(key & 7, fromF64(ld64(linear)));
          break;
        default:
          fromInteger(<i64><i16>ld16(linear));
          arithMemory(key & 7, false);
          break;
      }
  }
}

/** Loads and stores of the unit's own state: the instruction and operand pointers stay, the stores do not wait. */
function execControl(key: u32, linear: u64, opSize: u32): void {
  switch (key) {
    // D9 /4-/7
    case 0x0c:
      checkPending();
      loadEnvironment(linear, opSize);
      break;
    case 0x0d:
      checkPending();
      setControlWord(<u32>ld16(linear));
      updateSummary();
      break;
    case 0x0e:
      storeEnvironment(linear, opSize);
      break;
    case 0x0f:
      st16(linear, load<u32>(CPU_FPU_CW));
      break;
    // DD /4, /6, /7
    case 0x2c:
      checkPending();
      restoreState(linear, opSize);
      break;
    case 0x2e:
      saveState(linear, opSize);
      break;
    case 0x2f:
      st16(linear, statusWord());
      break;
    // D9 /1, DB /4, DB /6, DD /5
    default:
      raise(UD);
      break;
  }
}

/** Pushes a converted single or double: unlike an extended operand it raises IE for an SNaN and DE for a denormal, and
 * an unmasked DE does not keep it from being pushed. */
function loadReal(wasDenormal: bool): void {
  if (wasDenormal) {
    pushOut();
    if (!(raised & SW_SF)) {
      addRaised(SW_DE);
      settle();
    }
    return;
  }
  if ((outSe & EXP_MAX) == EXP_MAX && outSig << 1) {
    if (!(outSig & QUIET_BIT)) {
      addRaised(SW_IE);
      setOut(outSe, outSig | QUIET_BIT);
    }
  }
  pushOut();
}

/** D8/DC-style operation `op` (ModRM.reg) on a and b; comparisons are the callers'. */
@inline function arith(op: u32, aSe: u32, aSig: u64, bSe: u32, bSig: u64): void {
  switch (op) {
    case 0:
      add(aSe, aSig, bSe, bSig, 0);
      break;
    case 1:
      multiply(aSe, aSig, bSe, bSig);
      break;
    case 4:
      add(aSe, aSig, bSe, bSig, SIGN);
      break;
    case 5:
      add(bSe, bSig, aSe, aSig, SIGN);
      break;
    case 6:
      divide(aSe, aSig, bSe, bSig);
      break;
    default:
      divide(bSe, bSig, aSe, aSig);
      break;
  }
}

/** ST(0) with the converted memory operand in outSe/outSig. */
function arithMemory(op: u32, wasDenormal: bool): void {
  const top = slot(0);
  const se = seAt(top);
  const sig = sigAt(top);
  if (op == 2 || op == 3) {
    let codes = CONDITIONS & ~SW_C1;
    if (isEmpty(top)) stackUnderflow();
    else codes = compare(se, sig, outSe, outSig, false);
    if (wasDenormal && !(raised & SW_IE)) addRaised(SW_DE);
    if (settleCompare(codes) && op == 3) pop();
    return;
  }
  if (isEmpty(top)) stackUnderflow();
  else {
    arith(op, se, sig, outSe, outSig);
    // The operand was normalised on the way in; its DE yields to IE and to a NaN operand.
    if (wasDenormal && !(raised & (SW_IE | SW_ZE)) && classOf(se, sig) < CLASS_QNAN) addRaised(SW_DE);
  }
  if (settle()) putOut(top);
}

function storeF32(linear: u64, pops: u32): void {
  const top = slot(0);
  let bits: u32;
  if (isEmpty(top)) {
    stackUnderflow();
    bits = 0xffc00000;
  } else {
    bits = toF32(seAt(top), sigAt(top));
  }
  if (keepsStore()) st32(linear, bits);
  else {
    settleHeldStore();
    return;
  }
  settle();
  if (pops) pop();
}

function storeF64(linear: u64, pops: u32): void {
  const top = slot(0);
  let bits: u64;
  if (isEmpty(top)) {
    stackUnderflow();
    bits = 0xfff8000000000000;
  } else {
    bits = toF64(seAt(top), sigAt(top));
  }
  if (keepsStore()) st64(linear, bits);
  else {
    settleHeldStore();
    return;
  }
  settle();
  if (pops) pop();
}

/** False if an unmasked IE, OE or UE keeps a memory operand from being written. */
@inline function keepsStore(): bool {
  return !(raised & (SW_IE | SW_OE | SW_UE) & ~load<u32>(CPU_FPU_CW));
}

/** Status of a store that did not happen: nothing is known to be inexact. */
function settleHeldStore(): void {
  setRaised(raised & ~(SW_PE | SW_C1));
  settle();
}

function storeExtended(linear: u64): void {
  const top = slot(0);
  let se = seAt(top);
  let sig = sigAt(top);
  if (isEmpty(top)) {
    stackUnderflow();
    se = outSe;
    sig = outSig;
  }
  if (keepsStore()) {
    probeWrite(linear, 10);
    st64(linear, sig);
    st16(linear + 8, se);
  }
  if (settle()) pop();
}

/** FISTTP (reg 1), FIST (reg 2), FISTP (reg 3; for 64 bits also reg 7). */
function storeInteger(linear: u64, bits: u32, key: u32): void {
  const top = slot(0);
  let value: u64;
  if (isEmpty(top)) {
    stackUnderflow();
    value = (<u64>1) << (bits - 1);
  } else {
    const se = seAt(top);
    value = toSigned(se, sigAt(top), bits, (key & 7) == 1 ? RC_CHOP : roundingControl());
  }
  if (keepsStore()) {
    if (bits == 64) st64(linear, value);
    else if (bits == 32) st32(linear, <u32>value);
    else st16(linear, <u32>value & 0xffff);
  }
  if (settle() && (key & 7) != 2) pop();
}

function storeDecimal(linear: u64): void {
  const top = slot(0);
  let low: u64 = 0xc000000000000000;
  let high: u32 = 0xffff;
  if (isEmpty(top)) {
    stackUnderflow();
  } else {
    const se = seAt(top);
    toInteger(se, sigAt(top), roundingControl());
    let rest = integerMagnitude;
    if (integerOverflow || rest > 999999999999999999) {
      setInvalidOnly();
    } else {
      low = 0;
      for (let shift: u64 = 0; shift < 64; shift += 8) {
        const pair = rest % 100;
        rest /= 100;
        low |= (((pair / 10) << 4) | (pair % 10)) << shift;
      }
      high = <u32>(((rest / 10) << 4) | (rest % 10)) | (se & SIGN);
    }
  }
  if (keepsStore()) {
    probeWrite(linear, 10);
    st64(linear, low);
    st16(linear + 8, high);
  }
  if (settle()) pop();
}

// --- register operands

function execRegister(key: u32, opcode: u32, modrm: u32): void {
  const i = modrm & 7;
  if ((SPECIAL_KEYS >> key) & 1) {
    // DB E0-E4 and DF E0 neither wait nor touch the pointers.
    if (key == 0x1c) {
      execNonWaiting(i);
      return;
    }
    if (key == 0x3c && !i) {
      store<u16>(CPU_GPR, <u16>statusWord());
      return;
    }
    if (isUndefined(key, i)) raise(UD);
  }
  checkPending();
  notePointers(opcode, modrm);
  clearRaised();
  switch (key) {
    // D8 /2, DC /2 FCOM; D8 /3, DC /3, DE /2 FCOMP; DE D9 FCOMPP
    case 0x02:
    case 0x22:
      compareRegister(i, false, 0);
      break;
    case 0x03:
    case 0x23:
    case 0x32:
      compareRegister(i, false, 1);
      break;
    case 0x33:
      compareRegister(1, false, 2);
      break;
    // DD E0 FUCOM, DD E8 FUCOMP, DA E9 FUCOMPP
    case 0x2c:
      compareRegister(i, true, 0);
      break;
    case 0x2d:
      compareRegister(i, true, 1);
      break;
    case 0x15:
      compareRegister(1, true, 2);
      break;
    // DB E8 FUCOMI, DB F0 FCOMI, DF E8 FUCOMIP, DF F0 FCOMIP
    case 0x1d:
      compareToFlags(i, true, false);
      break;
    case 0x1e:
      compareToFlags(i, false, false);
      break;
    case 0x3d:
      compareToFlags(i, true, true);
      break;
    case 0x3e:
      compareToFlags(i, false, true);
      break;
    // D9 C0 FLD
    case 0x08: {
      const from = slot(i);
      if (isEmpty(from)) {
        stackUnderflow();
        // An overflow at the same time is reported as the underflow it also is.
        if (settle()) {
          const to = slot(7);
          store<u32>(CPU_FPU_TOP, to);
          putOut(to);
        }
      } else {
        setOut(seAt(from), sigAt(from));
        pushOut();
      }
      break;
    }
    // D9 C8 FXCH, DD C8, DF C8
    case 0x09:
    case 0x29:
    case 0x39:
      exchange(i);
      break;
    // D9 D0 FNOP
    case 0x0a:
      break;
    // D9 D8 FSTP, DD D0 FST, DD D8 FSTP, DF D0, DF D8
    case 0x2a:
      storeRegister(i, false);
      break;
    case 0x0b:
      // D9 D8 pops an empty register without complaint.
      if (isEmpty(slot(0))) {
        settleClean();
        pop();
      } else storeRegister(i, true);
      break;
    case 0x2b:
    case 0x3a:
    case 0x3b:
      storeRegister(i, true);
      break;
    // DD C0 FFREE, DF C0 FFREEP
    case 0x28:
      settleClean();
      store<u32>(CPU_FPU_EMPTY, load<u32>(CPU_FPU_EMPTY) | ((<u32>1) << slot(i)));
      break;
    case 0x38:
      settleClean();
      store<u32>(CPU_FPU_EMPTY, load<u32>(CPU_FPU_EMPTY) | ((<u32>1) << slot(i)));
      pop();
      break;
    // DA, DB C0-DF FCMOVcc
    case 0x10:
    case 0x11:
    case 0x12:
    case 0x13:
      conditionalMove(i, isConditionMet(key & 3));
      break;
    case 0x18:
    case 0x19:
    case 0x1a:
    case 0x1b:
      conditionalMove(i, !isConditionMet(key & 3));
      break;
    case 0x0c:
      execSign(i);
      break;
    case 0x0d:
      execConstant(i);
      break;
    case 0x0e:
      execFirstFunctions(i);
      break;
    default:
      execSecondFunctions(i);
      break;
  }
}

/** DB E0-E7: FENI, FDISI, FNCLEX, FNINIT, FSETPM. */
function execNonWaiting(i: u32): void {
  switch (i) {
    case 0:
    case 1:
    case 4:
      break;
    case 2:
      store<u32>(CPU_FPU_SW, load<u32>(CPU_FPU_SW) & 0x7f00);
      break;
    case 3:
      initialize();
      break;
    default:
      raise(UD);
      break;
  }
}

function isUndefined(key: u32, i: u32): bool {
  switch (key) {
    // D9 D0 only; D9 E0, E1, E4, E5; D9 E8-EE
    case 0x0a:
      return i != 0;
    case 0x0c:
      return (i & 2) != 0;
    case 0x0d:
      return i == 7;
    // DA E9 only; DA E0, F0, F8
    case 0x15:
      return i != 1;
    case 0x14:
    case 0x16:
    case 0x17:
    // DB F8, DD F0, DD F8, DF E1-E7, DF F8
    case 0x1f:
    case 0x2e:
    case 0x2f:
    case 0x3c:
    case 0x3f:
      return true;
    // DE D9 only
    case 0x33:
      return i != 1;
  }
  return false;
}

@inline function arithRegister(op: u32, other: u32, to: u32, pops: bool): void {
  const top = slot(0);
  if (load<u32>(CPU_FPU_EMPTY) & (((<u32>1) << top) | ((<u32>1) << other))) stackUnderflow();
  else arith(op, seAt(top), sigAt(top), seAt(other), sigAt(other));
  if (settle()) {
    putOut(to);
    if (pops) pop();
  }
}

function compareRegister(i: u32, quiet: bool, pops: u32): void {
  const top = slot(0);
  const other = slot(i);
  let codes = CONDITIONS & ~SW_C1;
  if (isEmpty(top) || isEmpty(other)) stackUnderflow();
  else codes = compare(seAt(top), sigAt(top), seAt(other), sigAt(other), quiet);
  if (settleCompare(codes)) {
    if (pops) pop();
    if (pops > 1) pop();
  }
}

function compareToFlags(i: u32, quiet: bool, pops: bool): void {
  const top = slot(0);
  const other = slot(i);
  let codes = CONDITIONS & ~SW_C1;
  if (isEmpty(top) || isEmpty(other)) stackUnderflow();
  else codes = compare(seAt(top), sigAt(top), seAt(other), sigAt(other), quiet);
  // The hardware clears C1 only with a stack fault here, and sets EFLAGS whether or not the exception is masked.
  const oldC1 = raised & SW_SF ? 0 : load<u32>(CPU_FPU_SW) & SW_C1;
  const completes = settle();
  setCodes(0, oldC1);
  setEflagsArith((codes & SW_C0 ? EFLAGS_CF : 0) | (codes & SW_C2 ? EFLAGS_PF : 0) | (codes & SW_C3 ? EFLAGS_ZF : 0));
  if (completes && pops) pop();
}

function exchange(i: u32): void {
  const top = slot(0);
  const other = slot(i);
  if (load<u32>(CPU_FPU_EMPTY) & (((<u32>1) << top) | ((<u32>1) << other))) {
    stackUnderflow();
    if (!settle()) return;
    if (isEmpty(top)) putOut(top);
    if (isEmpty(other)) putOut(other);
  } else {
    settleClean();
  }
  const se = seAt(top);
  const sig = sigAt(top);
  put(top, seAt(other), sigAt(other));
  put(other, se, sig);
}

function storeRegister(i: u32, pops: bool): void {
  const top = slot(0);
  if (isEmpty(top)) stackUnderflow();
  else setOut(seAt(top), sigAt(top));
  if (settle()) {
    putOut(slot(i));
    if (pops) pop();
  }
}

/** B, E, BE, U. */
function isConditionMet(condition: u32): bool {
  const flags = <u32>getEflags();
  switch (condition) {
    case 0:
      return (flags & EFLAGS_CF) != 0;
    case 1:
      return (flags & EFLAGS_ZF) != 0;
    case 2:
      return (flags & (EFLAGS_CF | EFLAGS_ZF)) != 0;
    default:
      return (flags & EFLAGS_PF) != 0;
  }
}

function conditionalMove(i: u32, met: bool): void {
  const top = slot(0);
  const other = slot(i);
  if (isEmpty(top) || isEmpty(other)) {
    stackUnderflow();
    if (settle()) putOut(top);
    return;
  }
  // C1 stays as it is.
  if (met) put(top, seAt(other), sigAt(other));
}
