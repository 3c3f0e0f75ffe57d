import { readdir, readFile, writeFile } from 'node:fs/promises';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { temporaryFolder } from '../../test/harness/temp-medium.ts';
import { fileLockState, lockFile } from './file-lock.ts';

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let path: string;
beforeEach(async () => {
  folder = await temporaryFolder();
  path = folder.file('running');
});
afterEach(() => folder.dispose());
/** As a process would leave it that had our number but began at another time. */
async function leaveStale(): Promise<void> {
  await lockFile(path, { isDevice: false });
  const owner = JSON.parse(await readFile(`${path}.lock`, 'utf8')) as object;
  await writeFile(`${path}.lock`, JSON.stringify({ ...owner, pid: 2 ** 22 + 1, startTime: '1' }));
}

it('is free, held, and free again', async () => {
  expect(await fileLockState(path)).toBe('free');
  const lock = await lockFile(path, { isDevice: false });
  expect(await fileLockState(path)).toBe('held');
  await expect(lockFile(path, { isDevice: false })).rejects.toMatchObject({ code: 'medium.locked' });
  await lock.release();
  expect(await fileLockState(path)).toBe('free');
  expect(await readdir(folder.path)).toEqual([]);
});

it('is stale when its owner has died, and is taken over', async () => {
  await leaveStale();
  expect(await fileLockState(path)).toBe('stale');
  const lock = await lockFile(path, { isDevice: false });
  expect(await fileLockState(path)).toBe('held');
  await lock.release();
});

it('is stale when nobody can tell whose it is', async () => {
  await writeFile(`${path}.lock`, 'gibberish');
  expect(await fileLockState(path)).toBe('stale');
});
