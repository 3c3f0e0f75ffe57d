import { expect, it } from 'vitest';
import { blocksOf, EVERYTHING, filterLines, findMatches, matchStarts, parseLine } from './log-model.ts';

const log = [
  '2026-11-20T10:00:00.000Z info: Starting with 16 MiB',
  '2026-11-20T10:00:01.000Z warn: Floppy: no medium',
  'a line of its own',
  '2026-11-20T10:00:02.000Z error: Could not read the FLOPPY; floppy left out',
].map((text, index) => parseLine(text, index + 1));

it('takes a line apart', () => {
  expect(log.map(({ level, timeLength }) => [level, timeLength])).toEqual([
    ['info', 25],
    ['warn', 25],
    [null, 0],
    ['error', 25],
  ]);
});

const numbers = (filter: Partial<typeof EVERYTHING>): number[] =>
  filterLines(log, { ...EVERYTHING, ...filter }).map((line) => line.number);

it('filters by any term, by all terms and by level', () => {
  expect(numbers({})).toEqual([1, 2, 3, 4]);
  expect(numbers({ terms: ['floppy', 'STARTING'] })).toEqual([1, 2, 4]);
  expect(numbers({ terms: ['floppy', 'medium'], needsAll: true })).toEqual([2]);
  expect(numbers({ levels: ['warn', 'error'] })).toEqual([2, 4]);
  expect(numbers({ levels: ['error'], terms: ['medium'] })).toEqual([]);
});

it('finds every place, with and without regard to case', () => {
  expect(findMatches(log, { text: 'floppy', isCaseSensitive: false }).map(({ row }) => row)).toEqual([1, 3, 3]);
  expect(findMatches(log, { text: 'floppy', isCaseSensitive: true })).toEqual([
    { row: 3, start: log[3]!.text.indexOf('floppy') },
  ]);
  expect(findMatches(log, { text: '', isCaseSensitive: false })).toEqual([]);
  expect(matchStarts('aaaa', { text: 'aa', isCaseSensitive: true })).toEqual([0, 2]);
});

it('cuts into blocks', () => {
  expect(blocksOf(log, 3).map((block) => block.map((line) => line.number))).toEqual([[1, 2, 3], [4]]);
});
