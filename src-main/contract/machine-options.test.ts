import { expect, it } from 'vitest';
import { machineSettings } from './machine.ts';
import { type GivenOption, settingsFromOptions, settingsPatch } from './machine-options.ts';

const resolvePath = (path: string): string => (path.startsWith('/') ? path : `/here/${path}`);

function options(values: Record<string, string | string[]>): GivenOption[] {
  return Object.entries(values).flatMap(([name, value]) => [value].flat().map((one) => ({ name, value: one })));
}
const newSettings = (values: Record<string, string | string[]>) =>
  settingsFromOptions(options(values), { resolvePath });

it('has the documented defaults', () => {
  expect(newSettings({})).toEqual(machineSettings.parse({}));
  expect(newSettings({})).toMatchObject({ memoryMib: 512, cpus: 1, accelerator: 'auto', storage: [], rng: true });
});

it('reads disks with their flags, and file names with commas', () => {
  expect(
    newSettings({ disk: ['a,b.img,bus=virtio,readonly', 'c.img', '/d,,readonly', 'e,,,readonly'] }).storage,
  ).toEqual([
    { type: 'disk', path: '/here/a,b.img', bus: 'virtio', readOnly: true, discard: false },
    { type: 'disk', path: '/here/c.img', bus: 'ide', readOnly: false, discard: false },
    { type: 'disk', path: '/d,readonly', bus: 'ide', readOnly: false, discard: false },
    { type: 'disk', path: '/here/e,', bus: 'ide', readOnly: true, discard: false },
  ]);
});

it('puts disks of a directly booted kernel on virtio', () => {
  expect(newSettings({ kernel: 'vmlinuz', disk: ['c.img'] }).storage[0]).toMatchObject({ bus: 'virtio' });
});

it('reads a boot order, and none', () => {
  expect(newSettings({ boot: 'cdrom,disk' }).bootOrder).toEqual(['cdrom', 'disk']);
  expect(newSettings({ boot: 'none' }).bootOrder).toEqual([]);
});

it('keeps the order of drives of several kinds', () => {
  const storage = newSettings({ cdrom: 'a.iso', disk: 'b.img' }).storage;
  expect(storage.map(({ type }) => type)).toEqual(['cdrom', 'disk']);
});

const current = newSettings({ kernel: 'k', initrd: 'i', append: 'a', disk: 'd.img', cdrom: 'c.iso' });
const change = (values: Record<string, string | string[]>) => settingsPatch(options(values), { resolvePath, current });

it('changes what is named and nothing else', () => {
  expect(change({ memory: '64', serial: ['none', 'file:out'] })).toEqual({
    memoryMib: 64,
    serial: [{ kind: 'none' }, { kind: 'file', path: '/here/out' }],
  });
  expect(change({})).toEqual({});
});

it('replaces drives of the named kinds only', () => {
  expect(change({ cdrom: 'empty' }).storage).toEqual([
    current.storage[0],
    { type: 'cdrom', path: null, bus: 'ide', readOnly: true, discard: false },
  ]);
  expect(change({ disk: 'none' }).storage).toEqual([current.storage[1]]);
});

it('changes parts of a direct boot, replaces it, ends it', () => {
  expect(change({ append: 'b' }).directBoot).toEqual({ kernel: '/here/k', initrd: '/here/i', append: 'b' });
  expect(change({ initrd: 'none' }).directBoot).toEqual({ kernel: '/here/k', append: 'a' });
  expect(change({ kernel: 'new' }).directBoot).toEqual({ kernel: '/here/new', append: '' });
  expect(change({ kernel: 'none' }).directBoot).toBeNull();
});

it.each([
  [{ memory: '0' }, 'usage.invalid', '--memory'],
  [{ memory: '9999999' }, 'usage.invalid', '--memory'],
  [{ memory: 'lots' }, 'usage.invalid', '--memory'],
  [{ cpus: '2' }, 'usage.invalid', '--cpus'],
  [{ 'cpu-cap': '0' }, 'usage.invalid', '--cpu-cap'],
  [{ accel: 'magic' }, 'usage.invalid', '--accel'],
  [{ boot: 'tape' }, 'usage.invalid', 'tape'],
  [{ append: 'x' }, 'usage.invalid', '--kernel'],
  [{ initrd: 'x' }, 'usage.invalid', '--kernel'],
  [{ kernel: 'none', append: 'x' }, 'usage.invalid', '--kernel'],
  [{ disk: ['x,bus=floppotron'] }, 'usage.invalid', 'floppotron'],
  [{ disk: [''] }, 'usage.invalid', '--disk'],
  [{ disk: ['x,bus=nvme'] }, 'feature.unavailable', 'nvme'],
  [{ nic: ['nat'] }, 'feature.unavailable', '--nic'],
  [{ share: ['a=/b'] }, 'feature.unavailable', '--share'],
  [{ serial: ['smoke'] }, 'usage.invalid', 'smoke'],
  [{ serial: ['pty'] }, 'feature.unavailable', 'pty'],
  [{ usb: 'on' }, 'feature.unavailable', '--usb'],
  [{ rng: 'maybe' }, 'usage.invalid', '--rng'],
  [{ 'video-memory': '5' }, 'usage.invalid', '--video-memory'],
])('refuses %j as %s and names %s', (values, code, name) => {
  expect(() => newSettings(values)).toThrow(expect.objectContaining({ code, message: expect.stringContaining(name) }));
});
