// Event counters for the inspector and the benchmarks: u64 slots at CPU_STATS, in this order. Only events off the fast path.
import { CPU_STATS } from './layout';

export const STAT_EXCEPTIONS: u32 = 0;
export const STAT_INTERRUPTS: u32 = 1;
export const STAT_TLB_MISSES: u32 = 2;
export const STAT_TLB_FLUSHES: u32 = 3;
export const STAT_BLOCKS_BUILT: u32 = 4;
export const STAT_BLOCKS_KILLED: u32 = 5;
export const STAT_CACHE_FLUSHES: u32 = 6;
export const STAT_LOOKUPS: u32 = 7;

// @ts-ignore: decorator
@inline export function count(slot: u32): void {
  const at = CPU_STATS + (slot << 3);
  store<u64>(at, load<u64>(at) + 1);
}
