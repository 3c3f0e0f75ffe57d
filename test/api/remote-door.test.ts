// The web door beyond this computer: TLS with a certificate made on the spot, a password, a page to log in.
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { chmod, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect } from 'node:tls';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { loadCertificate } from '../../src-main/api/transports/http/certificate.ts';
import { languageOf, loginPage } from '../../src-main/api/transports/http/login-page.ts';
import { type RunningServer, startHttpServer } from '../../src-main/api/transports/http-server.ts';
import { createApiBench } from '../harness/api-bench.ts';
import { type RawReply, type RawRequest, rawBytes, rawRequest } from '../harness/raw-http.ts';

const password = 'correct horse battery';
const day = 24 * 3600_000;
let home: string;

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'ospite-remote-'));
});
afterEach(() => rm(home, { recursive: true, force: true }));

describe('the certificate', () => {
  const names = ['192.0.2.7', '2001:db8::7', 'lab.example'];

  it('is for the names, signed by itself, and its key is for its owner alone', async () => {
    const made = await loadCertificate(join(home, 'tls'), names);
    const parsed = new X509Certificate(made.cert);
    expect(parsed.checkIP('192.0.2.7')).toBe('192.0.2.7');
    expect(parsed.checkIP('2001:db8::7')).toBe('2001:db8::7');
    expect(parsed.checkHost('lab.example')).toBe('lab.example');
    expect(parsed.checkHost('other.example')).toBeUndefined();
    expect(parsed.verify(parsed.publicKey)).toBe(true);
    expect(parsed.ca).toBe(false);
    expect(parsed.checkPrivateKey(createPrivateKey(made.key))).toBe(true);
    expect(made.fingerprint).toMatch(/^([0-9A-F]{2}:){31}[0-9A-F]{2}$/);
    expect((await stat(join(home, 'tls', 'key.pem'))).mode & 0o777).toBe(0o600);
    expect((await stat(join(home, 'tls'))).mode & 0o777).toBe(0o700);
  });

  it('stays the same while it holds', async () => {
    const first = await loadCertificate(home, names);
    expect(await loadCertificate(home, names.slice(1))).toEqual(first);
  });

  it('is made anew before it ends, for other names, and once damaged or read by others', async () => {
    const now = Date.now();
    let last = await loadCertificate(home, names, now);
    const isAnother = async (wanted = names, nowMs = now): Promise<void> => {
      const next = await loadCertificate(home, wanted, nowMs);
      expect(next.fingerprint).not.toBe(last.fingerprint);
      last = next;
    };
    expect(await loadCertificate(home, names, now + 360 * day)).toEqual(last);
    await isAnother(names, now + 380 * day);
    await isAnother(); // The clock was put back: that one is not valid yet.
    await isAnother([...names, 'new.example']);
    await writeFile(join(home, 'cert.pem'), 'garbage');
    await isAnother();
    await chmod(join(home, 'key.pem'), 0o644);
    await isAnother();
    await writeFile(join(home, 'key.pem'), (await loadCertificate(join(home, 'other'), names)).key, { mode: 0o600 });
    await isAnother();
  });
});

describe('a door beyond this computer', () => {
  let server: RunningServer;
  let port: number;
  let log: string[];

  beforeEach(async () => {
    log = [];
    const staticFolder = await mkdtemp(join(home, 'static-'));
    await writeFile(join(staticFolder, 'index.html'), '<p>page</p>');
    server = await startHttpServer({
      ...(await createApiBench()),
      home,
      address: '0.0.0.0',
      port: 0,
      password,
      staticFolder,
      version: '1.2.3',
      log: (line) => log.push(line),
    });
    port = Number(new URL(server.url).port);
  });
  afterEach(() => server.close());

  const ask = (path: string, options: RawRequest = {}): Promise<RawReply> =>
    rawRequest(port, path, { isSecure: true, ...options });

  function logIn(text: string, headers: Record<string, string> = {}): Promise<RawReply> {
    return ask('/', {
      method: 'POST',
      headers: {
        origin: `https://127.0.0.1:${port}`,
        'content-type': 'application/x-www-form-urlencoded',
        ...headers,
      },
      body: new URLSearchParams({ password: text }).toString(),
    });
  }

  it('needs a password, whatever the address is called', async () => {
    const bench = await createApiBench();
    for (const address of ['0.0.0.0', '::', '192.0.2.7', 'lab.example', '127.0.0.1.example'])
      await expect(
        startHttpServer({ ...bench, home, address, port: 0, staticFolder: home, version: '' }),
      ).rejects.toMatchObject({ code: 'usage.invalid', message: expect.stringContaining('password') });
  });

  it('speaks TLS only, with the certificate whose fingerprint is told', async () => {
    expect(await rawBytes(port, `GET / HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\n\r\n`)).not.toContain('HTTP/1.1 2');
    const shown = await new Promise<string>((resolve, reject) => {
      const socket = connect({ host: '127.0.0.1', port, rejectUnauthorized: false }, () => {
        resolve(socket.getPeerCertificate().fingerprint256);
        socket.destroy();
      });
      socket.on('error', reject);
    });
    expect(shown).toBe(server.fingerprint);
    const old = new Promise((resolve) => {
      const socket = connect({ host: '127.0.0.1', port, rejectUnauthorized: false, maxVersion: 'TLSv1.1' }, () =>
        resolve('connected'),
      );
      socket.on('error', () => resolve('refused'));
    });
    expect(await old).toBe('refused');
  });

  it('is known by its own addresses and names only', async () => {
    expect(server.urls).toContain(`https://${hostname().toLowerCase()}:${port}/`);
    const status = async (host: string) => (await ask('/', { headers: { host } })).status;
    for (const url of server.urls) expect(await status(new URL(url).host)).toBe(401);
    expect(await status('evil.example')).toBe(403);
    expect(await status(`192.0.2.99:${port}`)).toBe(403);
  });

  it('shows a page to log in, in the language of the reader, that no script can run in', async () => {
    const page = await ask('/');
    expect(page.status).toBe(401);
    expect(page.body).toContain('<form method="post">');
    expect(page.body).toContain('Log in to Ospite');
    const policy = String(page.headers['content-security-policy']);
    expect(policy).toMatch(/^default-src 'none'; style-src 'sha256-[\w+/]{43}='; form-action 'self'/);
    expect(page.body).not.toMatch(/<script|javascript:|\son\w+=|\sstyle=/);
    expect((await ask('/', { headers: { 'accept-language': 'it-CH, en;q=0.5' } })).body).toContain('Accedi a Ospite');
  });

  it('gives a cookie for TLS connections for the password, and then the pages', async () => {
    const reply = await logIn(password);
    expect(reply).toMatchObject({ status: 303, headers: { location: '/' } });
    const [cookie] = reply.headers['set-cookie'] as string[];
    expect(cookie).toMatch(/; HttpOnly; SameSite=Strict; Path=\/; Secure$/);
    const headers = { cookie: cookie!.split(';')[0]! };
    expect(await ask('/', { headers })).toMatchObject({ status: 200, body: '<p>page</p>' });
    const socket = new WebSocket(`wss://127.0.0.1:${port}/api/socket`, {
      headers: { ...headers, origin: `https://127.0.0.1:${port}` },
      rejectUnauthorized: false,
    });
    await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject));
    socket.terminate();
    expect(log).toEqual([]);
  });

  it('refuses wrong passwords, and after ten of them the right one too, and logs it without the password', async () => {
    for (let i = 0; i < 10; i++) {
      const reply = await logIn(`wrong password ${i}`);
      expect(reply.status).toBe(401);
      expect(reply.headers['set-cookie']).toBeUndefined();
      expect(reply.body).toContain('That password is wrong');
    }
    const reply = await logIn(password);
    expect(reply.status).toBe(429);
    expect(Number(reply.headers['retry-after'])).toBeGreaterThan(0);
    expect(reply.body).toMatch(/Try again in \d+ seconds/);
    expect(log).toHaveLength(11);
    expect(log[0]).toMatch(/127\.0\.0\.1 POST \/: 401 auth\.required, The password is wrong$/);
    expect(log.join()).not.toMatch(/wrong password \d|correct horse/);
  });

  it('takes passwords from its own page only', async () => {
    for (const origin of ['https://evil.example', `http://127.0.0.1:${port}`, 'null'])
      expect((await logIn(password, { origin })).status).toBe(403);
    expect((await logIn(password, { 'content-type': 'text/plain' })).status).toBe(403);
    expect((await logIn('x'.repeat(10_000))).status).toBe(413);
    expect(log).toHaveLength(4);
  });

  it('lets scripts in with the API token', async () => {
    const token = (await readFile(join(home, 'api.token'), 'utf8')).trim();
    const reply = await ask('/api/v1/host', { headers: { authorization: `Bearer ${token}` } });
    expect(reply.status).toBe(200);
  });
});

describe('the page', () => {
  it('speaks the first language it knows, by the weights of the header', () => {
    expect(languageOf(undefined)).toBe('en');
    expect(languageOf('de, fr')).toBe('en');
    expect(languageOf('de, it;q=0.3, en;q=0.2')).toBe('it');
    expect(languageOf('it;q=0, en')).toBe('en');
    expect(languageOf('__proto__, constructor')).toBe('en');
  });

  it('without a password tells where the link is', () => {
    const { html } = loginPage({ language: 'en', hasPassword: false, mishap: null });
    expect(html).not.toContain('<form');
    expect(html).toContain('ospite serve');
  });
});
