// Shapes that several methods share.
import { z } from 'zod';
import { machineState } from '../machine.ts';
import { id } from '../primitives.ts';

export const machineRef = z.strictObject({ id });
export const nothing = z.strictObject({});
export const done = z.null();
/** The method returns at once; the task tells how it goes on. */
export const begun = z.strictObject({ taskId: id });

export const machineSummary = z.strictObject({
  id,
  name: z.string(),
  os: z.string(),
  group: z.string(),
  state: machineState,
  /** Since when it is in this state. */
  stateSince: z.iso.datetime(),
  /** Why the machine crashed or could not start; empty otherwise. */
  message: z.string(),
  memoryMib: z.number(),
  cpus: z.number(),
  /** What runs the guest's code; null when off. */
  accelerator: z.string().nullable(),
  /** Everything written is thrown away at power-off. */
  isDisposable: z.boolean(),
  /** What Start does: with its window, or without. */
  startMode: z.enum(['window', 'headless']),
  /** Absolute path of its folder. */
  folder: z.string(),
});
export type MachineSummary = z.infer<typeof machineSummary>;

/** A machine whose file cannot be used. It is left untouched. */
export const inaccessibleMachine = z.strictObject({ folder: z.string(), reason: z.string() });
export type InaccessibleMachine = z.infer<typeof inaccessibleMachine>;
