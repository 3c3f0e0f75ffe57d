// Optical images have no creation choices: they are read only.
import { z } from 'zod';

export const isoOpenConfig = z.strictObject({ format: z.literal('iso') }).meta({ title: 'Optical disc image' });
