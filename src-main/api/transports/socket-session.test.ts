import { EventEmitter } from 'node:events';
import { expect, it, vi } from 'vitest';
import type { WebSocket } from 'ws';
import { createApiBench } from '../../../test/harness/api-bench.ts';
import { machineSettings } from '../../contract/machine.ts';
import { serveSocket } from './socket-session.ts';

class FakeSocket extends EventEmitter {
  bufferedAmount = 0;
  readonly send = vi.fn((message: string | Uint8Array) => {
    this.bufferedAmount += message.length; // Nobody reads.
  });
  readonly terminate = vi.fn(() => this.emit('close'));
  readonly close = vi.fn();
}

it('gives up a client that does not read, long before the host runs out of memory', async () => {
  const bench = await createApiBench();
  const socket = new FakeSocket();
  serveSocket(socket as unknown as WebSocket, bench);
  const id = await bench.manager.create({ name: 'chatty', settings: machineSettings.parse({}) } as never);
  const line = 'x'.repeat(1_000_000);
  for (let i = 0; i < 100; i++) bench.manager.emit('machine.logged', { id, line });
  expect(socket.terminate).toHaveBeenCalledOnce();
  expect(socket.bufferedAmount).toBeLessThan(35 * 2 ** 20);
});

it('sends a client that shows nothing one frame of a busy screen, and serial output whole', async () => {
  const bench = await createApiBench();
  const socket = new FakeSocket();
  serveSocket(socket as unknown as WebSocket, bench);
  const id = await bench.manager.create({ name: 'busy', settings: machineSettings.parse({}) } as never);
  await bench.manager.start(id);
  socket.emit('message', JSON.stringify({ call: 1, method: 'console.open', params: { id } }), false);
  const frames = () => socket.send.mock.calls.filter(([message]) => message instanceof Uint8Array && message[0] === 1);
  await vi.waitFor(() => expect(socket.send).toHaveBeenCalledWith(expect.stringContaining('"call":1')));
  const rect = { x: 0, y: 0, width: 1, height: 1 };
  for (let red = 0; red < 100; red++)
    bench.handles[0]!.emit('frame', { width: 1, height: 1, rects: [rect], pixels: new Uint8Array([red, 0, 0, 255]) });
  expect(frames()).toHaveLength(1);
  for (let i = 0; i < 5; i++) bench.handles[0]!.emit('serial', { port: 0, bytes: new Uint8Array([65]) });
  expect(socket.send.mock.calls.filter(([message]) => message instanceof Uint8Array && message[0] === 2)).toHaveLength(
    5,
  );
  socket.emit('message', JSON.stringify({ call: 2, method: 'console.frameShown', params: { id } }), false);
  await vi.waitFor(() => expect(frames()).toHaveLength(2));
  expect((frames()[1]![0] as Uint8Array)[32]).toBe(99);
});
