// What translated regions (../jit) call in the core: their accesses that miss the TLB, and operations that are not translated.
// CELL_BUDGET is written before each call and CELL_RIP_PAGE is that of the entry's block, so that faults are as precise as the loop's.
import { CPU_MODE, CPU_NEXT_RIP, CPU_RIP } from './layout';
import { CELL_BUDGET, CELL_ENTRY, CELL_KILLS, CELL_RIP_PAGE, CELL_UNPATCHED } from './tables';
import { commitWrite } from './mmu';
import { setCarryOverflow, testCondition } from './flags';
import { multiply64 } from './muldiv';
import { readMissed, storeMissed, updateMissed } from './loop';
import { OP_REGION } from './ops';
import { rare } from './rare';

/** Host address of the bytes, 0 for a recorded fault. */
export function regionRead(e: u32, linear: u64, size: u32): usize {
  return readMissed(e, linear, size);
}

/** 0 for a recorded fault, 1 done, 2 done and code was overwritten: the region may be the one. */
export function regionStore(e: u32, linear: u64, size: u32, value: u64): u32 {
  const kills = load<u32>(CELL_KILLS);
  if (!storeMissed(e, linear, size, value)) return 0;
  store<u32>(CELL_ENTRY, 0);
  return kills == load<u32>(CELL_KILLS) ? 1 : 2;
}

/** Host address to read and then write, 0 for a recorded fault; `regionCommit` must follow the write. */
export function regionUpdate(e: u32, linear: u64, size: u32): usize {
  return updateMissed(e, linear, size);
}

/** Ends an update. True if code was overwritten. */
export function regionCommit(): u32 {
  const kills = load<u32>(CELL_KILLS);
  commitWrite();
  store<u32>(CELL_ENTRY, 0);
  return u32(kills != load<u32>(CELL_KILLS));
}

/** The same for the first entry of a block, where OP_REGION may stand in its place. */
export function regionRareFirst(e: u32): u32 {
  if (load<u16>(e) != OP_REGION) return regionRare(e);
  store<u16>(e, load<u16>(e - 6));
  store<u32>(CELL_UNPATCHED, e);
  const isOver = regionRare(e);
  patchBack();
  return isOver;
}

/** Also called when the operation unwound. */
export function patchBack(): void {
  const e = load<u32>(CELL_UNPATCHED);
  store<u32>(CELL_UNPATCHED, 0);
  if (e && load<u16>(e) == load<u16>(e - 6) && load<u32>(e - 4)) store<u16>(e, OP_REGION);
}

/** Runs an entry as the loop's default case does. True if the loop must be left; then CPU_RIP and the budget are up to date. */
export function regionRare(e: u32): u32 {
  const is64 = (load<u32>(CPU_MODE) & 2) != 0;
  const mask: u64 = is64 ? 0xffffffffffffffff : 0xffffffff;
  const linear =
    (load<u64>(load<u32>(e, 16)) + (load<u64>(load<u32>(e, 20)) << <u64>load<u8>(e, 6)) + <u64><i64>load<i32>(e, 24)) & mask;
  const rip = load<u64>(CELL_RIP_PAGE) + load<u16>(e, 4);
  store<u64>(CPU_RIP, rip);
  store<u64>(CPU_NEXT_RIP, (rip + load<u8>(e, 2)) & mask);
  store<u32>(CELL_ENTRY, e);
  const kills = load<u32>(CELL_KILLS);
  const isOver = rare(e, linear);
  store<u32>(CELL_ENTRY, 0);
  if (!isOver && kills == load<u32>(CELL_KILLS)) return 0;
  store<i32>(CELL_BUDGET, load<i32>(CELL_BUDGET) - 1 - <i32>load<u8>(e, 3));
  store<u64>(CPU_RIP, load<u64>(CPU_NEXT_RIP));
  return 1;
}

export function regionCondition(condition: u32): u32 {
  return u32(testCondition(condition));
}

/** Sets CF and OF, keeping the others. */
export function regionCarryOverflow(bits: u32): void {
  setCarryOverflow(bits);
}

export function regionMultiply(a: u64, b: u64): u64 {
  return multiply64(a, b);
}
