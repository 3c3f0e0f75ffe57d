// FXSAVE, FXRSTOR, XSAVE, XSAVEOPT, XRSTOR, LDMXCSR, STMXCSR, EMMS and the side effects of MMX instructions.
// Intel SDM volume 1, chapters 10.5, 12.3 and 13; volume 2, the instructions' pages. Standard format only (compaction is not
// advertised); components x87, SSE and, when XCR0 allows it, AVX. No component is tracked as being in its initial
// configuration except by XSAVEOPT's x87 check, so XSTATE_BV gets every requested bit.
import {
  CPU_CR0, CPU_CR4, CPU_FPU_CW, CPU_FPU_EMPTY, CPU_FPU_FCS, CPU_FPU_FDP, CPU_FPU_FDS, CPU_FPU_FIP, CPU_FPU_FOP,
  CPU_FPU_TOP, CPU_GPR, CPU_MODE, CPU_MXCSR, CPU_XCR0, CPU_XMM, XMM_STRIDE,
} from '../layout';
import { raise, raiseError } from '../fault';
import { ld16, ld32, ld64, ld8, probeRead, probeWrite, st16, st32, st64 } from '../mmu';
import { initialize, setControlWord } from './environment';
import { checkMmx, put, seAt, setStatusWord, sigAt, slot, statusWord, updateSummary } from './stack';

const CR0_EM: u32 = 4;
const CR0_TS: u32 = 8;
const CR4_OSFXSR: u32 = 0x200;
const CR4_OSXSAVE: u32 = 0x40000;
const MODE_64: u32 = 1 << 1;
const MODE_SSE_CHECK: u32 = 1 << 11;
const UD: u32 = 6;
const NM: u32 = 7;
const GP: u32 = 13;

const MXCSR_VALID: u32 = 0xffff;

const X87: u32 = 1;
const SSE: u32 = 2;
const AVX: u32 = 4;

// Offsets in the save area
const FXSAVE_SIZE: u64 = 512;
const MXCSR_AT: u64 = 24;
const XMM_AT: u64 = 160;
const XSTATE_BV: u64 = 512;
const XCOMP_BV: u64 = 520;
const YMM_AT: u64 = 576;

@inline function xmmCount(): u32 {
  return load<u32>(CPU_MODE) & MODE_64 ? 16 : 8;
}

@inline function xmmAt(i: u32): usize {
  return <usize>CPU_XMM + <usize>i * <usize>XMM_STRIDE;
}

/** Faults now for any part of [at, at + size) that the instruction will touch; size is a multiple of 64. */
function probeArea(at: u64, size: u64, forWrite: bool): void {
  for (let i: u64 = 0; i < size; i += 64) {
    if (forWrite) probeWrite(at + i, 64);
    else probeRead(at + i, 64);
  }
}

// --- the legacy area

function saveX87(at: u64, rexW: u32): void {
  st16(at, load<u32>(CPU_FPU_CW));
  st16(at + 2, statusWord());
  st16(at + 4, ~load<u32>(CPU_FPU_EMPTY) & 0xff);
  st16(at + 6, load<u32>(CPU_FPU_FOP));
  if (rexW) {
    st64(at + 8, load<u64>(CPU_FPU_FIP));
    st64(at + 16, load<u64>(CPU_FPU_FDP));
  } else {
    st32(at + 8, load<u32>(CPU_FPU_FIP));
    st32(at + 12, load<u32>(CPU_FPU_FCS));
    st32(at + 16, load<u32>(CPU_FPU_FDP));
    st32(at + 20, load<u32>(CPU_FPU_FDS));
  }
  for (let i: u32 = 0; i < 8; i++) {
    const register = at + 32 + 16 * i;
    st64(register, sigAt(slot(i)));
    st64(register + 8, <u64>seAt(slot(i)));
  }
}

function restoreX87(at: u64, rexW: u32): void {
  setControlWord(<u32>ld16(at));
  setStatusWord(<u32>ld16(at + 2));
  const valid = <u32>ld8(at + 4);
  store<u32>(CPU_FPU_FOP, <u32>ld16(at + 6) & 0x7ff);
  if (rexW) {
    store<u64>(CPU_FPU_FIP, ld64(at + 8));
    store<u64>(CPU_FPU_FDP, ld64(at + 16));
    store<u32>(CPU_FPU_FCS, 0);
    store<u32>(CPU_FPU_FDS, 0);
  } else {
    store<u64>(CPU_FPU_FIP, <u64>ld32(at + 8));
    store<u64>(CPU_FPU_FDP, <u64>ld32(at + 16));
    store<u32>(CPU_FPU_FCS, <u32>ld16(at + 12));
    store<u32>(CPU_FPU_FDS, <u32>ld16(at + 20));
  }
  for (let i: u32 = 0; i < 8; i++) {
    const register = at + 32 + 16 * i;
    put(slot(i), <u32>ld16(register + 8), ld64(register));
  }
  store<u32>(CPU_FPU_EMPTY, ~valid & 0xff);
  updateSummary();
}

function initializeX87(): void {
  initialize();
  for (let i: u32 = 0; i < 8; i++) put(i, 0, 0);
  store<u32>(CPU_FPU_EMPTY, 0xff);
}

function saveMxcsr(at: u64): void {
  st32(at + MXCSR_AT, load<u32>(CPU_MXCSR));
  st32(at + MXCSR_AT + 4, MXCSR_VALID);
}

function checkMxcsr(value: u32): void {
  if (value & ~MXCSR_VALID) raiseError(GP, 0);
}

/** Copies half registers: offset 0 in the register file for XMM, 16 for the upper halves of YMM. */
function saveHalves(at: u64, offset: usize): void {
  for (let i: u32 = 0; i < xmmCount(); i++) {
    const from = xmmAt(i) + offset;
    st64(at + 16 * i, load<u64>(from));
    st64(at + 16 * i + 8, load<u64>(from, 8));
  }
}

function restoreHalves(at: u64, offset: usize): void {
  for (let i: u32 = 0; i < xmmCount(); i++) {
    const to = xmmAt(i) + offset;
    store<u64>(to, ld64(at + 16 * i));
    store<u64>(to, ld64(at + 16 * i + 8), 8);
  }
}

function clearHalves(offset: usize): void {
  for (let i: u32 = 0; i < xmmCount(); i++) {
    store<u64>(xmmAt(i) + offset, 0);
    store<u64>(xmmAt(i) + offset, 0, 8);
  }
}

// --- FXSAVE, FXRSTOR

function checkFxArea(at: u64): void {
  const cr0 = load<u32>(CPU_CR0);
  if (cr0 & CR0_EM) raise(UD);
  if (cr0 & CR0_TS) raise(NM);
  if (at & 15) raiseError(GP, 0);
}

export function fxsave(linear: u64, rexW: u32): void {
  checkFxArea(linear);
  probeArea(linear, FXSAVE_SIZE, true);
  saveX87(linear, rexW);
  saveMxcsr(linear);
  saveHalves(linear + XMM_AT, 0);
}

export function fxrstor(linear: u64, rexW: u32): void {
  checkFxArea(linear);
  probeArea(linear, FXSAVE_SIZE, false);
  const mxcsr = <u32>ld32(linear + MXCSR_AT);
  checkMxcsr(mxcsr);
  restoreX87(linear, rexW);
  store<u32>(CPU_MXCSR, mxcsr);
  restoreHalves(linear + XMM_AT, 0);
}

// --- XSAVE, XSAVEOPT, XRSTOR

/** The requested components: EDX:EAX and XCR0. */
function requestedComponents(): u32 {
  return load<u32>(CPU_GPR) & load<u32>(CPU_XCR0) & (X87 | SSE | AVX);
}

function checkXsaveArea(at: u64): void {
  if (!(load<u32>(CPU_CR4) & CR4_OSXSAVE)) raise(UD);
  if (load<u32>(CPU_CR0) & CR0_TS) raise(NM);
  if (at & 63) raiseError(GP, 0);
}

/** Bytes of the area up to the last requested component. */
function areaSize(components: u32): u64 {
  return components & AVX ? YMM_AT + 256 : YMM_AT;
}

/** `isOpt`: XSAVEOPT may leave out components in their initial configuration; the x87 state is checked for that. */
export function xsave(linear: u64, rexW: u32, isOpt: u32): void {
  checkXsaveArea(linear);
  const components = requestedComponents();
  probeArea(linear, areaSize(components), true);
  let inUse = components;
  if (isOpt && components & X87 && isX87Initial()) inUse &= ~X87;
  if (inUse & X87) saveX87(linear, rexW);
  if (components & (SSE | AVX)) saveMxcsr(linear);
  if (components & SSE) saveHalves(linear + XMM_AT, 0);
  if (components & AVX) saveHalves(linear + YMM_AT, 16);
  st64(linear + XSTATE_BV, (ld64(linear + XSTATE_BV) & ~<u64>components) | <u64>inUse);
}

function isX87Initial(): bool {
  if (load<u32>(CPU_FPU_CW) != 0x37f || statusWord() || load<u32>(CPU_FPU_EMPTY) != 0xff) return false;
  if (load<u32>(CPU_FPU_FOP) || load<u64>(CPU_FPU_FIP) || load<u64>(CPU_FPU_FDP)) return false;
  let any: u64 = load<u32>(CPU_FPU_FCS) | load<u32>(CPU_FPU_FDS);
  for (let i: u32 = 0; i < 8; i++) any |= sigAt(i) | <u64>seAt(i);
  return any == 0;
}

export function xrstor(linear: u64, rexW: u32): void {
  checkXsaveArea(linear);
  const components = requestedComponents();
  probeArea(linear, areaSize(components), false);
  const present = ld64(linear + XSTATE_BV);
  // A set XCOMP_BV would mean the compacted format; bytes 16-23 of the header are reserved.
  if (present & ~load<u64>(CPU_XCR0) || ld64(linear + XCOMP_BV) || ld64(linear + XCOMP_BV + 8)) raiseError(GP, 0);
  let mxcsr = load<u32>(CPU_MXCSR);
  if (components & (SSE | AVX)) {
    mxcsr = <u32>ld32(linear + MXCSR_AT);
    checkMxcsr(mxcsr);
  }
  const loaded = components & <u32>present;
  if (components & X87) {
    if (loaded & X87) restoreX87(linear, rexW);
    else initializeX87();
  }
  if (components & SSE) {
    if (loaded & SSE) restoreHalves(linear + XMM_AT, 0);
    else clearHalves(0);
  }
  if (components & AVX) {
    if (loaded & AVX) restoreHalves(linear + YMM_AT, 16);
    else clearHalves(16);
  }
  store<u32>(CPU_MXCSR, mxcsr);
}

// --- MXCSR

function checkSse(): void {
  if (!(load<u32>(CPU_MODE) & MODE_SSE_CHECK)) return;
  const cr0 = load<u32>(CPU_CR0);
  if (cr0 & CR0_EM || !(load<u32>(CPU_CR4) & CR4_OSFXSR)) raise(UD);
  if (cr0 & CR0_TS) raise(NM);
}

export function ldmxcsr(linear: u64): void {
  checkSse();
  const value = <u32>ld32(linear);
  checkMxcsr(value);
  store<u32>(CPU_MXCSR, value);
}

export function stmxcsr(linear: u64): void {
  checkSse();
  st32(linear, load<u32>(CPU_MXCSR));
}

// --- MMX

/** Checks (#UD, #NM, #MF) and side effects of every MMX instruction but EMMS: TOP = 0, all registers valid. */
export function mmxEnter(): void {
  checkMmx();
  store<u32>(CPU_FPU_TOP, 0);
  store<u32>(CPU_FPU_EMPTY, 0);
}

export function fpuEmms(): void {
  checkMmx();
  store<u32>(CPU_FPU_TOP, 0);
  store<u32>(CPU_FPU_EMPTY, 0xff);
}
