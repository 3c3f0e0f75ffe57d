import { beforeEach, expect, it } from 'vitest';
import { MemoryTextFile } from '../../test/harness/memory-text-file.ts';
import { type Preferences, preferences } from '../contract/preferences.ts';
import { OspiteError } from '../core/errors.ts';
import { PreferencesStore } from './preferences-store.ts';

let file: MemoryTextFile;
let told: Preferences[];
beforeEach(() => {
  file = new MemoryTextFile('/home/preferences.json');
  told = [];
});
async function open(): Promise<PreferencesStore> {
  const store = new PreferencesStore(file, (changed) => told.push(changed));
  await store.load();
  return store;
}

it('has defaults until something is changed', async () => {
  expect((await open()).get()).toEqual(preferences.parse({}));
  expect(file.content).toBeNull();
});

it('keeps what was changed for the next process, and tells it', async () => {
  const changed = await (await open()).set({ theme: 'dark', language: undefined });
  expect(changed).toEqual({ ...preferences.parse({}), theme: 'dark' });
  expect(told).toEqual([changed]);
  expect((await open()).get()).toEqual(changed);
});

it('loses no change of two that come together', async () => {
  const store = await open();
  await Promise.all([store.set({ theme: 'dark' }), store.set({ language: 'it' })]);
  expect(store.get()).toMatchObject({ theme: 'dark', language: 'it' });
});

it.each([['{ "theme": '], ['[]'], ['{ "theme": "pink" }'], ['{ "version": 2, "theme": "dark" }']])(
  'leaves the damaged file %j alone until something is changed, then puts it aside',
  async (damaged) => {
    file.content = damaged;
    const store = await open();
    expect(store.get()).toEqual(preferences.parse({}));
    expect(store.problem).toContain('/home/preferences.json');
    expect(file.content).toBe(damaged);
    await store.set({ theme: 'light' });
    expect(file.damaged).toBe(damaged);
    expect(store.problem).toBe('');
    expect((await open()).get().theme).toBe('light');
  },
);

it('stays as it is when it cannot be saved', async () => {
  const store = await open();
  file.write = () => Promise.reject(new OspiteError('host.ioError', 'full'));
  await expect(store.set({ theme: 'dark' })).rejects.toThrow('full');
  expect(store.get().theme).toBe('system');
  expect(told).toEqual([]);
});
