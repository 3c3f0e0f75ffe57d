// Raising exceptions from helpers: records the exception, accounts the instructions retired before it and unwinds to the
// host's run loop, which calls `resume`; the head of the main loop then delivers it (interrupt.ts `deliverPending`).
import { CPU_CR2, CPU_EXC_ERROR, CPU_EXC_HAS_ERROR, CPU_EXC_VECTOR, CPU_LAST_LINEAR } from './layout';
import { unwind } from './env';
import { CELL_BUDGET, CELL_ENTRY } from './tables';

export const DE: u32 = 0;
export const DB: u32 = 1;
export const BP: u32 = 3;
export const OF: u32 = 4;
export const BR: u32 = 5;
export const UD: u32 = 6;
export const NM: u32 = 7;
export const DF: u32 = 8;
export const TS: u32 = 10;
export const NP: u32 = 11;
export const SS_FAULT: u32 = 12;
export const GP: u32 = 13;
export const PF: u32 = 14;
export const MF: u32 = 16;
export const AC: u32 = 17;
export const XM: u32 = 19;

/** Counts the instructions of the running block before the current one; called once when an instruction does not complete. */
export function retireBeforeCurrent(): void {
  const entry = load<u32>(CELL_ENTRY);
  if (entry) {
    store<i32>(CELL_BUDGET, load<i32>(CELL_BUDGET) - <i32>load<u8>(entry, 3));
    store<u32>(CELL_ENTRY, 0);
  }
}

/** Records without unwinding: for the main loop's own accesses. */
export function record(vector: u32, hasError: u32, code: u32): void {
  store<u32>(CPU_EXC_VECTOR, vector);
  store<u32>(CPU_EXC_HAS_ERROR, hasError);
  store<u32>(CPU_EXC_ERROR, code);
}

export function recordPageFault(linear: u64, code: u32): void {
  store<u64>(CPU_CR2, linear);
  store<u64>(CPU_LAST_LINEAR, linear);
  record(PF, 1, code);
}

/** Leaves the instruction: the exception is already recorded. */
export function unwindRecorded(): void {
  retireBeforeCurrent();
  unwind();
}

export function raise(vector: u32): void {
  record(vector, 0, 0);
  unwindRecorded();
}

export function raiseError(vector: u32, code: u32): void {
  record(vector, 1, code);
  unwindRecorded();
}

export function raisePageFault(linear: u64, code: u32): void {
  recordPageFault(linear, code);
  unwindRecorded();
}

export function raiseDe(): void {
  raise(DE);
}
export function raiseUd(): void {
  raise(UD);
}
export function raiseNm(): void {
  raise(NM);
}
export function raiseMf(): void {
  raise(MF);
}
export function raiseXm(): void {
  raise(XM);
}
export function raiseGp(code: u32): void {
  raiseError(GP, code);
}
export function raiseSs(code: u32): void {
  raiseError(SS_FAULT, code);
}
export function raiseNp(code: u32): void {
  raiseError(NP, code);
}
export function raiseTs(code: u32): void {
  raiseError(TS, code);
}
