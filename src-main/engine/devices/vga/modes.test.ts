import { describe, expect, it } from 'vitest';
import { createDeviceBench, type DeviceBench } from '../../../../test/harness/device-bench.ts';
import {
  programTestPalette,
  setVgaMode,
  testColor,
  type VgaModeRegisters,
  vgaModes,
} from '../../../../test/harness/vga-modes.ts';
import { createVga } from './index.ts';
import type { Vga } from './vga.ts';

interface Shown {
  bench: DeviceBench;
  vga: Vga;
  /** Pixel as 0xAABBGGRR after a render of what changed. */
  pixel(x: number, y: number): number;
}

function show(mode: VgaModeRegisters): Shown {
  const bench = createDeviceBench();
  const vga = createVga({ kind: 'vga', videoMemoryMiB: 4 }, bench.ctx, { id: 'vga0' });
  setVgaMode(bench.ports, mode);
  programTestPalette(bench.ports);
  let rgba = new Uint8Array(0);
  return {
    bench,
    vga,
    pixel: (x, y) => {
      const { width, height } = vga.display.size();
      if (rgba.length !== width * height * 4) rgba = new Uint8Array(width * height * 4);
      vga.display.render(rgba, false);
      return new DataView(rgba.buffer).getUint32((y * width + x) * 4, true);
    },
  };
}

/** Stores an 8x16 glyph for a character in font map 0 through plane 2, as a BIOS does. */
function loadGlyph(bench: DeviceBench, character: number, rows: readonly number[], font = 0): void {
  bench.ports.write(0x3c4, 2, 0x0402);
  bench.ports.write(0x3c4, 2, 0x0604);
  bench.ports.write(0x3ce, 2, 0x0005);
  bench.ports.write(0x3ce, 2, 0x0406);
  rows.forEach((row, i) => {
    bench.mmio.write(0xa0000 + font + character * 32 + i, 1, row);
  });
  bench.ports.write(0x3c4, 2, 0x0302);
  bench.ports.write(0x3c4, 2, 0x0204);
  bench.ports.write(0x3ce, 2, 0x1005);
  bench.ports.write(0x3ce, 2, 0x0e06);
}

/** The colour that attribute value `i` shows with the colour palette of `vgaModes.text80`. */
function cgaColor(i: number): number {
  return testColor(vgaModes.text80.attribute[i]!);
}

const stripes = [0x80, 0x01, 0xff, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x18];

describe('text modes', () => {
  it('draws glyph dots in the foreground colour over the background', () => {
    const { bench, vga, pixel } = show(vgaModes.text80);
    loadGlyph(bench, 0x41, stripes);
    bench.mmio.write(0xb8000 + 2 * (80 * 2 + 3), 2, 0x1e41);
    expect(vga.display.size()).toEqual({ width: 720, height: 400 });
    const [x, y] = [3 * 9, 2 * 16];
    expect([pixel(x, y), pixel(x + 1, y), pixel(x + 7, y + 1)]).toEqual([cgaColor(14), cgaColor(1), cgaColor(14)]);
    expect([pixel(x + 8, y + 2), pixel(x + 3, y + 15)]).toEqual([cgaColor(1), cgaColor(14)]);
  });

  it('repeats the eighth dot only for line-graphics characters', () => {
    const { bench, pixel } = show(vgaModes.text80);
    loadGlyph(bench, 0xc4, stripes);
    loadGlyph(bench, 0xe0, stripes);
    bench.mmio.write(0xb8000, 4, 0x07e0_07c4);
    expect([pixel(8, 2), pixel(17, 2)]).toEqual([cgaColor(7), cgaColor(0)]);
  });

  it('uses the second font for attribute bit 3 when the maps differ', () => {
    const { bench, pixel } = show(vgaModes.text80);
    loadGlyph(bench, 0x41, [0xff]);
    loadGlyph(bench, 0x41, [0x00], 0x4000);
    bench.ports.write(0x3c4, 2, 0x0403);
    bench.mmio.write(0xb8000, 4, 0x0f41_0741);
    expect([pixel(0, 0), pixel(9, 0)]).toEqual([cgaColor(7), cgaColor(0)]);
  });

  it('doubles dots in 40-column modes', () => {
    const { bench, vga, pixel } = show(vgaModes.text40);
    loadGlyph(bench, 0x41, stripes);
    bench.mmio.write(0xb8000 + 2, 2, 0x0741);
    expect(vga.display.size()).toEqual({ width: 720, height: 400 });
    expect([17, 18, 19, 20].map((x) => pixel(x, 0))).toEqual([0, 7, 7, 0].map(cgaColor));
  });

  it('underlines attribute 1 in monochrome and shows memory at 0xb0000', () => {
    const { bench, vga, pixel } = show(vgaModes.mono);
    bench.mmio.write(0xb0000, 4, 0x0120_0720);
    // Underline at scan 15: attribute 1 shows DAC entry 8 across all nine dots.
    expect([pixel(17, 15), pixel(17, 14), pixel(18, 15)]).toEqual([testColor(8), testColor(0), testColor(0)]);
    expect(vga.display.text()?.cells.subarray(0, 4)).toEqual(Uint8Array.of(0x20, 7, 0x20, 1));
  });

  it('shows the cursor between its scan lines, blinking every eight frames', () => {
    const { bench, vga, pixel } = show(vgaModes.text80);
    bench.mmio.write(0xb8000, 4, 0x0720_0720);
    bench.ports.write(0x3d4, 2, 0x010f);
    expect([pixel(9, 12), pixel(9, 13), pixel(17, 14), pixel(9, 15)]).toEqual([0, 7, 7, 0].map(cgaColor));
    expect(vga.display.text()?.cursor).toEqual({ column: 1, row: 0 });
    bench.clock.advance(8 * 14.3e6);
    const rgba = new Uint8Array(720 * 400 * 4);
    vga.display.render(rgba, true);
    bench.clock.advance(8 * 14.3e6);
    expect(vga.display.render(rgba, false)).toEqual([{ x: 9, y: 0, width: 9, height: 16 }]);
    bench.ports.write(0x3d4, 2, 0x2d0a);
    expect(vga.display.text()?.cursor).toBeNull();
    expect(pixel(9, 13)).toBe(cgaColor(0));
  });

  it('blinks cells with attribute bit 7, or shows bright backgrounds when blinking is off', () => {
    const { bench, pixel } = show(vgaModes.text80);
    loadGlyph(bench, 0x41, [0xff]);
    bench.ports.write(0x3d4, 2, 0x200a);
    bench.mmio.write(0xb8000, 2, 0x9741);
    expect([pixel(0, 0), pixel(0, 1)]).toEqual([cgaColor(7), cgaColor(1)]);
    bench.clock.advance(16 * 14.3e6);
    expect(pixel(0, 0)).toBe(cgaColor(1));
    bench.ports.read(0x3da, 1);
    for (const value of [0x30, 0x04]) bench.ports.write(0x3c0, 1, value);
    expect([pixel(0, 0), pixel(0, 1)]).toEqual([cgaColor(7), cgaColor(9)]);
  });

  it('scrolls by start address, splits at line compare and pans below the split only when told', () => {
    const { bench, vga, pixel } = show(vgaModes.text80);
    bench.ports.write(0x3d4, 2, 0x200a);
    for (let row = 0; row < 30; row++) bench.mmio.write(0xb8000 + row * 160, 2, (row << 12) | 0x20);
    // Attribute bit 7 is background here, not blinking.
    bench.ports.read(0x3da, 1);
    for (const value of [0x30, 0x04]) bench.ports.write(0x3c0, 1, value);
    bench.ports.write(0x3d4, 2, ((80 * 3) << 8) | 0x0d);
    expect([pixel(0, 0), pixel(0, 16)]).toEqual([cgaColor(3), cgaColor(4)]);
    // Split after scan line 31: row 2 on screen comes from address 0.
    bench.ports.write(0x3d4, 2, 0x0f07);
    bench.ports.write(0x3d4, 2, 0x0f09);
    bench.ports.write(0x3d4, 2, 0x1f18);
    expect([pixel(0, 31), pixel(0, 32), pixel(0, 48)]).toEqual([cgaColor(4), cgaColor(0), cgaColor(1)]);
    expect(vga.display.text()?.cells[1]).toBe(0x30);
    // Two dots to the left above the split; compatible panning leaves the lower part alone.
    bench.ports.read(0x3da, 1);
    for (const value of [0x33, 0x01, 0x30, 0x24]) bench.ports.write(0x3c0, 1, value);
    expect([pixel(6, 0), pixel(7, 0), pixel(8, 48)]).toEqual([cgaColor(3), cgaColor(0), cgaColor(1)]);
  });
});

describe('CGA graphics modes', () => {
  it('shows 2-bit pixels and interleaves odd lines 8 KiB on', () => {
    const { bench, vga, pixel } = show(vgaModes.cga4);
    bench.mmio.write(0xb8000, 1, 0b00_01_10_11);
    bench.mmio.write(0xb8000 + 0x2000 + 1, 1, 0b11_00_00_00);
    bench.mmio.write(0xb8000 + 80, 1, 0b10_00_00_00);
    const color = (i: number) => testColor(vgaModes.cga4.attribute[i]!);
    expect(vga.display.size()).toEqual({ width: 640, height: 400 });
    expect([0, 2, 4, 6].map((x) => pixel(x, 1))).toEqual([0, 1, 2, 3].map(color));
    expect([pixel(8, 2), pixel(8, 1), pixel(0, 4)]).toEqual([color(3), color(0), color(2)]);
  });

  it('shows 640 single-bit pixels a line', () => {
    const { bench, vga, pixel } = show(vgaModes.cga2);
    bench.mmio.write(0xb8000 + 79, 1, 0x01);
    bench.mmio.write(0xb8000 + 0x2000, 1, 0x80);
    expect(vga.display.size()).toEqual({ width: 640, height: 400 });
    expect([pixel(639, 0), pixel(638, 0), pixel(0, 2), pixel(0, 0)]).toEqual(
      [0x17, 0, 0x17, 0].map((entry) => testColor(entry)),
    );
  });
});

describe('planar modes', () => {
  it('combines one bit of each plane into a pixel', () => {
    const { bench, vga, pixel } = show(vgaModes.vga640);
    for (let plane = 0; plane < 4; plane++) {
      bench.ports.write(0x3c4, 2, (0x100 << plane) | 2);
      bench.mmio.write(0xa0000 + 80 * 479 + 79, 1, [0b1010_1010, 0b0110_0110, 0b0001_1110, 0b0000_0001][plane]!);
    }
    expect(vga.display.size()).toEqual({ width: 640, height: 480 });
    expect([632, 633, 634, 635, 636, 637, 638, 639].map((x) => pixel(x, 479))).toEqual(
      [1, 2, 3, 4, 5, 6, 7, 8].map(cgaColor),
    );
  });

  it('doubles both ways at 320 x 200', () => {
    const { bench, vga, pixel } = show(vgaModes.ega320);
    bench.mmio.write(0xa0000 + 40, 1, 0x40);
    expect(vga.display.size()).toEqual({ width: 640, height: 400 });
    const lit = [pixel(2, 2), pixel(3, 3), pixel(1, 2), pixel(4, 2), pixel(2, 1), pixel(2, 4)];
    expect(lit).toEqual([15, 15, 0, 0, 0, 0].map(cgaColor));
  });

  it('pans by dots and masks planes that the attribute controller disables', () => {
    const { bench, pixel } = show(vgaModes.vga640);
    bench.mmio.write(0xa0000 + 1, 1, 0x80);
    bench.ports.read(0x3da, 1);
    for (const value of [0x33, 0x03, 0x32, 0x05]) bench.ports.write(0x3c0, 1, value);
    expect([pixel(4, 0), pixel(5, 0), pixel(6, 0)]).toEqual([0, 5, 0].map(cgaColor));
  });
});

describe('256-colour modes', () => {
  it('shows chain-4 bytes as pixels of two by two', () => {
    const { bench, vga, pixel } = show(vgaModes.vga256);
    for (const [x, y] of [
      [0, 0],
      [319, 0],
      [5, 60],
      [319, 199],
    ] as const) {
      bench.mmio.write(0xa0000 + 320 * y + x, 1, (x + y) & 0xff);
    }
    expect(vga.display.size()).toEqual({ width: 640, height: 400 });
    expect([pixel(638, 1), pixel(10, 121), pixel(639, 399)]).toEqual([319, 65, 518].map((v) => testColor(v & 0xff)));
  });

  it('shows unchained planes as every fourth pixel', () => {
    const { bench, vga, pixel } = show(vgaModes.modeX);
    for (let plane = 0; plane < 4; plane++) {
      bench.ports.write(0x3c4, 2, (0x100 << plane) | 2);
      bench.mmio.write(0xa0000 + 80 * 239 + 2, 1, 100 + plane);
    }
    expect(vga.display.size()).toEqual({ width: 640, height: 480 });
    expect([16, 18, 20, 22].map((x) => pixel(x, 479))).toEqual([100, 101, 102, 103].map(testColor));
  });

  it('flips pages of mode X by start address', () => {
    const { bench, pixel } = show(vgaModes.modeX);
    bench.mmio.write(0xa0000 + 0x4b00, 1, 77);
    expect(pixel(0, 0)).toBe(testColor(0));
    bench.ports.write(0x3d4, 2, 0x4b0c);
    expect([pixel(0, 0), pixel(0, 2)]).toEqual([testColor(77), testColor(0)]);
  });
});

it('is dark before any mode is set and while the screen is off', () => {
  const { bench, vga, pixel } = show(vgaModes.vga256);
  bench.mmio.write(0xa0000, 1, 63);
  bench.ports.write(0x3c4, 2, 0x2101);
  expect(pixel(0, 0)).toBe(0xff000000);
  bench.ports.write(0x3c4, 2, 0x0101);
  expect(pixel(0, 0)).toBe(testColor(63));
  vga.reset();
  expect(pixel(0, 0)).toBe(0xff000000);
  expect(vga.display.text()).toBeNull();
});
