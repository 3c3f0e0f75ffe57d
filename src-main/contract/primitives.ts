// The vocabulary's smallest words. Pure: zod only.
import { z } from 'zod';

/** Machine, medium and task identifiers: lower-case UUIDs. */
export const id = z.uuid();

/** What a person may call a machine: it also names its folder, so no path separators, control characters or leading dots. */
export const machineName = z
  .string()
  .min(1, 'A name is needed')
  .max(120)
  .regex(
    /^(?![. ])[^/\\:*?"<>|\p{Cc}]*[^/\\:*?"<>|\p{Cc}. ]$/u,
    'A name may not contain / \\ : * ? " < > |, start with a dot or a space, or end with one',
  )
  .regex(/^(?!(con|prn|aux|nul|com\d|lpt\d)(\.|$))/i, 'Windows keeps this name for a device; choose another');

/** An absolute path on the host. */
export const hostPath = z
  .string()
  .min(1)
  .max(4096)
  .regex(/^[^\0]*$/, 'A path may not contain a NUL');
