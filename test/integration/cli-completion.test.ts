// The completion scripts, judged by the shells themselves.
import { execFileSync, spawnSync } from 'node:child_process';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { completedCommands } from '../../src-main/cli/completion/model.ts';
import { OspiteProcess } from '../harness/ospite-process.ts';

const shells = { bash: ['-n'], zsh: ['-n'], fish: ['--no-execute'] } as const;
type Shell = keyof typeof shells;
const scripts = {} as Record<Shell, string>;
let folder: string;

const exists = (shell: string): boolean => spawnSync(shell, ['--version']).status === 0;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ospite-completion-'));
  for (const shell of Object.keys(shells) as Shell[]) {
    const { stdout, status } = await new OspiteProcess(['completion', shell]).finished;
    expect(status).toBe(0);
    scripts[shell] = Buffer.from(stdout, 'latin1').toString();
    await writeFile(join(folder, shell), scripts[shell]);
  }
  // Stands for `ospite list --names`.
  await writeFile(join(folder, 'ospite'), '#!/bin/sh\nprintf "dos\\ndebian\\ntwo words\\n"\n');
  await chmod(join(folder, 'ospite'), 0o755);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe.each(Object.keys(shells) as Shell[])('%s', (shell) => {
  it.skipIf(!exists(shell))('takes the script', () => {
    execFileSync(shell, [...shells[shell], join(folder, shell)], { stdio: 'pipe' });
  });

  it('knows every command and option', () => {
    for (const { name, options } of completedCommands) {
      const [first, second] = name.split(' ');
      for (const word of [first!, second ?? first!]) expect(scripts[shell]).toMatch(new RegExp(`\\b${word}\\b`));
      for (const { name: option } of options) expect(scripts[shell]).toMatch(new RegExp(`(--|-l )${option}\\b`));
    }
  });
});

/** What bash offers for the last word. */
function offers(...words: string[]): string[] {
  const script = `source "${join(folder, 'bash')}"; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _ospite; printf '%s\\n' "\${COMPREPLY[@]}"`;
  const path = `${folder}${delimiter}${process.env['PATH']}`;
  const output = execFileSync('bash', ['-c', script, 'bash', 'ospite', ...words], {
    encoding: 'utf8',
    cwd: folder,
    env: { ...process.env, PATH: path },
  });
  return output.split('\n').filter((line) => line !== '');
}

it.skipIf(!exists('bash')).each([
  [['cre'], ['create']],
  [
    ['disk', ''],
    ['create', 'info', 'list', 'copy', 'move', 'add', 'release', 'remove'],
  ],
  [
    ['start', 'd'],
    ['dos', 'debian'],
  ],
  [['start', 'tw'], ['two\\ words']],
  [['start', '--headless', 'do'], ['dos']],
  [['start', 'dos', '--dis'], ['--disposable']],
  [['create', 'x', '--rt'], ['--rtc']],
  [
    ['create', 'x', '--rtc', ''],
    ['utc', 'local'],
  ],
  [['disk', 'info', 'zs'], ['zsh']],
  [['insert', '--drive', '2', 'dos', 'fi'], ['fish']],
  [['wait', 'dos', '--state', 'pow'], ['poweredOff']],
  [
    ['completion', ''],
    ['bash', 'zsh', 'fish'],
  ],
  [['help', 'scr'], ['screenshot']],
  [['create', 'x', '--memory', ''], []],
])('offers after %j: %j', (words, expected) => {
  expect(offers(...words)).toEqual(expected);
});

it.skipIf(!exists('fish'))('offers the same in fish', () => {
  const path = `${folder}${delimiter}${process.env['PATH']}`;
  const complete = (line: string): string[] =>
    execFileSync('fish', ['--no-config', '-c', `source ${join(folder, 'fish')}; complete -C ${JSON.stringify(line)}`], {
      encoding: 'utf8',
      env: { ...process.env, PATH: path, HOME: folder },
    })
      .split('\n')
      .map((offer) => offer.split('\t')[0]!)
      .filter((offer) => offer !== '');
  expect(complete('ospite scree')).toEqual(['screenshot']);
  expect(complete('ospite disk in')).toEqual(['info']);
  expect(complete('ospite start d').sort()).toEqual(['debian', 'dos']);
  expect(complete('ospite start dos --dis')).toEqual(['--disposable']);
  expect(complete('ospite create x --rtc ').sort()).toEqual(['local', 'utc']);
});
