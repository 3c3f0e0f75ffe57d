// What must not get in through the web door on this computer. Each refusal is logged, and tells nothing of the host.
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { WebSocket } from 'ws';
import { type RunningServer, startHttpServer } from '../../src-main/api/transports/http-server.ts';
import { createApiBench } from '../harness/api-bench.ts';
import { type RawReply, type RawRequest, rawBytes, rawRequest } from '../harness/raw-http.ts';

let home: string;
let server: RunningServer;
let port: number;
let ours: string;
let log: string[];

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'ospite-secure-'));
  const staticFolder = await mkdtemp(join(home, 'static-'));
  await writeFile(join(staticFolder, 'index.html'), '<p>page</p>');
  await writeFile(join(staticFolder, 'secret.txt'), 'secret');
  log = [];
  server = await startHttpServer({
    ...(await createApiBench()),
    home,
    address: '127.0.0.1',
    port: 0,
    staticFolder,
    version: '1.2.3',
    log: (line) => log.push(line),
  });
  port = Number(new URL(server.url).port);
  ours = `http://127.0.0.1:${port}`;
});
afterEach(async () => {
  await server.close();
  await rm(home, { recursive: true, force: true });
});

const ask = (path: string, options: RawRequest = {}): Promise<RawReply> => rawRequest(port, path, options);

function newToken(): string {
  return new URL(server.issueLink()).search;
}

async function cookie(): Promise<string> {
  const { headers } = await ask(`/${newToken()}`);
  return (headers['set-cookie'] as string[])[0]!.split(';')[0]!;
}

async function apiToken(): Promise<string> {
  return (await readFile(join(home, 'api.token'), 'utf8')).trim();
}

/** The refusal's status; what it says must be short and hold nothing of the host. */
function refusal({ status, body }: RawReply): number {
  expect(body).not.toContain(home);
  expect(body).not.toMatch(/node_modules|\.ts:\d|\.js:\d|\bat \w+ \(|Error:/);
  return status;
}

function openSocket(headers: Record<string, string>, path = '/api/socket'): Promise<'open' | number> {
  return new Promise((resolve) => {
    const socket = new WebSocket(`ws://127.0.0.1:${port}${path}`, { headers });
    socket.on('open', () => {
      resolve('open');
      socket.terminate();
    });
    socket.on('unexpected-response', (_request, response) => {
      resolve(response.statusCode ?? 0);
      socket.terminate();
    });
    socket.on('error', () => resolve(0));
  });
}

describe('pages', () => {
  it('are for holders of the cookie, which is out of reach of scripts and other sites', async () => {
    const redeemed = await ask(`/${newToken()}`);
    expect(redeemed).toMatchObject({ status: 303, headers: { location: '/' } });
    expect((redeemed.headers['set-cookie'] as string[])[0]).toMatch(/; HttpOnly; SameSite=Strict; Path=\/$/);
    const page = await ask('/', {
      headers: { cookie: (redeemed.headers['set-cookie'] as string[])[0]!.split(';')[0]! },
    });
    expect(page).toMatchObject({ status: 200, body: '<p>page</p>' });
    expect(page.headers['content-security-policy']).toMatch(/default-src 'none'; script-src 'self'/);
    expect(page.headers['access-control-allow-origin']).toBeUndefined();
    expect(log).toEqual([]);
  });

  it('are refused without cookie, with a wrong token, and with a used one, and the log says so', async () => {
    expect(refusal(await ask('/'))).toBe(401);
    expect(refusal(await ask('/?token=guess'))).toBe(401);
    const token = newToken();
    await ask(`/${token}`);
    expect(refusal(await ask(`/${token}`))).toBe(401);
    expect(log).toHaveLength(3);
    expect(log[1]).toMatch(/^refused 127\.0\.0\.1 GET \/: 401 auth\.required/);
    expect(log.join()).not.toContain('guess');
  });

  it('are refused under another host name, even with the cookie or the token', async () => {
    const held = await cookie();
    expect(refusal(await ask('/', { headers: { cookie: held, host: 'evil.example' } }))).toBe(403);
    expect(refusal(await ask(`/${newToken()}`, { headers: { host: `evil.example:${port}` } }))).toBe(403);
    expect(refusal(await ask('/', { headers: { cookie: held, host: `127.0.0.1:${port + 1}` } }))).toBe(403);
    expect(log).toHaveLength(3);
  });

  it.each([
    '/../package.json',
    '/%2e%2e/package.json',
    '/..%2f..%2fetc/passwd',
    '/..%5c..%5cwindows/win.ini',
    '/....//....//etc/passwd',
    '/%252e%252e/api.token',
    '/../api.token',
    '/secret.txt',
    '/a%00.html',
    '/index.html%00.png',
    '/%',
    '/%ff%fe.html',
    '//etc/passwd.html',
    'http://127.0.0.1/etc/passwd',
    '/index.html/',
    '/static',
  ])('are not found at %s', async (path) => {
    const reply = await ask(path, { headers: { cookie: await cookie() } });
    expect(refusal(reply)).toBe(404);
    expect(log).toHaveLength(1);
  });

  it('take no other verbs', async () => {
    for (const method of ['POST', 'PUT', 'DELETE', 'OPTIONS', 'TRACE', 'PATCH']) {
      const reply = await ask('/', { method, headers: { cookie: await cookie() } });
      expect(reply).toMatchObject({ status: 405, headers: { allow: 'GET, HEAD' } });
      expect(reply.headers['access-control-allow-origin']).toBeUndefined();
    }
  });

  it('lock the door after many wrong tokens, and say for how long', async () => {
    for (let i = 0; i < 10; i++) await ask(`/?token=guess${i}`);
    const reply = await ask(`/${newToken()}`);
    expect(refusal(reply)).toBe(429);
    expect(Number(reply.headers['retry-after'])).toBeGreaterThan(30);
    expect(log.at(-1)).toContain('auth.tooManyAttempts');
  });
});

describe('the socket', () => {
  it('opens for our own pages with the cookie, and for scripts with the API token', async () => {
    expect(await openSocket({ cookie: await cookie(), origin: ours })).toBe('open');
    expect(await openSocket({ authorization: `Bearer ${await apiToken()}` })).toBe('open');
  });

  it('is refused without cookie, with a foreign or no origin, under another name, and elsewhere', async () => {
    const held = await cookie();
    expect(await openSocket({ origin: ours })).toBe(401);
    expect(await openSocket({ cookie: held, origin: 'http://evil.example' })).toBe(403);
    expect(await openSocket({ cookie: held, origin: `https://127.0.0.1:${port}` })).toBe(403);
    expect(await openSocket({ cookie: held, origin: 'null' })).toBe(403);
    expect(await openSocket({ cookie: held })).toBe(403);
    expect(await openSocket({ cookie: held, origin: ours, host: 'evil.example' })).toBe(403);
    expect(await openSocket({ authorization: 'Bearer guess' })).toBe(401);
    expect(await openSocket({ cookie: held, origin: ours }, '/api/other')).toBe(404);
    expect(await openSocket({ cookie: held, origin: ours }, '/api/socket?token=1')).toBe(404);
    expect(log).toHaveLength(9);
  });

  async function opened(): Promise<{ socket: WebSocket; raw: Socket; ended: Promise<number>; messages: string[] }> {
    const socket = new WebSocket(`ws://127.0.0.1:${port}/api/socket`, {
      headers: { cookie: await cookie(), origin: ours },
    });
    const messages: string[] = [];
    socket.on('message', (data) => messages.push(String(data)));
    let raw!: Socket;
    socket.once('upgrade', ({ socket: carrier }) => {
      raw = carrier;
    });
    await new Promise((resolve) => socket.once('open', resolve));
    socket.on('error', () => {});
    return { socket, raw, ended: new Promise((resolve) => socket.once('close', resolve)), messages };
  }

  it('hangs up on messages that are too long', async () => {
    const { socket, ended } = await opened();
    socket.send('x'.repeat(1_048_577));
    expect(await ended).toBe(1009);
    expect(log).toHaveLength(1);
  });

  it('hangs up on binary messages', async () => {
    const { socket, ended } = await opened();
    socket.send(new Uint8Array(8));
    expect(await ended).toBe(1003);
  });

  it.each([
    ['an unmasked frame', [0x81, 0x01, 0x41]],
    ['reserved bits', [0xf1, 0x81, 0, 0, 0, 0, 0x41]],
    ['an unknown kind', [0x83, 0x80, 0, 0, 0, 0]],
    ['a long control frame', [0x89, 0xfe, 0x01, 0x00, 0, 0, 0, 0]],
    ['text that is no UTF-8', [0x81, 0x82, 0, 0, 0, 0, 0xff, 0xfe]],
    ['a length of 2^63', [0x81, 0xff, 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]],
  ])('hangs up on %s', async (_what, bytes) => {
    const { raw, ended } = await opened();
    raw.write(Buffer.from(bytes));
    await ended;
    await vi.waitFor(() => expect(log).toHaveLength(1));
  });

  it('answers what is no request, and goes on', async () => {
    const { socket, messages } = await opened();
    for (const text of ['', 'null', '[]', '{"call":-1}', '{"call":1,"method":5}', '{"call":1', '\u0000'])
      socket.send(text);
    await vi.waitFor(() => expect(messages).toHaveLength(7));
    for (const message of messages) expect(JSON.parse(message)).toMatchObject({ error: { code: 'usage.invalid' } });
    socket.terminate();
  });

  it('is closed by logging out', async () => {
    const held = await cookie();
    const socket = new WebSocket(`ws://127.0.0.1:${port}/api/socket`, { headers: { cookie: held, origin: ours } });
    await new Promise((resolve) => socket.once('open', resolve));
    const closed = new Promise((resolve) => socket.once('close', resolve));
    const reply = await ask('/api/logout', { method: 'POST', headers: { cookie: held, origin: ours } });
    expect(reply.status).toBe(204);
    expect((reply.headers['set-cookie'] as string[])[0]).toContain('Max-Age=0');
    await closed;
    expect((await ask('/', { headers: { cookie: held } })).status).toBe(401);
  });
});

describe('the API', () => {
  it('is for sessions of our own pages and for scripts with the token', async () => {
    const held = await cookie();
    expect((await ask('/api/v1/machines', { headers: { cookie: held } })).status).toBe(200);
    expect((await ask('/api/v1/machines', { headers: { authorization: `Bearer ${await apiToken()}` } })).status).toBe(
      200,
    );
    const post = { method: 'POST', headers: { cookie: held, origin: ours } };
    expect((await ask('/api/v1/machines/refresh', post)).status).not.toBe(403);
    expect(log).toEqual([]);
  });

  it('refuses everybody else', async () => {
    const held = await cookie();
    const get = async (headers: Record<string, string>) => refusal(await ask('/api/v1/machines', { headers }));
    expect(await get({})).toBe(401);
    expect(await get({ cookie: `ospite_session_${port}=guess` })).toBe(401);
    expect(await get({ authorization: 'Bearer guess' })).toBe(401);
    expect(await get({ authorization: 'Bearer guess', cookie: held })).toBe(401);
    expect(await get({ authorization: '', cookie: held })).toBe(401);
    expect(await get({ cookie: held, host: 'evil.example' })).toBe(403);
    expect(await get({ authorization: `Bearer ${await apiToken()}`, host: 'evil.example' })).toBe(403);
    expect(await get({ cookie: held, origin: 'http://evil.example' })).toBe(403);
    expect(await get({ cookie: held, origin: 'null' })).toBe(403);
    // Another port of this computer is the same site, so the cookie comes along.
    expect(await get({ cookie: held, 'sec-fetch-site': 'same-site' })).toBe(403);
    expect(await get({ cookie: held, 'sec-fetch-site': 'cross-site' })).toBe(403);
    expect(log).toHaveLength(11);
  });

  it('changes nothing for a browser that does not say whose page asks', async () => {
    const held = await cookie();
    for (const method of ['POST', 'PUT', 'PATCH', 'DELETE'])
      expect(refusal(await ask('/api/v1/machines', { method, headers: { cookie: held } }))).toBe(403);
    expect(refusal(await ask('/api/logout', { method: 'POST', headers: { cookie: held } }))).toBe(403);
  });

  it('answers wrong tokens with 429 after ten, but the right one still', async () => {
    for (let i = 0; i < 10; i++) await ask('/api/v1/machines', { headers: { authorization: `Bearer guess${i}` } });
    const reply = await ask('/api/v1/machines', { headers: { authorization: 'Bearer guess' } });
    expect(reply).toMatchObject({ status: 429, headers: { 'retry-after': expect.stringMatching(/^\d+$/) } });
    expect(JSON.parse(reply.body)).toMatchObject({ code: 'auth.tooManyAttempts' });
    const { status } = await ask('/api/v1/machines', { headers: { authorization: `Bearer ${await apiToken()}` } });
    expect(status).toBe(200);
  });

  it('allows no other origin, ever', async () => {
    const headers = {
      origin: 'http://evil.example',
      'access-control-request-method': 'POST',
      'access-control-request-headers': 'authorization',
    };
    const reply = await ask('/api/v1/machines', { method: 'OPTIONS', headers });
    expect(reply.status).toBe(403);
    expect(Object.keys(reply.headers).filter((name) => name.startsWith('access-control'))).toEqual([]);
  });
});

describe('connections', () => {
  it.each([
    ['no HTTP at all', '\u0016\u0003\u0001 hello\r\n\r\n'],
    ['two lengths', `POST / HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabc`],
    [
      'a length and chunks',
      `POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
    ],
    ['a header with a NUL', `GET / HTTP/1.1\r\nHost: a\u0000b\r\n\r\n`],
    [
      'too many headers',
      `GET / HTTP/1.1\r\nHost: a\r\n${'x: yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy\r\n'.repeat(1000)}\r\n`,
    ],
  ])('that bring %s are refused and closed', async (_what, bytes) => {
    const reply = await rawBytes(port, bytes);
    expect(reply).toMatch(/^HTTP\/1\.1 4\d\d /);
    expect(reply).not.toMatch(/Error|node/i);
    await vi.waitFor(() => expect(log).toHaveLength(1));
  });

  it('that name no host are refused', async () => {
    expect(await rawBytes(port, 'GET / HTTP/1.1\r\nConnection: close\r\n\r\n')).toMatch(/^HTTP\/1\.1 400 /);
    expect(await rawBytes(port, 'GET / HTTP/1.0\r\n\r\n')).toMatch(/^HTTP\/1\.1 403 /);
  });

  it('that bring their headers slowly are closed', async () => {
    const socket = connect(port, '127.0.0.1', () => socket.write('GET / HTTP/1.1\r\nHost: '));
    const drip = setInterval(() => socket.write('a'), 200);
    let reply = '';
    socket.setEncoding('latin1').on('data', (text: string) => {
      reply += text;
    });
    socket.on('error', () => {}); // Our next drop may meet a closed door.
    await new Promise((resolve) => socket.once('close', resolve));
    clearInterval(drip);
    expect(reply).toMatch(/^HTTP\/1\.1 408 /);
    expect(log[0]).toContain('ERR_HTTP_REQUEST_TIMEOUT');
  }, 60_000);

  it('beyond a number are refused, and those that are there go on', async () => {
    const sockets: Socket[] = [];
    const dropped = new Promise((resolve) => {
      for (let i = 0; i < 510; i++) {
        const socket = connect(port, '127.0.0.1');
        socket.on('error', resolve);
        socket.on('close', resolve);
        sockets.push(socket);
      }
    });
    await dropped;
    await vi.waitFor(() => expect(log[0]).toMatch(/^refused a connection: there are 500 already/));
    sockets[0]!.write(`GET / HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\n\r\n`);
    const reply = await new Promise((resolve) => sockets[0]!.once('data', (data) => resolve(String(data))));
    expect(reply).toMatch(/^HTTP\/1\.1 401 /);
    for (const socket of sockets) socket.destroy();
  });
});

describe('bodies', () => {
  async function post(body: string | Buffer, headers: Record<string, string> = {}): Promise<RawReply> {
    const authorization = `Bearer ${await apiToken()}`;
    return ask('/api/v1/machines', {
      method: 'POST',
      headers: { authorization, 'content-type': 'application/json', ...headers },
      body,
    });
  }

  it('that are too long are refused', async () => {
    const reply = await post(JSON.stringify({ name: 'x'.repeat(1_048_576) }));
    expect(refusal(reply)).toBe(413);
    expect(JSON.parse(reply.body)).toMatchObject({ code: 'request.tooLarge' });
  });

  it('that never end are cut off', async () => {
    const authorization = `Bearer ${await apiToken()}`;
    const head = `POST /api/v1/machines HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nAuthorization: ${authorization}\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n`;
    const chunk = `10000\r\n${'x'.repeat(65_536)}\r\n`;
    const socket = connect(port, '127.0.0.1');
    socket.on('error', () => {});
    let sent = 0;
    const pour = (): void => {
      while (sent < 64 * 2 ** 20 && socket.write(chunk)) sent += chunk.length;
      socket.once('drain', pour);
    };
    socket.write(head);
    pour();
    await new Promise((resolve) => socket.once('close', resolve));
    expect(sent).toBeLessThan(32 * 2 ** 20);
  });

  it.each([
    ['are no JSON', '{"name":', {}],
    ['are no UTF-8', Buffer.from([0x7b, 0xff, 0x7d]), {}],
    ['are no object', '[1]', {}],
    ['are nothing', 'null', {}],
    ['are a form, as other sites can send', 'name=x', { 'content-type': 'application/x-www-form-urlencoded' }],
    ['are plain text, as other sites can send', '{}', { 'content-type': 'text/plain' }],
    ['have no type', '{}', { 'content-type': '' }],
    ['are nested deeply', `{"name":${'['.repeat(200_000)}${']'.repeat(200_000)}}`, {}],
    ['would change prototypes', '{"__proto__":{"name":"x"},"constructor":{"prototype":{"x":1}}}', {}],
  ])('that %s are refused', async (_what, body, headers) => {
    const reply = await post(body, headers);
    expect(refusal(reply)).toBe(400);
    expect(JSON.parse(reply.body)).toMatchObject({ code: expect.stringMatching(/^(usage|config)\.invalid$/) });
    expect(({} as { x?: unknown }).x).toBeUndefined();
  });
});
