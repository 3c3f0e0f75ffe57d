import { beforeEach, describe, expect, it } from 'vitest';
import type { Task } from '../contract/task.ts';
import { OspiteError } from '../core/errors.ts';
import { type RunningTask, TaskRegistry } from './tasks.ts';

let nowMs: number;
let timers: { at: number; callback: () => void }[];
let told: Task[];
let dismissed: string[];
let tasks: TaskRegistry;

beforeEach(() => {
  nowMs = 0;
  timers = [];
  told = [];
  dismissed = [];
  let nextId = 1;
  tasks = new TaskRegistry({
    newId: () => String(nextId++),
    nowIso: () => '2026-01-01T00:00:00.000Z',
    nowMs: () => nowMs,
    after: (ms, callback) => {
      const timer = { at: nowMs + ms, callback };
      timers.push(timer);
      return () => timers.splice(timers.indexOf(timer), 1);
    },
    changed: (task) => told.push(task),
    dismissed: (id) => dismissed.push(id),
  });
});

function pass(ms: number): void {
  nowMs += ms;
  const due = timers.filter(({ at }) => at <= nowMs);
  timers = timers.filter(({ at }) => at > nowMs);
  for (const { callback } of due) callback();
}

/** A task that waits to be told how to go on. */
function begin(options: { isCancellable?: boolean } = {}) {
  let running!: RunningTask;
  let finish!: (result: unknown) => void;
  let fail!: (error: Error) => void;
  const id = tasks.run({ title: 'Copy', ...options }, (task) => {
    running = task;
    return new Promise((resolve, reject) => {
      finish = resolve;
      fail = reject;
      task.signal.addEventListener('abort', () => reject(task.signal.reason));
    });
  });
  return {
    id,
    progress: (f: number | null, m?: string) => running.progress(f, m),
    finish: (r: unknown) => finish(r),
    fail: (e: Error) => fail(e),
  };
}
const ended = (id: string) => tasks.wait(id, 1e6);

describe('a task', () => {
  it('is told to everybody at its beginning and its end', async () => {
    const { id, finish } = begin();
    await Promise.resolve();
    finish({ path: '/new.img' });
    await ended(id);
    expect(told.map(({ state }) => state)).toEqual(['running', 'done']);
    expect(tasks.list()).toMatchObject([{ id, progress: 1, result: { path: '/new.img' }, isCancellable: false }]);
  });

  it('keeps the sentence of its failure', async () => {
    const { id, fail } = begin();
    await Promise.resolve();
    fail(new OspiteError('host.ioError', 'The disk is full'));
    expect(await ended(id)).toMatchObject({ state: 'failed', message: 'The disk is full', result: null });
  });

  it('tells its progress ten times a second at most, and never loses the last', async () => {
    const { progress } = begin();
    await Promise.resolve();
    for (let step = 1; step <= 50; step++) {
      progress(step / 100, `step ${step}`);
      pass(10);
    }
    pass(1000);
    expect(told.length).toBeLessThanOrEqual(1 + 6);
    expect(told.at(-1)).toMatchObject({ progress: 0.5, message: 'step 50' });
  });

  it.each([
    [-1, 0],
    [2, 1],
    [Number.NaN, 0],
    [null, null],
  ])('takes a progress of %s as %s', async (given, kept) => {
    const { progress } = begin();
    await Promise.resolve();
    progress(given);
    expect(tasks.list()[0]?.progress).toBe(kept);
  });

  it('is cancelled by its signal', async () => {
    const { id } = begin({ isCancellable: true });
    await Promise.resolve();
    tasks.cancel(id);
    expect(await ended(id)).toMatchObject({ state: 'cancelled', message: '' });
    tasks.cancel(id); // Nothing left to do.
  });

  it('that cannot be cancelled says so', () => {
    const { id } = begin();
    expect(() => tasks.cancel(id)).toThrow(expect.objectContaining({ code: 'usage.invalid' }));
  });

  it('is dismissed once it has ended', async () => {
    const { id, finish } = begin();
    expect(() => tasks.dismiss(id)).toThrow('still runs');
    await Promise.resolve();
    finish(null);
    await ended(id);
    tasks.dismiss(id);
    expect(dismissed).toEqual([id]);
    expect(() => tasks.cancel(id)).toThrow(expect.objectContaining({ code: 'task.notFound' }));
  });

  it('is given as it is when the time of a waiter is over, or the waiter gone', async () => {
    const { id } = begin();
    const waiting = tasks.wait(id, 500);
    pass(500);
    expect(await waiting).toMatchObject({ state: 'running' });
    const gone = new AbortController();
    const other = tasks.wait(id, 500, gone.signal);
    gone.abort();
    expect(await other).toMatchObject({ state: 'running' });
    expect(timers).toEqual([]);
  });
});

it('gives a caller who waits the result or the failure itself', async () => {
  expect(await tasks.runToEnd({ title: 'x' }, () => Promise.resolve(7))).toBe(7);
  const failure = new Error('no');
  await expect(tasks.runToEnd({ title: 'x' }, () => Promise.reject(failure))).rejects.toBe(failure);
});

it('forgets the oldest of more than fifty ended tasks', async () => {
  for (let count = 0; count < 53; count++) await tasks.runToEnd({ title: 'x' }, () => Promise.resolve());
  expect(tasks.list()).toHaveLength(50);
  expect(tasks.list().at(-1)?.id).toBe('4');
  expect(dismissed).toEqual(['1', '2', '3']);
});

it('cancels and awaits what runs at the end of the process', async () => {
  const { id } = begin({ isCancellable: true });
  await Promise.resolve();
  await tasks.shutDown();
  expect(tasks.list()).toMatchObject([{ id, state: 'cancelled' }]);
});
