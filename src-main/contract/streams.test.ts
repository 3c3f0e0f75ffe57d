import fc from 'fast-check';
import { expect, it } from 'vitest';
import { decodeRuns, encodeRuns } from './pixel-runs.ts';
import { encodeScreen, encodeSerial, parseStreamFrame, STREAM_SCREEN, STREAM_SERIAL } from './streams.ts';

const id = '0190a0b1-1234-4abc-8def-0123456789ab';

it('carries screen rectangles', () => {
  const rects = [
    { x: 1, y: 2, width: 2, height: 1 },
    { x: 0, y: 0, width: 1, height: 1 },
  ];
  const pixels = Uint8Array.from({ length: 12 }, (_, index) => index);
  expect(parseStreamFrame(encodeScreen({ id, width: 640, height: 480, rects, pixels }))).toEqual({
    kind: STREAM_SCREEN,
    id,
    width: 640,
    height: 480,
    rects,
    pixels,
  });
});

it.each([
  ['a flat screen', (): number => 0xff204060, 200],
  ['text', (index: number): number => (index % 37 < 3 ? index : 0xff000000), 40_000],
  ['noise', (index: number): number => Math.imul(index, 0x9e3779b1), 64 * 1024],
])('carries %s in few bytes', (_what, pixelAt, mostBytes) => {
  const words = Uint32Array.from({ length: 128 * 128 }, (_, index) => pixelAt(index));
  const update = { id, width: 128, height: 128, rects: [{ x: 0, y: 0, width: 128, height: 128 }] };
  const frame = encodeScreen({ ...update, pixels: new Uint8Array(words.buffer) });
  expect(frame.length).toBeLessThanOrEqual(mostBytes + 64);
  // Wherever in a buffer it lies.
  const shifted = new Uint8Array(frame.length + 1);
  shifted.set(frame, 1);
  for (const received of [frame, shifted.subarray(1)]) {
    const parsed = parseStreamFrame(received);
    if (parsed?.kind !== STREAM_SCREEN) throw new Error('no screen');
    expect(Buffer.compare(parsed.pixels, new Uint8Array(words.buffer))).toBe(0);
  }
});

it('gets any pixels back from their runs', () => {
  const pixels = fc.array(fc.tuple(fc.constantFrom(0, 1, 0xffffffff), fc.nat(40)), { maxLength: 200 });
  fc.assert(
    fc.property(pixels, (runs) => {
      const words = Uint32Array.from(runs.flatMap(([pixel, count]) => new Array<number>(count).fill(pixel)));
      const coded = encodeRuns(words);
      return (
        coded === null ||
        Buffer.compare(new Uint8Array(decodeRuns(coded, words.length)!.buffer), new Uint8Array(words.buffer)) === 0
      );
    }),
    { seed: 2, numRuns: 500 },
  );
});

it.each([
  ['too few', [0x80000002, 7]],
  ['too many', [0x80000005, 7]],
  ['a run without its pixel', [0x80000004]],
  ['literals cut short', [4, 1, 2]],
  ['an empty head', [0]],
])('refuses runs that are %s', (_what, coded) => {
  expect(decodeRuns(Uint32Array.from(coded), 4)).toBeNull();
});

it('carries serial bytes', () => {
  expect(parseStreamFrame(encodeSerial(id, 2, new Uint8Array([7, 8])))).toEqual({
    kind: STREAM_SERIAL,
    id,
    port: 2,
    bytes: new Uint8Array([7, 8]),
  });
});

it('answers any other bytes with null or a frame whose pixels are all there', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      const frame = parseStreamFrame(bytes);
      if (frame?.kind !== STREAM_SCREEN) return true;
      return frame.pixels.length >= frame.rects.reduce((sum, rect) => sum + rect.width * rect.height * 4, 0);
    }),
    { seed: 1, numRuns: 2000 },
  );
});
