// The raw format's choices when an image is created.
import { z } from 'zod';

export const rawCreateConfig = z
  .strictObject({
    format: z.literal('raw'),
    capacityBytes: z
      .number()
      .int()
      .min(512)
      .max(2 ** 50)
      .multipleOf(512)
      .describe('Capacity in bytes, a multiple of 512'),
  })
  .meta({ title: 'Raw disk image' });
