// Exports of the core and the head of its run loop: exceptions, interrupts, single-stepping, halting, the instruction budget.
// The host calls `run`; when a helper unwinds (env.unwind throws), it calls `resume` until one of them returns an EXIT_*.
import {
  CPU_A20_MASK, CPU_DR, CPU_EXC_VECTOR, CPU_FLAGS, CPU_HALTED, CPU_ICOUNT, CPU_INHIBIT, CPU_MODE, CPU_PENDING, CPU_RIP, CPU_SEG, DIRTY_MAP,
  EXIT_BUDGET, EXIT_HALT, EXIT_INIT, EXIT_REQUESTED, EXIT_SHUTDOWN, INTR_EXIT, INTR_INIT, INTR_INTR, INTR_NMI, INTR_SIPI, PHYS_MAP,
  PHYS_PAGES,
} from './layout';
import {
  CELL_BREAKPOINTS, CELL_BUDGET, CELL_BUDGET_START, CELL_CACHE_NEXT, CELL_CHECKED, CELL_CONST_MINUS, CELL_CONST_PLUS,
  CELL_ENTRY, CELL_HEAT, CELL_STEP, CELL_UNPATCHED, CACHE_START,
} from './tables';
import { ackInterrupt, blocksFlushed } from './env';
import { enter, flushCache, forgetPages, invalidateRange } from './cache';
import { flushTlbAll, peek } from './mmu';
import { getEflags } from './flags';
import { loop } from './loop';
import { deliverPending, hardwareInterrupt, nmi } from './interrupt';
export { regionCarryOverflow, regionCommit, regionCondition, regionMultiply, regionRare, regionRareFirst, regionRead, regionStore, regionUpdate } from './region';
import { patchBack } from './region';
export { find as findBlock } from './cache';
import { initState, resetState, updateMode } from './sysops';
import { debugAfterInstruction, debugBeforeInstruction } from './debug';
import { count, STAT_EXCEPTIONS, STAT_INTERRUPTS } from './stats';

const FLAG_TF: u32 = 0x100;
const FLAG_IF: u32 = 0x200;

/** Once per instance, before anything else. */
export function init(): void {
  store<u32>(CPU_A20_MASK, 0xffffffff);
  store<i32>(CPU_EXC_VECTOR, -1);
  reloadState();
}

/** Power-on and RESET#. */
export function resetCpu(): void {
  resetState();
  reloadState();
}

/** INIT: as reset, but the x87, SSE, MTRR and most other model-specific state stays. */
export function initCpu(): void {
  initState();
  reloadState();
}

/** After a state restore, a reset or memory map changes of any kind: rebuilds all private tables. */
export function reloadState(): void {
  store<u64>(CELL_CONST_PLUS, 0x40000000);
  store<u64>(CELL_CONST_MINUS, <u64>-0x40000000);
  store<u32>(CELL_ENTRY, 0);
  store<u32>(CELL_STEP, 0);
  store<u32>(CELL_BREAKPOINTS, 0);
  if (!load<u32>(CELL_CACHE_NEXT)) store<u32>(CELL_CACHE_NEXT, CACHE_START);
  flushCache();
  flushTlbAll();
  updateMode();
}

/** Runs about `budget` instructions. Returns EXIT_*. */
export function run(budget: i32): i32 {
  store<i32>(CELL_BUDGET, budget);
  store<i32>(CELL_BUDGET_START, budget);
  return resume();
}

/** Goes on after an unwind. */
export function resume(): i32 {
  const code = head();
  const left = load<i32>(CELL_BUDGET);
  store<u64>(CPU_ICOUNT, load<u64>(CPU_ICOUNT) + <u64>(<i64>load<i32>(CELL_BUDGET_START) - <i64>left));
  store<i32>(CELL_BUDGET_START, left);
  return code;
}

/** Instructions left of the last `run`, zero or a little below when it was used up. */
export function budgetLeft(): i32 {
  return load<i32>(CELL_BUDGET);
}

function head(): i32 {
  while (true) {
    store<u32>(CELL_ENTRY, 0);
    if (load<u32>(CELL_UNPATCHED)) patchBack();
    if (load<u32>(CELL_STEP)) endStep();
    if (load<i32>(CPU_EXC_VECTOR) != -1) {
      // A delivery counts as an instruction, so that faults alone cannot keep the loop from ending.
      store<i32>(CELL_BUDGET, load<i32>(CELL_BUDGET) - 1);
      count(STAT_EXCEPTIONS);
      if (!deliverPending()) return EXIT_SHUTDOWN;
    }
    const pending = atomic.load<u32>(CPU_PENDING);
    if (pending) {
      if (pending & INTR_EXIT) {
        atomic.and<u32>(CPU_PENDING, ~INTR_EXIT);
        return EXIT_REQUESTED;
      }
      if (pending & (INTR_INIT | INTR_SIPI)) return EXIT_INIT;
      const inhibit = load<u32>(CPU_INHIBIT);
      if (pending & INTR_NMI && !inhibit) {
        atomic.and<u32>(CPU_PENDING, ~INTR_NMI);
        nmi();
      } else if (pending & INTR_INTR && load<u32>(CPU_FLAGS) & FLAG_IF && !(inhibit & 1)) {
        const vector = ackInterrupt();
        if (vector >= 0) {
          count(STAT_INTERRUPTS);
          hardwareInterrupt(<u32>vector);
        }
      }
    }
    if (load<u32>(CPU_HALTED)) return EXIT_HALT;
    if (load<i32>(CELL_BUDGET) <= 0) return EXIT_BUDGET;
    if (load<u32>(CPU_MODE) & 0x1000) {
      updateMode();
      if (load<u32>(CPU_MODE) & 0x1000) {
        step();
        continue;
      }
    }
    syncChecked();
    const entry = enter();
    if (entry) loop(entry);
  }
}

/** AC and data breakpoints send data accesses through the slow path. */
function syncChecked(): void {
  const checked = (load<u32>(CPU_MODE) & 0x2000) | (load<u32>(CPU_DR + 56) & 0xff);
  if (!checked == !load<u32>(CELL_CHECKED)) {
    store<u32>(CELL_CHECKED, checked);
    return;
  }
  store<u32>(CELL_CHECKED, checked);
  // Regions look at the TLBs themselves: they are for unchecked accesses only.
  const heat = load<u32>(CELL_HEAT + 0x10);
  if (!heat) return;
  store<u32>(CELL_HEAT, 0);
  blocksFlushed();
  flushCache();
  if (!checked) store<u32>(CELL_HEAT, heat);
}

// Single-stepping: one instruction with a budget of one, so that every boundary leaves the loop. CELL_STEP is 1 + TF << 1, its
// next cell the budget set aside; `endStep` also runs when the instruction unwound.
function step(): void {
  syncChecked();
  const mode = load<u32>(CPU_MODE);
  const rip = load<u64>(CPU_RIP);
  debugBeforeInstruction(mode & 2 ? rip : (rip + load<u64>(CPU_SEG + 32)) & 0xffffffff);
  const isStepping = (load<u32>(CPU_FLAGS) & FLAG_TF) != 0;
  store<u32>(CPU_INHIBIT, load<u32>(CPU_INHIBIT) & ~1);
  store<u32>(CELL_BREAKPOINTS, 0);
  store<u32>(CELL_STEP, isStepping ? 3 : 1);
  store<i32>(CELL_STEP + 4, load<i32>(CELL_BUDGET));
  store<i32>(CELL_BUDGET, 1);
  const entry = enter();
  if (entry) loop(entry);
}

function endStep(): void {
  const isStepping = (load<u32>(CELL_STEP) & 2) != 0;
  const retired = 1 - load<i32>(CELL_BUDGET);
  store<i32>(CELL_BUDGET, load<i32>(CELL_STEP + 4) - retired);
  store<u32>(CELL_STEP, 0);
  // A fault comes before the trap of an instruction that did not complete.
  if (load<i32>(CPU_EXC_VECTOR) != -1) return;
  if (!load<u32>(CPU_HALTED) || isStepping) debugAfterInstruction(isStepping, load<u32>(CELL_BREAKPOINTS));
}

/** Maps `count` guest-physical pages from `startPage` to host memory from `hostAddress` with PAGE_* flags; 0 flags unmaps. */
export function setPhysPages(startPage: u32, count: u32, hostAddress: u32, flags: u32): void {
  forgetPages(startPage, count);
  for (let i: u32 = 0; i < count && startPage + i < <u32>PHYS_PAGES; i++) {
    store<u32>(PHYS_MAP + ((startPage + i) << 2), flags ? (hostAddress + (i << 12)) | flags : 0);
  }
  flushTlbAll();
}

/** Guest memory was changed by something other than the processor. */
export function invalidatePhysical(low: u32, high: u32, length: u32): void {
  invalidateRange((<u64>high << 32) | <u64>low, length);
}

/** After A20, dirty-log or memory map changes: forgets all cached translations. */
export function flushTranslations(): void {
  flushTlbAll();
}

/** Clears the dirty flags of a page range that the caller has read; later writes set them again. */
export function clearDirty(startPage: u32, count: u32): void {
  memory.fill(DIRTY_MAP + startPage, 0, count);
  flushTlbAll();
}

/** Guest-physical address of a linear one without side effects, -1 unmapped. */
export function translateLinear(low: u32, high: u32): f64 {
  const gpa = peek((<u64>high << 32) | <u64>low);
  return gpa == 0xffffffffffffffff ? -1 : <f64>gpa;
}

/** EFLAGS with the lazy flags joined, for inspectors. */
export function eflags(): u32 {
  return getEflags();
}

/** Switches translation on: the host is asked to translate a block after `heat` taken branches to it. 0 switches it off. */
export function setHeat(heat: u32): void {
  store<u32>(CELL_HEAT, heat);
  store<u32>(CELL_HEAT + 0x10, heat);
}
