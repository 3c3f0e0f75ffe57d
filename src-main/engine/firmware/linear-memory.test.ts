import { describe, expect, it } from 'vitest';
import type { FirmwareCpu } from './firmware-cpu.ts';
import { LinearMemory } from './linear-memory.ts';
import { createTestMemory } from './test-machine.ts';

function cpuWith(cr0: number, cr3: number, cr4: number): FirmwareCpu {
  const control = { 0: cr0, 2: 0, 3: cr3, 4: cr4 };
  return { readCr: (index: 0 | 2 | 3 | 4) => control[index] } as FirmwareCpu;
}

describe('LinearMemory', () => {
  it('is physical memory while paging is off', () => {
    const memory = createTestMemory(0x10000);
    const linear = new LinearMemory(cpuWith(1, 0, 0), memory);
    linear.writeU32(0x1234, 0x89abcdef);
    expect(memory.readU32(0x1234)).toBe(0x89abcdef);
  });

  it('follows 32-bit page tables across a page border', () => {
    const memory = createTestMemory(0x10000);
    memory.writeU32(0x1000, 0x2003);
    memory.writeU32(0x2000 + 4 * 4, 0x8003);
    memory.writeU32(0x2000 + 5 * 4, 0x6003);
    const linear = new LinearMemory(cpuWith(0x80000001, 0x1000, 0), memory);
    linear.write(0x4ffe, Uint8Array.of(1, 2, 3, 4));
    expect([memory.readU16(0x8ffe), memory.readU16(0x6000)]).toEqual([0x0201, 0x0403]);
    expect([...linear.take(0x4ffe, 4)]).toEqual([1, 2, 3, 4]);
  });

  it('maps 4 MiB pages and PAE tables', () => {
    const memory = createTestMemory(0x10000);
    memory.writeU32(0x1000 + 4, 0x83);
    expect(new LinearMemory(cpuWith(0x80000001, 0x1000, 0x10), memory).toPhysical(0x401234)).toBe(0x1234);
    memory.writeU64(0x3000, 0x4001n);
    memory.writeU64(0x4000, 0x5003n);
    memory.writeU64(0x5000 + 7 * 8, 0x9003n);
    memory.writeU64(0x4000 + 8, 0x600083n);
    const pae = new LinearMemory(cpuWith(0x80000001, 0x3000, 0x20), memory);
    expect([pae.toPhysical(0x7abc), pae.toPhysical(0x212345)]).toEqual([0x9abc, 0x612345]);
  });

  it('reads ones from unmapped pages and drops writes to them', () => {
    const memory = createTestMemory(0x10000);
    const linear = new LinearMemory(cpuWith(0x80000001, 0x1000, 0), memory);
    linear.write(0x5000, Uint8Array.of(1));
    expect([linear.readU16(0x5000), linear.toPhysical(0x5000)]).toEqual([0xffff, null]);
  });
});
