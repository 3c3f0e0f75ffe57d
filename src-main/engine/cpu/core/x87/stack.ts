// The x87 register stack and status word: TOP, empty bits, exception summary, and the checks every instruction makes
// before it runs. Intel SDM volume 1, chapter 8.1 and 8.5-8.7; volume 3, 2.5 (CR0.EM, MP, TS, NE).
import {
  CPU_CR0, CPU_FLAGS, CPU_FPU_CW, CPU_FPU_EMPTY, CPU_FPU_FCS, CPU_FPU_FDP, CPU_FPU_FDS, CPU_FPU_FIP, CPU_FPU_FOP,
  CPU_FPU_REGS, CPU_FPU_SW, CPU_FPU_TOP, CPU_MODE, CPU_PENDING, CPU_RIP, CPU_SEG, CS, DS, INTR_INTR, SEG_BASE, SEG_SELECTOR,
  SEG_STRIDE,
} from '../layout';
import { ferr } from '../env';
import { raise, unwindRecorded } from '../fault';
import {
  CONDITIONS, EXP_MAX, outSe, outSig, raised, setIndefinite, setRaised, SW_B, SW_C1, SW_DE, SW_ES, SW_IE, SW_SF, SW_ZE,
} from './number';

const CR0_MP: u32 = 2;
const CR0_EM: u32 = 4;
const CR0_TS: u32 = 8;
const CR0_NE: u32 = 0x20;
const MODE_FLAT: u32 = 1 << 7;
const MODE_X87_CHECK: u32 = 1 << 10;
const RFLAGS_IF: u32 = 0x200;
const EXCEPTIONS: u32 = 0x3f;

// --- registers

@inline export function slot(i: u32): u32 {
  return (load<u32>(CPU_FPU_TOP) + i) & 7;
}

@inline export function seAt(slot: u32): u32 {
  return <u32>load<u16>(<usize>CPU_FPU_REGS + (<usize>slot << 4), 8);
}

@inline export function sigAt(slot: u32): u64 {
  return load<u64>(<usize>CPU_FPU_REGS + (<usize>slot << 4));
}

@inline export function isEmpty(slot: u32): bool {
  return ((load<u32>(CPU_FPU_EMPTY) >> slot) & 1) != 0;
}

/** Writes a register and marks it valid. */
@inline export function put(slot: u32, se: u32, sig: u64): void {
  const at = <usize>CPU_FPU_REGS + (<usize>slot << 4);
  store<u64>(at, sig);
  store<u16>(at, <u16>se, 8);
  store<u32>(CPU_FPU_EMPTY, load<u32>(CPU_FPU_EMPTY) & ~((<u32>1) << slot));
}

@inline export function putOut(slot: u32): void {
  put(slot, outSe, outSig);
}

@inline export function pop(): void {
  const top = load<u32>(CPU_FPU_TOP);
  store<u32>(CPU_FPU_EMPTY, load<u32>(CPU_FPU_EMPTY) | ((<u32>1) << top));
  store<u32>(CPU_FPU_TOP, (top + 1) & 7);
}

// --- status

/** Merges the raised exceptions into the status word; false if an unmasked one forbids the result and the pop. */
@inline export function settle(): bool {
  const sw = load<u32>(CPU_FPU_SW) & ~SW_C1;
  if (raised & EXCEPTIONS & ~load<u32>(CPU_FPU_CW)) return settleUnmasked(sw);
  store<u32>(CPU_FPU_SW, sw | raised);
  return true;
}

function settleUnmasked(sw: u32): bool {
  if (raised & (SW_IE | SW_DE | SW_ZE) & ~load<u32>(CPU_FPU_CW)) {
    // A stack fault keeps C1, which tells its direction.
    store<u32>(CPU_FPU_SW, sw | SW_ES | SW_B | (raised & (SW_IE | SW_DE | SW_ZE | SW_SF)) | (raised & SW_SF ? raised & SW_C1 : 0));
    return false;
  }
  store<u32>(CPU_FPU_SW, sw | raised | SW_ES | SW_B);
  return true;
}

/** The instruction left nothing but C1 = 0. */
@inline export function settleClean(): void {
  store<u32>(CPU_FPU_SW, load<u32>(CPU_FPU_SW) & ~SW_C1);
}

/** Replaces the condition code bits `mask` of the status word. */
@inline export function setCodes(mask: u32, codes: u32): void {
  store<u32>(CPU_FPU_SW, (load<u32>(CPU_FPU_SW) & ~mask) | codes);
}

/** Comparisons set their condition codes whether or not the exception is masked. */
export function settleCompare(codes: u32): bool {
  const completes = settle();
  setCodes(CONDITIONS, codes);
  return completes;
}

/** ES and B follow from the flags and masks: after loads of either word. */
export function updateSummary(): void {
  const sw = load<u32>(CPU_FPU_SW) & ~(SW_ES | SW_B);
  store<u32>(CPU_FPU_SW, sw & EXCEPTIONS & ~load<u32>(CPU_FPU_CW) ? sw | SW_ES | SW_B : sw);
}

/** Raises the stack underflow; the masked response is the real indefinite in `outSe`/`outSig`. */
export function stackUnderflow(): void {
  setRaised(SW_IE | SW_SF);
  setIndefinite();
}

/** Pushes outSe/outSig once the exceptions raised so far are settled. */
@inline export function pushOut(): void {
  const to = slot(7);
  if (!isEmpty(to)) {
    setRaised(SW_IE | SW_SF | SW_C1);
    setIndefinite();
  }
  if (settle()) {
    store<u32>(CPU_FPU_TOP, to);
    putOut(to);
  }
}

export function statusWord(): u32 {
  return load<u32>(CPU_FPU_SW) | (load<u32>(CPU_FPU_TOP) << 11);
}

export function setStatusWord(value: u32): void {
  store<u32>(CPU_FPU_TOP, (value >> 11) & 7);
  store<u32>(CPU_FPU_SW, value & 0xc7ff);
}

/** The two-bit tags as FNSTENV gives them, register 0 lowest. */
export function tagWord(): u32 {
  let tags: u32 = 0;
  for (let i: u32 = 0; i < 8; i++) {
    let tag: u32;
    const exp = seAt(i) & EXP_MAX;
    if (isEmpty(i)) tag = 3;
    else if (exp == EXP_MAX || <i64>sigAt(i) >= 0 || exp == 0) tag = exp == 0 && sigAt(i) == 0 ? 1 : 2;
    else tag = 0;
    tags |= tag << (i << 1);
  }
  return tags;
}

export function setTagWord(tags: u32): void {
  let empty: u32 = 0;
  for (let i: u32 = 0; i < 8; i++) {
    if (((tags >> (i << 1)) & 3) == 3) empty |= (<u32>1) << i;
  }
  store<u32>(CPU_FPU_EMPTY, empty);
}

// --- checks before an instruction

@inline export function checkAvailable(): void {
  if (load<u32>(CPU_MODE) & MODE_X87_CHECK) refuseIfTrapped(CR0_EM | CR0_TS);
}

function refuseIfTrapped(bits: u32): void {
  if (load<u32>(CPU_CR0) & bits) raise(7);
}

/** #NM of WAIT: both MP and TS. */
export function checkWaitAvailable(): void {
  if ((load<u32>(CPU_CR0) & (CR0_MP | CR0_TS)) == (CR0_MP | CR0_TS)) raise(7);
}

@inline export function checkPending(): void {
  if (load<u32>(CPU_FPU_SW) & SW_ES) deliverPending();
}

/** #MF, or with CR0.NE clear the board's IRQ 13. If that interrupt can be taken, the instruction is left for after it;
 * otherwise it runs on, as with IGNNE# asserted. */
function deliverPending(): void {
  if (load<u32>(CPU_CR0) & CR0_NE) raise(16);
  ferr();
  if (load<u32>(CPU_PENDING) & INTR_INTR && load<u32>(CPU_FLAGS) & RFLAGS_IF) unwindRecorded();
}

/** #UD and #NM of an MMX instruction, then a pending #MF. */
export function checkMmx(): void {
  if (load<u32>(CPU_MODE) & MODE_X87_CHECK) {
    if (load<u32>(CPU_CR0) & CR0_EM) raise(6);
    refuseIfTrapped(CR0_TS);
  }
  checkPending();
}

// --- instruction and operand pointers

@inline export function notePointers(opcode: u32, modrm: u32): void {
  store<u32>(CPU_FPU_FOP, ((opcode & 7) << 8) | modrm);
  store<u64>(CPU_FPU_FIP, load<u64>(CPU_RIP));
  store<u32>(CPU_FPU_FCS, <u32>load<u16>(CPU_SEG + CS * SEG_STRIDE + SEG_SELECTOR));
}

/** The operand's segment is not known here: outside flat mode the offset is given relative to DS. */
@inline export function noteOperand(linear: u64): void {
  store<u32>(CPU_FPU_FDS, <u32>load<u16>(CPU_SEG + DS * SEG_STRIDE + SEG_SELECTOR));
  if (!(load<u32>(CPU_MODE) & MODE_FLAT)) linear = <u64><u32>(linear - load<u64>(CPU_SEG + DS * SEG_STRIDE + SEG_BASE));
  store<u64>(CPU_FPU_FDP, linear);
}
