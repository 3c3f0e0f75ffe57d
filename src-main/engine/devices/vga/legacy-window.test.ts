import { describe, expect, it } from 'vitest';
import { createDeviceBench } from '../../../../test/harness/device-bench.ts';
import { setVgaMode, vgaModes } from '../../../../test/harness/vga-modes.ts';
import { createVga } from './index.ts';

function planarBench() {
  const bench = createDeviceBench();
  createVga({ kind: 'vga', videoMemoryMiB: 4 }, bench.ctx, { id: 'vga0' });
  setVgaMode(bench.ports, vgaModes.vga640);
  const memory = bench.memories[0]!.bytes;
  return {
    ...bench,
    /** The four plane bytes at plane offset `at`. */
    planes: (at: number) => Array.from(memory.subarray(at * 4, at * 4 + 4)),
    setPlanes: (at: number, values: readonly number[]) => memory.set(values, at * 4),
    graphics: (index: number, value: number) => bench.ports.write(0x3ce, 2, index | (value << 8)),
    sequencer: (index: number, value: number) => bench.ports.write(0x3c4, 2, index | (value << 8)),
    read: (at: number, size = 1) => bench.mmio.read(0xa0000 + at, size),
    write: (at: number, value: number, size = 1) => bench.mmio.write(0xa0000 + at, size, value),
  };
}

describe('write mode 0', () => {
  const old = [0x0f, 0xf0, 0x33, 0xcc];
  // Written 0xa5 with rotation 4 becomes 0x5a; bit mask 0x3c; set/reset 1 on plane 0 and 0 on plane 1.
  it.each([
    { name: 'replace', operation: 0, expected: [0x3f, 0xc0, 0x1b, 0xd8] },
    { name: 'and', operation: 1, expected: [0x0f, 0xc0, 0x13, 0xc8] },
    { name: 'or', operation: 2, expected: [0x3f, 0xf0, 0x3b, 0xdc] },
    { name: 'xor', operation: 3, expected: [0x33, 0xf0, 0x2b, 0xd4] },
  ])('rotates, substitutes set/reset, combines with the latches ($name) and applies the bit mask', (row) => {
    const { graphics, planes, setPlanes, read, write } = planarBench();
    setPlanes(7, old);
    graphics(0, 0b0001);
    graphics(1, 0b0011);
    graphics(3, (row.operation << 3) | 4);
    graphics(8, 0x3c);
    read(7);
    write(7, 0xa5);
    expect(planes(7)).toEqual(row.expected);
  });

  it('leaves planes outside the map mask alone', () => {
    const { planes, setPlanes, sequencer, write } = planarBench();
    setPlanes(3, [1, 2, 3, 4]);
    sequencer(2, 0b0110);
    write(3, 0xee);
    expect(planes(3)).toEqual([1, 0xee, 0xee, 4]);
  });

  it('splits wide writes into bytes at consecutive offsets', () => {
    const { planes, write } = planarBench();
    write(0x100, 0x44332211, 4);
    expect([0x100, 0x101, 0x102, 0x103].map((at) => planes(at)[2])).toEqual([0x11, 0x22, 0x33, 0x44]);
  });
});

it('write mode 1 copies the latches whatever is written', () => {
  const { graphics, planes, setPlanes, read, write } = planarBench();
  setPlanes(10, [0x12, 0x34, 0x56, 0x78]);
  graphics(5, 1);
  graphics(8, 0x00);
  read(10);
  write(20, 0xff);
  expect(planes(20)).toEqual([0x12, 0x34, 0x56, 0x78]);
});

it('write mode 2 spreads the low four bits over the planes under the bit mask', () => {
  const { graphics, planes, setPlanes, read, write } = planarBench();
  setPlanes(5, [0xff, 0xff, 0x00, 0x00]);
  graphics(5, 2);
  graphics(8, 0x81);
  read(5);
  write(5, 0b0110);
  expect(planes(5)).toEqual([0x7e, 0xff, 0x81, 0x00]);
});

it('write mode 3 draws the set/reset colour where rotated data and bit mask agree', () => {
  const { graphics, planes, setPlanes, read, write } = planarBench();
  setPlanes(5, [0xaa, 0x55, 0xff, 0x00]);
  graphics(0, 0b1001);
  graphics(3, 1);
  graphics(5, 3);
  graphics(8, 0xf0);
  read(5);
  // 0xe1 rotated right once is 0xf0.
  write(5, 0xe1);
  expect(planes(5)).toEqual([0xfa, 0x05, 0x0f, 0xf0]);
});

it('read mode 0 returns the selected plane, read mode 1 compares colours in the planes that care', () => {
  const { graphics, setPlanes, read } = planarBench();
  setPlanes(9, [0b1010_1010, 0b1100_1100, 0b1111_0000, 0b0000_0001]);
  graphics(4, 2);
  expect(read(9)).toBe(0b1111_0000);
  graphics(5, 8);
  graphics(2, 0b0101);
  graphics(7, 0b0101);
  expect(read(9)).toBe(0b1010_0000);
  graphics(7, 0);
  expect(read(9)).toBe(0xff);
});

it('decodes only the range the graphics controller selects', () => {
  const { graphics, mmio, planes } = planarBench();
  graphics(6, 0x0d);
  mmio.write(0xb8010, 1, 0x5a);
  mmio.write(0xa0010, 1, 0xa5);
  expect([planes(0x10)[0], mmio.read(0xb8010, 1), mmio.read(0xa0010, 1), mmio.read(0xb0010, 1)]).toEqual([
    0x5a, 0x5a, 0xff, 0xff,
  ]);
});

it('does not answer while the RAM enable bit of misc output is clear', () => {
  const { ports, read, write, planes } = planarBench();
  ports.write(0x3c2, 1, 0xe1);
  write(0, 0x77);
  expect([read(0), planes(0)[0]]).toEqual([0xff, 0]);
});

it('stores odd/even and chain-4 bytes where real hardware does', () => {
  const { ports, mmio, planes, sequencer, graphics, read, write } = planarBench();
  setVgaMode(ports, vgaModes.text80);
  mmio.write(0xb8000 + 6, 2, 0x1e41);
  expect([planes(6), planes(3)]).toEqual([
    [0x41, 0x1e, 0, 0],
    [0, 0, 0, 0],
  ]);
  expect(mmio.read(0xb8000 + 6, 4)).toBe(0x1e41);
  setVgaMode(ports, vgaModes.vga256);
  write(0x1001, 0x99);
  sequencer(4, 6);
  graphics(4, 1);
  expect([planes(0x1000), read(0x1000), read(0x1001)]).toEqual([[0, 0x99, 0, 0], 0x99, 0]);
});

it.each([
  { name: 'text', mode: vgaModes.text80, base: 0xb8000 },
  { name: 'chain-4', mode: vgaModes.vga256, base: 0xa0000 },
  { name: 'planar', mode: vgaModes.vga640, base: 0xa0000 },
])('stores wide writes at any alignment like single bytes ($name)', ({ mode, base }) => {
  const [wide, narrow] = [planarBench(), planarBench()];
  for (const { ports } of [wide, narrow]) setVgaMode(ports, mode);
  for (const [offset, size] of [
    [0, 4],
    [0x21, 4],
    [0x42, 4],
    [0x60, 2],
    [0x73, 2],
    [0x7ffe, 4],
  ] as const) {
    wide.mmio.write(base + offset, size, 0xa4b3c2d1);
    for (let i = 0; i < size; i++) narrow.mmio.write(base + offset + i, 1, (0xa4b3c2d1 >>> (8 * i)) & 0xff);
  }
  expect(Buffer.compare(wide.memories[0]!.bytes, narrow.memories[0]!.bytes)).toBe(0);
  expect(wide.mmio.read(base + 0x21, 4)).toBe(0xa4b3c2d1);
});
