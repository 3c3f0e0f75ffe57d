import { describe, expect, it } from 'vitest';
import { BenchMemory } from '../../../test/harness/device-bench.ts';
import { MmioBus } from '../bus/mmio-bus.ts';
import { hasVariableStore } from './firmware-image.ts';
import { Flash } from './flash.ts';

const GPA = 0xffc00000;

function createFlash(isWritable = true) {
  const memory = new BenchMemory(0x4000, 'flash');
  memory.bytes.fill(0xff);
  const mmio = new MmioBus();
  const changes: number[][] = [];
  const flash = new Flash({
    id: 'flash',
    gpa: GPA,
    memory,
    mapMmio: (gpa, length, handler) => mmio.map(gpa, length, handler),
    isWritable,
    onChanged: (start, end) => changes.push([start, end]),
  });
  const write = (offset: number, value: number): void => mmio.write(GPA + offset, 1, value);
  const read = (offset: number): number => mmio.read(GPA + offset, 1);
  return { flash, memory, changes, write, read };
}

describe('CFI flash', () => {
  it('is plain memory in read-array mode and answers status after a command', () => {
    const { memory, read, write } = createFlash();
    const before = memory.mappedAt;
    write(0, 0x70);
    const during = memory.mappedAt;
    const status = read(0x123);
    write(0, 0xff);

    expect([before, during, status, memory.mappedAt]).toEqual([GPA, null, 0x80, GPA]);
  });

  it('is recognised by UEFI: status cleared reads zero', () => {
    const { read, write } = createFlash();
    write(5, 0x50);
    write(5, 0x70);

    expect(read(5)).toBe(0);
  });

  it('programs by clearing bits only, and erases whole blocks', () => {
    const { changes, memory, write } = createFlash();
    write(0x1003, 0x10);
    write(0x1003, 0x5a);
    write(0x1003, 0x40);
    write(0x1003, 0xf0);
    const programmed = memory.bytes[0x1003];
    write(0x1fff, 0x20);
    write(0x1fff, 0xd0);

    expect([programmed, memory.bytes[0x1003], changes.at(-1)]).toEqual([0x50, 0xff, [0x1000, 0x2000]]);
  });

  it('programs buffers after confirmation', () => {
    const { memory, write } = createFlash();
    write(0x40, 0xe8);
    write(0x40, 2);
    for (const [offset, value] of [
      [0x40, 1],
      [0x41, 2],
      [0x42, 3],
    ] as const)
      write(offset, value);
    const before = memory.bytes[0x41];
    write(0x40, 0xd0);

    expect([before, [...memory.bytes.subarray(0x40, 0x43)]]).toEqual([0xff, [1, 2, 3]]);
  });

  it('refuses to change when read-only, and says so in the status', () => {
    const { memory, read, write } = createFlash(false);
    write(0, 0x10);
    write(0, 0);

    expect([memory.bytes[0], read(0) & 0x10]).toEqual([0xff, 0x10]);
  });

  it('answers a CFI query with its geometry', () => {
    const { read, write } = createFlash();
    write(0x55, 0x98);

    expect([0x10, 0x11, 0x12, 0x27, 0x2d, 0x2f].map(read)).toEqual([0x51, 0x52, 0x59, 14, 3, 16]);
  });
});

describe('firmware images', () => {
  it('recognises a variable store by its volume header', () => {
    const image = new Uint8Array(0x1000);
    image.set([0x8d, 0x2b, 0xf1, 0xff, 0x96, 0x76, 0x8b, 0x4c, 0xa9, 0x85, 0x27, 0x47, 0x07, 0x5b, 0x4f, 0x50], 0x10);
    image.set([0x5f, 0x46, 0x56, 0x48], 0x28);

    expect([hasVariableStore(image), hasVariableStore(new Uint8Array(0x1000))]).toEqual([true, false]);
  });
});
