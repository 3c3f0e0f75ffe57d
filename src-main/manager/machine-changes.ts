// Which changes of a definition are allowed, and what comes out of them.
import {
  LIVE_SETTINGS,
  type MachineDefinition,
  type MachineSettings,
  type MachineSettingsPatch,
  type MachineUi,
} from '../contract/machine.ts';
import { OspiteError } from '../core/errors.ts';
import { present } from '../core/present.ts';

export interface MachineChange {
  name?: string | undefined;
  os?: string | undefined;
  description?: string | undefined;
  group?: string | undefined;
  ui?: { [Name in keyof MachineUi]?: MachineUi[Name] | undefined } | undefined;
  settings?: MachineSettingsPatch | undefined;
}

export function changed(definition: MachineDefinition, change: MachineChange): MachineDefinition {
  const { ui, settings, ...others } = change;
  return {
    ...definition,
    ...present(others),
    ui: { ...definition.ui, ...present(ui ?? {}) },
    settings: { ...definition.settings, ...present(settings ?? {}) },
  };
}

/** @throws {OspiteError} machine.wrongState when something changes that a running machine has built in */
export function refuseUnlessLive(old: MachineDefinition, wanted: MachineDefinition, state: string): void {
  const fields = [
    ...(['name', 'os'] as const).filter((name) => old[name] !== wanted[name]),
    ...differing(old.settings, wanted.settings)
      .filter((name) => !(LIVE_SETTINGS as readonly string[]).includes(name))
      .map((name) => `settings.${name}`),
  ];
  if (fields.length > 0)
    throw new OspiteError(
      'machine.wrongState',
      `Machine "${old.name}" is ${state}; power it off before you change ${fields.join(', ')}`,
    );
}

function differing(old: MachineSettings, wanted: MachineSettings): (keyof MachineSettings)[] {
  return (Object.keys(wanted) as (keyof MachineSettings)[]).filter(
    (name) => JSON.stringify(old[name]) !== JSON.stringify(wanted[name]),
  );
}

/** The definition with another medium in a removable drive. @throws {OspiteError} usage.invalid */
export function withMedium(definition: MachineDefinition, index: number, path: string | null): MachineDefinition {
  const { storage } = definition.settings;
  const attachment = storage[index];
  if (!attachment)
    throw new OspiteError(
      'usage.invalid',
      `Machine "${definition.name}" has no attachment ${index}; it has ${storage.length}, counted from 0`,
    );
  if (attachment.type === 'disk')
    throw new OspiteError(
      'usage.invalid',
      `Attachment ${index} of "${definition.name}" is a hard disk, whose medium stays; change it in the settings`,
    );
  return {
    ...definition,
    settings: {
      ...definition.settings,
      storage: storage.map((other, at) => (at === index ? { ...other, path } : other)),
    },
  };
}
