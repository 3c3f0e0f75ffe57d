// String instructions with their repeat prefixes. A repeated one runs a bounded number of elements and then returns "not
// finished" with the registers up to date, so that interrupts get in between elements; RIP stays on it. [SDM-2 REP]
// MOVS and STOS over plain memory go page by page through memory.copy and memory.fill.
import { CPU_DR, CPU_EXC_VECTOR, CPU_FLAGS, CPU_GPR, CPU_MODE, CPU_PENDING, ES } from './layout';
import { CELL_BREAKPOINTS, CELL_CHECKED } from './tables';
import { FLAG_DF, getZF } from './flags';
import { sub } from './alu';
import { checkSegment, segmentLinear } from './operand';
import { ld16, ld32, ld64, ld8, NO_ADDRESS, plainRead, plainWrite, probeWrite, st16, st32, st64, st8 } from './mmu';
import { checkIo } from './sysops';
import { ioBreakpoints } from './debug';
import { portIn, portOut } from './env';

const RAX = CPU_GPR;
const RCX = CPU_GPR + 8;
const RDX = CPU_GPR + 16;
const RSI = CPU_GPR + 48;
const RDI = CPU_GPR + 56;
/** Elements between two looks at CPU_PENDING. */
const BATCH: u32 = 4096;

// @ts-ignore: decorator
@inline function counter(at: u32, addressSize: u32): u64 {
  return addressSize == 8 ? load<u64>(at) : addressSize == 4 ? <u64>load<u32>(at) : <u64>load<u16>(at);
}
// @ts-ignore: decorator
@inline function setCounter(at: u32, addressSize: u32, value: u64): void {
  if (addressSize == 8) store<u64>(at, value);
  else if (addressSize == 4) store<u64>(at, value & 0xffffffff);
  else store<u16>(at, <u16>value);
}

function loadElement(linear: u64, size: u32): u64 {
  return size == 1 ? <u64>ld8(linear) : size == 4 ? <u64>ld32(linear) : size == 8 ? ld64(linear) : <u64>ld16(linear);
}
function storeElement(linear: u64, size: u32, value: u64): void {
  if (size == 1) st8(linear, <u32>value);
  else if (size == 4) st32(linear, <u32>value);
  else if (size == 8) st64(linear, value);
  else st16(linear, <u32>value);
}

function compare(a: u64, b: u64, size: u32): void {
  if (size == 1) sub<u8>(<u8>a, <u8>b);
  else if (size == 2) sub<u16>(<u16>a, <u16>b);
  else if (size == 4) sub<u32>(<u32>a, <u32>b);
  else sub<u64>(a, b);
}

/**
 * Runs opcode `kind` (6C INS, 6E OUTS, A4 MOVS, A6 CMPS, AA STOS, AC LODS, AE SCAS) on elements of `size` bytes.
 * `repeat` 0 none, 1 REP/REPE, 2 REPNE. False if elements are left.
 */
export function stringExec(kind: u32, size: u32, addressSize: u32, repeat: u32, segment: u32): bool {
  if (!repeat) {
    element(kind, size, addressSize, segment);
    return true;
  }
  let left = counter(RCX, addressSize);
  if (addressSize == 4) {
    // 32-bit registers are written even if nothing is done, which clears their upper halves (so do Intel's processors).
    setCounter(RCX, 4, left);
    if (kind == 0xa4) setCounter(RSI, 4, counter(RSI, 4));
    if (kind == 0xa4 || kind == 0xaa) setCounter(RDI, 4, counter(RDI, 4));
  }
  if (!left) return true;
  let batch = BATCH;
  if (load<u32>(CPU_MODE) & 0x1000) batch = 1;
  const isCompare = kind == 0xa6 || kind == 0xae;
  while (batch) {
    if (!isCompare && kind >= 0xa4 && kind != 0xac && batch > 1 && left > 3) {
      const done = bulk(kind, size, addressSize, segment, left);
      if (done) {
        left -= done;
        setCounter(RCX, addressSize, left);
        if (!left) return true;
        batch = done >= batch ? 0 : batch - <u32>done;
        continue;
      }
    }
    element(kind, size, addressSize, segment);
    left--;
    setCounter(RCX, addressSize, left);
    if (!left) return true;
    if (isCompare && getZF() != (repeat & 1)) return true;
    batch--;
    // Device accesses may have raised an interrupt.
    if (kind < 0xa0 && atomic.load<u32>(CPU_PENDING)) return false;
  }
  return false;
}

function element(kind: u32, size: u32, addressSize: u32, segment: u32): void {
  const step: u64 = load<u32>(CPU_FLAGS) & FLAG_DF ? <u64>-<i64>size : size;
  const source = counter(RSI, addressSize);
  const target = counter(RDI, addressSize);
  switch (kind) {
    case 0xa4:
      storeElement(segmentLinear(ES, target, size, true), size, loadElement(segmentLinear(segment, source, size, false), size));
      setCounter(RSI, addressSize, source + step);
      setCounter(RDI, addressSize, target + step);
      break;
    case 0xaa:
      storeElement(segmentLinear(ES, target, size, true), size, load<u64>(RAX));
      setCounter(RDI, addressSize, target + step);
      break;
    case 0xac: {
      const value = loadElement(segmentLinear(segment, source, size, false), size);
      if (size == 1) store<u8>(RAX, <u8>value);
      else if (size == 2) store<u16>(RAX, <u16>value);
      else store<u64>(RAX, value);
      setCounter(RSI, addressSize, source + step);
      break;
    }
    case 0xa6: {
      // Processors read ES:rDI first: it shows when both fault.
      const second = loadElement(segmentLinear(ES, target, size, false), size);
      const first = loadElement(segmentLinear(segment, source, size, false), size);
      setCounter(RSI, addressSize, source + step);
      setCounter(RDI, addressSize, target + step);
      compare(first, second, size);
      break;
    }
    case 0xae: {
      const second = loadElement(segmentLinear(ES, target, size, false), size);
      setCounter(RDI, addressSize, target + step);
      compare(load<u64>(RAX), second, size);
      break;
    }
    case 0x6c: {
      const port = <u32>load<u16>(RDX);
      checkIo(port, size);
      const linear = segmentLinear(ES, target, size, true);
      // The port must not be read if the store then faults.
      probeWrite(linear, size);
      noteIo(port, size);
      storeElement(linear, size, <u64>portIn(port, size));
      setCounter(RDI, addressSize, target + step);
      break;
    }
    default: {
      const port = <u32>load<u16>(RDX);
      checkIo(port, size);
      const value = loadElement(segmentLinear(segment, source, size, false), size);
      noteIo(port, size);
      portOut(port, size, <u32>value);
      setCounter(RSI, addressSize, source + step);
      break;
    }
  }
}

/** I/O breakpoints count as data breakpoints of the instruction. */
export function noteIo(port: u32, size: u32): void {
  if (load<u32>(CPU_DR + 56) & 0xff) store<u32>(CELL_BREAKPOINTS, load<u32>(CELL_BREAKPOINTS) | ioBreakpoints(port, size));
}

/** As many elements of MOVS or STOS as lie within one page of plain memory, at most `left`; 0 if the slow way must be taken. */
function bulk(kind: u32, size: u32, addressSize: u32, segment: u32, left: u64): u64 {
  if (load<u32>(CELL_CHECKED)) return 0;
  const isDown = (load<u32>(CPU_FLAGS) & FLAG_DF) != 0;
  const source = counter(RSI, addressSize);
  const target = counter(RDI, addressSize);
  const to = quietLinear(ES, target, size, true);
  if (to == NO_ADDRESS) return 0;
  let count = room(to, size, isDown);
  let from: u64 = 0;
  if (kind == 0xa4) {
    from = quietLinear(segment, source, size, false);
    if (from == NO_ADDRESS) return 0;
    count = min<u64>(count, room(from, size, isDown));
  }
  count = min<u64>(count, left);
  if (count < 4) return 0;
  const bytes = <u32>count * size;
  // Offsets must not wrap at the address size nor leave the segment on the way.
  const back: u64 = isDown ? bytes - size : 0;
  if (isDown && (target < back || (kind == 0xa4 && source < back))) return 0;
  const limit: u64 = addressSize == 8 ? 0xffffffffffffffff : addressSize == 4 ? 0x100000000 : 0x10000;
  if (target - back > limit - bytes || (kind == 0xa4 && source - back > limit - bytes)) return 0;
  if (quietLinear(ES, target - back, bytes, true) == NO_ADDRESS) return 0;
  if (kind == 0xa4 && quietLinear(segment, source - back, bytes, false) == NO_ADDRESS) return 0;
  const fromHost = kind == 0xa4 ? plainRead(from, size) : 0;
  if (kind == 0xa4 && !fromHost) return 0;
  const toHost = plainWrite(to, size);
  if (!toHost) return 0;
  if (isDown) return bulkAt(kind, size, addressSize, count, fromHost - <u32>back, toHost - <u32>back, true);
  return bulkAt(kind, size, addressSize, count, fromHost, toHost, false);
}

/** `checkSegment` without leaving a fault: the element loop will raise it where it belongs. */
function quietLinear(segment: u32, offset: u64, size: u32, isWrite: bool): u64 {
  const linear = checkSegment(segment, offset, size, isWrite);
  if (linear == NO_ADDRESS) store<i32>(CPU_EXC_VECTOR, -1);
  return linear;
}

function bulkAt(kind: u32, size: u32, addressSize: u32, count: u64, fromHost: usize, toHost: usize, isDown: bool): u64 {
  const bytes = <u32>count * size;
  if (kind == 0xaa) fillElements(toHost, bytes, size);
  else if (!(isDown ? toHost < fromHost && fromHost < toHost + bytes : fromHost < toHost && toHost < fromHost + bytes)) memory.copy(toHost, fromHost, bytes);
  else if (isDown) {
    for (let at = bytes; at; at -= size) copyElement(toHost + at - size, fromHost + at - size, size);
  } else {
    // The target overlaps what is still to be read: element by element, repeating the pattern as the processor does.
    for (let at: u32 = 0; at < bytes; at += size) copyElement(toHost + at, fromHost + at, size);
  }
  const moved: u64 = isDown ? 0 - <u64>bytes : <u64>bytes;
  if (kind == 0xa4) setCounter(RSI, addressSize, counter(RSI, addressSize) + moved);
  setCounter(RDI, addressSize, counter(RDI, addressSize) + moved);
  return count;
}

/** Whole elements from `linear` on (or down from it) within its page. */
function room(linear: u64, size: u32, isDown: bool): u64 {
  const offset = <u32>linear & 0xfff;
  if (isDown) return offset + size > 4096 ? 0 : <u64>(offset / size + 1);
  return <u64>((4096 - offset) / size);
}

function copyElement(to: usize, from: usize, size: u32): void {
  if (size == 1) store<u8>(to, load<u8>(from));
  else if (size == 2) store<u16>(to, load<u16>(from));
  else if (size == 4) store<u32>(to, load<u32>(from));
  else store<u64>(to, load<u64>(from));
}

function fillElements(to: usize, bytes: u32, size: u32): void {
  const value = load<u64>(RAX);
  // All bytes alike: that of a byte store, or a pattern such as zero.
  const mask: u64 = 0xffffffffffffffff >> <u64>(64 - (size << 3));
  const isUniform = (value & mask) == (((value & 0xff) * 0x0101010101010101) & mask);
  if (isUniform) {
    memory.fill(to, <u8>value, bytes);
    return;
  }
  const pattern = i64x2.splat(size == 2 ? (value & 0xffff) * 0x0001000100010001 : size == 4 ? (value & 0xffffffff) * 0x100000001 : value);
  let at: u32 = 0;
  for (; at + 16 <= bytes; at += 16) v128.store(to + at, pattern);
  for (; at < bytes; at += size) {
    if (size == 2) store<u16>(to + at, <u16>value);
    else if (size == 4) store<u32>(to + at, <u32>value);
    else store<u64>(to + at, value);
  }
}
