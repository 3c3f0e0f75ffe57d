import { chmod, mkdir, readdir, readFile, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { temporaryFolder } from '../../test/harness/temp-medium.ts';
import { HostFolderStore } from './folder-store.ts';

let outer: Awaited<ReturnType<typeof temporaryFolder>>;
let root: string;
let store: HostFolderStore;
const at = (name: string): string => join(root, name);
beforeEach(async () => {
  outer = await temporaryFolder();
  root = outer.file('machines');
  store = new HostFolderStore();
});
afterEach(() => outer.dispose());

describe('folders', () => {
  it('begin with none, in a root that only its owner reads', async () => {
    expect(await store.folders(root)).toEqual([]);
    expect((await stat(root)).mode & 0o777).toBe(0o700);
  });

  it('are those of machines: no files, no hidden ones', async () => {
    await store.create(at('One'));
    await mkdir(join(root, '.Trash'));
    await writeFile(join(root, 'notes.txt'), '');
    expect(await store.folders(root)).toEqual(['One']);
  });

  it('are not made twice', async () => {
    await store.create(at('One'));
    await expect(store.create(at('One'))).rejects.toMatchObject({ code: 'machine.nameTaken' });
  });

  it('are renamed, but not over another', async () => {
    await store.create(at('One'));
    await store.create(at('Two'));
    await expect(store.rename(at('One'), at('Two'))).rejects.toMatchObject({ code: 'machine.nameTaken' });
    await store.rename(at('One'), at('Three'));
    expect((await store.folders(root)).sort()).toEqual(['Three', 'Two']);
  });

  it('may be renamed to themselves, as to another case where case does not count', async () => {
    await store.create(at('One'));
    await store.rename(at('One'), at('One'));
    expect(await store.folders(root)).toEqual(['One']);
  });

  it('are removed with all in them, and again without complaint', async () => {
    await store.create(at('One'));
    await store.write(at('One'), 'machine.json', '{}');
    await store.remove(at('One'));
    await store.remove(at('One'));
    expect(await store.folders(root)).toEqual([]);
  });

  it('lose only what is named, and go when nothing else is in them', async () => {
    await store.create(at('One'));
    await mkdir(join(at('One'), 'disks'));
    for (const name of ['machine.json', 'holiday.jpg', 'disks/a.img']) await writeFile(join(at('One'), name), '');
    await store.removeOnly(at('One'), ['machine.json', 'disks/a.img', 'not-there']);
    expect((await readdir(at('One'))).sort()).toEqual(['disks', 'holiday.jpg']);
    await store.removeOnly(at('One'), ['disks', 'holiday.jpg']);
    expect(await store.folders(root)).toEqual([]);
  });

  it('lose nothing that only a link leads to', async () => {
    await store.create(at('One'));
    await mkdir(outer.file('precious'));
    await writeFile(join(outer.file('precious'), 'thesis'), 'years of work');
    await symlink(outer.file('precious'), join(at('One'), 'disks'));
    await store.removeOnly(at('One'), ['disks/thesis']);
    expect(await readdir(outer.file('precious'))).toEqual(['thesis']);
    await store.removeOnly(at('One'), ['disks']);
    expect(await readdir(outer.file('precious'))).toEqual(['thesis']);
    expect(await store.folders(root)).toEqual([]);
  });

  it('that cannot be listed are told of with their path', async () => {
    await writeFile(root, 'a file');
    await expect(store.folders(root)).rejects.toMatchObject({
      code: 'host.ioError',
      message: expect.stringContaining(root),
    });
  });

  it.each(['', '.', '..', '../x', 'a/../b', 'a//b', '/a', 'a\\b', 'a\0b'])('are never left by %j', async (name) => {
    await expect(store.read(at('One'), name)).rejects.toMatchObject({ code: 'config.invalid' });
    await expect(store.write(at('One'), name, '')).rejects.toMatchObject({ code: 'config.invalid' });
  });
});

describe('files', () => {
  beforeEach(() => store.create(at('One')));

  it('read as null when they are not there', async () => {
    expect(await store.read(at('One'), 'machine.json')).toBeNull();
  });

  it('read as written, for their owner only, and leave nothing temporary', async () => {
    await store.write(at('One'), 'machine.json', '{"ü":1}');
    expect(await store.read(at('One'), 'machine.json')).toBe('{"ü":1}');
    expect(await readdir(join(root, 'One'))).toEqual(['machine.json']);
    expect((await stat(join(root, 'One', 'machine.json'))).mode & 0o777).toBe(0o600);
  });

  it('keep the text before the last', async () => {
    for (const text of ['first', 'second', 'third']) await store.write(at('One'), 'machine.json', text);
    expect(await store.read(at('One'), 'machine.json')).toBe('third');
    expect(await store.read(at('One'), 'machine.json.previous')).toBe('second');
  });

  it('stay as they were when a write fails', async () => {
    await store.write(at('One'), 'machine.json', 'good');
    await mkdir(join(root, 'One', 'machine.json.new'));
    await expect(store.write(at('One'), 'machine.json', 'bad')).rejects.toMatchObject({ code: 'host.ioError' });
    expect(await store.read(at('One'), 'machine.json')).toBe('good');
  });

  it.skipIf(process.getuid?.() === 0)('say when rights are missing', async () => {
    await chmod(join(root, 'One'), 0o500);
    await expect(store.write(at('One'), 'machine.json', 'x')).rejects.toMatchObject({ code: 'host.permissionDenied' });
    await chmod(join(root, 'One'), 0o700);
  });
});

describe('logs', () => {
  const log = (name = 'machine.log') => readFile(join(root, 'One', name), 'utf8');
  beforeEach(() => store.create(at('One')));

  it('have their lines in order', async () => {
    const lines = Array.from({ length: 500 }, (_, index) => `line ${index}\n`);
    for (const line of lines) store.append(at('One'), 'machine.log', line);
    await store.settled();
    expect(await log()).toBe(lines.join(''));
  });

  it('are turned over at a mebibyte, keeping three old parts', async () => {
    const page = `${'x'.repeat(599_999)}\n`;
    for (let number = 1; number <= 6; number++) {
      store.append(at('One'), 'machine.log', `${number}${page}`);
      await store.settled();
    }
    expect((await readdir(at('One'))).sort()).toEqual([
      'machine.log',
      'machine.log.1',
      'machine.log.2',
      'machine.log.3',
    ]);
    expect((await log())[0]).toBe('6');
    expect((await log('machine.log.3'))[0]).toBe('3');
  });

  it('are turned over when asked, in order with what is appended', async () => {
    store.append(at('One'), 'logs/machine.log', 'first\n');
    store.turnOver(at('One'), 'logs/machine.log');
    store.append(at('One'), 'logs/machine.log', 'second\n');
    await store.settled();
    expect(await log('logs/machine.log')).toBe('second\n');
    expect(await log('logs/machine.log.1')).toBe('first\n');
  });

  it('lose lines rather than fill memory while the disk is slow', async () => {
    const page = 'x'.repeat(400_000);
    for (let count = 0; count < 20; count++) store.append(at('One'), 'machine.log', page);
    await store.settled();
    const kept = (await log()).length + (await log('machine.log.1').catch(() => '')).length;
    expect(kept).toBe(1_200_000);
  });

  it('of a removed folder vanish without a word', async () => {
    await store.remove(at('One'));
    store.append(at('One'), 'logs/machine.log', 'gone\n');
    await store.settled();
    expect(await store.folders(root)).toEqual([]);
  });

  it('are not written through links', async () => {
    const victim = outer.file('.profile');
    await writeFile(victim, 'mine');
    await symlink(victim, join(at('One'), 'machine.log'));
    store.append(at('One'), 'machine.log', 'evil\n');
    await mkdir(outer.file('elsewhere'));
    await symlink(outer.file('elsewhere'), join(at('One'), 'logs'));
    store.append(at('One'), 'logs/machine.log', 'evil\n');
    await store.settled();
    expect(await readFile(victim, 'utf8')).toBe('mine');
    expect(await readdir(outer.file('elsewhere'))).toEqual([]);
  });

  it('follow their folder when it is renamed', async () => {
    store.append(at('One'), 'machine.log', 'before\n');
    await store.rename(at('One'), at('Two'));
    expect(await store.read(at('Two'), 'machine.log')).toBe('before\n');
  });
});
