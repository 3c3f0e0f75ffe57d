import fc from 'fast-check';
import { expect, it } from 'vitest';
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
