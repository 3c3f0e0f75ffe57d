import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { temporaryFolder } from '../../test/harness/temp-medium.ts';
import { reportBug } from '../core/bug-report.ts';
import { HostLog } from './host-log.ts';

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
beforeEach(async () => {
  folder = await temporaryFolder();
  vi.spyOn(console, 'error').mockImplementation(() => {});
});
afterEach(async () => {
  vi.restoreAllMocks();
  await folder.dispose();
});

it('has what was added, and the bugs of its time with where they come from', async () => {
  const log = new HostLog(folder.path);
  log.add('info', 'Ospite has started');
  reportBug('A request', new Error('no such thing'));
  await log.close();
  reportBug('A request', new Error('too late'));
  const text = await readFile(join(folder.path, 'host.log'), 'utf8');
  expect(text).toMatch(/^\d{4}-\S+Z info: Ospite has started$/m);
  expect(text).toMatch(/error: A request failed: Error: no such thing\n\s+at .*host-log\.test/);
  expect(text).not.toContain('too late');
  expect(console.error).toHaveBeenCalledTimes(2);
});
