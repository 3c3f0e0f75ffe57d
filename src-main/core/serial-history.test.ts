import { expect, it } from 'vitest';
import { SerialHistory } from './serial-history.ts';

const LIMIT = 262_144;

it('keeps all of a short output in order', () => {
  const history = new SerialHistory();
  history.append(Uint8Array.of(1, 2));
  history.append(Uint8Array.of(3));
  expect(history.contents()).toEqual(Uint8Array.of(1, 2, 3));
});

it('holds what the same number of bytes in one piece would leave, whatever the pieces', () => {
  const history = new SerialHistory();
  const all = Buffer.alloc(700_001, 0).map((_, index) => (index * 31 + (index >> 8)) & 0xff);
  for (let at = 0, size = 1; at < all.length; at += size, size = (size * 7) % 9973) {
    history.append(all.subarray(at, at + size));
  }
  expect(Buffer.from(history.contents()).equals(all.subarray(all.length - LIMIT))).toBe(true);
});

it('keeps the end of a piece that is longer than all it holds', () => {
  const history = new SerialHistory();
  history.append(Uint8Array.of(7));
  history.append(new Uint8Array(LIMIT + 1).fill(1, 0, 2));
  const kept = history.contents();
  expect(kept).toHaveLength(LIMIT);
  expect(kept[0]).toBe(1);
  expect(kept[1]).toBe(0);
});
