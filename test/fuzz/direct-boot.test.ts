// Kernel files are untrusted: whatever they hold, direct boot starts something inside the guest's RAM or says `kernel.invalid`.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { OspiteError } from '../../src-main/core/errors.ts';
import { type DirectBootPlan, prepareDirectBoot } from '../../src-main/engine/firmware/direct-boot/direct-boot.ts';
import { parseElf, visitNotes } from '../../src-main/engine/firmware/direct-boot/elf.ts';
import type { FirmwareMemory } from '../../src-main/engine/firmware/firmware-cpu.ts';
import { E820_RAM } from '../../src-main/engine/firmware/memory-map.ts';
import { damaged } from '../harness/mutate.ts';

const USABLE_END = 0x800000;
const runs = { seed: 0x0b00, numRuns: 1500 };

/** Counts what is written, refuses what is no RAM of the guest. */
class CountingMemory {
  written = 0;
  #note(gpa: number, size: number): void {
    if (!Number.isSafeInteger(gpa) || gpa < 0 || gpa + size > USABLE_END)
      throw new Error(`A kernel was written to ${gpa.toString(16)}, ${size} bytes`);
    this.written += size;
  }
  write(gpa: number, source: Uint8Array): void {
    this.#note(gpa, source.length);
  }
  writeU32(gpa: number): void {
    this.#note(gpa, 4);
  }
  writeU64(gpa: number): void {
    this.#note(gpa, 8);
  }
  readU8(): number {
    return 0;
  }
}

function boot(kernel: Uint8Array, options: { initrd?: Uint8Array; commandLine?: string } = {}): DirectBootPlan | null {
  const memory = new CountingMemory();
  try {
    return prepareDirectBoot(memory as unknown as FirmwareMemory, {
      kernel,
      initrd: options.initrd ?? null,
      commandLine: options.commandLine ?? '',
      memoryMap: [{ base: 0, lengthBytes: USABLE_END, type: E820_RAM }],
      lowUsableEnd: USABLE_END,
      rsdpAddress: 0xf0000,
      hasLongMode: true,
    });
  } catch (error) {
    if (!(error instanceof OspiteError) || error.code !== 'kernel.invalid') throw error;
    return null;
  } finally {
    // Nobody needs to write memory twice; more is a file that keeps us busy.
    expect(memory.written).toBeLessThan(4 * USABLE_END);
  }
}

function bzImage(version: number): Uint8Array {
  const file = new Uint8Array(0x3000);
  const view = new DataView(file.buffer);
  file[0x1f1] = 4;
  view.setUint16(0x1fe, 0xaa55, true);
  file.set([0xeb, 0x66], 0x200);
  view.setUint32(0x202, 0x53726448, true);
  view.setUint16(0x206, version, true);
  file[0x211] = 1;
  view.setUint32(0x22c, 0x7fffffff, true);
  view.setUint32(0x230, 0x200000, true);
  file[0x234] = 1;
  view.setUint16(0x236, 3, true);
  view.setUint32(0x238, 2047, true);
  view.setUint32(0x258, 0x100000, true);
  view.setUint32(0x260, 0x10000, true);
  return file;
}

/** An executable of one loaded segment and a PVH note. */
function elf(is64Bit: boolean): Uint8Array {
  const file = new Uint8Array(0x1000);
  const view = new DataView(file.buffer);
  file.set([0x7f, 0x45, 0x4c, 0x46, is64Bit ? 2 : 1, 1, 1]);
  view.setUint16(18, is64Bit ? 62 : 3, true);
  const table = is64Bit ? 64 : 52;
  const size = is64Bit ? 56 : 32;
  view.setUint32(24, 0x100000, true);
  view.setUint32(is64Bit ? 32 : 28, table, true);
  view.setUint16(is64Bit ? 54 : 42, size, true);
  view.setUint16(is64Bit ? 56 : 44, 2, true);
  const fields = is64Bit ? [8, 24, 32, 40] : [4, 12, 16, 20];
  const segments = [
    [1, 0x200, 0x100000, 0x800, 0x1000],
    [4, 0x200, 0, 20, 20],
  ];
  segments.forEach(([type, ...values], index) => {
    view.setUint32(table + index * size, type!, true);
    values.forEach((value, field) => {
      view.setUint32(table + index * size + fields[field]!, value, true);
    });
  });
  view.setUint32(0x200, 4, true);
  view.setUint32(0x204, 4, true);
  view.setUint32(0x208, 18, true);
  file.set(Buffer.from('Xen\0'), 0x20c);
  view.setUint32(0x210, 0x100000, true);
  return file;
}

function multiboot(hasAddresses: boolean): Uint8Array {
  const file = hasAddresses ? new Uint8Array(0x1000) : elf(false).fill(0, 0x208, 0x20c);
  const view = new DataView(file.buffer);
  const flags = hasAddresses ? 0x10003 : 3;
  [0x1badb002, flags, -(0x1badb002 + flags), 0x100300, 0x100000, 0x100d00, 0x101000, 0x100400].forEach(
    (word, index) => {
      view.setUint32(0x300 + index * 4, word, true);
    },
  );
  return file;
}

const kernels: [string, Uint8Array, DirectBootPlan['protocol'], string][] = [
  ['a 64-bit bzImage', bzImage(0x20f), 'linux-64', ''],
  ['an old bzImage', bzImage(0x206), 'linux-16', ''],
  ['a bzImage with a video mode', bzImage(0x20f), 'linux-16', 'vga=ask'],
  ['a 32-bit PVH kernel', elf(false), 'pvh', ''],
  ['a 64-bit PVH kernel', elf(true), 'pvh', ''],
  ['a Multiboot ELF kernel', multiboot(false), 'multiboot', ''],
  ['a Multiboot kernel with addresses', multiboot(true), 'multiboot', ''],
];

describe.each(kernels)('%s', (_name, kernel, protocol, commandLine) => {
  it('boots undamaged', () => {
    expect(boot(kernel, { commandLine, initrd: new Uint8Array(100) })?.protocol).toBe(protocol);
  });

  it('boots or is refused with any damage', () => {
    fc.assert(
      fc.property(damaged(kernel, 0x400), (bytes) => {
        const plan = boot(bytes, { commandLine, initrd: new Uint8Array(100) });
        if (plan) {
          expect(plan.cpu.ip).toBeGreaterThanOrEqual(0);
          expect(plan.cpu.ip).toBeLessThan(2 ** 32);
        }
      }),
      runs,
    );
  });
});

it('boots or refuses any bytes with any command line', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 0x600 }), fc.string({ maxLength: 40 }), (kernel, commandLine) => {
      boot(kernel, { commandLine });
    }),
    runs,
  );
});

it('refuses an initrd that does not fit, and a command line that is too long', () => {
  for (const [, kernel] of kernels) {
    expect(boot(kernel, { initrd: new Uint8Array(USABLE_END) })).toBeNull();
    expect(boot(kernel, { commandLine: 'ä'.repeat(40_000) })).toBeNull();
  }
});

it('is not kept busy by an ELF file of many segments over the same memory', () => {
  const file = new Uint8Array(0x2000);
  file.set(elf(false).subarray(0, 0x34));
  const view = new DataView(file.buffer);
  view.setUint16(44, 100, true);
  for (let index = 0; index < 100; index++) {
    [1, 0x200, 0, 0x100000, 0, 0x600000].forEach((word, field) => {
      view.setUint32(52 + index * 32 + field * 4, word, true);
    });
  }
  // The first segment has the PVH note: else the file is not taken for a kernel at all.
  [4, 0x1800, 0, 0, 20, 20].forEach((word, field) => {
    view.setUint32(52 + field * 4, word, true);
  });
  file.set(elf(false).subarray(0x200, 0x214), 0x1800);
  expect(boot(file)).toBeNull();
});

it('reads no more notes than a kernel can have', () => {
  const file = new Uint8Array(0x30000);
  file.set(elf(false).subarray(0, 0x34));
  const view = new DataView(file.buffer);
  view.setUint16(44, 100, true);
  for (let index = 0; index < 100; index++) {
    [4, 0x2000, 0, 0, 0x2e000, 0x2e000].forEach((word, field) => {
      view.setUint32(52 + index * 32 + field * 4, word, true);
    });
  }
  const image = parseElf(file);
  let notes = 0;
  visitNotes(file, image!, () => notes++);
  expect(notes).toBe(4096);
});

it('refuses more program headers than a kernel can have', () => {
  const file = new Uint8Array(0x10000);
  file.set(elf(false));
  new DataView(file.buffer).setUint16(44, 1500, true);
  expect(parseElf(file)).toBeNull();
});

it('refuses an entry beyond what a 32-bit jump reaches', () => {
  const file = elf(true).fill(0, 0x208, 0x20c);
  const view = new DataView(file.buffer);
  [0x1badb002, 3, -0x1badb005].forEach((word, index) => {
    view.setUint32(0x300 + index * 4, word, true);
  });
  expect(boot(file)?.protocol).toBe('multiboot');
  view.setUint32(28, 1, true);
  expect(boot(file)).toBeNull();
});
