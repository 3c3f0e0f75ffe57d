// Segmented operand addresses and the stack: everything the decoder cannot reduce to flat addressing. [SDM-1 §3.6, SDM-3A §5.3]
import { CPU_GPR, CPU_MODE, CPU_NEXT_RIP, CPU_RIP, CPU_SEG, SS } from './layout';
import { CELL_ENTRY, CELL_RIP_PAGE } from './tables';
import { GP, record, retireBeforeCurrent, SS_FAULT, unwindRecorded } from './fault';
import { ld16, ld32, ld64, NO_ADDRESS, st16, st32, st64 } from './mmu';

const RSP = CPU_GPR + 32;

// @ts-ignore: decorator
@inline function segment(index: u32): u32 {
  return CPU_SEG + (index << 5);
}

/** Linear address of `size` bytes at `offset` in a segment, NO_ADDRESS after recording #GP(0) or #SS(0). */
export function checkSegment(index: u32, offset: u64, size: u32, isWrite: bool): u64 {
  const at = segment(index);
  const mode = load<u32>(CPU_MODE);
  if (mode & 2) return index >= 4 ? load<u64>(at) + offset : offset;
  const access = load<u32>(at, 12);
  const limit = <u64>load<u32>(at, 8);
  let isGood = true;
  if ((mode & 0x18) == 8) {
    // Protected mode: present, and the type allows it.
    if (!(access & 0x80)) isGood = false;
    else if (access & 8) isGood = !isWrite && (access & 2) != 0;
    else if (isWrite) isGood = (access & 2) != 0;
  }
  const last = offset + size - 1;
  if ((access & 0x0c) == 4 && access & 0x10) {
    if (offset <= limit || last > (access & 0x4000 ? 0xffffffff : 0xffff)) isGood = false;
  } else if (last > limit) isGood = false;
  if (!isGood) {
    record(index == SS ? SS_FAULT : GP, 1, 0);
    return NO_ADDRESS;
  }
  return (load<u64>(at) + offset) & 0xffffffff;
}

/** As `checkSegment`, unwinding on faults. */
export function segmentLinear(index: u32, offset: u64, size: u32, isWrite: bool): u64 {
  const linear = checkSegment(index, offset, size, isWrite);
  if (linear == NO_ADDRESS) unwindRecorded();
  return linear;
}

/** Effective address of an entry with its own address size (+8 bits 8-15: 2, 4, 8 bytes). */
export function eaOffset(e: u32): u64 {
  const offset = load<u64>(load<u32>(e, 16)) + (load<u64>(load<u32>(e, 20)) << <u64>load<u8>(e, 6)) + <u64><i64>load<i32>(e, 24);
  const size = (load<u32>(e, 8) >> 8) & 0xff;
  return size == 2 ? offset & 0xffff : size == 4 ? offset & 0xffffffff : offset;
}

/** Address prelude: +8 is segment, address size << 8, write << 16; +12 the number of bytes accessed. */
export function eaSegment(e: u32): u64 {
  const info = load<u32>(e, 8);
  const linear = checkSegment(info & 0xff, eaOffset(e), load<u32>(e, 12), (info >> 16) != 0);
  if (linear == NO_ADDRESS) {
    const rip = load<u64>(CELL_RIP_PAGE) + load<u16>(e, 4);
    store<u64>(CPU_RIP, rip);
    store<u64>(CPU_NEXT_RIP, rip + load<u8>(e, 2));
    store<u32>(CELL_ENTRY, e);
    retireBeforeCurrent();
  }
  return linear;
}

/** Stack address mask: 16, 32 or 64 bits. */
export function stackMask(): u64 {
  const mode = load<u32>(CPU_MODE);
  return mode & 2 ? 0xffffffffffffffff : mode & 4 ? 0xffffffff : 0xffff;
}

export function setStackPointer(value: u64): void {
  const mode = load<u32>(CPU_MODE);
  if (mode & 2) store<u64>(RSP, value);
  else if (mode & 4) store<u64>(RSP, value & 0xffffffff);
  else store<u16>(RSP, <u16>value);
}

/** Linear address of the stack slot `offset` bytes above the stack pointer. */
export function stackLinear(offset: u64, size: u32, isWrite: bool): u64 {
  return segmentLinear(SS, (load<u64>(RSP) + offset) & stackMask(), size, isWrite);
}

export function loadSized(linear: u64, size: u32): u64 {
  return size == 4 ? <u64>ld32(linear) : size == 8 ? ld64(linear) : <u64>ld16(linear);
}

export function storeSized(linear: u64, size: u32, value: u64): void {
  if (size == 4) st32(linear, <u32>value);
  else if (size == 8) st64(linear, value);
  else st16(linear, <u32>value);
}

export function pushSized(value: u64, size: u32): void {
  storeSized(stackLinear(<u64>-<i64>size, size, true), size, value);
  setStackPointer(load<u64>(RSP) - size);
}

/** Reads the top of the stack; the caller moves the pointer with `dropStack` when nothing can fault any more. */
export function peekStack(offset: u64, size: u32): u64 {
  return loadSized(stackLinear(offset, size, false), size);
}

export function dropStack(bytes: u64): void {
  setStackPointer(load<u64>(RSP) + bytes);
}
