// Which devices a machine's settings ask for, and where its attachments are plugged in. Pure: settings in, plan out.
import type { DeviceConfig } from '../contract/catalog.ts';
import type { Attachment, MachineSettings } from '../contract/machine.ts';
import { OspiteError } from '../core/errors.ts';

export interface PlannedDevice {
  /** Stable instance name, "ide0". */
  id: string;
  config: DeviceConfig;
  /** The device's own slot name to the attachment's index in the settings. */
  slots: Map<string, number>;
}

const IDE_PLACES = ['0:0', '0:1', '1:0', '1:1'];
/** Optical drives start at the secondary channel, where people and installers look for them. */
const IDE_OPTICAL_PLACES = ['1:0', '1:1', '0:1', '0:0'];
const MAX_FLOPPIES = 2;

/** @throws {OspiteError} config.invalid for more than the buses hold, feature.unavailable for buses of later versions */
export function planDevices(settings: MachineSettings): PlannedDevice[] {
  const attachments = settings.storage.map((attachment, index) => ({ attachment, index }));
  const on = (bus: Attachment['bus']) => attachments.filter(({ attachment }) => attachment.bus === bus);
  for (const bus of ['ahci', 'nvme', 'scsi'] as const) {
    if (on(bus).length > 0)
      throw new OspiteError(
        'feature.unavailable',
        `The ${bus} bus is not in this version; attach the medium to ide or virtio`,
      );
  }
  const devices: PlannedDevice[] = [];
  settings.serial.forEach((port, index) => {
    if (port.kind !== 'none')
      devices.push({ id: `serial${index}`, config: { kind: 'serial', port: index + 1 }, slots: new Map() });
  });
  devices.push({ id: 'ide0', config: { kind: 'ide' }, slots: planIde(on('ide')) });
  devices.push({ id: 'floppy0', config: { kind: 'floppy' }, slots: planFloppies(on('floppy')) });
  if (settings.vga === 'std')
    devices.push({ id: 'vga0', config: { kind: 'vga', videoMemoryMiB: settings.videoMemoryMib }, slots: new Map() });
  on('virtio').forEach(({ index, attachment }, position) => {
    if (attachment.type !== 'disk')
      throw new OspiteError(
        'config.invalid',
        `storage.${index}: only hard disks go on the virtio bus; use ide for optical drives`,
      );
    devices.push({
      id: `virtio-blk${position}`,
      config: { kind: 'virtio-blk', readOnly: attachment.readOnly, serial: `ospite-disk-${index}` },
      slots: new Map([['disk', index]]),
    });
  });
  if (settings.rng) devices.push({ id: 'virtio-rng0', config: { kind: 'virtio-rng' }, slots: new Map() });
  return devices;
}

function planIde(wanted: { attachment: Attachment; index: number }[]): Map<string, number> {
  const slots = new Map<string, number>();
  // Disks first, so that the first disk is always the primary master.
  for (const { attachment, index } of wanted.toSorted(
    (a, b) => Number(a.attachment.type !== 'disk') - Number(b.attachment.type !== 'disk'),
  )) {
    const places = attachment.type === 'disk' ? IDE_PLACES : IDE_OPTICAL_PLACES;
    const place = places.find((candidate) => !slots.has(candidate));
    if (place === undefined)
      throw new OspiteError(
        'config.invalid',
        `storage.${index}: the IDE controller holds four drives; put disks on virtio or leave one out`,
      );
    slots.set(place, index);
  }
  return slots;
}

function planFloppies(wanted: { index: number }[]): Map<string, number> {
  if (wanted.length > MAX_FLOPPIES)
    throw new OspiteError(
      'config.invalid',
      `storage.${wanted[MAX_FLOPPIES]!.index}: a machine has at most two floppy drives; leave one out`,
    );
  return new Map(wanted.map(({ index }, drive) => [String(drive), index]));
}
