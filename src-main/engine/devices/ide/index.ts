// Builds the IDE controller from what the machine has attached at "0:0", "0:1", "1:0" and "1:1" (channel:device).
import type { DeviceHost, DeviceModule } from '../device-module.ts';
import { type DriveAttachment, IdeController } from './ide.ts';

function attachmentAt(host: DeviceHost, place: string): DriveAttachment {
  const medium = host.block(place);
  if (medium) return { kind: 'disk', medium };
  const tray = host.removable(place);
  return tray ? { kind: 'optical', tray } : null;
}

export const ide: DeviceModule<'ide'> = {
  kind: 'ide',
  create: (_config, ctx, host) =>
    new IdeController(host.id, ctx, [
      attachmentAt(host, '0:0'),
      attachmentAt(host, '0:1'),
      attachmentAt(host, '1:0'),
      attachmentAt(host, '1:1'),
    ]),
};
