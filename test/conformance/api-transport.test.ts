// One suite over every way to call the contract: directly, through a session, and through a WebSocket.
import { afterEach, describe, expect, it, vi } from 'vitest';
import { WebSocket } from 'ws';
import { Auth } from '../../src-main/api/auth.ts';
import { callMethod, errorBody, Session } from '../../src-main/api/session.ts';
import { type RunningServer, startHttpServer } from '../../src-main/api/transports/http-server.ts';
import { machineSettings } from '../../src-main/contract/machine.ts';
import type { ErrorBody, ServerMessage } from '../../src-main/contract/messages.ts';
import { type ApiBench, createApiBench } from '../harness/api-bench.ts';

interface Connection {
  call(method: string, params: unknown): Promise<{ result?: unknown; error?: ErrorBody }>;
  /** Null for transports without pushed messages. */
  events: { event: string; data: unknown }[] | null;
  close(): Promise<void>;
}

const noCaller = { openConsole() {}, closeConsole() {}, frameShown() {} };

async function direct(bench: ApiBench): Promise<Connection> {
  return {
    events: null,
    call: async (method, params) => {
      try {
        return { result: await callMethod(method, params, { ...bench.services, caller: noCaller }) };
      } catch (error) {
        return { error: errorBody(error) };
      }
    },
    close: () => Promise.resolve(),
  };
}

/** Matches answers to calls by their number. */
class Caller {
  readonly events: { event: string; data: unknown }[] = [];
  readonly #waiting = new Map<number, (answer: { result?: unknown; error?: ErrorBody }) => void>();
  #next = 1;

  receive(text: string): void {
    const message = JSON.parse(text) as ServerMessage;
    if ('event' in message) this.events.push(message);
    else this.#waiting.get(message.call)?.(message);
  }

  call(
    send: (text: string) => void,
    method: string,
    params: unknown,
  ): Promise<{ result?: unknown; error?: ErrorBody }> {
    const call = this.#next++;
    return new Promise((resolve) => {
      this.#waiting.set(call, ({ result, error }) => resolve(error ? { error } : { result }));
      send(JSON.stringify({ call, method, params }));
    });
  }
}

async function session(bench: ApiBench): Promise<Connection> {
  const caller = new Caller();
  const opened = new Session(
    { sendText: (text) => caller.receive(text), sendBinary() {} },
    bench.services,
    bench.consoles,
  );
  return {
    events: caller.events,
    call: (method, params) => caller.call((text) => void opened.receive(text), method, params),
    close: () => Promise.resolve(opened.close()),
  };
}

async function webSocket(bench: ApiBench): Promise<Connection> {
  const auth = new Auth();
  const server: RunningServer = await startHttpServer({
    address: '127.0.0.1',
    port: 0,
    staticFolder: '/nonexistent',
    auth,
    services: bench.services,
    consoles: bench.consoles,
  });
  const cookie = (await fetch(`${server.url}?token=${auth.issueToken()}`, { redirect: 'manual' })).headers
    .get('set-cookie')!
    .split(';')[0]!;
  const socket = new WebSocket(`${server.url.replace('http', 'ws')}api/socket`, {
    headers: { cookie, origin: server.url.replace(/\/$/, '') },
  });
  const caller = new Caller();
  socket.on('message', (data) => caller.receive(String(data)));
  await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject));
  return {
    events: caller.events,
    call: (method, params) => caller.call((text) => socket.send(text), method, params),
    close: async () => {
      socket.terminate();
      await server.close();
    },
  };
}

const settings = machineSettings.parse({});

describe.each([
  ['direct', direct],
  ['session', session],
  ['WebSocket', webSocket],
] as const)('%s', (_name, connect) => {
  let connection: Connection;
  afterEach(() => connection.close());

  async function open(): Promise<ApiBench> {
    const bench = await createApiBench();
    connection = await connect(bench);
    return bench;
  }

  it('creates, lists, starts, pauses, powers off and removes a machine', async () => {
    await open();
    const { result } = await connection.call('machine.create', { name: 'one', settings });
    const { id } = result as { id: string };
    expect(await connection.call('machine.start', { id })).toEqual({ result: null });
    expect(await connection.call('machine.pause', { id })).toEqual({ result: null });
    expect((await connection.call('machine.list', {})).result).toMatchObject({
      machines: [{ id, name: 'one', state: 'paused' }],
      inaccessible: [],
    });
    expect(await connection.call('machine.powerOff', { id })).toEqual({ result: null });
    expect(await connection.call('machine.remove', { id })).toEqual({ result: null });
    expect((await connection.call('machine.list', {})).result).toEqual({ machines: [], inaccessible: [] });
  });

  it('gives a screenshot as PNG', async () => {
    await open();
    const { id } = (await connection.call('machine.create', { name: 'one', settings })).result as { id: string };
    await connection.call('machine.start', { id });
    const { png } = (await connection.call('machine.screenshot', { id })).result as { png: string };
    expect(Buffer.from(png, 'base64').subarray(1, 4).toString()).toBe('PNG');
  });

  it.each([
    ['machine.nonsense', {}, 'request.methodNotFound'],
    ['constructor', {}, 'request.methodNotFound'],
    ['machine.get', {}, 'config.invalid'],
    ['machine.get', { id: 'x' }, 'config.invalid'],
    ['machine.get', { id: '0190a0b1-0000-4000-8000-999999999999' }, 'machine.notFound'],
    ['machine.create', { name: '../evil', settings }, 'config.invalid'],
    ['machine.create', { name: 'a\u0000b', settings }, 'config.invalid'],
    ['machine.create', { name: 'x', settings: { ...settings, memoryMib: 1e9 } }, 'config.invalid'],
    ['machine.create', { name: 'x', settings: { ...settings, surprise: 1 } }, 'config.invalid'],
    [
      'machine.create',
      { name: 'x', settings: { ...settings, directBoot: { kernel: '/missing/vmlinuz' } } },
      'host.fileNotFound',
    ],
  ])('refuses %s %j with %s', async (method, params, code) => {
    await open();
    expect((await connection.call(method, params)).error).toMatchObject({ code, message: expect.stringMatching(/\w/) });
  });

  it('refuses a second machine of the same name, whatever the case of its letters', async () => {
    await open();
    await connection.call('machine.create', { name: 'One', settings });
    expect((await connection.call('machine.create', { name: 'one', settings })).error?.code).toBe('machine.nameTaken');
  });

  it('refuses verbs that do not fit the state', async () => {
    await open();
    const { id } = (await connection.call('machine.create', { name: 'one', settings })).result as { id: string };
    expect((await connection.call('machine.pause', { id })).error?.code).toBe('machine.wrongState');
    await connection.call('machine.start', { id });
    expect((await connection.call('machine.start', { id })).error?.code).toBe('machine.wrongState');
    expect((await connection.call('machine.remove', { id })).error?.code).toBe('machine.wrongState');
  });

  it('pushes state changes where the transport can', async () => {
    await open();
    const { id } = (await connection.call('machine.create', { name: 'one', settings })).result as { id: string };
    await connection.call('machine.start', { id });
    const { events } = connection;
    if (!events) return;
    const states = () =>
      events
        .filter(({ event }) => event === 'machine.stateChanged')
        .map(({ data }) => (data as { state: string }).state);
    await vi.waitFor(() => expect(states()).toEqual(['starting', 'running']));
  });
});
