// A machine whose worker dies takes nothing with it.
import type { Worker } from 'node:worker_threads';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { busy, echo } from '../harness/boot-sectors.ts';
import { HostBench } from '../harness/host-bench.ts';

let bench: HostBench;
let workers: Worker[];
const onWorker = (worker: Worker): void => void workers.push(worker);

beforeEach(async () => {
  workers = [];
  process.on('worker', onWorker);
  bench = await HostBench.create();
});
afterEach(async () => {
  process.off('worker', onWorker);
  await bench.close();
});

async function state(id: string): Promise<{ state: string; message: string }> {
  return (await bench.call('machine.get', { id })).summary;
}

it.each([
  ['throws', (worker: Worker) => worker.postMessage({ type: 'pointer', event: null }), /engine failed: Cannot read/],
  ['is killed', (worker: Worker) => void worker.terminate(), /engine failed: its thread ended/],
])('reports the machine as crashed when its worker %s, and the other goes on', async (_how, kill, message) => {
  const other = await bench.run('other', echo);
  const victim = await bench.run('victim', busy);
  kill(workers[1]!);
  await vi.waitFor(async () => expect((await state(victim)).state).toBe('crashed'), { timeout: 30_000 });
  expect((await state(victim)).message).toMatch(message);
  const { lines } = await bench.call('machine.log', { id: victim });
  expect(lines.at(-1)).toMatch(message);

  await bench.call('machine.serialInput', { id: other, port: 0, data: Buffer.from('still here').toString('base64') });
  await bench.prints(other, 'still here');
  expect(await state(other)).toMatchObject({ state: 'running', message: '' });
});

it('starts a crashed machine again', async () => {
  const id = await bench.run('victim', busy);
  void workers[0]!.terminate();
  await vi.waitFor(async () => expect((await state(id)).state).toBe('crashed'), { timeout: 30_000 });
  await bench.call('machine.start', { id });
  await vi.waitFor(async () => expect(await state(id)).toMatchObject({ state: 'running', message: '' }), {
    timeout: 30_000,
  });
});
