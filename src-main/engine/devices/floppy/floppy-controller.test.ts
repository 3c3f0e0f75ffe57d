// The controller as a driver sees it. Result bytes and bits come from the 82077AA data sheet.
import { describe, expect, it } from 'vitest';
import { createDeviceBench, type DeviceBench } from '../../../../test/harness/device-bench.ts';
import { MemoryMedium, numberedSectors, settleAll } from '../../../../test/harness/temp-medium.ts';
import { RemovableDrive } from '../../../storage/removable-drive.ts';
import { FloppyController } from './floppy-controller.ts';

const buffer = 0x8000;

class FloppyBench {
  readonly bench: DeviceBench = createDeviceBench({ ramBytes: 0x100000 });
  readonly tray: RemovableDrive;
  readonly medium: MemoryMedium | null;
  readonly controller: FloppyController;

  constructor(medium: MemoryMedium | null = disk(), rate = 0) {
    this.medium = medium;
    this.tray = new RemovableDrive(medium);
    this.controller = new FloppyController('floppy0', this.bench.ctx, [this.tray, null]);
    this.out(2, 0x1c);
    this.out(7, rate);
  }

  in(register: number): number {
    return this.bench.ports.read(0x3f0 + register, 1);
  }

  out(register: number, value: number): void {
    this.bench.ports.write(0x3f0 + register, 1, value);
  }

  get irq(): { isAsserted: boolean; rises: number } {
    return this.bench.isa.line(6);
  }

  get ram(): Uint8Array {
    return this.bench.ram.bytes;
  }

  dma(remaining: number): void {
    Object.assign(this.bench.isaDma[2]!, { address: buffer, remaining });
  }

  async settle(): Promise<void> {
    await this.controller.quiesce();
    await settleAll();
  }

  /** Sends a command and returns its result bytes. */
  async run(...bytes: number[]): Promise<number[]> {
    for (const byte of bytes) this.out(5, byte);
    await this.settle();
    return this.results();
  }

  results(): number[] {
    const results: number[] = [];
    while ((this.in(4) & 0xf0) === 0xd0) results.push(this.in(5));
    return results;
  }

  async seek(cylinder: number, head = 0): Promise<number[]> {
    await this.run(0x0f, head << 2, cylinder);
    return await this.run(0x08);
  }
}

function disk(kib = 1440): MemoryMedium {
  return new MemoryMedium(numberedSectors(kib * 2));
}

function sectorsOf(fdc: FloppyBench, from: number, count: number): Uint8Array {
  return fdc.medium!.bytes.slice(from * 512, (from + count) * 512);
}

const read = (c: number, h: number, r: number, eot = 18, command = 0xe6): number[] => [
  command,
  h << 2,
  c,
  h,
  r,
  2,
  eot,
  0x1b,
  0xff,
];
const write = (c: number, h: number, r: number, eot = 18): number[] => [0xc5, h << 2, c, h, r, 2, eot, 0x1b, 0xff];

describe('control commands', () => {
  it('interrupts after reset and answers four polls', async () => {
    const fdc = new FloppyBench();
    fdc.out(2, 0x08);
    expect([fdc.in(4), fdc.irq.isAsserted]).toEqual([0, false]);
    fdc.out(2, 0x0c);
    expect([fdc.in(4), fdc.irq.isAsserted]).toEqual([0x80, true]);
    const polls: number[][] = [];
    for (let i = 0; i < 5; i++) polls.push(await fdc.run(0x08));
    expect(polls).toEqual([[0xc0, 0], [0xc1, 0], [0xc2, 0], [0xc3, 0], [0x80]]);
    expect(fdc.irq.isAsserted).toBe(false);
  });

  it('resets itself by the data rate register', () => {
    const fdc = new FloppyBench();
    fdc.out(4, 0x80);
    expect(fdc.irq.isAsserted).toBe(true);
  });

  it('seeks, recalibrates and reports where the head is', async () => {
    const fdc = new FloppyBench();
    expect(await fdc.seek(40, 1)).toEqual([0x24, 40]);
    expect(await fdc.run(0x04, 0x04)).toEqual([0x2c]);
    await fdc.run(0x07, 0);
    expect(fdc.irq.isAsserted).toBe(true);
    expect(await fdc.run(0x08)).toEqual([0x20, 0]);
    expect(await fdc.run(0x04, 0)).toEqual([0x38]);
    await fdc.run(0xcf, 0, 5);
    expect(await fdc.run(0x08)).toEqual([0x20, 5]);
    await fdc.run(0x8f, 0, 2);
    expect(await fdc.run(0x08)).toEqual([0x20, 3]);
  });

  it('reports an equipment check where there is no drive', async () => {
    const fdc = new FloppyBench();
    await fdc.run(0x07, 1);
    expect(await fdc.run(0x08)).toEqual([0x71, 0]);
  });

  it('names itself and refuses unknown commands', async () => {
    const fdc = new FloppyBench();
    expect(await fdc.run(0x10)).toEqual([0x90]);
    expect(await fdc.run(0x18)).toEqual([0x41]);
    expect(await fdc.run(0x1f)).toEqual([0x80]);
  });

  it('dumps what SPECIFY, CONFIGURE, LOCK and PERPENDICULAR set, and locks it over a reset', async () => {
    const fdc = new FloppyBench();
    await fdc.run(0x03, 0xdf, 0x02);
    await fdc.run(0x13, 0, 0x1a, 0x07);
    await fdc.run(0x12, 0x04);
    expect(await fdc.run(0x94)).toEqual([0x10]);
    expect(await fdc.run(0x0e)).toEqual([0, 0, 0, 0, 0xdf, 0x02, 0, 0x84, 0x1a, 0x07]);
    fdc.out(4, 0x80);
    expect((await fdc.run(0x0e)).slice(7)).toEqual([0x80, 0x1a, 0x07]);
    expect(await fdc.run(0x14)).toEqual([0]);
    fdc.out(4, 0x80);
    expect((await fdc.run(0x0e)).slice(7)).toEqual([0, 0x20, 0]);
  });

  it('hides its interrupt while DMAGATE is off', async () => {
    const fdc = new FloppyBench();
    fdc.out(2, 0x14);
    await fdc.run(0x07, 0);
    expect(fdc.irq.isAsserted).toBe(false);
    fdc.out(2, 0x1c);
    expect(fdc.irq.isAsserted).toBe(true);
  });
});

describe('reading by DMA', () => {
  it('ends at terminal count with the next sector in the result', async () => {
    const fdc = new FloppyBench();
    fdc.dma(1024);
    for (const byte of read(0, 0, 3)) fdc.out(5, byte);
    await fdc.settle();
    expect([fdc.irq.isAsserted, fdc.in(4)]).toEqual([true, 0xd0]);
    expect(fdc.results()).toEqual([0, 0, 0, 0, 0, 5, 2]);
    expect(fdc.irq.isAsserted).toBe(false);
    expect(fdc.ram.slice(buffer, buffer + 1024)).toEqual(sectorsOf(fdc, 2, 2));
  });

  it('crosses to the other side with MT and wraps the result to the next cylinder', async () => {
    const fdc = new FloppyBench();
    await fdc.seek(2);
    fdc.dma(36 * 512);
    expect(await fdc.run(...read(2, 0, 1))).toEqual([0x04, 0, 0, 3, 0, 1, 2]);
    expect(fdc.ram.slice(buffer, buffer + 36 * 512)).toEqual(sectorsOf(fdc, 72, 36));
  });

  it('ends abnormally at the end of the cylinder without terminal count', async () => {
    const fdc = new FloppyBench();
    fdc.dma(100 * 512);
    expect(await fdc.run(...read(0, 0, 18, 18, 0x46))).toEqual([0x40, 0x80, 0, 1, 0, 1, 2]);
  });

  it('reports an overrun when the DMA channel does not answer', async () => {
    const fdc = new FloppyBench();
    fdc.dma(0);
    expect((await fdc.run(...read(0, 0, 1))).slice(0, 2)).toEqual([0x40, 0x10]);
  });

  it.each([
    ['a sector beyond the track', 0, 19, 0x04, 0],
    ['sector zero', 0, 0, 0x04, 0],
    ['another cylinder than the head is on', 7, 1, 0x04, 0x10],
  ])('does not find %s', async (_what, cylinder, sector, st1, st2) => {
    const fdc = new FloppyBench();
    fdc.dma(512);
    expect((await fdc.run(...read(cylinder, 0, sector, 40))).slice(0, 3)).toEqual([0x40, st1, st2]);
  });

  it('seeks by itself when CONFIGURE allows it', async () => {
    const fdc = new FloppyBench();
    await fdc.run(0x13, 0, 0x60, 0);
    fdc.dma(512);
    expect((await fdc.run(...read(50, 0, 1)))[0]).toBe(0);
    expect(fdc.ram.slice(buffer, buffer + 512)).toEqual(sectorsOf(fdc, 50 * 36, 1));
  });

  it('misses the address mark at the wrong data rate, without a disk and without a drive', async () => {
    const fdc = new FloppyBench(disk(720), 0);
    fdc.dma(512);
    expect((await fdc.run(...read(0, 0, 1, 9)))[1]).toBe(0x05);
    fdc.out(7, 2);
    expect((await fdc.run(...read(0, 0, 1, 9)))[1]).toBe(0);
    fdc.tray.insert(null);
    expect((await fdc.run(...read(0, 0, 1, 9)))[1]).toBe(0x05);
    expect((await fdc.run(0xe6, 1, 0, 0, 1, 2, 9, 0x1b, 0xff))[1]).toBe(0x05);
  });

  it('reads every usual format by its size', async () => {
    const found: number[][] = [];
    for (const [kib, rate] of [
      [360, 2],
      [720, 2],
      [1200, 0],
      [1440, 0],
      [1680, 0],
      [2880, 3],
    ] as const) {
      const fdc = new FloppyBench(disk(kib), rate);
      await fdc.seek(1);
      const sectors: number[] = [];
      for (let i = 0; i < 40; i++) sectors.push((await fdc.run(0x4a, 0))[5]!);
      found.push([kib, Math.max(...sectors)]);
    }
    expect(found).toEqual([
      [360, 9],
      [720, 9],
      [1200, 15],
      [1440, 18],
      [1680, 21],
      [2880, 36],
    ]);
  });

  it('reads zeroes where an image was cut short', async () => {
    const fdc = new FloppyBench(new MemoryMedium(numberedSectors(2000)));
    await fdc.seek(79);
    fdc.ram.fill(7, buffer, buffer + 512);
    fdc.dma(512);
    expect((await fdc.run(...read(79, 0, 1)))[0]).toBe(0);
    expect(fdc.ram.slice(buffer, buffer + 512).every((byte) => byte === 0)).toBe(true);
    fdc.dma(512);
    expect((await fdc.run(...write(79, 0, 1)))[1]).toBe(0x04);
  });

  it('verifies without DMA', async () => {
    const fdc = new FloppyBench();
    expect(await fdc.run(0xd6, 0x80, 0, 0, 1, 2, 18, 0x1b, 4)).toEqual([0, 0, 0, 0, 0, 5, 2]);
    expect((await fdc.run(0x56, 0, 0, 0, 19, 2, 19, 0x1b, 0xff))[1]).toBe(0x04);
  });

  it('reports a data error when the medium fails', async () => {
    const fdc = new FloppyBench();
    fdc.medium!.failWith('mould');
    fdc.dma(512);
    expect((await fdc.run(...read(0, 0, 1)))[1]).toBe(0x20);
  });
});

describe('writing', () => {
  it('writes until terminal count and fills up a last partial sector', async () => {
    const fdc = new FloppyBench();
    fdc.ram.fill(0x5a, buffer, buffer + 1024);
    fdc.dma(700);
    expect(await fdc.run(...write(0, 0, 1))).toEqual([0, 0, 0, 0, 0, 3, 2]);
    expect([fdc.medium!.bytes[699], fdc.medium!.bytes[700], fdc.medium!.bytes[1023]]).toEqual([0x5a, 0, 0]);
  });

  it('refuses a write-protected disk', async () => {
    const fdc = new FloppyBench(new MemoryMedium(numberedSectors(2880), { isReadOnly: true }));
    fdc.dma(512);
    expect((await fdc.run(...write(0, 0, 1))).slice(0, 2)).toEqual([0x40, 0x02]);
    expect((await fdc.run(0x4d, 0, 2, 18, 0x54, 0xf6))[1]).toBe(0x02);
    expect((await fdc.run(0x04, 0))[0]! & 0x40).toBe(0x40);
  });

  it('formats a track with the filler byte', async () => {
    const fdc = new FloppyBench();
    await fdc.seek(1);
    for (let i = 0; i < 18; i++) fdc.ram.set([1, 1, i + 1, 2], buffer + i * 4);
    fdc.dma(72);
    expect((await fdc.run(0x4d, 0x04, 2, 18, 0x54, 0xf6))[0]).toBe(0x04);
    const bytes = fdc.medium!.bytes;
    expect(bytes.slice((36 + 18) * 512, 72 * 512).every((byte) => byte === 0xf6)).toBe(true);
    expect(bytes[(36 + 17) * 512]).toBe(36 + 17);
  });
});

describe('without DMA', () => {
  it('moves bytes through the FIFO and ends at the end of the track', async () => {
    const fdc = new FloppyBench();
    await fdc.run(0x03, 0xdf, 0x03);
    for (const byte of read(0, 0, 17, 18, 0x46)) fdc.out(5, byte);
    await fdc.settle();
    expect([fdc.in(4), fdc.irq.isAsserted]).toEqual([0xf0, true]);
    const bytes: number[] = [];
    while (fdc.in(4) === 0xf0) bytes.push(fdc.in(5));
    expect(Uint8Array.from(bytes)).toEqual(sectorsOf(fdc, 16, 2));
    expect(fdc.results().slice(0, 2)).toEqual([0x40, 0x80]);
  });

  it('takes bytes through the FIFO, also after a restore in the middle', async () => {
    const fdc = new FloppyBench();
    await fdc.run(0x03, 0xdf, 0x03);
    for (const byte of [...write(0, 0, 18)].with(0, 0x45)) fdc.out(5, byte);
    for (let i = 0; i < 200; i++) fdc.out(5, i);
    const other = new FloppyBench(fdc.medium);
    other.controller.restore(structuredClone(fdc.controller.save()));
    expect(other.in(4)).toBe(0xb0);
    for (let i = 200; i < 512; i++) other.out(5, i & 0xff);
    await other.settle();
    expect(other.results()[0]).toBe(0x40);
    expect([...sectorsOf(fdc, 17, 1).slice(198, 202)]).toEqual([198, 199, 200, 201]);
  });
});

describe('the change line', () => {
  it('is set until a step with a disk inside, and again after a change', async () => {
    const fdc = new FloppyBench();
    expect(fdc.in(7)).toBe(0x80);
    await fdc.seek(1);
    expect(fdc.in(7)).toBe(0);
    fdc.tray.insert(null);
    expect(fdc.in(7)).toBe(0x80);
    await fdc.seek(2);
    expect(fdc.in(7)).toBe(0x80);
    fdc.tray.insert(disk());
    expect(fdc.in(7)).toBe(0x80);
    await fdc.seek(1);
    expect(fdc.in(7)).toBe(0);
  });

  it('belongs to the selected drive with its motor on', () => {
    const fdc = new FloppyBench();
    fdc.out(2, 0x0c);
    expect(fdc.in(7)).toBe(0);
    fdc.out(2, 0x2d);
    expect(fdc.in(7)).toBe(0);
  });
});

describe('reset', () => {
  it('disowns a read under way', async () => {
    const fdc = new FloppyBench();
    fdc.medium!.hold();
    fdc.dma(512);
    for (const byte of read(0, 0, 1)) fdc.out(5, byte);
    await settleAll();
    expect(fdc.in(4)).toBe(0x10);
    fdc.out(2, 0);
    fdc.out(2, 0x1c);
    fdc.medium!.release();
    await fdc.settle();
    expect([fdc.in(4), fdc.ram[buffer + 4]]).toEqual([0x80, 0]);
  });
});
