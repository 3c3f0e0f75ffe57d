// Opening, probing and refusing media, over real files in a temporary folder.
import { chmod, mkdir, open, readdir, symlink, truncate, writeFile } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { numberedSectors, temporaryFolder } from '../../test/harness/temp-medium.ts';
import { hostFiles } from '../host/files.ts';
import { createMedium, openMedium } from './medium.ts';

let folder: Awaited<ReturnType<typeof temporaryFolder>>;

beforeEach(async () => {
  folder = await temporaryFolder();
});
afterEach(() => folder.dispose());

async function fileOf(name: string, bytes: Uint8Array): Promise<string> {
  const path = folder.file(name);
  await writeFile(path, bytes);
  return path;
}

/** 20 sectors of 2048 bytes with an ISO 9660 primary volume descriptor; `hybrid` adds an MBR signature. */
function isoBytes(hybrid = false): Uint8Array {
  const bytes = numberedSectors(20, 2048);
  bytes.set([1, ...Buffer.from('CD001'), 1], 16 * 2048);
  if (hybrid) bytes.set([0x55, 0xaa], 510);
  return bytes;
}

const readWrite = { readOnly: false };

describe('raw images', () => {
  it('reads and writes any whole number of sectors', async () => {
    const path = await fileOf('disk.img', numberedSectors(7));
    const medium = await openMedium(hostFiles, path, readWrite);
    expect([medium.format, medium.capacityBytes, medium.blockSize, medium.isReadOnly]).toEqual([
      'raw',
      3584,
      512,
      false,
    ]);
    await medium.write(512, new Uint8Array(512).fill(9));
    await medium.flush();
    const sector = new Uint8Array(1024);
    await medium.read(0, sector);
    expect([sector[4], sector[512], sector[1023]]).toEqual([52, 9, 9]);
    await medium.close();
  });

  it('refuses sizes that are not whole sectors, empty files and folders in one sentence', async () => {
    const odd = await fileOf('odd.img', new Uint8Array(1000));
    const empty = await fileOf('empty.img', new Uint8Array(0));
    await mkdir(folder.file('folder'));
    await expect(openMedium(hostFiles, odd, readWrite)).rejects.toMatchObject({ code: 'medium.corrupt' });
    await expect(openMedium(hostFiles, empty, readWrite)).rejects.toThrow(/empty.img" is empty/);
    await expect(openMedium(hostFiles, folder.file('folder'), readWrite)).rejects.toThrow(/is a folder/);
    await expect(openMedium(hostFiles, folder.file('none.img'), readWrite)).rejects.toMatchObject({
      code: 'host.fileNotFound',
    });
    expect((await readdir(folder.path)).filter((name) => name.endsWith('.lock'))).toEqual([]);
  });

  it('opens read-only without a lock and refuses writes', async () => {
    const path = await fileOf('disk.img', numberedSectors(2));
    const medium = await openMedium(hostFiles, path, { readOnly: true });
    await expect(medium.write(0, new Uint8Array(512))).rejects.toMatchObject({ code: 'medium.readOnly' });
    const second = await openMedium(hostFiles, path, { readOnly: true });
    await medium.close();
    await second.close();
  });

  it('refuses requests outside the medium', async () => {
    const medium = await openMedium(hostFiles, await fileOf('disk.img', numberedSectors(2)), readWrite);
    await expect(medium.read(1024, new Uint8Array(512))).rejects.toMatchObject({ code: 'medium.ioError' });
    await medium.close();
  });

  it('creates a sparse image and refuses a taken name', async () => {
    const path = folder.file('new.img');
    const medium = await createMedium(hostFiles, path, { format: 'raw', capacityBytes: 64 * 1024 * 1024 });
    expect(medium.capacityBytes).toBe(64 * 1024 * 1024);
    await medium.write(32 * 1024 * 1024, new Uint8Array(512).fill(1));
    await medium.flush();
    expect(await medium.allocatedBytes()).toBeLessThan(1024 * 1024);
    const hole = new Uint8Array(512).fill(7);
    await medium.read(0, hole);
    expect(hole.every((byte) => byte === 0)).toBe(true);
    await medium.close();
    await expect(createMedium(hostFiles, path, { format: 'raw', capacityBytes: 512 })).rejects.toThrow(
      /exists already/,
    );
  });

  it('reads zeroes where somebody has cut the file', async () => {
    const path = await fileOf('disk.img', numberedSectors(4));
    const medium = await openMedium(hostFiles, path, readWrite);
    await truncate(path, 512);
    const sector = new Uint8Array(512).fill(7);
    await medium.read(1024, sector);
    expect(sector.every((byte) => byte === 0)).toBe(true);
    await medium.close();
  });
});

describe('optical images', () => {
  it('recognises the volume descriptor whatever the name, and never writes', async () => {
    const medium = await openMedium(hostFiles, await fileOf('disc.bin', isoBytes()), readWrite);
    expect([medium.format, medium.kind, medium.blockSize, medium.isReadOnly]).toEqual(['iso', 'optical', 2048, true]);
    await expect(medium.write(0, new Uint8Array(2048))).rejects.toMatchObject({ code: 'medium.readOnly' });
    await medium.close();
  });

  it('opens a hybrid image as a disc or, used as a disk, as raw sectors', async () => {
    const path = await fileOf('hybrid.iso', isoBytes(true));
    const disc = await openMedium(hostFiles, path, { readOnly: true, use: 'optical' });
    const disk = await openMedium(hostFiles, path, { readOnly: true, use: 'disk' });
    expect([disc.format, disk.format, disk.blockSize]).toEqual(['iso', 'raw', 512]);
    await disc.close();
    await disk.close();
  });

  it('pads a cut last sector with zeroes', async () => {
    const path = await fileOf('cut.iso', isoBytes().subarray(0, 20 * 2048 - 100));
    const medium = await openMedium(hostFiles, path, { readOnly: true });
    const sector = new Uint8Array(2048).fill(7);
    await medium.read(19 * 2048, sector);
    expect([medium.capacityBytes, sector[2047]]).toEqual([20 * 2048, 0]);
    await medium.close();
  });
});

describe('foreign formats', () => {
  const marks: [name: string, bytes: number[] | string, at: number, said: RegExp][] = [
    ['a.qcow2', 'QFI\xfb', 0, /QCOW2/],
    ['a.vdi', [0x7f, 0x10, 0xda, 0xbe], 0x40, /VDI/],
    ['a.vmdk', 'KDMV', 0, /VMDK/],
    ['b.vmdk', '# Disk DescriptorFile\n', 0, /VMDK/],
    ['a.vhd', 'conectix', 0, /VHD/],
    ['a.vhdx', 'vhdxfile', 0, /VHDX/],
    ['a.ova', 'ustar', 257, /OVA/],
    ['a.img.gz', [0x1f, 0x8b, 8], 0, /gzip/],
    ['a.bin', [0, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 0], 0, /2352/],
  ];

  it.each(marks)('refuses %s by name and says what to do', async (name, bytes, at, said) => {
    const content = new Uint8Array(4096);
    content.set(typeof bytes === 'string' ? Buffer.from(bytes, 'latin1') : bytes, at);
    const path = await fileOf(name, content);
    const opening = openMedium(hostFiles, path, readWrite);
    await expect(opening).rejects.toMatchObject({
      code: 'medium.unsupportedFormat',
      message: expect.stringMatching(said),
    });
    await expect(opening).rejects.toThrow(name);
  });

  it('takes a foreign file as raw sectors when told to', async () => {
    const content = new Uint8Array(4096);
    content.set(Buffer.from('QFI\xfb', 'latin1'));
    const medium = await openMedium(hostFiles, await fileOf('a.qcow2', content), { readOnly: true, format: 'raw' });
    expect(medium.capacityBytes).toBe(4096);
    await medium.close();
  });
});

describe('the writer lock', () => {
  it('admits one writer, also through a link, and frees it on close', async () => {
    const path = await fileOf('disk.img', numberedSectors(2));
    const link = folder.file('link.img');
    await symlink(path, link);
    const first = await openMedium(hostFiles, path, readWrite);
    await expect(openMedium(hostFiles, link, readWrite)).rejects.toMatchObject({ code: 'medium.locked' });
    await first.close();
    const second = await openMedium(hostFiles, link, readWrite);
    await second.close();
    expect(await readdir(folder.path)).toEqual(['disk.img', 'link.img']);
  });

  it.each([
    ['a process that is gone', JSON.stringify({ pid: 2 ** 22 + 1, startTime: '1', token: 'x' })],
    ['a reused process number', JSON.stringify({ pid: process.pid, startTime: '1', token: 'x' })],
    ['rubbish', '{'],
  ])('takes over a lock left by %s', async (_owner, content) => {
    const path = await fileOf('disk.img', numberedSectors(2));
    await writeFile(`${path}.lock`, content);
    const medium = await openMedium(hostFiles, path, readWrite);
    await expect(openMedium(hostFiles, path, readWrite)).rejects.toMatchObject({ code: 'medium.locked' });
    await medium.close();
  });

  it('lets exactly one of many simultaneous writers in, over a stale lock', async () => {
    const path = await fileOf('disk.img', numberedSectors(2));
    await writeFile(`${path}.lock`, JSON.stringify({ pid: 2 ** 22 + 1, startTime: '1', token: 'x' }));
    const results = await Promise.allSettled(Array.from({ length: 12 }, () => openMedium(hostFiles, path, readWrite)));
    const opened = results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
    expect(opened.length).toBe(1);
    await opened[0]!.close();
    expect(await readdir(folder.path)).toEqual(['disk.img']);
  });

  it('keeps the lock elsewhere when the folder is not writable', async () => {
    const path = await fileOf('disk.img', numberedSectors(2));
    await chmod(folder.path, 0o500);
    const medium = await openMedium(hostFiles, path, readWrite);
    await expect(openMedium(hostFiles, path, readWrite)).rejects.toMatchObject({ code: 'medium.locked' });
    await medium.close();
    await chmod(folder.path, 0o700);
  });

  it('is not needed by the file handle of another program reading along', async () => {
    const path = await fileOf('disk.img', numberedSectors(2));
    const medium = await openMedium(hostFiles, path, readWrite);
    const reader = await open(path, 'r');
    const sector = new Uint8Array(512);
    await medium.write(0, new Uint8Array(512).fill(3));
    await reader.read(sector, 0, 512, 0);
    expect(sector[0]).toBe(3);
    await reader.close();
    await medium.close();
  });
});
