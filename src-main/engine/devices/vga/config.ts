// What a person can choose about the VGA adapter.
import { z } from 'zod';

export const vgaConfig = z
  .strictObject({
    kind: z.literal('vga'),
    videoMemoryMiB: z
      .union([z.literal(4), z.literal(8), z.literal(16), z.literal(32), z.literal(64)])
      .default(16)
      .describe('Video memory in MiB'),
    slot: z.number().int().min(1).max(31).optional().describe('PCI slot'),
  })
  .meta({ title: 'VGA display adapter' });

export type VgaConfig = z.infer<typeof vgaConfig>;
