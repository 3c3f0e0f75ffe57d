// The implementation of every kind in contract/catalog.ts; a missing one does not compile.
import type { DeviceKind } from '../../contract/catalog.ts';
import type { DeviceModule } from './device-module.ts';
import { floppy } from './floppy/index.ts';
import { ide } from './ide/index.ts';
import { serial } from './serial/index.ts';
import { vga } from './vga/index.ts';
import { virtioBlk } from './virtio-blk/index.ts';
import { virtioRng } from './virtio-rng/index.ts';

export const deviceModules = { floppy, ide, serial, vga, 'virtio-blk': virtioBlk, 'virtio-rng': virtioRng } satisfies {
  [K in DeviceKind]: DeviceModule<K>;
};
