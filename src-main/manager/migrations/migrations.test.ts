// Golden pairs: a file as an earlier version wrote it, and what it becomes.
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { MACHINE_VERSION } from '../../contract/machine.ts';
import { parseDefinition } from '../machine-store.ts';
import { MIGRATED_VERSION, migrate } from './index.ts';

const golden = (name: string): string =>
  readFileSync(new URL(`../../../test/golden/definitions/${name}`, import.meta.url), 'utf8');

it.each([1])('brings version %i to the newest, which keeps all that was said', (version) => {
  const migrated = JSON.parse(golden(`version-${version}.migrated.json`)) as object;
  expect(migrate(JSON.parse(golden(`version-${version}.json`)))).toEqual(migrated);
  expect(parseDefinition(golden(`version-${version}.json`))).toMatchObject(migrated);
});

it.each([
  ['', ''],
  ['Lab', 'Lab'],
  ['//Lab//Web/', 'Lab/Web'],
  ['a\u0000b/\n', 'ab'],
])('takes the names out of the old group %j', (old, group) => {
  expect(migrate({ version: 1, group: old })).toMatchObject({ version: 2, group });
});

it('ends at the version of the contract', () => {
  expect(MIGRATED_VERSION).toBe(MACHINE_VERSION);
});

it.each([
  [null],
  [7],
  [[]],
  [{}],
  [{ version: '1' }],
  [{ version: 0 }],
  [{ version: 1.5 }],
  [{ version: -1 }],
  [{ version: 3 }],
])('leaves %j as it is', (value) => {
  expect(migrate(value)).toBe(value);
});
