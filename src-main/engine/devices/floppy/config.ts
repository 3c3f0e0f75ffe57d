// Configuration of the floppy controller. Its drives are the machine's attachments "0" and "1".
import { z } from 'zod';

export const floppyConfig = z
  .strictObject({ kind: z.literal('floppy') })
  .meta({ title: 'Floppy controller', description: 'Up to two 3.5" or 5.25" drives.' });
