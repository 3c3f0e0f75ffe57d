import { chmod, mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { temporaryFolder } from '../../test/harness/temp-medium.ts';
import { HostFolderStore } from './folder-store.ts';

let outer: Awaited<ReturnType<typeof temporaryFolder>>;
let root: string;
let store: HostFolderStore;
beforeEach(async () => {
  outer = await temporaryFolder();
  root = outer.file('machines');
  store = new HostFolderStore(root);
});
afterEach(() => outer.dispose());

describe('folders', () => {
  it('begin with none, in a root that only its owner reads', async () => {
    expect(await store.folders()).toEqual([]);
    expect((await stat(root)).mode & 0o777).toBe(0o700);
  });

  it('are those of machines: no files, no hidden ones', async () => {
    await store.create('One');
    await mkdir(join(root, '.Trash'));
    await writeFile(join(root, 'notes.txt'), '');
    expect(await store.folders()).toEqual(['One']);
  });

  it('are not made twice', async () => {
    await store.create('One');
    await expect(store.create('One')).rejects.toMatchObject({ code: 'machine.nameTaken' });
  });

  it('are renamed, but not over another', async () => {
    await store.create('One');
    await store.create('Two');
    await expect(store.rename('One', 'Two')).rejects.toMatchObject({ code: 'machine.nameTaken' });
    await store.rename('One', 'Three');
    expect((await store.folders()).sort()).toEqual(['Three', 'Two']);
  });

  it('may be renamed to themselves, as to another case where case does not count', async () => {
    await store.create('One');
    await store.rename('One', 'One');
    expect(await store.folders()).toEqual(['One']);
  });

  it('are removed with all in them, and again without complaint', async () => {
    await store.create('One');
    await store.write('One', 'machine.json', '{}');
    await store.remove('One');
    await store.remove('One');
    expect(await store.folders()).toEqual([]);
  });

  it('that cannot be listed are told of with their path', async () => {
    await writeFile(root, 'a file');
    await expect(store.folders()).rejects.toMatchObject({
      code: 'host.ioError',
      message: expect.stringContaining(root),
    });
  });

  it.each(['', '.', '..', '../x', 'a/b', 'a\\b', 'a\0b'])('are never reached outside by %j', async (name) => {
    await expect(store.create(name)).rejects.toMatchObject({ code: 'config.invalid' });
    await expect(store.read('One', name)).rejects.toMatchObject({ code: 'config.invalid' });
  });
});

describe('files', () => {
  beforeEach(() => store.create('One'));

  it('read as null when they are not there', async () => {
    expect(await store.read('One', 'machine.json')).toBeNull();
  });

  it('read as written, for their owner only, and leave nothing temporary', async () => {
    await store.write('One', 'machine.json', '{"ü":1}');
    expect(await store.read('One', 'machine.json')).toBe('{"ü":1}');
    expect(await readdir(join(root, 'One'))).toEqual(['machine.json']);
    expect((await stat(join(root, 'One', 'machine.json'))).mode & 0o777).toBe(0o600);
  });

  it('keep the text before the last', async () => {
    for (const text of ['first', 'second', 'third']) await store.write('One', 'machine.json', text);
    expect(await store.read('One', 'machine.json')).toBe('third');
    expect(await store.read('One', 'machine.json.previous')).toBe('second');
  });

  it('stay as they were when a write fails', async () => {
    await store.write('One', 'machine.json', 'good');
    await mkdir(join(root, 'One', 'machine.json.new'));
    await expect(store.write('One', 'machine.json', 'bad')).rejects.toMatchObject({ code: 'host.ioError' });
    expect(await store.read('One', 'machine.json')).toBe('good');
  });

  it.skipIf(process.getuid?.() === 0)('say when rights are missing', async () => {
    await chmod(join(root, 'One'), 0o500);
    await expect(store.write('One', 'machine.json', 'x')).rejects.toMatchObject({ code: 'host.permissionDenied' });
    await chmod(join(root, 'One'), 0o700);
  });
});

describe('logs', () => {
  const log = (name = 'machine.log') => readFile(join(root, 'One', name), 'utf8');
  beforeEach(() => store.create('One'));

  it('have their lines in order', async () => {
    const lines = Array.from({ length: 500 }, (_, index) => `line ${index}\n`);
    for (const line of lines) store.append('One', 'machine.log', line);
    await store.settled();
    expect(await log()).toBe(lines.join(''));
  });

  it('are turned over at a mebibyte, keeping one old part', async () => {
    const page = `${'x'.repeat(299_999)}\n`;
    for (const _ of [1, 2, 3, 4, 5, 6, 7]) {
      store.append('One', 'machine.log', page);
      await store.settled();
    }
    expect((await log()).length).toBe(300_000);
    expect((await log('machine.log.previous')).length).toBe(900_000);
    expect(await readdir(join(root, 'One'))).toHaveLength(2);
  });

  it('lose lines rather than fill memory while the disk is slow', async () => {
    const page = 'x'.repeat(400_000);
    for (let count = 0; count < 20; count++) store.append('One', 'machine.log', page);
    await store.settled();
    const kept = (await log()).length + (await log('machine.log.previous').catch(() => '')).length;
    expect(kept).toBe(1_200_000);
  });

  it('of a removed folder vanish without a word', async () => {
    await store.remove('One');
    store.append('One', 'machine.log', 'gone\n');
    await store.settled();
    expect(await store.folders()).toEqual([]);
  });

  it('follow their folder when it is renamed', async () => {
    store.append('One', 'machine.log', 'before\n');
    await store.rename('One', 'Two');
    expect(await store.read('Two', 'machine.log')).toBe('before\n');
  });
});
