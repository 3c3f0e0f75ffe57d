import { describe, expect, it } from 'vitest';
import { RecordingLogger } from '../../../test/harness/device-bench.ts';
import { MmioBus } from '../bus/mmio-bus.ts';
import { DIRTY_MAP, PAGE_BACKED, PAGE_CODE, PAGE_LOG, PAGE_WRITABLE, PHYS_MAP, RAM_BASE } from '../cpu/core/layout.ts';
import { GuestMemory } from './guest-memory.ts';
import { createEngineMemory, createPlainPhysicalMap } from './physical-map.ts';

function createMemory(ramBytes = 0x200000) {
  const memory = createEngineMemory(ramBytes);
  const mmio = new MmioBus();
  const log = new RecordingLogger();
  const invalidated: number[][] = [];
  let restarts = 0;
  const map = {
    ...createPlainPhysicalMap(memory),
    invalidateCode: (gpa: number, length: number) => {
      invalidated.push([gpa, length]);
    },
    restartDirtyLog: () => {
      restarts++;
    },
  };
  const guest = new GuestMemory({ memory, ramBytes, map, mmio, log });
  const entries = new Uint32Array(memory.buffer, PHYS_MAP, 0x200000);
  const dirty = new Uint8Array(memory.buffer, DIRTY_MAP, 0x200000);
  return { guest, entries, dirty, mmio, log, invalidated, restarts: () => restarts };
}

describe('guest memory', () => {
  it('maps RAM below and above the legacy area', () => {
    const { entries } = createMemory();
    const ram = PAGE_BACKED | PAGE_WRITABLE;

    expect([
      entries[0],
      entries[0x9f],
      entries[0xa0],
      entries[0xff],
      entries[0x100],
      entries[0x1ff],
      entries[0x200],
    ]).toEqual([
      RAM_BASE + ram,
      RAM_BASE + 0x9f000 + ram,
      0,
      0,
      RAM_BASE + 0x100000 + ram,
      RAM_BASE + 0x1ff000 + ram,
      0,
    ]);
  });

  it('splits large RAM around the PCI window', () => {
    const { entries, guest } = createMemory(0xe0000000 - 0x6000000);

    expect([guest.lowRamBytes, guest.highRamBytes, entries[0x100000]]).toEqual([0xda000000, 0, 0]);
  });

  it('moves device memory and uncovers what was there', () => {
    const { entries, guest } = createMemory();
    const first = guest.allocateMemory(0x2000, 'first');
    const second = guest.allocateMemory(0x1000, 'second');
    first.mapAt(0xe0000000, { writable: true, logDirty: false });
    second.mapAt(0xe0001000, { writable: false, logDirty: false });
    const covered = entries[0xe0001]!;
    second.mapAt(null, { writable: false, logDirty: false });
    const uncovered = entries[0xe0001]!;
    first.mapAt(0xe1000000, { writable: true, logDirty: false });

    expect([covered & 3, uncovered & 3, entries[0xe0000], entries[0xe1001]! & 3]).toEqual([1, 3, 0, 3]);
  });

  it('lets RAM win over a BAR placed on it', () => {
    const { entries, guest } = createMemory();
    const before = entries[0x150];
    guest.allocateMemory(0x1000, 'bar').mapAt(0x150000, { writable: true, logDirty: false });

    expect(entries[0x150]).toBe(before);
  });

  it('harvests dirty pages as runs, once', () => {
    const { dirty, guest, restarts } = createMemory();
    const memory = guest.allocateMemory(0x10000, 'vram');
    memory.mapAt(0xe0000000, { writable: true, logDirty: true });
    memory.harvestDirty(() => {});
    for (const page of [1, 2, 5]) dirty[0xe0000 + page] = 1;
    const runs: number[][] = [];
    memory.harvestDirty((start, end) => runs.push([start, end]));
    memory.harvestDirty((start, end) => runs.push([start, end]));

    expect([runs, restarts()]).toEqual([
      [
        [0x1000, 0x3000],
        [0x5000, 0x6000],
      ],
      1,
    ]);
  });

  it('reports everything dirty after a move', () => {
    const { guest } = createMemory();
    const memory = guest.allocateMemory(0x3000, 'vram');
    memory.harvestDirty(() => {});
    memory.mapAt(0xe0000000, { writable: true, logDirty: true });
    const runs: number[][] = [];
    memory.harvestDirty((start, end) => runs.push([start, end]));

    expect(runs).toEqual([[0, 0x3000]]);
  });

  it('refuses device memory beyond its room', () => {
    const { guest } = createMemory();

    expect(() => guest.allocateMemory(0x20000000, 'huge')).toThrowError(/no room for huge/);
  });
});

describe('DMA', () => {
  it('reads and writes across pages and sizes', () => {
    const { guest } = createMemory();
    guest.dma.writeU64(0x1ffc, 0x1122334455667788n);
    guest.dma.write(0x5000, Uint8Array.of(1, 2, 3));
    const target = new Uint8Array(3);
    guest.dma.read(0x5000, target);

    expect([guest.dma.readU64(0x1ffc), guest.dma.readU32(0x1ffe), guest.dma.readU16(0x1fff), [...target]]).toEqual([
      0x1122334455667788n,
      0x33445566,
      0x4455,
      [1, 2, 3],
    ]);
  });

  it('gives ones and drops writes where no memory is, and logs it', () => {
    const { guest, log } = createMemory();
    guest.dma.write(0x1ffffe, Uint8Array.of(1, 2, 3, 4));
    const target = new Uint8Array(4);
    guest.dma.read(0x1ffffe, target);

    expect([...target, guest.dma.readU32(2 ** 52), guest.dma.readU8(-1)]).toEqual([1, 2, 0xff, 0xff, 0xffffffff, 0xff]);
    expect(log.lines.length).toBeGreaterThan(0);
  });

  it('does not write ROM', () => {
    const { guest } = createMemory();
    const rom = guest.allocateMemory(0x1000, 'rom');
    rom.mapAt(0xf0000, { writable: false, logDirty: false });
    guest.dma.writeU32(0xf0000, 0x12345678);

    expect([rom.bytes[0], guest.dma.readU32(0xf0000)]).toEqual([0, 0]);
  });

  it('drops code made from the written bytes and marks logged pages', () => {
    const { dirty, entries, guest, invalidated } = createMemory();
    entries[5]! |= PAGE_CODE;
    entries[6]! |= PAGE_LOG;
    guest.dma.write(0x5ff0, new Uint8Array(0x20));

    expect([invalidated, dirty[5], dirty[6]]).toEqual([[[0x5ff0, 0x10]], 0, 1]);
  });
});
