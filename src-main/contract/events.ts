// What the host pushes to every client. Names are past tense.
import type { ActivitySample, ActivityTotals } from './activity.ts';
import type { MachineState } from './machine.ts';
import type { InaccessibleMachine, MachineSummary } from './methods/shapes.ts';
import type { Preferences } from './preferences.ts';
import type { Task } from './task.ts';

export interface Events {
  'machine.added': MachineSummary;
  /** Its definition or summary is another one now. */
  'machine.changed': MachineSummary;
  'machine.removed': { id: string };
  /** All machines' ids in the order of the list; sent when the order changed. */
  'machine.arranged': { order: string[] };
  'machine.inaccessibleChanged': { inaccessible: InaccessibleMachine[] };
  /** `message` says why a machine crashed or ended unasked. */
  'machine.stateChanged': { id: string; state: MachineState; message: string };
  /** Lights: reads and writes of devices since the last report. */
  'machine.activityReported': { id: string; reports: { device: string; reads: number; writes: number }[] };
  /** Once a second of each running machine. */
  'machine.sampled': { id: string; sample: ActivitySample; totals: ActivityTotals };
  'machine.logged': { id: string; line: string };
  'machine.ledsChanged': { id: string; leds: number };
  /** Whether the guest reads its mouse, and whether it takes absolute positions. */
  'machine.pointerModeChanged': { id: string; isEnabled: boolean; isAbsolute: boolean };
  'medium.changed': { path: string };
  'preferences.changed': Preferences;
  'task.changed': Task;
  'task.dismissed': { id: string };
}
export type EventName = keyof Events;

/** Every event's name; a name missing here does not compile. */
export const eventNames: EventName[] = Object.keys({
  'machine.added': 0,
  'machine.changed': 0,
  'machine.removed': 0,
  'machine.arranged': 0,
  'machine.inaccessibleChanged': 0,
  'machine.stateChanged': 0,
  'machine.activityReported': 0,
  'machine.sampled': 0,
  'machine.logged': 0,
  'machine.ledsChanged': 0,
  'machine.pointerModeChanged': 0,
  'medium.changed': 0,
  'preferences.changed': 0,
  'task.changed': 0,
  'task.dismissed': 0,
} satisfies Record<EventName, 0>) as EventName[];
