import { expect, it } from 'vitest';
import type { CommandSpec } from '../contract/commands/spec.ts';
import { commands, laterCommands } from '../contract/commands.ts';
import { findCommand, parseArguments } from './arguments.ts';
import { helpFor, overview } from './help.ts';

const table: Readonly<Record<string, CommandSpec>> = commands;

it('finds the longest command', () => {
  expect(findCommand(['disk', 'create', 'x'])).toEqual({ name: 'disk create', rest: ['x'] });
  expect(findCommand(['list', '--running'])).toEqual({ name: 'list', rest: ['--running'] });
  expect(findCommand(['disk'])).toBeNull();
  expect(findCommand(['toString'])).toBeNull();
});

it('names words, keeps the order of options, takes what follows "--" for words', () => {
  const args = parseArguments('create', commands.create, [
    '--cdrom',
    'a',
    'name',
    '--disk=b',
    '--cdrom',
    'c',
    '--json',
  ]);
  expect(args.words).toEqual({ NAME: 'name' });
  expect(args.given).toEqual([
    { name: 'cdrom', value: 'a' },
    { name: 'disk', value: 'b' },
    { name: 'cdrom', value: 'c' },
  ]);
  expect(args.json).toBe(true);
  expect(parseArguments('key', commands.key, ['--', '-m', 'a', '-b']).words).toEqual({ NAME: '-m', KEYS: ['a', '-b'] });
  expect(parseArguments('group', commands.group, ['m']).words).toEqual({ NAME: 'm', GROUP: undefined });
});

it.each([
  ['start', [], 'ospite start needs NAME; "ospite help start"'],
  ['start', ['a', 'b'], "Unexpected argument 'b'"],
  ['key', ['a'], 'ospite key needs KEYS'],
  ['start', ['a', '--bogus'], "'--bogus'"],
  ['start', ['a', '--headless=yes'], "'--headless'"],
] as const)('ospite %s %j: %s', (name, argv, message) => {
  expect(() => parseArguments(name, commands[name], [...argv])).toThrow(
    expect.objectContaining({ code: 'usage.invalid', message: expect.stringContaining(message) }),
  );
});

it('explains every command within 80 columns, with examples that it takes itself', () => {
  for (const line of overview('/home').split('\n')) expect(line.length, line).toBeLessThanOrEqual(80);
  for (const name of Object.keys(laterCommands)) expect(overview('/home')).toContain(`  ${name} `);
  for (const [name, spec] of Object.entries(table)) {
    const text = helpFor(name.split(' '))!;
    for (const line of text.split('\n').filter((line) => !/^ {2}(.* )?ospite /.test(line)))
      expect(line.length, line).toBeLessThanOrEqual(80);
    for (const option of Object.keys(spec.options)) expect(text).toContain(`--${option}`);
    if (!spec.isHidden) expect(overview('/home')).toContain(`  ${name} `);
    for (const example of spec.examples.filter((line) => /^ospite [^|&<'"]*$/.test(line))) {
      const found = findCommand(example.split(' ').slice(1).length === 0 ? ['open'] : example.split(' ').slice(1))!;
      expect(found.name, example).toBe(name);
      expect(() => parseArguments(found.name, table[found.name]!, found.rest), example).not.toThrow();
    }
  }
});
