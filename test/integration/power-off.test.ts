// What a guest printed just before it powered off must still arrive.
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { farewell } from '../harness/boot-sectors.ts';
import { HostBench } from '../harness/host-bench.ts';

let bench: HostBench;

beforeEach(async () => {
  bench = await HostBench.create();
});
afterEach(() => bench.close());

it('delivers the last line of a guest that powers off at once', async () => {
  const id = await bench.run('farewell', farewell);
  await bench.prints(id, 'farewell');
  await vi.waitFor(async () => expect((await bench.call('machine.get', { id })).summary.state).toBe('poweredOff'), {
    timeout: 30_000,
  });
});
