// Configuration of one paravirtual disk. Its medium is the machine's attachment "disk".
import { z } from 'zod';

export const virtioBlkConfig = z
  .strictObject({
    kind: z.literal('virtio-blk'),
    readOnly: z.boolean().default(false).describe('Refuse writes even if the medium takes them'),
    serial: z
      .string()
      .max(20)
      .default('')
      .describe('Serial number shown to the guest; empty for one made from the name'),
  })
  .meta({ title: 'Paravirtual disk (virtio)', description: 'The fastest disk; the guest needs a virtio driver.' });
