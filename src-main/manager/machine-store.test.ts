import { beforeEach, expect, it } from 'vitest';
import { MemoryFolderStore } from '../../test/harness/memory-folder-store.ts';
import { type MachineDefinition, machineSettings, machineUi } from '../contract/machine.ts';
import { MachineStore } from './machine-store.ts';

const FOLDER = '/memory/machines/One';
let folders: MemoryFolderStore;
let store: MachineStore;
beforeEach(() => {
  folders = new MemoryFolderStore();
  store = new MachineStore(folders, '/memory/machines');
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
async function put(text: string): Promise<void> {
  await folders.create(FOLDER);
  await folders.write(FOLDER, 'machine.json', text);
}
async function reasonFor(text: string): Promise<string> {
  await put(text);
  return await store.load(FOLDER).then(
    () => '',
    (error: Error) => error.message,
  );
}

it('loads what it saved', async () => {
  await folders.create(FOLDER);
  const text = await store.save(FOLDER, definition('One'));
  expect(await store.load(FOLDER)).toEqual({ definition: definition('One'), text });
  expect(await store.isUnchanged(FOLDER, text)).toBe(true);
});

it('notices that somebody else has changed the file', async () => {
  await folders.create(FOLDER);
  const text = await store.save(FOLDER, definition('One'));
  await folders.write(FOLDER, 'machine.json', `${text} `);
  expect(await store.isUnchanged(FOLDER, text)).toBe(false);
});

it('writes files of the folder so that they are found when the folder is elsewhere', async () => {
  const settings = machineSettings.parse({
    storage: [
      { type: 'disk', bus: 'ide', path: `${FOLDER}/One.img` },
      { type: 'disk', bus: 'ide', path: '/elsewhere/two.img' },
      { type: 'cdrom', bus: 'ide', path: null },
    ],
    serial: [{ kind: 'file', path: `${FOLDER}/out/serial.txt` }],
    directBoot: { kernel: `${FOLDER}/vmlinuz`, initrd: '/boot/initrd' },
    firmware: { kind: 'file', path: '/firmware', variables: `${FOLDER}/vars.fd` },
  });
  await folders.create(FOLDER);
  await store.save(FOLDER, { ...definition('One'), settings });
  const moved = '/other/place';
  await folders.rename(FOLDER, moved);
  const loaded = (await store.load(moved)).definition.settings;
  expect(loaded.storage.map(({ path }) => path)).toEqual([`${moved}/One.img`, '/elsewhere/two.img', null]);
  expect(loaded.serial).toEqual([{ kind: 'file', path: `${moved}/out/serial.txt` }]);
  expect(loaded.directBoot).toMatchObject({ kernel: `${moved}/vmlinuz`, initrd: '/boot/initrd' });
  expect(loaded.firmware).toEqual({ kind: 'file', path: '/firmware', variables: `${moved}/vars.fd` });
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

it('tells of a folder without a definition, and of one that is not there', async () => {
  await folders.create(FOLDER);
  await expect(store.load(FOLDER)).rejects.toThrow('has no machine.json');
  await expect(store.load('/memory/machines/Gone')).rejects.toMatchObject({ code: 'host.fileNotFound' });
});
