// Every way to call the contract, behind one interface: directly, by a session's messages, WebSocket, local socket, REST, and
// Electron's messages.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { WebSocket } from 'ws';
import { HostClient } from '../../src-main/api/client/host-client.ts';
import { localAddress } from '../../src-main/api/client/local-address.ts';
import { REST_PREFIX, restRoutes, takesQuery } from '../../src-main/api/rest/routes.ts';
import { callMethod, errorBody, Session } from '../../src-main/api/session.ts';
import { type RunningServer, startHttpServer } from '../../src-main/api/transports/http-server.ts';
import { listenLocally } from '../../src-main/api/transports/local-socket.ts';
import { type EventName, eventNames } from '../../src-main/contract/events.ts';
import type { ErrorBody, ServerMessage } from '../../src-main/contract/messages.ts';
import { type MethodName, methods } from '../../src-main/contract/methods.ts';
import type { OspiteError } from '../../src-main/core/errors.ts';
import { MESSAGE } from '../../src-main/electron/channels.ts';
import { serveOurPages } from '../../src-main/electron/page-sessions.ts';
import type { ApiBench } from './api-bench.ts';
import { FakeContents, fakeElectron } from './fake-electron.ts';

export interface Answer {
  result?: unknown;
  error?: ErrorBody;
}

export interface Connection {
  /** An answer that is not what the contract promises rejects. */
  call(method: string, params: unknown): Promise<Answer>;
  /** What was pushed, in order; null for transports that push nothing. */
  events: { event: string; data: unknown }[] | null;
  /** Binary frames in order; null where there are none. */
  frames: Uint8Array[] | null;
  close(): Promise<void>;
}

export type Connect = (bench: ApiBench) => Promise<Connection>;

/** Holds every answer against the contract. */
function checked(connection: Connection): Connection {
  return {
    ...connection,
    call: async (method, params) => {
      const answer = await connection.call(method, params);
      if (answer.error === undefined) methods[method as MethodName].output.parse(answer.result);
      return answer;
    },
  };
}

const noCaller = { openConsole() {}, closeConsole() {}, frameShown() {} };

async function direct(bench: ApiBench): Promise<Connection> {
  return {
    events: null,
    frames: null,
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

/** A client's end of the messages: matches answers to calls by their number. */
export class MessageCaller {
  readonly events: { event: string; data: unknown }[] = [];
  readonly frames: Uint8Array[] = [];
  readonly #waiting = new Map<number, (answer: Answer) => void>();
  #next = 1;

  receive(message: string | Uint8Array): void {
    if (typeof message !== 'string') return void this.frames.push(message);
    const parsed = JSON.parse(message) as ServerMessage;
    if ('event' in parsed) this.events.push(parsed);
    else this.#waiting.get(parsed.call)?.(parsed);
  }

  call(send: (text: string) => void, method: string, params: unknown): Promise<Answer> {
    const call = this.#next++;
    return new Promise((resolve) => {
      this.#waiting.set(call, ({ result, error }) => resolve(error ? { error } : { result }));
      send(JSON.stringify({ call, method, params }));
    });
  }
}

async function session(bench: ApiBench): Promise<Connection> {
  const caller = new MessageCaller();
  const opened = new Session(
    { sendText: (text) => caller.receive(text), sendBinary: (bytes) => caller.receive(bytes) },
    bench.services,
    bench.consoles,
  );
  return {
    events: caller.events,
    frames: caller.frames,
    call: (method, params) => caller.call((text) => void opened.receive(text), method, params),
    close: () => Promise.resolve(opened.close()),
  };
}

export interface ServedBench extends RunningServer {
  home: string;
}

/** A web door on loopback, with a home of its own. */
export async function serveBench(bench: ApiBench): Promise<ServedBench> {
  const home = await mkdtemp(join(tmpdir(), 'ospite-door-'));
  const server = await startHttpServer({
    ...bench,
    home,
    address: '127.0.0.1',
    port: 0,
    staticFolder: '/nonexistent',
    version: '1.2.3',
    log: () => {},
  });
  return {
    ...server,
    home,
    close: async () => {
      await server.close();
      await rm(home, { recursive: true, force: true });
    },
  };
}

export async function cookieOf(server: RunningServer): Promise<string> {
  const entered = await fetch(server.issueLink(), { redirect: 'manual' });
  return entered.headers.get('set-cookie')!.split(';')[0]!;
}

async function webSocket(bench: ApiBench): Promise<Connection> {
  const server = await serveBench(bench);
  const socket = new WebSocket(`${server.url.replace('http', 'ws')}api/socket`, {
    headers: { cookie: await cookieOf(server), origin: server.url.replace(/\/$/, '') },
  });
  const caller = new MessageCaller();
  socket.on('message', (data: Buffer, isBinary) => caller.receive(isBinary ? data : String(data)));
  await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject));
  return {
    events: caller.events,
    frames: caller.frames,
    call: (method, params) => caller.call((text) => socket.send(text), method, params),
    close: async () => {
      socket.terminate();
      await server.close();
    },
  };
}

async function localSocket(bench: ApiBench): Promise<Connection> {
  const home = await mkdtemp(join(tmpdir(), 'ospite-local-'));
  const door = await listenLocally(localAddress(home), bench);
  const client = (await HostClient.connect(localAddress(home)))!;
  const events: { event: string; data: unknown }[] = [];
  for (const event of eventNames) client.on(event as EventName, (data) => events.push({ event, data }));
  return {
    events,
    frames: null, // The client takes them apart; see local-socket.test.ts.
    call: async (method, params) => {
      try {
        return { result: await client.call(method as MethodName, params as never) };
      } catch (error) {
        const { code, message, details } = error as OspiteError;
        return { error: { code, message, details } };
      }
    },
    close: async () => {
      await client.close();
      await door.close();
      await rm(home, { recursive: true, force: true });
    },
  };
}

/** A page of the desktop application. */
async function electronPage(bench: ApiBench): Promise<Connection> {
  const { electron, connect, request } = fakeElectron();
  serveOurPages(electron.ipcMain, bench);
  const page = new FakeContents();
  const caller = new MessageCaller();
  page.on('sent', (channel: string, message: string | Uint8Array) => {
    if (channel === MESSAGE) caller.receive(message);
  });
  connect(page);
  return {
    events: caller.events,
    frames: caller.frames,
    call: (method, params) => caller.call((text) => request(page, text), method, params),
    close: async () => {
      page.emit('destroyed');
    },
  };
}

/** With the cookie of a browser. Methods without a route, and names that are none, are asked for directly. */
async function rest(bench: ApiBench): Promise<Connection> {
  const server = await serveBench(bench);
  const headers = { cookie: await cookieOf(server), origin: server.url.replace(/\/$/, '') };
  const fallback = await direct(bench);
  return {
    events: null,
    frames: null,
    call: async (method, params) => {
      const asked = restRequest(method, params as Record<string, unknown>);
      if (!asked) return await fallback.call(method, params);
      const { verb, path, body } = asked;
      const response = await fetch(`${server.url}${path.slice(1)}`, {
        method: verb,
        headers: body === undefined ? headers : { ...headers, 'content-type': 'application/json' },
        ...(body === undefined ? {} : { body }),
      });
      if (response.status === 204) return { result: null };
      const answer = (await response.json()) as unknown;
      return response.ok ? { result: answer } : { error: answer as ErrorBody };
    },
    close: () => server.close(),
  };
}

/** The request that calls a method; null when REST does not have it. A field that the path wants and the input has not becomes "-". */
export function restRequest(
  method: string,
  params: Record<string, unknown>,
): { verb: string; path: string; body?: string } | null {
  const route = restRoutes.find((candidate) => candidate.method === method);
  if (!route) return null;
  const rest = new Map(Object.entries(params));
  const path = route.path.replace(/\{(\w+)\}/g, (_whole, name: string) => {
    const value = rest.get(name) ?? '-';
    rest.delete(name);
    return encodeURIComponent(String(value));
  });
  if (!takesQuery(route.verb))
    return { verb: route.verb, path: `${REST_PREFIX}${path}`, body: JSON.stringify(Object.fromEntries(rest)) };
  const query = new URLSearchParams([...rest].map(([name, value]) => [name, String(value)]));
  return { verb: route.verb, path: `${REST_PREFIX}${path}${query.size > 0 ? `?${query}` : ''}` };
}

export const transports: readonly (readonly [string, Connect])[] = (
  [
    ['direct', direct],
    ['session', session],
    ['WebSocket', webSocket],
    ['local socket', localSocket],
    ['REST', rest],
    ['Electron', electronPage],
  ] as const
).map(([name, connect]) => [name, async (bench) => checked(await connect(bench))]);
