import { mkdir, readdir, readFile, readlink, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { temporaryFolder } from '../../test/harness/temp-medium.ts';
import { moveFolder } from './move-folder.ts';

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let from: string;
let to: string;
let abort: AbortController;
let told: number[];
const options = () => ({ signal: abort.signal, progress: (fraction: number) => void told.push(fraction) });

beforeEach(async () => {
  folder = await temporaryFolder();
  from = folder.file('from');
  to = folder.file('to');
  abort = new AbortController();
  told = [];
  await mkdir(join(from, 'logs'), { recursive: true });
  await writeFile(join(from, 'machine.json'), '{}', { mode: 0o600 });
  await writeFile(join(from, 'logs', 'machine.log'), 'log');
  await writeFile(join(from, 'disk.img'), Buffer.concat([Buffer.alloc(6 * 1_048_576), Buffer.from('end')]));
  await symlink('disk.img', join(from, 'link'));
});
afterEach(() => folder.dispose());

async function expectWhole(path: string): Promise<void> {
  expect((await readdir(path)).sort()).toEqual(['disk.img', 'link', 'logs', 'machine.json']);
  const disk = await readFile(join(path, 'disk.img'));
  expect([disk.length, disk.subarray(-3).toString()]).toEqual([6 * 1_048_576 + 3, 'end']);
  expect(await readFile(join(path, 'logs', 'machine.log'), 'utf8')).toBe('log');
  expect(await readlink(join(path, 'link'))).toBe('disk.img');
}

it('renames where it can', async () => {
  const { ino } = await stat(join(from, 'disk.img'));
  await moveFolder(from, to, options());
  await expectWhole(to);
  expect((await stat(join(to, 'disk.img'))).ino).toBe(ino);
});

it('copies, compares and removes where it cannot', async () => {
  await moveFolder(from, to, options(), false);
  await expectWhole(to);
  expect(await readdir(folder.path)).toEqual(['to']);
  expect((await stat(join(to, 'machine.json'))).mode & 0o777).toBe(0o600);
  expect(told.at(-1)).toBe(1);
  expect(told).toEqual(told.toSorted((a, b) => a - b));
});

it('keeps holes', async () => {
  await moveFolder(from, to, options(), false);
  expect((await stat(join(to, 'disk.img'))).blocks * 512).toBeLessThan(5 * 1_048_576);
});

it('that is cancelled in the middle leaves the original whole and nothing else', async () => {
  const progress = (fraction: number): void => {
    if (fraction > 0.3) abort.abort();
  };
  await expect(moveFolder(from, to, { signal: abort.signal, progress }, false)).rejects.toThrow();
  await expectWhole(from);
  expect(await readdir(folder.path)).toEqual(['from']);
});

it('that fails leaves the original whole and nothing else', async () => {
  const failing = {
    signal: abort.signal,
    progress: () => {
      throw new Error('The disk is full');
    },
  };
  await expect(moveFolder(from, to, failing, false)).rejects.toThrow('The disk is full');
  await expectWhole(from);
  expect(await readdir(folder.path)).toEqual(['from']);
});
