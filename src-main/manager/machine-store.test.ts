import { beforeEach, expect, it } from 'vitest';
import { MemoryFolderStore } from '../../test/harness/memory-folder-store.ts';
import { type MachineDefinition, machineSettings, machineUi } from '../contract/machine.ts';
import { OspiteError } from '../core/errors.ts';
import { MachineStore } from './machine-store.ts';

let folders: MemoryFolderStore;
let store: MachineStore;
beforeEach(() => {
  folders = new MemoryFolderStore();
  store = new MachineStore(folders);
});

function definition(name: string, number = 1): MachineDefinition {
  return {
    version: 2,
    id: `0190a0b1-0000-4000-8000-${String(number).padStart(12, '0')}`,
    name,
    os: 'other',
    description: '',
    group: '',
    createdAt: '2026-01-01T00:00:00.000Z',
    settings: machineSettings.parse({}),
    ui: machineUi.parse({}),
  };
}
function put(folder: string, text: string): void {
  folders.content.set(folder, new Map([['machine.json', text]]));
}
async function reasonFor(text: string): Promise<string> {
  put('Broken', text);
  const { machines, inaccessible } = await store.loadAll();
  expect(machines).toEqual([]);
  expect(inaccessible).toHaveLength(1);
  return inaccessible[0]!.reason;
}

it('loads what it created', async () => {
  await store.create(definition('One'));
  expect(await store.loadAll()).toEqual({
    machines: [{ folder: 'One', definition: definition('One') }],
    inaccessible: [],
  });
});

it('loads in the order of names and leaves broken ones aside', async () => {
  await store.create(definition('b', 2));
  put('broken', '{');
  await store.create(definition('a', 1));
  const { machines, inaccessible } = await store.loadAll();
  expect(machines.map(({ folder }) => folder)).toEqual(['a', 'b']);
  expect(inaccessible.map(({ folder }) => folder)).toEqual(['/memory/broken']);
});

it('names the second copy of a machine as the inaccessible one', async () => {
  await store.create(definition('First'));
  put('Second', JSON.stringify(definition('Second')));
  const { machines, inaccessible } = await store.loadAll();
  expect(machines).toHaveLength(1);
  expect(inaccessible[0]?.reason).toContain('"First"');
});

it('says what is wrong with a file, and where a good one may be', async () => {
  expect(await reasonFor('{ "version": 1, ')).toContain('machine.json.previous');
});

it('refuses files of newer versions before anything else in them', async () => {
  expect(await reasonFor('{ "version": 3, "memory": "lots" }')).toContain('use a newer Ospite');
});

it('names every faulty field by its path', async () => {
  const faulty = { ...definition('x'), os: 7, settings: { ...machineSettings.parse({}), memoryMib: -1 } };
  const reason = await reasonFor(JSON.stringify(faulty));
  expect(reason).toContain('os: ');
  expect(reason).toContain('settings.memoryMib: ');
});

it('tells of a folder without a definition', async () => {
  folders.content.set('Empty', new Map());
  expect((await store.loadAll()).inaccessible[0]?.reason).toContain('has no machine.json');
});

it('leaves no folder behind when the definition cannot be saved', async () => {
  folders.write = () => Promise.reject(new OspiteError('host.ioError', 'full'));
  folders.remove = async (folder) => {
    folders.content.delete(folder);
    throw new Error('also broken');
  };
  await expect(store.create(definition('One'))).rejects.toThrow('full');
  expect(await folders.folders()).toEqual([]);
});

it('reads the log with the part that was turned over', async () => {
  await store.create(definition('One'));
  store.appendLog('One', 'second');
  expect(await store.readLog('One')).toBe('second\n');
  await folders.write('One', 'machine.log.previous', 'first\n');
  expect(await store.readLog('One')).toBe('first\nsecond\n');
});
