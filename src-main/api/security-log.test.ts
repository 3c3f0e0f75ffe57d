import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { fileLog, limitLog } from './security-log.ts';

const folder = mkdtempSync(join(tmpdir(), 'ospite-log-'));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

it('stamps lines, and lets nobody forge one or colour a terminal', () => {
  const lines: string[] = [];
  limitLog(
    (line) => lines.push(line),
    () => 0,
  )(`GET /a\r\nrefused 10.0.0.1\u001b[31m\u202e\u2028 ${'x'.repeat(1000)}`);
  expect(lines).toHaveLength(1);
  expect(lines[0]).toMatch(/^1970-01-01T00:00:00\.000Z GET \/a\?\?refused 10\.0\.0\.1\?\[31m\?\? x+$/);
  expect(lines[0]!.length).toBeLessThan(340);
});

it('writes so many a minute, and counts the others', () => {
  let now = 0;
  const lines: string[] = [];
  const log = limitLog(
    (line) => lines.push(line),
    () => now,
  );
  for (let i = 0; i < 500; i++) log('refused');
  expect(lines).toHaveLength(120);
  now = 60_000;
  log('refused');
  expect(lines.slice(120)).toEqual([
    expect.stringContaining('380 more were refused'),
    expect.stringMatching(/refused$/),
  ]);
});

it('is a file for its owner alone, begun anew when it is long', () => {
  const path = join(folder, 'logs', 'security.log');
  fileLog(join(folder, 'logs'))('refused one');
  expect(readFileSync(path, 'utf8')).toMatch(/ refused one\n$/);
  expect(statSync(path).mode & 0o777).toBe(0o600);
  writeFileSync(path, 'x'.repeat(1_100_000));
  fileLog(join(folder, 'logs'))('refused two');
  expect(readFileSync(path, 'utf8')).toMatch(/^\S+ refused two\n$/);
  expect(statSync(`${path}.1`).size).toBe(1_100_000);
});
