// Mode bits, reset, control and debug registers, privileged flag changes, port permission. Intel SDM vol. 3A chapters 2, 9;
// AMD APM vol. 2 chapter 3. Absent: PCID, SMAP, LA57, protection keys, VMX and SVM, VME and PVI. The instructions on
// descriptor-table registers and the fast system calls are in system-segments.ts and fast-calls.ts, re-exported here.

import {
  CPU_CC_OP,
  CPU_CPL,
  CPU_CR0,
  CPU_CR2,
  CPU_CR3,
  CPU_CR4,
  CPU_DR,
  CPU_EFER,
  CPU_EXC_DELIVERING,
  CPU_EXC_VECTOR,
  CPU_FLAGS,
  CPU_FPU_CW,
  CPU_FPU_REGS,
  CPU_GPR,
  CPU_HALTED,
  CPU_IMPLICIT_SUPERVISOR,
  CPU_INHIBIT,
  CPU_MODE,
  CPU_MXCSR,
  CPU_NEXT_RIP,
  CPU_RIP,
  CPU_SCRATCH,
  CPU_STAR,
  CPU_TSC_AUX,
  CPU_TSC_OFFSET,
  CPU_XCR0,
  CPU_EXC_ERROR,
  CS,
  DS,
  ES,
  FS,
  GDTR,
  GS,
  IDTR,
  LDTR,
  SS,
  TR,
} from './layout';
import { hypercall, tprRead, tprWrite, tscNow } from './env';
import { DB, GP, UD, raise, raiseError } from './fault';
import {
  ARITH_MASK,
  FLAG_AC,
  FLAG_DF,
  FLAG_ID,
  FLAG_IF,
  FLAG_IOPL,
  FLAG_NT,
  FLAG_RF,
  FLAG_TF,
  FLAG_VM,
  getEflags,
  setEflagsArith,
  setEflagsMasked,
} from './flags';
import { flushTlbAll, flushTlbNonGlobal, invalidatePage, ldk16, reloadPdptes } from './mmu';
import { DR6, DR6_BD, DR7, hasBreakpoints, ioBreakpoints, setDr6 } from './debug';
import { CELL_BREAKPOINTS } from './tables';
import {
  FEATURE_CPUID,
  FEATURE_RDTSCP,
  FEATURE_TSC,
  allowedCr4,
  allowedXcr0,
  hasFeature,
  modelSignature,
  physicalBits,
} from './cpuid';
import { resetMsrs } from './msr';
import {
  ACCESS_CODE,
  ACCESS_DB,
  ACCESS_DIRECTION,
  ACCESS_L,
  ACCESS_P,
  ACCESS_WRITABLE,
  cpl,
  inhibitInterrupts,
  is64,
  isLongActive,
  isProtected,
  isV86,
  segAccess,
  segBase,
  segLimit,
  writeSegment,
} from './segment';

export {
  arpl,
  lar,
  lgdt,
  lidt,
  loadLdt,
  loadTr,
  lsl,
  sgdt,
  sidt,
  sldt,
  str,
  verr,
  verw,
} from './system-segments';
export { swapgs, syscallExec, sysenterExec, sysexitExec, sysretExec } from './fast-calls';
export { cpuidExec } from './cpuid';
export { rdmsrExec, wrmsrExec } from './msr';

const CR0_PE: u64 = 1;
const CR0_MP: u64 = 2;
const CR0_EM: u64 = 4;
const CR0_TS: u64 = 8;
const CR0_ET: u64 = 0x10;
const CR0_WP: u64 = 0x10000;
const CR0_AM: u64 = 0x40000;
const CR0_NW: u64 = 0x20000000;
const CR0_CD: u64 = 0x40000000;
const CR0_PG: u64 = 0x80000000;
const CR0_DEFINED: u64 = 0xe005003f;

export const CR4_TSD: u64 = 4;
export const CR4_DE: u64 = 8;
const CR4_PSE: u64 = 0x10;
const CR4_PAE: u64 = 0x20;
const CR4_PGE: u64 = 0x80;

const CR4_OSFXSR: u64 = 0x200;
const CR4_UMIP: u64 = 0x800;
const CR4_OSXSAVE: u64 = 0x40000;
const CR4_SMEP: u64 = 0x100000;

const EFER_LME: u64 = 0x100;
const EFER_LMA: u64 = 0x400;

// --- mode bits

/** Whether a data segment is the flat one: base 0, 4 GiB, writable, expand-up, present. */
function isFlatData(seg: u32): bool {
  return (
    segBase(seg) == 0 &&
    segLimit(seg) == 0xffffffff &&
    (segAccess(seg) & (ACCESS_P | ACCESS_CODE | ACCESS_DIRECTION | ACCESS_WRITABLE)) == (ACCESS_P | ACCESS_WRITABLE)
  );
}

/** Recomputes CPU_MODE (README) after any change of what it is made of. */
export function updateMode(): void {
  const cr0 = load<u32>(CPU_CR0);
  const cr4 = load<u32>(CPU_CR4);
  const flags = load<u32>(CPU_FLAGS);
  const cs = segAccess(CS);
  const level = cpl();
  let mode: u32 = 0;
  const isLong = (load<u32>(CPU_EFER) & <u32>EFER_LMA) != 0;
  const isCode64 = isLong && (cs & ACCESS_L) != 0;
  if (cs & ACCESS_DB && !isCode64) mode |= 1;
  if (isCode64) mode |= 2;
  if (segAccess(SS) & ACCESS_DB) mode |= 4;
  mode |= (cr0 & 1) << 3;
  if (flags & FLAG_VM) mode |= 0x10;
  if (cr0 & <u32>CR0_PG) mode |= 0x20;
  if (isLong) mode |= 0x40;
  if (
    isCode64 ||
    (segBase(CS) == 0 &&
      segLimit(CS) == 0xffffffff &&
      (cs & (ACCESS_P | ACCESS_CODE | ACCESS_WRITABLE)) == (ACCESS_P | ACCESS_CODE | ACCESS_WRITABLE) &&
      isFlatData(SS) &&
      isFlatData(DS) &&
      isFlatData(ES))
  ) {
    mode |= 0x80;
  }
  mode |= level << 8;
  if (cr0 & <u32>(CR0_EM | CR0_TS)) mode |= 0x400;
  if (!(cr4 & <u32>CR4_OSFXSR) || cr0 & <u32>(CR0_EM | CR0_TS)) mode |= 0x800;
  if (flags & FLAG_TF || load<u32>(CPU_INHIBIT) & 1 || hasBreakpoints()) mode |= 0x1000;
  if (level == 3 && flags & FLAG_AC && cr0 & <u32>CR0_AM) mode |= 0x2000;
  store<u32>(CPU_MODE, mode);
}

// --- reset

/** State after RESET# or power-on. Everything of the saved state area is defined by it. */
export function resetState(): void {
  memory.fill(CPU_STAR, 0, CPU_EXC_VECTOR - CPU_STAR);
  memory.fill(CPU_FPU_REGS, 0, CPU_SCRATCH - CPU_FPU_REGS);
  store<u64>(CPU_CR0, CR0_CD | CR0_NW | CR0_ET);
  store<u64>(CPU_XCR0, 1);
  store<u32>(CPU_FPU_CW, 0x40);
  store<u32>(CPU_MXCSR, 0x1f80);
  resetMsrs();
  // The counter starts at zero with the machine; a later reset starts it again.
  store<u64>(CPU_TSC_OFFSET, 0 - <u64>tscNow());
  initRegisters();
}

/** State after INIT: caches, x87, vector registers and most MSRs keep their values. */
export function initState(): void {
  store<u64>(CPU_CR0, (load<u64>(CPU_CR0) & (CR0_CD | CR0_NW)) | CR0_ET);
  initRegisters();
}

function initRegisters(): void {
  memory.fill(CPU_GPR, 0, 16 * 8);
  store<u64>(CPU_GPR + 2 * 8, <u64>modelSignature());
  store<u32>(CPU_FLAGS, 2);
  store<u32>(CPU_CC_OP, 0);
  setEflagsArith(0);
  store<u64>(CPU_CR2, 0);
  store<u64>(CPU_CR3, 0);
  store<u64>(CPU_CR4, 0);
  store<u64>(CPU_EFER, 0);
  memory.fill(CPU_DR, 0, 8 * 8);
  store<u64>(DR6, 0xffff0ff0);
  store<u64>(DR7, 0x400);
  store<u32>(CPU_CPL, 0);
  store<u32>(CPU_HALTED, 0);
  store<u32>(CPU_INHIBIT, 0);
  store<u32>(CPU_IMPLICIT_SUPERVISOR, 0);
  store<i32>(CPU_EXC_VECTOR, -1);
  store<i32>(CPU_EXC_DELIVERING, -1);
  store<u32>(CPU_EXC_ERROR, 0);
  writeSegment(CS, 0xf000, 0xffff0000, 0xffff, 0x009b);
  writeSegment(ES, 0, 0, 0xffff, 0x0093);
  writeSegment(SS, 0, 0, 0xffff, 0x0093);
  writeSegment(DS, 0, 0, 0xffff, 0x0093);
  writeSegment(FS, 0, 0, 0xffff, 0x0093);
  writeSegment(GS, 0, 0, 0xffff, 0x0093);
  writeSegment(LDTR, 0, 0, 0xffff, 0x0082);
  writeSegment(TR, 0, 0, 0xffff, 0x008b);
  writeSegment(GDTR, 0, 0, 0xffff, 0);
  writeSegment(IDTR, 0, 0, 0xffff, 0);
  store<u64>(CPU_RIP, 0xfff0);
  store<u64>(CPU_NEXT_RIP, 0xfff0);
  flushTlbAll();
  updateMode();
}

// --- control registers

export function requireSupervisor(): void {
  if (cpl() != 0) raiseError(GP, 0);
}

/** SGDT, SIDT, SLDT, STR and SMSW are for the supervisor alone when CR4.UMIP is set. */
export function checkUmip(): void {
  if (load<u64>(CPU_CR4) & CR4_UMIP && cpl() != 0) raiseError(GP, 0);
}

export function movFromCr(n: u32): u64 {
  requireSupervisor();
  switch (n) {
    case 0:
      return load<u64>(CPU_CR0);
    case 2:
      return load<u64>(CPU_CR2);
    case 3:
      return load<u64>(CPU_CR3);
    case 4:
      return load<u64>(CPU_CR4);
    case 8:
      return <u64>(tprRead() & 15);
    default:
      raise(UD);
      return 0;
  }
}

export function movToCr(n: u32, value: u64): void {
  if (n != 0 && n != 2 && n != 3 && n != 4 && n != 8) raise(UD);
  requireSupervisor();
  if (!is64()) value &= 0xffffffff;
  if (n == 0) writeCr0(value);
  else if (n == 2) store<u64>(CPU_CR2, value);
  else if (n == 3) writeCr3(value);
  else if (n == 4) writeCr4(value);
  else {
    if (value > 15) raiseError(GP, 0);
    tprWrite(<u32>value);
  }
}

function usesPdptes(cr0: u64, cr4: u64, efer: u64): bool {
  return (cr0 & CR0_PG) != 0 && (cr4 & CR4_PAE) != 0 && (efer & EFER_LMA) == 0;
}

export function writeCr0(value: u64): void {
  const old = load<u64>(CPU_CR0);
  if (value >> 32) raiseError(GP, 0);
  value = (value & CR0_DEFINED) | CR0_ET;
  if ((value & (CR0_PG | CR0_PE)) == CR0_PG) raiseError(GP, 0);
  if ((value & (CR0_NW | CR0_CD)) == CR0_NW) raiseError(GP, 0);
  const cr4 = load<u64>(CPU_CR4);
  let efer = load<u64>(CPU_EFER);
  const changed = old ^ value;
  if (changed & CR0_PG) {
    if (value & CR0_PG) {
      if (efer & EFER_LME) {
        // Long mode starts in compatibility mode, from 32-bit paging structures with PAE.
        if (!(cr4 & CR4_PAE) || segAccess(CS) & ACCESS_L) raiseError(GP, 0);
        efer |= EFER_LMA;
      }
    } else {
      if (is64()) raiseError(GP, 0);
      efer &= ~EFER_LMA;
    }
  }
  if (changed & (CR0_PG | CR0_CD | CR0_NW) && usesPdptes(value, cr4, efer)) {
    if (!reloadPdptes(load<u64>(CPU_CR3))) raiseError(GP, 0);
  }
  store<u64>(CPU_CR0, value);
  store<u64>(CPU_EFER, efer);
  if (changed & (CR0_PG | CR0_PE | CR0_WP)) flushTlbAll();
  updateMode();
}

function writeCr3(value: u64): void {
  if (isLongActive()) {
    if (value >> physicalBits()) raiseError(GP, 0);
  } else if (usesPdptes(load<u64>(CPU_CR0), load<u64>(CPU_CR4), load<u64>(CPU_EFER))) {
    if (!reloadPdptes(value)) raiseError(GP, 0);
  }
  store<u64>(CPU_CR3, value);
  flushTlbNonGlobal();
}

function writeCr4(value: u64): void {
  const old = load<u64>(CPU_CR4);
  if (value & ~allowedCr4()) raiseError(GP, 0);
  if (isLongActive() && !(value & CR4_PAE)) raiseError(GP, 0);
  const changed = old ^ value;
  const cr0 = load<u64>(CPU_CR0);
  if (changed & (CR4_PAE | CR4_PGE | CR4_PSE | CR4_SMEP) && usesPdptes(cr0, value, load<u64>(CPU_EFER))) {
    if (!reloadPdptes(load<u64>(CPU_CR3))) raiseError(GP, 0);
  }
  store<u64>(CPU_CR4, value);
  if (changed & (CR4_PAE | CR4_PGE | CR4_PSE | CR4_SMEP)) flushTlbAll();
  updateMode();
}

/** LMSW can set PE but not clear it. */
export function lmsw(value: u32): void {
  requireSupervisor();
  const old = load<u64>(CPU_CR0);
  writeCr0((old & ~(CR0_MP | CR0_EM | CR0_TS)) | (<u64>value & (CR0_PE | CR0_MP | CR0_EM | CR0_TS)));
}

export function smsw(): u64 {
  checkUmip();
  return load<u64>(CPU_CR0);
}

export function clts(): void {
  requireSupervisor();
  store<u64>(CPU_CR0, load<u64>(CPU_CR0) & ~CR0_TS);
  updateMode();
}

export function invlpg(linear: u64): void {
  requireSupervisor();
  invalidatePage(linear);
}

/** Caches are coherent with everything here, so WBINVD and INVD have nothing to write back. */
export function wbinvd(): void {
  requireSupervisor();
}

export function hlt(): void {
  requireSupervisor();
  store<u32>(CPU_HALTED, 1);
}

// --- debug registers

/** DR4 and DR5 name DR6 and DR7 unless CR4.DE is set; general detect traps any access. */
function debugIndex(n: u32): u32 {
  if (n == 4 || n == 5) {
    if (load<u64>(CPU_CR4) & CR4_DE) raise(UD);
    n += 2;
  }
  if (n > 7) raise(UD);
  requireSupervisor();
  if (load<u64>(DR7) & (1 << 13)) {
    setDr6(DR6_BD);
    raise(DB);
  }
  return n;
}

export function movFromDr(n: u32): u64 {
  return load<u64>(CPU_DR + <u32>debugIndex(n) * 8);
}

export function movToDr(n: u32, value: u64): void {
  n = debugIndex(n);
  if (!is64()) value &= 0xffffffff;
  if (n >= 6 && value >> 32) raiseError(GP, 0);
  if (n == 6) value = (value & 0xe00f) | 0xffff0ff0;
  else if (n == 7) {
    value = (value & 0xffff23ff) | 0x400;
    // A resume flag left over from before breakpoints were on must not hide the first one.
    if (!hasBreakpoints()) store<u32>(CPU_FLAGS, load<u32>(CPU_FLAGS) & ~FLAG_RF);
  }
  store<u64>(CPU_DR + <u32>n * 8, value);
  if (n == 7) updateMode();
}

// --- flags

function iopl(): u32 {
  return (load<u32>(CPU_FLAGS) >> 12) & 3;
}

export function cli(): void {
  if (isProtected() && cpl() > iopl()) raiseError(GP, 0);
  store<u32>(CPU_FLAGS, load<u32>(CPU_FLAGS) & ~FLAG_IF);
}

export function sti(): void {
  if (isProtected() && cpl() > iopl()) raiseError(GP, 0);
  const flags = load<u32>(CPU_FLAGS);
  if (flags & FLAG_IF) return;
  store<u32>(CPU_FLAGS, flags | FLAG_IF);
  inhibitInterrupts();
  updateMode();
}

export function pushfValue(opSize: u32): u64 {
  if (isV86() && iopl() < 3) raiseError(GP, 0);
  const flags = getEflags() & ~(FLAG_VM | FLAG_RF);
  return <u64>(opSize == 2 ? flags & 0xffff : flags);
}

/** POPF: the caller has read the value and commits the stack pointer after this returns. */
export function popfValue(value: u64, opSize: u32): void {
  if (isV86() && iopl() < 3) raiseError(GP, 0);
  let mask = ARITH_MASK | FLAG_TF | FLAG_DF | FLAG_NT | FLAG_RF | FLAG_AC;
  if (hasFeature(FEATURE_CPUID)) mask |= FLAG_ID;
  if (!isProtected() || cpl() <= iopl()) mask |= FLAG_IF;
  if (cpl() == 0) mask |= FLAG_IOPL;
  if (opSize == 2) mask &= 0xffff;
  setEflagsMasked(mask, <u32>value & ~FLAG_RF);
  updateMode();
}

// --- port permission

/** Raises #GP(0) unless `size` ports from `port` are allowed; notes the I/O breakpoints they hit, which trap afterwards. */
export function checkIo(port: u32, size: u32): void {
  if (isProtected() && (isV86() || cpl() > iopl())) checkIoBitmap(port & 0xffff, size);
  if (load<u64>(CPU_CR4) & CR4_DE && hasBreakpoints()) {
    store<u32>(CELL_BREAKPOINTS, load<u32>(CELL_BREAKPOINTS) | ioBreakpoints(port & 0xffff, size));
  }
}

function checkIoBitmap(port: u32, size: u32): void {
  const type = segAccess(TR) & 15;
  const limit = segLimit(TR);
  if (type < 9 || limit < 0x67) raiseError(GP, 0);
  const base = segBase(TR);
  const at = ldk16(base + 0x66) + (port >> 3);
  if (at + 1 > limit) raiseError(GP, 0);
  const bits = ldk16(base + at) >> (port & 7);
  if (bits & ((1 << size) - 1)) raiseError(GP, 0);
}

// --- counters and extended control

export function readTsc(): u64 {
  return <u64>tscNow() + load<u64>(CPU_TSC_OFFSET);
}

function storePair(value: u64): void {
  store<u64>(CPU_GPR, value & 0xffffffff);
  store<u64>(CPU_GPR + 2 * 8, value >> 32);
}

export function rdtscExec(): void {
  if (!hasFeature(FEATURE_TSC)) raise(UD);
  if (load<u64>(CPU_CR4) & CR4_TSD && cpl() != 0) raiseError(GP, 0);
  storePair(readTsc());
}

export function rdtscpExec(): void {
  if (!hasFeature(FEATURE_RDTSCP)) raise(UD);
  if (load<u64>(CPU_CR4) & CR4_TSD && cpl() != 0) raiseError(GP, 0);
  storePair(readTsc());
  store<u64>(CPU_GPR + 8, load<u64>(CPU_TSC_AUX) & 0xffffffff);
}

/** There are no performance counters: every index is out of range. */
export function rdpmcExec(): void {
  raiseError(GP, 0);
}

export function xgetbv(): void {
  if (!(load<u64>(CPU_CR4) & CR4_OSXSAVE)) raise(UD);
  if (load<u32>(CPU_GPR + 8) != 0) raiseError(GP, 0);
  storePair(load<u64>(CPU_XCR0));
}

export function xsetbv(): void {
  if (!(load<u64>(CPU_CR4) & CR4_OSXSAVE)) raise(UD);
  requireSupervisor();
  const value = ((<u64>load<u32>(CPU_GPR + 2 * 8)) << 32) | <u64>load<u32>(CPU_GPR);
  if (load<u32>(CPU_GPR + 8) != 0 || !(value & 1) || value & ~allowedXcr0()) raiseError(GP, 0);
  // AVX state contains SSE state.
  if ((value & 6) == 4) raiseError(GP, 0);
  store<u64>(CPU_XCR0, value);
  updateMode();
}

/** VMCALL and VMMCALL: the host serves RAX's function or does not know it. */
export function vmcallExec(): void {
  if (hypercall(load<u32>(CPU_GPR)) == -1) raise(UD);
}
