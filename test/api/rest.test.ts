// REST as scripts meet it: verbs, statuses, text that becomes numbers and booleans, the shape of errors.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { machineSettings } from '../../src-main/contract/machine.ts';
import { type ApiBench, createApiBench } from '../harness/api-bench.ts';
import { type ServedBench, serveBench } from '../harness/api-connections.ts';

const nobody = '0190a0b1-0000-4000-8000-999999999999';
let bench: ApiBench;
let server: ServedBench;
let authorization: string;

beforeEach(async () => {
  bench = await createApiBench();
  server = await serveBench(bench);
  authorization = `Bearer ${(await readFile(join(server.home, 'api.token'), 'utf8')).trim()}`;
});
afterEach(() => server.close());

async function ask(
  verb: string,
  path: string,
  body?: unknown,
): Promise<{ status: number; headers: Headers; json: unknown }> {
  const response = await fetch(`${server.url}api/${path}`, {
    method: verb,
    headers: { authorization, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, headers: response.headers, json: text === '' ? null : JSON.parse(text) };
}

async function newMachine(name = 'one'): Promise<string> {
  const { json } = await ask('POST', 'v1/machines', { name, settings: machineSettings.parse({}) });
  return (json as { id: string }).id;
}

describe('verbs', () => {
  it('give 200 with JSON, or 204 where there is nothing to say', async () => {
    const id = await newMachine();
    const got = await ask('GET', `v1/machines/${id}`);
    expect(got).toMatchObject({ status: 200, json: { summary: { id, name: 'one' } } });
    expect(got.headers.get('content-type')).toBe('application/json');
    expect(got.headers.get('cache-control')).toBe('no-store');
    expect(await ask('POST', `v1/machines/${id}/start`)).toMatchObject({ status: 204, json: null });
    await ask('POST', `v1/machines/${id}/power-off`);
    expect(await ask('DELETE', `v1/machines/${id}?keepFiles=false`)).toMatchObject({ status: 204 });
  });

  it('that a path does not have are answered with those that it has', async () => {
    const wrong = await ask('PUT', `v1/machines/${nobody}`);
    expect(wrong).toMatchObject({ status: 405, json: { code: 'request.wrongVerb' } });
    expect(wrong.headers.get('allow')?.split(', ').sort()).toEqual(['DELETE', 'GET', 'HEAD', 'PATCH']);
    // "register" is no machine's id.
    expect((await ask('GET', 'v1/machines/register')).headers.get('allow')).toBe('POST');
    expect((await ask('GET', 'logout')).headers.get('allow')).toBe('POST');
  });

  it('HEAD tells what GET would, without it', async () => {
    const response = await fetch(`${server.url}api/v1/host`, { method: 'HEAD', headers: { authorization } });
    expect(response.status).toBe(200);
    expect(Number(response.headers.get('content-length'))).toBeGreaterThan(100);
    expect(await response.text()).toBe('');
  });
});

describe('paths', () => {
  it.each([
    'v1',
    'v1/',
    'v1/nothing',
    'v1/machines/',
    `v1/machines/${nobody}/nothing`,
    'v2/machines',
    'other',
    'v1//machines',
  ])('that are none (%s) are 404', async (path) => {
    expect(await ask('GET', path)).toMatchObject({ status: 404, json: { code: 'request.methodNotFound' } });
  });

  it('carry fields of any text', async () => {
    expect(await ask('GET', `v1/machines/${encodeURIComponent('../media')}`)).toMatchObject({
      status: 400,
      json: { code: 'config.invalid', message: expect.stringContaining('id') },
    });
  });
});

describe('fields', () => {
  it('of the query become what the method wants', async () => {
    const id = await newMachine();
    await ask('POST', `v1/machines/${id}/start`);
    expect(await ask('GET', `v1/machines/${id}/screenshot?maxWidth=16`)).toMatchObject({ status: 200 });
    expect(await ask('GET', `v1/machines/${id}/screenshot?maxWidth=wide`)).toMatchObject({
      status: 400,
      json: { code: 'config.invalid', message: expect.stringContaining('maxWidth') },
    });
    expect(await ask('DELETE', `v1/machines/${id}?keepFiles=yes`)).toMatchObject({
      status: 400,
      json: { message: expect.stringContaining('keepFiles') },
    });
  });

  it('of the path become what the method wants, too', async () => {
    const id = await newMachine();
    await ask('POST', `v1/machines/${id}/start`);
    expect(await ask('POST', `v1/machines/${id}/serial/0`, { data: 'aGk=' })).toMatchObject({ status: 204 });
    expect(bench.handles[0]!.asked).toContainEqual({ port: 0, bytes: [0x68, 0x69] });
    expect(await ask('POST', `v1/machines/${id}/serial/9`, { data: 'aGk=' })).toMatchObject({ status: 400 });
  });

  it('in the wrong place, twice, or unknown are refused by name', async () => {
    const id = await newMachine();
    const message = async (asked: Promise<{ status: number; json: unknown }>) => {
      const { status, json } = await asked;
      expect(status).toBe(400);
      return (json as { message: string }).message;
    };
    expect(await message(ask('PATCH', `v1/machines/${id}`, { id: nobody }))).toContain('"id"');
    expect(await message(ask('GET', `v1/host/browse?path=/a&path=/b`))).toContain('"path"');
    expect(await message(ask('GET', `v1/machines?surprise=1`))).toContain('surprise');
    expect(await message(ask('POST', `v1/machines?name=x`, {}))).toContain('JSON body');
  });
});

describe('errors', () => {
  it('have the status of their code, and code, message and details', async () => {
    await newMachine('taken');
    const settings = machineSettings.parse({});
    expect(await ask('GET', `v1/machines/${nobody}`)).toMatchObject({
      status: 404,
      json: { code: 'machine.notFound' },
    });
    const taken = await ask('POST', 'v1/machines', { name: 'taken', settings });
    expect(taken.status).toBe(409);
    expect(taken.json).toEqual({ code: 'machine.nameTaken', message: expect.stringContaining('taken'), details: {} });
  });

  it('of Ospite itself tell nothing but that, and are in the log of the host', async () => {
    const complaint = vi.spyOn(console, 'error').mockImplementation(() => {});
    vi.spyOn(bench.manager, 'list').mockImplementation(() => {
      throw new TypeError('secret: /home/somebody');
    });
    const { status, json } = await ask('GET', 'v1/machines');
    expect(status).toBe(500);
    expect(JSON.stringify(json)).not.toContain('secret');
    expect(complaint).toHaveBeenCalledOnce();
    vi.restoreAllMocks();
  });
});

it('ends a wait when its client goes away', async () => {
  let gone: AbortSignal | undefined;
  vi.spyOn(bench.services.tasks, 'wait').mockImplementation((_id, _timeoutMs, signal) => {
    gone = signal;
    return new Promise(() => {});
  });
  const leave = new AbortController();
  const asked = fetch(`${server.url}api/v1/tasks/${nobody}/wait?timeoutSeconds=3600`, {
    signal: leave.signal,
    headers: { authorization },
  });
  await vi.waitFor(() => expect(gone?.aborted).toBe(false));
  leave.abort();
  await expect(asked).rejects.toThrow();
  await vi.waitFor(() => expect(gone?.aborted).toBe(true));
  vi.restoreAllMocks();
});
