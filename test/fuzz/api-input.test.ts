// Clients may send anything to any door: they get an answer that the contract knows, never `internal`, and the host goes on.
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fromText, restInput } from '../../src-main/api/rest/input.ts';
import { matchRoute, restRoutes } from '../../src-main/api/rest/routes.ts';
import { callMethod, errorBody, Session } from '../../src-main/api/session.ts';
import { errorTable } from '../../src-main/contract/errors.ts';
import { machineSettings } from '../../src-main/contract/machine.ts';
import type { ServerMessage } from '../../src-main/contract/messages.ts';
import { type MethodName, methods } from '../../src-main/contract/methods.ts';
import { OspiteError } from '../../src-main/core/errors.ts';
import { type ApiBench, createApiBench } from '../harness/api-bench.ts';
import { cookieOf, type ServedBench, serveBench } from '../harness/api-connections.ts';
import { rawRequest } from '../harness/raw-http.ts';
import { type Place, sampleOf, withValueAt } from '../harness/schema-sample.ts';

const seed = 0x0d00;
/** These only wait, or end the host. */
const leftOut = new Set<MethodName>(['machine.wait', 'task.wait', 'host.shutDown', 'host.serve', 'host.openWindow']);
const names = (Object.keys(methods) as MethodName[]).filter((name) => !leftOut.has(name));

let bench: ApiBench;
let machine: string;
beforeAll(async () => {
  bench = await createApiBench();
  machine = await bench.manager.create({ name: 'fuzzed', settings: machineSettings.parse({}) } as never);
});

const noCaller = { openConsole() {}, closeConsole() {}, frameShown() {} };

/** The error's code, or null. */
async function codeOf(method: string, params: unknown): Promise<string | null> {
  try {
    await callMethod(method, params, { ...bench.services, caller: noCaller });
    return null;
  } catch (error) {
    return errorBody(error).code;
  }
}

const knownCodes = Object.keys(errorTable).filter((code) => code !== 'internal');
function expectKnown(code: string | null): void {
  if (code !== null) expect(knownCodes).toContain(code);
}

/** Every place in a value, the value itself among them. */
function places(value: unknown, at: Place = []): Place[] {
  if (typeof value !== 'object' || value === null) return [at];
  return [at, ...Object.entries(value).flatMap(([key, inner]) => places(inner, [...at, key]))];
}

const nasty = fc.oneof(
  fc.jsonValue({ maxDepth: 2 }),
  fc.string({ unit: 'binary', maxLength: 50 }),
  fc.constantFrom<unknown>(NaN, Infinity, -1, 2 ** 53, 1e308, '', '\u0000', '../x', [], {}, null, [[[]]], {
    __proto__: null,
  }),
);

describe('methods', () => {
  it.each(names)('%s takes any JSON', async (name) => {
    await fc.assert(
      fc.asyncProperty(fc.jsonValue({ maxDepth: 3 }), async (params) => expectKnown(await codeOf(name, params))),
      { seed, numRuns: 50 },
    );
  });

  it.each(names)('%s takes good input with anything in one place of it', async (name) => {
    const good = sampleOf(methods[name].input, {
      text: (field) => ({ id: machine, name: 'fine', data: '', path: '/disc.iso' })[field],
    });
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...places(good)), nasty, async (place, value) =>
        expectKnown(await codeOf(name, withValueAt(good, place, value))),
      ),
      { seed, numRuns: 150 },
    );
  });

  it('that are none are said to be none', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'binary' }), async (name) => {
        fc.pre(!Object.hasOwn(methods, name));
        expect(await codeOf(name, {})).toBe('request.methodNotFound');
      }),
      { seed, numRuns: 300 },
    );
    for (const name of ['__proto__', 'constructor', 'toString', 'hasOwnProperty'])
      expect(await codeOf(name, {})).toBe('request.methodNotFound');
  });
});

describe('a session', () => {
  it('answers any text once', async () => {
    const sent: string[] = [];
    const session = new Session(
      { sendText: (text) => sent.push(text), sendBinary() {} },
      bench.services,
      bench.consoles,
    );
    const request = fc.record({
      call: fc.oneof(fc.nat(), fc.jsonValue()),
      method: fc.oneof(fc.constantFrom(...names, 'nothing'), fc.jsonValue()),
      params: fc.jsonValue(),
    });
    const text = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.json(),
      request.map((value) => JSON.stringify(value)),
    );
    await fc.assert(
      fc.asyncProperty(text, async (message) => {
        sent.length = 0;
        await session.receive(message);
        const answers = sent.map((line) => JSON.parse(line) as ServerMessage).filter((answer) => 'call' in answer);
        expect(answers).toHaveLength(1);
        const [answer] = answers;
        if (answer && 'error' in answer) expectKnown(answer.error.code);
      }),
      { seed, numRuns: 1000 },
    );
    session.close();
  });
});

describe('REST routes', () => {
  const segment = fc.oneof(
    fc.constantFrom(
      'machines',
      'media',
      'host',
      'register',
      'start',
      '{id}',
      '..',
      '.',
      '%2e%2e',
      '%',
      '%00',
      '__proto__',
      '',
    ),
    fc.string({ unit: 'binary', maxLength: 10 }),
  );
  const verb = fc.constantFrom('GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS', 'TRACE', '');
  const path = fc.array(segment, { maxLength: 6 }).map((segments) => `/${segments.join('/')}`);

  it('match any path, or tell which verbs it has', () => {
    fc.assert(
      fc.property(verb, path, (asked, at) => {
        const match = matchRoute(asked, at);
        if ('route' in match) expect(restRoutes).toContain(match.route);
        else expect(match.allowed).not.toContain(asked);
      }),
      { seed, numRuns: 5000 },
    );
  });

  it('make an input of anything, or refuse it in words', () => {
    const query = fc.array(fc.tuple(fc.string(), fc.string({ unit: 'binary' })), { maxLength: 4 });
    fc.assert(
      fc.property(fc.constantFrom(...restRoutes), query, fc.jsonValue(), (route, pairs, body) => {
        const fields = Object.fromEntries(route.fields.map((name) => [name, 'x']));
        try {
          const input = restInput({ route, fields }, new URLSearchParams(pairs), body);
          expect(Object.getPrototypeOf(input)).toBe(Object.prototype);
        } catch (error) {
          expect(error).toBeInstanceOf(OspiteError);
          expect((error as OspiteError).code).toBe('usage.invalid');
        }
      }),
      { seed, numRuns: 2000 },
    );
  });

  it('turn text into what a field is, or leave it', () => {
    const fields = Object.values(methods).flatMap(({ input }) => Object.values(input.shape as Record<string, never>));
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.constantFrom(...fields), (text, field) => {
        const value = fromText(text, field);
        expect(value === text || typeof value === 'number' || typeof value === 'boolean').toBe(true);
        expect(value).not.toBeNaN();
      }),
      { seed, numRuns: 2000 },
    );
  });
});

describe('the web door', () => {
  let server: ServedBench;
  let port: number;
  let headers: Record<string, string>;
  beforeAll(async () => {
    server = await serveBench(bench);
    port = Number(new URL(server.url).port);
    headers = { cookie: await cookieOf(server), origin: server.url.replace(/\/$/, '') };
  });
  afterAll(() => server.close());

  it('answers any path, query and body with a status of the contract', async () => {
    const statuses = new Set([200, 204, 303, ...Object.values(errorTable).map(({ http }) => http)]);
    const waits = new Set(restRoutes.filter(({ method }) => leftOut.has(method)).map(({ method }) => method));
    const printable = fc.string({
      unit: fc.integer({ min: 0x21, max: 0x7e }).map((code) => String.fromCharCode(code)),
      maxLength: 20,
    });
    const known = fc.constantFrom(...restRoutes.filter(({ method }) => !waits.has(method)));
    const target = fc.oneof(
      printable.map((text) => ({ method: 'GET', path: `/${text}` })),
      fc.tuple(known, printable, printable).map(([route, id, query]) => ({
        method: route.verb,
        path: `/api/v1${route.path.replace(/\{\w+\}/g, encodeURIComponent(id) || '-')}?${query}`,
      })),
    );
    await fc.assert(
      fc.asyncProperty(target, fc.oneof(fc.json(), fc.string()), async ({ method, path }, text) => {
        const isBodied = method !== 'GET' && method !== 'DELETE';
        const reply = await rawRequest(port, path, {
          method,
          headers: { ...headers, ...(isBodied ? { 'content-type': 'application/json' } : {}) },
          ...(isBodied ? { body: text } : {}),
        });
        expect(statuses).toContain(reply.status);
        expect(reply.body).not.toContain('"internal"');
        expect(reply.status).not.toBe(500);
      }),
      { seed, numRuns: 600 },
    );
  });
});
