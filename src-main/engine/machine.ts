// Builds one machine from its settings: memory, processor, board, devices, firmware. Only wiring; each part explains itself.

import type { MachineSettings } from '../contract/machine.ts';
import type { BlockBackend, RemovableBackend } from '../core/backends/block.ts';
import type { CharBackend } from '../core/backends/char.ts';
import type { DisplaySource } from '../core/backends/display.ts';
import type { EntropyBackend } from '../core/backends/entropy.ts';
import type { KeyEvent, PointerEventAbsolute, PointerEventRelative } from '../core/backends/input.ts';
import { OspiteError } from '../core/errors.ts';
import type { Logger } from '../core/logger.ts';
import type { Device } from './bus/device.ts';
import { GuestClock } from './bus/guest-clock.ts';
import { type Board, createBoard } from './chipset/board.ts';
import { CPU_TSC_OFFSET, INTR_EXIT, INTR_INIT, INTR_INTR, INTR_NMI } from './cpu/core/layout.ts';
import { buildCpuid, type CpuModelName, cpuModelNames, writeCpuid } from './cpu/cpuid-model.ts';
import { HEAT } from './cpu/jit/translator.ts';
import { KvmClock } from './cpu/kvm-clock.ts';
import { SoftwareCpu } from './cpu/software-cpu.ts';
import { KeyFeeder } from './key-feeder.ts';
import { buildDevices } from './machine-devices.ts';
import { MachineFirmware } from './machine-firmware.ts';
import type { LoopMachine, SliceEnd } from './machine-loop.ts';
import type { BootFiles } from './machine-media.ts';
import { planDevices } from './machine-plan.ts';
import { createEngineMemory } from './memory/physical-map.ts';

export interface MachineOptions {
  settings: MachineSettings;
  core: WebAssembly.Module;
  /** Hot guest code becomes WebAssembly of its own. */
  isTranslating: boolean;
  /** What the firmware's tables call the machine. */
  uuid: string;
  /** The program's version, for the banner. */
  version: string;
  files: BootFiles;
  /** By index of the settings' storage list. */
  disk(attachment: number): BlockBackend | null;
  drive(attachment: number): RemovableBackend | null;
  serialLine(port: number): CharBackend | null;
  entropy: EntropyBackend;
  /** Monotonic host nanoseconds. */
  nowNs(): number;
  wallMs(): number;
  log: Logger;
  onActivity(device: string, kind: 'read' | 'write'): void;
  /** A halted processor may have work again. */
  onWake(): void;
  onPowerOff(): void;
  /** `where` is the linear address of the last instruction. */
  onTripleFault(where: string): void;
  /** The guest asked for a reset; called between slices. */
  onResetRequest(): void;
  onLeds(leds: number): void;
}

/** Guest time-stamp counter: one tick a nanosecond, so that guest time and counter convert without rounding. */
const TSC_HZ = 1_000_000_000;
const MIB = 1_048_576;

export class Machine implements LoopMachine {
  readonly display: DisplaySource | null;
  readonly #options: MachineOptions;
  readonly #clock: GuestClock;
  readonly #cpu: SoftwareCpu;
  readonly #board: Board;
  readonly #kvmClock: KvmClock;
  readonly #keys: KeyFeeder;
  readonly #devices: readonly Device[];
  readonly #firmware: MachineFirmware;
  #wantsReset = false;
  #firmwareCall = false;
  #isResetDeferred = false;
  #isPoweredOff = false;
  #exits = 0;
  #interrupts = 0;

  /** @throws {OspiteError} for settings, kernels or firmware that cannot work */
  static async create(options: MachineOptions): Promise<Machine> {
    const machine = new Machine(options);
    machine.#firmware.powerOn();
    return machine;
  }

  private constructor(options: MachineOptions) {
    const { settings, log } = options;
    this.#options = options;
    const ramBytes = settings.memoryMib * MIB;
    const memory = createEngineMemory(ramBytes);
    const plan = planDevices(settings);
    this.#clock = new GuestClock(options.nowNs, options.wallMs);
    const cpuid = buildCpuid({
      model: cpuModel(settings.cpuModel),
      vcpuCount: settings.cpus,
      tscHz: TSC_HZ,
      hasKvmClock: true,
      enable: ['tsc_deadline_timer'],
    });
    writeCpuid(memory.buffer, cpuid, 0);
    this.#cpu = new SoftwareCpu(options.core, memory, this.#cpuHost(), {
      heat: options.isTranslating ? HEAT : 0,
    });
    this.#board = createBoard({
      memory,
      ramBytes,
      map: this.#cpu,
      clock: this.#clock,
      log,
      power: {
        powerOff: () => this.#powerOff(),
        reset: () => this.#requestReset(),
        setA20: (isEnabled) => this.#cpu.setA20(isEnabled),
      },
      cpus: [this.#cpuHooks()],
      tscHz: TSC_HZ,
      rtcBase: settings.rtc,
      ...(settings.pointingDevice === 'vmmouse' ? { vmwareMouse: this.#portRegisters() } : {}),
      onActivity: options.onActivity,
    });
    this.#kvmClock = new KvmClock({
      clock: this.#clock,
      dma: this.#board.memory.dma,
      tscHz: TSC_HZ,
      readTsc: () => BigInt(this.#readTsc()),
    });
    // A timer armed for earlier than the slice's end must not wait for it.
    this.#clock.onEarlier = () => {
      this.#cpu.raise(INTR_EXIT);
      options.onWake();
    };
    const built = buildDevices(plan, this.#board, { ...options, vgaBios: options.files.vgaBios });
    this.#devices = built.devices;
    this.display = built.display;
    this.#keys = new KeyFeeder(this.#board.keyboard, this.#clock);
    this.#board.keyboard.onLeds(options.onLeds);
    this.#firmware = new MachineFirmware({
      settings,
      files: options.files,
      plan,
      board: this.#board,
      cpu: this.#cpu,
      cpuid,
      clock: this.#clock,
      log,
      uuid: parseUuid(options.uuid),
      version: options.version,
      disk: options.disk,
      drive: options.drive,
    });
    this.#cpu.reset();
  }

  runTimers(): number | null {
    this.#clock.runDue();
    const next = this.#clock.nextDeadlineNs();
    return next === null ? null : Math.max(0, next - this.#clock.now());
  }

  runSlice(budget: number): SliceEnd {
    if (this.#isPoweredOff) return 'ended';
    this.#firmware.commit();
    const exit = this.#cpu.run(budget);
    this.#exits++;
    if (this.#isPoweredOff) return 'ended';
    if (this.#wantsReset) {
      this.#wantsReset = false;
      this.#options.onResetRequest();
      return 'busy';
    }
    switch (exit) {
      case 'halt':
        return 'halted';
      case 'shutdown':
        this.#isPoweredOff = true;
        this.#options.onTripleFault(`0x${this.#cpu.rip.toString(16)}`);
        return 'ended';
      case 'init':
        this.#cpu.lower(INTR_INIT);
        this.#cpu.initialize();
        return 'busy';
      default:
        return this.#serveFirmware();
    }
  }

  instructions(): number {
    return this.#cpu.instructionCount;
  }

  startClock(): void {
    this.#clock.start();
  }

  stopClock(): void {
    this.#clock.pause();
  }

  /** The reset button. A firmware call under way ends first: it would write into the machine that has just been reset. */
  reset(): void {
    if (this.#firmwareCall) this.#isResetDeferred = true;
    else this.#resetNow();
  }

  #serveFirmware(): SliceEnd {
    const call = this.#firmware.serve();
    if (!call) return 'busy';
    this.#firmwareCall = true;
    return call.finally(() => {
      this.#firmwareCall = false;
      if (!this.#isResetDeferred) return;
      this.#isResetDeferred = false;
      this.#resetNow();
    });
  }

  #resetNow(): void {
    this.#board.reset();
    this.#kvmClock.reset();
    this.#keys.clear();
    for (const device of this.#devices) device.reset();
    this.#cpu.lower(-1);
    this.#cpu.reset();
    this.#firmware.powerOn();
    this.#options.onWake();
  }

  powerButton(): void {
    this.#board.pm.pressPowerButton();
  }

  key(event: KeyEvent): void {
    this.#keys.push(event);
  }

  pointer(event: PointerEventRelative): void {
    this.#board.mouse.move(event);
  }

  pointerAbsolute(event: PointerEventAbsolute): void {
    this.#board.vmwareMouse?.move(event);
  }

  pointerMode(): { isEnabled: boolean; isAbsolute: boolean } {
    const isEnabled = this.#board.mouse.isEnabled();
    return { isEnabled, isAbsolute: isEnabled && (this.#board.vmwareMouse?.isAbsolute ?? false) };
  }

  stats(): {
    instructions: number;
    exits: number;
    interrupts: number;
    translatedBlocks: number;
    translatedInstructions: number;
    guestTimeNs: number;
    ramBytes: number;
    hearsPowerButton: boolean;
    core: Record<string, number>;
  } {
    return {
      instructions: this.instructions(),
      exits: this.#exits,
      interrupts: this.#interrupts,
      translatedBlocks: this.#cpu.translatorStats?.regions ?? 0,
      translatedInstructions: this.#cpu.translatedCount,
      guestTimeNs: this.#clock.now(),
      ramBytes: this.#board.memory.ramBytes,
      hearsPowerButton: this.#board.pm.hearsPowerButton(),
      core: { ...this.#cpu.translatorStats },
    };
  }

  /** Resolves once no device has a request under way. */
  async quiesce(): Promise<void> {
    for (const device of this.#devices) await device.quiesce?.();
  }

  /** What devices still hold for the host goes out: a serial port gathers bytes before it sends them. */
  dispose(): void {
    for (const device of this.#devices) device.dispose?.();
  }

  #powerOff(): void {
    this.#isPoweredOff = true;
    this.#cpu.raise(INTR_EXIT);
    this.#options.onPowerOff();
  }

  #requestReset(): void {
    this.#wantsReset = true;
    this.#cpu.raise(INTR_EXIT);
  }

  #cpuHost() {
    return {
      portIn: (port: number, size: number) => this.#board.ports.read(port, size),
      portOut: (port: number, size: number, value: number) => this.#board.ports.write(port, size, value),
      mmioRead: (gpa: number, size: number) => this.#board.mmio.read(gpa, size),
      mmioWrite: (gpa: number, size: number, value: number) => this.#board.mmio.write(gpa, size, value),
      acknowledgeInterrupt: () => {
        this.#interrupts++;
        return this.#board.ack(0);
      },
      tscNow: () => this.#tscNow(),
      readMsr: (index: number) => {
        const value = this.#board.readMsr(0, index);
        return value === null ? this.#kvmClock.readMsr(index) : (BigInt(value.high) << 32n) | BigInt(value.low);
      },
      writeMsr: (index: number, value: bigint) =>
        this.#board.writeMsr(0, index, Number(value & 0xffffffffn), Number(value >> 32n)) ||
        this.#kvmClock.writeMsr(index, value),
      readTpr: () => this.#board.lapics[0]!.taskPriorityClass,
      writeTpr: (value: number) => {
        this.#board.lapics[0]!.taskPriorityClass = value;
      },
      random: () => {
        const word = new Uint8Array(4);
        this.#options.entropy.fill(word);
        return new DataView(word.buffer).getUint32(0, true);
      },
      signalFerr: () => this.#board.ferr(),
      hypercall: () => -1,
    };
  }

  #portRegisters() {
    return {
      get: (index: number) => Number(this.#cpu.register(index) & 0xffffffffn),
      set: (index: number, value: number) => this.#cpu.setRegister(index, BigInt(value)),
    };
  }

  #cpuHooks() {
    return {
      intr: (isAsserted: boolean) => {
        if (!isAsserted) return this.#cpu.lower(INTR_INTR);
        this.#cpu.raise(INTR_INTR);
        this.#options.onWake();
      },
      nmi: () => {
        this.#cpu.raise(INTR_NMI);
        this.#options.onWake();
      },
      smi: () => {}, // No system management mode: firmware of ours needs none, and guests cannot tell.
      init: () => this.#cpu.raise(INTR_INIT),
      startup: () => {}, // The boot processor ignores start-up messages; there are no others yet.
      readTsc: () => this.#readTsc(),
    };
  }

  /** The machine's counter, before the guest's own offset. */
  #tscNow(): number {
    return Math.floor((this.#clock.now() * TSC_HZ) / 1e9);
  }

  #readTsc(): number {
    return this.#tscNow() + Number(BigInt.asIntN(64, this.#cpu.view.getBigUint64(CPU_TSC_OFFSET, true)));
  }
}

function parseUuid(text: string): Uint8Array {
  const hex = text.replaceAll('-', '');
  return Uint8Array.from({ length: 16 }, (_, index) => Number.parseInt(hex.slice(index * 2, index * 2 + 2), 16));
}

/** @throws {OspiteError} config.invalid */
function cpuModel(name: string): CpuModelName {
  const known = cpuModelNames.find((candidate) => candidate === name);
  if (known === undefined)
    throw new OspiteError(
      'config.invalid',
      `There is no processor model "${name}"; choose one of ${cpuModelNames.join(', ')}`,
    );
  return known;
}
