// Settings of one serial port.
import { z } from 'zod';

export const serialConfig = z
  .strictObject({
    kind: z.literal('serial'),
    port: z.int().min(1).max(4).default(1).describe("Which COM port: 1 to 4, at the PC's customary addresses"),
  })
  .meta({ title: 'Serial port' });

export type SerialConfig = z.infer<typeof serialConfig>;
