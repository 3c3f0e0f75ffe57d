// What must not get in through the served GUI's door.

import { mkdtemp, writeFile } from 'node:fs/promises';
import { request as httpRequest } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { Auth } from '../../src-main/api/auth.ts';
import { type RunningServer, startHttpServer } from '../../src-main/api/transports/http-server.ts';
import { createApiBench } from '../harness/api-bench.ts';

let server: RunningServer;
let auth: Auth;
let port: number;

beforeEach(async () => {
  const bench = await createApiBench();
  const staticFolder = await mkdtemp(join(tmpdir(), 'ospite-static-'));
  await writeFile(join(staticFolder, 'index.html'), '<p>page</p>');
  await writeFile(join(staticFolder, 'secret.txt'), 'secret');
  auth = new Auth();
  server = await startHttpServer({
    address: '127.0.0.1',
    port: 0,
    staticFolder,
    auth,
    services: bench.services,
    consoles: bench.consoles,
  });
  port = Number(new URL(server.url).port);
});
afterEach(() => server.close());

/** A request whose Host header and raw path are ours to choose. */
function get(
  path: string,
  headers: Record<string, string> = {},
  method = 'GET',
): Promise<{ status: number; headers: Record<string, unknown>; body: string }> {
  return new Promise((resolve, reject) => {
    const asked = httpRequest(
      { host: '127.0.0.1', port, path, method, headers: { host: `127.0.0.1:${port}`, ...headers } },
      (response) => {
        let body = '';
        response.setEncoding('utf8').on('data', (chunk: string) => (body += chunk));
        response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body }));
      },
    );
    asked.on('error', reject).end();
  });
}

async function cookie(): Promise<string> {
  const { headers } = await get(`/?token=${auth.issueToken()}`);
  return (headers['set-cookie'] as string[])[0]!.split(';')[0]!;
}

function openSocket(headers: Record<string, string>): Promise<'open' | number> {
  return new Promise((resolve) => {
    const socket = new WebSocket(`ws://127.0.0.1:${port}/api/socket`, { headers });
    socket.on('open', () => {
      resolve('open');
      socket.terminate();
    });
    socket.on('unexpected-response', (_request, response) => resolve(response.statusCode ?? 0));
    socket.on('error', () => resolve(0));
  });
}

describe('pages', () => {
  it('are for holders of the cookie, which is out of reach of scripts and other sites', async () => {
    const redeemed = await get(`/?token=${auth.issueToken()}`);
    expect(redeemed.status).toBe(303);
    expect((redeemed.headers['set-cookie'] as string[])[0]).toMatch(/HttpOnly; SameSite=Strict/);
    const page = await get('/', { cookie: (redeemed.headers['set-cookie'] as string[])[0]!.split(';')[0]! });
    expect(page).toMatchObject({ status: 200, body: '<p>page</p>' });
    expect(page.headers['content-security-policy']).toMatch(/default-src 'none'; script-src 'self'/);
    expect(page.headers['access-control-allow-origin']).toBeUndefined();
  });

  it('are refused without cookie, with a wrong token, and with a used one', async () => {
    expect((await get('/')).status).toBe(401);
    expect((await get('/?token=guess')).status).toBe(401);
    const token = auth.issueToken();
    await get(`/?token=${token}`);
    expect((await get(`/?token=${token}`)).status).toBe(401);
  });

  it('are refused under another host name, even with the cookie or the token', async () => {
    const held = await cookie();
    expect((await get('/', { cookie: held, host: 'evil.example' })).status).toBe(403);
    expect((await get(`/?token=${auth.issueToken()}`, { host: `evil.example:${port}` })).status).toBe(403);
  });

  it.each([
    '/../package.json',
    '/%2e%2e/package.json',
    '/..%2f..%2fetc/passwd',
    '/secret.txt',
    '/a%00.html',
    '/%',
    '//etc/passwd.html',
  ])('are not found at %s', async (path) => {
    expect((await get(path, { cookie: await cookie() })).status).toBe(404);
  });

  it('take no other verbs', async () => {
    expect((await get('/', { cookie: await cookie() }, 'POST')).status).toBe(405);
  });

  it('lock the door after many wrong tokens', async () => {
    for (let i = 0; i < 10; i++) await get(`/?token=guess${i}`);
    expect((await get(`/?token=${auth.issueToken()}`)).status).toBe(429);
  });
});

describe('the socket', () => {
  it('opens for our own pages with the cookie', async () => {
    expect(await openSocket({ cookie: await cookie(), origin: `http://127.0.0.1:${port}` })).toBe('open');
  });
  it('is refused without cookie, with a foreign origin, and without any origin', async () => {
    const held = await cookie();
    expect(await openSocket({ origin: `http://127.0.0.1:${port}` })).toBe(401);
    expect(await openSocket({ cookie: held, origin: 'http://evil.example' })).toBe(403);
    expect(await openSocket({ cookie: held })).toBe(403);
  });
});
