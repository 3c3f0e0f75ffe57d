// What a machine that never rests costs the process that shows it, and what one that rests costs at all.
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { ScreenUpdate } from '../../src-main/contract/streams.ts';
import { busy, idle } from '../harness/boot-sectors.ts';
import { HostBench } from '../harness/host-bench.ts';

const WINDOW_MS = 2000;
/** Other programs on the computer can spoil a window; the product only has to manage one of these. */
const WINDOWS = 4;

let bench: HostBench;
beforeEach(async () => {
  bench = await HostBench.create();
});
afterEach(() => bench.close());

it('answers within 50 ms (99 of 100 turns) while a guest runs flat out and is watched', async () => {
  const id = await bench.run('busy', busy);
  const p99s: number[] = [];
  for (let window = 0; window < WINDOWS && Math.min(...p99s) > 50; window++) {
    const delay = monitorEventLoopDelay({ resolution: 1 });
    delay.enable();
    await pause(WINDOW_MS / 2);
    await bench.call('machine.screenshot', { id }); // As the manager's preview does.
    await pause(WINDOW_MS / 2);
    delay.disable();
    p99s.push(delay.percentile(99) / 1e6);
  }
  console.log(`event loop delay, 99th percentile: ${p99s.map((ms) => ms.toFixed(1)).join(', ')} ms`);
  expect(Math.min(...p99s)).toBeLessThan(50);
});

it('shows a changing screen many times a second, at most at the rate of a monitor', async () => {
  let frames = 0;
  await bench.run('busy', busy);
  bench.onFrame = () => frames++;
  const rates: number[] = [];
  for (let window = 0; window < WINDOWS && Math.max(0, ...rates) < 40; window++) {
    frames = 0;
    const startedAt = performance.now();
    await pause(WINDOW_MS);
    rates.push((frames * 1000) / (performance.now() - startedAt));
  }
  console.log(`frames a second: ${rates.map((rate) => rate.toFixed(1)).join(', ')}`);
  expect(Math.max(...rates)).toBeGreaterThan(20);
  expect(Math.max(...rates)).toBeLessThan(65);
});

it('sends nothing of a screen that does not change, not even after a screenshot', async () => {
  const id = await bench.run('idle', idle);
  const frames: ScreenUpdate[] = [];
  await pause(1500); // What the BIOS wrote last is still on its way.
  bench.onFrame = (frame) => frames.push(frame);
  await bench.call('machine.screenshot', { id });
  await pause(WINDOW_MS);
  expect(frames.map(({ rects }) => rects)).toEqual([]);
});

it('costs next to no processor time while its guest halts', async () => {
  await bench.run('idle', idle);
  await pause(1500);
  const shares: number[] = [];
  for (let window = 0; window < WINDOWS && Math.min(...shares) > 0.02; window++) {
    const before = process.cpuUsage();
    await pause(WINDOW_MS);
    const { user, system } = process.cpuUsage(before);
    shares.push((user + system) / 1000 / WINDOW_MS);
  }
  console.log(
    `processor share of a halted guest: ${shares.map((share) => `${(share * 100).toFixed(1)} %`).join(', ')}`,
  );
  // The goal is 2 %; this process also runs the test itself.
  expect(Math.min(...shares)).toBeLessThan(0.04);
});

it('takes memory only as the guest touches it', async () => {
  const before = process.memoryUsage.rss();
  await bench.run('large', idle, 3000);
  const grownMib = (process.memoryUsage.rss() - before) / 1_048_576;
  console.log(`a guest of 3000 MiB takes ${grownMib.toFixed(0)} MiB after its start`);
  expect(grownMib).toBeLessThan(400);
});
