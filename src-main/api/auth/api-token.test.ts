import { chmod, mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { loadApiToken } from './api-token.ts';

let home: string;
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'ospite-token-'));
});
afterEach(() => rm(home, { recursive: true, force: true }));

it('is made once and kept for its owner alone', async () => {
  const token = await loadApiToken(home);
  expect(token).toMatch(/^[\w-]{43}$/);
  expect(await loadApiToken(home)).toBe(token);
  expect(await readFile(join(home, 'api.token'), 'utf8')).toBe(`${token}\n`);
  expect((await stat(join(home, 'api.token'))).mode & 0o777).toBe(0o600);
});

it('is made anew once others could read it', async () => {
  const token = await loadApiToken(home);
  await chmod(join(home, 'api.token'), 0o644);
  expect(await loadApiToken(home)).not.toBe(token);
  expect((await stat(join(home, 'api.token'))).mode & 0o777).toBe(0o600);
});

it('says where it cannot be kept', async () => {
  await expect(loadApiToken(join(home, 'missing'))).rejects.toMatchObject({ code: 'host.ioError' });
});
