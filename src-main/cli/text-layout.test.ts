import { expect, it } from 'vitest';
import { definitions, paragraphs, printable, sizeText, table, wrap } from './text-layout.ts';

it('wraps at words, and leaves long ones whole', () => {
  expect(wrap('one two three', 7)).toEqual(['one two', 'three']);
  expect(wrap('a verylongword b', 5)).toEqual(['a', 'verylongword', 'b']);
  expect(wrap('  ', 5)).toEqual([]);
});

it('keeps indented lines of paragraphs', () => {
  expect(paragraphs('one\ntwo\n  as is   here\nthree\n\nnew', 80)).toBe('one two\n  as is   here\nthree\n\nnew');
});

it('puts explanations beside short terms and under long ones', () => {
  expect(
    definitions(
      [
        ['a', 'one two'],
        ['longterm', 'three'],
      ],
      8,
      12,
    ),
  ).toBe('  a     one\n        two\n  longterm\n        three');
});

it('aligns columns by what is seen', () => {
  const columns = [{ title: 'N' }, { title: 'SIZE', isRight: true }, { title: 'LAST' }];
  expect(
    table(columns, [
      ['日本', '1', 'x'],
      ['e\u0301', '22', ''],
    ]),
  ).toBe('N     SIZE  LAST\n日本     1  x\ne\u0301       22');
});

it('defuses what could steer a terminal', () => {
  expect(printable('a\u001b[2Jb\u202ec\td')).toBe('a\ufffd[2Jb\ufffdc\ufffdd');
});

it.each([
  [0, '0 B'],
  [1023, '1023 B'],
  [1536, '1.50 KiB'],
  [16 * 2 ** 20, '16 MiB'],
  [1_474_560, '1.41 MiB'],
  [23.46 * 2 ** 30, '23.5 GiB'],
  [123.4 * 2 ** 30, '123 GiB'],
])('%d bytes are %s', (bytes, text) => {
  expect(sizeText(bytes)).toBe(text);
});
