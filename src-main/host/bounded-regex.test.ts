import { expect, it } from 'vitest';
import { boundedFinder } from './bounded-regex.ts';

it('gives the part that matched, line by line, or null', () => {
  const find = boundedFinder('^b\\w+$');
  expect(find('aaa\nbcd\n')).toBe('bcd');
  expect(find('aaa')).toBeNull();
});

it('refuses what is no expression', () => {
  expect(() => boundedFinder('(')).toThrow(expect.objectContaining({ code: 'usage.invalid' }));
});

it('gives up an expression that takes for ever, in time for the other machines', () => {
  const find = boundedFinder('(a+)+$');
  const began = performance.now();
  expect(() => find(`${'a'.repeat(50)}!`)).toThrow(expect.objectContaining({ code: 'usage.invalid' }));
  expect(performance.now() - began).toBeLessThan(10_000);
  expect(find('aaa')).toBe('aaa');
});
