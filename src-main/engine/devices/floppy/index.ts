// Builds the floppy controller; a drive exists where the machine has a removable attachment at "0" or "1".
import type { DeviceModule } from '../device-module.ts';
import { FloppyController } from './floppy-controller.ts';

export const floppy: DeviceModule<'floppy'> = {
  kind: 'floppy',
  create: (_config, ctx, host) => new FloppyController(host.id, ctx, [host.removable('0'), host.removable('1')]),
};
