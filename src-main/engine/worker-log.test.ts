import { expect, it } from 'vitest';
import { WorkerLog } from './worker-log.ts';

function log(): { log: WorkerLog; lines: string[] } {
  const lines: string[] = [];
  return { log: new WorkerLog((level, message) => lines.push(`${level}: ${message}`)), lines };
}

it('passes plain messages all on', () => {
  const { log: worker, lines } = log();
  for (let count = 0; count < 10; count++) worker.log('info', 'hello');
  expect(lines).toHaveLength(10);
});

it('thins out repeats of a kind and says so once', () => {
  const { log: worker, lines } = log();
  for (let count = 0; count < 100; count++) worker.limited('bad-port', 'warn', `port ${count}`);
  expect(lines).toEqual([
    'warn: port 0',
    'warn: port 1',
    'warn: port 2',
    'warn: port 3',
    'warn: port 4 (further messages of this kind are left out)',
  ]);
});

it('keeps kinds apart', () => {
  const { log: worker, lines } = log();
  for (let count = 0; count < 100; count++) worker.limited('a', 'warn', 'a');
  worker.limited('b', 'warn', 'b');
  expect(lines.at(-1)).toBe('warn: b');
});

it('does not grow with the kinds that a guest invents', () => {
  const { log: worker, lines } = log();
  for (let kind = 0; kind < 5000; kind++) worker.limited(`kind ${kind}`, 'warn', 'x');
  expect(lines).toHaveLength(1000);
  worker.limited('kind 0', 'warn', 'known');
  expect(lines.at(-1)).toBe('warn: known');
});
