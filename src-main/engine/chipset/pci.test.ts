import { describe, expect, it } from 'vitest';
import { createTestBoard } from '../../../test/harness/test-board.ts';
import type { PciFunctionDescription } from '../bus/pci.ts';

const identity = { vendorId: 0x1af4, deviceId: 0x1234, classCode: 0x010000, revision: 1 };

function createFunction(description: Partial<PciFunctionDescription>) {
  const bench = createTestBoard();
  const fn = bench.board.pci.addFunction({ identity, ...description }, { slot: 4 });
  return {
    ...bench,
    fn,
    read: (offset: number, size: number) => bench.pciRead(4, 0, offset, size),
    write: (offset: number, size: number, value: number) => bench.pciWrite(4, 0, offset, size, value),
  };
}

const echo = { read: (offset: number) => 0x100 + offset, write() {} };

describe('PCI function', () => {
  it('sizes BARs by writing ones', () => {
    const { read, write } = createFunction({
      bars: {
        0: { kind: 'io', sizeBytes: 0x20, handler: echo },
        1: { kind: 'mmio', sizeBytes: 0x1000, handler: echo },
        2: { kind: 'mmio', sizeBytes: 0x4000, handler: echo, is64Bit: true, prefetchable: true },
      },
    });
    for (let at = 0x10; at < 0x28; at += 4) write(at, 4, 0xffffffff);

    expect([0x10, 0x14, 0x18, 0x1c, 0x20].map((at) => read(at, 4))).toEqual([
      0xffffffe1, 0xfffff000, 0xffffc00c, 0xffffffff, 0,
    ]);
  });

  it('decodes where the BAR says, moves with it, and stops with the command bit', () => {
    const { board, read, write } = createFunction({ bars: { 0: { kind: 'io', sizeBytes: 0x20, handler: echo } } });
    write(0x10, 4, 0xc000);
    const off = board.ports.read(0xc004, 1);
    write(4, 2, 1);
    const on = board.ports.read(0xc004, 1);
    write(0x10, 4, 0xd000);
    const moved = [board.ports.read(0xc004, 1), board.ports.read(0xd004, 1)];
    write(4, 2, 0);

    expect([off, on & 0xff, moved.map((value) => value & 0xff), board.ports.read(0xd004, 1), read(4, 2)]).toEqual([
      0xff,
      4,
      [0xff, 4],
      0xff,
      0,
    ]);
  });

  it('maps 64-bit memory BARs above 4 GiB', () => {
    const { board, write } = createFunction({
      bars: { 0: { kind: 'mmio', sizeBytes: 0x1000, handler: echo, is64Bit: true } },
    });
    write(0x10, 4, 0x10000000);
    write(0x14, 4, 2);
    write(4, 2, 2);

    expect(board.mmio.read(0x210000010, 4)).toBe(0x110);
  });

  it('places memory-backed BARs', () => {
    const places: (number | null)[] = [];
    const { write } = createFunction({
      bars: { 0: { kind: 'memory', sizeBytes: 0x10000, place: (gpa) => places.push(gpa) } },
    });
    write(0x10, 4, 0xe0000000);
    write(4, 2, 2);
    write(4, 2, 0);

    expect(places).toEqual([0xe0000000, null]);
  });

  it('shows its expansion ROM where and when enabled', () => {
    const rom = new Uint8Array(0x900).fill(0x5a);
    const { readMemory, read, write } = createFunction({ expansionRom: rom });
    write(0x30, 4, 0xffffffff);
    const size = read(0x30, 4);
    write(0x30, 4, 0xe1000001);
    write(4, 2, 2);

    expect([size, readMemory(0xe1000000), readMemory(0xe1000900)]).toEqual([0xfffff001, 0x5a, 0]);
  });

  it('lists capabilities and lets the guest write their masked bits only', () => {
    const written: number[] = [];
    const { read, write } = createFunction({
      capabilities: [
        { id: 9, payload: Uint8Array.of(0x10, 1, 2) },
        {
          id: 1,
          payload: Uint8Array.of(0, 0x0f),
          writableMask: Uint8Array.of(0, 0xf0),
          onWrite: (offset) => written.push(offset),
        },
      ],
    });
    write(0x4b, 1, 0xff);

    expect([read(0x34, 1), read(0x40, 2), read(0x48, 4), read(6, 2) & 0x10, written]).toEqual([
      0x40,
      0x4809,
      0xff000001,
      0x10,
      [1],
    ]);
  });

  it('reports and masks its interrupt pin', () => {
    const { board, fn, initPic, pciWrite, read, write } = createFunction({ interruptPin: 1 });
    initPic();
    pciWrite(1, 0, 0x63, 1, 10);
    board.ports.write(0x4d1, 1, 0x04);
    fn.setInterrupt(true);
    const asserted = [board.pic.isAsserted, read(6, 2) & 8];
    write(4, 2, 0x400);

    expect([asserted, board.pic.isAsserted, read(6, 2) & 8]).toEqual([[true, 8], false, 8]);
  });

  it('refuses a slot that is taken', () => {
    const { board } = createFunction({});

    expect(() => board.pci.addFunction({ identity }, { slot: 4 })).toThrowError(/slot 4/);
  });
});

describe('MSI-X', () => {
  function createMsix() {
    const bench = createFunction({
      bars: { 1: { kind: 'mmio', sizeBytes: 0x2000, handler: echo } },
      msix: { vectors: 3, bar: 1, tableOffset: 0x1000, pbaOffset: 0x1800 },
    });
    const { board, write } = bench;
    board.mmio.write(0xfee000f0, 4, 0x1ff);
    write(0x14, 4, 0xe0000000);
    write(4, 2, 6);
    const entry = (index: number, word: number, value: number): void =>
      board.mmio.write(0xe0001000 + index * 16 + word * 4, 4, value);
    entry(1, 0, 0xfee00000);
    entry(1, 2, 0x61);
    return { ...bench, entry };
  }

  it('describes itself', () => {
    const { read } = createMsix();

    expect([read(0x40, 1), read(0x42, 2), read(0x44, 4), read(0x48, 4)]).toEqual([0x11, 2, 0x1001, 0x1801]);
  });

  it('sends an unmasked vector and leaves the rest of the BAR to the device', () => {
    const { board, entry, fn, write } = createMsix();
    write(0x42, 2, 0x8000);
    entry(1, 3, 0);
    fn.sendMsix(1);

    expect([board.ack(), board.mmio.read(0xe0000010, 4)]).toEqual([0x61, 0x110]);
  });

  it('pends a masked vector and sends it when unmasked', () => {
    const { board, entry, fn, write } = createMsix();
    write(0x42, 2, 0x8000);
    fn.sendMsix(1);
    const pending = board.mmio.read(0xe0001800, 4);
    const before = board.ack();
    entry(1, 3, 0);

    expect([pending, before, board.ack(), board.mmio.read(0xe0001800, 4)]).toEqual([2, -1, 0x61, 0]);
  });
});
