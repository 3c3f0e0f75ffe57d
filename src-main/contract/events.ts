// What the host pushes to every client. Names are past tense.
import { z } from 'zod';
import { activitySample, activityTotals } from './activity.ts';
import { machineState } from './machine.ts';
import { inaccessibleMachine, machineSummary } from './methods/shapes.ts';
import { preferences } from './preferences.ts';
import { id } from './primitives.ts';
import { task } from './task.ts';

interface EventDescription<Data extends z.ZodType = z.ZodType> {
  /** One sentence for the documentation. */
  summary: string;
  data: Data;
}

function event<Data extends z.ZodType>(summary: string, data: Data): EventDescription<Data> {
  return { summary, data };
}

const deviceActivity = z.strictObject({
  device: z.string(),
  reads: z.number().describe('Since the last report'),
  writes: z.number().describe('Since the last report'),
});

export const events = {
  'machine.added': event('A machine is in the list that was not.', machineSummary),
  'machine.changed': event('A machine’s definition or summary is another one now.', machineSummary),
  'machine.removed': event('A machine has left the list.', z.strictObject({ id })),
  'machine.arranged': event('The order of the list changed.', z.strictObject({ order: z.array(id) })),
  'machine.inaccessibleChanged': event(
    'Other machines than before cannot be used.',
    z.strictObject({ inaccessible: z.array(inaccessibleMachine) }),
  ),
  'machine.stateChanged': event(
    'A machine started, stopped, paused, or crashed.',
    z.strictObject({
      id,
      state: machineState,
      message: z.string().describe('Why it crashed or ended unasked; empty otherwise'),
    }),
  ),
  'machine.activityReported': event(
    'Devices of a machine were used: lights for the status bar.',
    z.strictObject({ id, reports: z.array(deviceActivity) }),
  ),
  'machine.sampled': event(
    'Once a second, what was measured of a running machine.',
    z.strictObject({ id, sample: activitySample, totals: activityTotals }),
  ),
  'machine.logged': event('A line was added to a machine’s log.', z.strictObject({ id, line: z.string() })),
  'machine.ledsChanged': event(
    'The guest switched the lights of its keyboard.',
    z.strictObject({ id, leds: z.number().describe('Bit 0 Scroll Lock, 1 Num Lock, 2 Caps Lock') }),
  ),
  'machine.pointerModeChanged': event(
    'The guest began or ceased to read its mouse, or to take positions from it.',
    z.strictObject({
      id,
      isEnabled: z.boolean().describe('The guest reads its mouse'),
      isAbsolute: z.boolean().describe('It takes absolute positions'),
    }),
  ),
  'medium.changed': event(
    'A medium was made, changed, added, released or removed.',
    z.strictObject({ path: z.string() }),
  ),
  'preferences.changed': event('The preferences are other ones now.', preferences),
  'task.changed': event('A task began, went on or ended.', task),
  'task.dismissed': event('An ended task was forgotten.', z.strictObject({ id })),
} as const;

export type EventName = keyof typeof events;
export type Events = { [Name in EventName]: z.output<(typeof events)[Name]['data']> };
export const eventNames = Object.keys(events) as EventName[];
