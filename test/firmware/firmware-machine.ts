// A whole machine for firmware tests: the real processor core, board, display and disk controllers, media in memory, and
// guest time that follows the instruction count, so that runs repeat exactly.
import { readFileSync } from 'node:fs';
import type { BlockBackend, RemovableBackend } from '../../src-main/core/backends/block.ts';
import { silentLogger } from '../../src-main/core/logger.ts';
import { GuestClock } from '../../src-main/engine/bus/guest-clock.ts';
import { type Board, createBoard } from '../../src-main/engine/chipset/board.ts';
import { CPU_TSC_OFFSET, INTR_EXIT, INTR_INTR, INTR_NMI } from '../../src-main/engine/cpu/core/layout.ts';
import { buildCpuid, type CpuModelName, writeCpuid } from '../../src-main/engine/cpu/cpuid-model.ts';
import { SoftwareFirmwareCpu } from '../../src-main/engine/cpu/firmware-access.ts';
import { SoftwareCpu } from '../../src-main/engine/cpu/software-cpu.ts';
import { deviceModules } from '../../src-main/engine/devices/registry.ts';
import type { Vga } from '../../src-main/engine/devices/vga/vga.ts';
import { cmosContents } from '../../src-main/engine/firmware/cmos.ts';
import { withDisplayWindow } from '../../src-main/engine/firmware/display-window-memory.ts';
import { Firmware, type FirmwareOptions } from '../../src-main/engine/firmware/firmware.ts';
import { realModeEntry, realSegment } from '../../src-main/engine/firmware/firmware-cpu.ts';
import { buildFwCfg } from '../../src-main/engine/firmware/fw-cfg-files.ts';
import { TRAP_PORT } from '../../src-main/engine/firmware/services.ts';
import { createEngineMemory } from '../../src-main/engine/memory/physical-map.ts';

export interface FirmwareMachineOptions
  extends Partial<Pick<FirmwareOptions, 'drives' | 'bootOrder' | 'directBoot' | 'optionRoms' | 'bootPromptMs'>> {
  memoryMib?: number;
  /** Backends by IDE slot ("0:0" ...) and floppy slot. */
  ide?: Record<string, { block?: BlockBackend; removable?: RemovableBackend }>;
  cpuModel?: CpuModelName;
  /** A BIOS or UEFI image made for QEMU, instead of the embedded BIOS, and ROM files for it; without any, our VGA BIOS. */
  image?: { code: Uint8Array; vars?: Uint8Array; roms: { name: string; bytes: Uint8Array }[] };
}

const CALL_ADDRESS = 0x1000;
const names = ['eax', 'ecx', 'edx', 'ebx', 'esp', 'ebp', 'esi', 'edi'];

export interface Registers {
  eax?: number;
  ebx?: number;
  ecx?: number;
  edx?: number;
  esi?: number;
  edi?: number;
  ebp?: number;
  es?: number;
  ds?: number;
}

/** Nanoseconds of guest time an instruction takes. */
const NS_PER_INSTRUCTION = 4;

export function memoryMedium(
  bytes: Uint8Array,
  blockSize = 512,
  isReadOnly = false,
): BlockBackend & { bytes: Uint8Array } {
  return {
    bytes,
    capacityBytes: bytes.length,
    blockSize,
    isReadOnly,
    async read(offset, target) {
      target.set(bytes.subarray(offset, offset + target.length));
    },
    async write(offset, source) {
      bytes.set(source, offset);
    },
    async flush() {},
  };
}

export function removableDrive(
  initial: BlockBackend | null,
): RemovableBackend & { insert(medium: BlockBackend | null): void } {
  let medium = initial;
  let changes = 0;
  return {
    medium: () => medium,
    changeCount: () => changes,
    eject() {
      medium = null;
      changes++;
      return true;
    },
    setLocked() {},
    insert(next) {
      medium = next;
      changes++;
    },
  };
}

export class FirmwareMachine {
  readonly cpu: SoftwareCpu;
  readonly board: Board;
  readonly clock: GuestClock;
  readonly firmware: Firmware;
  readonly vga: Vga;
  readonly memory: ReturnType<typeof withDisplayWindow>;
  /** Bytes written to COM1 and to the debug port 0xe9. */
  serial = '';
  /** The board's log: debug-port lines of foreign firmware. */
  readonly messages: string[] = [];
  isPoweredOff = false;
  hasShutDown = false;
  resets = 0;
  readonly firmwareCpu: SoftwareFirmwareCpu;
  private idleNs = 0;
  private service: number | null = null;

  constructor(options: FirmwareMachineOptions = {}) {
    const ramBytes = (options.memoryMib ?? 32) * 0x100000;
    const memory = createEngineMemory(ramBytes);
    this.clock = new GuestClock(
      () => (this.cpu === undefined ? 0 : this.cpu.instructionCount * NS_PER_INSTRUCTION) + this.idleNs,
      () => Date.UTC(2026, 10, 20, 12, 34, 56),
    );
    const cpuid = buildCpuid({ model: options.cpuModel ?? 'ospite-v2', vcpuCount: 1, tscHz: 1e9 });
    writeCpuid(memory.buffer, cpuid, 0);
    const module = new WebAssembly.Module(readFileSync(new URL('../../dist/core.wasm', import.meta.url)));
    this.cpu = new SoftwareCpu(module, memory, {
      portIn: (port, size) => this.board.ports.read(port, size),
      portOut: (port, size, value) => this.portOut(port, size, value),
      mmioRead: (gpa, size) => this.board.mmio.read(gpa, size),
      mmioWrite: (gpa, size, value) => this.board.mmio.write(gpa, size, value),
      acknowledgeInterrupt: () => this.board.ack(0),
      tscNow: () => Math.floor(this.clock.now()),
      readMsr: (index) => {
        const value = this.board.readMsr(0, index);
        return value === null ? undefined : (BigInt(value.high) << 32n) | BigInt(value.low);
      },
      writeMsr: (index, value) => this.board.writeMsr(0, index, Number(value & 0xffffffffn), Number(value >> 32n)),
      readTpr: () => this.board.lapics[0]!.taskPriorityClass,
      writeTpr: (value) => {
        this.board.lapics[0]!.taskPriorityClass = value;
      },
      random: () => 4,
      signalFerr: () => this.board.ferr(),
      hypercall: () => -1,
    });
    this.board = createBoard({
      memory,
      ramBytes,
      map: this.cpu,
      clock: this.clock,
      log: {
        log: (_level, message) => this.messages.push(message),
        limited: (_key, _level, message) => this.messages.push(message),
      },
      power: {
        powerOff: () => {
          this.isPoweredOff = true;
          this.cpu.raise(INTR_EXIT);
        },
        reset: () => {
          this.resets++;
          this.cpu.raise(INTR_EXIT);
        },
        setA20: (isEnabled) => this.cpu.setA20(isEnabled),
      },
      cpus: [
        {
          intr: (isAsserted: boolean) => (isAsserted ? this.cpu.raise(INTR_INTR) : this.cpu.lower(INTR_INTR)),
          nmi: () => this.cpu.raise(INTR_NMI),
          smi: () => {},
          init: () => {},
          startup: () => {},
          readTsc: () => Math.floor(this.clock.now()) + Number(this.cpu.view.getBigInt64(CPU_TSC_OFFSET, true)),
        },
      ],
      tscHz: 1e9,
      rtcBase: 'utc',
    });
    const host = { id: '', entropy: { fill: () => {} }, block: () => null, removable: () => null, char: () => null };
    const module_ = deviceModules.vga;
    this.vga = module_.create({ kind: 'vga', videoMemoryMiB: 16 }, this.board.contextFor('vga0'), {
      ...host,
      id: 'vga0',
    }) as Vga;
    deviceModules.ide.create({ kind: 'ide' }, this.board.contextFor('ide0'), {
      ...host,
      id: 'ide0',
      block: (slot: string) => options.ide?.[slot]?.block ?? null,
      removable: (slot: string) => options.ide?.[slot]?.removable ?? null,
    });
    deviceModules.serial.create({ kind: 'serial', port: 1 }, this.board.contextFor('serial0'), {
      ...host,
      id: 'serial0',
      char: () => ({
        send: (bytes: Uint8Array) => {
          this.serial += String.fromCharCode(...bytes);
          return true;
        },
        onReceive() {},
        onDrain() {},
      }),
    });
    this.memory = withDisplayWindow(this.board.memory.dma, this.board.mmio);
    this.firmwareCpu = new SoftwareFirmwareCpu(this.cpu);
    this.firmware = new Firmware({
      machine: {
        lowMemoryBytes: this.board.memory.lowRamBytes,
        highMemoryBytes: this.board.memory.highRamBytes,
        vcpuCount: 1,
        hasLongMode: true,
        hasHpet: true,
        hasIoApic: true,
        serialPorts: [{ ioPort: 0x3f8, irq: 4 }],
        parallelPorts: [],
        floppyDrives: (options.drives ?? []).filter((drive) => drive.kind === 'floppy').length,
        isaBridgeSlot: 1,
        uuid: new Uint8Array(16),
        productName: 'Test',
        serialNumber: '1',
        version: 'test',
      },
      cpu: this.firmwareCpu,
      memory: this.memory,
      ports: this.board.ports,
      clock: this.clock,
      log: silentLogger,
      cpuSignature: { eax: cpuid.signature, edx: 0 },
      drives: options.drives ?? [],
      bootOrder: options.bootOrder ?? ['floppy', 'disk', 'cdrom', 'net'],
      directBoot: options.directBoot ?? null,
      optionRoms: options.optionRoms ?? [],
      bootPromptMs: options.bootPromptMs ?? 0,
    });
    if (options.image !== undefined) {
      const { code, vars, roms } = options.image;
      const contents = buildFwCfg(this.firmware.machine, {
        bootPaths: [],
        hasBootMenu: false,
        bootPromptMs: 0,
        directBoot: options.directBoot ?? null,
        roms: roms.length > 0 ? roms : [{ name: 'vgaroms/ospite.rom', bytes: this.firmware.videoRom }],
      });
      for (const [key, bytes] of contents.items) this.board.fwCfg.setItem(key, bytes);
      for (const file of contents.files) this.board.fwCfg.addFile(file.name, file.bytes);
      for (const [index, value] of cmosContents(this.firmware.machine)) this.board.rtc.setCmos(index, value);
      this.board.placeFirmware(vars === undefined ? { code } : { code, vars });
    }
    for (const rom of options.image === undefined ? this.firmware.roms : []) {
      const block = this.board.memory.allocateMemory(rom.bytes.length, 'BIOS');
      block.bytes.set(rom.bytes);
      block.mapAt(rom.gpa, { writable: false, logDirty: false });
    }
    this.cpu.reset();
    this.clock.start();
  }

  private portOut(port: number, size: number, value: number): void {
    if (port === TRAP_PORT && size === 2) {
      this.service = value & 0xffff;
      this.cpu.raise(INTR_EXIT);
      return;
    }
    if (port === 0xe9) this.serial += String.fromCharCode(value & 0xff);
    this.board.ports.write(port, size, value);
  }

  /** Runs POST up to the boot loop. */
  async powerOn(): Promise<void> {
    await this.run(() => this.text().some((line) => line.includes('Press any key')), 5_000_000);
  }

  /** Executes `int vector` in real mode with these registers and returns what it leaves. */
  async call(
    vector: number,
    registers: Registers = {},
  ): Promise<Required<Registers> & { carry: boolean; zero: boolean }> {
    const { firmwareCpu: cpu, memory } = this;
    memory.write(CALL_ADDRESS, Uint8Array.of(0xcd, vector, 0xfa, 0xf4));
    const entry = realModeEntry({ codeSegment: 0, ip: CALL_ADDRESS, dataSegment: 0, sp: 0x6000, flags: 0x202 });
    names.forEach((name, index) => {
      if (index !== 4) entry.gpr[index] = registers[name as keyof Registers] ?? 0;
    });
    entry.segments.es = realSegment(registers.es ?? 0);
    entry.segments.ds = realSegment(registers.ds ?? 0);
    cpu.applyState(entry);
    const isDone = (): boolean =>
      this.cpu.isHalted && cpu.readSegment('cs').base === 0 && cpu.readIp() === CALL_ADDRESS + 4;
    if (!(await this.run(isDone, 20_000_000))) throw new Error(`INT ${vector.toString(16)}h did not return`);
    const result = Object.fromEntries(names.map((name, index) => [name, cpu.readGpr(index)]));
    const flags = cpu.readFlags();
    return {
      ...(result as unknown as Required<Registers>),
      es: cpu.readSegment('es').selector,
      ds: cpu.readSegment('ds').selector,
      carry: (flags & 1) !== 0,
      zero: (flags & 0x40) !== 0,
    };
  }

  /** Runs until `until` says so, the guest has no more to do, or about `limit` instructions or `limitSeconds` of guest time have passed. */
  async run(until: () => boolean, limit = 50_000_000, limitSeconds = 60): Promise<boolean> {
    const end = this.cpu.instructionCount + limit;
    const endNs = this.clock.now() + limitSeconds * 1e9;
    while (this.cpu.instructionCount < end && this.clock.now() < endNs) {
      if (this.isPoweredOff || this.hasShutDown || until()) break;
      this.clock.runDue();
      this.firmwareCpu.commit();
      const exit = this.cpu.run(20_000);
      if (exit === 'shutdown') this.hasShutDown = true;
      if (this.service !== null) await this.serve(this.service);
      // Media answer in microtasks: disk controllers would wait for ever without this.
      await null;
      if (exit === 'halt' && this.service === null && (until() || !this.skipToNextTimer())) break;
    }
    return until();
  }

  private async serve(service: number): Promise<void> {
    this.service = null;
    let isDone = false;
    const work = this.firmware.handle(service);
    if (work === undefined) return;
    const done = work.then(() => {
      isDone = true;
    });
    for (let turns = 0; !isDone && turns < 100_000; turns++) {
      await new Promise((resolve) => setImmediate(resolve));
      if (!isDone) this.skipToNextTimer();
      this.clock.runDue();
    }
    await done;
  }

  private skipToNextTimer(): boolean {
    const next = this.clock.nextDeadlineNs();
    if (next === null) return false;
    this.idleNs += Math.max(next - this.clock.now(), 1);
    this.clock.runDue();
    return true;
  }

  /** The text screen's lines, trailing blanks cut. */
  text(): string[] {
    const screen = this.vga.display.text();
    if (screen === null) return [];
    return Array.from({ length: screen.rows }, (_, row) => {
      let line = '';
      for (let column = 0; column < screen.columns; column++) {
        line += String.fromCharCode(screen.cells[(row * screen.columns + column) * 2]! || 32);
      }
      return line.trimEnd();
    });
  }

  press(code: string): void {
    this.board.keyboard.key({ code, isDown: true });
    this.board.keyboard.key({ code, isDown: false });
  }
}
