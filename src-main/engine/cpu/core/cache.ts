// Predecode cache: blocks of entries by physical address and mode, found through a hash by the slow path and through the jump
// cache (by RIP) or links inside entries by the fast one. A killed block has all its entries turned into OP_DEAD, so whoever
// still runs it or jumps to it looks the address up again: self-modifying code takes effect at the next instruction.
// Block header (32 bytes before the first entry): +0 page u32, +4 offset u16, +6 code bytes u16, +8 mode u32, +12 next in hash,
// +16 entries u16, +18 dead u8, +19 part of a region u8, +20 second page u32 (-1 none), +24 heat left u16, +26 operation of the
// first entry while a region stands there u16, +28 region's index in the function table u32.

import { CPU_MODE, CPU_RIP, CPU_SEG, PAGE_CODE, PHYS_MAP, PHYS_PAGES } from './layout';
import {
  BLOCK_HASH, BLOCK_HASH_BYTES, CACHE_END, CACHE_START, CELL_CACHE_NEXT, CELL_ENTRY, CELL_EPOCH, CELL_GENERATION, CELL_HEAT, CELL_KILLS,
  CELL_RIP_PAGE, CELL_STEP,
  CODE_BITMAP, ENTRY_BYTES, JUMP_CACHE, JUMP_CACHE_BYTES, PAGE_BLOCKS,
} from './tables';
import { dropWriteEntries, fetchPage, physEntry } from './mmu';
import { GP, record } from './fault';
import { blockLost, blocksFlushed, hot } from './env';
import { decodeBlock, decodeLimited, decodeUncached } from './decode';
import { OP_DEAD } from './ops';
import { count, STAT_BLOCKS_BUILT, STAT_BLOCKS_KILLED, STAT_CACHE_FLUSHES, STAT_LOOKUPS } from './stats';

const HEADER: u32 = 32;
const CPU_CS_BASE: u32 = CPU_SEG + 32;
const CPU_CS_LIMIT: u32 = CPU_SEG + 40;

/** Mode bits that select a block. */
export function stepKey(): u32 {
  return (load<u32>(CPU_MODE) & 0x3fff) | (load<u32>(CELL_STEP) << 12);
}

/** RIP a branch entry leads to. */
export function branchTarget(e: u32): u64 {
  const target = load<u64>(CELL_RIP_PAGE) + <u64><i64>load<i32>(e, 28);
  const width = load<u8>(e, 7);
  return width == 8 ? target : width == 4 ? target & 0xffffffff : target & 0xffff;
}

// @ts-ignore: decorator
@inline function hashOf(page: u32, offset: u32, mode: u32): u32 {
  return BLOCK_HASH + ((((page << 12 | offset) * 0x9e3779b1 + mode * 0x85ebca6b) >> 16) << 2);
}

/** The living block there, 0 none. */
export function find(page: u32, offset: u32, mode: u32): u32 {
  let block = load<u32>(hashOf(page, offset, mode));
  while (block) {
    if (load<u32>(block) == page && load<u16>(block, 4) == offset && load<u32>(block, 8) == mode) return block;
    block = load<u32>(block, 12);
  }
  return 0;
}

// @ts-ignore: decorator
@inline function isFlat(mode: u32): bool {
  return (mode & 0x82) != 0;
}

/**
 * First entry to run at CPU_RIP, and CELL_RIP_PAGE for it; 0 after recording the fault of the fetch.
 */
export function enter(): u32 {
  count(STAT_LOOKUPS);
  const rip = load<u64>(CPU_RIP);
  const mode = stepKey();
  const is64 = (mode & 2) != 0;
  const base: u64 = is64 ? 0 : load<u64>(CPU_CS_BASE);
  const tag = rip | (base << 32);
  const slot = JUMP_CACHE + (((<u32>rip ^ (<u32>rip >> 12)) & 0xfff) << 4);
  const key = mode + load<u32>(CELL_GENERATION);
  const isChecked = !isFlat(mode);
  const limit = load<u32>(CPU_CS_LIMIT);
  if (load<u64>(slot) == tag && load<u32>(slot, 8) == key) {
    const e = load<u32>(slot, 12);
    if (load<u16>(e) != OP_DEAD && (!isChecked || rip + load<u16>(e - HEADER, 6) - 1 <= <u64>limit)) {
      store<u64>(CELL_RIP_PAGE, rip - load<u16>(e, 4));
      return e;
    }
  }
  if (isChecked && rip > <u64>limit) {
    record(GP, 1, 0);
    return 0;
  }
  const linear = is64 ? rip : (rip + base) & 0xffffffff;
  const page = fetchPage(linear);
  if (page < 0) return 0;
  const offset = <u32>linear & 0xfff;
  store<u64>(CELL_RIP_PAGE, rip - offset);
  const physical = physEntry(<u64>page << 12);
  if (!(physical & 1)) return decodeUncached(linear, page, mode);
  let block = find(page, offset, mode);
  if (block && load<i32>(block, 20) != -1) {
    const second = fetchPage(secondPage(linear, is64));
    if (second < 0) return 0;
    if (second != load<i32>(block, 20)) {
      kill(block);
      block = 0;
    }
  }
  if (!block) {
    block = build(linear, page, offset, mode);
    if (!block) return 0;
  }
  if (isChecked && rip + load<u16>(block, 6) - 1 > <u64>limit) return decodeLimited(linear, page, mode, <u32>(<u64>limit - rip) + 1);
  const e = block + HEADER;
  store<u64>(slot, tag);
  store<u32>(slot, key, 8);
  store<u32>(slot, e, 12);
  return e;
}

export function secondPage(linear: u64, is64: bool): u64 {
  const next = (linear | 0xfff) + 1;
  return is64 ? next : next & 0xffffffff;
}

/** A branch without valid link: finds the target and links it when the link can be checked cheaply. */
export function follow(e: u32): u32 {
  const target = branchTarget(e);
  const epoch = load<u32>(CELL_EPOCH);
  const from = load<u64>(CELL_RIP_PAGE);
  store<u64>(CPU_RIP, target);
  const to = enter();
  if (!to || epoch != load<u32>(CELL_EPOCH) || to < CACHE_START || e < CACHE_START || !isFlat(load<u32>(CPU_MODE))) return to;
  if (load<i32>(to - HEADER, 20) != -1) return to;
  const delta = <i64>(load<u64>(CELL_RIP_PAGE) - from);
  if (delta == 0) store<u32>(e, to, 16);
  else if (delta == <i64><i32>delta) {
    store<u32>(e, to | 1, 16);
    store<u32>(e, load<u32>(CELL_GENERATION), 20);
    store<u32>(e, <u32>(from >> 12), 8);
    store<i32>(e, <i32>delta, 12);
  }
  return to;
}

/** Room for a block of the largest size, flushing the cache when it is full. */
function reserve(): u32 {
  if (load<u32>(CELL_CACHE_NEXT) + 0x2000 > CACHE_END) flushCache();
  return load<u32>(CELL_CACHE_NEXT);
}

function build(linear: u64, page: u32, offset: u32, mode: u32): u32 {
  const block = reserve();
  memory.fill(block, 0, HEADER);
  store<u32>(block, page);
  store<u16>(block, <u16>offset, 4);
  store<u32>(block, mode, 8);
  store<i32>(block, -1, 20);
  store<u16>(block, <u16>load<u32>(CELL_HEAT), 24);
  count(STAT_BLOCKS_BUILT);
  const end = decodeBlock(linear, page, mode, block + HEADER);
  if (!end) return 0;
  store<u16>(block, <u16>((end - block - HEADER) >> 5), 16);
  const slot = hashOf(page, offset, mode);
  store<u32>(block, load<u32>(slot), 12);
  store<u32>(slot, block);
  let next = mark(page, offset, load<u16>(block, 6), block, end);
  const second = load<i32>(block, 20);
  if (second != -1) next = mark(second, 0, offset + load<u16>(block, 6) - 4096, block, next);
  store<u32>(CELL_CACHE_NEXT, next);
  // A heat of one is for tests: everything is translated at once.
  if (load<u32>(CELL_HEAT) == 1) hot(block + HEADER);
  return block;
}

/** Enters the block in its page's list (node at `node`: next, block) and in the granule bitmap; the address after the node. */
function mark(page: u32, offset: u32, length: u32, block: u32, node: u32): u32 {
  const last = min<u32>(offset + length - 1, 4095) >> 6;
  const bits = (<u64>-1 << <u64>(offset >> 6)) & (<u64>-1 >> <u64>(63 - last));
  const bitmap = CODE_BITMAP + (page << 3);
  store<u64>(bitmap, load<u64>(bitmap) | bits);
  const head = PAGE_BLOCKS + (page << 2);
  store<u32>(node, load<u32>(head));
  store<u32>(node, block, 4);
  store<u32>(head, node);
  const at = PHYS_MAP + (page << 2);
  const entry = load<u32>(at);
  if (!(entry & PAGE_CODE)) {
    store<u32>(at, entry | PAGE_CODE);
    dropWriteEntries(page);
  }
  return node + 32;
}

function kill(block: u32): void {
  if (load<u8>(block, 18)) return;
  store<u8>(block, 1, 18);
  store<u32>(CELL_KILLS, load<u32>(CELL_KILLS) + 1);
  if (load<u8>(block, 19)) blockLost(block);
  count(STAT_BLOCKS_KILLED);
  let slot = hashOf(load<u32>(block), load<u16>(block, 4), load<u32>(block, 8));
  while (load<u32>(slot) && load<u32>(slot) != block) slot = load<u32>(slot) + 12;
  if (load<u32>(slot)) store<u32>(slot, load<u32>(block, 12));
  for (let e = block + HEADER, end = e + (load<u16>(block, 16) << 5); e < end; e += ENTRY_BYTES) store<u16>(e, OP_DEAD);
}

/** Granules of `page` that a block's code covers. */
function granules(block: u32, page: u32): u64 {
  const offset = <u32>load<u16>(block, 4);
  const bytes = <u32>load<u16>(block, 6);
  if (load<u32>(block) == page) return (<u64>-1 << <u64>(offset >> 6)) & (<u64>-1 >> <u64>(63 - (min<u32>(offset + bytes - 1, 4095) >> 6)));
  return <u64>-1 >> <u64>(63 - ((offset + bytes - 4097) >> 6));
}

/** Bytes of a page with predecoded code have changed (`gpa` A20-masked, within one page). */
export function codeWritten(gpa: u64, length: u32): void {
  const page = <u32>(gpa >> 12);
  const offset = <u32>gpa & 0xfff;
  const bitmap = CODE_BITMAP + (page << 3);
  const touched = (<u64>-1 << <u64>(offset >> 6)) & (<u64>-1 >> <u64>(63 - ((offset + length - 1) >> 6)));
  if (!(load<u64>(bitmap) & touched)) return;
  let rest: u64 = 0;
  let link = PAGE_BLOCKS + (page << 2);
  let node = load<u32>(link);
  while (node) {
    const block = load<u32>(node, 4);
    const covered = granules(block, page);
    if (covered & touched) kill(block);
    if (load<u8>(block, 18)) store<u32>(link, load<u32>(node));
    else {
      rest |= covered;
      link = node;
    }
    node = load<u32>(node);
  }
  store<u64>(bitmap, rest);
  if (!rest) {
    const at = PHYS_MAP + (page << 2);
    store<u32>(at, load<u32>(at) & ~PAGE_CODE);
  }
}

/** Memory changed from outside the processor (DMA, firmware): cheap for pages without code. */
export function invalidateRange(start: u64, length: u32): void {
  let gpa = start;
  let left = length;
  while (left) {
    const part = min<u32>(left, 4096 - (<u32>gpa & 0xfff));
    if (physEntry(gpa) & PAGE_CODE) codeWritten(gpa, part);
    gpa += part;
    left -= part;
  }
}

/** Empties the cache. The running block, if any, is left through the epoch check of whoever called. */
export function flushCache(): void {
  count(STAT_CACHE_FLUSHES);
  store<u32>(CELL_KILLS, load<u32>(CELL_KILLS) + 1);
  if (load<u32>(CELL_HEAT)) blocksFlushed();
  for (let slot = BLOCK_HASH, end = BLOCK_HASH + BLOCK_HASH_BYTES; slot < end; slot += 4) {
    for (let block = load<u32>(slot); block; block = load<u32>(block, 12)) {
      forget(load<u32>(block));
      if (load<i32>(block, 20) != -1) forget(load<u32>(block, 20));
    }
  }
  memory.fill(BLOCK_HASH, 0, BLOCK_HASH_BYTES);
  memory.fill(JUMP_CACHE, 0xff, JUMP_CACHE_BYTES);
  store<u32>(CELL_CACHE_NEXT, CACHE_START);
  store<u32>(CELL_EPOCH, load<u32>(CELL_EPOCH) + 1);
}

function forget(page: u32): void {
  const at = PHYS_MAP + (page << 2);
  store<u32>(at, load<u32>(at) & ~PAGE_CODE);
  store<u64>(CODE_BITMAP + (page << 3), 0);
  store<u32>(PAGE_BLOCKS + (page << 2), 0);
}

/** Before PHYS_MAP entries change: kills all blocks of the pages. */
export function forgetPages(start: u32, count: u32): void {
  for (let page = start; page < start + count && page < <u32>PHYS_PAGES; page++) {
    if (load<u32>(PHYS_MAP + (page << 2)) & PAGE_CODE) codeWritten(<u64>page << 12, 4096);
  }
}
