// The firmware's view of the software processor between two slices: registers and segments at the addresses of core/layout.ts.
// Writes that change modes or segments make the core rebuild what it derives from them before it runs again.
import type { CpuEntryState, FirmwareCpu, SegmentName, SegmentState } from '../firmware/firmware-cpu.ts';
import * as layout from './core/layout.ts';
import type { SoftwareCpu } from './software-cpu.ts';

const segmentIndex: Record<SegmentName, number> = {
  es: layout.ES,
  cs: layout.CS,
  ss: layout.SS,
  ds: layout.DS,
  fs: layout.FS,
  gs: layout.GS,
  ldtr: layout.LDTR,
  tr: layout.TR,
};
const controlAddress = { 0: layout.CPU_CR0, 2: layout.CPU_CR2, 3: layout.CPU_CR3, 4: layout.CPU_CR4 } as const;
/** CF PF AF ZF SF OF: kept apart from the other flags, see CPU_CC_OP. */
const ARITHMETIC_FLAGS = 0x8d5;
const GPR_COUNT = 16;

export class SoftwareFirmwareCpu implements FirmwareCpu {
  readonly #cpu: SoftwareCpu;
  readonly #view: DataView;
  #isStale = false;

  constructor(cpu: SoftwareCpu) {
    this.#cpu = cpu;
    this.#view = cpu.view;
  }

  readGpr(index: number): number {
    return this.#view.getUint32(layout.CPU_GPR + index * 8, true);
  }

  writeGpr(index: number, value: number): void {
    this.#cpu.setRegister(index, BigInt(value >>> 0));
  }

  readIp(): number {
    return this.#view.getUint32(layout.CPU_RIP, true);
  }

  writeIp(value: number): void {
    this.#cpu.rip = BigInt(value >>> 0);
  }

  readFlags(): number {
    return this.#cpu.eflags;
  }

  writeFlags(value: number): void {
    this.#view.setUint32(layout.CPU_FLAGS, (value & ~ARITHMETIC_FLAGS) | 2, true);
    this.#view.setUint32(layout.CPU_CC_OP, 0, true);
    this.#view.setBigUint64(layout.CPU_CC_SRC, BigInt(value & ARITHMETIC_FLAGS), true);
  }

  readSegment(name: SegmentName): SegmentState {
    const at = layout.CPU_SEG + segmentIndex[name] * layout.SEG_STRIDE;
    return {
      selector: this.#view.getUint16(at + layout.SEG_SELECTOR, true),
      base: this.#view.getUint32(at + layout.SEG_BASE, true),
      limit: this.#view.getUint32(at + layout.SEG_LIMIT, true),
      access: this.#view.getUint32(at + layout.SEG_ACCESS, true),
    };
  }

  writeSegment(name: SegmentName, state: SegmentState): void {
    const at = layout.CPU_SEG + segmentIndex[name] * layout.SEG_STRIDE;
    this.#view.setBigUint64(at + layout.SEG_BASE, BigInt(state.base >>> 0), true);
    this.#view.setUint32(at + layout.SEG_LIMIT, state.limit >>> 0, true);
    this.#view.setUint32(at + layout.SEG_ACCESS, state.access, true);
    this.#view.setUint16(at + layout.SEG_SELECTOR, state.selector, true);
    this.#isStale = true;
  }

  readCr(index: 0 | 2 | 3 | 4): number {
    return this.#view.getUint32(controlAddress[index], true);
  }

  applyState(state: CpuEntryState): void {
    for (let index = 0; index < GPR_COUNT; index++) this.writeGpr(index, state.gpr[index] ?? 0);
    this.writeIp(state.ip);
    this.writeFlags(state.flags);
    for (const name of Object.keys(segmentIndex) as SegmentName[]) this.writeSegment(name, state.segments[name]);
    this.#writeTable(layout.GDTR, state.gdtr);
    this.#writeTable(layout.IDTR, state.idtr);
    this.#view.setBigUint64(layout.CPU_CR0, BigInt(state.cr0 >>> 0), true);
    this.#view.setBigUint64(layout.CPU_CR3, BigInt(state.cr3 >>> 0), true);
    this.#view.setBigUint64(layout.CPU_CR4, BigInt(state.cr4 >>> 0), true);
    this.#view.setBigUint64(layout.CPU_EFER, BigInt(state.efer >>> 0), true);
    this.#view.setUint32(layout.CPU_CPL, 0, true);
    this.#view.setUint32(layout.CPU_HALTED, 0, true);
    this.#view.setUint32(layout.CPU_INHIBIT, 0, true);
    this.#isStale = true;
  }

  /** Call before the processor runs again. */
  commit(): void {
    if (!this.#isStale) return;
    this.#isStale = false;
    this.#cpu.reloadState();
  }

  #writeTable(index: number, table: { base: number; limit: number }): void {
    const at = layout.CPU_SEG + index * layout.SEG_STRIDE;
    this.#view.setBigUint64(at + layout.SEG_BASE, BigInt(table.base >>> 0), true);
    this.#view.setUint32(at + layout.SEG_LIMIT, table.limit, true);
  }
}
