// What a network mode brings. One folder under modes/ per member, one line in registry.ts.
import type { z } from 'zod';
import type { FrameBackend } from '../core/backends/frame.ts';
import type { SwitchFabric } from './fabric.ts';

export type NetworkService = 'dhcp' | 'dns';

export interface NetworkModeModule<Id extends string = string, Config extends { mode: Id } = { mode: Id }> {
  readonly id: Id;
  readonly title: string;
  readonly config: z.ZodType<Config>;
  /** True where the host must grant rights (TAP, raw sockets). */
  readonly requiresPrivilege: boolean;
  /** What the mode serves to its guests. */
  readonly services: readonly NetworkService[];
  /**
   * Plugs an adapter in; it is unplugged by `close` of what is returned.
   * @param adapterName names the port: "machine / adapter 1"
   */
  attach(config: Config, adapterName: string, fabric: SwitchFabric): FrameBackend;
}
