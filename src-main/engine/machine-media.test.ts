import { describe, expect, it } from 'vitest';
import { MemoryFiles } from '../../test/harness/memory-files.ts';
import { settleAll } from '../../test/harness/temp-medium.ts';
import { type Attachment, machineSettings } from '../contract/machine.ts';
import { MachineMedia, readBootFiles } from './machine-media.ts';

const attachment = (type: Attachment['type'], path: string | null, readOnly = false): Attachment => ({
  type,
  path,
  readOnly,
  bus: type === 'floppy' ? 'floppy' : 'ide',
  discard: false,
});
function files(): MemoryFiles {
  return new MemoryFiles({
    '/disk.img': new Uint8Array(4096),
    '/a.iso': new Uint8Array(4096).fill(0xaa),
    '/b.iso': new Uint8Array(4096).fill(0xbb),
    '/floppy.img': new Uint8Array(1_474_560),
  });
}

describe('opening', () => {
  it('opens disks and fills drives', async () => {
    const media = await MachineMedia.open(files(), [
      attachment('disk', '/disk.img'),
      attachment('cdrom', '/a.iso'),
      attachment('cdrom', null),
    ]);
    expect(media.disk(0)?.capacityBytes).toBe(4096);
    expect(media.drive(0)).toBeNull();
    expect(media.disk(1)).toBeNull();
    expect(media.drive(1)?.medium()?.isReadOnly).toBe(true);
    expect(media.drive(2)?.medium()).toBeNull();
    expect(media.drive(3)).toBeNull();
  });

  it('leaves nothing open when one is missing', async () => {
    const host = files();
    await expect(
      MachineMedia.open(host, [attachment('disk', '/disk.img'), attachment('disk', '/missing.img')]),
    ).rejects.toMatchObject({ code: 'host.fileNotFound' });
    expect(host.openPaths).toEqual([]);
  });

  it('tells what is missing even if closing the others fails', async () => {
    const host = files();
    host.failing.add('/disk.img');
    await expect(
      MachineMedia.open(host, [attachment('disk', '/disk.img'), attachment('cdrom', '/missing.iso')]),
    ).rejects.toThrow('/missing.iso');
  });

  it('refuses a disk without a file', async () => {
    await expect(MachineMedia.open(files(), [attachment('disk', null)])).rejects.toMatchObject({
      code: 'config.invalid',
    });
  });
});

describe('changing a medium', () => {
  it('swaps discs although the guest has locked the tray, and closes the old one', async () => {
    const host = files();
    const media = await MachineMedia.open(host, [attachment('cdrom', '/a.iso')]);
    media.drive(0)?.setLocked(true);
    await media.change(0, '/b.iso');
    const sector = new Uint8Array(2048);
    await media.drive(0)?.medium()?.read(0, sector);
    expect(sector[0]).toBe(0xbb);
    expect(host.openPaths).toEqual(['/b.iso']);
  });

  it('empties the drive', async () => {
    const host = files();
    const media = await MachineMedia.open(host, [attachment('cdrom', '/a.iso')]);
    await media.change(0, null);
    expect(media.drive(0)?.medium()).toBeNull();
    expect(host.openPaths).toEqual([]);
  });

  it('keeps the old disc when the new one cannot be opened', async () => {
    const host = files();
    const media = await MachineMedia.open(host, [attachment('cdrom', '/a.iso')]);
    await expect(media.change(0, '/missing.iso')).rejects.toMatchObject({ code: 'host.fileNotFound' });
    expect(media.drive(0)?.changeCount()).toBe(0);
    expect(host.openPaths).toEqual(['/a.iso']);
  });

  it('does nothing for the disc that is in', async () => {
    const host = files();
    const media = await MachineMedia.open(host, [attachment('floppy', '/floppy.img')]);
    await media.change(0, '/floppy.img');
    expect(media.drive(0)?.changeCount()).toBe(0);
    expect(host.openPaths).toEqual(['/floppy.img']);
  });

  it('refuses for a fixed disk and for no attachment at all', async () => {
    const media = await MachineMedia.open(files(), [attachment('disk', '/disk.img')]);
    await expect(media.change(0, '/a.iso')).rejects.toMatchObject({ code: 'usage.invalid' });
    await expect(media.change(7, '/a.iso')).rejects.toMatchObject({ code: 'usage.invalid' });
  });

  it('leaves one disc open of two that come at the same time', async () => {
    const host = files();
    const media = await MachineMedia.open(host, [attachment('cdrom', null)]);
    await Promise.all([media.change(0, '/a.iso'), media.change(0, '/b.iso')]);
    expect(host.openPaths).toHaveLength(1);
  });

  it('leaves nothing open when the machine ends meanwhile', async () => {
    const host = files();
    const media = await MachineMedia.open(host, [attachment('cdrom', '/a.iso')]);
    let open = () => {};
    host.gate = new Promise((resolve) => (open = resolve));
    const change = media.change(0, '/b.iso');
    await media.close();
    open();
    await expect(change).rejects.toMatchObject({ code: 'machine.wrongState' });
    expect(host.openPaths).toEqual([]);
  });

  it('closes what the guest ejects, and takes it back', async () => {
    const host = files();
    const media = await MachineMedia.open(host, [attachment('cdrom', '/a.iso')]);
    media.drive(0)?.eject();
    await settleAll();
    expect(host.openPaths).toEqual([]);
    await media.change(0, '/a.iso');
    expect(media.drive(0)?.medium()).not.toBeNull();
  });
});

describe('closing', () => {
  it('closes all, and tells of the one whose data could not be written', async () => {
    const host = files();
    const media = await MachineMedia.open(host, [attachment('disk', '/disk.img'), attachment('cdrom', '/a.iso')]);
    await media.disk(0)?.write(0, new Uint8Array(512).fill(1));
    host.failing.add('/disk.img');
    await expect(media.close()).rejects.toMatchObject({ code: expect.stringMatching(/ioError$/) });
    expect(host.openPaths).toEqual([]);
  });

  it('happens once', async () => {
    const media = await MachineMedia.open(files(), [attachment('disk', '/disk.img')]);
    await media.close();
    await expect(media.close()).resolves.toBeUndefined();
  });
});

describe('boot files', () => {
  const bytes = (text: string) => Uint8Array.from(Buffer.from(text));

  it('are the kernel and its initrd', async () => {
    const host = new MemoryFiles({ '/vmlinuz': bytes('kernel'), '/initrd': bytes('ram disk') });
    const settings = machineSettings.parse({ directBoot: { kernel: '/vmlinuz', initrd: '/initrd' } });
    expect(await readBootFiles(host, settings)).toEqual({
      kernel: bytes('kernel'),
      initrd: bytes('ram disk'),
      firmware: null,
      firmwareVariables: null,
      vgaBios: null,
    });
    expect(host.openPaths).toEqual([]);
  });

  it('include what lies beside a firmware image', async () => {
    const host = new MemoryFiles({
      '/fw/OVMF_CODE.fd': bytes('code'),
      '/fw/OVMF_VARS.fd': bytes('variables'),
      '/fw/vgabios-stdvga.bin': bytes('video'),
    });
    const settings = machineSettings.parse({ firmware: { kind: 'file', path: '/fw/OVMF_CODE.fd' } });
    expect(await readBootFiles(host, settings)).toMatchObject({
      firmware: bytes('code'),
      firmwareVariables: bytes('variables'),
      vgaBios: bytes('video'),
    });
  });

  it('do without what does not lie there', async () => {
    const host = new MemoryFiles({ '/fw/bios.bin': bytes('code') });
    const settings = machineSettings.parse({ firmware: { kind: 'file', path: '/fw/bios.bin' } });
    expect(await readBootFiles(host, settings)).toMatchObject({ firmwareVariables: null, vgaBios: null });
  });

  it('must be there when they are named', async () => {
    const settings = machineSettings.parse({ directBoot: { kernel: '/missing' } });
    await expect(readBootFiles(new MemoryFiles(), settings)).rejects.toMatchObject({ code: 'host.fileNotFound' });
  });
});
