// What the host pushes to every client. Names are past tense.
import type { MachineState } from './machine.ts';
import type { MachineSummary } from './methods.ts';

export interface Events {
  'machine.added': MachineSummary;
  'machine.changed': MachineSummary;
  'machine.removed': { id: string };
  /** `message` says why a machine crashed or ended unasked. */
  'machine.stateChanged': { id: string; state: MachineState; message: string };
  'machine.activityReported': { id: string; reports: { device: string; reads: number; writes: number }[] };
  'machine.ledsChanged': { id: string; leds: number };
  'machine.pointerModeChanged': { id: string; isEnabled: boolean };
}
export type EventName = keyof Events;
