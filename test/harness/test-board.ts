// A whole board with a recorded processor and a fake clock, and the short ways a test drives it.

import { type Board, createBoard } from '../../src-main/engine/chipset/board.ts';
import type { CpuHooks } from '../../src-main/engine/chipset/interrupt-hub.ts';
import { PAGE_BACKED, PAGE_WRITABLE, PHYS_MAP } from '../../src-main/engine/cpu/core/layout.ts';
import { createEngineMemory, createPlainPhysicalMap } from '../../src-main/engine/memory/physical-map.ts';
import { RecordingLogger } from './device-bench.ts';
import { FakeClock } from './fake-clock.ts';

export class RecordedCpu implements CpuHooks {
  isIntr = false;
  nmis = 0;
  smis = 0;
  inits = 0;
  readonly startups: number[] = [];
  readonly #clock: FakeClock;

  constructor(clock: FakeClock) {
    this.#clock = clock;
  }

  intr(isAsserted: boolean): void {
    this.isIntr = isAsserted;
  }
  nmi(): void {
    this.nmis++;
  }
  smi(): void {
    this.smis++;
  }
  init(): void {
    this.inits++;
  }
  startup(vector: number): void {
    this.startups.push(vector);
  }
  /** One tick per nanosecond. */
  readTsc(): number {
    return Math.floor(this.#clock.now());
  }
}

export interface TestBoard {
  board: Board;
  clock: FakeClock;
  cpus: RecordedCpu[];
  cpu: RecordedCpu;
  log: RecordingLogger;
  power: { powerOffs: number; resets: number; isA20Enabled: boolean };
  pciRead(slot: number, functionNumber: number, offset: number, size: number): number;
  pciWrite(slot: number, functionNumber: number, offset: number, size: number, value: number): void;
  /** Both PICs as a PC BIOS for protected mode sets them: vectors 20h and 28h, everything unmasked. */
  initPic(): void;
  /** One byte as the processor reads and writes it: memory where the map says so, else MMIO. */
  readMemory(gpa: number): number;
  writeMemory(gpa: number, value: number): void;
}

export function createTestBoard(options: { ramBytes?: number; cpuCount?: number } = {}): TestBoard {
  const ramBytes = options.ramBytes ?? 0x200000;
  const clock = new FakeClock();
  const cpus = Array.from({ length: options.cpuCount ?? 1 }, () => new RecordedCpu(clock));
  const log = new RecordingLogger();
  const power = { powerOffs: 0, resets: 0, isA20Enabled: true };
  const memory = createEngineMemory(ramBytes);
  const board = createBoard({
    memory,
    ramBytes,
    map: createPlainPhysicalMap(memory),
    clock,
    log,
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
    cpus,
    tscHz: 1e9,
    rtcBase: 'utc',
    // A driver that speaks the port's language, with commands and arguments that vary with time only.
    vmwareMouse: {
      get: (index) => [0x564d5868, 39 + (clock.now() % 3), 0, clock.now() % 5][index] ?? 0,
      set: () => {},
    },
  });
  const { ports, mmio } = board;
  const select = (slot: number, functionNumber: number, offset: number): void =>
    ports.write(0xcf8, 4, (0x80000000 | (slot << 11) | (functionNumber << 8) | (offset & 0xfc)) >>> 0);
  const map = new Uint32Array(memory.buffer, PHYS_MAP);
  const bytes = new Uint8Array(memory.buffer);
  const hostOf = (gpa: number, flags: number): number => {
    const entry = map[Math.floor(gpa / 4096)]!;
    return (entry & flags) === flags ? ((entry & ~0xfff) >>> 0) + (gpa % 4096) : -1;
  };
  return {
    board,
    clock,
    cpus,
    cpu: cpus[0]!,
    log,
    power,
    pciRead: (slot, functionNumber, offset, size) => {
      select(slot, functionNumber, offset);
      return ports.read(0xcfc + (offset & 3), size);
    },
    pciWrite: (slot, functionNumber, offset, size, value) => {
      select(slot, functionNumber, offset);
      ports.write(0xcfc + (offset & 3), size, value);
    },
    initPic: () => {
      for (const [base, vector, cascade] of [
        [0x20, 0x20, 4],
        [0xa0, 0x28, 2],
      ] as const) {
        ports.write(base, 1, 0x11);
        ports.write(base + 1, 1, vector);
        ports.write(base + 1, 1, cascade);
        ports.write(base + 1, 1, 1);
        ports.write(base + 1, 1, 0);
      }
    },
    readMemory: (gpa) => {
      const host = hostOf(gpa, PAGE_BACKED);
      return host < 0 ? mmio.read(gpa, 1) : bytes[host]!;
    },
    writeMemory: (gpa, value) => {
      const host = hostOf(gpa, PAGE_BACKED | PAGE_WRITABLE);
      if (host < 0) mmio.write(gpa, 1, value);
      else bytes[host] = value;
    },
  };
}
