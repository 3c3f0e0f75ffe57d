// The host process behind the command line: started when needed, one for a home, found again, got over when it crashed.
import { access, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { MachineSummary } from '../../src-main/contract/methods.ts';
import { typewriter } from '../harness/boot-sectors.ts';
import { OspiteHome } from '../harness/ospite-home.ts';

let ospite: OspiteHome;

beforeEach(async () => {
  ospite = await OspiteHome.create();
});
afterEach(() => ospite.dispose());

const names = async (): Promise<string[]> =>
  (await ospite.json<{ machines: MachineSummary[] }>('list')).machines.map(({ name }) => name).sort();

it('is started once by commands that come at once', async () => {
  await Promise.all(['a', 'b', 'c'].map((name) => ospite.ok('create', name)));
  expect(await names()).toEqual(['a', 'b', 'c']);
  expect(await ospite.ok('quit')).toBe('Ospite has ended.\n');
  expect(await ospite.ok('quit')).toBe('Ospite does not run.\n');
  await expect(access(join(ospite.home, 'machines.lock'))).rejects.toThrow();
  expect(await names()).toEqual(['a', 'b', 'c']);
});

it('is got over when it crashed', async () => {
  const host = ospite.start('host');
  await ospite.ok('create', 'survivor'); // Finds it, or waits for it.
  host.child.kill('SIGKILL');
  await host.finished;
  await access(join(ospite.home, 'host.sock')); // A dead one's.
  expect(await names()).toEqual(['survivor']);
});

it('is the one that serves: commands see what browsers do, and REST does all that they do', async () => {
  const served = ospite.start('serve', '--no-open');
  const [, origin] = await served.printed(/Ospite is at (http:\/\/127\.0\.0\.1:\d+)\//);
  const token = (await readFile(join(ospite.home, 'api.token'), 'utf8')).trim();
  const rest = async <T>(method: string, path: string, body?: object): Promise<T> => {
    const response = await fetch(`${origin}/api/v1${path}`, {
      method,
      headers: { authorization: `Bearer ${token}`, ...(body ? { 'content-type': 'application/json' } : {}) },
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
    return (text === '' ? null : JSON.parse(text)) as T;
  };

  await ospite.machine('image', typewriter);
  const path = join(ospite.folder, 'image.img');
  const { id } = await rest<{ id: string }>('POST', '/machines', {
    name: 'rested',
    settings: { memoryMib: 16, storage: [{ type: 'disk', bus: 'ide', path, readOnly: true }] },
  });
  expect(await names()).toEqual(['image', 'rested']);
  await rest('PATCH', `/machines/${id}`, { group: 'By REST' });
  await rest('POST', `/machines/${id}/start`, {});
  expect(await rest('POST', `/machines/${id}/wait`, { serial: 'READY', timeoutSeconds: 120 })).toMatchObject({
    isMet: true,
  });
  await rest('POST', `/machines/${id}/type`, { text: 'typed by REST' });
  expect(await ospite.ok('wait', 'rested', '--screen', 'typed by REST', '--timeout', '120')).toBe('typed by REST\n');
  await rest('POST', `/machines/${id}/pause`, {});
  await ospite.ok('wait', 'rested', '--state', 'paused', '--timeout', '120');
  await rest('POST', `/machines/${id}/resume`, {});
  await rest('POST', `/machines/${id}/reset`, {});
  const { png } = await rest<{ png: string }>('GET', `/machines/${id}/screenshot`);
  expect(Buffer.from(png, 'base64').subarray(1, 4).toString()).toBe('PNG');
  expect((await rest<{ lines: string[] }>('GET', `/machines/${id}/log`)).lines.length).toBeGreaterThan(0);
  await rest('POST', `/machines/${id}/power-off`, {});
  await ospite.ok('wait', 'rested', '--state', 'poweredOff', '--timeout', '120');
  await rest('DELETE', `/machines/${id}`);
  expect(await names()).toEqual(['image']);

  expect(await ospite.ok('quit')).toBe('Ospite has ended.\n');
  expect(await served.finished).toMatchObject({ status: 0, stderr: '' });
});

it('ends with its machines as asked', async () => {
  await ospite.machine('m', typewriter);
  await ospite.ok('start', 'm', '--headless');
  await ospite.ok('wait', 'm', '--serial', 'READY', '--timeout', '120');
  expect(await ospite.ok('quit', '--force')).toBe('Ospite has ended.\n');
  expect(await ospite.ok('list', '--running')).toBe('No machine runs.\n');
});
