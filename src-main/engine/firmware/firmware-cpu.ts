// What the firmware sees of a virtual processor and of guest-physical memory. Every accelerator (interpreter, translator,
// KVM) supplies one of each; nothing here knows where a core keeps its state.
import type { DmaAccess } from '../bus/device.ts';

/** General registers in encoding order. */
export const EAX = 0;
export const ECX = 1;
export const EDX = 2;
export const EBX = 3;
export const ESP = 4;
export const EBP = 5;
export const ESI = 6;
export const EDI = 7;

export type SegmentName = 'es' | 'cs' | 'ss' | 'ds' | 'fs' | 'gs' | 'ldtr' | 'tr';

export interface SegmentState {
  selector: number;
  base: number;
  /** In bytes, already scaled by the granularity. */
  limit: number;
  /** Descriptor bits 40..55 in bits 0..15: type 0-3, S 4, DPL 5-6, P 7, AVL 12, L 13, D/B 14, G 15. */
  access: number;
}

/** Everything that an operating system's entry point may rely on. Registers not named are zero, IF is as in `flags`. */
export interface CpuEntryState {
  /** Up to eight 32-bit values in encoding order (the firmware never needs more to be non-zero). */
  gpr: number[];
  ip: number;
  flags: number;
  cr0: number;
  cr3: number;
  cr4: number;
  efer: number;
  segments: Record<SegmentName, SegmentState>;
  gdtr: { base: number; limit: number };
  idtr: { base: number; limit: number };
}

/**
 * One vCPU at an instruction boundary: the trapping OUT has completed, so the instruction pointer is the one after it.
 * Values are unsigned 32-bit; writing a general register clears its upper half in 64-bit implementations.
 */
export interface FirmwareCpu {
  readGpr(index: number): number;
  writeGpr(index: number, value: number): void;
  readIp(): number;
  writeIp(value: number): void;
  readFlags(): number;
  writeFlags(value: number): void;
  readSegment(name: SegmentName): SegmentState;
  writeSegment(name: SegmentName, state: SegmentState): void;
  /** CR0, CR2, CR3 or CR4. */
  readCr(index: 0 | 2 | 3 | 4): number;
  /** Replaces the whole architectural state (the jump into a kernel). */
  applyState(state: CpuEntryState): void;
}

/**
 * Guest-physical memory. Unlike a bus master's view, 0xa0000..0xbffff goes to the display's MMIO handlers whenever the
 * guest's own accesses would, and writes to ROM vanish.
 */
export type FirmwareMemory = DmaAccess;

export const CODE16_ACCESS = 0x009b;
export const DATA16_ACCESS = 0x0093;
export const CODE32_ACCESS = 0xc09b;
export const DATA32_ACCESS = 0xc093;
export const CODE64_ACCESS = 0xa09b;
const TSS32_ACCESS = 0x008b;
const TSS64_ACCESS = 0x008b;

export const CR0_PE = 1;
export const CR0_ET = 0x10;
export const CR0_PG = 0x80000000;
export const CR4_PAE = 0x20;
const EFER_LME = 0x100;
const EFER_LMA = 0x400;

/** A real-mode segment: base = selector * 16, limit 64 KiB. */
export function realSegment(selector: number, access: number = DATA16_ACCESS): SegmentState {
  return { selector, base: selector << 4, limit: 0xffff, access };
}

const unusableLdtr: SegmentState = { selector: 0, base: 0, limit: 0xffff, access: 0x0082 };

function withTaskRegister(access: number, selector: number): SegmentState {
  return { selector, base: 0, limit: 0x67, access };
}

/** Real mode at `codeSegment:ip`, data segments equal, interrupts off. */
export function realModeEntry(entry: {
  codeSegment: number;
  ip: number;
  dataSegment: number;
  sp: number;
  gpr?: Partial<Record<number, number>>;
  flags?: number;
}): CpuEntryState {
  const data = realSegment(entry.dataSegment);
  return {
    gpr: fillGpr(entry.gpr, entry.sp),
    ip: entry.ip,
    flags: entry.flags ?? 2,
    cr0: CR0_ET,
    cr3: 0,
    cr4: 0,
    efer: 0,
    segments: {
      cs: realSegment(entry.codeSegment, CODE16_ACCESS),
      ds: data,
      es: data,
      ss: data,
      fs: data,
      gs: data,
      ldtr: unusableLdtr,
      tr: withTaskRegister(TSS32_ACCESS, 0),
    },
    gdtr: { base: 0, limit: 0xffff },
    idtr: { base: 0, limit: 0x3ff },
  };
}

/** Flat selectors of the descriptor table that `protectedEntry` and `longModeEntry` expect in memory at `gdtBase`. */
export const BOOT_CS = 0x10;
export const BOOT_DS = 0x18;
export const BOOT_TSS = 0x20;

/** The descriptor table for kernels entered with flat segments: null, null, code, data, TSS; Linux wants CS 0x10, DS 0x18. */
export function writeBootGdt(
  memory: FirmwareMemory,
  gdtBase: number,
  is64Bit: boolean,
): { base: number; limit: number } {
  const code = is64Bit ? 0x00af9b000000ffffn : 0x00cf9b000000ffffn;
  const entries = [0n, 0n, code, 0x00cf93000000ffffn, 0x00008b0000000067n, 0n];
  entries.forEach((entry, index) => {
    memory.writeU64(gdtBase + index * 8, entry);
  });
  return { base: gdtBase, limit: entries.length * 8 - 1 };
}

/** Protected mode, paging off, flat 4 GiB segments, interrupts off. */
export function protectedEntry(entry: {
  ip: number;
  gdtr: { base: number; limit: number };
  gpr?: Partial<Record<number, number>>;
  sp?: number;
}): CpuEntryState {
  const data: SegmentState = { selector: BOOT_DS, base: 0, limit: 0xffffffff, access: DATA32_ACCESS };
  return {
    gpr: fillGpr(entry.gpr, entry.sp ?? 0),
    ip: entry.ip,
    flags: 2,
    cr0: CR0_PE | CR0_ET,
    cr3: 0,
    cr4: 0,
    efer: 0,
    segments: {
      cs: { selector: BOOT_CS, base: 0, limit: 0xffffffff, access: CODE32_ACCESS },
      ds: data,
      es: data,
      ss: data,
      fs: data,
      gs: data,
      ldtr: unusableLdtr,
      tr: withTaskRegister(TSS32_ACCESS, BOOT_TSS),
    },
    gdtr: entry.gdtr,
    idtr: { base: 0, limit: 0 },
  };
}

/** 64-bit mode with the page tables at `cr3`, interrupts off. */
export function longModeEntry(entry: {
  ip: number;
  cr3: number;
  gdtr: { base: number; limit: number };
  gpr?: Partial<Record<number, number>>;
  sp?: number;
}): CpuEntryState {
  const state = protectedEntry(entry);
  state.cr0 = (CR0_PE | CR0_ET | CR0_PG) >>> 0;
  state.cr3 = entry.cr3;
  state.cr4 = CR4_PAE;
  state.efer = EFER_LME | EFER_LMA;
  state.segments.cs = { selector: BOOT_CS, base: 0, limit: 0xffffffff, access: CODE64_ACCESS };
  state.segments.tr = withTaskRegister(TSS64_ACCESS, BOOT_TSS);
  return state;
}

function fillGpr(values: Partial<Record<number, number>> | undefined, sp: number): number[] {
  const gpr = [0, 0, 0, 0, sp, 0, 0, 0];
  for (const [index, value] of Object.entries(values ?? {})) gpr[Number(index)] = value ?? 0;
  return gpr;
}
