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
  scaling: {
    type: 'string',
    value: 'smooth|whole',
    help: 'a scaled screen fills the window, or has whole multiples of pixels (smooth)',
    complete: ['smooth', 'whole'],
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

interface Codec<Value> {
  option: keyof typeof windowOptions;
  /** What the schema then judges. */
  read(value: string): unknown;
  write(value: Value): string;
}
const asIs = (value: string): string => value;
const onOff = (value: boolean): string => (value ? 'on' : 'off');

/** A field without an option does not compile. */
const codecs: { [Field in keyof MachineUi]: Codec<MachineUi[Field]> } = {
  startMode: { option: 'start-mode', read: asIs, write: asIs },
  visualState: { option: 'view', read: asIs, write: asIs },
  scaling: { option: 'scaling', read: asIs, write: asIs },
  scalePercent: { option: 'scale', read: (value) => parseInteger('scale', value), write: String },
  showsMenuBar: { option: 'menu-bar', read: (value) => parseSwitch('menu-bar', value), write: onOff },
  showsStatusBar: { option: 'status-bar', read: (value) => parseSwitch('status-bar', value), write: onOff },
  closeAction: {
    option: 'on-close',
    read: (value) => (Object.hasOwn(closeActions, value) ? closeActions[value as keyof typeof closeActions] : value),
    write: (action) => Object.entries(closeActions).find(([, known]) => known === action)?.[0] ?? action,
  },
};
const fields = Object.keys(codecs) as (keyof MachineUi)[];

/** Undefined when no option is about the window. @throws {CommandFault} */
export function uiPatch(options: readonly GivenOption[]): UiPatch | undefined {
  const patch: Record<string, unknown> = {};
  for (const { name, value } of options) {
    const field = fields.find((candidate) => codecs[candidate].option === name);
    if (field === undefined) continue;
    const parsed = machineUiPatch.safeParse({ [field]: codecs[field].read(value) });
    if (!parsed.success) throw wrongUsage(`--${name}: ${parsed.error.issues[0]?.message}`);
    Object.assign(patch, parsed.data);
  }
  return Object.keys(patch).length === 0 ? undefined : (patch as UiPatch);
}

export function uiWords(patch: UiPatch): string[] {
  return fields.flatMap((field) => {
    const { option, write } = codecs[field] as Codec<unknown>;
    const value = patch[field];
    return value === undefined ? [] : optionWords(option, write(value));
  });
}
