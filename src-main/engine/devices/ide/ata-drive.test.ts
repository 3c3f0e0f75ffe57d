// ATA commands as a driver sees them. Values come from ATA8-ACS and the Bus Master IDE specification.
import { describe, expect, it } from 'vitest';
import { dmaBuffer, IdeBench } from '../../../../test/harness/ide-bench.ts';
import { DiscardableMedium, MemoryMedium, numberedSectors } from '../../../../test/harness/temp-medium.ts';

const sectors = 2048;

function disk(count = sectors): { medium: MemoryMedium; ide: IdeBench } {
  const medium = new MemoryMedium(numberedSectors(count));
  return { medium, ide: new IdeBench({ kind: 'disk', medium }) };
}

function word(page: Uint8Array, index: number): number {
  return page[index * 2]! | (page[index * 2 + 1]! << 8);
}

describe('identification', () => {
  it('describes capacity, DMA modes and 48-bit addressing and sums to zero', async () => {
    const { ide } = disk();
    expect(await ide.command28(0xec, 0, 0)).toBe(0x58);
    expect(ide.irq.isAsserted).toBe(true);
    const page = await ide.drain();
    expect(page.length).toBe(512);
    expect({ heads: word(page, 3), spt: word(page, 6), cylinders: word(page, 1) }).toEqual({
      heads: 16,
      spt: 63,
      cylinders: 2,
    });
    expect(word(page, 60) | (word(page, 61) << 16)).toBe(sectors);
    expect(word(page, 100)).toBe(sectors);
    expect(word(page, 83) & 0x0400).toBe(0x0400);
    expect(word(page, 88)).toBe(0x203f);
    expect(page.reduce((sum, byte) => (sum + byte) & 0xff, 0)).toBe(0);
    expect(ide.altStatus).toBe(0x50);
    expect(ide.irq.isAsserted).toBe(false);
  });

  it('shows the disk signature and a passed diagnostic after power-on', () => {
    const { ide } = disk();
    expect([1, 2, 3, 4, 5].map((register) => ide.in(register))).toEqual([1, 1, 1, 0, 0]);
    expect(ide.in(7)).toBe(0x50);
  });

  it('advertises TRIM only when the medium can discard', async () => {
    const trimmable = new IdeBench({ kind: 'disk', medium: new DiscardableMedium(512 * 64) });
    await trimmable.command28(0xec, 0, 0);
    const { ide } = disk();
    await ide.command28(0xec, 0, 0);
    expect([word(await trimmable.drain(), 169), word(await ide.drain(), 169)]).toEqual([1, 0]);
  });
});

describe('PIO reads', () => {
  it('delivers one interrupt per sector and none at the end', async () => {
    const { medium, ide } = disk();
    await ide.command28(0x20, 5, 3);
    const data = await ide.drain();
    expect(data).toEqual(medium.bytes.slice(5 * 512, 8 * 512));
    expect(ide.irq.rises).toBe(3);
    expect([ide.in(3), ide.in(2)]).toEqual([7, 0]);
  });

  it('reads 256 sectors for a count of zero', async () => {
    const { medium, ide } = disk();
    await ide.command28(0x20, 100, 0);
    expect(Buffer.compare(await ide.drain(), medium.bytes.slice(100 * 512, 356 * 512))).toBe(0);
  });

  it('groups sectors after SET MULTIPLE MODE', async () => {
    const { medium, ide } = disk();
    expect(await ide.command28(0xc6, 0, 8)).toBe(0x50);
    ide.in(7);
    const before = ide.irq.rises;
    await ide.command28(0xc4, 16, 16);
    expect(await ide.drain(8 * 512)).toEqual(medium.bytes.slice(16 * 512, 32 * 512));
    expect(ide.irq.rises - before).toBe(2);
  });

  it('aborts READ MULTIPLE before SET MULTIPLE MODE and odd multiples', async () => {
    const { ide } = disk();
    expect([await ide.command28(0xc4, 0, 1), ide.in(1)]).toEqual([0x51, 4]);
    expect([await ide.command28(0xc6, 0, 3), ide.in(1)]).toEqual([0x51, 4]);
  });

  it('reads across the 128 KiB pieces of a 48-bit command', async () => {
    const { medium, ide } = disk();
    await ide.command48(0x24, 3, 700);
    expect(Buffer.compare(await ide.drain(), medium.bytes.slice(3 * 512, 703 * 512))).toBe(0);
    expect(medium.reads).toBe(3);
  });

  it('translates cylinders, heads and sectors with the geometry last set', async () => {
    const { medium, ide } = disk();
    // 4 heads, 17 sectors: C 2 H 3 S 5 is sector (2 * 4 + 3) * 17 + 4 = 191.
    await ide.command28(0x91, 0, 17, 0xa3);
    ide.out(6, 0xa3);
    ide.out(2, 1);
    ide.out(3, 5);
    ide.out(4, 2);
    ide.out(5, 0);
    ide.out(7, 0x20);
    await ide.settle();
    expect(await ide.drain()).toEqual(medium.bytes.slice(191 * 512, 192 * 512));
    expect([ide.in(3), ide.in(4), ide.in(5), ide.in(6) & 0x0f]).toEqual([5, 2, 0, 3]);
  });

  it('answers IDNF beyond the end and for sector zero in CHS', async () => {
    const { ide } = disk();
    expect([await ide.command28(0x20, sectors - 1, 2), ide.in(1)]).toEqual([0x51, 0x10]);
    expect([await ide.command28(0x20, 0, 1, 0xa0), ide.in(1)]).toEqual([0x51, 0x10]);
  });

  it('reports UNC with the address when the medium fails', async () => {
    const { medium, ide } = disk();
    medium.failWith('bad sector');
    expect([await ide.command28(0x20, 9, 1), ide.in(1), ide.in(3)]).toEqual([0x51, 0x40, 9]);
    expect(ide.bench.log.lines.length).toBe(1);
  });

  it('stays busy until the medium answers', async () => {
    const { medium, ide } = disk();
    medium.hold();
    ide.out(6, 0xe0);
    ide.out(2, 1);
    ide.out(7, 0x20);
    expect(ide.altStatus & 0x80).toBe(0x80);
    medium.release();
    await ide.settle();
    expect(ide.altStatus).toBe(0x58);
  });
});

describe('PIO writes', () => {
  it('takes the first block without an interrupt and ends with one', async () => {
    const { medium, ide } = disk();
    const data = numberedSectors(3).reverse();
    await ide.command28(0x30, 40, 3);
    expect(ide.irq.rises).toBe(0);
    await ide.feed(data);
    expect(medium.bytes.slice(40 * 512, 43 * 512)).toEqual(data);
    expect(ide.irq.rises).toBe(3);
    expect(ide.altStatus).toBe(0x50);
  });

  it('writes 48-bit commands of several pieces', async () => {
    const { medium, ide } = disk();
    const data = numberedSectors(600).reverse();
    await ide.command48(0x34, 1000, 600);
    await ide.feed(data);
    expect(Buffer.compare(medium.bytes.slice(1000 * 512, 1600 * 512), data)).toBe(0);
  });

  it('aborts on a read-only medium and leaves it alone', async () => {
    const medium = new MemoryMedium(numberedSectors(16), { isReadOnly: true });
    const ide = new IdeBench({ kind: 'disk', medium });
    expect([await ide.command28(0x30, 0, 1), ide.in(1), medium.writes]).toEqual([0x51, 4, 0]);
  });

  it('flushes at the end of each write while the write cache is off', async () => {
    const { medium, ide } = disk();
    ide.out(1, 0x82);
    await ide.command28(0xef, 0, 0);
    const before = medium.flushes;
    await ide.command28(0x30, 0, 1);
    await ide.feed(new Uint8Array(512));
    expect(medium.flushes - before).toBe(1);
  });
});

describe('bus-master DMA', () => {
  it('scatters a read over the table and ends inactive with an interrupt', async () => {
    const { medium, ide } = disk();
    ide.prd([
      [dmaBuffer, 1000],
      [dmaBuffer + 0x4000, 1048],
    ]);
    await ide.command28(0xc8, 20, 4);
    await ide.startDma('toMemory');
    const expected = medium.bytes.slice(20 * 512, 24 * 512);
    expect(ide.bench.ram.bytes.slice(dmaBuffer, dmaBuffer + 1000)).toEqual(expected.slice(0, 1000));
    expect(ide.bench.ram.bytes.slice(dmaBuffer + 0x4000, dmaBuffer + 0x4000 + 1048)).toEqual(expected.slice(1000));
    expect(ide.busMaster(2)).toBe(0x04);
    expect(ide.irq.isAsserted).toBe(true);
    expect(ide.in(7)).toBe(0x50);
  });

  it('works when the engine is started before the command', async () => {
    const { medium, ide } = disk();
    ide.prd([[dmaBuffer, 512]]);
    await ide.startDma('toMemory');
    expect(ide.busMaster(2) & 1).toBe(1);
    await ide.command28(0xc8, 7, 1);
    expect(ide.bench.ram.bytes.slice(dmaBuffer, dmaBuffer + 512)).toEqual(medium.bytes.slice(7 * 512, 8 * 512));
  });

  it('gathers a 48-bit write of several pieces', async () => {
    const { medium, ide } = disk();
    const data = numberedSectors(512).reverse();
    ide.bench.ram.bytes.set(data, dmaBuffer);
    ide.prd([
      [dmaBuffer, 0],
      [dmaBuffer + 0x10000, 0],
      [dmaBuffer + 0x20000, 0],
      [dmaBuffer + 0x30000, 0],
    ]);
    await ide.command48(0x35, 64, 512);
    await ide.startDma('fromMemory');
    expect(Buffer.compare(medium.bytes.slice(64 * 512, 576 * 512), data)).toBe(0);
    expect(medium.writes).toBe(2);
    expect(ide.busMaster(2)).toBe(0x04);
  });

  it('stays active with an interrupt when the table is longer than the transfer', async () => {
    const { ide } = disk();
    ide.prd([[dmaBuffer, 4096]]);
    await ide.command28(0xc8, 0, 1);
    await ide.startDma('toMemory');
    expect(ide.busMaster(2)).toBe(0x05);
  });

  it('goes inactive without an interrupt when the table is too short', async () => {
    const { ide } = disk();
    ide.prd([[dmaBuffer, 100]]);
    await ide.command28(0xc8, 0, 1);
    await ide.startDma('toMemory');
    expect([ide.busMaster(2), ide.irq.rises, ide.altStatus]).toEqual([0, 0, 0x50]);
  });

  it('bounds a table of two-byte entries that never ends', async () => {
    const { ide } = disk();
    for (let at = 0x1000; at < 0x40000; at += 8) {
      ide.bench.ram.writeU32(at, 0x80000);
      ide.bench.ram.writeU32(at + 4, 2);
    }
    ide.busMaster(4, 0x1000, 4);
    await ide.command28(0xc8, 0, 0);
    await ide.startDma('toMemory');
    expect(ide.busMaster(2) & 1).toBe(0);
  });

  it('fails without bus mastering enabled', async () => {
    const { ide } = disk();
    ide.bench.pci.functions[0]!.isBusMasterEnabled = false;
    ide.prd([[dmaBuffer, 512]]);
    await ide.command28(0xc8, 0, 1);
    await ide.startDma('toMemory');
    expect(ide.busMaster(2)).toBe(0x02);
  });

  it('discards the ranges of a TRIM', async () => {
    const medium = new DiscardableMedium(numberedSectors(64));
    const ide = new IdeBench({ kind: 'disk', medium });
    ide.bench.ram.writeU32(dmaBuffer, 8);
    ide.bench.ram.writeU32(dmaBuffer + 4, 4 << 16);
    ide.prd([[dmaBuffer, 512]]);
    ide.out(1, 1);
    await ide.command48(0x06, 0, 1);
    await ide.startDma('fromMemory');
    expect(medium.discarded).toEqual([{ offset: 8 * 512, lengthBytes: 4 * 512 }]);
    expect(ide.in(7)).toBe(0x50);
  });
});

describe('other commands', () => {
  it('flushes the medium', async () => {
    const { medium, ide } = disk();
    await ide.command28(0xe7, 0, 0);
    await ide.command28(0xea, 0, 0);
    expect([medium.flushes, ide.altStatus]).toEqual([2, 0x50]);
  });

  it('verifies by reading and reports the native maximum', async () => {
    const { medium, ide } = disk();
    expect(await ide.command48(0x42, 0, 1000)).toBe(0x50);
    expect(medium.reads).toBe(4);
    await ide.command28(0xf8, 0, 0);
    expect(ide.in(3) | (ide.in(4) << 8)).toBe(sectors - 1);
  });

  it('answers power management', async () => {
    const { ide } = disk();
    await ide.command28(0xe5, 0, 0);
    expect(ide.in(2)).toBe(0xff);
    const statuses: number[] = [];
    for (const command of [0xe0, 0xe1, 0xe2, 0xe3, 0xe6, 0x10, 0x70]) statuses.push(await ide.command28(command, 0, 0));
    expect(statuses).toEqual(new Array(7).fill(0x50));
  });

  it('shows the DMA mode that SET FEATURES chose and refuses modes it lacks', async () => {
    const { ide } = disk();
    ide.out(1, 3);
    expect(await ide.command28(0xef, 0, 0x42)).toBe(0x50);
    await ide.command28(0xec, 0, 0);
    expect(word(await ide.drain(), 88)).toBe(0x043f);
    ide.out(1, 3);
    expect(await ide.command28(0xef, 0, 0x47)).toBe(0x51);
  });

  it('aborts what it does not model', async () => {
    const { ide } = disk();
    for (const command of [0x00, 0x08, 0xa0, 0xa1, 0xb0, 0xf5, 0xff]) {
      expect([command, await ide.command28(command, 0, 0), ide.in(1)]).toEqual([command, 0x51, 4]);
    }
  });

  it('reads earlier register values through HOB', async () => {
    const { ide } = disk();
    ide.out(2, 0x12);
    ide.out(2, 0x34);
    expect(ide.in(2)).toBe(0x34);
    ide.writeControl(0x80);
    expect(ide.in(2)).toBe(0x12);
    ide.out(3, 0);
    expect(ide.in(2)).toBe(0x34);
  });
});

describe('channel', () => {
  it('reads zero from an absent second drive and an empty channel', () => {
    const { ide } = disk();
    ide.out(6, 0xb0);
    ide.out(2, 0x55);
    expect([ide.in(2), ide.in(7), ide.altStatus]).toEqual([0, 0, 0]);
    ide.base = 0x170;
    ide.control = 0x376;
    ide.out(2, 0x55);
    expect([ide.in(2), ide.in(7)]).toEqual([0, 0]);
  });

  it('routes to the selected drive', async () => {
    const first = new MemoryMedium(numberedSectors(16));
    const second = new MemoryMedium(numberedSectors(16).reverse());
    const ide = new IdeBench({ kind: 'disk', medium: first }, { kind: 'disk', medium: second });
    await ide.command28(0x20, 2, 1, 0xf0);
    expect(await ide.drain()).toEqual(second.bytes.slice(1024, 1536));
  });

  it('forgets a command on software reset, even when its data arrives later', async () => {
    const { medium, ide } = disk();
    medium.hold();
    ide.out(6, 0xe0);
    ide.out(2, 1);
    ide.out(7, 0x20);
    ide.writeControl(0x04);
    expect(ide.altStatus & 0x80).toBe(0x80);
    ide.writeControl(0x00);
    expect([ide.altStatus, ide.in(1), ide.in(2), ide.in(3)]).toEqual([0x50, 1, 1, 1]);
    medium.release();
    await ide.settle();
    expect([ide.altStatus, ide.irq.rises]).toEqual([0x50, 0]);
  });

  it('holds the interrupt line down while nIEN is set', async () => {
    const { ide } = disk();
    ide.writeControl(0x02);
    await ide.command28(0x20, 0, 1);
    expect(ide.irq.isAsserted).toBe(false);
    ide.writeControl(0x00);
    expect(ide.irq.isAsserted).toBe(true);
    ide.in(7);
    expect(ide.irq.isAsserted).toBe(false);
  });

  it('runs diagnostics on both drives and interrupts once', () => {
    const ide = new IdeBench(
      { kind: 'disk', medium: new MemoryMedium(512 * 16) },
      { kind: 'disk', medium: new MemoryMedium(512 * 16) },
    );
    ide.out(6, 0xb0);
    ide.out(7, 0x90);
    expect([ide.in(1), ide.in(6) & 0x10, ide.irq.rises]).toEqual([1, 0, 1]);
  });
});

describe('saved state', () => {
  it('resumes a PIO read between two sectors', async () => {
    const { medium, ide } = disk();
    await ide.command28(0x20, 30, 2);
    for (let i = 0; i < 256; i++) ide.in(0, 2);
    const state = structuredClone(ide.controller.save());
    const other = new IdeBench({ kind: 'disk', medium });
    other.controller.restore(state);
    expect(await other.drain()).toEqual(medium.bytes.slice(31 * 512, 32 * 512));
  });

  it('resumes a DMA command that waits for the engine', async () => {
    const { medium, ide } = disk();
    await ide.command28(0xc8, 11, 1);
    const other = new IdeBench({ kind: 'disk', medium });
    other.controller.restore(structuredClone(ide.controller.save()));
    other.prd([[dmaBuffer, 512]]);
    await other.startDma('toMemory');
    expect(other.bench.ram.bytes.slice(dmaBuffer, dmaBuffer + 512)).toEqual(medium.bytes.slice(11 * 512, 12 * 512));
    expect(other.irq.isAsserted).toBe(true);
  });

  it('refuses another version and missing fields', () => {
    const { ide } = disk();
    const state = ide.controller.save();
    expect(() => ide.controller.restore({ ...state, version: 99 })).toThrow(/version 99/);
    expect(() => ide.controller.restore({ version: 1, fields: {} })).toThrow(/has no usable field/);
  });
});
