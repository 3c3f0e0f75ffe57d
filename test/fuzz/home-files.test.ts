// The files of a home may hold anything: a value comes out or one sentence about what is wrong, and nothing is overwritten
// before somebody changes something.
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { preferences } from '../../src-main/contract/preferences.ts';
import { MachineRegistry, registrySchema } from '../../src-main/manager/machine-registry.ts';
import { migrate } from '../../src-main/manager/migrations/index.ts';
import { PreferencesStore } from '../../src-main/manager/preferences-store.ts';
import { MemoryTextFile } from '../harness/memory-text-file.ts';

const runs = { seed: 0x0c10, numRuns: 500 };
const MESSAGE_MAX = 4000;

const id = '0190a0b1-0000-4000-8000-000000000001';
const registry = { version: 1, machines: ['/usb/One'], ignored: ['/home/machines/Two'], order: [id] };
const chosen = { ...preferences.parse({}), theme: 'dark', recentMedia: ['/a.iso'] };

/** Texts that are near the valid one, or nothing like it. */
function texts(valid: object): fc.Arbitrary<string> {
  const keys = [...Object.keys(valid), '__proto__', 'constructor', 'extra'];
  const replaced = fc
    .record({ name: fc.constantFrom(...keys), value: fc.option(fc.jsonValue({ maxDepth: 3 }), { nil: undefined }) })
    .map(({ name, value }) => JSON.stringify({ ...valid, [name]: value }));
  const cut = fc.nat(JSON.stringify(valid).length).map((length) => JSON.stringify(valid).slice(0, length));
  return fc.oneof(fc.string({ unit: 'binary' }), fc.json(), replaced, cut);
}

function expectSentence(problem: string, path: string): void {
  if (problem === '') return;
  expect(problem).toContain(path);
  expect(problem.length).toBeLessThan(MESSAGE_MAX);
}

it('takes any preferences', async () => {
  await fc.assert(
    fc.asyncProperty(texts(chosen), async (text) => {
      const file = new MemoryTextFile('/home/preferences.json', text);
      const store = new PreferencesStore(file, () => {});
      await store.load();
      expect(preferences.parse(store.get())).toEqual(store.get());
      expectSentence(store.problem, file.path);
      expect(file.content).toBe(text);
      const wasDamaged = store.problem !== '';
      await store.set({ theme: 'light' });
      expect(file.damaged).toBe(wasDamaged ? text : null);
      expect(JSON.parse(file.content!)).toMatchObject({ theme: 'light' });
      expect(({} as { extra?: unknown }).extra).toBeUndefined();
    }),
    runs,
  );
});

it('takes any registry, and any previous one', async () => {
  await fc.assert(
    fc.asyncProperty(texts(registry), texts(registry), async (text, previous) => {
      const file = new MemoryTextFile('/home/registry.json', text);
      file.previous = previous;
      const store = new MachineRegistry(file);
      await store.load();
      const { machines, ignored, order } = store;
      expect(registrySchema.safeParse({ version: 1, machines, ignored, order }).success).toBe(true);
      expectSentence(store.problem, file.path);
      expect(file.content).toBe(text);
      await store.add('/new', true);
      expect(registrySchema.parse(JSON.parse(file.content!)).machines).toContain('/new');
    }),
    runs,
  );
});

it('migrates anything without a word', () => {
  const old = fc
    .record({
      version: fc.oneof(fc.constantFrom(1, 2, 3, 0, -1), fc.jsonValue()),
      group: fc.oneof(fc.string({ unit: 'binary' }), fc.jsonValue()),
      ui: fc.jsonValue(),
    })
    .map((value) => JSON.parse(JSON.stringify(value)) as unknown);
  fc.assert(
    fc.property(fc.oneof(old, fc.jsonValue()), (value) => {
      migrate(value);
    }),
    runs,
  );
});
