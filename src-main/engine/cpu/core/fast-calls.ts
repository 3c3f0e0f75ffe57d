// SYSCALL, SYSRET, SYSENTER, SYSEXIT and SWAPGS. Intel SDM vol. 2, AMD APM vol. 3. The vendors differ: an AMD-like model has
// SYSCALL in legacy and compatibility mode and no SYSENTER in long mode; an Intel-like one the other way round.

import {
  CPU_CPL,
  CPU_CSTAR,
  CPU_EFER,
  CPU_FLAGS,
  CPU_FMASK,
  CPU_GPR,
  CPU_KERNEL_GS_BASE,
  CPU_LSTAR,
  CPU_NEXT_RIP,
  CPU_STAR,
  CPU_SYSENTER_CS,
  CPU_SYSENTER_EIP,
  CPU_SYSENTER_ESP,
  CS,
  GS,
  SEG_BASE,
  SS,
} from './layout';
import { GP, UD, raise, raiseError } from './fault';
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
  setEflagsMasked,
} from './flags';
import { FEATURE_SEP, hasFeature, isAmd } from './cpuid';
import { cpl, is64, isCanonical, isLongActive, isProtected, isV86, segAt, segBase, writeSegment } from './segment';
import { updateMode } from './sysops';

const RCX: usize = CPU_GPR + 8;
const RDX: usize = CPU_GPR + 2 * 8;
const RSP: usize = CPU_GPR + 4 * 8;
const R11: usize = CPU_GPR + 11 * 8;

// Fixed flat segments, without the DPL.
const CODE32: u32 = 0xc09b;
const CODE64: u32 = 0xa09b;
const DATA32: u32 = 0xc093;

const ALL_FLAGS: u32 = ARITH_MASK | FLAG_TF | FLAG_IF | FLAG_DF | FLAG_IOPL | FLAG_NT | FLAG_RF | FLAG_AC | FLAG_ID;

function loadFlat(selector: u32, stackSelector: u32, level: u32, code: u32): void {
  writeSegment(CS, (selector & 0xfffc) | level, 0, 0xffffffff, code | (level << 5));
  writeSegment(SS, (stackSelector & 0xfffc) | level, 0, 0xffffffff, DATA32 | (level << 5));
  store<u32>(CPU_CPL, level);
}

export function syscallExec(): void {
  if (!(load<u64>(CPU_EFER) & 1) || !isProtected() || isV86()) raise(UD);
  const isLong = isLongActive();
  const wasCode64 = is64();
  if (!wasCode64 && !isAmd()) raise(UD);
  const star = load<u64>(CPU_STAR);
  const selector = <u32>(star >> 32) & 0xfffc;
  const next = load<u64>(CPU_NEXT_RIP);
  store<u64>(RCX, next);
  if (isLong) {
    store<u64>(R11, <u64>(getEflags() & ~FLAG_RF));
    setEflagsMasked((<u32>load<u64>(CPU_FMASK) & ALL_FLAGS) | FLAG_RF, 0);
    loadFlat(selector, selector + 8, 0, CODE64);
    store<u64>(CPU_NEXT_RIP, load<u64>(wasCode64 ? CPU_LSTAR : CPU_CSTAR));
  } else {
    setEflagsMasked(FLAG_IF | FLAG_VM | FLAG_RF, 0);
    loadFlat(selector, selector + 8, 0, CODE32);
    store<u64>(CPU_NEXT_RIP, star & 0xffffffff);
  }
  updateMode();
}

export function sysretExec(opSize: u32): void {
  if (!(load<u64>(CPU_EFER) & 1) || (!is64() && !isAmd())) raise(UD);
  if (!isProtected() || cpl() != 0) raiseError(GP, 0);
  const selector = <u32>(load<u64>(CPU_STAR) >> 48) & 0xfffc;
  const to64 = opSize == 8 && isLongActive();
  const target = to64 ? load<u64>(RCX) : load<u64>(RCX) & 0xffffffff;
  // Intel faults here, still in the kernel; AMD at the first fetch, in user mode.
  if (to64 && !isAmd() && !isCanonical(target)) raiseError(GP, 0);
  if (isLongActive()) setEflagsMasked(ALL_FLAGS, <u32>load<u64>(R11) & ~FLAG_RF);
  else setEflagsMasked(FLAG_IF, FLAG_IF);
  loadFlat(to64 ? selector + 16 : selector, selector + 8, 3, to64 ? CODE64 : CODE32);
  store<u64>(CPU_NEXT_RIP, target);
  updateMode();
}

function checkSysenter(): u32 {
  if (!hasFeature(FEATURE_SEP) || (isAmd() && isLongActive())) raise(UD);
  const selector = <u32>load<u64>(CPU_SYSENTER_CS) & 0xfffc;
  if (!isProtected() || selector == 0) raiseError(GP, 0);
  return selector;
}

export function sysenterExec(): void {
  const selector = checkSysenter();
  const isLong = isLongActive();
  setEflagsMasked(FLAG_IF | FLAG_VM | FLAG_RF, 0);
  loadFlat(selector, selector + 8, 0, isLong ? CODE64 : CODE32);
  const mask: u64 = isLong ? ~(<u64>0) : 0xffffffff;
  store<u64>(RSP, load<u64>(CPU_SYSENTER_ESP) & mask);
  store<u64>(CPU_NEXT_RIP, load<u64>(CPU_SYSENTER_EIP) & mask);
  updateMode();
}

export function sysexitExec(opSize: u32): void {
  const selector = checkSysenter();
  if (cpl() != 0) raiseError(GP, 0);
  if (opSize == 8) {
    const target = load<u64>(RDX);
    const stack = load<u64>(RCX);
    if (!isCanonical(target) || !isCanonical(stack)) raiseError(GP, 0);
    loadFlat(selector + 32, selector + 40, 3, CODE64);
    store<u64>(RSP, stack);
    store<u64>(CPU_NEXT_RIP, target);
  } else {
    loadFlat(selector + 16, selector + 24, 3, CODE32);
    store<u64>(RSP, load<u64>(RCX) & 0xffffffff);
    store<u64>(CPU_NEXT_RIP, load<u64>(RDX) & 0xffffffff);
  }
  updateMode();
}

export function swapgs(): void {
  if (!is64()) raise(UD);
  if (cpl() != 0) raiseError(GP, 0);
  const base = segBase(GS);
  store<u64>(segAt(GS) + SEG_BASE, load<u64>(CPU_KERNEL_GS_BASE));
  store<u64>(CPU_KERNEL_GS_BASE, base);
}
