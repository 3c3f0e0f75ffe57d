import { expect, it } from 'vitest';
import { fuzzyScore } from './fuzzy.ts';

it('finds words in any order, without case and accents', () => {
  expect(fuzzyScore('Impostazioni di Città: Memoria', 'memoria citta')).not.toBeNull();
  expect(fuzzyScore('Start web', 'stop')).toBeNull();
  expect(fuzzyScore('a+b (c)', '+b (')).not.toBeNull();
});

it('likes beginnings of words more than parts, and parts more than scattered letters', () => {
  const scores = ['Start web', 'Restart web', 'Set about real things'].map((text) => fuzzyScore(text, 'start'));
  expect(scores).toEqual(scores.toSorted((a, b) => (b ?? -1) - (a ?? -1)));
  expect(scores[2]).not.toBeNull();
});

it('prefers the shorter of two equal fits', () => {
  expect(fuzzyScore('Start web', 'start')!).toBeGreaterThan(fuzzyScore('Start webserver', 'start')!);
});
