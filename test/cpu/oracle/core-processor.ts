// Runs batches on the software processor: user mode under a small supervisor in long mode with paging, laid out like a process of
// the host's kernel (code read-only, one unmapped page after the data; 32-bit cases in compatibility mode). Every exception gate
// leads to HLT followed by IRETQ: the halt hands over the result, and the next case enters by that IRETQ.
import { readFileSync } from 'node:fs';
import * as layout from '../../../src-main/engine/cpu/core/layout.ts';
import { buildCpuid, writeCpuid } from '../../../src-main/engine/cpu/cpuid-model.ts';
import { SoftwareCpu, type SoftwareCpuHost } from '../../../src-main/engine/cpu/software-cpu.ts';
import {
  type Batch,
  CaseRecord,
  CODE_BASE,
  DATA_BASE,
  DATA_SIZE,
  MMX,
  type Processor,
  RECORD_SIZE,
  ResultRecord,
  SEGMENT_BASE,
  SLOT_ENTRY,
  SLOT_SIZE,
  TAIL,
  WINDOW,
  XMM,
} from './case-format.ts';

/** Supervisor's linear addresses are physical ones plus this. */
const KERNEL = 0xffff800000000000n;
const PML4 = 0x1000;
const PDPT_LOW = 0x2000;
const PDPT_HIGH = 0x3000;
const PD = 0x4000;
const PT_DATA = 0x5000;
const PD_HIGH = 0x6000;
const GDT = 0x7000;
const TSS = 0x7100;
const IDT = 0x8000;
/** Handler of vector v at 16 v: HLT, IRETQ. */
const HANDLERS = 0x9000;
const HANDLER_STRIDE = 16;
const STACK_TOP = 0xb000;
const DATA_PHYSICAL = 0x100000;
const CODE_PHYSICAL = 0x200000;
const LARGE_PAGE = 0x200000;
const RAM_BYTES = 0x1800000;

const PRESENT = 1n;
const WRITABLE = 2n;
const USER = 4n;
const LARGE = 0x80n;
const NO_EXECUTE = 1n << 63n;

const USER_CS_32 = 0x23;
const USER_DS = 0x2b;
const USER_CS_64 = 0x33;
const withErrorCode = new Set([8, 10, 11, 12, 13, 14, 17]);

/** PG AM WP NE ET MP PE. */
export const defaultCr0 = 0x80050033n;
/** OSXMMEXCPT OSFXSR PGE PAE. */
export const defaultCr4 = 0x6a0n;

/** A board on which nothing is plugged in. */
export const emptyBoard: SoftwareCpuHost = {
  portIn: () => 0xffffffff,
  portOut() {},
  mmioRead: () => 0xffffffff,
  mmioWrite() {},
  acknowledgeInterrupt: () => -1,
  tscNow: () => 0,
  readMsr: () => undefined,
  writeMsr: () => false,
  readTpr: () => 0,
  writeTpr() {},
  random: () => 0,
  signalFerr() {},
  hypercall: () => -1,
};

export class CoreProcessor implements Processor {
  readonly #cpu: SoftwareCpu;
  readonly #view: DataView;
  readonly #bytes: Uint8Array;
  readonly #quads: BigUint64Array;
  readonly #words: Uint32Array;

  readonly #cr0: bigint;
  readonly #cr4: bigint;

  /** @param heat 1 translates every block at once, 0 none */
  constructor(wasmPath: string, cr0 = defaultCr0, cr4 = defaultCr4, heat = 0) {
    this.#cr0 = cr0;
    this.#cr4 = cr4;
    const pages = (layout.RAM_BASE + RAM_BYTES) / 0x10000;
    const memory = new WebAssembly.Memory({ initial: Math.max(pages, 2048), maximum: 65536, shared: true });
    this.#cpu = new SoftwareCpu(new WebAssembly.Module(readFileSync(wasmPath)), memory, emptyBoard, { heat });
    this.#view = new DataView(memory.buffer);
    this.#bytes = new Uint8Array(memory.buffer);
    this.#quads = new BigUint64Array(memory.buffer, 0, 0x400);
    this.#words = new Uint32Array(memory.buffer, 0, 0x800);
    this.#cpu.setPages(0, RAM_BYTES / 0x1000, layout.RAM_BASE, layout.PAGE_BACKED | layout.PAGE_WRITABLE);
    writeCpuid(memory.buffer, buildCpuid(), 0);
    this.#buildSupervisor();
    this.#enterSupervisor();
  }

  #put64(physical: number, value: bigint): void {
    this.#view.setBigUint64(layout.RAM_BASE + physical, value, true);
  }

  #buildSupervisor(): void {
    const table = PRESENT | WRITABLE | USER;
    this.#put64(PML4, BigInt(PDPT_LOW) | table);
    this.#put64(PML4 + 8 * 256, BigInt(PDPT_HIGH) | PRESENT | WRITABLE);
    this.#put64(PDPT_LOW, BigInt(PD) | table);
    this.#put64(PDPT_HIGH, BigInt(PD_HIGH) | PRESENT | WRITABLE);
    this.#put64(PD_HIGH, PRESENT | WRITABLE | LARGE);
    this.#put64(PD + 8 * (DATA_BASE / LARGE_PAGE), BigInt(PT_DATA) | table);
    for (let i = 0; i < 2; i++) {
      this.#put64(PT_DATA + 8 * i, BigInt(DATA_PHYSICAL + i * 0x1000) | PRESENT | WRITABLE | USER | NO_EXECUTE);
    }
    for (let i = 0; i < (RAM_BYTES - CODE_PHYSICAL) / LARGE_PAGE; i++) {
      this.#put64(
        PD + 8 * (CODE_BASE / LARGE_PAGE + i),
        BigInt(CODE_PHYSICAL + i * LARGE_PAGE) | PRESENT | USER | LARGE,
      );
    }
    const descriptors = [
      0n,
      0n,
      0x00af9b000000ffffn,
      0x00cf93000000ffffn,
      0x00cffb000000ffffn,
      0x00cff3000000ffffn,
      0x00affb000000ffffn,
    ];
    descriptors.forEach((value, i) => {
      this.#put64(GDT + 8 * i, value);
    });
    this.#put64(TSS + 4, KERNEL + BigInt(STACK_TOP));
    // No I/O permission bitmap inside the limit.
    this.#put64(TSS + 0x60, 0x68n << 48n);
    for (let vector = 0; vector < 256; vector++) {
      const handler = KERNEL + BigInt(HANDLERS + vector * HANDLER_STRIDE);
      const privilege = vector === 3 || vector === 4 ? 3n : 0n;
      const low =
        (handler & 0xffffn) |
        (0x10n << 16n) |
        ((0x8e00n | (privilege << 13n)) << 32n) |
        (((handler >> 16n) & 0xffffn) << 48n);
      this.#put64(IDT + 16 * vector, low);
      this.#put64(IDT + 16 * vector + 8, handler >> 32n);
      this.#bytes.set([0xf4, 0x48, 0xcf], layout.RAM_BASE + HANDLERS + vector * HANDLER_STRIDE);
    }
  }

  #segment(index: number, base: bigint, limit: number, access: number, selector: number): void {
    const at = layout.CPU_SEG + index * layout.SEG_STRIDE;
    this.#view.setBigUint64(at + layout.SEG_BASE, base, true);
    this.#view.setUint32(at + layout.SEG_LIMIT, limit, true);
    this.#view.setUint32(at + layout.SEG_ACCESS, access, true);
    this.#view.setUint16(at + layout.SEG_SELECTOR, selector, true);
  }

  /** The state right after the first handler's HLT. */
  #enterSupervisor(): void {
    const view = this.#view;
    this.#cpu.reset();
    this.#segment(layout.CS, 0n, 0xffffffff, 0xa09b, 0x10);
    this.#segment(layout.SS, 0n, 0xffffffff, 0xc093, 0x18);
    for (const i of [layout.DS, layout.ES]) this.#segment(i, 0n, 0xffffffff, 0xc0f3, USER_DS);
    for (const i of [layout.FS, layout.GS]) this.#segment(i, BigInt(SEGMENT_BASE), 0xffffffff, 0xc0f3, USER_DS);
    this.#segment(layout.TR, KERNEL + BigInt(TSS), 0x67, 0x8b, 0x40);
    this.#segment(layout.LDTR, 0n, 0, 0, 0);
    this.#segment(layout.GDTR, KERNEL + BigInt(GDT), 8 * 7 - 1, 0, 0);
    this.#segment(layout.IDTR, KERNEL + BigInt(IDT), 0xfff, 0, 0);
    view.setBigUint64(layout.CPU_CR0, this.#cr0, true);
    view.setBigUint64(layout.CPU_CR3, BigInt(PML4), true);
    view.setBigUint64(layout.CPU_CR4, this.#cr4, true);
    view.setBigUint64(layout.CPU_EFER, 0xd01n, true);
    view.setUint32(layout.CPU_CPL, 0, true);
    view.setUint32(layout.CPU_FLAGS, 2, true);
    this.#cpu.rip = KERNEL + BigInt(HANDLERS + 1);
    this.#cpu.reloadState();
  }

  #load(mode: 32 | 64, input: CaseRecord, index: number): void {
    const quads = this.#quads;
    const words = this.#words;
    for (let i = 0; i < 16; i++) quads[layout.CPU_GPR / 8 + i] = input.gpr(i);
    for (let i = 0; i < 16; i++) {
      quads[(layout.CPU_XMM + layout.XMM_STRIDE * i) / 8] = input.quads[XMM / 8 + 2 * i]!;
      quads[(layout.CPU_XMM + layout.XMM_STRIDE * i) / 8 + 1] = input.quads[XMM / 8 + 2 * i + 1]!;
    }
    for (let i = 0; i < 8; i++) {
      quads[layout.CPU_FPU_REGS / 8 + 2 * i] = input.quads[MMX / 8 + i]!;
      quads[layout.CPU_FPU_REGS / 8 + 2 * i + 1] = 0xffffn;
    }
    words[layout.CPU_FPU_CW / 4] = 0x37f;
    words[layout.CPU_FPU_SW / 4] = 0;
    words[layout.CPU_FPU_TOP / 4] = 0;
    words[layout.CPU_FPU_EMPTY / 4] = 0xff;
    words[layout.CPU_MXCSR / 4] = input.mxcsr;
    words[layout.CPU_HALTED / 4] = 0;
    quads[layout.CPU_CR2 / 8] = 0n;
    this.#bytes.set(input.window, layout.RAM_BASE + DATA_PHYSICAL + WINDOW - DATA_BASE);
    this.#bytes.set(input.tail, layout.RAM_BASE + DATA_PHYSICAL + TAIL - DATA_BASE);
    if (mode === 32) {
      for (const i of [layout.DS, layout.ES]) this.#segment(i, 0n, 0xffffffff, 0xc0f3, USER_DS);
    }
    const frame = STACK_TOP - 40;
    this.#put64(frame, BigInt(CODE_BASE + index * SLOT_SIZE + SLOT_ENTRY));
    this.#put64(frame + 8, BigInt(mode === 64 ? USER_CS_64 : USER_CS_32));
    this.#put64(frame + 16, BigInt((input.eflags & 0x40cd5) | 0x202));
    this.#put64(frame + 24, input.gpr(4));
    this.#put64(frame + 32, BigInt(USER_DS));
    quads[layout.CPU_GPR / 8 + 4] = KERNEL + BigInt(frame);
  }

  #store(result: ResultRecord): void {
    const quads = this.#quads;
    const words = this.#words;
    const view = this.#view;
    const vector = (Number(this.#cpu.rip - KERNEL) - 1 - HANDLERS) / HANDLER_STRIDE;
    let frame = Number(quads[layout.CPU_GPR / 8 + 4]! - KERNEL);
    if (!Number.isInteger(vector) || vector < 0 || vector > 255 || frame < STACK_TOP - 64 || frame >= STACK_TOP) {
      this.#fail(result);
      return;
    }
    frame += layout.RAM_BASE;
    result.vector = vector;
    if (withErrorCode.has(vector)) {
      result.error = view.getUint32(frame, true);
      frame += 8;
    }
    result.rip = view.getBigUint64(frame, true);
    result.eflags = view.getUint32(frame + 16, true);
    if (vector === 14) result.cr2 = quads[layout.CPU_CR2 / 8]!;
    result.mxcsr = words[layout.CPU_MXCSR / 4]!;
    result.fpuStatus = words[layout.CPU_FPU_TOP / 4]! << 11;
    result.fpuTags = ~words[layout.CPU_FPU_EMPTY / 4]! & 0xff;
    for (let i = 0; i < 16; i++) result.setGpr(i, quads[layout.CPU_GPR / 8 + i]!);
    result.setGpr(4, view.getBigUint64(frame + 24, true));
    for (let i = 0; i < 16; i++) {
      result.quads[XMM / 8 + 2 * i] = quads[(layout.CPU_XMM + layout.XMM_STRIDE * i) / 8]!;
      result.quads[XMM / 8 + 2 * i + 1] = quads[(layout.CPU_XMM + layout.XMM_STRIDE * i) / 8 + 1]!;
    }
    for (let i = 0; i < 8; i++) result.quads[MMX / 8 + i] = quads[layout.CPU_FPU_REGS / 8 + 2 * i]!;
    const data = layout.RAM_BASE + DATA_PHYSICAL - DATA_BASE;
    result.window.set(this.#bytes.subarray(data + WINDOW, data + WINDOW + result.window.length));
    result.tail.set(this.#bytes.subarray(data + TAIL, data + TAIL + result.tail.length));
  }

  /** Shutdown, an endless instruction, or a broken frame: a vector no processor has, and a fresh start. */
  #fail(result: ResultRecord): void {
    result.vector = 0xdead;
    this.#enterSupervisor();
  }

  run(batch: Batch): ArrayBuffer {
    const size = batch.count * SLOT_SIZE;
    if (size > RAM_BYTES - CODE_PHYSICAL) throw new RangeError(`a batch of ${batch.count} cases does not fit`);
    // The native runner is a new process for each batch.
    this.#bytes.fill(0, layout.RAM_BASE + DATA_PHYSICAL, layout.RAM_BASE + DATA_PHYSICAL + DATA_SIZE);
    const code = layout.RAM_BASE + CODE_PHYSICAL;
    this.#bytes.fill(0xcc, code, code + size);
    for (let i = 0; i < batch.count; i++) {
      this.#bytes.set(new CaseRecord(batch.buffer, i).code, code + i * SLOT_SIZE + SLOT_ENTRY);
    }
    this.#cpu.invalidateCode(CODE_PHYSICAL, size);
    const results = new ArrayBuffer(batch.count * RECORD_SIZE);
    for (let i = 0; i < batch.count; i++) {
      this.#load(batch.mode, new CaseRecord(batch.buffer, i), i);
      const result = new ResultRecord(results, i);
      if (this.#cpu.run(200) === 'halt') this.#store(result);
      else this.#fail(result);
    }
    return results;
  }
}
