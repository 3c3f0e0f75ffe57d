import { spawn } from 'node:child_process';
import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { WebSocket } from 'ws';
import { type ApiBench, createApiBench } from '../../../test/harness/api-bench.ts';
import { machineSettings } from '../../contract/machine.ts';
import type { ScreenUpdate } from '../../contract/streams.ts';
import { HostClient } from '../client/host-client.ts';
import { localAddress } from '../client/local-address.ts';
import { type LocalSocket, listenLocally } from './local-socket.ts';

const settings = machineSettings.parse({});
let home: string;
let address: string;
let bench: ApiBench;
let door: LocalSocket | null;

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'ospite local: '));
  address = localAddress(home);
  bench = await createApiBench();
  door = null;
});
afterEach(async () => {
  await door?.close();
  await rm(home, { recursive: true, force: true });
});

async function connected(): Promise<HostClient> {
  door = await listenLocally(address, bench);
  const client = await HostClient.connect(address);
  if (!client) throw new Error('nobody answers');
  return client;
}

describe('the local socket', () => {
  it('carries calls, errors with their codes, and events', async () => {
    const client = await connected();
    const added = vi.fn();
    client.on('machine.added', added);
    const { id } = await client.call('machine.create', { name: 'one', settings });
    expect((await client.call('machine.get', { id })).summary.name).toBe('one');
    expect(added).toHaveBeenCalledWith(expect.objectContaining({ id, name: 'one' }));
    await expect(client.call('machine.create', { name: 'ONE', settings })).rejects.toMatchObject({
      code: 'machine.nameTaken',
      message: expect.stringContaining('one'),
    });
    await client.close();
  });

  it('streams the screen, frame by frame as they are shown, and serial output', async () => {
    const client = await connected();
    const { id } = await client.call('machine.create', { name: 'one', settings });
    await client.call('machine.start', { id });
    const frames: ScreenUpdate[] = [];
    let printed = '';
    const stream = await client.onStream(id, {
      screen: (update) => frames.push(update),
      serial: (_port, bytes) => (printed += Buffer.from(bytes).toString()),
    });
    const handle = bench.handles[0]!;
    handle.emit('serial', { port: 0, bytes: Buffer.from('login: ') });
    const rect = { x: 0, y: 0, width: 1, height: 1 };
    for (let red = 1; red <= 3; red++) {
      handle.emit('frame', { width: 1, height: 1, rects: [rect], pixels: new Uint8Array([red, 0, 0, 255]) });
      await vi.waitFor(() => expect(frames.at(-1)?.pixels[0]).toBe(red));
    }
    expect(printed).toBe('login: ');
    stream.dispose();
    await vi.waitFor(() => expect(handle.asked).toContainEqual({ isWatched: false }));
    await client.close();
  });

  it('is for its user alone', async () => {
    door = await listenLocally(address, bench);
    expect((await stat(address)).mode & 0o077).toBe(0);
  });

  it('has nobody behind it when no host runs', async () => {
    expect(await HostClient.connect(address)).toBeNull();
  });

  it('is left to the host that answers', async () => {
    const client = await connected();
    await expect(listenLocally(address, bench)).rejects.toMatchObject({ code: 'host.busy' });
    expect((await client.call('machine.list', {})).machines).toEqual([]);
  });

  it('is taken over from a host that crashed', async () => {
    // A child that is killed leaves its socket file behind.
    const child = spawn(process.execPath, ['-e', `require('net').createServer().listen(process.argv[1])`, address]);
    await vi.waitFor(() => stat(address), { timeout: 30_000, interval: 20 });
    child.kill('SIGKILL');
    await new Promise((resolve) => child.once('exit', resolve));
    expect(await HostClient.connect(address)).toBeNull();
    const client = await connected();
    expect((await client.call('machine.list', {})).machines).toEqual([]);
  });

  it('never replaces a file that is no socket', async () => {
    await writeFile(address, 'precious');
    await expect(listenLocally(address, bench)).rejects.toMatchObject({ code: 'host.ioError' });
  });

  it('rejects what waits when the host goes away, and what comes later', async () => {
    const client = await connected();
    await door!.close();
    await client.closed;
    await expect(client.call('machine.list', {})).rejects.toMatchObject({ code: 'host.ioError' });
    door = null;
  });

  it('tells apart a host that does not greet', async () => {
    const stranger = createServer((socket) => socket.resume().end('HTTP/1.1 500 No\r\n\r\n')).listen(address);
    await new Promise((resolve) => stranger.once('listening', resolve));
    await expect(HostClient.connect(address)).rejects.toMatchObject({ code: 'host.ioError' });
    await new Promise((resolve) => stranger.close(resolve));
  });

  it('hangs up on a client that sends too much at once', async () => {
    const client = await connected();
    await expect(client.call('machine.type', { id: 'x', text: 'a'.repeat(2_000_000) })).rejects.toMatchObject({
      code: 'host.ioError',
    });
    await client.closed;
  });

  it('knows no other address', async () => {
    door = await listenLocally(address, bench);
    const socket = new WebSocket('ws://localhost/other', { createConnection: () => connect(address) });
    const status = await new Promise((resolve) => {
      socket.once('unexpected-response', (_request, response) => resolve(response.statusCode));
    });
    expect(status).toBe(404);
    socket.on('error', () => {}).terminate();
  });
});

describe('its address', () => {
  it('is in the home, or a short one that the home decides', () => {
    expect(localAddress('/home/me/.local/share/ospite', 'linux')).toBe('/home/me/.local/share/ospite/host.sock');
    const long = `/home/${'x'.repeat(200)}`;
    expect(localAddress(long, 'linux')).toMatch(/^\/tmp\/ospite-\d+\/[0-9a-f]{32}\.sock$/);
    expect(localAddress(long, 'linux')).not.toBe(localAddress(`${long}y`, 'linux'));
    expect(localAddress('C:\\Users\\me\\Ospite', 'win32')).toMatch(/^\\\\\.\\pipe\\ospite-[0-9a-f]{32}$/);
  });
});
