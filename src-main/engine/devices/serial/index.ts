import type { DeviceModule } from '../device-module.ts';
import { Serial, type SerialWiring } from './serial.ts';

/** COM1 to COM4. */
const WIRINGS: readonly SerialWiring[] = [
  { ioPort: 0x3f8, irq: 4 },
  { ioPort: 0x2f8, irq: 3 },
  { ioPort: 0x3e8, irq: 4 },
  { ioPort: 0x2e8, irq: 3 },
];

export const serial: DeviceModule<'serial', Serial> = {
  kind: 'serial',
  create: (config, ctx, host) => new Serial(host.id, WIRINGS[config.port - 1]!, ctx, host.char('line')),
};
