// Golden pairs: a file as an earlier version wrote it, and what it becomes.
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { MACHINE_VERSION, machineDefinition } from '../../contract/machine.ts';
import { parseDefinition } from '../machine-store.ts';
import { MIGRATED_VERSION, migrate } from './index.ts';

const golden = (name: string): string =>
  readFileSync(new URL(`../../../test/golden/definitions/${name}`, import.meta.url), 'utf8');

it.each([1])('brings version %i to the newest', (version) => {
  const migrated = parseDefinition(golden(`version-${version}.json`));
  expect(migrated).toEqual(JSON.parse(golden(`version-${version}.migrated.json`)));
  expect(machineDefinition.parse(migrated)).toEqual(migrated);
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
