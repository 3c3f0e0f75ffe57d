// Builds the entropy device on the host's random generator.
import { VirtioPciDevice } from '../../virtio/virtio-pci.ts';
import type { DeviceModule } from '../device-module.ts';
import { VirtioRng } from './virtio-rng.ts';

export const virtioRng: DeviceModule<'virtio-rng'> = {
  kind: 'virtio-rng',
  create: (_config, ctx, host) => new VirtioPciDevice(host.id, ctx, new VirtioRng(host.entropy)),
};
