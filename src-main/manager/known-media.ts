// <home>/media.json: media on the media manager's list that need not belong to a machine.
import { z } from 'zod';
import { hostPath } from '../contract/primitives.ts';

export const knownMedia = z.strictObject({ version: z.literal(1), paths: z.array(hostPath).max(10_000) });
export type KnownMedia = z.infer<typeof knownMedia>;
