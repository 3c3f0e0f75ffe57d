import { describe, expect, it, vi } from 'vitest';
import { createDeviceBench, type DeviceBench } from '../../../../test/harness/device-bench.ts';
import { programTestPalette, setVgaMode, testColor, vgaModes } from '../../../../test/harness/vga-modes.ts';
import { font8x16 } from '../../firmware/font.ts';
import { createVga } from './index.ts';
import type { Vga } from './vga.ts';

function vgaBench(): { bench: DeviceBench; vga: Vga } {
  const bench = createDeviceBench();
  const vga = createVga({ kind: 'vga', videoMemoryMiB: 4 }, bench.ctx, { id: 'vga0' });
  return { bench, vga };
}

/** 80 x 25 text with our font, saying something in the upper left. */
function textBench() {
  const { bench, vga } = vgaBench();
  setVgaMode(bench.ports, vgaModes.text80);
  programTestPalette(bench.ports);
  const memory = bench.memories[0]!.bytes;
  for (let i = 0; i < 256 * 16; i++) memory[(((i >> 4) * 32 + (i & 15)) << 2) | 2] = font8x16[i]!;
  for (let i = 0; i < 2000; i++) bench.mmio.write(0xb8000 + 2 * i, 2, 0x0720);
  [...'Ready.'].forEach((character, i) => {
    bench.mmio.write(0xb8000 + 2 * i, 1, character.charCodeAt(0));
  });
  const rgba = new Uint8Array(720 * 400 * 4);
  return { bench, vga, rgba, display: vga.display };
}

describe('idle cost', () => {
  it('returns nothing and leaves the buffer alone while nothing changes', () => {
    const { display, rgba, bench } = textBench();
    bench.ports.write(0x3d4, 2, 0x200a);
    display.render(rgba, false);
    rgba.fill(0x5a);
    bench.clock.advance(10e9);
    expect(display.render(rgba, false)).toEqual([]);
    expect(rgba.every((byte) => byte === 0x5a)).toBe(true);
  });

  it('says once that something changed, not at every write', () => {
    const { display, rgba, bench } = textBench();
    display.render(rgba, false);
    const changed = vi.fn();
    display.onChanged(changed);
    for (let i = 0; i < 100; i++) bench.mmio.write(0xb8000 + 2 * i, 1, 0x41);
    expect(changed).toHaveBeenCalledTimes(1);
    display.render(rgba, false);
    bench.ports.write(0x3d4, 2, 0x050f);
    expect(changed).toHaveBeenCalledTimes(2);
  });

  it('ignores register writes that change nothing', () => {
    const { display, rgba, bench } = textBench();
    display.render(rgba, false);
    bench.ports.write(0x3d4, 2, 0x4f01);
    bench.ports.write(0x3c4, 2, 0x0302);
    expect(display.render(rgba, false)).toEqual([]);
  });
});

describe('partial rendering', () => {
  it('redraws only cells that differ, joining them per row', () => {
    const { display, rgba, bench } = textBench();
    bench.ports.write(0x3d4, 2, 0x200a);
    display.render(rgba, false);
    bench.mmio.write(0xb8000 + 2 * (80 * 4 + 10), 1, 0x41);
    bench.mmio.write(0xb8000 + 2 * (80 * 4 + 13), 1, 0x42);
    bench.mmio.write(0xb8000 + 2 * (80 * 9), 1, 0x20);
    expect(display.render(rgba, false)).toEqual([{ x: 90, y: 64, width: 36, height: 16 }]);
  });

  it('gives the same picture piece by piece as all at once', () => {
    const { display, rgba, bench } = textBench();
    bench.ports.write(0x3d4, 2, 0x200a);
    let random = 12345;
    for (let round = 0; round < 30; round++) {
      for (let i = 0; i < 50; i++) {
        random = (Math.imul(random, 1103515245) + 12345) >>> 0;
        bench.mmio.write(0xb8000 + ((random >>> 8) % 4000), 1, random >>> 24);
      }
      display.render(rgba, false);
    }
    const whole = new Uint8Array(rgba.length);
    display.render(whole, true);
    expect(Buffer.compare(rgba, whole)).toBe(0);
  });

  it('renders completely into another buffer without losing changes for the first', () => {
    const { display, rgba, bench } = textBench();
    display.render(rgba, false);
    bench.mmio.write(0xb8000, 1, 0x41);
    const screenshot = new Uint8Array(rgba.length);
    expect(display.render(screenshot, false)).toHaveLength(1);
    display.render(rgba, false);
    expect(Buffer.compare(rgba, screenshot)).toBe(0);
  });

  it('renders into a buffer at an odd address', () => {
    const { display, rgba } = textBench();
    display.render(rgba, true);
    const odd = new Uint8Array(rgba.length + 1).subarray(1);
    display.render(odd, true);
    expect(Buffer.compare(rgba, odd)).toBe(0);
  });

  it('leaves a buffer that is too small alone', () => {
    const { display } = textBench();
    expect(display.render(new Uint8Array(1000), true)).toEqual([]);
  });
});

describe('saved state', () => {
  it('continues after restore in another adapter, whatever that showed before', () => {
    const first = textBench();
    // Half-way through a palette entry and an attribute pair, with loaded latches.
    first.bench.ports.write(0x3c8, 1, 7);
    first.bench.ports.write(0x3c9, 1, 63);
    first.bench.ports.read(0x3da, 1);
    first.bench.ports.write(0x3c0, 1, 0x31);
    first.bench.mmio.read(0xb8000, 1);
    const second = vgaBench();
    setVgaMode(second.bench.ports, vgaModes.vga256);
    second.bench.mmio.write(0xa0000 + 50_000, 1, 99);
    second.vga.restore(structuredClone(first.vga.save()));
    for (const { ports } of [first.bench, second.bench]) {
      ports.write(0x3c0, 1, 0x05);
      ports.write(0x3c9, 2, 0x0000);
      ports.write(0x3c9, 1, 0);
      ports.write(0x3c0, 1, 0x20);
    }
    const pictures = [first.vga, second.vga].map((vga) => {
      const rgba = new Uint8Array(720 * 400 * 4);
      vga.display.render(rgba, true);
      return rgba;
    });
    expect(second.vga.display.text()).toEqual(first.vga.display.text());
    expect(Buffer.compare(pictures[0]!, pictures[1]!)).toBe(0);
    expect(second.vga.save()).toEqual(first.vga.save());
  });

  it('keeps a linear framebuffer', () => {
    const { bench, vga } = vgaBench();
    for (const [index, value] of [
      [1, 320],
      [2, 200],
      [3, 32],
      [4, 0x41],
    ] as const) {
      bench.ports.write(0x1ce, 2, index);
      bench.ports.write(0x1cf, 2, value);
    }
    bench.ports.write(0x3c0, 1, 0x20);
    bench.memories[0]!.bytes.set([1, 2, 3], (320 * 199 + 319) * 4);
    const copy = vgaBench();
    copy.vga.restore(vga.save());
    const rgba = new Uint8Array(320 * 200 * 4);
    copy.vga.display.render(rgba, false);
    expect(Array.from(rgba.subarray(-4))).toEqual([3, 2, 1, 255]);
  });

  it('refuses what it does not understand and stays as it was', () => {
    const { vga } = textBench();
    const before = vga.save();
    const good = vga.save();
    const broken = [
      { ...good, version: 99 },
      { version: 1, fields: {} },
      { version: 1, fields: { ...good.fields, crtc: new Uint8Array(3) } },
      { version: 1, fields: { ...good.fields, dispi: ['x'] } },
      { version: 1, fields: { ...good.fields, videoMemory: new Uint8Array(5 << 20) } },
    ];
    for (const state of broken) {
      expect(() => vga.restore(state)).toThrowError(expect.objectContaining({ code: 'state.incompatible' }));
    }
    expect(vga.save()).toEqual(before);
  });

  it('is as new after reset', () => {
    const { vga } = textBench();
    vga.reset();
    expect(vga.save()).toEqual(vgaBench().vga.save());
  });
});

describe('input status 1', () => {
  it('shows a vertical retrace once per frame and toggles display enable per line', () => {
    const { bench } = textBench();
    let retraces = 0;
    let blanks = 0;
    let last = 0;
    // 0.1 s at one read per microsecond: seven frames of 70 Hz, 449 lines each.
    for (let i = 0; i < 100_000; i++) {
      bench.clock.advance(1000);
      const status = bench.ports.read(0x3da, 1);
      if (status & ~last & 8) retraces++;
      if (status & ~last & 1) blanks++;
      last = status;
    }
    expect(retraces).toBe(7);
    expect(blanks).toBeGreaterThan(7 * 390);
    expect(blanks).toBeLessThan(7 * 410);
  });

  it.each([100, 10_000, 1_000_000, 50_000_000])(
    'lets loops that wait for an edge end when time moves %i ns a read',
    (step) => {
      const { bench } = textBench();
      const reads = { left: 400_000 };
      for (const [mask, wanted] of [
        [8, 0],
        [8, 8],
        [8, 0],
        [1, 1],
        [1, 0],
      ] as const) {
        do bench.clock.advance(step);
        while ((bench.ports.read(0x3da, 1) & mask) !== wanted && reads.left-- > 0);
      }
      expect(reads.left).toBeGreaterThan(0);
    },
  );
});

describe('registers', () => {
  it('protects CRTC 0-7 but for the line compare bit', () => {
    const { bench } = textBench();
    bench.ports.write(0x3d4, 2, 0x8e11);
    bench.ports.write(0x3d4, 2, 0x0000);
    bench.ports.write(0x3d4, 2, 0x0007);
    const read = (index: number) => {
      bench.ports.write(0x3d4, 1, index);
      return bench.ports.read(0x3d5, 1);
    };
    expect([read(0), read(7)]).toEqual([0x5f, 0x0f]);
  });

  it('moves the CRTC and status ports with misc output bit 0', () => {
    const { bench } = textBench();
    bench.ports.write(0x3d4, 1, 0x0c);
    expect([bench.ports.read(0x3d4, 1), bench.ports.read(0x3b4, 1)]).toEqual([0x0c, 0xff]);
    bench.ports.write(0x3c2, 1, 0x66);
    expect([bench.ports.read(0x3d4, 1), bench.ports.read(0x3b4, 1), bench.ports.read(0x3cc, 1)]).toEqual([
      0xff, 0x0c, 0x66,
    ]);
  });

  it('reads DAC entries back in threes and masks pixels', () => {
    const { bench, vga, rgba } = textBench();
    bench.ports.write(0x3c7, 1, 200);
    expect([0, 1, 2, 3].map(() => bench.ports.read(0x3c9, 1))).toEqual([8, 16, 24, 9]);
    expect(bench.ports.read(0x3c7, 1)).toBe(3);
    bench.ports.write(0x3c6, 1, 0x02);
    bench.mmio.write(0xb8000 + 2 * 300, 2, 0x7720);
    vga.display.render(rgba, false);
    const pixel = new DataView(rgba.buffer).getUint32(((Math.floor(300 / 80) * 16 + 1) * 720 + 60 * 9) * 4, true);
    expect(pixel).toBe(testColor(2));
  });

  it('alternates index and data at 0x3c0 and starts over after reading status', () => {
    const { bench } = textBench();
    bench.ports.read(0x3da, 1);
    bench.ports.write(0x3c0, 1, 0x31);
    bench.ports.read(0x3da, 1);
    bench.ports.write(0x3c0, 1, 0x32);
    bench.ports.write(0x3c0, 1, 0x0a);
    expect([bench.ports.read(0x3c0, 1), bench.ports.read(0x3c1, 1)]).toEqual([0x32, 0x0a]);
  });
});

it('survives arbitrary register and memory traffic, rendering as it goes', () => {
  const { bench, vga } = vgaBench();
  let random = 0x2f6e2b1;
  const next = (limit: number): number => {
    random ^= random << 13;
    random ^= random >>> 17;
    random ^= random << 5;
    return (random >>> 0) % limit;
  };
  const sizes = [1, 2, 4] as const;
  const pci = bench.pci.functions[0]!;
  const actions = [
    () => bench.ports.write(0x3b4 + next(0x2c), sizes[next(3)]!, next(0x10000)),
    () => bench.ports.read(0x3b4 + next(0x2c), sizes[next(3)]!),
    () => bench.ports.write(0x3d4, 2, next(0x10000)),
    () => bench.ports.write(0x3ce, 2, next(9) | (next(256) << 8)),
    () => bench.mmio.write(0xa0000 + next(0x20000), sizes[next(3)]!, next(0x7fffffff)),
    () => bench.mmio.read(0xa0000 + next(0x20000), sizes[next(3)]!),
    () => bench.ports.write(0x1ce, 2, next(14)),
    () => bench.ports.write(0x1cf, sizes[next(3)]!, next(next(2) ? 0x10000 : 0x400)),
    () => pci.barWrite(2, next(0x1000), sizes[next(3)]!, next(0x7fffffff)),
    () => pci.barRead(2, next(0x1000), sizes[next(3)]!),
  ];
  let frames = 0;
  for (let i = 0; i < 20_000; i++) {
    actions[next(actions.length)]!();
    if (i % 400 !== 0) continue;
    const { width, height } = vga.display.size();
    expect(width * height).toBeLessThanOrEqual(4608 * 2400);
    const rgba = new Uint8Array(width * height * 4);
    for (const rect of vga.display.render(rgba, false)) {
      expect(rect.x + rect.width).toBeLessThanOrEqual(width);
      expect(rect.y + rect.height).toBeLessThanOrEqual(height);
      frames++;
    }
    vga.display.text();
  }
  expect(frames).toBeGreaterThan(0);
  const copy = vgaBench();
  copy.vga.restore(vga.save());
  expect(copy.vga.display.size()).toEqual(vga.display.size());
});

it('offers an option ROM when it is given one', () => {
  const bench = createDeviceBench();
  const expansionRom = Uint8Array.of(0x55, 0xaa, 1);
  createVga({ kind: 'vga', videoMemoryMiB: 4, slot: 5 }, bench.ctx, { id: 'vga0', expansionRom });
  expect([bench.pci.functions[0]!.slot, bench.pci.functions[0]!.description.expansionRom]).toEqual([5, expansionRom]);
});
