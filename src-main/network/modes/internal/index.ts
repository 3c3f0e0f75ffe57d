// Internal mode: adapters that name the same network share a switch, and nothing else does.
import type { NetworkModeModule } from '../../mode-module.ts';
import { type InternalNetworkConfig, internalNetworkConfig } from './config.ts';

export const internal: NetworkModeModule<'internal', InternalNetworkConfig> = {
  id: 'internal',
  title: 'Internal network',
  config: internalNetworkConfig,
  requiresPrivilege: false,
  services: [],
  attach: (config, adapterName, fabric) => fabric.switchFor('internal', config.network).connect(adapterName),
};
