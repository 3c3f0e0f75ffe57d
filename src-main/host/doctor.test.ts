import { chmod, mkdir } from 'node:fs/promises';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { temporaryFolder } from '../../test/harness/temp-medium.ts';
import { doctorCheck } from '../contract/methods/host.ts';
import { examineHost, freeBytes } from './doctor.ts';

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
beforeEach(async () => {
  folder = await temporaryFolder();
});
afterEach(() => folder.dispose());
const examine = (problems: string[] = []) =>
  examineHost({ home: folder.path, machineFolder: folder.file('machines'), problems });
const find = async (id: string, problems: string[] = []) => (await examine(problems)).find((check) => check.id === id)!;

it('tells each thing once, in the shape of the contract, with sentences', async () => {
  const checks = await examine();
  for (const check of checks) {
    expect(doctorCheck.parse(check)).toEqual(check);
    expect(check.explanation).toMatch(/^[A-Z/\d].*[.!?]$/s);
  }
  const ids = checks.map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
  expect(ids).toEqual(
    expect.arrayContaining(['accelerator.kvm', 'accelerator.interpreter', 'disk', 'home', 'network', 'webassembly']),
  );
});

it('finds that the interpreter always works', async () => {
  expect((await find('accelerator.interpreter')).status).toBe('ok');
});

it('wants the home for its owner alone, and says how', async () => {
  await chmod(folder.path, 0o755);
  expect(await find('home')).toMatchObject({ status: 'limited', remedy: `chmod 700 '${folder.path}'` });
  await chmod(folder.path, 0o700);
  expect(await find('home')).toMatchObject({ status: 'ok', remedy: '' });
});

it('tells of files that could not be used', async () => {
  expect((await find('files')).status).toBe('ok');
  expect(await find('files', ['preferences.json is not valid JSON: at 3'])).toMatchObject({
    status: 'limited',
    explanation: expect.stringContaining('Preferences.json is not valid JSON: at 3.'),
  });
});

it('measures the space where a folder will be made', async () => {
  await mkdir(folder.file('a'));
  expect(await freeBytes(folder.file('a/not/yet'))).toBeGreaterThan(0);
});
