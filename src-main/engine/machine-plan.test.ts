import { describe, expect, it } from 'vitest';
import { type Attachment, machineSettings } from '../contract/machine.ts';
import { OspiteError } from '../core/errors.ts';
import { planDevices } from './machine-plan.ts';

function attached(type: Attachment['type'], bus: Attachment['bus']): Attachment {
  return { type, bus, path: type === 'disk' ? '/disk.img' : null, readOnly: false, discard: false };
}
function plan(storage: Attachment[], others: object = {}) {
  return planDevices(machineSettings.parse({ storage, ...others }));
}
function slotsOf(id: string, storage: Attachment[]): [string, number][] {
  return [...plan(storage).find((device) => device.id === id)!.slots];
}

it('gives a machine without settings a console port, its controllers, a display and random numbers', () => {
  expect(plan([]).map(({ id }) => id)).toEqual(['serial0', 'ide0', 'floppy0', 'vga0', 'virtio-rng0']);
});

it('leaves out what is switched off, and keeps the numbers of serial ports', () => {
  const devices = plan([], { vga: 'none', rng: false, serial: [{ kind: 'none' }, { kind: 'console' }] });
  expect(devices.map(({ id, config }) => [id, config])).toEqual([
    ['serial1', { kind: 'serial', port: 2 }],
    ['ide0', { kind: 'ide' }],
    ['floppy0', { kind: 'floppy' }],
  ]);
});

describe('the IDE controller', () => {
  it('has the first disk as primary master even when an optical drive is listed before it', () => {
    expect(slotsOf('ide0', [attached('cdrom', 'ide'), attached('disk', 'ide')])).toEqual([
      ['0:0', 1],
      ['1:0', 0],
    ]);
  });

  it('fills its four places', () => {
    const storage = [
      attached('cdrom', 'ide'),
      attached('disk', 'ide'),
      attached('disk', 'ide'),
      attached('disk', 'ide'),
    ];
    expect(new Map(slotsOf('ide0', storage))).toEqual(
      new Map([
        ['0:0', 1],
        ['0:1', 2],
        ['1:0', 3],
        ['1:1', 0],
      ]),
    );
  });

  it('refuses a fifth drive by the index it has in the settings', () => {
    const storage = [attached('floppy', 'floppy'), ...Array.from({ length: 5 }, () => attached('disk', 'ide'))];
    expect(() => plan(storage)).toThrow(/^storage\.5: the IDE controller holds four drives/);
  });
});

it('numbers floppy drives and refuses a third', () => {
  const floppy = attached('floppy', 'floppy');
  expect(slotsOf('floppy0', [floppy, attached('disk', 'ide'), floppy])).toEqual([
    ['0', 0],
    ['1', 2],
  ]);
  expect(() => plan([floppy, floppy, floppy])).toThrow(/^storage\.2: .*at most two floppy drives/);
});

it('makes a device of each virtio disk, with a serial number of its own', () => {
  const devices = plan([attached('disk', 'virtio'), { ...attached('disk', 'virtio'), readOnly: true }]);
  expect(devices.filter(({ config }) => config.kind === 'virtio-blk')).toEqual([
    {
      id: 'virtio-blk0',
      config: { kind: 'virtio-blk', readOnly: false, serial: 'ospite-disk-0' },
      slots: new Map([['disk', 0]]),
    },
    {
      id: 'virtio-blk1',
      config: { kind: 'virtio-blk', readOnly: true, serial: 'ospite-disk-1' },
      slots: new Map([['disk', 1]]),
    },
  ]);
});

it('refuses optical drives on virtio', () => {
  expect(() => plan([attached('cdrom', 'virtio')])).toThrow(OspiteError);
});

it.each(['ahci', 'nvme', 'scsi'] as const)('says that the %s bus comes later', (bus) => {
  expect(() => plan([attached('disk', bus)])).toThrow(expect.objectContaining({ code: 'feature.unavailable' }));
});
