// One suite over every way to call the contract.
import { afterEach, describe, expect, it, vi } from 'vitest';
import { machineSettings } from '../../src-main/contract/machine.ts';
import { parseStreamFrame, STREAM_SCREEN, STREAM_SERIAL } from '../../src-main/contract/streams.ts';
import { type ApiBench, createApiBench } from '../harness/api-bench.ts';
import { type Connection, transports } from '../harness/api-connections.ts';

const settings = machineSettings.parse({});
const nobody = '0190a0b1-0000-4000-8000-999999999999';

describe.each(transports)('%s', (_name, connect) => {
  let connection: Connection;
  afterEach(() => connection.close());

  async function open(): Promise<ApiBench> {
    const bench = await createApiBench();
    connection = await connect(bench);
    return bench;
  }

  async function created(name = 'one'): Promise<string> {
    const { result } = await connection.call('machine.create', { name, settings });
    return (result as { id: string }).id;
  }

  it('creates, lists, starts, pauses, powers off and removes a machine', async () => {
    await open();
    const id = await created();
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

  it('changes what is given and leaves the rest', async () => {
    await open();
    const id = await created();
    expect(await connection.call('machine.update', { id, name: 'two', settings: { memoryMib: 64 } })).toEqual({
      result: null,
    });
    expect((await connection.call('machine.get', { id })).result).toMatchObject({
      definition: { name: 'two', settings: { ...settings, memoryMib: 64 } },
    });
  });

  it('gives input to a running machine', async () => {
    const bench = await open();
    const id = await created();
    await connection.call('machine.start', { id });
    const data = Buffer.from('hi').toString('base64');
    expect(await connection.call('machine.serialInput', { id, port: 0, data })).toEqual({ result: null });
    const event = { code: 'KeyA', isDown: true };
    expect(await connection.call('machine.keys', { id, events: [event] })).toEqual({ result: null });
    expect(bench.handles[0]!.asked).toEqual(expect.arrayContaining([{ port: 0, bytes: [0x68, 0x69] }, event]));
  });

  it('gives a screenshot as PNG', async () => {
    await open();
    const id = await created();
    await connection.call('machine.start', { id });
    const { png } = (await connection.call('machine.screenshot', { id })).result as { png: string };
    expect(Buffer.from(png, 'base64').subarray(1, 4).toString()).toBe('PNG');
  });

  it('tells of the host, and lists a folder whose name needs care', async () => {
    await open();
    expect((await connection.call('host.info', {})).result).toMatchObject({ version: '1.2.3' });
    const path = '/a b/ü&x=1/100%/#?+';
    expect((await connection.call('host.browse', { path })).result).toMatchObject({ path });
  });

  it.each([
    ['machine.nonsense', {}, 'request.methodNotFound'],
    ['constructor', {}, 'request.methodNotFound'],
    ['__proto__', {}, 'request.methodNotFound'],
    ['machine.get', {}, 'config.invalid'],
    ['machine.get', { id: 'x' }, 'config.invalid'],
    ['machine.get', { id: nobody }, 'machine.notFound'],
    ['machine.get', { id: nobody, surprise: 1 }, 'config.invalid'],
    ['machine.start', { id: nobody }, 'machine.notFound'],
    ['machine.create', { name: '../evil', settings }, 'config.invalid'],
    ['machine.create', { name: 'a\u0000b', settings }, 'config.invalid'],
    ['machine.create', { name: 'x', settings: { ...settings, memoryMib: 1e9 } }, 'config.invalid'],
    ['machine.create', { name: 'x', settings: { ...settings, memoryMib: '512' } }, 'config.invalid'],
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
    await created('One');
    expect((await connection.call('machine.create', { name: 'one', settings })).error?.code).toBe('machine.nameTaken');
  });

  it('refuses verbs that do not fit the state', async () => {
    await open();
    const id = await created();
    expect((await connection.call('machine.pause', { id })).error?.code).toBe('machine.wrongState');
    await connection.call('machine.start', { id });
    expect((await connection.call('machine.start', { id })).error?.code).toBe('machine.wrongState');
    expect((await connection.call('machine.remove', { id })).error?.code).toBe('machine.wrongState');
  });

  it('pushes what changes, in order, where the transport can', async () => {
    await open();
    const id = await created();
    await connection.call('machine.start', { id });
    const { events } = connection;
    if (!events) return;
    const states = () =>
      events
        .filter(({ event }) => event === 'machine.stateChanged')
        .map(({ data }) => (data as { state: string }).state);
    await vi.waitFor(() => expect(states()).toEqual(['starting', 'running']));
    expect(events.find(({ event }) => event === 'machine.added')?.data).toMatchObject({ id, name: 'one' });
  });

  it('streams screen and serial output to who opened the console, where the transport can', async () => {
    const bench = await open();
    const id = await created();
    await connection.call('machine.start', { id });
    const { frames } = connection;
    if (!frames) return;
    const handle = bench.handles[0]!;
    const paint = (red: number): void =>
      handle.emit('frame', {
        width: 1,
        height: 1,
        rects: [{ x: 0, y: 0, width: 1, height: 1 }],
        pixels: new Uint8Array([red, 0, 0, 255]),
      });
    const shown = () =>
      frames.map(parseStreamFrame).flatMap((frame) => (frame?.kind === STREAM_SCREEN ? [frame.pixels[0]] : []));
    paint(1);
    expect(await connection.call('console.open', { id })).toEqual({ result: null });
    handle.emit('serial', { port: 1, bytes: Buffer.from('hello') });
    await vi.waitFor(() => expect(shown()).toEqual([1]));
    paint(2); // Waits until the first was shown; then only the newest is sent.
    paint(3);
    expect(await connection.call('console.frameShown', { id })).toEqual({ result: null });
    await vi.waitFor(() => expect(shown()).toEqual([1, 3]));
    expect(frames.map(parseStreamFrame)).toContainEqual(
      expect.objectContaining({ kind: STREAM_SERIAL, id, port: 1, bytes: new Uint8Array(Buffer.from('hello')) }),
    );
    expect(await connection.call('console.close', { id })).toEqual({ result: null });
    handle.emit('serial', { port: 1, bytes: Buffer.from('unheard') });
    await connection.call('machine.list', {});
    expect(frames).toHaveLength(3);
  });
});
