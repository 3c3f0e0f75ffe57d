// Every kind of device a machine can be configured with. A line here makes engine/devices/registry.ts fail to compile until
// the implementation is listed there too; settings forms, CLI options and conformance tests follow from the schema.
import type { z } from 'zod';
import { floppyConfig } from '../engine/devices/floppy/config.ts';
import { ideConfig } from '../engine/devices/ide/config.ts';
import { serialConfig } from '../engine/devices/serial/config.ts';
import { vgaConfig } from '../engine/devices/vga/config.ts';
import { virtioBlkConfig } from '../engine/devices/virtio-blk/config.ts';
import { virtioRngConfig } from '../engine/devices/virtio-rng/config.ts';

export const deviceConfigs = {
  floppy: floppyConfig,
  ide: ideConfig,
  serial: serialConfig,
  vga: vgaConfig,
  'virtio-blk': virtioBlkConfig,
  'virtio-rng': virtioRngConfig,
} as const satisfies { [kind: string]: z.ZodType<{ kind: string }> };

export type DeviceKind = keyof typeof deviceConfigs;
export type DeviceConfigOf<K extends DeviceKind> = z.infer<(typeof deviceConfigs)[K]>;
export type DeviceConfig = { [K in DeviceKind]: DeviceConfigOf<K> }[DeviceKind];
