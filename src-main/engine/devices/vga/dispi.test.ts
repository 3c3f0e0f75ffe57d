import { describe, expect, it } from 'vitest';
import { createDeviceBench, type DeviceBench } from '../../../../test/harness/device-bench.ts';
import { programTestPalette, setVgaMode, testColor, vgaModes } from '../../../../test/harness/vga-modes.ts';
import { createVga } from './index.ts';
import * as r from './registers.ts';

function dispiBench() {
  const bench = createDeviceBench();
  const vga = createVga({ kind: 'vga', videoMemoryMiB: 4 }, bench.ctx, { id: 'vga0' });
  bench.ports.read(0x3da, 1);
  bench.ports.write(0x3c0, 1, 0x20);
  const memory = bench.memories[0]!;
  return {
    bench,
    vga,
    memory,
    vram: new DataView(memory.bytes.buffer),
    pixels: () => {
      const { width, height } = vga.display.size();
      const rgba = new Uint8Array(width * height * 4);
      vga.display.render(rgba, true);
      return { width, view: new Uint32Array(rgba.buffer) };
    },
  };
}

function dispiWrite(bench: DeviceBench, index: number, value: number): void {
  bench.ports.write(0x1ce, 2, index);
  bench.ports.write(0x1cf, 2, value);
}

function dispiRead(bench: DeviceBench, index: number): number {
  bench.ports.write(0x1ce, 2, index);
  return bench.ports.read(0x1cf, 2);
}

function setMode(bench: DeviceBench, width: number, height: number, bpp: number, flags = 0): void {
  dispiWrite(bench, r.VBE_DISPI_INDEX_ENABLE, 0);
  dispiWrite(bench, r.VBE_DISPI_INDEX_XRES, width);
  dispiWrite(bench, r.VBE_DISPI_INDEX_YRES, height);
  dispiWrite(bench, r.VBE_DISPI_INDEX_BPP, bpp);
  dispiWrite(bench, r.VBE_DISPI_INDEX_ENABLE, r.VBE_DISPI_ENABLED | r.VBE_DISPI_LFB_ENABLED | flags);
}

it('identifies itself as B0C5 and takes older identities for compatibility', () => {
  const { bench } = dispiBench();
  expect(dispiRead(bench, r.VBE_DISPI_INDEX_ID)).toBe(0xb0c5);
  dispiWrite(bench, r.VBE_DISPI_INDEX_ID, 0xb0c2);
  dispiWrite(bench, r.VBE_DISPI_INDEX_ID, 0x1234);
  expect(dispiRead(bench, r.VBE_DISPI_INDEX_ID)).toBe(0xb0c2);
});

it('tells its limits under GETCAPS and its memory in 64 KiB units', () => {
  const { bench } = dispiBench();
  dispiWrite(bench, r.VBE_DISPI_INDEX_ENABLE, r.VBE_DISPI_GETCAPS);
  expect([r.VBE_DISPI_INDEX_XRES, r.VBE_DISPI_INDEX_BPP].map((index) => dispiRead(bench, index))).toEqual([4096, 32]);
  expect(dispiRead(bench, r.VBE_DISPI_INDEX_VIDEO_MEMORY_64K)).toBe(64);
});

describe('pixel formats', () => {
  it.each([
    { bpp: 32, bytes: 4, stored: 0x00112233, shown: 0xff332211 },
    { bpp: 24, bytes: 3, stored: 0x112233, shown: 0xff332211 },
    { bpp: 16, bytes: 2, stored: (31 << 11) | (32 << 5) | 1, shown: 0xff0882ff },
    { bpp: 15, bytes: 2, stored: (1 << 10) | (16 << 5) | 31, shown: 0xffff8408 },
    { bpp: 8, bytes: 1, stored: 201, shown: testColor(201) },
  ])('shows $bpp bits per pixel', ({ bpp, bytes, stored, shown }) => {
    const { bench, memory, vga, pixels } = dispiBench();
    programTestPalette(bench.ports);
    setMode(bench, 640, 480, bpp);
    for (let i = 0; i < bytes; i++) memory.bytes[(640 * 479 + 639) * bytes + i] = stored >>> (8 * i);
    const { view } = pixels();
    expect(vga.display.size()).toEqual({ width: 640, height: 480 });
    expect([view[640 * 480 - 1]! >>> 0, view[0]! >>> 0]).toEqual([shown, 0xff000000]);
  });

  it('shows 800 x 600 in four planes, drawn through the legacy window', () => {
    const { bench, pixels } = dispiBench();
    setVgaMode(bench.ports, vgaModes.vga640);
    programTestPalette(bench.ports);
    setMode(bench, 800, 600, 4);
    bench.ports.write(0x3c4, 2, 0x0502);
    bench.mmio.write(0xa0000 + 100 * 599 + 99, 1, 0x01);
    const { view } = pixels();
    expect([view[800 * 600 - 1], view[800 * 600 - 2]]).toEqual([testColor(5), testColor(0)]);
  });

  it('widens the palette to eight bits on request', () => {
    const { bench, memory, pixels } = dispiBench();
    setMode(bench, 640, 480, 8, r.VBE_DISPI_8BIT_DAC);
    bench.ports.write(0x3c8, 1, 9);
    for (const value of [0xfe, 0x81, 0x03]) bench.ports.write(0x3c9, 1, value);
    memory.bytes[0] = 9;
    expect(pixels().view[0]).toBe(0xff0381fe);
    bench.ports.write(0x3c7, 1, 9);
    expect([0, 1, 2].map(() => bench.ports.read(0x3c9, 1))).toEqual([0xfe, 0x81, 0x03]);
  });
});

it('clears memory on enabling unless told not to', () => {
  const { bench, memory } = dispiBench();
  memory.bytes[12345] = 7;
  setMode(bench, 640, 480, 32, r.VBE_DISPI_NOCLEARMEM);
  expect(memory.bytes[12345]).toBe(7);
  setMode(bench, 640, 480, 32);
  expect(memory.bytes[12345]).toBe(0);
});

it('scrolls within a virtual screen and cuts offsets that leave it', () => {
  const { bench, vram, pixels } = dispiBench();
  setMode(bench, 640, 480, 32);
  dispiWrite(bench, r.VBE_DISPI_INDEX_VIRT_WIDTH, 1024);
  expect(dispiRead(bench, r.VBE_DISPI_INDEX_VIRT_HEIGHT)).toBe(1024);
  dispiWrite(bench, r.VBE_DISPI_INDEX_X_OFFSET, 3);
  dispiWrite(bench, r.VBE_DISPI_INDEX_Y_OFFSET, 500);
  vram.setUint32((500 * 1024 + 3) * 4, 0x0000ff, true);
  expect(pixels().view[0]).toBe(0xffff0000);
  dispiWrite(bench, r.VBE_DISPI_INDEX_X_OFFSET, 60000);
  dispiWrite(bench, r.VBE_DISPI_INDEX_Y_OFFSET, 60000);
  expect([r.VBE_DISPI_INDEX_X_OFFSET, r.VBE_DISPI_INDEX_Y_OFFSET].map((i) => dispiRead(bench, i))).toEqual([384, 544]);
});

it('cuts a mode that does not fit its memory instead of reading beyond it', () => {
  const { bench, vga } = dispiBench();
  setMode(bench, 4096, 2400, 32);
  expect(vga.display.size()).toEqual({ width: 4096, height: 256 });
  expect(dispiRead(bench, r.VBE_DISPI_INDEX_YRES)).toBe(256);
});

it('moves 64 KiB banks of linear memory through 0xa0000', () => {
  const { bench, memory } = dispiBench();
  setMode(bench, 640, 480, 8);
  dispiWrite(bench, r.VBE_DISPI_INDEX_BANK, 3);
  bench.mmio.write(0xaffff, 1, 0x5a);
  bench.mmio.write(0xa0000, 4, 0x04030201);
  expect(memory.bytes[0x3ffff]).toBe(0x5a);
  expect(Array.from(memory.bytes.subarray(0x30000, 0x30004))).toEqual([1, 2, 3, 4]);
  expect([bench.mmio.read(0xa0000, 4), bench.mmio.read(0xb8000, 2)]).toEqual([0x04030201, 0xffff]);
});

it('answers on PCI as 1234:1111 with framebuffer and register BARs', () => {
  const { bench, memory, vga } = dispiBench();
  const pci = bench.pci.functions[0]!;
  expect([pci.configRead(0, 4), pci.configRead(8, 4) >>> 8]).toEqual([0x11111234, 0x030000]);
  const bar = pci.description.bars![0]!;
  expect([bar.kind, bar.sizeBytes]).toEqual(['memory', 4 << 20]);
  if (bar.kind === 'memory') bar.place(0xfd000000);
  expect([memory.mappedAt, memory.isWritable, memory.isLogged]).toEqual([0xfd000000, true, true]);
  // DISPI index 0, and mode setting through BAR 2 as Linux's bochs driver does it.
  expect(pci.barRead(2, 0x500, 2)).toBe(0xb0c5);
  for (const [index, value] of [
    [r.VBE_DISPI_INDEX_BPP, 32],
    [r.VBE_DISPI_INDEX_XRES, 1024],
    [r.VBE_DISPI_INDEX_YRES, 768],
    [r.VBE_DISPI_INDEX_ENABLE, 0x41],
  ] as const) {
    pci.barWrite(2, 0x500 + 2 * index, 2, value);
  }
  expect(vga.display.size()).toEqual({ width: 1024, height: 768 });
  // Blanking: colour ports, flip-flop reset, palette source off.
  pci.barWrite(2, 0x402, 1, 0x01);
  pci.barRead(2, 0x41a, 1);
  pci.barWrite(2, 0x400, 1, 0x00);
  expect(bench.ports.read(0x3c0, 1)).toBe(0);
});

it('describes a monitor through an EDID with a valid checksum and preferred mode', () => {
  const { bench } = dispiBench();
  const edid = Array.from({ length: 128 }, (_, i) => bench.pci.functions[0]!.barRead(2, i, 1));
  expect(edid.slice(0, 8)).toEqual([0, 255, 255, 255, 255, 255, 255, 0]);
  expect(edid.reduce((sum, byte) => sum + byte, 0) % 256).toBe(0);
  expect([edid[56]! | ((edid[58]! >> 4) << 8), edid[59]! | ((edid[61]! >> 4) << 8)]).toEqual([1280, 800]);
});

it('draws only the lines whose pages the guest wrote', () => {
  const { bench, memory, vga } = dispiBench();
  const bar = bench.pci.functions[0]!.description.bars![0]!;
  if (bar.kind === 'memory') bar.place(0xfd000000);
  setMode(bench, 1024, 768, 32);
  const rgba = new Uint8Array(1024 * 768 * 4);
  expect(vga.display.render(rgba, false)).toEqual([{ x: 0, y: 0, width: 1024, height: 768 }]);
  memory.touch(100 * 4096);
  memory.touch(101 * 4096);
  memory.touch(700 * 4096);
  expect(vga.display.render(rgba, false)).toEqual([
    { x: 0, y: 100, width: 1024, height: 2 },
    { x: 0, y: 700, width: 1024, height: 1 },
  ]);
  expect(vga.display.render(rgba, false)).toEqual([]);
});
