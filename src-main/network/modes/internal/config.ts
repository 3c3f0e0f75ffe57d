// Configuration of an adapter in internal mode.
import { z } from 'zod';

export const internalNetworkConfig = z
  .strictObject({
    mode: z.literal('internal'),
    network: z.string().min(1).max(64).default('intnet').describe('Adapters with the same name see each other'),
  })
  .meta({
    title: 'Internal network',
    description: 'Machines of this host among themselves; nothing else is reachable.',
  });

export type InternalNetworkConfig = z.infer<typeof internalNetworkConfig>;
