import { describe, expect, it } from 'vitest';
import { PIRQ_DEFAULT, pirqOf } from '../machine-description.ts';
import { testMachine } from '../test-machine.ts';
import { buildMpFloating, buildMpTable, buildPirTable } from './legacy-irq-tables.ts';
import { buildSmbiosEntry, buildSmbiosTable } from './smbios.ts';

const sum = (bytes: Uint8Array): number => bytes.reduce((total, byte) => (total + byte) & 0xff, 0);

describe('MP table', () => {
  it('has as many entries as it says, each of its length, and sums to zero', () => {
    const table = buildMpTable(testMachine, { eax: 0x600, edx: 0x781ab });
    const view = new DataView(table.buffer);
    expect([sum(table), view.getUint16(4, true)]).toEqual([0, table.length]);
    let at = 44;
    const seen: number[] = [];
    while (at < table.length) {
      seen.push(table[at]!);
      at += table[at] === 0 ? 20 : 8;
    }
    expect([at, seen.length]).toEqual([table.length, view.getUint16(34, true)]);
    expect(seen.filter((type) => type === 0)).toHaveLength(testMachine.vcpuCount);
    expect(sum(buildMpFloating(0xf1000))).toBe(0);
  });

  it('routes PCI pins as the board wires them', () => {
    const table = buildMpTable(testMachine, { eax: 0, edx: 0 });
    for (let at = 44 + 20 * testMachine.vcpuCount; at < table.length; at += 8) {
      if (table[at] !== 3 || table[at + 4] !== 0) continue;
      const source = table[at + 5]!;
      expect(table[at + 7]).toBe(PIRQ_DEFAULT[pirqOf(source >> 2, (source & 3) + 1)]);
    }
  });
});

describe('$PIR', () => {
  it('sums to zero and rotates the links by slot', () => {
    const table = buildPirTable(testMachine);
    expect(sum(table)).toBe(0);
    const links = (slot: number): number[] => [0, 1, 2, 3].map((pin) => table[32 + (slot - 1) * 16 + 2 + pin * 3]!);
    expect([links(1), links(2), links(5)]).toEqual([
      [0x60, 0x61, 0x62, 0x63],
      [0x61, 0x62, 0x63, 0x60],
      [0x60, 0x61, 0x62, 0x63],
    ]);
  });
});

describe('SMBIOS', () => {
  it('counts its structures, ends with type 127 and describes the memory', () => {
    const table = buildSmbiosTable({ ...testMachine, lowMemoryBytes: 0xc0000000, highMemoryBytes: 0x40000000 });
    const { bytes } = table;
    const types: number[] = [];
    let at = 0;
    let deviceMib = 0;
    while (at < bytes.length) {
      types.push(bytes[at]!);
      if (bytes[at] === 17) deviceMib = bytes[at + 12]! | (bytes[at + 13]! << 8);
      at += bytes[at + 1]!;
      while (bytes[at] !== 0 || bytes[at + 1] !== 0) at++;
      at += 2;
    }
    expect([types.length, types.at(-1), at]).toEqual([table.structureCount, 127, bytes.length]);
    expect(types.filter((type) => type === 4)).toHaveLength(2);
    expect(deviceMib).toBe(4096);
    const entry = buildSmbiosEntry(table, 0xf2000);
    expect([sum(entry), sum(entry.subarray(16))]).toEqual([0, 0]);
  });

  it('stores the UUID with its first fields little-endian', () => {
    const { bytes } = buildSmbiosTable(testMachine);
    const system = bytes.findIndex((byte, index) => byte === 1 && bytes[index + 1] === 0x1b && bytes[index + 3] === 1);
    expect([...bytes.subarray(system + 8, system + 16)]).toEqual([3, 2, 1, 0, 5, 4, 7, 6]);
  });
});
