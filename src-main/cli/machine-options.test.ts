import { resolve } from 'node:path';
import { expect, it } from 'vitest';
import { settingsFromOptions } from './machine-options.ts';

it('has the documented defaults', () => {
  expect(settingsFromOptions({})).toMatchObject({
    memoryMib: 512,
    cpus: 1,
    accelerator: 'auto',
    firmware: { kind: 'bios' },
    storage: [],
    directBoot: null,
    serial: [{ kind: 'console' }],
    rng: true,
  });
});

it('reads disks with their flags, and file names with commas', () => {
  expect(settingsFromOptions({ disk: ['a,b.img,bus=virtio,readonly', 'c.img'] }).storage).toEqual([
    { type: 'disk', path: resolve('a,b.img'), bus: 'virtio', readOnly: true, discard: false },
    { type: 'disk', path: resolve('c.img'), bus: 'ide', readOnly: false, discard: false },
  ]);
});

it('puts disks of a directly booted kernel on virtio', () => {
  expect(settingsFromOptions({ kernel: 'vmlinuz', disk: ['c.img'] }).storage[0]).toMatchObject({ bus: 'virtio' });
});

it('reads a boot order', () => {
  expect(settingsFromOptions({ boot: 'cdrom,disk' }).bootOrder).toEqual(['cdrom', 'disk']);
});

it.each([
  [{ memory: '0' }, 'usage.invalid', '--memory'],
  [{ memory: '9999999' }, 'usage.invalid', '--memory'],
  [{ memory: 'lots' }, 'usage.invalid', '--memory'],
  [{ cpus: '2' }, 'usage.invalid', '--cpus'],
  [{ accel: 'magic' }, 'usage.invalid', '--accel'],
  [{ boot: 'tape' }, 'usage.invalid', 'tape'],
  [{ append: 'x' }, 'usage.invalid', '--kernel'],
  [{ initrd: 'x' }, 'usage.invalid', '--kernel'],
  [{ disk: ['x,bus=floppotron'] }, 'usage.invalid', 'floppotron'],
  [{ disk: [''] }, 'usage.invalid', '--disk'],
  [{ disk: ['x,bus=nvme'] }, 'feature.unavailable', 'nvme'],
  [{ nic: ['nat'] }, 'feature.unavailable', '--nic'],
  [{ share: ['a=/b'] }, 'feature.unavailable', '--share'],
  [{ serial: ['smoke'] }, 'usage.invalid', 'smoke'],
  [{ serial: ['pty'] }, 'feature.unavailable', 'pty'],
  [{ usb: 'on' }, 'feature.unavailable', '--usb'],
  [{ rng: 'maybe' }, 'usage.invalid', '--rng'],
])('refuses %j as %s and names %s', (values, code, name) => {
  expect(() => settingsFromOptions(values)).toThrow(
    expect.objectContaining({ code, message: expect.stringContaining(name) }),
  );
});
