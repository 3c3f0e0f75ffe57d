import { describe, expect, it } from 'vitest';
import { font8x8, font8x14, font8x16 } from './font.ts';

const fonts = [
  { name: '8x8', font: font8x8, height: 8 },
  { name: '8x14', font: font8x14, height: 14 },
  { name: '8x16', font: font8x16, height: 16 },
];

function picture(font: Uint8Array, height: number, code: number): string[] {
  return Array.from(font.subarray(code * height, (code + 1) * height), (bits) =>
    bits.toString(2).padStart(8, '0').replaceAll('0', '.').replaceAll('1', '#'),
  );
}

describe.each(fonts)('$name', ({ font, height }) => {
  it('has 256 glyphs, blank only where code page 437 is', () => {
    expect(font.length).toBe(256 * height);
    const blank = Array.from({ length: 256 }, (_, code) => code).filter((code) =>
      font.subarray(code * height, (code + 1) * height).every((bits) => bits === 0),
    );
    expect(blank).toEqual([0x00, 0x20, 0xff]);
  });

  it('gives every character a picture of its own', () => {
    const pictures = new Set(Array.from({ length: 256 }, (_, code) => picture(font, height, code).join()));
    // 0x00, 0x20 and 0xff are all blank.
    expect(pictures.size).toBe(254);
  });

  it('keeps the last column of letters free and lets lines reach every edge of the cell', () => {
    for (let code = 0x41; code <= 0x5a; code++) {
      expect(picture(font, height, code).every((row) => row.endsWith('.'))).toBe(true);
    }
    const cross = picture(font, height, 0xc5);
    expect([cross[0], cross[height - 1]]).toEqual(['...##...', '...##...']);
    expect(cross).toContain('########');
  });

  it('joins double lines without closing them', () => {
    const middle = (height - 1) >> 1;
    expect(picture(font, height, 0xce).slice(middle - 1, middle + 2)).toEqual(['###..###', '........', '###..###']);
    expect(picture(font, height, 0xc9).slice(middle - 2, middle + 3)).toEqual([
      '........',
      '.#######',
      '.##.....',
      '.##..###',
      '.##..##.',
    ]);
  });
});

it('makes the 14-row letters from the 16-row ones, with the same baseline distance', () => {
  expect(picture(font8x14, 14, 0x41)).toEqual(picture(font8x16, 16, 0x41).slice(1, 15));
});
