// Kernels made by hand after the boot protocols' documents; real kernels are booted by the guest tests.
import { describe, expect, it } from 'vitest';
import { OspiteError } from '../../../core/errors.ts';
import { EBX, ESI } from '../firmware-cpu.ts';
import { buildE820 } from '../memory-map.ts';
import { createTestMemory, testMachine } from '../test-machine.ts';
import { type DirectBootInput, prepareDirectBoot } from './direct-boot.ts';

const MIB = 0x100000;

interface KernelShape {
  version: number;
  loadflags?: number;
  xloadflags?: number;
  initSize?: number;
  isRelocatable?: boolean;
  prefAddress?: number;
  initrdAddrMax?: number;
}

/** Setup of 5 sectors, then 64 KiB whose first bytes are recognizable. */
function bzImage(shape: KernelShape): Uint8Array {
  const kernel = new Uint8Array(5 * 512 + 0x10000);
  const view = new DataView(kernel.buffer);
  kernel[0x1f1] = 4;
  view.setUint16(0x1fe, 0xaa55, true);
  kernel[0x201] = 0x66;
  view.setUint32(0x202, 0x53726448, true);
  view.setUint16(0x206, shape.version, true);
  kernel[0x211] = shape.loadflags ?? 1;
  view.setUint32(0x22c, shape.initrdAddrMax ?? 0x7fffffff, true);
  view.setUint32(0x230, 0x200000, true);
  kernel[0x234] = shape.isRelocatable === false ? 0 : 1;
  view.setUint16(0x236, shape.xloadflags ?? 0, true);
  view.setUint32(0x238, 2047, true);
  view.setBigUint64(0x258, BigInt(shape.prefAddress ?? 0x1000000), true);
  view.setUint32(0x260, shape.initSize ?? 0x800000, true);
  kernel.set([0xde, 0xad, 0xbe, 0xef], 5 * 512);
  return kernel;
}

function input(kernel: Uint8Array, more: Partial<DirectBootInput> = {}): DirectBootInput {
  return {
    kernel,
    initrd: null,
    commandLine: 'console=ttyS0',
    memoryMap: buildE820(testMachine),
    lowUsableEnd: 63 * MIB,
    rsdpAddress: 0xf0010,
    hasLongMode: true,
    ...more,
  };
}

describe('bzImage', () => {
  it('enters a 64-bit kernel in long mode with boot_params, identity map and initrd', () => {
    const memory = createTestMemory(64 * MIB);
    const initrd = Uint8Array.of(1, 2, 3, 4, 5);
    const plan = prepareDirectBoot(memory, input(bzImage({ version: 0x20f, xloadflags: 1 }), { initrd }));
    expect(plan.protocol).toBe('linux-64');
    expect(plan.cpu.ip).toBe(0x1000200);
    expect(memory.readU32(0x1000000)).toBe(0xefbeadde);
    const params = plan.cpu.gpr[ESI]!;
    expect(memory.readU8(params + 0x210)).toBe(0xff);
    expect(memory.readU8(params + 0x1e8)).toBe(buildE820(testMachine).length);
    expect(Number(memory.readU64(params + 0x2d0 + 3 * 20))).toBe(MIB);
    expect(memory.readU64(params + 0x70)).toBe(0xf0010n);
    const initrdAt = memory.readU32(params + 0x218);
    expect([initrdAt % 0x1000, memory.readU32(params + 0x21c)]).toEqual([0, 5]);
    expect([...memory.bytes.subarray(initrdAt, initrdAt + 5)]).toEqual([1, 2, 3, 4, 5]);
    expect(initrdAt + 5).toBeLessThanOrEqual(63 * MIB);
    const commandLine = memory.readU32(params + 0x228);
    expect(new TextDecoder().decode(memory.bytes.subarray(commandLine, commandLine + 14))).toBe('console=ttyS0\0');
    // Page tables: 2 MiB pages map 0x12345678 to itself.
    const entry = (table: number, index: number): number => Number(memory.readU64(table + index * 8) & 0xffffffff000n);
    const directory = entry(entry(plan.cpu.cr3, 0), 0);
    expect(memory.readU64(directory + (0x12345678 >>> 21) * 8)).toBe(BigInt(0x12200000 + 0x83));
    expect([plan.cpu.cr4 & 0x20, plan.cpu.efer, plan.cpu.flags & 0x200]).toEqual([0x20, 0x500, 0]);
  });

  it('enters the same kernel by its 32-bit entry without long mode', () => {
    const memory = createTestMemory(64 * MIB);
    const plan = prepareDirectBoot(memory, input(bzImage({ version: 0x20f, xloadflags: 1 }), { hasLongMode: false }));
    expect([plan.protocol, plan.cpu.ip, plan.cpu.cr0 & 0x80000001]).toEqual(['linux-32', 0x1000000, 1]);
    expect(plan.cpu.segments.cs).toMatchObject({ selector: 0x10, base: 0, limit: 0xffffffff });
    expect(memory.readU64(plan.cpu.gdtr.base + 0x10)).toBe(0x00cf9b000000ffffn);
  });

  it('moves a relocatable kernel down when its preferred place is beyond memory', () => {
    const memory = createTestMemory(16 * MIB);
    const plan = prepareDirectBoot(memory, input(bzImage({ version: 0x20f }), { lowUsableEnd: 15 * MIB }));
    expect(plan.cpu.ip).toBe(2 * MIB);
  });

  it.each([
    ['protocol 2.07', { version: 0x207 }, ''],
    ['a video mode asked for', { version: 0x20f, xloadflags: 1 }, 'vga=791'],
  ] as const)('runs the real-mode setup code for %s', (_name, shape, commandLine) => {
    const memory = createTestMemory(64 * MIB);
    const plan = prepareDirectBoot(memory, input(bzImage(shape), { commandLine }));
    expect(plan.protocol).toBe('linux-16');
    expect(plan.cpu.segments.cs.selector - plan.cpu.segments.ds.selector).toBe(0x20);
    expect(memory.readU32(MIB)).toBe(0xefbeadde);
    const setup = plan.cpu.segments.ds.base;
    expect(memory.readU8(setup + 0x211) & 0x80).toBe(0x80);
    expect(memory.readU16(setup + 0x1fa)).toBe(commandLine === '' ? 0 : 791);
  });

  it('places a zImage low and an old command line by its magic', () => {
    const memory = createTestMemory(64 * MIB);
    prepareDirectBoot(memory, input(bzImage({ version: 0x0201, loadflags: 0 })));
    expect(memory.readU32(0x10000)).toBe(0xefbeadde);
    expect(memory.readU16(0x90020)).toBe(0xa33f);
    const at = 0x90000 + memory.readU16(0x90022);
    expect(memory.readU8(at)).toBe('c'.charCodeAt(0));
  });

  it.each([
    [
      'too little memory',
      bzImage({ version: 0x20f, isRelocatable: false }),
      { lowUsableEnd: 17 * MIB },
      /at least 25 MiB/,
    ],
    ['a huge initrd', bzImage({ version: 0x20f }), { initrd: new Uint8Array(60 * MIB) }, /initrd does not fit/],
    ['a long command line', bzImage({ version: 0x20f }), { commandLine: 'x'.repeat(3000) }, /3000 bytes.*at most 2047/],
    ['a cut file', bzImage({ version: 0x20f }).slice(0, 2048), {}, /truncated/],
    ['another file', new Uint8Array(10000), {}, /neither a Linux bzImage nor/],
    ['an empty file', new Uint8Array(0), {}, /neither a Linux bzImage nor/],
  ])('refuses %s', (_name, kernel, more, message) => {
    const act = (): unknown => prepareDirectBoot(createTestMemory(64 * MIB), input(kernel, more));
    expect(act).toThrow(OspiteError);
    expect(act).toThrow(message);
  });
});

/** ELF64 with one PT_LOAD of 16 bytes (32 in memory) at 2 MiB and, if wanted, a PVH note. */
function elf(hasNote: boolean): Uint8Array {
  const file = new Uint8Array(0x200);
  const view = new DataView(file.buffer);
  file.set([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1]);
  view.setUint16(16, 2, true);
  view.setUint16(18, 62, true);
  view.setBigUint64(24, 0x200008n, true);
  view.setBigUint64(32, 64n, true);
  view.setUint16(54, 56, true);
  view.setUint16(56, hasNote ? 2 : 1, true);
  const header = (
    at: number,
    type: number,
    offset: number,
    gpa: number,
    fileBytes: number,
    memoryBytes: number,
  ): void => {
    view.setUint32(at, type, true);
    view.setBigUint64(at + 8, BigInt(offset), true);
    view.setBigUint64(at + 24, BigInt(gpa), true);
    view.setBigUint64(at + 32, BigInt(fileBytes), true);
    view.setBigUint64(at + 40, BigInt(memoryBytes), true);
  };
  header(64, 1, 0x180, 2 * MIB, 16, 32);
  if (hasNote) header(120, 4, 0x1a0, 0, 20, 20);
  file.fill(0x90, 0x180, 0x190);
  view.setUint32(0x1a0, 4, true);
  view.setUint32(0x1a4, 4, true);
  view.setUint32(0x1a8, 18, true);
  file.set([0x58, 0x65, 0x6e, 0], 0x1ac);
  view.setUint32(0x1b0, 0x200004, true);
  return file;
}

describe('ELF kernels', () => {
  it('enters PVH kernels with start_info', () => {
    const memory = createTestMemory(64 * MIB);
    memory.bytes.fill(0xaa, 2 * MIB, 2 * MIB + 64);
    const plan = prepareDirectBoot(memory, input(elf(true), { initrd: Uint8Array.of(7) }));
    expect([plan.protocol, plan.cpu.ip]).toEqual(['pvh', 0x200004]);
    const info = plan.cpu.gpr[EBX]!;
    expect(memory.readU32(info)).toBe(0x336ec578);
    expect(memory.readU8(Number(memory.readU64(Number(memory.readU64(info + 16)))))).toBe(7);
    expect(memory.readU64(info + 32)).toBe(0xf0010n);
    expect(memory.readU32(info + 48)).toBe(buildE820(testMachine).length);
    expect([memory.readU8(2 * MIB + 15), memory.readU8(2 * MIB + 16), memory.readU8(2 * MIB + 31)]).toEqual([
      0x90, 0, 0,
    ]);
    expect(memory.readU8(2 * MIB + 32)).toBe(0xaa);
  });

  it('enters Multiboot kernels with memory and module lists', () => {
    const memory = createTestMemory(64 * MIB);
    const file = elf(false);
    const view = new DataView(file.buffer);
    view.setUint32(0x1c0, 0x1badb002, true);
    view.setUint32(0x1c4, 3, true);
    view.setUint32(0x1c8, -(0x1badb002 + 3) >>> 0, true);
    const plan = prepareDirectBoot(memory, input(file, { initrd: Uint8Array.of(9) }));
    expect([plan.protocol, plan.cpu.ip, plan.cpu.gpr[0]]).toEqual(['multiboot', 0x200008, 0x2badb002]);
    const info = plan.cpu.gpr[EBX]!;
    expect(memory.readU32(info) & 0x4d).toBe(0x4d);
    expect(memory.readU8(memory.readU32(memory.readU32(info + 24)))).toBe(9);
    expect(memory.readU32(memory.readU32(info + 48))).toBe(20);
  });

  it('refuses segments outside memory', () => {
    const file = elf(true);
    new DataView(file.buffer).setBigUint64(64 + 24, 0x80000000n, true);
    expect(() => prepareDirectBoot(createTestMemory(64 * MIB), input(file))).toThrow(/wants memory at 0x80000000/);
  });
});
