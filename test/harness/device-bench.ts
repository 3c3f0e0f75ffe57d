// A bench to put one device on: real port and MMIO buses, a fake clock, plain DMA memory, recorded interrupts, and PCI functions
// whose BARs and configuration the test drives directly. Nothing here knows the CPU or a chipset.
import type { EntropyBackend } from '../../src-main/core/backends/entropy.ts';
import type { Logger, LogLevel } from '../../src-main/core/logger.ts';
import type {
  DeviceContext,
  DeviceMemory,
  DmaAccess,
  IrqLine,
  IsaDmaChannel,
} from '../../src-main/engine/bus/device.ts';
import { MmioBus } from '../../src-main/engine/bus/mmio-bus.ts';
import { PortBus } from '../../src-main/engine/bus/port-bus.ts';
import type { DeviceHost } from '../../src-main/engine/devices/device-module.ts';
import { FakeClock } from './fake-clock.ts';
import { FakePciBus } from './fake-pci.ts';

/** One wire as a test sees it: its level now and how often it rose. */
export class RecordedLine implements IrqLine {
  isAsserted = false;
  rises = 0;

  set(isAsserted: boolean): void {
    if (isAsserted && !this.isAsserted) this.rises++;
    this.isAsserted = isAsserted;
  }
}

/** Hands out lines by number and remembers them. */
export class IrqRecorder {
  readonly #lines = new Map<number, RecordedLine>();

  line(index: number): RecordedLine {
    let line = this.#lines.get(index);
    if (!line) {
      line = new RecordedLine();
      this.#lines.set(index, line);
    }
    return line;
  }
}

/** Guest memory from address 0; beyond its end reads give 0xff bytes and writes vanish, as the contract says. */
export class DmaRam implements DmaAccess {
  readonly bytes: Uint8Array;
  readonly #view: DataView;

  constructor(lengthBytes: number) {
    this.bytes = new Uint8Array(lengthBytes);
    this.#view = new DataView(this.bytes.buffer);
  }

  read(gpa: number, target: Uint8Array): void {
    target.fill(0xff);
    if (this.#holds(gpa, 0)) target.set(this.bytes.subarray(gpa, gpa + target.length));
  }

  write(gpa: number, source: Uint8Array): void {
    if (this.#holds(gpa, 0)) this.bytes.set(source.subarray(0, this.bytes.length - gpa), gpa);
  }

  readU8(gpa: number): number {
    return this.#holds(gpa, 1) ? this.#view.getUint8(gpa) : 0xff;
  }
  readU16(gpa: number): number {
    return this.#holds(gpa, 2) ? this.#view.getUint16(gpa, true) : 0xffff;
  }
  readU32(gpa: number): number {
    return this.#holds(gpa, 4) ? this.#view.getUint32(gpa, true) : 0xffffffff;
  }
  readU64(gpa: number): bigint {
    return this.#holds(gpa, 8) ? this.#view.getBigUint64(gpa, true) : 0xffffffffffffffffn;
  }
  writeU8(gpa: number, value: number): void {
    if (this.#holds(gpa, 1)) this.#view.setUint8(gpa, value);
  }
  writeU16(gpa: number, value: number): void {
    if (this.#holds(gpa, 2)) this.#view.setUint16(gpa, value, true);
  }
  writeU32(gpa: number, value: number): void {
    if (this.#holds(gpa, 4)) this.#view.setUint32(gpa, value, true);
  }
  writeU64(gpa: number, value: bigint): void {
    if (this.#holds(gpa, 8)) this.#view.setBigUint64(gpa, value, true);
  }

  #holds(gpa: number, size: number): boolean {
    return gpa >= 0 && gpa + size <= this.bytes.length;
  }
}

/** Device memory outside any address space: remembers where it was mapped; the test marks pages dirty with `touch`. */
export class BenchMemory implements DeviceMemory {
  readonly bytes: Uint8Array;
  readonly label: string;
  mappedAt: number | null = null;
  isWritable = false;
  isLogged = false;
  readonly #dirtyPages = new Set<number>();

  constructor(lengthBytes: number, label: string) {
    this.bytes = new Uint8Array(lengthBytes);
    this.label = label;
  }

  mapAt(gpa: number | null, options: { writable: boolean; logDirty: boolean }): void {
    this.mappedAt = gpa;
    this.isWritable = options.writable;
    this.isLogged = options.logDirty;
  }

  /** Marks the page holding byte `offset` as written by the guest. */
  touch(offset: number): void {
    this.#dirtyPages.add(offset >>> 12);
  }

  harvestDirty(visit: (startByte: number, endByte: number) => void): void {
    const pages = [...this.#dirtyPages].sort((a, b) => a - b);
    this.#dirtyPages.clear();
    for (let i = 0; i < pages.length; ) {
      let end = i + 1;
      while (end < pages.length && pages[end] === pages[end - 1]! + 1) end++;
      visit(pages[i]! * 4096, Math.min((pages[end - 1]! + 1) * 4096, this.bytes.length));
      i = end;
    }
  }
}

/** An ISA DMA channel at a fixed place in the bench's RAM, as if the guest had programmed `address` and `remaining` bytes. */
export class BenchDmaChannel implements IsaDmaChannel {
  readonly #ram: DmaRam;
  address = 0;
  remaining = 0;
  isTerminalCount = false;

  constructor(ram: DmaRam) {
    this.#ram = ram;
  }

  toMemory(source: Uint8Array): number {
    const count = this.#take(source.length);
    this.#ram.write(this.address - count, source.subarray(0, count));
    return count;
  }

  fromMemory(target: Uint8Array): number {
    const count = this.#take(target.length);
    this.#ram.read(this.address - count, target.subarray(0, count));
    return count;
  }

  #take(wanted: number): number {
    const count = Math.min(wanted, this.remaining);
    this.remaining -= count;
    this.address += count;
    this.isTerminalCount = count > 0 && this.remaining === 0;
    return count;
  }
}

export class RecordingLogger implements Logger {
  readonly lines: { level: LogLevel; message: string }[] = [];

  log(level: LogLevel, message: string): void {
    if (this.lines.length < 1000) this.lines.push({ level, message });
  }

  limited(_key: string, level: LogLevel, message: string): void {
    this.log(level, message);
  }
}

export interface DeviceBench {
  readonly ctx: DeviceContext;
  readonly clock: FakeClock;
  readonly ram: DmaRam;
  readonly ports: PortBus;
  readonly mmio: MmioBus;
  readonly pci: FakePciBus;
  readonly isa: IrqRecorder;
  readonly gsis: IrqRecorder;
  /** ISA DMA channels 0..7. */
  readonly isaDma: readonly BenchDmaChannel[];
  readonly log: RecordingLogger;
  /** Messages sent with `sendMsi` (not MSI-X of fake functions: see FakePciFunction.sentMsix). */
  readonly msis: { address: number; data: number }[];
  readonly memories: BenchMemory[];
  readonly power: { powerOffs: number; resets: number; isA20Enabled: boolean };
  readonly activities: { read: number; write: number };
}

export function createDeviceBench(options: { ramBytes?: number; wallMs?: number } = {}): DeviceBench {
  const clock = new FakeClock(options.wallMs);
  const ram = new DmaRam(options.ramBytes ?? 0x100000);
  const ports = new PortBus();
  const mmio = new MmioBus();
  const pci = new FakePciBus();
  const isa = new IrqRecorder();
  const gsis = new IrqRecorder();
  const isaDma = Array.from({ length: 8 }, () => new BenchDmaChannel(ram));
  const log = new RecordingLogger();
  const msis: { address: number; data: number }[] = [];
  const memories: BenchMemory[] = [];
  const power = { powerOffs: 0, resets: 0, isA20Enabled: true };
  const activities = { read: 0, write: 0 };
  const ctx: DeviceContext = {
    clock,
    log,
    dma: ram,
    pci,
    power: {
      powerOff: () => {
        power.powerOffs++;
      },
      reset: () => {
        power.resets++;
      },
      setA20: (isEnabled) => {
        power.isA20Enabled = isEnabled;
      },
    },
    isaIrq: (irq) => isa.line(irq),
    gsi: (input) => gsis.line(input),
    isaDma: (channel) => isaDma[channel]!,
    sendMsi: (address, data) => {
      msis.push({ address, data });
    },
    mapPorts: (base, count, handler) => ports.map(base, count, handler),
    mapMmio: (gpa, lengthBytes, handler) => mmio.map(gpa, lengthBytes, handler),
    allocateMemory: (lengthBytes, label) => {
      const memory = new BenchMemory(lengthBytes, label);
      memories.push(memory);
      return memory;
    },
    activity: (kind) => {
      activities[kind]++;
    },
  };
  return { ctx, clock, ram, ports, mmio, pci, isa, gsis, isaDma, log, msis, memories, power, activities };
}

/** A host with nothing attached but what is given. */
export function deviceHost(id: string, attached: Partial<Omit<DeviceHost, 'id'>> = {}): DeviceHost {
  return { id, block: () => null, removable: () => null, char: () => null, entropy: countingEntropy(), ...attached };
}

/** Entropy that a test can predict: 1, 2, 3 … over all calls. */
function countingEntropy(): EntropyBackend {
  let next = 1;
  return {
    fill(target) {
      for (let i = 0; i < target.length; i++) target[i] = next++;
    },
  };
}
