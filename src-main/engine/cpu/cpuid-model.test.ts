import { describe, expect, it } from 'vitest';
import { cpuFeatureBits } from './cpu-features.ts';
import { buildCpuid, type CpuidLeaf, cpuModelNames, writeCpuid } from './cpuid-model.ts';

function leafOf(leaves: readonly CpuidLeaf[], leaf: number): CpuidLeaf | undefined {
  return leaves.find((entry) => entry.leaf === leaf);
}

function text(...words: number[]): string {
  return words
    .map((word) => String.fromCharCode(word & 0xff, (word >> 8) & 0xff, (word >> 16) & 0xff, word >>> 24))
    .join('');
}

describe('processor models', () => {
  it('reads AuthenticAMD in both leaf ranges of the default', () => {
    const { leaves } = buildCpuid();
    const basic = leafOf(leaves, 0)!;
    const extended = leafOf(leaves, 0x80000000)!;
    expect([basic, extended].map((entry) => text(entry.ebx, entry.edx, entry.ecx))).toEqual([
      'AuthenticAMD',
      'AuthenticAMD',
    ]);
  });

  it('offers all of x86-64-v2 by default', () => {
    // The level's list: System V ABI, AMD64 supplement, table 3.1.
    const wanted = [
      'cx16',
      'lahf_lm',
      'popcnt',
      'pni',
      'sse4_1',
      'sse4_2',
      'ssse3',
      'cmov',
      'cx8',
      'fxsr',
      'sse2',
    ] as const;
    const { leaves } = buildCpuid();
    const missing = wanted.filter((name) => {
      const { leaf, register, bit } = cpuFeatureBits[name];
      return ((leafOf(leaves, leaf)![register] >>> bit) & 1) === 0;
    });
    expect(missing).toEqual([]);
  });

  it('repeats the shared feature bits of leaf 1 in the AMD leaf', () => {
    const { leaves } = buildCpuid();
    // CX8, APIC, MMX, FXSR have the same places; SEP (11) is SYSCALL there.
    const shared = (1 << 8) | (1 << 9) | (1 << 23) | (1 << 24);
    expect(leafOf(leaves, 0x80000001)!.edx & shared).toBe(shared);
  });

  it('tells the counter rate in kHz when it is known', () => {
    const { leaves } = buildCpuid({ tscHz: 2_500_000_000 });
    expect(leafOf(leaves, 0x40000000)!.eax).toBe(0x40000010);
    expect(leafOf(leaves, 0x40000010)!.eax).toBe(2_500_000);
  });

  it('hides hypervisor leaves and bit on request', () => {
    const { leaves } = buildCpuid({ hypervisor: 'none', tscHz: 1e9 });
    expect(leafOf(leaves, 0x40000000)).toBeUndefined();
    expect(leafOf(leaves, 1)!.ecx >>> 31).toBe(0);
  });

  it('lets CR4 and EFER have only what the model offers', () => {
    expect(buildCpuid({ model: '486' })).toMatchObject({ allowedCr4: 0, allowedEfer: 0, hasCpuid: false, leaves: [] });
    expect(buildCpuid({ model: 'pentium' }).allowedCr4).toBe(0x15c);
    expect(buildCpuid({ disable: ['umip', 'xsave'] }).allowedCr4 & ((1 << 11) | (1 << 18))).toBe(0);
  });

  it.each(cpuModelNames)('fits %s with eight vCPUs into the core table', (model) => {
    const memory = new ArrayBuffer(0x10000);
    const table = buildCpuid({ model, vcpuCount: 8, tscHz: 1e9, hasKvmClock: true, enable: ['x2apic'] });
    writeCpuid(memory, table, 3);
    const view = new DataView(memory);
    expect(view.getUint32(0xf000, true)).toBe(table.leaves.length);
    expect(view.getUint32(0xf008, true)).toBe(3);
    expect(table.leaves.length).toBeLessThanOrEqual(64);
  });
});
