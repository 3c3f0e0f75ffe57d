// Over real files in a temporary folder, with machines that exist in memory only.
import { readdir, writeFile } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type ApiBench, createApiBench } from '../../test/harness/api-bench.ts';
import { MemoryTextFile } from '../../test/harness/memory-text-file.ts';
import { temporaryFolder } from '../../test/harness/temp-medium.ts';
import { tinyIso } from '../../test/harness/tiny-iso.ts';
import { type MachineSettingsInput, machineSettings } from '../contract/machine.ts';
import type { Task } from '../contract/task.ts';
import { hostMediaFiles } from '../host/media-files.ts';
import { MediaManager } from './media-manager.ts';

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let bench: ApiBench;
let list: MemoryTextFile;
let media: MediaManager;
let changed: string[];

beforeEach(async () => {
  folder = await temporaryFolder();
  bench = await createApiBench();
  list = new MemoryTextFile('/memory/media.json');
  changed = [];
  media = new MediaManager({
    machines: bench.manager,
    tasks: bench.services.tasks,
    files: hostMediaFiles,
    list,
    publish: (path) => changed.push(path),
  });
  await media.load();
});
afterEach(() => folder.dispose());

async function file(name: string, bytes: Uint8Array = new Uint8Array(64 * 1024)): Promise<string> {
  await writeFile(folder.file(name), bytes);
  return folder.file(name);
}
function machine(name: string, storage: MachineSettingsInput['storage']): Promise<string> {
  return bench.manager.create({ name, settings: machineSettings.parse({ storage }) });
}
const disk = (path: string) => ({ type: 'disk', path, bus: 'virtio' }) as const;
const floppy = (path: string) => ({ type: 'floppy', path, bus: 'floppy' }) as const;

async function done(taskId: string): Promise<Task> {
  const task = await bench.services.tasks.wait(taskId, 60_000);
  expect(task.state, task.message).toBe('done');
  return task;
}
function storageOf(id: string): unknown {
  return bench.manager.get(id).definition.settings.storage.map(({ path }) => path);
}

describe('the list', () => {
  it('has what machines use and what was added, with users and problems', async () => {
    const shared = await file('shared.img');
    const added = await file('added.iso', tinyIso({ label: 'X', files: {} }));
    await machine('One', [disk(shared), disk(folder.file('gone.img'))]);
    await machine('Two', [disk(shared)]);
    await media.add(added);
    const found = await media.list();
    expect(found.map(({ path, kind, format }) => [path, kind, format])).toEqual([
      [added, 'cdrom', 'iso'],
      [folder.file('gone.img'), 'disk', ''],
      [shared, 'disk', 'raw'],
    ]);
    expect(found[1]?.problem).toContain('gone.img');
    expect(found[2]?.usedBy.map(({ name }) => name)).toEqual(['One', 'Two']);
    expect(JSON.parse((await list.read()) ?? '')).toEqual({ version: 1, paths: [added] });
  });

  it('reads a disc that is attached as a disk as the disk it is then', async () => {
    const hybrid = await file('hybrid.iso', tinyIso({ label: 'X', files: {} }));
    await machine('One', [disk(hybrid)]);
    expect(await media.list()).toMatchObject([{ kind: 'disk', format: 'raw' }]);
  });

  it('takes a size of floppies for a floppy', async () => {
    await media.add(await file('a.img', new Uint8Array(1440 * 1024)));
    expect((await media.list())[0]?.kind).toBe('floppy');
  });
});

describe('identifying', () => {
  it('recognises the system that a disc installs', async () => {
    const path = await file(
      'd.iso',
      tinyIso({ label: 'Debian 12.8.0 amd64 n', files: { 'install.amd/vmlinuz': '' }, isBootable: true }),
    );
    expect(await media.identify(path)).toMatchObject({ kind: 'cdrom', isBootable: true, os: 'debian' });
  });

  it('refuses what is not there', async () => {
    await expect(media.identify(folder.file('none.iso'))).rejects.toMatchObject({ code: 'host.fileNotFound' });
  });
});

describe('files', () => {
  it('are created, and put on the list', async () => {
    const path = folder.file('new.img');
    await done(await media.create(path, { sizeBytes: 1_048_576, isPreallocated: false }));
    expect(await media.list()).toMatchObject([{ path, capacityBytes: 1_048_576, usedBy: [] }]);
    expect(changed).toContain(path);
  });

  it.each([
    ['a name that is taken', 'taken.img', 1_048_576],
    ['a folder that is not there', 'none/new.img', 1_048_576],
    ['a size of no whole sectors', 'odd.img', 1000],
  ])('are not created with %s', async (_what, name, sizeBytes) => {
    await file('taken.img');
    await expect(media.create(folder.file(name), { sizeBytes, isPreallocated: false })).rejects.toThrow();
    expect(await readdir(folder.path)).toEqual(['taken.img']);
  });

  it('move, and machines follow', async () => {
    const path = await file('old.img');
    const id = await machine('One', [disk(path)]);
    await done(await media.move(path, folder.file('new.img')));
    expect(storageOf(id)).toEqual([folder.file('new.img')]);
    expect(await readdir(folder.path)).toEqual(['new.img']);
  });

  it('of a running machine stay where they are', async () => {
    const path = await file('old.img');
    const id = await machine('One', [disk(path)]);
    await bench.manager.start(id);
    await expect(media.move(path, folder.file('new.img'))).rejects.toMatchObject({ code: 'machine.wrongState' });
    await expect(media.release(path)).rejects.toMatchObject({ code: 'machine.wrongState' });
  });
});

describe('letting go', () => {
  it('detaches disks, empties drives, and keeps the file on the list', async () => {
    const path = await file('f.img', new Uint8Array(1440 * 1024));
    const id = await machine('One', [disk(path), floppy(path)]);
    await media.release(path);
    expect(storageOf(id)).toEqual([null]);
    expect(await media.list()).toMatchObject([{ path, usedBy: [] }]);
  });

  it('removes a medium from the list, with its file if asked', async () => {
    const kept = await file('kept.img');
    const gone = await file('gone.img');
    await media.add(kept);
    await media.add(gone);
    await media.remove(kept, false);
    await media.remove(gone, true);
    expect(await media.list()).toEqual([]);
    expect(await readdir(folder.path)).toEqual(['kept.img']);
  });

  it('never deletes what a machine uses, somebody writes, or is not on the list', async () => {
    const used = await file('used.img');
    const written = await file('written.img');
    const foreign = await file('foreign.img');
    await machine('One', [disk(used)]);
    await media.add(written);
    const writer = await hostMediaFiles.open(written, { mode: 'readWrite' });
    await expect(media.remove(used, true)).rejects.toMatchObject({ code: 'medium.locked' });
    await expect(media.remove(written, true)).rejects.toMatchObject({ code: 'medium.locked' });
    await expect(media.remove(foreign, true)).rejects.toMatchObject({ code: 'medium.notFound' });
    await writer.close();
    expect((await readdir(folder.path)).toSorted()).toEqual(['foreign.img', 'used.img', 'written.img']);
  });
});
