import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { temporaryFolder } from '../../test/harness/temp-medium.ts';
import { FileLine } from './file-line.ts';

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let reports: string[];
const report = (message: string) => reports.push(message);
beforeEach(async () => {
  reports = [];
  folder = await temporaryFolder();
});
afterEach(() => folder.dispose());

it('writes what is sent, in order, over what was there', async () => {
  const path = folder.file('serial.txt');
  await writeFile(path, 'an earlier run with more text');
  const line = new FileLine(path, report);
  for (const text of ['boot', 'ing', '\n']) expect(line.send(Buffer.from(text))).toBe(true);
  expect(await readFile(path, 'utf8')).toBe('booting\n');
  line.close();
});

it('drops what is sent after it was closed', async () => {
  const path = folder.file('serial.txt');
  const line = new FileLine(path, report);
  line.close();
  line.close();
  line.send(Buffer.from('late'));
  expect(await readFile(path, 'utf8')).toBe('');
  expect(reports).toEqual([]);
});

it('refuses a file that cannot be made', () => {
  expect(() => new FileLine(folder.file('missing/serial.txt'), report)).toThrow(
    expect.objectContaining({ code: 'host.ioError', message: expect.stringContaining('ENOENT') }),
  );
});

it.skipIf(!existsSync('/dev/full'))('reports a full disk once and lets the guest go on', () => {
  const line = new FileLine('/dev/full', report);
  expect(line.send(Buffer.from('a'))).toBe(true);
  expect(line.send(Buffer.from('b'))).toBe(true);
  expect(reports).toEqual([expect.stringContaining('/dev/full has stopped: ENOSPC')]);
});
