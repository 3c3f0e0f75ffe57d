// Configuration of the paravirtual random number generator: there is nothing to choose.
import { z } from 'zod';

export const virtioRngConfig = z
  .strictObject({ kind: z.literal('virtio-rng') })
  .meta({ title: 'Random number generator (virtio)', description: 'Gives the guest entropy from the host.' });
