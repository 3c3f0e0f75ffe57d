// Options of `create` and `set` for how a machine's console window looks and ends, as words and back.
import type { z } from 'zod';
import { wrongUsage } from './commands/fault.ts';
import type { OptionSpecs } from './commands/spec.ts';
import { optionWords, parseInteger, parseSwitch } from './commands/words.ts';
import { type MachineUi, machineUiPatch } from './machine.ts';
import type { GivenOption } from './machine-options.ts';

type UiPatch = z.infer<typeof machineUiPatch>;

const closeActions = { ask: 'ask', background: 'background', 'power-button': 'powerButton', 'power-off': 'powerOff' };

export const windowOptions = {
  'start-mode': {
    type: 'string',
    value: 'window|headless',
    help: 'what a start does (window)',
    complete: ['window', 'headless'],
  },
  view: {
    type: 'string',
    value: 'normal|fullscreen|scaled',
    help: 'how the console opens (normal)',
    complete: ['normal', 'fullscreen', 'scaled'],
  },
  scale: { type: 'string', value: 'PERCENT', help: 'size of the guest’s screen (100)' },
  'menu-bar': { type: 'string', value: 'on|off', help: 'menu bar of the console (on)', complete: ['on', 'off'] },
  'status-bar': { type: 'string', value: 'on|off', help: 'status bar of the console (on)', complete: ['on', 'off'] },
  'on-close': {
    type: 'string',
    value: Object.keys(closeActions).join('|') as 'ask|background|power-button|power-off',
    help: 'what closing the console does (ask)',
    complete: Object.keys(closeActions),
  },
} as const satisfies OptionSpecs;

interface Codec<Field extends keyof MachineUi> {
  field: Field;
  read(value: string): unknown;
  write(value: MachineUi[Field]): string;
}
function codec<Field extends keyof MachineUi>(
  field: Field,
  read: (value: string) => unknown = (value) => value,
  write: (value: MachineUi[Field]) => string = String,
): Codec<keyof MachineUi> {
  return { field, read, write } as never;
}
const onOff = (value: boolean): string => (value ? 'on' : 'off');

const codecs: Record<keyof typeof windowOptions, Codec<keyof MachineUi>> = {
  'start-mode': codec('startMode'),
  view: codec('visualState'),
  scale: codec('scalePercent', (value) => parseInteger('scale', value)),
  'menu-bar': codec('showsMenuBar', (value) => parseSwitch('menu-bar', value), onOff),
  'status-bar': codec('showsStatusBar', (value) => parseSwitch('status-bar', value), onOff),
  'on-close': codec(
    'closeAction',
    (value) => (Object.hasOwn(closeActions, value) ? closeActions[value as keyof typeof closeActions] : value),
    (value) => Object.entries(closeActions).find(([, action]) => action === value)?.[0] ?? value,
  ),
};

/** Undefined when no option is about the window. @throws {CommandFault} */
export function uiPatch(options: readonly GivenOption[]): UiPatch | undefined {
  const patch: Record<string, unknown> = {};
  for (const { name, value } of options) {
    if (!Object.hasOwn(codecs, name)) continue;
    const { field, read } = codecs[name as keyof typeof codecs];
    const parsed = machineUiPatch.safeParse({ [field]: read(value) });
    if (!parsed.success) throw wrongUsage(`--${name}: ${parsed.error.issues[0]?.message}`);
    Object.assign(patch, parsed.data);
  }
  return Object.keys(patch).length === 0 ? undefined : (patch as UiPatch);
}

export function uiWords(patch: UiPatch): string[] {
  return Object.entries(codecs).flatMap(([name, { field, write }]) => {
    const value = patch[field];
    return value === undefined ? [] : optionWords(name, write(value as never));
  });
}
