import { expect, it } from 'vitest';
import { cp437ToUnicode, textLines } from './text-screen.ts';

it('covers all 256 codes', () => {
  expect(cp437ToUnicode.length).toBe(256);
  expect(Array.from([0x41, 0x84, 0xc4, 0xdb, 0xe1, 0xfe], (code) => cp437ToUnicode[code]).join('')).toBe('Aä─█ß■');
});

it('turns cells into lines without trailing blanks', () => {
  const cells = Uint8Array.from([...'a b \0 x\xc9\xff'].flatMap((character) => [character.charCodeAt(0), 7]));
  expect(textLines({ columns: 3, rows: 3, cells, cursor: null })).toEqual(['a b', '', 'x╔']);
});
