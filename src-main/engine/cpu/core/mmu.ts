// Linear addresses to host addresses: page walks of every paging mode, TLBs, loads and stores, the physical map, dirty log.
// [SDM-3A §4]. Fast path everywhere: `(tag ^ linear) < 4097 - size` (unsigned) proves the access lies within the cached page.
// A TLB entry exists only for plain memory: MMIO, ROM writes, pages holding predecoded code and unlogged first writes always
// take the slow path. Not modelled: PCID, SMEP/SMAP, memory types.
import {
  CPU_A20_MASK, CPU_CPL, CPU_CR0, CPU_CR3, CPU_CR4, CPU_DR, CPU_EFER, CPU_FLAGS, CPU_GPR, CPU_MODE, DIRTY_MAP, PAGE_BACKED, PAGE_CODE,
  PAGE_LOG, PAGE_WRITABLE, PHYS_MAP, PHYS_PAGES,
} from './layout';
import { mmioRead, mmioWrite } from './env';
import {
  CELL_BREAKPOINTS, CELL_CHECKED, CELL_COMMIT, CELL_COMMIT_GPA, CELL_COMMIT_GPA2, CELL_COMMIT_SIZE, CELL_COMMIT_SPLIT,
  CELL_EA, CELL_ENTRY, CELL_GENERATION, CELL_LOG_COUNT, CELL_LOG_GLOBAL_COUNT, CELL_WALK, CPU_PDPTE, FETCH_BYTES, FETCH_SUPER, FETCH_USER, JUMP_CACHE,
  JUMP_CACHE_BYTES, CODE_BITMAP, CODE_SUPER_W, CODE_USER_W, CODE_W_BYTES, SCRATCH_READ, SCRATCH_WRITE, TLB_BYTES, TLB_LOG, TLB_LOG_GLOBAL, TLB_LOG_MAX, TLB_MASK, TLB_NONE,
  TLB_SUPER_R, TLB_SUPER_W, TLB_USER_R, TLB_USER_W,
} from './tables';
import { AC, GP, SS_FAULT, raiseError, record, recordPageFault, unwindRecorded } from './fault';
import { codeWritten } from './cache';
import { count, STAT_TLB_FLUSHES, STAT_TLB_MISSES } from './stats';

export const ACCESS_WRITE: u32 = 1;
export const ACCESS_USER: u32 = 2;
export const ACCESS_FETCH: u32 = 4;
/** What `translate` returns for a fault (recorded). */
export const NO_ADDRESS: u64 = 0xffffffffffffffff;

const PTE_P: u64 = 1;
const PTE_W: u64 = 2;
const PTE_U: u64 = 4;
const PTE_A: u64 = 0x20;
const PTE_D: u64 = 0x40;
const PTE_PS: u64 = 0x80;
const PTE_G: u64 = 0x100;
const PTE_NX: u64 = 0x8000000000000000;
/** Address bits of an entry, and the bits above the 40 physical address bits up to 51, which are reserved. */
const ADDRESS_MASK: u64 = 0x000000fffffff000;
const RESERVED_HIGH: u64 = 0x000fff0000000000;

const CR0_PG: u32 = 0x80000000;
const CR0_WP: u32 = 0x10000;
const CR4_PSE: u32 = 0x10;
const CR4_PAE: u32 = 0x20;
const CR4_PGE: u32 = 0x80;
const EFER_LMA: u32 = 0x400;
const EFER_NXE: u32 = 0x800;

// ------------------------------------------------------------------ guest-physical memory

// @ts-ignore: decorator
@inline export function maskA20(gpa: u64): u64 {
  return gpa & (0xffffffff00000000 | <u64>load<u32>(CPU_A20_MASK));
}

/** PHYS_MAP entry for a guest-physical page, 0 beyond the map. `gpa` is already A20-masked. */
// @ts-ignore: decorator
@inline export function physEntry(gpa: u64): u32 {
  const page = gpa >> 12;
  if (page >= <u64>PHYS_PAGES) return 0;
  return load<u32>(PHYS_MAP + ((<u32>page) << 2));
}

/** The bulk instruction is a call out of line, dearer than moving a few words. */
export function copySmall(target: usize, source: usize, length: u32): void {
  if (length > 64) {
    memory.copy(target, source, length);
    return;
  }
  while (length >= 8) {
    store<u64>(target, load<u64>(source));
    target += 8;
    source += 8;
    length -= 8;
  }
  while (length) {
    store<u8>(target++, load<u8>(source++));
    length--;
  }
}

/** Reads `length` bytes within one page of guest-physical space to host address `target`. */
export function physReadBytes(address: u64, target: usize, length: u32): void {
  let gpa = maskA20(address);
  const entry = physEntry(gpa);
  if (entry & PAGE_BACKED) {
    copySmall(target, (entry & 0xfffff000) + (<u32>gpa & 0xfff), length);
    return;
  }
  while (length) {
    const piece = mmioPiece(<u32>gpa, length);
    const value = mmioRead(<u32>gpa, <u32>(gpa >> 32), piece);
    if (piece == 4) store<u32>(target, value);
    else if (piece == 2) store<u16>(target, value);
    else store<u8>(target, value);
    gpa += piece;
    target += piece;
    length -= piece;
  }
}

/** Writes `length` bytes within one page of guest-physical space as the processor: ROM and MMIO go to the board. */
export function physWriteBytes(address: u64, source: usize, length: u32): void {
  let gpa = maskA20(address);
  const entry = physEntry(gpa);
  if ((entry & (PAGE_BACKED | PAGE_WRITABLE)) == (PAGE_BACKED | PAGE_WRITABLE)) {
    copySmall((entry & 0xfffff000) + (<u32>gpa & 0xfff), source, length);
    if (entry & PAGE_LOG) store<u8>(DIRTY_MAP + <u32>(gpa >> 12), 1);
    if (entry & PAGE_CODE) codeWritten(gpa, length);
    return;
  }
  while (length) {
    const piece = mmioPiece(<u32>gpa, length);
    let value: u32;
    if (piece == 4) value = load<u32>(source);
    else if (piece == 2) value = load<u16>(source);
    else value = load<u8>(source);
    mmioWrite(<u32>gpa, <u32>(gpa >> 32), piece, value);
    gpa += piece;
    source += piece;
    length -= piece;
  }
}

/** Largest piece the board takes: a whole 1, 2, 4-byte access as it is, 8 and 16 in dwords, odd remainders aligned. */
function mmioPiece(gpa: u32, length: u32): u32 {
  if (length == 1 || length == 2 || length == 4) return length;
  if (length >= 4 && (length & 3) == 0) return 4;
  if (gpa & 1) return 1;
  if ((gpa & 2) || length < 4) return length >= 2 ? 2 : 1;
  return 4;
}

export function physRead32(gpa: u64): u32 {
  const masked = maskA20(gpa);
  const entry = physEntry(masked);
  if (entry & PAGE_BACKED) return load<u32>((entry & 0xfffff000) + (<u32>masked & 0xffc));
  return mmioRead(<u32>masked, <u32>(masked >> 32), 4);
}

export function physRead64(gpa: u64): u64 {
  const masked = maskA20(gpa);
  const entry = physEntry(masked);
  if (entry & PAGE_BACKED) return load<u64>((entry & 0xfffff000) + (<u32>masked & 0xff8));
  const low = mmioRead(<u32>masked, <u32>(masked >> 32), 4);
  return <u64>low | (<u64>mmioRead(<u32>masked + 4, <u32>(masked >> 32), 4) << 32);
}

function physWrite(gpa: u64, value: u64, size: u32): void {
  const masked = maskA20(gpa);
  const entry = physEntry(masked);
  if ((entry & (PAGE_BACKED | PAGE_WRITABLE | PAGE_CODE)) == (PAGE_BACKED | PAGE_WRITABLE)) {
    const host = (entry & 0xfffff000) + (<u32>masked & 0xfff);
    if (size == 8) store<u64>(host, value);
    else store<u32>(host, <u32>value);
    if (entry & PAGE_LOG) store<u8>(DIRTY_MAP + <u32>(masked >> 12), 1);
    return;
  }
  store<u64>(SCRATCH_READ + 32, value);
  physWriteBytes(masked, SCRATCH_READ + 32, size);
}

// ------------------------------------------------------------------ page walks

function walkFault(linear: u64, access: u32, present: u32, reserved: u32): u64 {
  let code = present | (reserved << 3) | ((access & ACCESS_WRITE) << 1) | ((access & ACCESS_USER) << 1);
  if (access & ACCESS_FETCH && load<u32>(CPU_EFER) & EFER_NXE && load<u32>(CPU_CR4) & CR4_PAE) code |= 16;
  recordPageFault(linear, code);
  return NO_ADDRESS;
}

// @ts-ignore: decorator
@inline function isCanonical(linear: u64): bool {
  return <i64>(linear << 16) >> 16 == <i64>linear;
}

/**
 * Whether the running instruction reached `linear` through SS: its operand is based on RSP or RBP, or it has none and `linear` is
 * near the stack pointer (push, pop, call ...). Tells #SS from #GP for non-canonical addresses.
 */
function isStackAccess(linear: u64): bool {
  const entry = load<u32>(CELL_ENTRY);
  if (!entry) return false;
  const base = load<u32>(entry, 16);
  if (base == CPU_GPR + 4 * 8 || base == CPU_GPR + 5 * 8) return true;
  return base - <u32>CPU_GPR >= 16 * 8 && base != CELL_EA && linear - load<u64>(CPU_GPR + 4 * 8) + 0x100 < 0x200;
}

/** Guest-physical address of `linear`, setting accessed and dirty bits; NO_ADDRESS after recording the fault. Leaves CELL_WALK. */
export function translate(linear: u64, access: u32): u64 {
  if (!(load<u32>(CPU_CR0) & CR0_PG)) {
    store<u32>(CELL_WALK, 0);
    return maskA20(linear & 0xffffffff);
  }
  if (load<u32>(CPU_EFER) & EFER_LMA) {
    if (!isCanonical(linear)) {
      record(access & ACCESS_FETCH || !isStackAccess(linear) ? GP : SS_FAULT, 1, 0);
      return NO_ADDRESS;
    }
    return walk64(linear, access, 4);
  }
  if (load<u32>(CPU_CR4) & CR4_PAE) return walk64(linear & 0xffffffff, access, 2);
  return walk32(linear & 0xffffffff, access);
}

// @ts-ignore: decorator
@inline function isDenied(rights: u64, access: u32): bool {
  if (access & ACCESS_USER && !(rights & PTE_U)) return true;
  if (access & ACCESS_WRITE && !(rights & PTE_W) && (access & ACCESS_USER || load<u32>(CPU_CR0) & CR0_WP)) return true;
  return (access & ACCESS_FETCH) != 0 && (rights & PTE_NX) != 0;
}

function walk32(linear: u64, access: u32): u64 {
  const cr4 = load<u32>(CPU_CR4);
  const pdeAddress = (load<u64>(CPU_CR3) & 0xfffff000) + ((linear >> 22) << 2);
  const pde = <u64>physRead32(pdeAddress);
  if (!(pde & PTE_P)) return walkFault(linear, access, 0, 0);
  if (pde & PTE_PS && cr4 & CR4_PSE) {
    // Bits 13-20 are address bits 32-39 (PSE-36), bit 21 is reserved.
    if (pde & 0x200000) return walkFault(linear, access, 1, 1);
    if (isDenied(pde, access)) return walkFault(linear, access, 1, 0);
    const wanted = pde | PTE_A | (access & ACCESS_WRITE ? PTE_D : 0);
    if (wanted != pde) physWrite(pdeAddress, wanted, 4);
    store<u32>(CELL_WALK, u32((pde & PTE_G) != 0 && (cr4 & CR4_PGE) != 0));
    return maskA20((pde & 0xffc00000) | ((pde & 0x1fe000) << 19) | (linear & 0x3fffff));
  }
  const pteAddress = (pde & 0xfffff000) + (((linear >> 12) & 0x3ff) << 2);
  const pte = <u64>physRead32(pteAddress);
  if (!(pte & PTE_P)) return walkFault(linear, access, 0, 0);
  if (isDenied(pde & pte, access)) return walkFault(linear, access, 1, 0);
  if (!(pde & PTE_A)) physWrite(pdeAddress, pde | PTE_A, 4);
  const wanted = pte | PTE_A | (access & ACCESS_WRITE ? PTE_D : 0);
  if (wanted != pte) physWrite(pteAddress, wanted, 4);
  store<u32>(CELL_WALK, u32((pte & PTE_G) != 0 && (cr4 & CR4_PGE) != 0));
  return maskA20((pte & 0xfffff000) | (linear & 0xfff));
}

/** Four levels (long mode) or the lower two under the loaded PDPTEs (PAE). `level` is 4 or 2. */
function walk64(linear: u64, access: u32, level: u32): u64 {
  const reservedNx: u64 = load<u32>(CPU_EFER) & EFER_NXE ? 0 : PTE_NX;
  let reserved = RESERVED_HIGH | reservedNx;
  let table: u64;
  let rights: u64 = PTE_W | PTE_U;
  if (level == 4) table = load<u64>(CPU_CR3) & ADDRESS_MASK;
  else {
    const pdpte = load<u64>(CPU_PDPTE + (<u32>(linear >> 30) << 3));
    if (!(pdpte & PTE_P)) return walkFault(linear, access, 0, 0);
    table = pdpte & ADDRESS_MASK;
    reserved |= 0x7ff0000000000000;
  }
  // Accessed bits are set only once the whole walk has succeeded.
  let address3: u64 = 0, address2: u64 = 0, address1: u64 = 0;
  let entry3: u64 = 0, entry2: u64 = 0, entry1: u64 = 0;
  let entry: u64, address: u64;
  let shift: u32 = level == 4 ? 39 : 21;
  while (true) {
    address = table + (((linear >> shift) & 0x1ff) << 3);
    entry = physRead64(address);
    if (!(entry & PTE_P)) return walkFault(linear, access, 0, 0);
    if (entry & reserved) return walkFault(linear, access, 1, 1);
    rights = (rights & entry & (PTE_W | PTE_U)) | ((rights | entry) & PTE_NX);
    if (shift == 12) break;
    if (entry & PTE_PS) {
      if (shift == 39) return walkFault(linear, access, 1, 1);
      if (entry & (((<u64>1 << shift) - 1) & 0xffffe000)) return walkFault(linear, access, 1, 1);
      break;
    }
    if (shift == 39) {
      address3 = address;
      entry3 = entry;
    } else if (shift == 30) {
      address2 = address;
      entry2 = entry;
    } else {
      address1 = address;
      entry1 = entry;
    }
    table = entry & ADDRESS_MASK;
    shift -= 9;
  }
  if (isDenied(rights, access)) return walkFault(linear, access, 1, 0);
  if (address3 && !(entry3 & PTE_A)) physWrite(address3, entry3 | PTE_A, 8);
  if (address2 && !(entry2 & PTE_A)) physWrite(address2, entry2 | PTE_A, 8);
  if (address1 && !(entry1 & PTE_A)) physWrite(address1, entry1 | PTE_A, 8);
  const wanted = entry | PTE_A | (access & ACCESS_WRITE ? PTE_D : 0);
  if (wanted != entry) physWrite(address, wanted, 8);
  store<u32>(CELL_WALK, u32((entry & PTE_G) != 0 && (load<u32>(CPU_CR4) & CR4_PGE) != 0));
  const offset = (<u64>1 << shift) - 1;
  return maskA20((entry & ADDRESS_MASK & ~offset) | (linear & offset));
}

/** Loads the four PDPTEs from CR3; false if one has reserved bits set (the caller raises #GP(0)). */
export function reloadPdptes(cr3: u64): bool {
  const table = cr3 & 0xffffffe0;
  for (let i: u32 = 0; i < 4; i++) {
    const entry = physRead64(table + (<u64>i << 3));
    if (entry & PTE_P && entry & (RESERVED_HIGH | 0xfff00000000001e6)) return false;
  }
  for (let i: u32 = 0; i < 4; i++) store<u64>(CPU_PDPTE + (i << 3), physRead64(table + (<u64>i << 3)));
  return true;
}

/** Walk without side effects, for the inspector: gpa or NO_ADDRESS. */
export function peek(linear: u64): u64 {
  if (!(load<u32>(CPU_CR0) & CR0_PG)) return maskA20(linear & 0xffffffff);
  const isLong = (load<u32>(CPU_EFER) & EFER_LMA) != 0;
  if (!isLong) linear &= 0xffffffff;
  if (!isLong && !(load<u32>(CPU_CR4) & CR4_PAE)) {
    const pde = <u64>physRead32((load<u64>(CPU_CR3) & 0xfffff000) + ((linear >> 22) << 2));
    if (!(pde & PTE_P)) return NO_ADDRESS;
    if (pde & PTE_PS && load<u32>(CPU_CR4) & CR4_PSE) return maskA20((pde & 0xffc00000) | ((pde & 0x1fe000) << 19) | (linear & 0x3fffff));
    const pte = <u64>physRead32((pde & 0xfffff000) + (((linear >> 12) & 0x3ff) << 2));
    return pte & PTE_P ? maskA20((pte & 0xfffff000) | (linear & 0xfff)) : NO_ADDRESS;
  }
  let shift: u32 = isLong ? 39 : 21;
  let entry = isLong ? load<u64>(CPU_CR3) | 1 : load<u64>(CPU_PDPTE + (<u32>(linear >> 30) << 3));
  while (true) {
    if (!(entry & PTE_P)) return NO_ADDRESS;
    entry = physRead64((entry & ADDRESS_MASK) + (((linear >> shift) & 0x1ff) << 3));
    if (shift == 12 || (shift < 39 && entry & PTE_PS)) break;
    shift -= 9;
  }
  if (!(entry & PTE_P)) return NO_ADDRESS;
  const offset = (<u64>1 << shift) - 1;
  return maskA20((entry & ADDRESS_MASK & ~offset) | (linear & offset));
}

// ------------------------------------------------------------------ TLBs

// The low 12 bits of a tag take no part in the test, so an empty slot holds the address of a page that belongs elsewhere.
// @ts-ignore: decorator
@inline function clearSlot(slot: u32): void {
  store<u64>(slot, slot & 0xff0 ? 0 : 0x1000);
}

function clearTable(table: u32, length: u32): void {
  memory.fill(table, 0, length);
  clearSlot(table);
}

function logSlot(slot: u32, isGlobal: u32): void {
  const cell = isGlobal ? CELL_LOG_GLOBAL_COUNT : CELL_LOG_COUNT;
  const count = load<u32>(cell);
  // A full log stays full: the next flush of it clears whole tables.
  if (count >= TLB_LOG_MAX) return;
  store<u32>((isGlobal ? TLB_LOG_GLOBAL : TLB_LOG) + (count << 2), slot);
  store<u32>(cell, count + 1);
}

/** Code mappings may have changed: jump cache entries and cross-page links of earlier generations no longer hold. */
export function bumpGeneration(): void {
  count(STAT_TLB_FLUSHES);
  const generation = load<u32>(CELL_GENERATION) + 0x4000;
  store<u32>(CELL_GENERATION, generation);
  if (generation == 0) {
    memory.fill(JUMP_CACHE, 0xff, JUMP_CACHE_BYTES);
    store<u32>(CELL_GENERATION, 0x4000);
  }
}

export function flushTlbAll(): void {
  clearTable(TLB_SUPER_R, TLB_BYTES);
  clearTable(TLB_SUPER_W, TLB_BYTES);
  clearTable(TLB_USER_R, TLB_BYTES);
  clearTable(TLB_USER_W, TLB_BYTES);
  clearTable(TLB_NONE, TLB_BYTES);
  clearTable(CODE_SUPER_W, CODE_W_BYTES);
  clearTable(CODE_USER_W, CODE_W_BYTES);
  clearTable(FETCH_SUPER, FETCH_BYTES);
  clearTable(FETCH_USER, FETCH_BYTES);
  store<u32>(CELL_LOG_COUNT, 0);
  store<u32>(CELL_LOG_GLOBAL_COUNT, 0);
  bumpGeneration();
}

export function flushTlbNonGlobal(): void {
  const count = load<u32>(CELL_LOG_COUNT);
  if (count >= TLB_LOG_MAX) {
    flushTlbAll();
    return;
  }
  for (let at = TLB_LOG, end = TLB_LOG + (count << 2); at < end; at += 4) clearSlot(load<u32>(at));
  store<u32>(CELL_LOG_COUNT, 0);
  bumpGeneration();
}

function clearIfPage(table: u32, mask: u32, linear: u64): void {
  const slot = table + ((<u32>(linear >> 8)) & mask);
  if ((load<u64>(slot) ^ linear) < 4096) clearSlot(slot);
}

/** INVLPG: the page with `linear`, global or not. Large pages are cached per 4 KiB, so a large one is flushed whole. */
export function invalidatePage(linear: u64): void {
  const page = linear;
  // Only the walk can tell a large page; the instruction is rare enough to drop everything when PS pages are in use there.
  if (load<u32>(CPU_CR0) & CR0_PG && isLargePage(page)) {
    flushTlbAll();
    return;
  }
  clearIfPage(TLB_SUPER_R, TLB_MASK, page);
  clearIfPage(TLB_SUPER_W, TLB_MASK, page);
  clearIfPage(TLB_USER_R, TLB_MASK, page);
  clearIfPage(TLB_USER_W, TLB_MASK, page);
  clearIfPage(CODE_SUPER_W, 0xff0, page);
  clearIfPage(CODE_USER_W, 0xff0, page);
  clearIfPage(FETCH_SUPER, 0x1ff0, page);
  clearIfPage(FETCH_USER, 0x1ff0, page);
  bumpGeneration();
}

/** True if the present mapping of `linear` is a large page or absent above the last level (then it may have been one). */
function isLargePage(linear: u64): bool {
  if (load<u32>(CPU_EFER) & EFER_LMA || load<u32>(CPU_CR4) & CR4_PAE) {
    const isLong = (load<u32>(CPU_EFER) & EFER_LMA) != 0;
    let shift: u32 = isLong ? 39 : 21;
    let entry = isLong ? load<u64>(CPU_CR3) | 1 : load<u64>(CPU_PDPTE + ((<u32>(linear >> 30) & 3) << 3));
    while (shift > 12) {
      if (!(entry & PTE_P)) return true;
      entry = physRead64((entry & ADDRESS_MASK) + (((linear >> shift) & 0x1ff) << 3));
      if (shift < 39 && entry & PTE_PS) return true;
      shift -= 9;
    }
    return (entry & PTE_P) == 0;
  }
  const pde = physRead32((load<u64>(CPU_CR3) & 0xfffff000) + (((linear & 0xffffffff) >> 22) << 2));
  return (pde & <u32>PTE_P) == 0 || ((pde & <u32>PTE_PS) != 0 && (load<u32>(CPU_CR4) & CR4_PSE) != 0);
}

/** Page `page` (number) now holds predecoded code: no write-TLB entry may lead there. */
export function dropWriteEntries(page: u32): void {
  for (let slot = TLB_SUPER_W, end = TLB_SUPER_W + TLB_BYTES; slot < end; slot += 16) if (load<u32>(slot, 12) == page) dropSlot(slot);
  for (let slot = TLB_USER_W, end = TLB_USER_W + TLB_BYTES; slot < end; slot += 16) if (load<u32>(slot, 12) == page) dropSlot(slot);
}

function dropSlot(slot: u32): void {
  clearSlot(slot);
  store<i32>(slot, -1, 12);
}

function fill(table: u32, mask: u32, linear: u64, hostPage: u32, page: u32): void {
  const pageAddress = linear & 0xfffffffffffff000;
  const slot = table + ((<u32>(linear >> 8)) & mask);
  store<u64>(slot, pageAddress);
  store<u32>(slot, hostPage - <u32>pageAddress, 8);
  store<u32>(slot, page, 12);
  logSlot(slot, load<u32>(CELL_WALK) & 1);
}

/** Guest-physical page number for an instruction fetch at `linear`, -1 after recording the fault. */
export function fetchPage(linear: u64): i32 {
  const isUser = load<u32>(CPU_CPL) == 3;
  const slot = (isUser ? FETCH_USER : FETCH_SUPER) + ((<u32>(linear >> 8)) & 0x1ff0);
  if ((load<u64>(slot) ^ linear) < 4096) return load<i32>(slot, 8);
  const gpa = translate(linear, isUser ? ACCESS_FETCH | ACCESS_USER : ACCESS_FETCH);
  if (gpa == NO_ADDRESS) return -1;
  store<u64>(slot, linear & 0xfffffffffffff000);
  store<u32>(slot, <u32>(gpa >> 12), 8);
  logSlot(slot, load<u32>(CELL_WALK) & 1);
  return <i32>(gpa >> 12);
}

// ------------------------------------------------------------------ slow paths

/** Alignment check and data breakpoints; false after recording #AC. */
function checkAccess(linear: u64, size: u32, access: u32): bool {
  // A 16-byte operand that may lie anywhere is not checked, and #GP or #SS of a non-canonical address comes first.
  if (load<u32>(CPU_MODE) & (1 << 13) && access & ACCESS_USER && size <= 10) {
    const alignment = size == 10 ? 8 : size;
    if (<u32>linear & (alignment - 1) && isCanonical(linear)) {
      record(AC, 1, 0);
      return false;
    }
  }
  const dr7 = load<u32>(CPU_DR + 56);
  for (let i: u32 = 0; i < 4; i++) {
    if (!((dr7 >> (i << 1)) & 3)) continue;
    const control = (dr7 >> (16 + (i << 2))) & 15;
    const kind = control & 3;
    if (kind == 0 || kind == 2 || (kind == 1 && !(access & ACCESS_WRITE))) continue;
    const lengthCode = control >> 2;
    const length: u64 = lengthCode == 2 ? 8 : lengthCode + 1;
    const start = load<u64>(CPU_DR + (i << 3)) & ~(length - 1);
    if (linear < start + length && start < linear + size) store<u32>(CELL_BREAKPOINTS, load<u32>(CELL_BREAKPOINTS) | (1 << i));
  }
  return true;
}

/** Linear address of the page after the one with `linear`. */
function nextPage(linear: u64): u64 {
  const next = (linear | 0xfff) + 1;
  return next == 0x100000000 && !(load<u32>(CPU_MODE) & 2) ? 0 : next;
}

/** Host address to read `size` bytes from (a copy if not plain memory within a page), 0 after recording a fault. */
export function slowRead(linear: u64, size: u32, access: u32): usize {
  count(STAT_TLB_MISSES);
  if (load<u32>(CELL_CHECKED) && !checkAccess(linear, size, access)) return 0;
  const first = translate(linear, access);
  if (first == NO_ADDRESS) return 0;
  const room: u32 = 4096 - (<u32>linear & 0xfff);
  if (size > room) {
    const second = translate(nextPage(linear), access);
    if (second == NO_ADDRESS) return 0;
    physReadBytes(first, SCRATCH_READ, room);
    physReadBytes(second, SCRATCH_READ + room, size - room);
    return SCRATCH_READ;
  }
  const entry = physEntry(first);
  if (entry & PAGE_BACKED) {
    const hostPage = entry & 0xfffff000;
    fill(access & ACCESS_USER ? TLB_USER_R : TLB_SUPER_R, TLB_MASK, linear, hostPage, <u32>(first >> 12));
    return hostPage + (<u32>linear & 0xfff);
  }
  physReadBytes(first, SCRATCH_READ, size);
  return SCRATCH_READ;
}

/**
 * Host address to write `size` bytes to, 0 after recording a fault. A scratch address (CELL_COMMIT set) must be followed by
 * `commitWrite`; with `isUpdate` the scratch holds the present bytes.
 */
export function slowWrite(linear: u64, size: u32, access: u32, isUpdate: bool): usize {
  count(STAT_TLB_MISSES);
  store<u32>(CELL_COMMIT, 0);
  access |= ACCESS_WRITE;
  const codeTable = access & ACCESS_USER ? CODE_USER_W : CODE_SUPER_W;
  if (load<u32>(CELL_CHECKED)) {
    if (!checkAccess(linear, size, access)) return 0;
  } else {
    // Data beside code: the translation is known, only the granules written matter.
    const slot = codeTable + ((<u32>(linear >> 8)) & 0xff0);
    if ((load<u64>(slot) ^ linear) < <u64>(4097 - size) && !hasCode(load<u32>(slot, 12), <u32>linear & 0xfff, size)) {
      store<u8>(DIRTY_MAP + load<u32>(slot, 12), 1);
      return load<u32>(slot, 8) + <u32>linear;
    }
  }
  const first = translate(linear, access);
  if (first == NO_ADDRESS) return 0;
  const room: u32 = 4096 - (<u32>linear & 0xfff);
  if (size <= room) {
    const entry = physEntry(first);
    if ((entry & (PAGE_BACKED | PAGE_WRITABLE | PAGE_CODE)) == (PAGE_BACKED | PAGE_WRITABLE)) {
      const hostPage = entry & 0xfffff000;
      if (entry & PAGE_LOG) store<u8>(DIRTY_MAP + <u32>(first >> 12), 1);
      fill(access & ACCESS_USER ? TLB_USER_W : TLB_SUPER_W, TLB_MASK, linear, hostPage, <u32>(first >> 12));
      return hostPage + (<u32>linear & 0xfff);
    }
    if ((entry & (PAGE_BACKED | PAGE_WRITABLE)) == (PAGE_BACKED | PAGE_WRITABLE)) {
      fill(codeTable, 0xff0, linear, entry & 0xfffff000, <u32>(first >> 12));
      if (!hasCode(<u32>(first >> 12), <u32>linear & 0xfff, size)) {
        store<u8>(DIRTY_MAP + <u32>(first >> 12), 1);
        return (entry & 0xfffff000) + (<u32>linear & 0xfff);
      }
    }
    if (isUpdate) physReadBytes(first, SCRATCH_WRITE, size);
    store<u32>(CELL_COMMIT_SPLIT, size);
  } else {
    const second = translate(nextPage(linear), access);
    if (second == NO_ADDRESS) return 0;
    if (isUpdate) {
      physReadBytes(first, SCRATCH_WRITE, room);
      physReadBytes(second, SCRATCH_WRITE + room, size - room);
    }
    store<u32>(CELL_COMMIT_SPLIT, room);
    store<u64>(CELL_COMMIT_GPA2, second);
  }
  store<u32>(CELL_COMMIT, 1);
  store<u32>(CELL_COMMIT_SIZE, size);
  store<u64>(CELL_COMMIT_GPA, first);
  return SCRATCH_WRITE;
}

/** Whether predecoded code lies in the 64-byte granules of a page that `size` (at most 64) bytes at `offset` touch. */
function hasCode(page: u32, offset: u32, size: u32): bool {
  const bitmap = load<u64>(CODE_BITMAP + (page << 3));
  return (bitmap & ((<u64>1 << <u64>(offset >> 6)) | (<u64>1 << <u64>((offset + size - 1) >> 6)))) != 0;
}

/** Writes back what the last `ptrWrite` or `slowWrite` left in the scratch area; nothing to do for plain memory. */
export function commitWrite(): void {
  if (!load<u32>(CELL_COMMIT)) return;
  store<u32>(CELL_COMMIT, 0);
  const size = load<u32>(CELL_COMMIT_SIZE);
  const split = load<u32>(CELL_COMMIT_SPLIT);
  physWriteBytes(load<u64>(CELL_COMMIT_GPA), SCRATCH_WRITE, split);
  if (split < size) physWriteBytes(load<u64>(CELL_COMMIT_GPA2), SCRATCH_WRITE + split, size - split);
}

/** The main loop's missed store: does it, or records the fault and returns false. */
export function slowStore(linear: u64, size: u32, value: u64): bool {
  const host = slowWrite(linear, size, accessNow(), false);
  if (!host) return false;
  if (size == 4) store<u32>(host, <u32>value);
  else if (size == 8) store<u64>(host, value);
  else if (size == 1) store<u8>(host, <u8>value);
  else store<u16>(host, <u16>value);
  commitWrite();
  return true;
}

// @ts-ignore: decorator
@inline export function accessNow(): u32 {
  return load<u32>(CPU_CPL) == 3 ? ACCESS_USER : 0;
}

// ------------------------------------------------------------------ helpers' accesses (unwind on faults)

// @ts-ignore: decorator
@inline function hit(table: u32, linear: u64, size: u32): usize {
  const slot = table + ((<u32>(linear >> 8)) & TLB_MASK);
  if ((load<u64>(slot) ^ linear) < <u64>(4097 - size)) return load<u32>(slot, 8) + <u32>linear;
  return 0;
}

function readMiss(linear: u64, size: u32, access: u32): usize {
  const host = slowRead(linear, size, access);
  if (!host) unwindRecorded();
  return host;
}

function writeMiss(linear: u64, size: u32, access: u32): usize {
  const host = slowWrite(linear, size, access, false);
  if (!host) unwindRecorded();
  return host;
}

// @ts-ignore: decorator
@inline function readable(linear: u64, size: u32): usize {
  if (!load<u32>(CELL_CHECKED)) {
    const host = hit(load<u32>(CPU_CPL) == 3 ? TLB_USER_R : TLB_SUPER_R, linear, size);
    if (host) return host;
  }
  return readMiss(linear, size, accessNow());
}

/** Address to write to; sets CELL_COMMIT as `slowWrite`. */
// @ts-ignore: decorator
@inline function writable(linear: u64, size: u32): usize {
  if (!load<u32>(CELL_CHECKED)) {
    const host = hit(load<u32>(CPU_CPL) == 3 ? TLB_USER_W : TLB_SUPER_W, linear, size);
    if (host) {
      store<u32>(CELL_COMMIT, 0);
      return host;
    }
  }
  return writeMiss(linear, size, accessNow());
}

/** Host address from which `size` (at most 64) bytes at `linear` can be read. */
export function ptrRead(linear: u64, size: u32): usize {
  return readable(linear, size);
}
/** Host address to which `size` (at most 64) bytes at `linear` can be written, then `commitWrite`. */
export function ptrWrite(linear: u64, size: u32): usize {
  return writable(linear, size);
}
/** As `ptrWrite`, for read-modify-write: the bytes are there to read. */
export function ptrUpdate(linear: u64, size: u32): usize {
  if (!load<u32>(CELL_CHECKED)) {
    const host = hit(load<u32>(CPU_CPL) == 3 ? TLB_USER_W : TLB_SUPER_W, linear, size);
    if (host) {
      store<u32>(CELL_COMMIT, 0);
      return host;
    }
  }
  const host = slowWrite(linear, size, accessNow(), true);
  if (!host) unwindRecorded();
  return host;
}

/** Host address of plain memory to read from, its page cached; 0 if it is not plain memory. Faults as the access would. */
export function plainRead(linear: u64, size: u32): usize {
  const access = accessNow();
  const host = hit(access ? TLB_USER_R : TLB_SUPER_R, linear, size);
  if (host) return host;
  const gpa = translate(linear, access);
  if (gpa == NO_ADDRESS) unwindRecorded();
  return physEntry(gpa) & PAGE_BACKED ? slowRead(linear, size, access) : 0;
}
/** The same for writing; pages with code are not plain. */
export function plainWrite(linear: u64, size: u32): usize {
  const access = accessNow();
  const host = hit(access ? TLB_USER_W : TLB_SUPER_W, linear, size);
  if (host) return host;
  const gpa = translate(linear, access | ACCESS_WRITE);
  if (gpa == NO_ADDRESS) unwindRecorded();
  if ((physEntry(gpa) & (PAGE_BACKED | PAGE_WRITABLE | PAGE_CODE)) != (PAGE_BACKED | PAGE_WRITABLE)) return 0;
  return slowWrite(linear, size, access, false);
}

function probe(linear: u64, size: u32, access: u32): void {
  if (!size) return;
  if (load<u32>(CELL_CHECKED) && !checkAccess(linear, size, access)) unwindRecorded();
  if (translate(linear, access) == NO_ADDRESS) unwindRecorded();
  if ((<u32>linear & 0xfff) + size <= 4096) return;
  const last = linear + size - 1;
  let page = nextPage(linear);
  while (true) {
    if (translate(page, access) == NO_ADDRESS) unwindRecorded();
    if ((page | 0xfff) >= last || page == 0) return;
    page = nextPage(page);
  }
}
/** Faults now if reading `size` bytes would. */
export function probeRead(linear: u64, size: u32): void {
  probe(linear, size, accessNow());
}
/** Faults now if writing `size` bytes would. */
export function probeWrite(linear: u64, size: u32): void {
  probe(linear, size, accessNow() | ACCESS_WRITE);
}
/** Guest-physical address a data read at the current CPL uses; faults as it would. */
export function gpaOf(linear: u64): u64 {
  const gpa = translate(linear, accessNow());
  if (gpa == NO_ADDRESS) unwindRecorded();
  return gpa;
}

export function ld8(linear: u64): u32 {
  return load<u8>(readable(linear, 1));
}
export function ld16(linear: u64): u32 {
  return load<u16>(readable(linear, 2));
}
export function ld32(linear: u64): u32 {
  return load<u32>(readable(linear, 4));
}
export function ld64(linear: u64): u64 {
  return load<u64>(readable(linear, 8));
}
export function st8(linear: u64, value: u32): void {
  store<u8>(writable(linear, 1), <u8>value);
  commitWrite();
}
export function st16(linear: u64, value: u32): void {
  store<u16>(writable(linear, 2), <u16>value);
  commitWrite();
}
export function st32(linear: u64, value: u32): void {
  store<u32>(writable(linear, 4), value);
  commitWrite();
}
export function st64(linear: u64, value: u64): void {
  store<u64>(writable(linear, 8), value);
  commitWrite();
}

// Implicit supervisor accesses: descriptor tables, TSS, stacks of the inner ring.
// @ts-ignore: decorator
@inline function readableSupervisor(linear: u64, size: u32): usize {
  const host = hit(TLB_SUPER_R, linear, size);
  return host ? host : readMiss(linear, size, 0);
}
// @ts-ignore: decorator
@inline function writableSupervisor(linear: u64, size: u32): usize {
  const host = hit(TLB_SUPER_W, linear, size);
  if (host) {
    store<u32>(CELL_COMMIT, 0);
    return host;
  }
  return writeMiss(linear, size, 0);
}
export function ldk8(linear: u64): u32 {
  return load<u8>(readableSupervisor(linear, 1));
}
export function ldk16(linear: u64): u32 {
  return load<u16>(readableSupervisor(linear, 2));
}
export function ldk32(linear: u64): u32 {
  return load<u32>(readableSupervisor(linear, 4));
}
export function ldk64(linear: u64): u64 {
  return load<u64>(readableSupervisor(linear, 8));
}
export function stk8(linear: u64, value: u32): void {
  store<u8>(writableSupervisor(linear, 1), <u8>value);
  commitWrite();
}
export function stk16(linear: u64, value: u32): void {
  store<u16>(writableSupervisor(linear, 2), <u16>value);
  commitWrite();
}
export function stk32(linear: u64, value: u32): void {
  store<u32>(writableSupervisor(linear, 4), value);
  commitWrite();
}
export function stk64(linear: u64, value: u64): void {
  store<u64>(writableSupervisor(linear, 8), value);
  commitWrite();
}
/** Supervisor probe for `stk*`. */
export function probeWriteSupervisor(linear: u64, size: u32): void {
  probe(linear, size, ACCESS_WRITE);
}
