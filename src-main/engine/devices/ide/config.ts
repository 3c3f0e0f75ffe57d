// Configuration of the IDE controller. What sits in its four places comes from the machine's attachments, not from here.
import { z } from 'zod';

export const ideConfig = z.strictObject({ kind: z.literal('ide') }).meta({
  title: 'IDE controller (PIIX3)',
  description: 'Two channels of two drives: hard disks and CD-ROM drives. Understood by every operating system.',
});
