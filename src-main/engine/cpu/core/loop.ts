// The main loop: runs predecoded entries, frequent operations inline, the rest through rare.ts.
// hot path: one switch whose cases are written out by operand width and form; what they share is inlined by the compiler.
// Entry (32 bytes): +0 operation u16, +2 length u8, +3 instructions before it in the block u8, +4 page offset u16, +6 index
// shift u8, +7 width or condition u8, +8 first operand u32, +12 second u32, +16 base, +20 index (addresses of registers) u32,
// +24 displacement i32, +28 immediate i32. Branches keep their link in +16 (bit 0: to another page, valid for the generation in
// +20 and the page in +8, RIP page moves by +12) and the target, relative to the RIP page, in +28.
// A compare or test directly before a conditional branch is fused with it (suffix Z: equality, X: other conditions); the
// branch's own entry follows and holds target and link. Taken branches meet behind the switch.
// ADC, SBB and conditions that need OF, PF are calls; all else of a hot case is inline.
import {
  CPU_CC_DST, CPU_CC_OP, CPU_CC_SRC, CPU_CPL, CPU_FLAGS, CPU_GPR, CPU_MODE, CPU_NEXT_RIP, CPU_PENDING, CPU_RIP, INTR_INTR,
} from './layout';
import {
  CELL_BUDGET, CELL_CHECKED, CELL_EA, CELL_ENTRY, CELL_GENERATION, CELL_RESUME, CELL_RIP_PAGE, CELL_TRANSLATED, CELL_UNPATCHED, ENTRY_BYTES, JUMP_CACHE, TLB_MASK, TLB_NONE,
  TLB_SUPER_R, TLB_SUPER_W, TLB_USER_R, TLB_USER_W,
} from './tables';
import { accessNow, commitWrite, NO_ADDRESS, slowRead, slowStore, slowWrite } from './mmu';
import { GP, record, retireBeforeCurrent } from './fault';
import { getCF, KIND_RESULT, KIND_SUB, setCarryOverflow, testCondition } from './flags';
import { add, alu, dec, inc, log2Of, logic, sub } from './alu';
import { multiply32, multiply64 } from './muldiv';
import { eaSegment } from './operand';
import { branchTarget, enter, follow, stepKey } from './cache';
import { hot } from './env';
import { rare } from './rare';
import {
  OP_DEAD, OP_END, OP_EA_SEG, OP_EA_BASE, OP_NOP, OP_JO, OP_JNO, OP_JB, OP_JNB, OP_JZ, OP_JNZ, OP_JBE, OP_JNBE,
  OP_JS, OP_JNS, OP_JP, OP_JNP, OP_JL, OP_JNL, OP_JLE, OP_JNLE, OP_JMP, OP_CALL32, OP_RET32, OP_JMP_R32, OP_JMP_M32,
  OP_CALL_R32, OP_CALL_M32, OP_PUSH_R32, OP_PUSH_I32, OP_POP_R32, OP_LEAVE32, OP_LEA32, OP_CALL64, OP_RET64,
  OP_JMP_R64, OP_JMP_M64, OP_CALL_R64, OP_CALL_M64, OP_PUSH_R64, OP_PUSH_I64, OP_POP_R64, OP_LEAVE64, OP_LEA64,
  OP_ADD8_RR, OP_OR8_RR, OP_AND8_RR, OP_SUB8_RR, OP_XOR8_RR, OP_CMP8_RR, OP_ADD8_RI, OP_OR8_RI, OP_AND8_RI,
  OP_SUB8_RI, OP_XOR8_RI, OP_CMP8_RI, OP_ADD32_RR, OP_OR32_RR, OP_ADC32_RR, OP_SBB32_RR, OP_AND32_RR, OP_SUB32_RR,
  OP_XOR32_RR, OP_CMP32_RR, OP_ADD32_RI, OP_OR32_RI, OP_ADC32_RI, OP_SBB32_RI, OP_AND32_RI, OP_SUB32_RI, OP_XOR32_RI,
  OP_CMP32_RI, OP_ADD32_RM, OP_OR32_RM, OP_ADC32_RM, OP_SBB32_RM, OP_AND32_RM, OP_SUB32_RM, OP_XOR32_RM, OP_ADD32_MR,
  OP_OR32_MR, OP_AND32_MR, OP_SUB32_MR, OP_XOR32_MR, OP_ADD32_MI, OP_OR32_MI, OP_AND32_MI, OP_SUB32_MI, OP_XOR32_MI,
  OP_ADD64_RR, OP_OR64_RR, OP_ADC64_RR, OP_SBB64_RR, OP_AND64_RR, OP_SUB64_RR, OP_XOR64_RR, OP_CMP64_RR, OP_ADD64_RI,
  OP_OR64_RI, OP_ADC64_RI, OP_SBB64_RI, OP_AND64_RI, OP_SUB64_RI, OP_XOR64_RI, OP_CMP64_RI, OP_ADD64_RM, OP_OR64_RM,
  OP_ADC64_RM, OP_SBB64_RM, OP_AND64_RM, OP_SUB64_RM, OP_XOR64_RM, OP_ADD64_MR, OP_OR64_MR, OP_AND64_MR, OP_SUB64_MR,
  OP_XOR64_MR, OP_ADD64_MI, OP_OR64_MI, OP_AND64_MI, OP_SUB64_MI, OP_XOR64_MI, OP_MOV8_RR, OP_MOV8_RI, OP_MOV8_RM,
  OP_MOV8_MR, OP_MOV8_MI, OP_MOV16_RR, OP_MOV16_RI, OP_MOV16_RM, OP_MOV16_MR, OP_MOV16_MI, OP_MOV32_RR, OP_MOV32_RI,
  OP_MOV32_RM, OP_MOV32_MR, OP_MOV32_MI, OP_MOV64_RR, OP_MOV64_RI, OP_MOV64_RM, OP_MOV64_MR, OP_MOV64_MI,
  OP_MOV64_RI64, OP_TEST8_RR, OP_TEST8_RI, OP_TEST32_RR, OP_TEST32_RI, OP_TEST64_RR, OP_TEST64_RI, OP_INC8_R,
  OP_DEC8_R, OP_INC32_R, OP_INC32_M, OP_DEC32_R, OP_DEC32_M, OP_INC64_R, OP_INC64_M, OP_DEC64_R, OP_DEC64_M,
  OP_NEG32_R, OP_NOT32_R, OP_SHL32_RI, OP_SHR32_RI, OP_SAR32_RI, OP_NEG64_R, OP_NOT64_R, OP_SHL64_RI, OP_SHR64_RI,
  OP_SAR64_RI, OP_MOVZX8_R, OP_MOVZX8_M, OP_MOVZX16_R, OP_MOVZX16_M, OP_MOVSX8_32_R, OP_MOVSX8_32_M, OP_MOVSX16_32_R,
  OP_MOVSX16_32_M, OP_MOVSX8_64_R, OP_MOVSX8_64_M, OP_MOVSX16_64_R, OP_MOVSX16_64_M, OP_MOVSX32_64_R,
  OP_MOVSX32_64_M, OP_SET_R, OP_CMOV32_R, OP_CMOV32_M, OP_XCHG32_RR, OP_IMUL32_RR, OP_IMUL32_RM, OP_IMUL32_RRI,
  OP_CMOV64_R, OP_CMOV64_M, OP_XCHG64_RR, OP_IMUL64_RR, OP_IMUL64_RM, OP_IMUL64_RRI, OP_CDQ, OP_CQO, OP_CWDE,
  OP_CDQE, OP_CMPZ8_RR, OP_CMPZ8_RI, OP_CMPZ8_RM, OP_CMPZ8_MR, OP_CMPZ8_MI, OP_CMPZ32_RR, OP_CMPZ32_RI, OP_CMPZ32_RM,
  OP_CMPZ32_MR, OP_CMPZ32_MI, OP_CMPZ64_RR, OP_CMPZ64_RI, OP_CMPZ64_RM, OP_CMPZ64_MR, OP_CMPZ64_MI, OP_CMPX8_RR,
  OP_CMPX8_RI, OP_CMPX8_RM, OP_CMPX8_MR, OP_CMPX8_MI, OP_CMPX32_RR, OP_CMPX32_RI, OP_CMPX32_RM, OP_CMPX32_MR,
  OP_CMPX32_MI, OP_CMPX64_RR, OP_CMPX64_RI, OP_CMPX64_RM, OP_CMPX64_MR, OP_CMPX64_MI, OP_TESTZ8_RR, OP_TESTZ8_RI,
  OP_TESTZ8_MR, OP_TESTZ8_MI, OP_TESTZ32_RR, OP_TESTZ32_RI, OP_TESTZ32_MR, OP_TESTZ32_MI, OP_TESTZ64_RR,
  OP_TESTZ64_RI, OP_TESTZ64_MR, OP_TESTZ64_MI, OP_TESTX8_RR, OP_TESTX8_RI, OP_TESTX8_MR, OP_TESTX8_MI, OP_TESTX32_RR,
  OP_TESTX32_RI, OP_TESTX32_MR, OP_TESTX32_MI, OP_TESTX64_RR, OP_TESTX64_RI, OP_TESTX64_MR, OP_TESTX64_MI,
  OP_DECZ32_R, OP_SUBZ32_RI, OP_DECZ64_R, OP_SUBZ64_RI, OP_ROL32_RI, OP_ROR32_RI, OP_SHL32_RC, OP_SHR32_RC,
  OP_SAR32_RC, OP_ROL64_RI, OP_ROR64_RI, OP_SHL64_RC, OP_SHR64_RC, OP_SAR64_RC, OP_XMM_LOAD, OP_XMM_LOAD_ALIGNED,
  OP_XMM_STORE, OP_XMM_STORE_ALIGNED, OP_XMM_MOVE, OP_XMM_XOR, OP_XMM_LOAD32, OP_XMM_STORE32, OP_XMM_FROM_R32,
  OP_XMM_TO_R32, OP_REGION, OP_XMM_LOAD64, OP_XMM_STORE64, OP_XMM_FROM_R64, OP_XMM_TO_R64,
} from './ops';

const RAX = CPU_GPR;
const RCX = CPU_GPR + 8;
const RDX = CPU_GPR + 16;
const RSP = CPU_GPR + 32;
const RBP = CPU_GPR + 40;

// @ts-ignore: decorator
@inline function ea(e: u32, mask: u64): u64 {
  return (load<u64>(load<u32>(e, 16)) + (load<u64>(load<u32>(e, 20)) << <u64>load<u8>(e, 6)) + <u64><i64>load<i32>(e, 24)) & mask;
}

// @ts-ignore: decorator
@inline function probeTlb(table: u32, linear: u64, size: u32): usize {
  const slot = table + ((<u32>(linear >> 8)) & TLB_MASK);
  return (load<u64>(slot) ^ linear) < <u64>(4097 - size) ? load<u32>(slot, 8) + <u32>linear : <u32>0;
}

// @ts-ignore: decorator
@inline function setRegister<T>(at: u32, value: T): void {
  if (sizeof<T>() == 4) store<u64>(at, <u64>value);
  else store<T>(at, value);
}

// @ts-ignore: decorator
@inline function setFlagsShift<T>(result: T, bits: u32): void {
  store<u32>(CPU_CC_OP, (KIND_RESULT << 2) | log2Of<T>());
  store<u64>(CPU_CC_DST, <u64>result);
  store<u64>(CPU_CC_SRC, <u64>bits);
}

/** Counts the block's instructions up to `e`; true if the loop must be left. */
// @ts-ignore: decorator
@inline function tick(e: u32, pending: u32): bool {
  const budget = load<i32>(CELL_BUDGET) - 1 - <i32>load<u8>(e, 3);
  store<i32>(CELL_BUDGET, budget);
  return (<u32>(budget <= 0) | (atomic.load<u32>(CPU_PENDING) & pending)) != 0;
}

// @ts-ignore: decorator
@inline function leaveAt(rip: u64): void {
  store<u64>(CPU_RIP, rip);
}

// @ts-ignore: decorator
@inline function jumpSlot(target: u64): u32 {
  return JUMP_CACHE + (((<u32>target ^ (<u32>target >> 12)) & 0xfff) << 4);
}

// @ts-ignore: decorator
@inline function isZ(): bool {
  return load<u32>(CPU_CC_OP) >= 4 ? load<u64>(CPU_CC_DST) == 0 : ((load<u32>(CPU_CC_SRC) >> 6) & 1) != 0;
}

// @ts-ignore: decorator
@inline function isB(): bool {
  const op = load<u32>(CPU_CC_OP);
  if (op >> 2 != KIND_SUB) return getCF() != 0;
  const source = load<u64>(CPU_CC_SRC);
  return ((load<u64>(CPU_CC_DST) + source) & (<u64>-1 >> <u64>(64 - (8 << (op & 3))))) < source;
}

// @ts-ignore: decorator
@inline function isBE(): bool {
  return isB() || isZ();
}

// @ts-ignore: decorator
@inline function isS(): bool {
  const op = load<u32>(CPU_CC_OP);
  return op >= 4 ? ((load<u64>(CPU_CC_DST) >> <u64>((8 << (op & 3)) - 1)) & 1) != 0 : ((load<u32>(CPU_CC_SRC) >> 7) & 1) != 0;
}

// @ts-ignore: decorator
@inline function isL(): bool {
  const op = load<u32>(CPU_CC_OP);
  if (op >> 2 != KIND_SUB) return testCondition(12);
  const shift = <u64>(64 - (8 << (op & 3)));
  const source = load<u64>(CPU_CC_SRC);
  return <i64>((load<u64>(CPU_CC_DST) + source) << shift) < <i64>(source << shift);
}

// @ts-ignore: decorator
@inline function isLE(): bool {
  return isL() || isZ();
}

function atEntry(e: u32): void {
  const rip = load<u64>(CELL_RIP_PAGE) + load<u16>(e, 4);
  store<u64>(CPU_RIP, rip);
  store<u64>(CPU_NEXT_RIP, rip + load<u8>(e, 2));
  store<u32>(CELL_ENTRY, e);
}

export function readMissed(e: u32, linear: u64, size: u32): usize {
  atEntry(e);
  const host = slowRead(linear, size, accessNow());
  if (!host) retireBeforeCurrent();
  return host;
}

export function updateMissed(e: u32, linear: u64, size: u32): usize {
  atEntry(e);
  const host = slowWrite(linear, size, accessNow(), true);
  if (!host) retireBeforeCurrent();
  return host;
}

function storeMissed16(e: u32, linear: u64, source: u32): bool {
  atEntry(e);
  const host = slowWrite(linear, 16, accessNow(), false);
  if (host) {
    v128.store(host, v128.load(source));
    commitWrite();
    return true;
  }
  retireBeforeCurrent();
  return false;
}

/** #GP(0) of an aligned vector access that is not. */
function refuseAlignment(e: u32): void {
  atEntry(e);
  record(GP, 1, 0);
  retireBeforeCurrent();
}

/** Condition of a fused compare: +7 selects among equal 1, below 2, less 4, negative 8; its bit 7 inverts. */
// @ts-ignore: decorator
@inline function holds(e: u32, facts: u32): bool {
  const control = <u32>load<u8>(e, 7);
  return u32((facts & control & 15) != 0) != control >> 7;
}

export function storeMissed(e: u32, linear: u64, size: u32, value: u64): bool {
  atEntry(e);
  if (slowStore(linear, size, value)) return true;
  retireBeforeCurrent();
  return false;
}

// @ts-ignore: decorator
@inline function isWild(target: u64): bool {
  return <i64>(target << 16) >> 16 != <i64>target;
}

function countUpTo(e: u32): void {
  store<i32>(CELL_BUDGET, load<i32>(CELL_BUDGET) - 1 - <i32>load<u8>(e, 3));
}

/** #GP of an indirect branch to a non-canonical address: the branch itself faults, after `tick` or `countUpTo` counted it. */
function refuseTarget(e: u32): void {
  atEntry(e);
  store<i32>(CELL_BUDGET, load<i32>(CELL_BUDGET) + 1 + <i32>load<u8>(e, 3));
  record(GP, 1, 0);
  retireBeforeCurrent();
}

/** Gives a block's first entry its own operation back until the loop is left. */
function unpatch(e: u32): void {
  store<u16>(e, load<u16>(e - 6));
  store<u32>(CELL_UNPATCHED, e);
}

/** Runs from entry `start` until a fault is recorded, the budget is used up, an event is pending or an operation ends the run. */
export function loop(start: u32): void {
  let e = start;
  const mask: u64 = load<u32>(CPU_MODE) & 2 ? 0xffffffffffffffff : 0xffffffff;
  const isUser = load<u32>(CPU_CPL) == 3;
  const isChecked = load<u32>(CELL_CHECKED) != 0;
  const tr: u32 = isChecked ? TLB_NONE : isUser ? TLB_USER_R : TLB_SUPER_R;
  const tw: u32 = isChecked ? TLB_NONE : isUser ? TLB_USER_W : TLB_SUPER_W;
  const key = stepKey();
  const pending: u32 = load<u32>(CPU_FLAGS) & 0x200 ? 0xffffffff : ~INTR_INTR;
  while (true) {
    switch (<u32>load<u16>(e)) {
      case OP_DEAD: {
        store<i32>(CELL_BUDGET, load<i32>(CELL_BUDGET) - <i32>load<u8>(e, 3));
        store<u64>(CPU_RIP, load<u64>(CELL_RIP_PAGE) + load<u16>(e, 4));
        e = enter();
        if (!e) return;
        continue;
      }
      case OP_END: {
        store<i32>(CELL_BUDGET, load<i32>(CELL_BUDGET) - 1 - <i32>load<u8>(e, 3));
        leaveAt((load<u64>(CELL_RIP_PAGE) + load<u16>(e, 4)) & mask);
        return;
      }
      case OP_EA_SEG: {
        const linear = eaSegment(e);
        if (linear == NO_ADDRESS) return;
        store<u64>(CELL_EA, linear);
        e += ENTRY_BYTES;
        continue;
      }
      case OP_EA_BASE: {
        store<u64>(CELL_EA, (ea(e, mask) + load<u64>(load<u32>(e, 8))) & mask);
        e += ENTRY_BYTES;
        continue;
      }
      case OP_NOP: {
        e += ENTRY_BYTES;
        continue;
      }
      case OP_JO: {
        if (testCondition(0)) break;
        e += ENTRY_BYTES;
        continue;
      }
      case OP_JNO: {
        if (testCondition(1)) break;
        e += ENTRY_BYTES;
        continue;
      }
      case OP_JB: {
        if (isB()) break;
        e += ENTRY_BYTES;
        continue;
      }
      case OP_JNB: {
        if (!isB()) break;
        e += ENTRY_BYTES;
        continue;
      }
      case OP_JZ: {
        if (isZ()) break;
        e += ENTRY_BYTES;
        continue;
      }
      case OP_JNZ: {
        if (!isZ()) break;
        e += ENTRY_BYTES;
        continue;
      }
      case OP_JBE: {
        if (isBE()) break;
        e += ENTRY_BYTES;
        continue;
      }
      case OP_JNBE: {
        if (!isBE()) break;
        e += ENTRY_BYTES;
        continue;
      }
      case OP_JS: {
        if (isS()) break;
        e += ENTRY_BYTES;
        continue;
      }
      case OP_JNS: {
        if (!isS()) break;
        e += ENTRY_BYTES;
        continue;
      }
      case OP_JP: {
        if (testCondition(10)) break;
        e += ENTRY_BYTES;
        continue;
      }
      case OP_JNP: {
        if (testCondition(11)) break;
        e += ENTRY_BYTES;
        continue;
      }
      case OP_JL: {
        if (isL()) break;
        e += ENTRY_BYTES;
        continue;
      }
      case OP_JNL: {
        if (!isL()) break;
        e += ENTRY_BYTES;
        continue;
      }
      case OP_JLE: {
        if (isLE()) break;
        e += ENTRY_BYTES;
        continue;
      }
      case OP_JNLE: {
        if (!isLE()) break;
        e += ENTRY_BYTES;
        continue;
      }
      case OP_JMP: {
        break;
      }
      case OP_CALL32: {
        const sp: u64 = <u64>(load<u32>(RSP) - 4);
        const at = probeTlb(tw, sp, 4);
        if (at) store<u32>(at, <u32>(load<u64>(CELL_RIP_PAGE) + load<u16>(e, 4) + load<u8>(e, 2)));
        else if (!storeMissed(e, sp, 4, <u64>(<u32>(load<u64>(CELL_RIP_PAGE) + load<u16>(e, 4) + load<u8>(e, 2))))) return;
        store<u64>(RSP, sp);
        break;
      }
      case OP_RET32: {
        const sp: u64 = <u64>load<u32>(RSP);
        let at = probeTlb(tr, sp, 4);
        if (!at) {
          at = readMissed(e, sp, 4);
          if (!at) return;
        }
        const value = load<u32>(at);
        store<u64>(RSP, <u64>(<u32>sp + 4));
        const target: u64 = <u64>value;
        if (tick(e, pending)) {
          leaveAt(target);
          return;
        }
        const slot = jumpSlot(target);
        if (load<u64>(slot) == target && load<u32>(slot, 8) == key + load<u32>(CELL_GENERATION)) {
          e = load<u32>(slot, 12);
          store<u64>(CELL_RIP_PAGE, target - load<u16>(e, 4));
          continue;
        }
        store<u64>(CPU_RIP, target);
        e = enter();
        if (!e) return;
        continue;
      }
      case OP_JMP_R32: {
        const target: u64 = <u64>load<u32>(load<u32>(e, 12));
        if (tick(e, pending)) {
          leaveAt(target);
          return;
        }
        const slot = jumpSlot(target);
        if (load<u64>(slot) == target && load<u32>(slot, 8) == key + load<u32>(CELL_GENERATION)) {
          e = load<u32>(slot, 12);
          store<u64>(CELL_RIP_PAGE, target - load<u16>(e, 4));
          continue;
        }
        store<u64>(CPU_RIP, target);
        e = enter();
        if (!e) return;
        continue;
      }
      case OP_JMP_M32: {
        const linear = ea(e, mask);
        const host = probeTlb(tr, linear, 4);
        let at = host;
        if (!at) {
          at = readMissed(e, linear, 4);
          if (!at) return;
        }
        const target: u64 = <u64>load<u32>(at);
        if (tick(e, pending)) {
          leaveAt(target);
          return;
        }
        const slot = jumpSlot(target);
        if (load<u64>(slot) == target && load<u32>(slot, 8) == key + load<u32>(CELL_GENERATION)) {
          e = load<u32>(slot, 12);
          store<u64>(CELL_RIP_PAGE, target - load<u16>(e, 4));
          continue;
        }
        store<u64>(CPU_RIP, target);
        e = enter();
        if (!e) return;
        continue;
      }
      case OP_CALL_R32: {
        const to = load<u32>(load<u32>(e, 12));
        const sp: u64 = <u64>(load<u32>(RSP) - 4);
        const at = probeTlb(tw, sp, 4);
        if (at) store<u32>(at, <u32>(load<u64>(CELL_RIP_PAGE) + load<u16>(e, 4) + load<u8>(e, 2)));
        else if (!storeMissed(e, sp, 4, <u64>(<u32>(load<u64>(CELL_RIP_PAGE) + load<u16>(e, 4) + load<u8>(e, 2))))) return;
        store<u64>(RSP, sp);
        const target: u64 = <u64>to;
        if (tick(e, pending)) {
          leaveAt(target);
          return;
        }
        const slot = jumpSlot(target);
        if (load<u64>(slot) == target && load<u32>(slot, 8) == key + load<u32>(CELL_GENERATION)) {
          e = load<u32>(slot, 12);
          store<u64>(CELL_RIP_PAGE, target - load<u16>(e, 4));
          continue;
        }
        store<u64>(CPU_RIP, target);
        e = enter();
        if (!e) return;
        continue;
      }
      case OP_CALL_M32: {
        const pointer = ea(e, mask);
        let from = probeTlb(tr, pointer, 4);
        if (!from) {
          from = readMissed(e, pointer, 4);
          if (!from) return;
        }
        const to = load<u32>(from);
        const sp: u64 = <u64>(load<u32>(RSP) - 4);
        const at = probeTlb(tw, sp, 4);
        if (at) store<u32>(at, <u32>(load<u64>(CELL_RIP_PAGE) + load<u16>(e, 4) + load<u8>(e, 2)));
        else if (!storeMissed(e, sp, 4, <u64>(<u32>(load<u64>(CELL_RIP_PAGE) + load<u16>(e, 4) + load<u8>(e, 2))))) return;
        store<u64>(RSP, sp);
        const target: u64 = <u64>to;
        if (tick(e, pending)) {
          leaveAt(target);
          return;
        }
        const slot = jumpSlot(target);
        if (load<u64>(slot) == target && load<u32>(slot, 8) == key + load<u32>(CELL_GENERATION)) {
          e = load<u32>(slot, 12);
          store<u64>(CELL_RIP_PAGE, target - load<u16>(e, 4));
          continue;
        }
        store<u64>(CPU_RIP, target);
        e = enter();
        if (!e) return;
        continue;
      }
      case OP_PUSH_R32: {
        const value = load<u32>(load<u32>(e, 8));
        const sp: u64 = <u64>(load<u32>(RSP) - 4);
        const at = probeTlb(tw, sp, 4);
        if (at) store<u32>(at, value);
        else if (!storeMissed(e, sp, 4, <u64>(value))) return;
        store<u64>(RSP, sp);
        e += ENTRY_BYTES;
        continue;
      }
      case OP_PUSH_I32: {
        const sp: u64 = <u64>(load<u32>(RSP) - 4);
        const at = probeTlb(tw, sp, 4);
        if (at) store<u32>(at, <u32><i64>load<i32>(e, 28));
        else if (!storeMissed(e, sp, 4, <u64>(<u32><i64>load<i32>(e, 28)))) return;
        store<u64>(RSP, sp);
        e += ENTRY_BYTES;
        continue;
      }
      case OP_POP_R32: {
        const sp: u64 = <u64>load<u32>(RSP);
        let at = probeTlb(tr, sp, 4);
        if (!at) {
          at = readMissed(e, sp, 4);
          if (!at) return;
        }
        const value = load<u32>(at);
        store<u64>(RSP, <u64>(<u32>sp + 4));
        store<u64>(load<u32>(e, 8), <u64>value);
        e += ENTRY_BYTES;
        continue;
      }
      case OP_LEAVE32: {
        const sp: u64 = <u64>load<u32>(RBP);
        let at = probeTlb(tr, sp, 4);
        if (!at) {
          at = readMissed(e, sp, 4);
          if (!at) return;
        }
        store<u64>(RBP, <u64>load<u32>(at));
        store<u64>(RSP, <u64>(<u32>sp + 4));
        e += ENTRY_BYTES;
        continue;
      }
      case OP_LEA32: {
        store<u64>(load<u32>(e, 8), <u64><u32>ea(e, mask));
        e += ENTRY_BYTES;
        continue;
      }
      case OP_CALL64: {
        const sp: u64 = (load<u64>(RSP) - 8);
        const at = probeTlb(tw, sp, 8);
        if (at) store<u64>(at, <u64>(load<u64>(CELL_RIP_PAGE) + load<u16>(e, 4) + load<u8>(e, 2)));
        else if (!storeMissed(e, sp, 8, <u64>(<u64>(load<u64>(CELL_RIP_PAGE) + load<u16>(e, 4) + load<u8>(e, 2))))) return;
        store<u64>(RSP, sp);
        break;
      }
      case OP_RET64: {
        const sp: u64 = load<u64>(RSP);
        let at = probeTlb(tr, sp, 8);
        if (!at) {
          at = readMissed(e, sp, 8);
          if (!at) return;
        }
        const value = load<u64>(at);
        store<u64>(RSP, sp + 8);
        const target: u64 = <u64>value;
        if (tick(e, pending)) {
          leaveAt(target);
          return;
        }
        const slot = jumpSlot(target);
        if (load<u64>(slot) == target && load<u32>(slot, 8) == key + load<u32>(CELL_GENERATION)) {
          e = load<u32>(slot, 12);
          store<u64>(CELL_RIP_PAGE, target - load<u16>(e, 4));
          continue;
        }
        if (isWild(target)) {
          store<u64>(RSP, sp);
          refuseTarget(e);
          return;
        }
        store<u64>(CPU_RIP, target);
        e = enter();
        if (!e) return;
        continue;
      }
      case OP_JMP_R64: {
        const target: u64 = <u64>load<u64>(load<u32>(e, 12));
        if (tick(e, pending)) {
          leaveAt(target);
          return;
        }
        const slot = jumpSlot(target);
        if (load<u64>(slot) == target && load<u32>(slot, 8) == key + load<u32>(CELL_GENERATION)) {
          e = load<u32>(slot, 12);
          store<u64>(CELL_RIP_PAGE, target - load<u16>(e, 4));
          continue;
        }
        if (isWild(target)) {
          refuseTarget(e);
          return;
        }
        store<u64>(CPU_RIP, target);
        e = enter();
        if (!e) return;
        continue;
      }
      case OP_JMP_M64: {
        const linear = ea(e, mask);
        const host = probeTlb(tr, linear, 8);
        let at = host;
        if (!at) {
          at = readMissed(e, linear, 8);
          if (!at) return;
        }
        const target: u64 = <u64>load<u64>(at);
        if (tick(e, pending)) {
          leaveAt(target);
          return;
        }
        const slot = jumpSlot(target);
        if (load<u64>(slot) == target && load<u32>(slot, 8) == key + load<u32>(CELL_GENERATION)) {
          e = load<u32>(slot, 12);
          store<u64>(CELL_RIP_PAGE, target - load<u16>(e, 4));
          continue;
        }
        if (isWild(target)) {
          refuseTarget(e);
          return;
        }
        store<u64>(CPU_RIP, target);
        e = enter();
        if (!e) return;
        continue;
      }
      case OP_CALL_R64: {
        const to = load<u64>(load<u32>(e, 12));
        const sp: u64 = (load<u64>(RSP) - 8);
        const at = probeTlb(tw, sp, 8);
        if (at) store<u64>(at, <u64>(load<u64>(CELL_RIP_PAGE) + load<u16>(e, 4) + load<u8>(e, 2)));
        else if (!storeMissed(e, sp, 8, <u64>(<u64>(load<u64>(CELL_RIP_PAGE) + load<u16>(e, 4) + load<u8>(e, 2))))) return;
        if (isWild(to)) {
          countUpTo(e);
          refuseTarget(e);
          return;
        }
        store<u64>(RSP, sp);
        const target: u64 = <u64>to;
        if (tick(e, pending)) {
          leaveAt(target);
          return;
        }
        const slot = jumpSlot(target);
        if (load<u64>(slot) == target && load<u32>(slot, 8) == key + load<u32>(CELL_GENERATION)) {
          e = load<u32>(slot, 12);
          store<u64>(CELL_RIP_PAGE, target - load<u16>(e, 4));
          continue;
        }
        store<u64>(CPU_RIP, target);
        e = enter();
        if (!e) return;
        continue;
      }
      case OP_CALL_M64: {
        const pointer = ea(e, mask);
        let from = probeTlb(tr, pointer, 8);
        if (!from) {
          from = readMissed(e, pointer, 8);
          if (!from) return;
        }
        const to = load<u64>(from);
        const sp: u64 = (load<u64>(RSP) - 8);
        const at = probeTlb(tw, sp, 8);
        if (at) store<u64>(at, <u64>(load<u64>(CELL_RIP_PAGE) + load<u16>(e, 4) + load<u8>(e, 2)));
        else if (!storeMissed(e, sp, 8, <u64>(<u64>(load<u64>(CELL_RIP_PAGE) + load<u16>(e, 4) + load<u8>(e, 2))))) return;
        if (isWild(to)) {
          countUpTo(e);
          refuseTarget(e);
          return;
        }
        store<u64>(RSP, sp);
        const target: u64 = <u64>to;
        if (tick(e, pending)) {
          leaveAt(target);
          return;
        }
        const slot = jumpSlot(target);
        if (load<u64>(slot) == target && load<u32>(slot, 8) == key + load<u32>(CELL_GENERATION)) {
          e = load<u32>(slot, 12);
          store<u64>(CELL_RIP_PAGE, target - load<u16>(e, 4));
          continue;
        }
        store<u64>(CPU_RIP, target);
        e = enter();
        if (!e) return;
        continue;
      }
      case OP_PUSH_R64: {
        const value = load<u64>(load<u32>(e, 8));
        const sp: u64 = (load<u64>(RSP) - 8);
        const at = probeTlb(tw, sp, 8);
        if (at) store<u64>(at, value);
        else if (!storeMissed(e, sp, 8, <u64>(value))) return;
        store<u64>(RSP, sp);
        e += ENTRY_BYTES;
        continue;
      }
      case OP_PUSH_I64: {
        const sp: u64 = (load<u64>(RSP) - 8);
        const at = probeTlb(tw, sp, 8);
        if (at) store<u64>(at, <u64><i64>load<i32>(e, 28));
        else if (!storeMissed(e, sp, 8, <u64>(<u64><i64>load<i32>(e, 28)))) return;
        store<u64>(RSP, sp);
        e += ENTRY_BYTES;
        continue;
      }
      case OP_POP_R64: {
        const sp: u64 = load<u64>(RSP);
        let at = probeTlb(tr, sp, 8);
        if (!at) {
          at = readMissed(e, sp, 8);
          if (!at) return;
        }
        const value = load<u64>(at);
        store<u64>(RSP, sp + 8);
        store<u64>(load<u32>(e, 8), <u64>value);
        e += ENTRY_BYTES;
        continue;
      }
      case OP_LEAVE64: {
        const sp: u64 = load<u64>(RBP);
        let at = probeTlb(tr, sp, 8);
        if (!at) {
          at = readMissed(e, sp, 8);
          if (!at) return;
        }
        store<u64>(RBP, <u64>load<u64>(at));
        store<u64>(RSP, sp + 8);
        e += ENTRY_BYTES;
        continue;
      }
      case OP_LEA64: {
        store<u64>(load<u32>(e, 8), <u64><u64>ea(e, mask));
        e += ENTRY_BYTES;
        continue;
      }
      case OP_ADD8_RR: {
        const to = load<u32>(e, 8);
        setRegister<u8>(to, alu<u8>(0, load<u8>(to), load<u8>(load<u32>(e, 12))));
        e += ENTRY_BYTES;
        continue;
      }
      case OP_OR8_RR: {
        const to = load<u32>(e, 8);
        setRegister<u8>(to, alu<u8>(1, load<u8>(to), load<u8>(load<u32>(e, 12))));
        e += ENTRY_BYTES;
        continue;
      }
      case OP_AND8_RR: {
        const to = load<u32>(e, 8);
        setRegister<u8>(to, alu<u8>(4, load<u8>(to), load<u8>(load<u32>(e, 12))));
        e += ENTRY_BYTES;
        continue;
      }
      case OP_SUB8_RR: {
        const to = load<u32>(e, 8);
        setRegister<u8>(to, alu<u8>(5, load<u8>(to), load<u8>(load<u32>(e, 12))));
        e += ENTRY_BYTES;
        continue;
      }
      case OP_XOR8_RR: {
        const to = load<u32>(e, 8);
        setRegister<u8>(to, alu<u8>(6, load<u8>(to), load<u8>(load<u32>(e, 12))));
        e += ENTRY_BYTES;
        continue;
      }
      case OP_CMP8_RR: {
        alu<u8>(7, load<u8>(load<u32>(e, 8)), load<u8>(load<u32>(e, 12)));
        e += ENTRY_BYTES;
        continue;
      }
      case OP_ADD8_RI: {
        const to = load<u32>(e, 8);
        setRegister<u8>(to, alu<u8>(0, load<u8>(to), <u8>load<i32>(e, 28)));
        e += ENTRY_BYTES;
        continue;
      }
      case OP_OR8_RI: {
        const to = load<u32>(e, 8);
        setRegister<u8>(to, alu<u8>(1, load<u8>(to), <u8>load<i32>(e, 28)));
        e += ENTRY_BYTES;
        continue;
      }
      case OP_AND8_RI: {
        const to = load<u32>(e, 8);
        setRegister<u8>(to, alu<u8>(4, load<u8>(to), <u8>load<i32>(e, 28)));
        e += ENTRY_BYTES;
        continue;
      }
      case OP_SUB8_RI: {
        const to = load<u32>(e, 8);
        setRegister<u8>(to, alu<u8>(5, load<u8>(to), <u8>load<i32>(e, 28)));
        e += ENTRY_BYTES;
        continue;
      }
      case OP_XOR8_RI: {
        const to = load<u32>(e, 8);
        setRegister<u8>(to, alu<u8>(6, load<u8>(to), <u8>load<i32>(e, 28)));
        e += ENTRY_BYTES;
        continue;
      }
      case OP_CMP8_RI: {
        alu<u8>(7, load<u8>(load<u32>(e, 8)), <u8>load<i32>(e, 28));
        e += ENTRY_BYTES;
        continue;
      }
      case OP_ADD32_RR: {
        const to = load<u32>(e, 8);
        setRegister<u32>(to, alu<u32>(0, load<u32>(to), load<u32>(load<u32>(e, 12))));
        e += ENTRY_BYTES;
        continue;
      }
      case OP_OR32_RR: {
        const to = load<u32>(e, 8);
        setRegister<u32>(to, alu<u32>(1, load<u32>(to), load<u32>(load<u32>(e, 12))));
        e += ENTRY_BYTES;
        continue;
      }
      case OP_ADC32_RR: {
        const to = load<u32>(e, 8);
        setRegister<u32>(to, alu<u32>(2, load<u32>(to), load<u32>(load<u32>(e, 12))));
        e += ENTRY_BYTES;
        continue;
      }
      case OP_SBB32_RR: {
        const to = load<u32>(e, 8);
        setRegister<u32>(to, alu<u32>(3, load<u32>(to), load<u32>(load<u32>(e, 12))));
        e += ENTRY_BYTES;
        continue;
      }
      case OP_AND32_RR: {
        const to = load<u32>(e, 8);
        setRegister<u32>(to, alu<u32>(4, load<u32>(to), load<u32>(load<u32>(e, 12))));
        e += ENTRY_BYTES;
        continue;
      }
      case OP_SUB32_RR: {
        const to = load<u32>(e, 8);
        setRegister<u32>(to, alu<u32>(5, load<u32>(to), load<u32>(load<u32>(e, 12))));
        e += ENTRY_BYTES;
        continue;
      }
      case OP_XOR32_RR: {
        const to = load<u32>(e, 8);
        setRegister<u32>(to, alu<u32>(6, load<u32>(to), load<u32>(load<u32>(e, 12))));
        e += ENTRY_BYTES;
        continue;
      }
      case OP_CMP32_RR: {
        alu<u32>(7, load<u32>(load<u32>(e, 8)), load<u32>(load<u32>(e, 12)));
        e += ENTRY_BYTES;
        continue;
      }
      case OP_ADD32_RI: {
        const to = load<u32>(e, 8);
        setRegister<u32>(to, alu<u32>(0, load<u32>(to), <u32>load<i32>(e, 28)));
        e += ENTRY_BYTES;
        continue;
      }
      case OP_OR32_RI: {
        const to = load<u32>(e, 8);
        setRegister<u32>(to, alu<u32>(1, load<u32>(to), <u32>load<i32>(e, 28)));
        e += ENTRY_BYTES;
        continue;
      }
      case OP_ADC32_RI: {
        const to = load<u32>(e, 8);
        setRegister<u32>(to, alu<u32>(2, load<u32>(to), <u32>load<i32>(e, 28)));
        e += ENTRY_BYTES;
        continue;
      }
      case OP_SBB32_RI: {
        const to = load<u32>(e, 8);
        setRegister<u32>(to, alu<u32>(3, load<u32>(to), <u32>load<i32>(e, 28)));
        e += ENTRY_BYTES;
        continue;
      }
      case OP_AND32_RI: {
        const to = load<u32>(e, 8);
        setRegister<u32>(to, alu<u32>(4, load<u32>(to), <u32>load<i32>(e, 28)));
        e += ENTRY_BYTES;
        continue;
      }
      case OP_SUB32_RI: {
        const to = load<u32>(e, 8);
        setRegister<u32>(to, alu<u32>(5, load<u32>(to), <u32>load<i32>(e, 28)));
        e += ENTRY_BYTES;
        continue;
      }
      case OP_XOR32_RI: {
        const to = load<u32>(e, 8);
        setRegister<u32>(to, alu<u32>(6, load<u32>(to), <u32>load<i32>(e, 28)));
        e += ENTRY_BYTES;
        continue;
      }
      case OP_CMP32_RI: {
        alu<u32>(7, load<u32>(load<u32>(e, 8)), <u32>load<i32>(e, 28));
        e += ENTRY_BYTES;
        continue;
      }
      case OP_ADD32_RM: {
        const linear = ea(e, mask);
        const host = probeTlb(tr, linear, 4);
        let at = host;
        if (!at) {
          at = readMissed(e, linear, 4);
          if (!at) return;
        }
        const to = load<u32>(e, 8);
        setRegister<u32>(to, alu<u32>(0, load<u32>(to), load<u32>(at)));
        e += ENTRY_BYTES;
        continue;
      }
      case OP_OR32_RM: {
        const linear = ea(e, mask);
        const host = probeTlb(tr, linear, 4);
        let at = host;
        if (!at) {
          at = readMissed(e, linear, 4);
          if (!at) return;
        }
        const to = load<u32>(e, 8);
        setRegister<u32>(to, alu<u32>(1, load<u32>(to), load<u32>(at)));
        e += ENTRY_BYTES;
        continue;
      }
      case OP_ADC32_RM: {
        const linear = ea(e, mask);
        const host = probeTlb(tr, linear, 4);
        let at = host;
        if (!at) {
          at = readMissed(e, linear, 4);
          if (!at) return;
        }
        const to = load<u32>(e, 8);
        setRegister<u32>(to, alu<u32>(2, load<u32>(to), load<u32>(at)));
        e += ENTRY_BYTES;
        continue;
      }
      case OP_SBB32_RM: {
        const linear = ea(e, mask);
        const host = probeTlb(tr, linear, 4);
        let at = host;
        if (!at) {
          at = readMissed(e, linear, 4);
          if (!at) return;
        }
        const to = load<u32>(e, 8);
        setRegister<u32>(to, alu<u32>(3, load<u32>(to), load<u32>(at)));
        e += ENTRY_BYTES;
        continue;
      }
      case OP_AND32_RM: {
        const linear = ea(e, mask);
        const host = probeTlb(tr, linear, 4);
        let at = host;
        if (!at) {
          at = readMissed(e, linear, 4);
          if (!at) return;
        }
        const to = load<u32>(e, 8);
        setRegister<u32>(to, alu<u32>(4, load<u32>(to), load<u32>(at)));
        e += ENTRY_BYTES;
        continue;
      }
      case OP_SUB32_RM: {
        const linear = ea(e, mask);
        const host = probeTlb(tr, linear, 4);
        let at = host;
        if (!at) {
          at = readMissed(e, linear, 4);
          if (!at) return;
        }
        const to = load<u32>(e, 8);
        setRegister<u32>(to, alu<u32>(5, load<u32>(to), load<u32>(at)));
        e += ENTRY_BYTES;
        continue;
      }
      case OP_XOR32_RM: {
        const linear = ea(e, mask);
        const host = probeTlb(tr, linear, 4);
        let at = host;
        if (!at) {
          at = readMissed(e, linear, 4);
          if (!at) return;
        }
        const to = load<u32>(e, 8);
        setRegister<u32>(to, alu<u32>(6, load<u32>(to), load<u32>(at)));
        e += ENTRY_BYTES;
        continue;
      }
      case OP_ADD32_MR: {
        const linear = ea(e, mask);
        let at = probeTlb(tw, linear, 4);
        const missed = !at;
        if (missed) {
          at = updateMissed(e, linear, 4);
          if (!at) return;
        }
        store<u32>(at, alu<u32>(0, load<u32>(at), load<u32>(load<u32>(e, 12))));
        if (missed) commitWrite();
        e += ENTRY_BYTES;
        continue;
      }
      case OP_OR32_MR: {
        const linear = ea(e, mask);
        let at = probeTlb(tw, linear, 4);
        const missed = !at;
        if (missed) {
          at = updateMissed(e, linear, 4);
          if (!at) return;
        }
        store<u32>(at, alu<u32>(1, load<u32>(at), load<u32>(load<u32>(e, 12))));
        if (missed) commitWrite();
        e += ENTRY_BYTES;
        continue;
      }
      case OP_AND32_MR: {
        const linear = ea(e, mask);
        let at = probeTlb(tw, linear, 4);
        const missed = !at;
        if (missed) {
          at = updateMissed(e, linear, 4);
          if (!at) return;
        }
        store<u32>(at, alu<u32>(4, load<u32>(at), load<u32>(load<u32>(e, 12))));
        if (missed) commitWrite();
        e += ENTRY_BYTES;
        continue;
      }
      case OP_SUB32_MR: {
        const linear = ea(e, mask);
        let at = probeTlb(tw, linear, 4);
        const missed = !at;
        if (missed) {
          at = updateMissed(e, linear, 4);
          if (!at) return;
        }
        store<u32>(at, alu<u32>(5, load<u32>(at), load<u32>(load<u32>(e, 12))));
        if (missed) commitWrite();
        e += ENTRY_BYTES;
        continue;
      }
      case OP_XOR32_MR: {
        const linear = ea(e, mask);
        let at = probeTlb(tw, linear, 4);
        const missed = !at;
        if (missed) {
          at = updateMissed(e, linear, 4);
          if (!at) return;
        }
        store<u32>(at, alu<u32>(6, load<u32>(at), load<u32>(load<u32>(e, 12))));
        if (missed) commitWrite();
        e += ENTRY_BYTES;
        continue;
      }
      case OP_ADD32_MI: {
        const linear = ea(e, mask);
        let at = probeTlb(tw, linear, 4);
        const missed = !at;
        if (missed) {
          at = updateMissed(e, linear, 4);
          if (!at) return;
        }
        store<u32>(at, alu<u32>(0, load<u32>(at), <u32>load<i32>(e, 28)));
        if (missed) commitWrite();
        e += ENTRY_BYTES;
        continue;
      }
      case OP_OR32_MI: {
        const linear = ea(e, mask);
        let at = probeTlb(tw, linear, 4);
        const missed = !at;
        if (missed) {
          at = updateMissed(e, linear, 4);
          if (!at) return;
        }
        store<u32>(at, alu<u32>(1, load<u32>(at), <u32>load<i32>(e, 28)));
        if (missed) commitWrite();
        e += ENTRY_BYTES;
        continue;
      }
      case OP_AND32_MI: {
        const linear = ea(e, mask);
        let at = probeTlb(tw, linear, 4);
        const missed = !at;
        if (missed) {
          at = updateMissed(e, linear, 4);
          if (!at) return;
        }
        store<u32>(at, alu<u32>(4, load<u32>(at), <u32>load<i32>(e, 28)));
        if (missed) commitWrite();
        e += ENTRY_BYTES;
        continue;
      }
      case OP_SUB32_MI: {
        const linear = ea(e, mask);
        let at = probeTlb(tw, linear, 4);
        const missed = !at;
        if (missed) {
          at = updateMissed(e, linear, 4);
          if (!at) return;
        }
        store<u32>(at, alu<u32>(5, load<u32>(at), <u32>load<i32>(e, 28)));
        if (missed) commitWrite();
        e += ENTRY_BYTES;
        continue;
      }
      case OP_XOR32_MI: {
        const linear = ea(e, mask);
        let at = probeTlb(tw, linear, 4);
        const missed = !at;
        if (missed) {
          at = updateMissed(e, linear, 4);
          if (!at) return;
        }
        store<u32>(at, alu<u32>(6, load<u32>(at), <u32>load<i32>(e, 28)));
        if (missed) commitWrite();
        e += ENTRY_BYTES;
        continue;
      }
      case OP_ADD64_RR: {
        const to = load<u32>(e, 8);
        setRegister<u64>(to, alu<u64>(0, load<u64>(to), load<u64>(load<u32>(e, 12))));
        e += ENTRY_BYTES;
        continue;
      }
      case OP_OR64_RR: {
        const to = load<u32>(e, 8);
        setRegister<u64>(to, alu<u64>(1, load<u64>(to), load<u64>(load<u32>(e, 12))));
        e += ENTRY_BYTES;
        continue;
      }
      case OP_ADC64_RR: {
        const to = load<u32>(e, 8);
        setRegister<u64>(to, alu<u64>(2, load<u64>(to), load<u64>(load<u32>(e, 12))));
        e += ENTRY_BYTES;
        continue;
      }
      case OP_SBB64_RR: {
        const to = load<u32>(e, 8);
        setRegister<u64>(to, alu<u64>(3, load<u64>(to), load<u64>(load<u32>(e, 12))));
        e += ENTRY_BYTES;
        continue;
      }
      case OP_AND64_RR: {
        const to = load<u32>(e, 8);
        setRegister<u64>(to, alu<u64>(4, load<u64>(to), load<u64>(load<u32>(e, 12))));
        e += ENTRY_BYTES;
        continue;
      }
      case OP_SUB64_RR: {
        const to = load<u32>(e, 8);
        setRegister<u64>(to, alu<u64>(5, load<u64>(to), load<u64>(load<u32>(e, 12))));
        e += ENTRY_BYTES;
        continue;
      }
      case OP_XOR64_RR: {
        const to = load<u32>(e, 8);
        setRegister<u64>(to, alu<u64>(6, load<u64>(to), load<u64>(load<u32>(e, 12))));
        e += ENTRY_BYTES;
        continue;
      }
      case OP_CMP64_RR: {
        alu<u64>(7, load<u64>(load<u32>(e, 8)), load<u64>(load<u32>(e, 12)));
        e += ENTRY_BYTES;
        continue;
      }
      case OP_ADD64_RI: {
        const to = load<u32>(e, 8);
        setRegister<u64>(to, alu<u64>(0, load<u64>(to), <u64><i64>load<i32>(e, 28)));
        e += ENTRY_BYTES;
        continue;
      }
      case OP_OR64_RI: {
        const to = load<u32>(e, 8);
        setRegister<u64>(to, alu<u64>(1, load<u64>(to), <u64><i64>load<i32>(e, 28)));
        e += ENTRY_BYTES;
        continue;
      }
      case OP_ADC64_RI: {
        const to = load<u32>(e, 8);
        setRegister<u64>(to, alu<u64>(2, load<u64>(to), <u64><i64>load<i32>(e, 28)));
        e += ENTRY_BYTES;
        continue;
      }
      case OP_SBB64_RI: {
        const to = load<u32>(e, 8);
        setRegister<u64>(to, alu<u64>(3, load<u64>(to), <u64><i64>load<i32>(e, 28)));
        e += ENTRY_BYTES;
        continue;
      }
      case OP_AND64_RI: {
        const to = load<u32>(e, 8);
        setRegister<u64>(to, alu<u64>(4, load<u64>(to), <u64><i64>load<i32>(e, 28)));
        e += ENTRY_BYTES;
        continue;
      }
      case OP_SUB64_RI: {
        const to = load<u32>(e, 8);
        setRegister<u64>(to, alu<u64>(5, load<u64>(to), <u64><i64>load<i32>(e, 28)));
        e += ENTRY_BYTES;
        continue;
      }
      case OP_XOR64_RI: {
        const to = load<u32>(e, 8);
        setRegister<u64>(to, alu<u64>(6, load<u64>(to), <u64><i64>load<i32>(e, 28)));
        e += ENTRY_BYTES;
        continue;
      }
      case OP_CMP64_RI: {
        alu<u64>(7, load<u64>(load<u32>(e, 8)), <u64><i64>load<i32>(e, 28));
        e += ENTRY_BYTES;
        continue;
      }
      case OP_ADD64_RM: {
        const linear = ea(e, mask);
        const host = probeTlb(tr, linear, 8);
        let at = host;
        if (!at) {
          at = readMissed(e, linear, 8);
          if (!at) return;
        }
        const to = load<u32>(e, 8);
        setRegister<u64>(to, alu<u64>(0, load<u64>(to), load<u64>(at)));
        e += ENTRY_BYTES;
        continue;
      }
      case OP_OR64_RM: {
        const linear = ea(e, mask);
        const host = probeTlb(tr, linear, 8);
        let at = host;
        if (!at) {
          at = readMissed(e, linear, 8);
          if (!at) return;
        }
        const to = load<u32>(e, 8);
        setRegister<u64>(to, alu<u64>(1, load<u64>(to), load<u64>(at)));
        e += ENTRY_BYTES;
        continue;
      }
      case OP_ADC64_RM: {
        const linear = ea(e, mask);
        const host = probeTlb(tr, linear, 8);
        let at = host;
        if (!at) {
          at = readMissed(e, linear, 8);
          if (!at) return;
        }
        const to = load<u32>(e, 8);
        setRegister<u64>(to, alu<u64>(2, load<u64>(to), load<u64>(at)));
        e += ENTRY_BYTES;
        continue;
      }
      case OP_SBB64_RM: {
        const linear = ea(e, mask);
        const host = probeTlb(tr, linear, 8);
        let at = host;
        if (!at) {
          at = readMissed(e, linear, 8);
          if (!at) return;
        }
        const to = load<u32>(e, 8);
        setRegister<u64>(to, alu<u64>(3, load<u64>(to), load<u64>(at)));
        e += ENTRY_BYTES;
        continue;
      }
      case OP_AND64_RM: {
        const linear = ea(e, mask);
        const host = probeTlb(tr, linear, 8);
        let at = host;
        if (!at) {
          at = readMissed(e, linear, 8);
          if (!at) return;
        }
        const to = load<u32>(e, 8);
        setRegister<u64>(to, alu<u64>(4, load<u64>(to), load<u64>(at)));
        e += ENTRY_BYTES;
        continue;
      }
      case OP_SUB64_RM: {
        const linear = ea(e, mask);
        const host = probeTlb(tr, linear, 8);
        let at = host;
        if (!at) {
          at = readMissed(e, linear, 8);
          if (!at) return;
        }
        const to = load<u32>(e, 8);
        setRegister<u64>(to, alu<u64>(5, load<u64>(to), load<u64>(at)));
        e += ENTRY_BYTES;
        continue;
      }
      case OP_XOR64_RM: {
        const linear = ea(e, mask);
        const host = probeTlb(tr, linear, 8);
        let at = host;
        if (!at) {
          at = readMissed(e, linear, 8);
          if (!at) return;
        }
        const to = load<u32>(e, 8);
        setRegister<u64>(to, alu<u64>(6, load<u64>(to), load<u64>(at)));
        e += ENTRY_BYTES;
        continue;
      }
      case OP_ADD64_MR: {
        const linear = ea(e, mask);
        let at = probeTlb(tw, linear, 8);
        const missed = !at;
        if (missed) {
          at = updateMissed(e, linear, 8);
          if (!at) return;
        }
        store<u64>(at, alu<u64>(0, load<u64>(at), load<u64>(load<u32>(e, 12))));
        if (missed) commitWrite();
        e += ENTRY_BYTES;
        continue;
      }
      case OP_OR64_MR: {
        const linear = ea(e, mask);
        let at = probeTlb(tw, linear, 8);
        const missed = !at;
        if (missed) {
          at = updateMissed(e, linear, 8);
          if (!at) return;
        }
        store<u64>(at, alu<u64>(1, load<u64>(at), load<u64>(load<u32>(e, 12))));
        if (missed) commitWrite();
        e += ENTRY_BYTES;
        continue;
      }
      case OP_AND64_MR: {
        const linear = ea(e, mask);
        let at = probeTlb(tw, linear, 8);
        const missed = !at;
        if (missed) {
          at = updateMissed(e, linear, 8);
          if (!at) return;
        }
        store<u64>(at, alu<u64>(4, load<u64>(at), load<u64>(load<u32>(e, 12))));
        if (missed) commitWrite();
        e += ENTRY_BYTES;
        continue;
      }
      case OP_SUB64_MR: {
        const linear = ea(e, mask);
        let at = probeTlb(tw, linear, 8);
        const missed = !at;
        if (missed) {
          at = updateMissed(e, linear, 8);
          if (!at) return;
        }
        store<u64>(at, alu<u64>(5, load<u64>(at), load<u64>(load<u32>(e, 12))));
        if (missed) commitWrite();
        e += ENTRY_BYTES;
        continue;
      }
      case OP_XOR64_MR: {
        const linear = ea(e, mask);
        let at = probeTlb(tw, linear, 8);
        const missed = !at;
        if (missed) {
          at = updateMissed(e, linear, 8);
          if (!at) return;
        }
        store<u64>(at, alu<u64>(6, load<u64>(at), load<u64>(load<u32>(e, 12))));
        if (missed) commitWrite();
        e += ENTRY_BYTES;
        continue;
      }
      case OP_ADD64_MI: {
        const linear = ea(e, mask);
        let at = probeTlb(tw, linear, 8);
        const missed = !at;
        if (missed) {
          at = updateMissed(e, linear, 8);
          if (!at) return;
        }
        store<u64>(at, alu<u64>(0, load<u64>(at), <u64><i64>load<i32>(e, 28)));
        if (missed) commitWrite();
        e += ENTRY_BYTES;
        continue;
      }
      case OP_OR64_MI: {
        const linear = ea(e, mask);
        let at = probeTlb(tw, linear, 8);
        const missed = !at;
        if (missed) {
          at = updateMissed(e, linear, 8);
          if (!at) return;
        }
        store<u64>(at, alu<u64>(1, load<u64>(at), <u64><i64>load<i32>(e, 28)));
        if (missed) commitWrite();
        e += ENTRY_BYTES;
        continue;
      }
      case OP_AND64_MI: {
        const linear = ea(e, mask);
        let at = probeTlb(tw, linear, 8);
        const missed = !at;
        if (missed) {
          at = updateMissed(e, linear, 8);
          if (!at) return;
        }
        store<u64>(at, alu<u64>(4, load<u64>(at), <u64><i64>load<i32>(e, 28)));
        if (missed) commitWrite();
        e += ENTRY_BYTES;
        continue;
      }
      case OP_SUB64_MI: {
        const linear = ea(e, mask);
        let at = probeTlb(tw, linear, 8);
        const missed = !at;
        if (missed) {
          at = updateMissed(e, linear, 8);
          if (!at) return;
        }
        store<u64>(at, alu<u64>(5, load<u64>(at), <u64><i64>load<i32>(e, 28)));
        if (missed) commitWrite();
        e += ENTRY_BYTES;
        continue;
      }
      case OP_XOR64_MI: {
        const linear = ea(e, mask);
        let at = probeTlb(tw, linear, 8);
        const missed = !at;
        if (missed) {
          at = updateMissed(e, linear, 8);
          if (!at) return;
        }
        store<u64>(at, alu<u64>(6, load<u64>(at), <u64><i64>load<i32>(e, 28)));
        if (missed) commitWrite();
        e += ENTRY_BYTES;
        continue;
      }
      case OP_MOV8_RR: {
        setRegister<u8>(load<u32>(e, 8), load<u8>(load<u32>(e, 12)));
        e += ENTRY_BYTES;
        continue;
      }
      case OP_MOV8_RI: {
        setRegister<u8>(load<u32>(e, 8), <u8>load<i32>(e, 28));
        e += ENTRY_BYTES;
        continue;
      }
      case OP_MOV8_RM: {
        const linear = ea(e, mask);
        const host = probeTlb(tr, linear, 1);
        let at = host;
        if (!at) {
          at = readMissed(e, linear, 1);
          if (!at) return;
        }
        setRegister<u8>(load<u32>(e, 8), load<u8>(at));
        e += ENTRY_BYTES;
        continue;
      }
      case OP_MOV8_MR: {
        const linear = ea(e, mask);
        const at = probeTlb(tw, linear, 1);
        if (at) store<u8>(at, load<u8>(load<u32>(e, 12)));
        else if (!storeMissed(e, linear, 1, <u64>(load<u8>(load<u32>(e, 12))))) return;
        e += ENTRY_BYTES;
        continue;
      }
      case OP_MOV8_MI: {
        const linear = ea(e, mask);
        const at = probeTlb(tw, linear, 1);
        if (at) store<u8>(at, <u8>load<i32>(e, 28));
        else if (!storeMissed(e, linear, 1, <u64>(<u8>load<i32>(e, 28)))) return;
        e += ENTRY_BYTES;
        continue;
      }
      case OP_MOV16_RR: {
        setRegister<u16>(load<u32>(e, 8), load<u16>(load<u32>(e, 12)));
        e += ENTRY_BYTES;
        continue;
      }
      case OP_MOV16_RI: {
        setRegister<u16>(load<u32>(e, 8), <u16>load<i32>(e, 28));
        e += ENTRY_BYTES;
        continue;
      }
      case OP_MOV16_RM: {
        const linear = ea(e, mask);
        const host = probeTlb(tr, linear, 2);
        let at = host;
        if (!at) {
          at = readMissed(e, linear, 2);
          if (!at) return;
        }
        setRegister<u16>(load<u32>(e, 8), load<u16>(at));
        e += ENTRY_BYTES;
        continue;
      }
      case OP_MOV16_MR: {
        const linear = ea(e, mask);
        const at = probeTlb(tw, linear, 2);
        if (at) store<u16>(at, load<u16>(load<u32>(e, 12)));
        else if (!storeMissed(e, linear, 2, <u64>(load<u16>(load<u32>(e, 12))))) return;
        e += ENTRY_BYTES;
        continue;
      }
      case OP_MOV16_MI: {
        const linear = ea(e, mask);
        const at = probeTlb(tw, linear, 2);
        if (at) store<u16>(at, <u16>load<i32>(e, 28));
        else if (!storeMissed(e, linear, 2, <u64>(<u16>load<i32>(e, 28)))) return;
        e += ENTRY_BYTES;
        continue;
      }
      case OP_MOV32_RR: {
        setRegister<u32>(load<u32>(e, 8), load<u32>(load<u32>(e, 12)));
        e += ENTRY_BYTES;
        continue;
      }
      case OP_MOV32_RI: {
        setRegister<u32>(load<u32>(e, 8), load<u32>(e, 28));
        e += ENTRY_BYTES;
        continue;
      }
      case OP_MOV32_RM: {
        const linear = ea(e, mask);
        const host = probeTlb(tr, linear, 4);
        let at = host;
        if (!at) {
          at = readMissed(e, linear, 4);
          if (!at) return;
        }
        setRegister<u32>(load<u32>(e, 8), load<u32>(at));
        e += ENTRY_BYTES;
        continue;
      }
      case OP_MOV32_MR: {
        const linear = ea(e, mask);
        const at = probeTlb(tw, linear, 4);
        if (at) store<u32>(at, load<u32>(load<u32>(e, 12)));
        else if (!storeMissed(e, linear, 4, <u64>(load<u32>(load<u32>(e, 12))))) return;
        e += ENTRY_BYTES;
        continue;
      }
      case OP_MOV32_MI: {
        const linear = ea(e, mask);
        const at = probeTlb(tw, linear, 4);
        if (at) store<u32>(at, <u32>load<i32>(e, 28));
        else if (!storeMissed(e, linear, 4, <u64>(<u32>load<i32>(e, 28)))) return;
        e += ENTRY_BYTES;
        continue;
      }
      case OP_MOV64_RR: {
        setRegister<u64>(load<u32>(e, 8), load<u64>(load<u32>(e, 12)));
        e += ENTRY_BYTES;
        continue;
      }
      case OP_MOV64_RI: {
        setRegister<u64>(load<u32>(e, 8), <u64><i64>load<i32>(e, 28));
        e += ENTRY_BYTES;
        continue;
      }
      case OP_MOV64_RM: {
        const linear = ea(e, mask);
        const host = probeTlb(tr, linear, 8);
        let at = host;
        if (!at) {
          at = readMissed(e, linear, 8);
          if (!at) return;
        }
        setRegister<u64>(load<u32>(e, 8), load<u64>(at));
        e += ENTRY_BYTES;
        continue;
      }
      case OP_MOV64_MR: {
        const linear = ea(e, mask);
        const at = probeTlb(tw, linear, 8);
        if (at) store<u64>(at, load<u64>(load<u32>(e, 12)));
        else if (!storeMissed(e, linear, 8, <u64>(load<u64>(load<u32>(e, 12))))) return;
        e += ENTRY_BYTES;
        continue;
      }
      case OP_MOV64_MI: {
        const linear = ea(e, mask);
        const at = probeTlb(tw, linear, 8);
        if (at) store<u64>(at, <u64><i64>load<i32>(e, 28));
        else if (!storeMissed(e, linear, 8, <u64>(<u64><i64>load<i32>(e, 28)))) return;
        e += ENTRY_BYTES;
        continue;
      }
      case OP_MOV64_RI64: {
        store<u64>(load<u32>(e, 8), load<u64>(e, 24));
        e += ENTRY_BYTES;
        continue;
      }
      case OP_TEST8_RR: {
        logic<u8>(<u8>(load<u8>(load<u32>(e, 8)) & load<u8>(load<u32>(e, 12))));
        e += ENTRY_BYTES;
        continue;
      }
      case OP_TEST8_RI: {
        logic<u8>(<u8>(load<u8>(load<u32>(e, 8)) & <u8>load<i32>(e, 28)));
        e += ENTRY_BYTES;
        continue;
      }
      case OP_TEST32_RR: {
        logic<u32>(<u32>(load<u32>(load<u32>(e, 8)) & load<u32>(load<u32>(e, 12))));
        e += ENTRY_BYTES;
        continue;
      }
      case OP_TEST32_RI: {
        logic<u32>(<u32>(load<u32>(load<u32>(e, 8)) & <u32>load<i32>(e, 28)));
        e += ENTRY_BYTES;
        continue;
      }
      case OP_TEST64_RR: {
        logic<u64>(<u64>(load<u64>(load<u32>(e, 8)) & load<u64>(load<u32>(e, 12))));
        e += ENTRY_BYTES;
        continue;
      }
      case OP_TEST64_RI: {
        logic<u64>(<u64>(load<u64>(load<u32>(e, 8)) & <u64><i64>load<i32>(e, 28)));
        e += ENTRY_BYTES;
        continue;
      }
      case OP_INC8_R: {
        const to = load<u32>(e, 8);
        setRegister<u8>(to, inc<u8>(load<u8>(to)));
        e += ENTRY_BYTES;
        continue;
      }
      case OP_DEC8_R: {
        const to = load<u32>(e, 8);
        setRegister<u8>(to, dec<u8>(load<u8>(to)));
        e += ENTRY_BYTES;
        continue;
      }
      case OP_INC32_R: {
        const to = load<u32>(e, 8);
        setRegister<u32>(to, inc<u32>(load<u32>(to)));
        e += ENTRY_BYTES;
        continue;
      }
      case OP_INC32_M: {
        const linear = ea(e, mask);
        let at = probeTlb(tw, linear, 4);
        const missed = !at;
        if (missed) {
          at = updateMissed(e, linear, 4);
          if (!at) return;
        }
        store<u32>(at, inc<u32>(load<u32>(at)));
        if (missed) commitWrite();
        e += ENTRY_BYTES;
        continue;
      }
      case OP_DEC32_R: {
        const to = load<u32>(e, 8);
        setRegister<u32>(to, dec<u32>(load<u32>(to)));
        e += ENTRY_BYTES;
        continue;
      }
      case OP_DEC32_M: {
        const linear = ea(e, mask);
        let at = probeTlb(tw, linear, 4);
        const missed = !at;
        if (missed) {
          at = updateMissed(e, linear, 4);
          if (!at) return;
        }
        store<u32>(at, dec<u32>(load<u32>(at)));
        if (missed) commitWrite();
        e += ENTRY_BYTES;
        continue;
      }
      case OP_INC64_R: {
        const to = load<u32>(e, 8);
        setRegister<u64>(to, inc<u64>(load<u64>(to)));
        e += ENTRY_BYTES;
        continue;
      }
      case OP_INC64_M: {
        const linear = ea(e, mask);
        let at = probeTlb(tw, linear, 8);
        const missed = !at;
        if (missed) {
          at = updateMissed(e, linear, 8);
          if (!at) return;
        }
        store<u64>(at, inc<u64>(load<u64>(at)));
        if (missed) commitWrite();
        e += ENTRY_BYTES;
        continue;
      }
      case OP_DEC64_R: {
        const to = load<u32>(e, 8);
        setRegister<u64>(to, dec<u64>(load<u64>(to)));
        e += ENTRY_BYTES;
        continue;
      }
      case OP_DEC64_M: {
        const linear = ea(e, mask);
        let at = probeTlb(tw, linear, 8);
        const missed = !at;
        if (missed) {
          at = updateMissed(e, linear, 8);
          if (!at) return;
        }
        store<u64>(at, dec<u64>(load<u64>(at)));
        if (missed) commitWrite();
        e += ENTRY_BYTES;
        continue;
      }
      case OP_NEG32_R: {
        const to = load<u32>(e, 8);
        setRegister<u32>(to, sub<u32>(0, load<u32>(to)));
        e += ENTRY_BYTES;
        continue;
      }
      case OP_NOT32_R: {
        const to = load<u32>(e, 8);
        setRegister<u32>(to, ~load<u32>(to));
        e += ENTRY_BYTES;
        continue;
      }
      case OP_SHL32_RI: {
        const to = load<u32>(e, 8);
        const count = <u32>load<i32>(e, 28);
        const value = load<u32>(to);
        const result = value << count;
        const carry = <u32>(value >> (32 - count)) & 1;
        setRegister<u32>(to, result);
        setFlagsShift<u32>(result, carry | ((<u32>(result >> 31) ^ carry) << 11));
        e += ENTRY_BYTES;
        continue;
      }
      case OP_SHR32_RI: {
        const to = load<u32>(e, 8);
        const count = <u32>load<i32>(e, 28);
        const value = load<u32>(to);
        const result = value >> count;
        setRegister<u32>(to, result);
        setFlagsShift<u32>(result, (<u32>(value >> (count - 1)) & 1) | (<u32>(value >> 31) << 11));
        e += ENTRY_BYTES;
        continue;
      }
      case OP_SAR32_RI: {
        const to = load<u32>(e, 8);
        const count = <i32>load<i32>(e, 28);
        const value = load<i32>(to);
        const result = <u32>(value >> count);
        setRegister<u32>(to, result);
        setFlagsShift<u32>(result, <u32>(value >> (count - 1)) & 1);
        e += ENTRY_BYTES;
        continue;
      }
      case OP_NEG64_R: {
        const to = load<u32>(e, 8);
        setRegister<u64>(to, sub<u64>(0, load<u64>(to)));
        e += ENTRY_BYTES;
        continue;
      }
      case OP_NOT64_R: {
        const to = load<u32>(e, 8);
        setRegister<u64>(to, ~load<u64>(to));
        e += ENTRY_BYTES;
        continue;
      }
      case OP_SHL64_RI: {
        const to = load<u32>(e, 8);
        const count = <u64>load<i32>(e, 28);
        const value = load<u64>(to);
        const result = value << count;
        const carry = <u32>(value >> (64 - count)) & 1;
        setRegister<u64>(to, result);
        setFlagsShift<u64>(result, carry | ((<u32>(result >> 63) ^ carry) << 11));
        e += ENTRY_BYTES;
        continue;
      }
      case OP_SHR64_RI: {
        const to = load<u32>(e, 8);
        const count = <u64>load<i32>(e, 28);
        const value = load<u64>(to);
        const result = value >> count;
        setRegister<u64>(to, result);
        setFlagsShift<u64>(result, (<u32>(value >> (count - 1)) & 1) | (<u32>(value >> 63) << 11));
        e += ENTRY_BYTES;
        continue;
      }
      case OP_SAR64_RI: {
        const to = load<u32>(e, 8);
        const count = <i64>load<i32>(e, 28);
        const value = load<i64>(to);
        const result = <u64>(value >> count);
        setRegister<u64>(to, result);
        setFlagsShift<u64>(result, <u32>(value >> (count - 1)) & 1);
        e += ENTRY_BYTES;
        continue;
      }
      case OP_MOVZX8_R: {
        store<u64>(load<u32>(e, 8), <u64>load<u8>(load<u32>(e, 12)));
        e += ENTRY_BYTES;
        continue;
      }
      case OP_MOVZX8_M: {
        const linear = ea(e, mask);
        const host = probeTlb(tr, linear, 1);
        let at = host;
        if (!at) {
          at = readMissed(e, linear, 1);
          if (!at) return;
        }
        store<u64>(load<u32>(e, 8), <u64>load<u8>(at));
        e += ENTRY_BYTES;
        continue;
      }
      case OP_MOVZX16_R: {
        store<u64>(load<u32>(e, 8), <u64>load<u16>(load<u32>(e, 12)));
        e += ENTRY_BYTES;
        continue;
      }
      case OP_MOVZX16_M: {
        const linear = ea(e, mask);
        const host = probeTlb(tr, linear, 2);
        let at = host;
        if (!at) {
          at = readMissed(e, linear, 2);
          if (!at) return;
        }
        store<u64>(load<u32>(e, 8), <u64>load<u16>(at));
        e += ENTRY_BYTES;
        continue;
      }
      case OP_MOVSX8_32_R: {
        store<u64>(load<u32>(e, 8), <u64><u32><i32>load<i8>(load<u32>(e, 12)));
        e += ENTRY_BYTES;
        continue;
      }
      case OP_MOVSX8_32_M: {
        const linear = ea(e, mask);
        const host = probeTlb(tr, linear, 1);
        let at = host;
        if (!at) {
          at = readMissed(e, linear, 1);
          if (!at) return;
        }
        store<u64>(load<u32>(e, 8), <u64><u32><i32>load<i8>(at));
        e += ENTRY_BYTES;
        continue;
      }
      case OP_MOVSX16_32_R: {
        store<u64>(load<u32>(e, 8), <u64><u32><i32>load<i16>(load<u32>(e, 12)));
        e += ENTRY_BYTES;
        continue;
      }
      case OP_MOVSX16_32_M: {
        const linear = ea(e, mask);
        const host = probeTlb(tr, linear, 2);
        let at = host;
        if (!at) {
          at = readMissed(e, linear, 2);
          if (!at) return;
        }
        store<u64>(load<u32>(e, 8), <u64><u32><i32>load<i16>(at));
        e += ENTRY_BYTES;
        continue;
      }
      case OP_MOVSX8_64_R: {
        store<u64>(load<u32>(e, 8), <u64><i64>load<i8>(load<u32>(e, 12)));
        e += ENTRY_BYTES;
        continue;
      }
      case OP_MOVSX8_64_M: {
        const linear = ea(e, mask);
        const host = probeTlb(tr, linear, 1);
        let at = host;
        if (!at) {
          at = readMissed(e, linear, 1);
          if (!at) return;
        }
        store<u64>(load<u32>(e, 8), <u64><i64>load<i8>(at));
        e += ENTRY_BYTES;
        continue;
      }
      case OP_MOVSX16_64_R: {
        store<u64>(load<u32>(e, 8), <u64><i64>load<i16>(load<u32>(e, 12)));
        e += ENTRY_BYTES;
        continue;
      }
      case OP_MOVSX16_64_M: {
        const linear = ea(e, mask);
        const host = probeTlb(tr, linear, 2);
        let at = host;
        if (!at) {
          at = readMissed(e, linear, 2);
          if (!at) return;
        }
        store<u64>(load<u32>(e, 8), <u64><i64>load<i16>(at));
        e += ENTRY_BYTES;
        continue;
      }
      case OP_MOVSX32_64_R: {
        store<u64>(load<u32>(e, 8), <u64><i64>load<i32>(load<u32>(e, 12)));
        e += ENTRY_BYTES;
        continue;
      }
      case OP_MOVSX32_64_M: {
        const linear = ea(e, mask);
        const host = probeTlb(tr, linear, 4);
        let at = host;
        if (!at) {
          at = readMissed(e, linear, 4);
          if (!at) return;
        }
        store<u64>(load<u32>(e, 8), <u64><i64>load<i32>(at));
        e += ENTRY_BYTES;
        continue;
      }
      case OP_SET_R: {
        store<u8>(load<u32>(e, 12), u8(testCondition(load<u8>(e, 7))));
        e += ENTRY_BYTES;
        continue;
      }
      case OP_CMOV32_R: {
        if (testCondition(load<u8>(e, 7))) store<u64>(load<u32>(e, 8), <u64>load<u32>(load<u32>(e, 12)));
        else store<u64>(load<u32>(e, 8), <u64>load<u32>(load<u32>(e, 8)));
        e += ENTRY_BYTES;
        continue;
      }
      case OP_CMOV32_M: {
        const linear = ea(e, mask);
        const host = probeTlb(tr, linear, 4);
        let at = host;
        if (!at) {
          at = readMissed(e, linear, 4);
          if (!at) return;
        }
        const value = <u64>load<u32>(at);
        if (testCondition(load<u8>(e, 7))) store<u64>(load<u32>(e, 8), value);
        else store<u64>(load<u32>(e, 8), <u64>load<u32>(load<u32>(e, 8)));
        e += ENTRY_BYTES;
        continue;
      }
      case OP_XCHG32_RR: {
        const left = load<u32>(e, 8);
        const right = load<u32>(e, 12);
        const value = load<u32>(left);
        setRegister<u32>(left, load<u32>(right));
        setRegister<u32>(right, value);
        e += ENTRY_BYTES;
        continue;
      }
      case OP_IMUL32_RR: {
        const to = load<u32>(e, 8);
        setRegister<u32>(to, multiply32(load<u32>(to), load<u32>(load<u32>(e, 12))));
        e += ENTRY_BYTES;
        continue;
      }
      case OP_IMUL32_RM: {
        const linear = ea(e, mask);
        const host = probeTlb(tr, linear, 4);
        let at = host;
        if (!at) {
          at = readMissed(e, linear, 4);
          if (!at) return;
        }
        const to = load<u32>(e, 8);
        setRegister<u32>(to, multiply32(load<u32>(to), load<u32>(at)));
        e += ENTRY_BYTES;
        continue;
      }
      case OP_IMUL32_RRI: {
        setRegister<u32>(load<u32>(e, 8), multiply32(load<u32>(load<u32>(e, 12)), <u32>load<i32>(e, 28)));
        e += ENTRY_BYTES;
        continue;
      }
      case OP_CMOV64_R: {
        if (testCondition(load<u8>(e, 7))) store<u64>(load<u32>(e, 8), <u64>load<u64>(load<u32>(e, 12)));
        e += ENTRY_BYTES;
        continue;
      }
      case OP_CMOV64_M: {
        const linear = ea(e, mask);
        const host = probeTlb(tr, linear, 8);
        let at = host;
        if (!at) {
          at = readMissed(e, linear, 8);
          if (!at) return;
        }
        const value = <u64>load<u64>(at);
        if (testCondition(load<u8>(e, 7))) store<u64>(load<u32>(e, 8), value);
        e += ENTRY_BYTES;
        continue;
      }
      case OP_XCHG64_RR: {
        const left = load<u32>(e, 8);
        const right = load<u32>(e, 12);
        const value = load<u64>(left);
        setRegister<u64>(left, load<u64>(right));
        setRegister<u64>(right, value);
        e += ENTRY_BYTES;
        continue;
      }
      case OP_IMUL64_RR: {
        const to = load<u32>(e, 8);
        setRegister<u64>(to, multiply64(load<u64>(to), load<u64>(load<u32>(e, 12))));
        e += ENTRY_BYTES;
        continue;
      }
      case OP_IMUL64_RM: {
        const linear = ea(e, mask);
        const host = probeTlb(tr, linear, 8);
        let at = host;
        if (!at) {
          at = readMissed(e, linear, 8);
          if (!at) return;
        }
        const to = load<u32>(e, 8);
        setRegister<u64>(to, multiply64(load<u64>(to), load<u64>(at)));
        e += ENTRY_BYTES;
        continue;
      }
      case OP_IMUL64_RRI: {
        setRegister<u64>(load<u32>(e, 8), multiply64(load<u64>(load<u32>(e, 12)), <u64><i64>load<i32>(e, 28)));
        e += ENTRY_BYTES;
        continue;
      }
      case OP_CDQ: {
        store<u64>(RDX, <u64><u32>(load<i32>(RAX) >> 31));
        e += ENTRY_BYTES;
        continue;
      }
      case OP_CQO: {
        store<u64>(RDX, <u64>(load<i64>(RAX) >> 63));
        e += ENTRY_BYTES;
        continue;
      }
      case OP_CWDE: {
        store<u64>(RAX, <u64><u32><i32>load<i16>(RAX));
        e += ENTRY_BYTES;
        continue;
      }
      case OP_CDQE: {
        store<u64>(RAX, <u64><i64>load<i32>(RAX));
        e += ENTRY_BYTES;
        continue;
      }
      case OP_CMPZ8_RR: {
        const a = load<u8>(load<u32>(e, 8));
        const b = load<u8>(load<u32>(e, 12));
        sub<u8>(a, b);
        if (u32(a == b) != load<u8>(e, 7)) {
          e += ENTRY_BYTES;
          break;
        }
        e += 2 * ENTRY_BYTES;
        continue;
      }
      case OP_CMPZ8_RI: {
        const a = load<u8>(load<u32>(e, 8));
        const b = <u8>load<i32>(e, 28);
        sub<u8>(a, b);
        if (u32(a == b) != load<u8>(e, 7)) {
          e += ENTRY_BYTES;
          break;
        }
        e += 2 * ENTRY_BYTES;
        continue;
      }
      case OP_CMPZ8_RM: {
        const linear = ea(e, mask);
        let at = probeTlb(tr, linear, 1);
        if (!at) {
          at = readMissed(e, linear, 1);
          if (!at) return;
        }
        const a = load<u8>(load<u32>(e, 8));
        const b = load<u8>(at);
        sub<u8>(a, b);
        if (u32(a == b) != load<u8>(e, 7)) {
          e += ENTRY_BYTES;
          break;
        }
        e += 2 * ENTRY_BYTES;
        continue;
      }
      case OP_CMPZ8_MR: {
        const linear = ea(e, mask);
        let at = probeTlb(tr, linear, 1);
        if (!at) {
          at = readMissed(e, linear, 1);
          if (!at) return;
        }
        const a = load<u8>(at);
        const b = load<u8>(load<u32>(e, 12));
        sub<u8>(a, b);
        if (u32(a == b) != load<u8>(e, 7)) {
          e += ENTRY_BYTES;
          break;
        }
        e += 2 * ENTRY_BYTES;
        continue;
      }
      case OP_CMPZ8_MI: {
        const linear = ea(e, mask);
        let at = probeTlb(tr, linear, 1);
        if (!at) {
          at = readMissed(e, linear, 1);
          if (!at) return;
        }
        const a = load<u8>(at);
        const b = <u8>load<i32>(e, 28);
        sub<u8>(a, b);
        if (u32(a == b) != load<u8>(e, 7)) {
          e += ENTRY_BYTES;
          break;
        }
        e += 2 * ENTRY_BYTES;
        continue;
      }
      case OP_CMPZ32_RR: {
        const a = load<u32>(load<u32>(e, 8));
        const b = load<u32>(load<u32>(e, 12));
        sub<u32>(a, b);
        if (u32(a == b) != load<u8>(e, 7)) {
          e += ENTRY_BYTES;
          break;
        }
        e += 2 * ENTRY_BYTES;
        continue;
      }
      case OP_CMPZ32_RI: {
        const a = load<u32>(load<u32>(e, 8));
        const b = <u32>load<i32>(e, 28);
        sub<u32>(a, b);
        if (u32(a == b) != load<u8>(e, 7)) {
          e += ENTRY_BYTES;
          break;
        }
        e += 2 * ENTRY_BYTES;
        continue;
      }
      case OP_CMPZ32_RM: {
        const linear = ea(e, mask);
        let at = probeTlb(tr, linear, 4);
        if (!at) {
          at = readMissed(e, linear, 4);
          if (!at) return;
        }
        const a = load<u32>(load<u32>(e, 8));
        const b = load<u32>(at);
        sub<u32>(a, b);
        if (u32(a == b) != load<u8>(e, 7)) {
          e += ENTRY_BYTES;
          break;
        }
        e += 2 * ENTRY_BYTES;
        continue;
      }
      case OP_CMPZ32_MR: {
        const linear = ea(e, mask);
        let at = probeTlb(tr, linear, 4);
        if (!at) {
          at = readMissed(e, linear, 4);
          if (!at) return;
        }
        const a = load<u32>(at);
        const b = load<u32>(load<u32>(e, 12));
        sub<u32>(a, b);
        if (u32(a == b) != load<u8>(e, 7)) {
          e += ENTRY_BYTES;
          break;
        }
        e += 2 * ENTRY_BYTES;
        continue;
      }
      case OP_CMPZ32_MI: {
        const linear = ea(e, mask);
        let at = probeTlb(tr, linear, 4);
        if (!at) {
          at = readMissed(e, linear, 4);
          if (!at) return;
        }
        const a = load<u32>(at);
        const b = <u32>load<i32>(e, 28);
        sub<u32>(a, b);
        if (u32(a == b) != load<u8>(e, 7)) {
          e += ENTRY_BYTES;
          break;
        }
        e += 2 * ENTRY_BYTES;
        continue;
      }
      case OP_CMPZ64_RR: {
        const a = load<u64>(load<u32>(e, 8));
        const b = load<u64>(load<u32>(e, 12));
        sub<u64>(a, b);
        if (u32(a == b) != load<u8>(e, 7)) {
          e += ENTRY_BYTES;
          break;
        }
        e += 2 * ENTRY_BYTES;
        continue;
      }
      case OP_CMPZ64_RI: {
        const a = load<u64>(load<u32>(e, 8));
        const b = <u64><i64>load<i32>(e, 28);
        sub<u64>(a, b);
        if (u32(a == b) != load<u8>(e, 7)) {
          e += ENTRY_BYTES;
          break;
        }
        e += 2 * ENTRY_BYTES;
        continue;
      }
      case OP_CMPZ64_RM: {
        const linear = ea(e, mask);
        let at = probeTlb(tr, linear, 8);
        if (!at) {
          at = readMissed(e, linear, 8);
          if (!at) return;
        }
        const a = load<u64>(load<u32>(e, 8));
        const b = load<u64>(at);
        sub<u64>(a, b);
        if (u32(a == b) != load<u8>(e, 7)) {
          e += ENTRY_BYTES;
          break;
        }
        e += 2 * ENTRY_BYTES;
        continue;
      }
      case OP_CMPZ64_MR: {
        const linear = ea(e, mask);
        let at = probeTlb(tr, linear, 8);
        if (!at) {
          at = readMissed(e, linear, 8);
          if (!at) return;
        }
        const a = load<u64>(at);
        const b = load<u64>(load<u32>(e, 12));
        sub<u64>(a, b);
        if (u32(a == b) != load<u8>(e, 7)) {
          e += ENTRY_BYTES;
          break;
        }
        e += 2 * ENTRY_BYTES;
        continue;
      }
      case OP_CMPZ64_MI: {
        const linear = ea(e, mask);
        let at = probeTlb(tr, linear, 8);
        if (!at) {
          at = readMissed(e, linear, 8);
          if (!at) return;
        }
        const a = load<u64>(at);
        const b = <u64><i64>load<i32>(e, 28);
        sub<u64>(a, b);
        if (u32(a == b) != load<u8>(e, 7)) {
          e += ENTRY_BYTES;
          break;
        }
        e += 2 * ENTRY_BYTES;
        continue;
      }
      case OP_CMPX8_RR: {
        const a = load<u8>(load<u32>(e, 8));
        const b = load<u8>(load<u32>(e, 12));
        const r = sub<u8>(a, b);
        if (holds(e, u32(a == b) | (u32(a < b) << 1) | (u32(<i8>a < <i8>b) << 2) | (u32(<i8>r < 0) << 3))) {
          e += ENTRY_BYTES;
          break;
        }
        e += 2 * ENTRY_BYTES;
        continue;
      }
      case OP_CMPX8_RI: {
        const a = load<u8>(load<u32>(e, 8));
        const b = <u8>load<i32>(e, 28);
        const r = sub<u8>(a, b);
        if (holds(e, u32(a == b) | (u32(a < b) << 1) | (u32(<i8>a < <i8>b) << 2) | (u32(<i8>r < 0) << 3))) {
          e += ENTRY_BYTES;
          break;
        }
        e += 2 * ENTRY_BYTES;
        continue;
      }
      case OP_CMPX8_RM: {
        const linear = ea(e, mask);
        let at = probeTlb(tr, linear, 1);
        if (!at) {
          at = readMissed(e, linear, 1);
          if (!at) return;
        }
        const a = load<u8>(load<u32>(e, 8));
        const b = load<u8>(at);
        const r = sub<u8>(a, b);
        if (holds(e, u32(a == b) | (u32(a < b) << 1) | (u32(<i8>a < <i8>b) << 2) | (u32(<i8>r < 0) << 3))) {
          e += ENTRY_BYTES;
          break;
        }
        e += 2 * ENTRY_BYTES;
        continue;
      }
      case OP_CMPX8_MR: {
        const linear = ea(e, mask);
        let at = probeTlb(tr, linear, 1);
        if (!at) {
          at = readMissed(e, linear, 1);
          if (!at) return;
        }
        const a = load<u8>(at);
        const b = load<u8>(load<u32>(e, 12));
        const r = sub<u8>(a, b);
        if (holds(e, u32(a == b) | (u32(a < b) << 1) | (u32(<i8>a < <i8>b) << 2) | (u32(<i8>r < 0) << 3))) {
          e += ENTRY_BYTES;
          break;
        }
        e += 2 * ENTRY_BYTES;
        continue;
      }
      case OP_CMPX8_MI: {
        const linear = ea(e, mask);
        let at = probeTlb(tr, linear, 1);
        if (!at) {
          at = readMissed(e, linear, 1);
          if (!at) return;
        }
        const a = load<u8>(at);
        const b = <u8>load<i32>(e, 28);
        const r = sub<u8>(a, b);
        if (holds(e, u32(a == b) | (u32(a < b) << 1) | (u32(<i8>a < <i8>b) << 2) | (u32(<i8>r < 0) << 3))) {
          e += ENTRY_BYTES;
          break;
        }
        e += 2 * ENTRY_BYTES;
        continue;
      }
      case OP_CMPX32_RR: {
        const a = load<u32>(load<u32>(e, 8));
        const b = load<u32>(load<u32>(e, 12));
        const r = sub<u32>(a, b);
        if (holds(e, u32(a == b) | (u32(a < b) << 1) | (u32(<i32>a < <i32>b) << 2) | (u32(<i32>r < 0) << 3))) {
          e += ENTRY_BYTES;
          break;
        }
        e += 2 * ENTRY_BYTES;
        continue;
      }
      case OP_CMPX32_RI: {
        const a = load<u32>(load<u32>(e, 8));
        const b = <u32>load<i32>(e, 28);
        const r = sub<u32>(a, b);
        if (holds(e, u32(a == b) | (u32(a < b) << 1) | (u32(<i32>a < <i32>b) << 2) | (u32(<i32>r < 0) << 3))) {
          e += ENTRY_BYTES;
          break;
        }
        e += 2 * ENTRY_BYTES;
        continue;
      }
      case OP_CMPX32_RM: {
        const linear = ea(e, mask);
        let at = probeTlb(tr, linear, 4);
        if (!at) {
          at = readMissed(e, linear, 4);
          if (!at) return;
        }
        const a = load<u32>(load<u32>(e, 8));
        const b = load<u32>(at);
        const r = sub<u32>(a, b);
        if (holds(e, u32(a == b) | (u32(a < b) << 1) | (u32(<i32>a < <i32>b) << 2) | (u32(<i32>r < 0) << 3))) {
          e += ENTRY_BYTES;
          break;
        }
        e += 2 * ENTRY_BYTES;
        continue;
      }
      case OP_CMPX32_MR: {
        const linear = ea(e, mask);
        let at = probeTlb(tr, linear, 4);
        if (!at) {
          at = readMissed(e, linear, 4);
          if (!at) return;
        }
        const a = load<u32>(at);
        const b = load<u32>(load<u32>(e, 12));
        const r = sub<u32>(a, b);
        if (holds(e, u32(a == b) | (u32(a < b) << 1) | (u32(<i32>a < <i32>b) << 2) | (u32(<i32>r < 0) << 3))) {
          e += ENTRY_BYTES;
          break;
        }
        e += 2 * ENTRY_BYTES;
        continue;
      }
      case OP_CMPX32_MI: {
        const linear = ea(e, mask);
        let at = probeTlb(tr, linear, 4);
        if (!at) {
          at = readMissed(e, linear, 4);
          if (!at) return;
        }
        const a = load<u32>(at);
        const b = <u32>load<i32>(e, 28);
        const r = sub<u32>(a, b);
        if (holds(e, u32(a == b) | (u32(a < b) << 1) | (u32(<i32>a < <i32>b) << 2) | (u32(<i32>r < 0) << 3))) {
          e += ENTRY_BYTES;
          break;
        }
        e += 2 * ENTRY_BYTES;
        continue;
      }
      case OP_CMPX64_RR: {
        const a = load<u64>(load<u32>(e, 8));
        const b = load<u64>(load<u32>(e, 12));
        const r = sub<u64>(a, b);
        if (holds(e, u32(a == b) | (u32(a < b) << 1) | (u32(<i64>a < <i64>b) << 2) | (u32(<i64>r < 0) << 3))) {
          e += ENTRY_BYTES;
          break;
        }
        e += 2 * ENTRY_BYTES;
        continue;
      }
      case OP_CMPX64_RI: {
        const a = load<u64>(load<u32>(e, 8));
        const b = <u64><i64>load<i32>(e, 28);
        const r = sub<u64>(a, b);
        if (holds(e, u32(a == b) | (u32(a < b) << 1) | (u32(<i64>a < <i64>b) << 2) | (u32(<i64>r < 0) << 3))) {
          e += ENTRY_BYTES;
          break;
        }
        e += 2 * ENTRY_BYTES;
        continue;
      }
      case OP_CMPX64_RM: {
        const linear = ea(e, mask);
        let at = probeTlb(tr, linear, 8);
        if (!at) {
          at = readMissed(e, linear, 8);
          if (!at) return;
        }
        const a = load<u64>(load<u32>(e, 8));
        const b = load<u64>(at);
        const r = sub<u64>(a, b);
        if (holds(e, u32(a == b) | (u32(a < b) << 1) | (u32(<i64>a < <i64>b) << 2) | (u32(<i64>r < 0) << 3))) {
          e += ENTRY_BYTES;
          break;
        }
        e += 2 * ENTRY_BYTES;
        continue;
      }
      case OP_CMPX64_MR: {
        const linear = ea(e, mask);
        let at = probeTlb(tr, linear, 8);
        if (!at) {
          at = readMissed(e, linear, 8);
          if (!at) return;
        }
        const a = load<u64>(at);
        const b = load<u64>(load<u32>(e, 12));
        const r = sub<u64>(a, b);
        if (holds(e, u32(a == b) | (u32(a < b) << 1) | (u32(<i64>a < <i64>b) << 2) | (u32(<i64>r < 0) << 3))) {
          e += ENTRY_BYTES;
          break;
        }
        e += 2 * ENTRY_BYTES;
        continue;
      }
      case OP_CMPX64_MI: {
        const linear = ea(e, mask);
        let at = probeTlb(tr, linear, 8);
        if (!at) {
          at = readMissed(e, linear, 8);
          if (!at) return;
        }
        const a = load<u64>(at);
        const b = <u64><i64>load<i32>(e, 28);
        const r = sub<u64>(a, b);
        if (holds(e, u32(a == b) | (u32(a < b) << 1) | (u32(<i64>a < <i64>b) << 2) | (u32(<i64>r < 0) << 3))) {
          e += ENTRY_BYTES;
          break;
        }
        e += 2 * ENTRY_BYTES;
        continue;
      }
      case OP_TESTZ8_RR: {
        const r = logic<u8>(<u8>(load<u8>(load<u32>(e, 8)) & load<u8>(load<u32>(e, 12))));
        if (u32(r == 0) != load<u8>(e, 7)) {
          e += ENTRY_BYTES;
          break;
        }
        e += 2 * ENTRY_BYTES;
        continue;
      }
      case OP_TESTZ8_RI: {
        const r = logic<u8>(<u8>(load<u8>(load<u32>(e, 8)) & <u8>load<i32>(e, 28)));
        if (u32(r == 0) != load<u8>(e, 7)) {
          e += ENTRY_BYTES;
          break;
        }
        e += 2 * ENTRY_BYTES;
        continue;
      }
      case OP_TESTZ8_MR: {
        const linear = ea(e, mask);
        let at = probeTlb(tr, linear, 1);
        if (!at) {
          at = readMissed(e, linear, 1);
          if (!at) return;
        }
        const r = logic<u8>(<u8>(load<u8>(at) & load<u8>(load<u32>(e, 12))));
        if (u32(r == 0) != load<u8>(e, 7)) {
          e += ENTRY_BYTES;
          break;
        }
        e += 2 * ENTRY_BYTES;
        continue;
      }
      case OP_TESTZ8_MI: {
        const linear = ea(e, mask);
        let at = probeTlb(tr, linear, 1);
        if (!at) {
          at = readMissed(e, linear, 1);
          if (!at) return;
        }
        const r = logic<u8>(<u8>(load<u8>(at) & <u8>load<i32>(e, 28)));
        if (u32(r == 0) != load<u8>(e, 7)) {
          e += ENTRY_BYTES;
          break;
        }
        e += 2 * ENTRY_BYTES;
        continue;
      }
      case OP_TESTZ32_RR: {
        const r = logic<u32>(<u32>(load<u32>(load<u32>(e, 8)) & load<u32>(load<u32>(e, 12))));
        if (u32(r == 0) != load<u8>(e, 7)) {
          e += ENTRY_BYTES;
          break;
        }
        e += 2 * ENTRY_BYTES;
        continue;
      }
      case OP_TESTZ32_RI: {
        const r = logic<u32>(<u32>(load<u32>(load<u32>(e, 8)) & <u32>load<i32>(e, 28)));
        if (u32(r == 0) != load<u8>(e, 7)) {
          e += ENTRY_BYTES;
          break;
        }
        e += 2 * ENTRY_BYTES;
        continue;
      }
      case OP_TESTZ32_MR: {
        const linear = ea(e, mask);
        let at = probeTlb(tr, linear, 4);
        if (!at) {
          at = readMissed(e, linear, 4);
          if (!at) return;
        }
        const r = logic<u32>(<u32>(load<u32>(at) & load<u32>(load<u32>(e, 12))));
        if (u32(r == 0) != load<u8>(e, 7)) {
          e += ENTRY_BYTES;
          break;
        }
        e += 2 * ENTRY_BYTES;
        continue;
      }
      case OP_TESTZ32_MI: {
        const linear = ea(e, mask);
        let at = probeTlb(tr, linear, 4);
        if (!at) {
          at = readMissed(e, linear, 4);
          if (!at) return;
        }
        const r = logic<u32>(<u32>(load<u32>(at) & <u32>load<i32>(e, 28)));
        if (u32(r == 0) != load<u8>(e, 7)) {
          e += ENTRY_BYTES;
          break;
        }
        e += 2 * ENTRY_BYTES;
        continue;
      }
      case OP_TESTZ64_RR: {
        const r = logic<u64>(<u64>(load<u64>(load<u32>(e, 8)) & load<u64>(load<u32>(e, 12))));
        if (u32(r == 0) != load<u8>(e, 7)) {
          e += ENTRY_BYTES;
          break;
        }
        e += 2 * ENTRY_BYTES;
        continue;
      }
      case OP_TESTZ64_RI: {
        const r = logic<u64>(<u64>(load<u64>(load<u32>(e, 8)) & <u64><i64>load<i32>(e, 28)));
        if (u32(r == 0) != load<u8>(e, 7)) {
          e += ENTRY_BYTES;
          break;
        }
        e += 2 * ENTRY_BYTES;
        continue;
      }
      case OP_TESTZ64_MR: {
        const linear = ea(e, mask);
        let at = probeTlb(tr, linear, 8);
        if (!at) {
          at = readMissed(e, linear, 8);
          if (!at) return;
        }
        const r = logic<u64>(<u64>(load<u64>(at) & load<u64>(load<u32>(e, 12))));
        if (u32(r == 0) != load<u8>(e, 7)) {
          e += ENTRY_BYTES;
          break;
        }
        e += 2 * ENTRY_BYTES;
        continue;
      }
      case OP_TESTZ64_MI: {
        const linear = ea(e, mask);
        let at = probeTlb(tr, linear, 8);
        if (!at) {
          at = readMissed(e, linear, 8);
          if (!at) return;
        }
        const r = logic<u64>(<u64>(load<u64>(at) & <u64><i64>load<i32>(e, 28)));
        if (u32(r == 0) != load<u8>(e, 7)) {
          e += ENTRY_BYTES;
          break;
        }
        e += 2 * ENTRY_BYTES;
        continue;
      }
      case OP_TESTX8_RR: {
        const r = logic<u8>(<u8>(load<u8>(load<u32>(e, 8)) & load<u8>(load<u32>(e, 12))));
        if (holds(e, u32(r == 0) | (u32(<i8>r < 0) << 3))) {
          e += ENTRY_BYTES;
          break;
        }
        e += 2 * ENTRY_BYTES;
        continue;
      }
      case OP_TESTX8_RI: {
        const r = logic<u8>(<u8>(load<u8>(load<u32>(e, 8)) & <u8>load<i32>(e, 28)));
        if (holds(e, u32(r == 0) | (u32(<i8>r < 0) << 3))) {
          e += ENTRY_BYTES;
          break;
        }
        e += 2 * ENTRY_BYTES;
        continue;
      }
      case OP_TESTX8_MR: {
        const linear = ea(e, mask);
        let at = probeTlb(tr, linear, 1);
        if (!at) {
          at = readMissed(e, linear, 1);
          if (!at) return;
        }
        const r = logic<u8>(<u8>(load<u8>(at) & load<u8>(load<u32>(e, 12))));
        if (holds(e, u32(r == 0) | (u32(<i8>r < 0) << 3))) {
          e += ENTRY_BYTES;
          break;
        }
        e += 2 * ENTRY_BYTES;
        continue;
      }
      case OP_TESTX8_MI: {
        const linear = ea(e, mask);
        let at = probeTlb(tr, linear, 1);
        if (!at) {
          at = readMissed(e, linear, 1);
          if (!at) return;
        }
        const r = logic<u8>(<u8>(load<u8>(at) & <u8>load<i32>(e, 28)));
        if (holds(e, u32(r == 0) | (u32(<i8>r < 0) << 3))) {
          e += ENTRY_BYTES;
          break;
        }
        e += 2 * ENTRY_BYTES;
        continue;
      }
      case OP_TESTX32_RR: {
        const r = logic<u32>(<u32>(load<u32>(load<u32>(e, 8)) & load<u32>(load<u32>(e, 12))));
        if (holds(e, u32(r == 0) | (u32(<i32>r < 0) << 3))) {
          e += ENTRY_BYTES;
          break;
        }
        e += 2 * ENTRY_BYTES;
        continue;
      }
      case OP_TESTX32_RI: {
        const r = logic<u32>(<u32>(load<u32>(load<u32>(e, 8)) & <u32>load<i32>(e, 28)));
        if (holds(e, u32(r == 0) | (u32(<i32>r < 0) << 3))) {
          e += ENTRY_BYTES;
          break;
        }
        e += 2 * ENTRY_BYTES;
        continue;
      }
      case OP_TESTX32_MR: {
        const linear = ea(e, mask);
        let at = probeTlb(tr, linear, 4);
        if (!at) {
          at = readMissed(e, linear, 4);
          if (!at) return;
        }
        const r = logic<u32>(<u32>(load<u32>(at) & load<u32>(load<u32>(e, 12))));
        if (holds(e, u32(r == 0) | (u32(<i32>r < 0) << 3))) {
          e += ENTRY_BYTES;
          break;
        }
        e += 2 * ENTRY_BYTES;
        continue;
      }
      case OP_TESTX32_MI: {
        const linear = ea(e, mask);
        let at = probeTlb(tr, linear, 4);
        if (!at) {
          at = readMissed(e, linear, 4);
          if (!at) return;
        }
        const r = logic<u32>(<u32>(load<u32>(at) & <u32>load<i32>(e, 28)));
        if (holds(e, u32(r == 0) | (u32(<i32>r < 0) << 3))) {
          e += ENTRY_BYTES;
          break;
        }
        e += 2 * ENTRY_BYTES;
        continue;
      }
      case OP_TESTX64_RR: {
        const r = logic<u64>(<u64>(load<u64>(load<u32>(e, 8)) & load<u64>(load<u32>(e, 12))));
        if (holds(e, u32(r == 0) | (u32(<i64>r < 0) << 3))) {
          e += ENTRY_BYTES;
          break;
        }
        e += 2 * ENTRY_BYTES;
        continue;
      }
      case OP_TESTX64_RI: {
        const r = logic<u64>(<u64>(load<u64>(load<u32>(e, 8)) & <u64><i64>load<i32>(e, 28)));
        if (holds(e, u32(r == 0) | (u32(<i64>r < 0) << 3))) {
          e += ENTRY_BYTES;
          break;
        }
        e += 2 * ENTRY_BYTES;
        continue;
      }
      case OP_TESTX64_MR: {
        const linear = ea(e, mask);
        let at = probeTlb(tr, linear, 8);
        if (!at) {
          at = readMissed(e, linear, 8);
          if (!at) return;
        }
        const r = logic<u64>(<u64>(load<u64>(at) & load<u64>(load<u32>(e, 12))));
        if (holds(e, u32(r == 0) | (u32(<i64>r < 0) << 3))) {
          e += ENTRY_BYTES;
          break;
        }
        e += 2 * ENTRY_BYTES;
        continue;
      }
      case OP_TESTX64_MI: {
        const linear = ea(e, mask);
        let at = probeTlb(tr, linear, 8);
        if (!at) {
          at = readMissed(e, linear, 8);
          if (!at) return;
        }
        const r = logic<u64>(<u64>(load<u64>(at) & <u64><i64>load<i32>(e, 28)));
        if (holds(e, u32(r == 0) | (u32(<i64>r < 0) << 3))) {
          e += ENTRY_BYTES;
          break;
        }
        e += 2 * ENTRY_BYTES;
        continue;
      }
      case OP_DECZ32_R: {
        const to = load<u32>(e, 8);
        const r = dec<u32>(load<u32>(to));
        setRegister<u32>(to, r);
        if (u32(r == 0) != load<u8>(e, 7)) {
          e += ENTRY_BYTES;
          break;
        }
        e += 2 * ENTRY_BYTES;
        continue;
      }
      case OP_SUBZ32_RI: {
        const to = load<u32>(e, 8);
        const r = sub<u32>(load<u32>(to), <u32>load<i32>(e, 28));
        setRegister<u32>(to, r);
        if (u32(r == 0) != load<u8>(e, 7)) {
          e += ENTRY_BYTES;
          break;
        }
        e += 2 * ENTRY_BYTES;
        continue;
      }
      case OP_DECZ64_R: {
        const to = load<u32>(e, 8);
        const r = dec<u64>(load<u64>(to));
        setRegister<u64>(to, r);
        if (u32(r == 0) != load<u8>(e, 7)) {
          e += ENTRY_BYTES;
          break;
        }
        e += 2 * ENTRY_BYTES;
        continue;
      }
      case OP_SUBZ64_RI: {
        const to = load<u32>(e, 8);
        const r = sub<u64>(load<u64>(to), <u64><i64>load<i32>(e, 28));
        setRegister<u64>(to, r);
        if (u32(r == 0) != load<u8>(e, 7)) {
          e += ENTRY_BYTES;
          break;
        }
        e += 2 * ENTRY_BYTES;
        continue;
      }
      case OP_ROL32_RI: {
        const to = load<u32>(e, 8);
        const result = rotl<u32>(load<u32>(to), <u32>load<i32>(e, 28));
        setRegister<u32>(to, result);
        const carry = <u32>result & 1;
        setCarryOverflow(carry | ((<u32>(result >> 31) ^ carry) << 11));
        e += ENTRY_BYTES;
        continue;
      }
      case OP_ROR32_RI: {
        const to = load<u32>(e, 8);
        const result = rotr<u32>(load<u32>(to), <u32>load<i32>(e, 28));
        setRegister<u32>(to, result);
        const carry = <u32>(result >> 31);
        setCarryOverflow(carry | ((carry ^ (<u32>(result >> 30) & 1)) << 11));
        e += ENTRY_BYTES;
        continue;
      }
      case OP_SHL32_RC: {
        const to = load<u32>(e, 8);
        const count = <u32>(load<u8>(RCX) & 31);
        const value = load<u32>(to);
        const result = value << count;
        setRegister<u32>(to, result);
        if (count) {
          const carry = <u32>(value >> (32 - count)) & 1;
          setFlagsShift<u32>(result, carry | ((<u32>(result >> 31) ^ carry) << 11));
        }
        e += ENTRY_BYTES;
        continue;
      }
      case OP_SHR32_RC: {
        const to = load<u32>(e, 8);
        const count = <u32>(load<u8>(RCX) & 31);
        const value = load<u32>(to);
        const result = value >> count;
        setRegister<u32>(to, result);
        if (count) setFlagsShift<u32>(result, (<u32>(value >> (count - 1)) & 1) | (<u32>((result ^ (result << 1)) >> 31) << 11));
        e += ENTRY_BYTES;
        continue;
      }
      case OP_SAR32_RC: {
        const to = load<u32>(e, 8);
        const count = <i32>(load<u8>(RCX) & 31);
        const value = load<i32>(to);
        const result = <u32>(value >> count);
        setRegister<u32>(to, result);
        if (count) setFlagsShift<u32>(result, <u32>(value >> (count - 1)) & 1);
        e += ENTRY_BYTES;
        continue;
      }
      case OP_ROL64_RI: {
        const to = load<u32>(e, 8);
        const result = rotl<u64>(load<u64>(to), <u64>load<i32>(e, 28));
        setRegister<u64>(to, result);
        const carry = <u32>result & 1;
        setCarryOverflow(carry | ((<u32>(result >> 63) ^ carry) << 11));
        e += ENTRY_BYTES;
        continue;
      }
      case OP_ROR64_RI: {
        const to = load<u32>(e, 8);
        const result = rotr<u64>(load<u64>(to), <u64>load<i32>(e, 28));
        setRegister<u64>(to, result);
        const carry = <u32>(result >> 63);
        setCarryOverflow(carry | ((carry ^ (<u32>(result >> 62) & 1)) << 11));
        e += ENTRY_BYTES;
        continue;
      }
      case OP_SHL64_RC: {
        const to = load<u32>(e, 8);
        const count = <u64>(load<u8>(RCX) & 63);
        const value = load<u64>(to);
        const result = value << count;
        setRegister<u64>(to, result);
        if (count) {
          const carry = <u32>(value >> (64 - count)) & 1;
          setFlagsShift<u64>(result, carry | ((<u32>(result >> 63) ^ carry) << 11));
        }
        e += ENTRY_BYTES;
        continue;
      }
      case OP_SHR64_RC: {
        const to = load<u32>(e, 8);
        const count = <u64>(load<u8>(RCX) & 63);
        const value = load<u64>(to);
        const result = value >> count;
        setRegister<u64>(to, result);
        if (count) setFlagsShift<u64>(result, (<u32>(value >> (count - 1)) & 1) | (<u32>((result ^ (result << 1)) >> 63) << 11));
        e += ENTRY_BYTES;
        continue;
      }
      case OP_SAR64_RC: {
        const to = load<u32>(e, 8);
        const count = <i64>(load<u8>(RCX) & 63);
        const value = load<i64>(to);
        const result = <u64>(value >> count);
        setRegister<u64>(to, result);
        if (count) setFlagsShift<u64>(result, <u32>(value >> (count - 1)) & 1);
        e += ENTRY_BYTES;
        continue;
      }
      case OP_XMM_LOAD: {
        const linear = ea(e, mask);
        let at = probeTlb(tr, linear, 16);
        if (!at) {
          at = readMissed(e, linear, 16);
          if (!at) return;
        }
        v128.store(load<u32>(e, 8), v128.load(at));
        e += ENTRY_BYTES;
        continue;
      }
      case OP_XMM_LOAD_ALIGNED: {
        const linear = ea(e, mask);
        if (<u32>linear & 15) {
          refuseAlignment(e);
          return;
        }
        let at = probeTlb(tr, linear, 16);
        if (!at) {
          at = readMissed(e, linear, 16);
          if (!at) return;
        }
        v128.store(load<u32>(e, 8), v128.load(at));
        e += ENTRY_BYTES;
        continue;
      }
      case OP_XMM_STORE: {
        const linear = ea(e, mask);
        const at = probeTlb(tw, linear, 16);
        if (at) v128.store(at, v128.load(load<u32>(e, 12)));
        else if (!storeMissed16(e, linear, load<u32>(e, 12))) return;
        e += ENTRY_BYTES;
        continue;
      }
      case OP_XMM_STORE_ALIGNED: {
        const linear = ea(e, mask);
        if (<u32>linear & 15) {
          refuseAlignment(e);
          return;
        }
        const at = probeTlb(tw, linear, 16);
        if (at) v128.store(at, v128.load(load<u32>(e, 12)));
        else if (!storeMissed16(e, linear, load<u32>(e, 12))) return;
        e += ENTRY_BYTES;
        continue;
      }
      case OP_XMM_MOVE: {
        v128.store(load<u32>(e, 8), v128.load(load<u32>(e, 12)));
        e += ENTRY_BYTES;
        continue;
      }
      case OP_XMM_XOR: {
        const to = load<u32>(e, 8);
        v128.store(to, v128.xor(v128.load(to), v128.load(load<u32>(e, 12))));
        e += ENTRY_BYTES;
        continue;
      }
      case OP_XMM_LOAD32: {
        const linear = ea(e, mask);
        let at = probeTlb(tr, linear, 4);
        if (!at) {
          at = readMissed(e, linear, 4);
          if (!at) return;
        }
        const to = load<u32>(e, 8);
        store<u64>(to, <u64>load<u32>(at));
        store<u64>(to, 0, 8);
        e += ENTRY_BYTES;
        continue;
      }
      case OP_XMM_STORE32: {
        const linear = ea(e, mask);
        const at = probeTlb(tw, linear, 4);
        if (at) store<u32>(at, load<u32>(load<u32>(e, 12)));
        else if (!storeMissed(e, linear, 4, <u64>load<u32>(load<u32>(e, 12)))) return;
        e += ENTRY_BYTES;
        continue;
      }
      case OP_XMM_FROM_R32: {
        const to = load<u32>(e, 8);
        store<u64>(to, <u64>load<u32>(load<u32>(e, 12)));
        store<u64>(to, 0, 8);
        e += ENTRY_BYTES;
        continue;
      }
      case OP_XMM_TO_R32: {
        store<u64>(load<u32>(e, 8), <u64>load<u32>(load<u32>(e, 12)));
        e += ENTRY_BYTES;
        continue;
      }
      case OP_XMM_LOAD64: {
        const linear = ea(e, mask);
        let at = probeTlb(tr, linear, 8);
        if (!at) {
          at = readMissed(e, linear, 8);
          if (!at) return;
        }
        const to = load<u32>(e, 8);
        store<u64>(to, <u64>load<u64>(at));
        store<u64>(to, 0, 8);
        e += ENTRY_BYTES;
        continue;
      }
      case OP_XMM_STORE64: {
        const linear = ea(e, mask);
        const at = probeTlb(tw, linear, 8);
        if (at) store<u64>(at, load<u64>(load<u32>(e, 12)));
        else if (!storeMissed(e, linear, 8, <u64>load<u64>(load<u32>(e, 12)))) return;
        e += ENTRY_BYTES;
        continue;
      }
      case OP_XMM_FROM_R64: {
        const to = load<u32>(e, 8);
        store<u64>(to, <u64>load<u64>(load<u32>(e, 12)));
        store<u64>(to, 0, 8);
        e += ENTRY_BYTES;
        continue;
      }
      case OP_XMM_TO_R64: {
        store<u64>(load<u32>(e, 8), <u64>load<u64>(load<u32>(e, 12)));
        e += ENTRY_BYTES;
        continue;
      }
      case OP_REGION: {
        const before = load<i32>(CELL_BUDGET);
        const way = call_indirect<u32>(load<u32>(e - 4));
        store<u64>(CELL_TRANSLATED, load<u64>(CELL_TRANSLATED) + <u64>(before - load<i32>(CELL_BUDGET)));
        if (way == 2) {
          e = load<u32>(CELL_RESUME);
          if (load<u16>(e) == OP_REGION) unpatch(e);
          continue;
        }
        if (!way || load<i32>(CELL_BUDGET) <= 0 || (atomic.load<u32>(CPU_PENDING) & pending) != 0) return;
        e = enter();
        if (!e) return;
        continue;
      }
      default: {
        const linear = ea(e, mask);
        const rip = load<u64>(CELL_RIP_PAGE) + load<u16>(e, 4);
        store<u64>(CPU_RIP, rip);
        store<u64>(CPU_NEXT_RIP, (rip + load<u8>(e, 2)) & mask);
        store<u32>(CELL_ENTRY, e);
        if (rare(e, linear)) {
          store<i32>(CELL_BUDGET, load<i32>(CELL_BUDGET) - 1 - <i32>load<u8>(e, 3));
          store<u32>(CELL_ENTRY, 0);
          store<u64>(CPU_RIP, load<u64>(CPU_NEXT_RIP));
          return;
        }
        e += ENTRY_BYTES;
        continue;
      }
    }
    // A taken direct branch: `e` is its entry.
    if (tick(e, pending)) {
      leaveAt(branchTarget(e));
      return;
    }
    const link = load<u32>(e, 16);
    if (!link) {
      e = follow(e);
      if (!e) return;
    } else if (!(link & 1)) e = link;
    else if (load<u32>(e, 20) != load<u32>(CELL_GENERATION) || <u32>(load<u64>(CELL_RIP_PAGE) >> 12) != load<u32>(e, 8)) {
      e = follow(e);
      if (!e) return;
    } else {
      store<u64>(CELL_RIP_PAGE, load<u64>(CELL_RIP_PAGE) + <u64><i64>load<i32>(e, 12));
      e = link - 1;
    }
    const heat = load<u16>(e - 8);
    if (heat) {
      store<u16>(e - 8, heat - 1);
      if (heat == 1) hot(e);
    }
  }
}
