// machine.json may hold anything: a definition comes out, or one sentence about what is wrong.
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { machineDefinition, machineSettings, machineUi } from '../../src-main/contract/machine.ts';
import { OspiteError } from '../../src-main/core/errors.ts';
import { parseDefinition } from '../../src-main/manager/machine-store.ts';

const runs = { seed: 0x0c0f, numRuns: 1000 };
const MESSAGE_MAX = 4000;

/** What the store makes of the text; anything but a definition or `config.invalid` fails the test. */
function parse(text: string | null): unknown {
  try {
    return machineDefinition.parse(parseDefinition(text));
  } catch (error) {
    if (!(error instanceof OspiteError) || error.code !== 'config.invalid') throw error;
    expect(error.message).toContain('machine.json');
    expect(error.message.length).toBeLessThan(MESSAGE_MAX);
    return null;
  }
}

const valid = {
  version: 2,
  id: '0190a0b1-0000-4000-8000-000000000001',
  name: 'Fuzz',
  os: 'other',
  description: '',
  group: '',
  createdAt: '2026-01-01T00:00:00.000Z',
  settings: machineSettings.parse({
    storage: [{ type: 'disk', path: '/disk.img', bus: 'virtio' }],
    directBoot: { kernel: '/vmlinuz' },
  }),
  ui: machineUi.parse({}),
};

it('accepts the definition that the others are made from', () => {
  expect(parse(JSON.stringify(valid))).toEqual(valid);
});

it('takes any text', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      expect(parse(text)).toBeNull();
    }),
    runs,
  );
});

it('takes any JSON', () => {
  fc.assert(
    fc.property(fc.json(), (text) => {
      expect(parse(text)).toBeNull();
    }),
    runs,
  );
});

it('takes a definition with any field replaced, added or left out', () => {
  const keys = [...Object.keys(valid), '__proto__', 'constructor', 'extra'];
  const settingsKeys = [...Object.keys(valid.settings), '__proto__', 'extra'];
  const change = (names: string[]) =>
    fc.record({ name: fc.constantFrom(...names), value: fc.option(fc.jsonValue({ maxDepth: 2 }), { nil: undefined }) });
  fc.assert(
    fc.property(change(keys), change(settingsKeys), (outer, inner) => {
      const settings = JSON.stringify({ ...valid.settings, [inner.name]: inner.value });
      const changed = JSON.stringify({ ...valid, settings: JSON.parse(settings), [outer.name]: outer.value });
      parse(changed);
      expect(({} as { extra?: unknown }).extra).toBeUndefined();
    }),
    runs,
  );
});

it('keeps its message short whatever the number of faults', () => {
  expect(
    parse(JSON.stringify({ ...valid, settings: { ...valid.settings, bootOrder: Array(100_000).fill(7) } })),
  ).toBeNull();
});

it('survives nesting that no parser of objects likes', () => {
  expect(parse('['.repeat(200_000))).toBeNull();
  expect(parse(`${'['.repeat(50_000)}${']'.repeat(50_000)}`)).toBeNull();
});
