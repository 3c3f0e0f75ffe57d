import { expect, it } from 'vitest';
import { downscale } from './downscale.ts';

function grey(width: number, height: number, values: number[]) {
  return { width, height, rgba: Uint8Array.from(values.flatMap((value) => [value, value, value, 255])) };
}
const values = (rgba: Uint8Array) => [...rgba].filter((_, index) => index % 4 === 0);

it('leaves a picture that is small enough as it is', () => {
  const image = grey(2, 1, [1, 2]);
  expect(downscale(image, 2)).toBe(image);
});

it('takes the mean of what a pixel covers', () => {
  const small = downscale(grey(4, 2, [0, 100, 10, 20, 100, 200, 30, 40]), 2);
  expect([small.width, small.height, values(small.rgba)]).toEqual([2, 1, [100, 25]]);
});

it('counts parts of pixels as parts', () => {
  const small = downscale(grey(3, 3, [0, 90, 180, 0, 90, 180, 0, 90, 180]), 2);
  // The middle column belongs to both halves: (0 + 90 / 2) / 1.5 and (90 / 2 + 180) / 1.5.
  expect(values(small.rgba)).toEqual([30, 150, 30, 150]);
});

it('keeps at least one row, and full opacity', () => {
  const small = downscale({ width: 100, height: 1, rgba: new Uint8Array(400).fill(255) }, 16);
  expect([small.width, small.height]).toEqual([16, 1]);
  expect(small.rgba.every((byte) => byte === 255)).toBe(true);
});
