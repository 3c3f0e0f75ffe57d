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
  stateSince: z.iso.datetime().describe('Since when it is in this state'),
  message: z.string().describe('Why the machine crashed or could not start; empty otherwise'),
  memoryMib: z.number(),
  cpus: z.number(),
  accelerator: z.string().nullable().describe('What runs the guest’s code; null when off'),
  isDisposable: z.boolean().describe('Everything written is thrown away at power-off'),
  startMode: z.enum(['window', 'headless']).describe('What Start does: with its window, or without'),
  folder: z.string().describe('Absolute path of its folder'),
});
export type MachineSummary = z.infer<typeof machineSummary>;

/** A machine whose file cannot be used. It is left untouched. */
export const inaccessibleMachine = z.strictObject({ folder: z.string(), reason: z.string() });
export type InaccessibleMachine = z.infer<typeof inaccessibleMachine>;
