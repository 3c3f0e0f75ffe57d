// What to type to do the same as a method call: for "Copy as command" in every dialog.

import { optionWords, quoteWord, sizeWord } from './commands/words.ts';
import type { CommandName } from './commands.ts';
import { chordsOf } from './key-names.ts';
import { machineUi } from './machine.ts';
import { presetSettings } from './machine-inputs.ts';
import { changeWords, newMachineWords } from './machine-options.ts';
import { type MethodInput, type MethodName, type MethodParsed, methods } from './methods.ts';
import { presetFor } from './os-presets.ts';
import { uiWords } from './window-options.ts';

interface Line {
  command: CommandName;
  positionals?: readonly string[];
  options?: readonly string[];
}
type Translate<Name extends MethodName> = (input: MethodParsed<Name>, nameOf: (id: string) => string) => Line | null;

/** The `ospite` command that does what the call does, quoted for a POSIX shell; null when the command line has none. `nameOf` gives a machine's name. */
export function commandLine<Name extends MethodName>(
  method: Name,
  input: MethodInput<Name>,
  nameOf: (id: string) => string,
): string | null {
  const translate = translations[method] as Translate<Name> | null;
  if (translate === null) return null;
  const parsed = methods[method].input.safeParse(input);
  if (!parsed.success) return null; // A dialog that is not filled in yet.
  const line = translate(parsed.data as MethodParsed<Name>, nameOf);
  return line === null ? null : written(line);
}

function written({ command, positionals = [], options = [] }: Line): string {
  // What begins with a dash is a file or a text only after "--", where no option may follow.
  const words = positionals.some((word) => word.startsWith('-'))
    ? [...options, '--', ...positionals]
    : [...positionals, ...options];
  return `ospite ${[command, ...words.map(quoteWord)].join(' ')}`;
}

const flag = (isSet: boolean | undefined, name: string): string[] => (isSet ? [`--${name}`] : []);
const optional = (name: string, value: string | number | undefined): string[] =>
  value === undefined ? [] : optionWords(name, String(value));

function ofMachine(command: CommandName) {
  return ({ id }: { id: string }, nameOf: (id: string) => string): Line => ({ command, positionals: [nameOf(id)] });
}
function ofFile(command: CommandName) {
  return ({ path }: { path: string }): Line => ({ command, positionals: [path] });
}
function ofTwoFiles(command: CommandName) {
  return ({ path, target }: { path: string; target: string }): Line => ({ command, positionals: [path, target] });
}
function ofTask(command: CommandName) {
  return ({ id }: { id: string }): Line => ({ command, positionals: [id] });
}
const plain = (command: CommandName) => (): Line => ({ command });

const translations: { [Name in MethodName]: Translate<Name> | null } = {
  'host.info': null,
  'host.doctor': plain('doctor'),
  'host.browse': null,
  'host.openWindow': ({ page }, nameOf) => {
    if (page.kind === 'console') return { command: 'view', positionals: [nameOf(page.id)] };
    return { command: 'open', positionals: page.kind === 'open' ? [page.path] : [] };
  },
  'host.serve': ({ address, port }) => ({
    command: 'serve',
    options: optionWords('listen', `${address.includes(':') ? `[${address}]` : address}:${port}`),
  }),
  'host.shutDown': ({ machines }) => ({
    command: 'quit',
    options: [...flag(machines === 'powerButton', 'acpi'), ...flag(machines === 'powerOff', 'force')],
  }),
  'machine.list': plain('list'),
  'machine.get': ofMachine('show'),
  'machine.create': create,
  'machine.update': update,
  'machine.arrange': null,
  'machine.register': ofFile('add'),
  'machine.refresh': () => ({ command: 'list', options: ['--refresh'] }),
  'machine.forget': ({ folder }) => ({ command: 'remove', positionals: [folder], options: ['--keep-media'] }),
  'machine.files': ({ id }, nameOf) => ({ command: 'show', positionals: [nameOf(id)], options: ['--files'] }),
  'machine.remove': ({ id, keepFiles }, nameOf) => ({
    command: 'remove',
    positionals: [nameOf(id)],
    options: keepFiles ? ['--keep-media'] : ['--yes'],
  }),
  'machine.move': ({ id, folder }, nameOf) => ({ command: 'move', positionals: [nameOf(id), folder] }),
  'machine.start': ({ id, isDisposable, startPaused }, nameOf) => ({
    command: 'start',
    positionals: [nameOf(id)],
    options: [...flag(isDisposable, 'disposable'), ...flag(startPaused, 'paused')],
  }),
  'machine.pause': ofMachine('pause'),
  'machine.resume': ofMachine('resume'),
  'machine.reset': ofMachine('reset'),
  'machine.powerButton': ofMachine('stop'),
  'machine.powerOff': ({ id }, nameOf) => ({ command: 'stop', positionals: [nameOf(id)], options: ['--force'] }),
  'machine.keys': ({ id, events }, nameOf) => {
    const chords = chordsOf(events);
    return chords === null || chords.length === 0 ? null : { command: 'key', positionals: [nameOf(id), ...chords] };
  },
  'machine.type': ({ id, text }, nameOf) => ({ command: 'type', positionals: [nameOf(id), text] }),
  'machine.pointer': null,
  'machine.pointerAbsolute': null,
  'machine.serialInput': null,
  'machine.changeMedium': ({ id, attachment, path }, nameOf) => ({
    command: path === null ? 'eject' : 'insert',
    positionals: [nameOf(id), ...(path === null ? [] : [path])],
    options: ['--drive', String(attachment + 1)],
  }),
  'machine.screenshot': ({ id, maxWidth }, nameOf) => ({
    command: 'screenshot',
    positionals: [nameOf(id), `${nameOf(id)}.png`],
    options: optional('max-width', maxWidth),
  }),
  'machine.text': ofMachine('text'),
  'machine.wait': ({ id, screen, serial, state, timeoutSeconds }, nameOf) => ({
    command: 'wait',
    positionals: [nameOf(id)],
    options: [
      ...optional('screen', screen),
      ...optional('serial', serial),
      ...optional('state', state),
      ...optional('timeout', timeoutSeconds),
    ],
  }),
  'machine.logs': ({ id }, nameOf) => ({ command: 'logs', positionals: [nameOf(id)], options: ['--list'] }),
  'machine.log': ({ id, name }, nameOf) => ({
    command: 'logs',
    positionals: [nameOf(id)],
    options: optional('file', name),
  }),
  'machine.stats': ofMachine('stats'),
  'machine.activity': ({ id }, nameOf) => ({ command: 'stats', positionals: [nameOf(id)], options: ['--history'] }),
  'medium.list': plain('disk list'),
  'medium.identify': ofFile('disk info'),
  'medium.create': ({ path, sizeBytes, isPreallocated }) => ({
    command: 'disk create',
    positionals: [path],
    options: ['--size', sizeWord(sizeBytes), ...flag(isPreallocated, 'preallocate')],
  }),
  'medium.copy': ofTwoFiles('disk copy'),
  'medium.move': ofTwoFiles('disk move'),
  'medium.add': ofFile('disk add'),
  'medium.release': ofFile('disk release'),
  'medium.remove': ({ path, deleteFile }) => ({
    command: 'disk remove',
    positionals: [path],
    options: deleteFile ? ['--delete', '--yes'] : [],
  }),
  'preferences.get': plain('preferences get'),
  'preferences.set': ({ change }) => {
    const entries = Object.entries(change).filter(([, value]) => value !== undefined);
    if (entries.length === 0) return null;
    return {
      command: 'preferences set',
      positionals: entries.map(([key, value]) => `${key}=${typeof value === 'string' ? value : JSON.stringify(value)}`),
    };
  },
  'task.list': plain('tasks list'),
  'task.wait': ofTask('tasks wait'),
  'task.cancel': ofTask('tasks cancel'),
  'task.dismiss': ofTask('tasks dismiss'),
  'console.open': ofMachine('console'),
  'console.close': null,
  'console.frameShown': null,
};

function create(input: MethodParsed<'machine.create'>): Line {
  const { os = 'other', newDisk, newDiskBus, ui } = input;
  const newDiskWord =
    newDisk &&
    [
      sizeWord(newDisk.sizeBytes),
      ...(newDiskBus === presetFor(os).diskBus ? [] : [`bus=${newDiskBus}`]),
      ...(newDisk.isPreallocated ? ['preallocated'] : []),
    ].join(',');
  const usual = machineUi.parse({});
  const unusual = Object.fromEntries(
    Object.entries(ui ?? {}).filter(([field, value]) => value !== usual[field as keyof typeof usual]),
  );
  return {
    command: 'create',
    positionals: [input.name],
    options: [
      ...(os === 'other' ? [] : optional('os', os)),
      ...(input.description === '' ? [] : optional('description', input.description)),
      ...(input.group === '' ? [] : optional('group', input.group)),
      ...optional('new-disk', newDiskWord),
      ...newMachineWords(input.settings, presetSettings(os)),
      ...uiWords(unusual),
    ],
  };
}

function update(input: MethodParsed<'machine.update'>, nameOf: (id: string) => string): Line | null {
  const { id, ...change } = input;
  const changed = Object.entries(change).filter(([, value]) => value !== undefined);
  const name = nameOf(id);
  if (changed.length === 0) return null;
  if (changed.length === 1 && change.name !== undefined) return { command: 'rename', positionals: [name, change.name] };
  if (changed.length === 1 && change.group !== undefined)
    return { command: 'group', positionals: [name, change.group] };
  return {
    command: 'set',
    positionals: [name],
    options: [
      ...optional('name', change.name),
      ...optional('os', change.os),
      ...optional('description', change.description),
      ...optional('group', change.group),
      ...(change.settings ? changeWords(change.settings) : []),
      ...(change.ui ? uiWords(change.ui) : []),
    ],
  };
}
