// The software processor: one instance of the AssemblyScript core (core/) on the machine's memory, its imports bound to a host
// object, and the run loop around it. A core helper that cannot go on throws through the WebAssembly frames; the loop catches
// that one object and resumes. Architectural state is read and written in place, at the addresses of core/layout.ts.
import type { PhysicalMap } from '../memory/physical-map.ts';
import * as layout from './core/layout.ts';
import { CELL_TRANSLATED } from './core/tables.ts';
import { type CoreForTranslator, TABLE_SIZE, Translator, type TranslatorStats } from './jit/translator.ts';

/** What the processor asks of its board. All run on the vCPU's thread; sizes are 1, 2 or 4 bytes, values unsigned. */
export interface SoftwareCpuHost {
  portIn(port: number, size: number): number;
  portOut(port: number, size: number, value: number): void;
  mmioRead(gpa: number, size: number): number;
  mmioWrite(gpa: number, size: number, value: number): void;
  /** Vector of the highest pending interrupt, acknowledged; -1 if none is left. */
  acknowledgeInterrupt(): number;
  /** Ticks of the constant-rate counter since power-on. */
  tscNow(): number;
  /** Board-owned MSR, undefined if unknown. */
  readMsr(index: number): bigint | undefined;
  /** False: unknown or refused. */
  writeMsr(index: number, value: bigint): boolean;
  readTpr(): number;
  writeTpr(value: number): void;
  /** 32 random bits. */
  random(): number;
  /** x87 error with CR0.NE clear: IRQ 13. */
  signalFerr(): void;
  /** VMCALL 0, VMMCALL 1 ...; -1: not known. */
  hypercall(kind: number): number;
  trace?(code: number, a: number, b: number): void;
}

export type RunExit = 'budget' | 'halt' | 'shutdown' | 'requested' | 'init';

const exits: readonly RunExit[] = ['budget', 'halt', 'shutdown', 'requested', 'init'];

interface CoreExports {
  init(): void;
  resetCpu(): void;
  initCpu(): void;
  reloadState(): void;
  run(budget: number): number;
  resume(): number;
  budgetLeft(): number;
  setPhysPages(startPage: number, count: number, hostAddress: number, flags: number): void;
  invalidatePhysical(low: number, high: number, length: number): void;
  flushTranslations(): void;
  translateLinear(low: number, high: number): number;
  eflags(): number;
  setHeat(heat: number): void;
}

const PAGE = 0x1000;

export class SoftwareCpu implements PhysicalMap {
  readonly memory: WebAssembly.Memory;
  readonly view: DataView;
  readonly #core: CoreExports;
  readonly #unwound = new Error('core unwound');
  readonly #pending: Int32Array;
  #translator: Translator | null = null;

  /** `module` is the compiled core; `memory` must be the machine's (shared, large enough for its tables). */
  constructor(
    module: WebAssembly.Module,
    memory: WebAssembly.Memory,
    host: SoftwareCpuHost,
    options: {
      /** Taken branches to a block before it is translated; 0 never, 1 at once. */
      heat?: number;
    } = {},
  ) {
    this.memory = memory;
    this.view = new DataView(memory.buffer);
    this.#pending = new Int32Array(memory.buffer, layout.CPU_PENDING, 1);
    const table = new WebAssembly.Table({ element: 'anyfunc', initial: TABLE_SIZE });
    const instance = new WebAssembly.Instance(module, { env: { ...this.#imports(host), table } });
    this.#core = instance.exports as unknown as CoreExports;
    this.#core.init();
    if (!options.heat) return;
    this.#translator = new Translator(memory, table, instance.exports as unknown as CoreForTranslator);
    this.#core.setHeat(options.heat);
  }

  #imports(host: SoftwareCpuHost): WebAssembly.ModuleImports {
    const view = this.view;
    const unwound = this.#unwound;
    const address = (low: number, high: number): number => (high >>> 0) * 0x1_0000_0000 + (low >>> 0);
    return {
      memory: this.memory,
      portIn: (port: number, size: number) => host.portIn(port & 0xffff, size),
      portOut: (port: number, size: number, value: number) => host.portOut(port & 0xffff, size, value >>> 0),
      mmioRead: (low: number, high: number, size: number) => host.mmioRead(address(low, high), size),
      mmioWrite: (low: number, high: number, size: number, value: number) =>
        host.mmioWrite(address(low, high), size, value >>> 0),
      ackInterrupt: () => host.acknowledgeInterrupt(),
      tscNow: () => host.tscNow(),
      msrRead: (index: number) => {
        const value = host.readMsr(index >>> 0);
        if (value === undefined) return 0;
        view.setBigUint64(layout.CPU_SCRATCH, value, true);
        return 1;
      },
      msrWrite: (index: number, low: number, high: number) =>
        host.writeMsr(index >>> 0, (BigInt(high >>> 0) << 32n) | BigInt(low >>> 0)) ? 1 : 0,
      tprRead: () => host.readTpr(),
      tprWrite: (value: number) => host.writeTpr(value >>> 0),
      random: () => host.random() | 0,
      ferr: () => host.signalFerr(),
      hypercall: (kind: number) => host.hypercall(kind >>> 0),
      trace: (code: number, a: number, b: number) => host.trace?.(code >>> 0, a >>> 0, b >>> 0),
      hot: (entry: number) => this.#translator?.translate(entry >>> 0),
      blockLost: (block: number) => this.#translator?.lose(block >>> 0),
      blocksFlushed: () => this.#translator?.flush(),
      unwind: () => {
        throw unwound;
      },
    };
  }

  /** Runs about `budget` instructions (at most a block more). Exceptions of the host's callbacks pass through. */
  run(budget: number): RunExit {
    const core = this.#core;
    let isResuming = false;
    for (;;) {
      try {
        return exits[isResuming ? core.resume() : core.run(budget)] ?? 'shutdown';
      } catch (error) {
        if (error !== this.#unwound) throw error;
        isResuming = true;
      }
    }
  }

  /** To the state after RESET#. */
  reset(): void {
    this.#core.resetCpu();
  }

  /** INIT: as reset, with x87, SSE and most MSRs kept. */
  initialize(): void {
    this.#core.initCpu();
  }

  /** After the state area was replaced: rebuilds everything derived from it. */
  reloadState(): void {
    this.#core.reloadState();
  }

  /** Sets INTR_* bits; may be called from any thread through the same memory. */
  raise(bits: number): void {
    Atomics.or(this.#pending, 0, bits);
  }

  lower(bits: number): void {
    Atomics.and(this.#pending, 0, ~bits);
  }

  get isHalted(): boolean {
    return this.view.getUint32(layout.CPU_HALTED, true) !== 0;
  }

  setPages(gpa: number, pageCount: number, hostAddress: number, flags: number): void {
    this.#core.setPhysPages(gpa / PAGE, pageCount, hostAddress, flags);
  }

  invalidateCode(gpa: number, lengthBytes: number): void {
    this.#core.invalidatePhysical((gpa % 0x1_0000_0000) | 0, Math.floor(gpa / 0x1_0000_0000), lengthBytes);
  }

  restartDirtyLog(): void {
    this.#core.flushTranslations();
  }

  /** The A20 gate. Address bit 20 is cleared while it is disabled. */
  setA20(isEnabled: boolean): void {
    this.view.setUint32(layout.CPU_A20_MASK, isEnabled ? 0xffffffff : 0xffefffff, true);
    this.#core.flushTranslations();
  }

  /** Guest-physical address behind a linear one, undefined if unmapped. No side effects. */
  translate(linear: bigint): number | undefined {
    const gpa = this.#core.translateLinear(Number(BigInt.asIntN(32, linear)), Number(BigInt.asIntN(32, linear >> 32n)));
    return gpa < 0 ? undefined : gpa;
  }

  /** General register 0..15 in encoding order. */
  register(index: number): bigint {
    return this.view.getBigUint64(layout.CPU_GPR + index * 8, true);
  }

  setRegister(index: number, value: bigint): void {
    this.view.setBigUint64(layout.CPU_GPR + index * 8, value, true);
  }

  get rip(): bigint {
    return this.view.getBigUint64(layout.CPU_RIP, true);
  }

  set rip(value: bigint) {
    this.view.setBigUint64(layout.CPU_RIP, value, true);
  }

  /** EFLAGS with the lazily kept arithmetic flags. */
  get eflags(): number {
    return this.#core.eflags() >>> 0;
  }

  /** Instructions that translated code retired. */
  get translatedCount(): number {
    return Number(this.view.getBigUint64(CELL_TRANSLATED, true));
  }

  get translatorStats(): TranslatorStats | null {
    return this.#translator?.stats ?? null;
  }

  /** Instructions retired since reset. */
  get instructionCount(): number {
    return Number(this.view.getBigUint64(layout.CPU_ICOUNT, true));
  }
}
