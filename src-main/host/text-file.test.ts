import { mkdir, readdir, stat, writeFile } from 'node:fs/promises';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { temporaryFolder } from '../../test/harness/temp-medium.ts';
import { HostTextFile } from './text-file.ts';

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let file: HostTextFile;
beforeEach(async () => {
  folder = await temporaryFolder();
  file = new HostTextFile(folder.file('home/registry.json'));
});
afterEach(() => folder.dispose());

it('is null until it is written, in a folder made for it, for its owner only', async () => {
  expect([await file.read(), await file.readPrevious()]).toEqual([null, null]);
  await file.write('{}');
  expect(await file.read()).toBe('{}');
  expect((await stat(file.path)).mode & 0o777).toBe(0o600);
  expect((await stat(folder.file('home'))).mode & 0o777).toBe(0o700);
});

it('keeps the text before the last, and nothing temporary', async () => {
  for (const text of ['1', '2', '3']) await file.write(text);
  expect([await file.read(), await file.readPrevious()]).toEqual(['3', '2']);
  expect((await readdir(folder.file('home'))).sort()).toEqual(['registry.json', 'registry.json.previous']);
});

it('is put aside without losing the previous one', async () => {
  for (const text of ['good', 'damaged']) await file.write(text);
  await file.setAside();
  await file.setAside(); // Nothing is left to do.
  await file.write('new');
  expect([await file.read(), await file.readPrevious()]).toEqual(['new', 'good']);
  expect((await readdir(folder.file('home'))).sort()).toEqual([
    'registry.json',
    'registry.json.damaged',
    'registry.json.previous',
  ]);
});

it('says which file cannot be read or written', async () => {
  await mkdir(file.path, { recursive: true });
  await expect(file.read()).rejects.toMatchObject({
    code: 'host.ioError',
    message: expect.stringContaining(file.path),
  });
  await writeFile(folder.file('blocked'), '');
  const blocked = new HostTextFile(folder.file('blocked/x.json'));
  await expect(blocked.write('')).rejects.toMatchObject({ code: 'host.ioError' });
});
