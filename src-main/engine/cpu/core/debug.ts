// Debug registers as the pipeline sees them: code, data and I/O breakpoints, single step. Intel SDM vol. 3B chapter 18.
// Data breakpoints are noticed by the MMU's slow path (CELL_BREAKPOINTS) and reported here as traps. Not modelled: RTM,
// DEBUGCTL.BTF and branch records.

import { CPU_DR, CPU_FLAGS } from './layout';
import { DB, raise } from './fault';
import { FLAG_RF } from './flags';

export const DR6: usize = CPU_DR + 6 * 8;
export const DR7: usize = CPU_DR + 7 * 8;
export const DR6_BD: u64 = 1 << 13;
export const DR6_BS: u64 = 1 << 14;
export const DR6_BT: u64 = 1 << 15;
const DR7_GD: u64 = 1 << 13;
const DR7_ENABLES: u64 = 0xff;

export function setDr6(bits: u64): void {
  store<u64>(DR6, load<u64>(DR6) | bits);
}

/** Entering the #DB handler lifts the general-detect protection, so that the handler can use the registers. */
export function noteDebugDelivery(): void {
  store<u64>(DR7, load<u64>(DR7) & ~DR7_GD);
}

export function hasBreakpoints(): bool {
  return (load<u64>(DR7) & DR7_ENABLES) != 0;
}

/** DR6 bits of the enabled breakpoints of `kind` (0 execute, 2 I/O) that `address` .. +size touches. */
function matching(kind: u32, address: u64, size: u32): u64 {
  const dr7 = <u32>load<u64>(DR7);
  let bits: u64 = 0;
  for (let i: u32 = 0; i < 4; i++) {
    if (!((dr7 >> (i * 2)) & 3)) continue;
    const control = (dr7 >> (16 + i * 4)) & 15;
    if ((control & 3) != kind) continue;
    const code = control >> 2;
    const length: u64 = code == 2 ? 8 : <u64>code + 1;
    const start = load<u64>(CPU_DR + <u32>i * 8) & ~(length - 1);
    if (address < start + length && start < address + size) bits |= (<u64>1) << i;
  }
  return bits;
}

/**
 * In the single-step loop, before each instruction (its linear address): the #DB fault of a code breakpoint. RF suppresses it
 * and ends here; a fault of the instruction puts it back into the flags it pushes.
 */
export function debugBeforeInstruction(linear: u64): void {
  const flags = load<u32>(CPU_FLAGS);
  store<u32>(CPU_FLAGS, flags & ~FLAG_RF);
  if (!hasBreakpoints() || flags & FLAG_RF) return;
  const bits = matching(0, linear, 1);
  if (bits) {
    setDr6(bits);
    raise(DB);
  }
}

/**
 * In the single-step loop, after an instruction completed and CPU_RIP is the next one: `dataBits` are the data breakpoints
 * it hit, `wasStepping` whether TF was set when it began.
 */
export function debugAfterInstruction(wasStepping: bool, dataBits: u32): void {
  const bits = <u64>dataBits | (wasStepping ? DR6_BS : 0);
  if (!bits) return;
  setDr6(bits);
  raise(DB);
}

/** DR6 bits of the I/O breakpoints (CR4.DE) that a port access hits; a trap after the instruction. */
export function ioBreakpoints(port: u32, size: u32): u32 {
  return <u32>matching(2, <u64>port, size);
}
