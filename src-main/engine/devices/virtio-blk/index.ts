// Builds a virtio disk on the machine's attachment "disk".
import { OspiteError } from '../../../core/errors.ts';
import { VirtioPciDevice } from '../../virtio/virtio-pci.ts';
import type { DeviceModule } from '../device-module.ts';
import { VirtioBlk } from './virtio-blk.ts';

export const virtioBlk: DeviceModule<'virtio-blk'> = {
  kind: 'virtio-blk',
  create(config, ctx, host) {
    const medium = host.block('disk');
    if (!medium) throw new OspiteError('config.invalid', `The virtio disk "${host.id}" has no medium; attach one.`);
    const environment = {
      serial: config.serial || host.id,
      readOnly: config.readOnly,
      log: ctx.log,
      activity: (kind: 'read' | 'write') => ctx.activity(kind),
    };
    return new VirtioPciDevice(host.id, ctx, new VirtioBlk(host.id, medium, environment));
  },
};
