// "Copy as command" and the parser are each other's reverse: what a dialog would call is what the copied line calls.
import { execFileSync } from 'node:child_process';
import { expect, it } from 'vitest';
import { Random } from '../../test/harness/random.ts';
import { commandLine } from '../contract/command-line.ts';
import { commands } from '../contract/commands.ts';
import { type MachineSettings, machineSettings, machineUi } from '../contract/machine.ts';
import { createInput, updateInput } from '../contract/machine-inputs.ts';
import { type MethodInput, methods } from '../contract/methods.ts';
import { osPresets } from '../contract/os-presets.ts';
import { findCommand, parseArguments } from './arguments.ts';

const ID = '0190a0b1-0000-4000-8000-000000000001';
const context = { resolvePath: (path: string) => path };

/** What a POSIX shell makes of a line; quoting is judged by a shell, not by our own idea of one. */
function shellWords(lines: string[]): string[][] {
  const script = lines.map((line) => `set -- ${line}\nprintf '%s\\0' "$@"\nprintf '\\1\\0'`).join('\n');
  const words = execFileSync('sh', ['-c', script], { encoding: 'utf8' }).split('\0').slice(0, -1);
  const found: string[][] = [[]];
  for (const word of words) {
    if (word === '\u0001') found.push([]);
    else found.at(-1)!.push(word);
  }
  return found.slice(0, -1);
}

function parse(words: string[]) {
  expect(words[0]).toBe('ospite');
  const found = findCommand(words.slice(1))!;
  return { ...parseArguments(found.name, commands[found.name], found.rest), name: found.name };
}

const words = [
  'a',
  'B c',
  "it's",
  '$HOME `x`',
  '"',
  '-dash',
  '--',
  'ünï',
  'a,b',
  'readonly',
  '~',
  '*',
  'x=y',
  '#',
  '\\',
];
const paths = (random: Random): string =>
  `/${random.pick(words)}/${random.pick(words)},${random.pick(['discard', 'bus=ide', 'z'])}`;

function randomSettings(random: Random): MachineSettings {
  const storage = Array.from({ length: random.below(4) }, () => {
    const type = random.pick(['disk', 'cdrom', 'floppy'] as const);
    return {
      type,
      path: type !== 'disk' && random.below(3) === 0 ? null : paths(random),
      bus:
        type === 'floppy'
          ? ('floppy' as const)
          : type === 'cdrom'
            ? ('ide' as const)
            : random.pick(['ide', 'virtio'] as const),
      readOnly: type === 'cdrom' || random.below(2) === 0,
      discard: type === 'disk' && random.below(2) === 0,
    };
  });
  const serial = Array.from({ length: random.below(4) }, () =>
    random.pick([
      { kind: 'none' } as const,
      { kind: 'console' } as const,
      { kind: 'file', path: paths(random) } as const,
    ]),
  );
  return machineSettings.parse({
    memoryMib: random.pick([4, 512, 2048, 3584]),
    accelerator: random.pick(['auto', 'jit', 'interpreter']),
    cpuCapPercent: random.pick([1, 100]),
    cpuModel: random.pick(['ospite-v2', "o'model", '-x']),
    firmware: random.pick([
      { kind: 'bios' } as const,
      { kind: 'file', path: paths(random) } as const,
      { kind: 'file', path: paths(random), variables: paths(random) } as const,
    ]),
    bootOrder: random.pick([[], ['disk'], ['floppy', 'cdrom', 'disk', 'net'], ['net', 'disk']]),
    directBoot: random.pick([
      null,
      { kernel: paths(random) },
      { kernel: paths(random), initrd: paths(random), append: random.pick(words) },
    ]),
    storage,
    // Ports without anything after the last one that has something are the same as no ports.
    serial: serial.slice(0, serial.findLastIndex(({ kind }) => kind !== 'none') + 1),
    vga: random.pick(['std', 'none']),
    videoMemoryMib: random.pick([4, 16, 64]),
    pointingDevice: random.pick(['ps2', 'vmmouse']),
    rng: random.below(2) === 0,
    rtc: random.pick(['utc', 'local']),
  } as MachineSettings);
}

function someOf<T extends object>(random: Random, value: T): Partial<T> {
  return Object.fromEntries(Object.entries(value).filter(() => random.below(3) === 0)) as Partial<T>;
}

function randomUi(random: Random) {
  return someOf(random, {
    ...machineUi.parse({}),
    startMode: 'headless' as const,
    closeAction: random.pick(['powerButton', 'background'] as const),
    scalePercent: 150,
    scaling: 'whole' as const,
    showsStatusBar: false,
  });
}

it('creates the same machine', () => {
  const random = new Random(0xc0ffee);
  const inputs = Array.from({ length: 300 }, (): MethodInput<'machine.create'> => {
    const os = random.pick(osPresets).id;
    return methods['machine.create'].input.parse({
      name: random.pick(['dos', '-x', "it's mine", 'ä b', '$(x)']),
      ...someOf(random, { os, description: 'two\nlines', group: 'Lab/Web' }),
      settings: randomSettings(random),
      ui: randomUi(random),
      ...(random.below(2) === 0
        ? {}
        : {
            newDisk: {
              sizeBytes: random.pick([1_048_576, 8 * 2 ** 30, 1_474_560 * 3]),
              isPreallocated: random.below(2) === 0,
            },
          }),
      newDiskBus: random.pick(['ide', 'virtio']),
    });
  });
  const lines = inputs.map((input) => commandLine('machine.create', input, () => '')!);
  shellWords(lines).forEach((line, index) => {
    const { name, words: positionals, given } = parse(line);
    expect(name).toBe('create');
    const again = methods['machine.create'].input.parse(
      createInput((positionals as { NAME: string }).NAME, given, context),
    );
    const wanted = methods['machine.create'].input.parse(inputs[index]);
    // Without a new disk its bus says nothing, and what is left out is the same as the default.
    const complete = (input: typeof wanted) => ({
      ...input,
      os: input.os ?? 'other',
      ui: machineUi.parse(input.ui ?? {}),
      newDiskBus: input.newDisk ? input.newDiskBus : null,
    });
    expect(complete(again), lines[index]).toEqual(complete(wanted));
  });
});

it('changes the same settings, whatever they were', () => {
  const random = new Random(0xbeef);
  const inputs = Array.from(
    { length: 300 },
    (): MethodInput<'machine.update'> => ({
      id: ID,
      description: '-',
      ...someOf(random, { name: 'new name', os: 'debian', group: '' }),
      settings: someOf(random, randomSettings(random)),
      ui: randomUi(random),
    }),
  );
  const lines = inputs.map((input) => commandLine('machine.update', input, () => '-old name')!);
  shellWords(lines).forEach((line, index) => {
    const { name, words: positionals, given } = parse(line);
    expect(name).toBe('set');
    expect(positionals).toEqual({ NAME: '-old name' });
    const { settings, ui, ...rest } = updateInput(ID, given, { ...context, current: randomSettings(random) });
    const { settings: wantedSettings, ui: wantedUi, ...wanted } = inputs[index]!;
    expect({ ...rest, settings: settings ?? {}, ui: ui ?? {} }, lines[index]).toEqual({
      ...wanted,
      settings: wantedSettings,
      ui: wantedUi,
    });
  });
});

it.each([
  ['machine.start', { id: ID, isDisposable: true }, "ospite start 'my dos' --disposable"],
  ['machine.powerButton', { id: ID }, "ospite stop 'my dos'"],
  ['machine.powerOff', { id: ID }, "ospite stop 'my dos' --force"],
  ['machine.update', { id: ID, name: 'x' }, "ospite rename 'my dos' x"],
  ['machine.update', { id: ID, group: '' }, "ospite group 'my dos' ''"],
  ['machine.update', { id: ID }, null],
  ['machine.remove', { id: ID }, "ospite remove 'my dos' --yes"],
  ['machine.remove', { id: ID, keepFiles: true }, "ospite remove 'my dos' --keep-media"],
  ['machine.type', { id: ID, text: '-x' }, "ospite type -- 'my dos' -x"],
  ['machine.changeMedium', { id: ID, attachment: 1, path: '/a.iso' }, "ospite insert 'my dos' /a.iso --drive 2"],
  ['machine.changeMedium', { id: ID, attachment: 0, path: null }, "ospite eject 'my dos' --drive 1"],
  ['machine.keys', { id: ID, events: [{ code: 'KeyA', isDown: true }] }, null],
  ['medium.create', { path: '/d.img', sizeBytes: 20 * 2 ** 30 }, 'ospite disk create /d.img --size 20G'],
  ['host.openWindow', { page: { kind: 'manager' } }, 'ospite open'],
  [
    'preferences.set',
    { change: { theme: 'dark', recentMedia: ['/a'] } },
    `ospite preferences set theme=dark 'recentMedia=["/a"]'`,
  ],
  ['machine.create', { name: '', settings: {} }, null],
] as const)('%s %j is %s', (method, input, line) => {
  expect(commandLine(method, input as never, () => 'my dos')).toBe(line);
});

it('writes lines that the parser takes, for every method that has one', () => {
  const samples: { [method: string]: object } = {
    'host.serve': { address: '::', port: 8443 },
    'host.shutDown': { machines: 'powerOff' },
    'machine.move': { id: ID, folder: '/x' },
    'machine.wait': { id: ID, screen: '-x', timeoutSeconds: 5 },
    'machine.screenshot': { id: ID, maxWidth: 100 },
    'machine.log': { id: ID, name: 'a.log' },
    'medium.copy': { path: '/a', target: '/b' },
    'medium.remove': { path: '/a', deleteFile: true },
  };
  for (const [method, input] of Object.entries(samples)) {
    const line = commandLine(method as never, input as never, () => 'n')!;
    expect(() => parse(shellWords([line])[0]!), line).not.toThrow();
  }
});
