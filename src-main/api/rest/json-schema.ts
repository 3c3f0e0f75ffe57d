// JSON Schemas of the contract's shapes, for OpenAPI and the documentation. Shapes that many methods share have names.
import { z } from 'zod';
import { activitySample, activityTotals } from '../../contract/activity.ts';
import {
  attachment,
  directBoot,
  firmware,
  machineDefinition,
  machineSettings,
  machineSettingsPatch,
  machineUi,
  machineUiPatch,
  serialPort,
} from '../../contract/machine.ts';
import { doctorCheck, windowPage } from '../../contract/methods/host.ts';
import { keyEvent } from '../../contract/methods/machine.ts';
import { mediumSummary } from '../../contract/methods/medium.ts';
import { inaccessibleMachine, machineSummary } from '../../contract/methods/shapes.ts';
import { preferences } from '../../contract/preferences.ts';
import { task } from '../../contract/task.ts';

export type Json = Record<string, unknown>;
/** Whether a client sends the value or gets it: what has a default may be left out only when it is sent. */
export type Direction = 'input' | 'output';

const named: Readonly<Record<string, z.ZodType>> = {
  ActivitySample: activitySample,
  ActivityTotals: activityTotals,
  Attachment: attachment,
  DirectBoot: directBoot,
  DoctorCheck: doctorCheck,
  Firmware: firmware,
  InaccessibleMachine: inaccessibleMachine,
  KeyEvent: keyEvent,
  MachineDefinition: machineDefinition,
  MachineSettings: machineSettings,
  MachineSettingsPatch: machineSettingsPatch,
  MachineSummary: machineSummary,
  MachineUi: machineUi,
  MachineUiPatch: machineUiPatch,
  Medium: mediumSummary,
  Preferences: preferences,
  SerialPort: serialPort,
  Task: task,
  WindowPage: windowPage,
};
const names = new Map(Object.entries(named).map(([name, schema]) => [schema, name]));

/** Collects the named shapes that its schemas mention. */
export class ShapeBook {
  readonly shapes = new Map<string, Json>();
  readonly #prefix: string;

  /** @param prefix what a reference to a shape begins with, such as "#/components/schemas/" */
  constructor(prefix: string) {
    this.#prefix = prefix;
  }

  /** The schema, with references in place of the named shapes in it. */
  schema(schema: z.ZodType, direction: Direction): Json {
    return this.#reference(schema, direction) ?? this.#convert(schema, direction);
  }

  #reference(schema: z.ZodType, direction: Direction): Json | null {
    const base = names.get(schema);
    if (base === undefined) return null;
    const name = direction === 'input' && isLooser(schema) ? `${base}Input` : base;
    if (!this.shapes.has(name)) {
      this.shapes.set(name, {}); // Holds its place in the order while what it mentions is added.
      this.shapes.set(name, this.#convert(schema, direction));
    }
    return { $ref: `${this.#prefix}${name}` };
  }

  #convert(root: z.ZodType, direction: Direction): Json {
    const { $schema: _dialect, ...converted } = z.toJSONSchema(root, {
      io: direction,
      unrepresentable: 'any',
      override: ({ zodSchema, jsonSchema }) => {
        const schema = zodSchema as unknown as z.ZodType;
        const reference = schema === root ? null : this.#reference(schema, direction);
        if (!reference) return;
        for (const key of Object.keys(jsonSchema)) delete (jsonSchema as Json)[key];
        Object.assign(jsonSchema, reference);
      },
    });
    return converted as Json;
  }
}

/** Whether less is asked of a sender than a receiver is promised. */
function isLooser(schema: z.ZodType): boolean {
  const options = { unrepresentable: 'any' } as const;
  const [sent, got] = [
    z.toJSONSchema(schema, { ...options, io: 'input' }),
    z.toJSONSchema(schema, { ...options, io: 'output' }),
  ];
  return JSON.stringify(sent) !== JSON.stringify(got);
}
