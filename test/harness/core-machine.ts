// The real processor core on the real board with devices, in virtual time: one nanosecond per instruction, halts skip to the next
// timer. For tests that run guest code to a visible result. Needs the built core (npm run build:core).
import { existsSync, readFileSync } from 'node:fs';
import type { Device } from '../../src-main/engine/bus/device.ts';
import { GuestClock } from '../../src-main/engine/bus/guest-clock.ts';
import { type Board, createBoard } from '../../src-main/engine/chipset/board.ts';
import { INTR_INIT, INTR_INTR, INTR_NMI } from '../../src-main/engine/cpu/core/layout.ts';
import { buildCpuid, defaultCpuModel, writeCpuid } from '../../src-main/engine/cpu/cpuid-model.ts';
import { SoftwareCpu } from '../../src-main/engine/cpu/software-cpu.ts';
import { createEngineMemory } from '../../src-main/engine/memory/physical-map.ts';
import { RecordingLogger } from './device-bench.ts';

const CORE = new URL('../../dist/core.wasm', import.meta.url);
const SLICE = 20_000;

export const isCoreBuilt: boolean = existsSync(CORE);

export class CoreMachine {
  readonly cpu: SoftwareCpu;
  readonly board: Board;
  readonly clock: GuestClock;
  readonly log = new RecordingLogger();
  readonly devices: Device[] = [];
  resets = 0;
  isPoweredOff = false;
  isShutDown = false;
  #skippedNs = 0;
  #wantsReset = false;

  constructor(options: { ramBytes: number; cmos?: Iterable<readonly [number, number]> }) {
    const memory = createEngineMemory(options.ramBytes);
    const cpuid = buildCpuid({ model: defaultCpuModel, vcpuCount: 1, tscHz: 1e9 });
    writeCpuid(memory.buffer, cpuid, 0);
    this.clock = new GuestClock(
      () => this.#timeNs(),
      () => Date.UTC(2024, 0, 1) + this.#timeNs() / 1e6,
    );
    const board = (): Board => this.board;
    this.cpu = new SoftwareCpu(new WebAssembly.Module(readFileSync(CORE)), memory, {
      portIn: (port, size) => board().ports.read(port, size),
      portOut: (port, size, value) => board().ports.write(port, size, value),
      mmioRead: (gpa, size) => board().mmio.read(gpa, size),
      mmioWrite: (gpa, size, value) => board().mmio.write(gpa, size, value),
      acknowledgeInterrupt: () => board().ack(0),
      tscNow: () => Math.floor(this.clock.now()),
      readMsr: (index) => {
        const value = board().readMsr(0, index);
        return value === null ? undefined : (BigInt(value.high) << 32n) | BigInt(value.low);
      },
      writeMsr: (index, value) => board().writeMsr(0, index, Number(value & 0xffffffffn), Number(value >> 32n)),
      readTpr: () => board().lapics[0]!.taskPriorityClass,
      writeTpr: (value) => {
        board().lapics[0]!.taskPriorityClass = value;
      },
      random: () => 4,
      signalFerr: () => board().ferr(),
      hypercall: () => -1,
    });
    this.board = createBoard({
      memory,
      ramBytes: options.ramBytes,
      map: this.cpu,
      clock: this.clock,
      log: this.log,
      power: {
        powerOff: () => {
          this.isPoweredOff = true;
        },
        reset: () => {
          this.#wantsReset = true;
        },
        setA20: (isEnabled) => this.cpu.setA20(isEnabled),
      },
      cpus: [
        {
          intr: (isAsserted) => (isAsserted ? this.cpu.raise(INTR_INTR) : this.cpu.lower(INTR_INTR)),
          nmi: () => this.cpu.raise(INTR_NMI),
          smi() {},
          init: () => this.cpu.raise(INTR_INIT),
          startup() {},
          readTsc: () => this.clock.now(),
        },
      ],
      tscHz: 1e9,
      rtcBase: 'utc',
      ...(options.cmos ? { cmos: options.cmos } : {}),
    });
    this.cpu.reset();
    this.clock.start();
  }

  /** Runs until `isDone`, checked between slices, or until `maxNs` of guest time went by; true if done. */
  async run(isDone: () => boolean, maxNs: number): Promise<boolean> {
    const end = this.clock.now() + maxNs;
    while (!isDone()) {
      if (this.clock.now() >= end || this.isPoweredOff || this.isShutDown) return isDone();
      this.clock.runDue();
      const exit = this.cpu.run(SLICE);
      if (exit === 'shutdown') this.isShutDown = true;
      if (this.#wantsReset) this.#reset();
      else if (exit === 'halt') await this.#sleep();
      else if (exit === 'init') {
        this.cpu.lower(INTR_INIT);
        this.cpu.initialize();
      }
      await Promise.resolve();
    }
    return true;
  }

  /** Guest output on the debug console, one entry per line. */
  get firmwareLog(): string[] {
    return this.log.lines.map(({ message }) => message).filter((line) => line.startsWith('firmware: '));
  }

  #timeNs(): number {
    return (this.cpu?.instructionCount ?? 0) + this.#skippedNs;
  }

  async #sleep(): Promise<void> {
    for (const device of this.devices) await device.quiesce?.();
    const next = this.clock.nextDeadlineNs();
    this.#skippedNs += next === null ? 1_000_000 : Math.max(0, next - this.clock.now());
  }

  #reset(): void {
    this.#wantsReset = false;
    this.resets++;
    this.#skippedNs += this.cpu.instructionCount;
    this.board.reset();
    for (const device of this.devices) device.reset();
    this.cpu.lower(-1);
    this.cpu.reset();
    this.#skippedNs -= this.cpu.instructionCount;
  }
}
