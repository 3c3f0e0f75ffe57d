import type { DeviceContext } from '../../bus/device.ts';
import type { DeviceModule } from '../device-module.ts';
import type { VgaConfig } from './config.ts';
import { Vga, type VgaOptions } from './vga.ts';

/** Builds the adapter; unlike `vga.create`, with an option ROM when `options` has one. */
export function createVga(config: VgaConfig, ctx: DeviceContext, options: VgaOptions): Vga {
  return new Vga(config, ctx, options);
}

export const vga: DeviceModule<'vga', Vga> = {
  kind: 'vga',
  create: (config, ctx, host) => new Vga(config, ctx, { id: host.id }),
};
