// Work that takes longer than a second: seen by every client, cancellable, remembered until dismissed.
import { z } from 'zod';
import { id } from './primitives.ts';

export const taskState = z.enum(['running', 'done', 'failed', 'cancelled']);
export type TaskState = z.infer<typeof taskState>;

export const task = z.strictObject({
  id,
  title: z.string().describe('What is done, in words: "Create disk.img"'),
  machineId: id.nullable(),
  state: taskState,
  progress: z.number().min(0).max(1).nullable().describe('From 0 to 1; null while nobody can tell'),
  message: z.string().describe('What is just being done, or why it failed'),
  isCancellable: z.boolean(),
  startedAt: z.iso.datetime(),
  endedAt: z.iso.datetime().nullable(),
  result: z.unknown().describe('What the work made, once done; its shape is the method’s that began it'),
});
export type Task = z.infer<typeof task>;
