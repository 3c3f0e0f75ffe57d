// Packet commands as a driver sees them. Values come from MMC-5, SPC-3 and ATA/ATAPI-6.
import { describe, expect, it } from 'vitest';
import { dmaBuffer, IdeBench } from '../../../../test/harness/ide-bench.ts';
import { MemoryMedium, numberedSectors, settleAll } from '../../../../test/harness/temp-medium.ts';
import { RemovableDrive } from '../../../storage/removable-drive.ts';

function disc(sectors = 300): MemoryMedium {
  return new MemoryMedium(numberedSectors(sectors, 2048), { blockSize: 2048, isReadOnly: true });
}

function drive(medium: MemoryMedium | null = disc()): {
  ide: IdeBench;
  tray: RemovableDrive;
  medium: MemoryMedium | null;
} {
  const tray = new RemovableDrive(medium);
  const ide = new IdeBench({ kind: 'optical', tray });
  ide.out(6, 0xa0);
  return { ide, tray, medium };
}

async function sense(ide: IdeBench): Promise<[number, number]> {
  const bytes = await ide.packet([0x03, 0, 0, 0, 18]);
  return [bytes[2]!, bytes[12]!];
}

const read10 = (lba: number, count: number): number[] => [
  0x28,
  0,
  0,
  0,
  lba >> 8,
  lba & 0xff,
  0,
  count >> 8,
  count & 0xff,
];

describe('identification', () => {
  it('shows the packet signature and aborts IDENTIFY DEVICE with it', async () => {
    const { ide } = drive();
    expect([ide.in(7), ide.in(4), ide.in(5)]).toEqual([0, 0x14, 0xeb]);
    ide.out(4, 0);
    ide.out(7, 0xec);
    await ide.settle();
    expect([ide.in(7), ide.in(1), ide.in(4), ide.in(5)]).toEqual([0x51, 4, 0x14, 0xeb]);
  });

  it('answers IDENTIFY PACKET DEVICE as a removable CD-ROM with 12-byte packets', async () => {
    const { ide } = drive();
    ide.out(7, 0xa1);
    await ide.settle();
    const page = await ide.drain();
    expect([page[0], page[1]]).toEqual([0xc0, 0x85]);
    expect(page.reduce((sum, byte) => (sum + byte) & 0xff, 0)).toBe(0);
  });

  it('answers INQUIRY and the supported vital pages', async () => {
    const { ide } = drive();
    const standard = await ide.packet([0x12, 0, 0, 0, 36]);
    expect([...standard.slice(0, 5)]).toEqual([5, 0x80, 0, 0x21, 31]);
    expect(String.fromCharCode(...standard.slice(8, 14))).toBe('OSPITE');
    expect([...(await ide.packet([0x12, 1, 0, 0, 200]))]).toEqual([5, 0, 0, 2, 0, 0x80]);
  });
});

describe('the packet protocol', () => {
  it('asks for the packet, then data, then reports completion in the interrupt reason', async () => {
    const { ide } = drive();
    ide.out(4, 0xfe);
    ide.out(5, 0xff);
    ide.out(7, 0xa0);
    expect([ide.altStatus, ide.in(2), ide.irq.rises]).toEqual([0x58, 1, 0]);
    ide.sendPacket([0x25]);
    await ide.settle();
    expect([ide.altStatus, ide.in(2), ide.in(4), ide.in(5), ide.irq.rises]).toEqual([0x58, 2, 8, 0, 1]);
    ide.in(7);
    const bytes = [0, 1].map(() => ide.in(0, 4));
    expect(bytes).toEqual([0x2b010000, 0x00080000]);
    expect([ide.altStatus, ide.in(2), ide.irq.rises]).toEqual([0x50, 3, 2]);
  });

  it('splits data by the byte count limit', async () => {
    const { ide, medium } = drive();
    const blocks: number[] = [];
    const data = await ide.packet(read10(3, 3), 2048, blocks);
    expect(data).toEqual(medium!.bytes.slice(3 * 2048, 6 * 2048));
    expect(blocks).toEqual([2048, 2048, 2048]);
  });

  it('takes limits that are odd, tiny or zero', async () => {
    const { ide, medium } = drive();
    const expected = medium!.bytes.slice(0, 2048);
    const odd: number[] = [];
    expect(await ide.packet(read10(0, 1), 1001, odd)).toEqual(expected);
    expect(odd).toEqual([1000, 1000, 48]);
    expect(await ide.packet(read10(0, 1), 1)).toEqual(expected);
    expect(await ide.packet(read10(0, 1), 0)).toEqual(expected);
  });

  it('reads over DMA in several pieces', async () => {
    const { ide, medium } = drive();
    ide.prd([0, 1, 2, 3].map((i) => [dmaBuffer + i * 0x10000, 0] as [number, number]));
    ide.out(1, 1);
    ide.out(7, 0xa0);
    ide.sendPacket(read10(10, 128));
    await ide.startDma('toMemory');
    expect(
      Buffer.compare(
        ide.bench.ram.bytes.slice(dmaBuffer, dmaBuffer + 128 * 2048),
        medium!.bytes.slice(20480, 138 * 2048),
      ),
    ).toBe(0);
    expect([ide.busMaster(2), ide.in(7), ide.in(2)]).toEqual([4, 0x50, 3]);
  });

  it('DEVICE RESET ends a command under way', async () => {
    const { ide, medium } = drive();
    medium!.hold();
    ide.out(7, 0xa0);
    ide.sendPacket(read10(0, 1));
    await settleAll();
    expect(ide.altStatus & 0x80).toBe(0x80);
    ide.out(7, 0x08);
    expect([ide.altStatus, ide.in(4), ide.in(5)]).toEqual([0, 0x14, 0xeb]);
    medium!.release();
    await ide.settle();
    expect(ide.altStatus).toBe(0);
  });

  it('resumes a reply from a saved state', async () => {
    const { ide, medium, tray } = drive();
    ide.out(4, 0x00);
    ide.out(5, 0x08);
    ide.out(7, 0xa0);
    ide.sendPacket(read10(5, 2));
    await ide.settle();
    for (let i = 0; i < 1024; i++) ide.in(0, 2);
    const other = new IdeBench({ kind: 'optical', tray });
    other.controller.restore(structuredClone(ide.controller.save()));
    expect(await other.drain(2048)).toEqual(medium!.bytes.slice(6 * 2048, 7 * 2048));
  });
});

describe('reading', () => {
  it('wraps sectors into raw ones for READ CD', async () => {
    const { ide, medium } = drive();
    const raw = await ide.packet([0xbe, 0, 0, 0, 0, 16, 0, 0, 1, 0xf8]);
    expect(raw.length).toBe(2352);
    // Sector 16 is at 00:02:16.
    expect([...raw.slice(0, 16)]).toEqual([0, ...new Array(10).fill(255), 0, 0, 2, 0x16, 1]);
    expect(raw.slice(16, 2064)).toEqual(medium!.bytes.slice(16 * 2048, 17 * 2048));
    expect(await ide.packet([0xbe, 0, 0, 0, 0, 16, 0, 0, 1, 0x10])).toEqual(medium!.bytes.slice(16 * 2048, 17 * 2048));
  });

  it('reports the last sector and 2048 bytes as capacity', async () => {
    const { ide } = drive();
    expect([...(await ide.packet([0x25]))]).toEqual([0, 0, 1, 43, 0, 0, 8, 0]);
  });

  it('refuses what lies beyond the end', async () => {
    const { ide } = drive();
    expect((await ide.packet(read10(299, 2))).length).toBe(0);
    expect([ide.altStatus, ide.in(1) >> 4]).toEqual([0x51, 5]);
    expect(await sense(ide)).toEqual([5, 0x21]);
    expect(await sense(ide)).toEqual([0, 0]);
    expect((await ide.packet([0xa8, 0, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff])).length).toBe(0);
    expect(await sense(ide)).toEqual([5, 0x21]);
  });

  it('reports an unrecovered error when the medium fails', async () => {
    const { ide, medium } = drive();
    medium!.failWith('scratched');
    await ide.packet(read10(0, 1));
    expect(await sense(ide)).toEqual([3, 0x11]);
  });
});

describe('tables and pages', () => {
  it('answers READ TOC in formats 0, 1 and 2, in LBA and MSF', async () => {
    const { ide } = drive();
    const toc = (msf: number, format: number, track = 0): Promise<Uint8Array> =>
      ide.packet([0x43, msf, format, 0, 0, 0, track, 0, 255]);
    expect([...(await toc(0, 0))]).toEqual([0, 18, 1, 1, 0, 0x14, 1, 0, 0, 0, 0, 0, 0, 0x16, 0xaa, 0, 0, 0, 1, 44]);
    expect([...(await toc(2, 0, 0xaa))]).toEqual([0, 10, 1, 1, 0, 0x16, 0xaa, 0, 0, 0, 6, 0]);
    expect([...(await toc(0, 1))]).toEqual([0, 10, 1, 1, 0, 0x14, 1, 0, 0, 0, 0, 0]);
    const raw = await toc(2, 2);
    expect([raw.length, raw[1], raw[7], raw[18], raw[29], raw[40]]).toEqual([48, 46, 0xa0, 0xa1, 0xa2, 1]);
    await toc(0, 0, 5);
    expect(await sense(ide)).toEqual([5, 0x24]);
  });

  it('truncates answers to the allocation length', async () => {
    const { ide } = drive();
    expect((await ide.packet([0x43, 0, 0, 0, 0, 0, 0, 0, 12])).length).toBe(12);
    expect((await ide.packet([0x12, 0, 0, 0, 0])).length).toBe(0);
    expect(ide.altStatus).toBe(0x50);
  });

  it('answers MODE SENSE page 2Ah, all pages, and refuses saved values', async () => {
    const { ide } = drive();
    const page = await ide.packet([0x5a, 0, 0x2a, 0, 0, 0, 0, 1, 0]);
    expect([page.length, page[1], page[2], page[8], page[9]]).toEqual([30, 28, 1, 0x2a, 20]);
    expect((await ide.packet([0x5a, 0, 0x3f, 0, 0, 0, 0, 1, 0])).length).toBe(54);
    expect((await ide.packet([0x1a, 0, 0x01, 0, 255])).length).toBe(12);
    await ide.packet([0x5a, 0, 0xea, 0, 0, 0, 0, 1, 0]);
    expect(await sense(ide)).toEqual([5, 0x39]);
    await ide.packet([0x5a, 0, 0x33, 0, 0, 0, 0, 1, 0]);
    expect(await sense(ide)).toEqual([5, 0x24]);
  });

  it('names the current profile in GET CONFIGURATION', async () => {
    const { ide, tray } = drive();
    const full = await ide.packet([0x46, 0, 0, 0, 0, 0, 0, 1, 0]);
    expect([full[3], full[6], full[7]]).toEqual([full.length - 4, 0, 8]);
    const one = await ide.packet([0x46, 2, 0, 1, 0, 0, 0, 1, 0]);
    expect([one.length, one[9]]).toEqual([20, 1]);
    tray.insert(null);
    expect((await ide.packet([0x46, 0, 0, 0, 0, 0, 0, 0, 8]))[7]).toBe(0);
  });

  it('answers disc, track and mechanism information', async () => {
    const { ide } = drive();
    expect((await ide.packet([0x51, 0, 0, 0, 0, 0, 0, 0, 34]))[2]).toBe(0x0e);
    const track = await ide.packet([0x52, 1, 0, 0, 0, 1, 0, 0, 36]);
    expect([track[2], track[26], track[27]]).toEqual([1, 1, 44]);
    expect((await ide.packet([0xbd, 0, 0, 0, 0, 0, 0, 0, 0, 8])).length).toBe(8);
  });

  it('refuses unknown operations', async () => {
    const { ide } = drive();
    await ide.packet([0x2a]);
    expect(await sense(ide)).toEqual([5, 0x20]);
  });
});

describe('changing the medium', () => {
  it('reports an empty tray', async () => {
    const { ide } = drive(null);
    await ide.packet([0x00]);
    expect(ide.altStatus).toBe(0x51);
    expect(await sense(ide)).toEqual([2, 0x3a]);
  });

  it('raises one unit attention after an insertion, and a media event', async () => {
    const { ide, tray } = drive(null);
    tray.insert(disc(10));
    const event = await ide.packet([0x4a, 1, 0, 0, 0x10, 0, 0, 0, 8]);
    expect([...event]).toEqual([0, 6, 4, 0x10, 2, 2, 0, 0]);
    await ide.packet([0x00]);
    expect(await sense(ide)).toEqual([6, 0x28]);
    await ide.packet([0x00]);
    expect(ide.altStatus).toBe(0x50);
    expect((await ide.packet([0x25]))[3]).toBe(9);
  });

  it('ejects on request, and not while locked', async () => {
    const { ide, tray, medium } = drive();
    let ejected: unknown = null;
    tray.onEjected((out) => {
      ejected = out;
    });
    await ide.packet([0x1e, 0, 0, 0, 1]);
    expect(tray.isLocked).toBe(true);
    await ide.packet([0x1b, 0, 0, 0, 2]);
    expect(await sense(ide)).toEqual([5, 0x53]);
    await ide.packet([0x1e, 0, 0, 0, 0]);
    await ide.packet([0x1b, 0, 0, 0, 2]);
    expect([ide.altStatus, ejected === medium, tray.medium()]).toEqual([0x50, true, null]);
    expect((await ide.packet([0x4a, 1, 0, 0, 0x10, 0, 0, 0, 8]))[5]).toBe(1);
  });

  it('survives a medium that disappears in the middle of a command', async () => {
    const { ide, tray } = drive();
    ide.out(4, 0);
    ide.out(5, 8);
    ide.out(7, 0xa0);
    ide.sendPacket(read10(0, 200));
    await ide.settle();
    tray.insert(null);
    const data = await ide.drain(2048);
    expect(data.length).toBe(64 * 2048);
    expect(await sense(ide)).toEqual([2, 0x3a]);
  });
});
