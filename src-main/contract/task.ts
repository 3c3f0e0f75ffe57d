// Work that takes longer than a second: seen by every client, cancellable, remembered until dismissed.
import { z } from 'zod';
import { id } from './primitives.ts';

export const taskState = z.enum(['running', 'done', 'failed', 'cancelled']);
export type TaskState = z.infer<typeof taskState>;

export const task = z.strictObject({
  id,
  /** What is done, in words: "Create disk.img". */
  title: z.string(),
  machineId: id.nullable(),
  state: taskState,
  /** From 0 to 1; null while nobody can tell. */
  progress: z.number().min(0).max(1).nullable(),
  /** What is just being done, or why it failed. */
  message: z.string(),
  isCancellable: z.boolean(),
  startedAt: z.iso.datetime(),
  endedAt: z.iso.datetime().nullable(),
  /** What the work made, once done; its shape is the method's that began it. */
  result: z.unknown(),
});
export type Task = z.infer<typeof task>;
