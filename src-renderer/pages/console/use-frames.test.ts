// @vitest-environment happy-dom
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { framePace } from './use-frames.ts';

vi.mock('../../client/client.ts', () => ({ client: {} }));

let pictures: (() => void)[];
beforeEach(() => {
  pictures = [];
  vi.stubGlobal('requestAnimationFrame', (shown: () => void) => pictures.push(shown));
});
afterEach(() => vi.unstubAllGlobals());
const nextPicture = (): void => {
  for (const shown of pictures.splice(0)) shown();
};

it('asks for the next frame at once, but only once in a picture of the monitor', () => {
  const taken = vi.fn();
  const painted = framePace(taken);
  painted();
  expect(taken).toHaveBeenCalledTimes(1);
  painted();
  expect(taken).toHaveBeenCalledTimes(1);
  nextPicture();
  expect(taken).toHaveBeenCalledTimes(2);
  painted();
  expect(taken).toHaveBeenCalledTimes(3);
  nextPicture();
  expect(taken).toHaveBeenCalledTimes(3);
});
