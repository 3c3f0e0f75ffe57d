// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type AbsoluteReport, PointerInput, type RelativeReport } from './pointer-input.ts';

let element: HTMLElement;
let isAbsolute: boolean;
let isLocked: boolean;
let relative: RelativeReport[];
let absolute: AbsoluteReport[];
let frames: (() => void)[];
let ending: AbortController;

beforeEach(() => {
  element = document.createElement('canvas');
  element.getBoundingClientRect = () => ({ left: 100, top: 50, width: 400, height: 200 }) as DOMRect;
  element.setPointerCapture = () => {};
  element.requestPointerLock = vi.fn(async () => {
    isLocked = true;
  });
  isAbsolute = false;
  isLocked = false;
  relative = [];
  absolute = [];
  frames = [];
  vi.stubGlobal('requestAnimationFrame', (frame: () => void) => frames.push(frame));
  vi.stubGlobal('cancelAnimationFrame', () => {
    frames = [];
  });
  Object.defineProperty(document, 'pointerLockElement', { configurable: true, get: () => (isLocked ? element : null) });
  ending = new AbortController();
  new PointerInput(
    element,
    {
      isAbsolute: () => isAbsolute,
      mayCapture: () => true,
      sendRelative: (report) => relative.push(report),
      sendAbsolute: (report) => absolute.push(report),
      onCaptured: () => {},
    },
    ending.signal,
  );
});
afterEach(() => {
  ending.abort();
  vi.unstubAllGlobals();
});

function point(type: string, more: PointerEventInit & { movementX?: number; movementY?: number }): void {
  element.dispatchEvent(new PointerEvent(type, { pointerType: 'mouse', ...more }));
}
const nextFrame = (): void => {
  for (const frame of frames.splice(0)) frame();
};

describe('a guest that takes absolute positions', () => {
  beforeEach(() => {
    isAbsolute = true;
  });

  it('gets the place on its screen, once for each frame, without capture', () => {
    point('pointermove', { clientX: 200, clientY: 60 });
    point('pointermove', { clientX: 300, clientY: 150 });
    nextFrame();
    expect(absolute).toEqual([{ x: 32_768, y: 32_768, wheel: 0, buttons: 0 }]);
    expect(element.requestPointerLock).not.toHaveBeenCalled();
  });

  it('gets no place beyond its edges', () => {
    point('pointermove', { clientX: 5000, clientY: 0 });
    nextFrame();
    expect(absolute).toMatchObject([{ x: 65_535, y: 0 }]);
  });

  it('gets presses and releases at once, where they happened', () => {
    point('pointerdown', { clientX: 100, clientY: 50, buttons: 1 });
    point('pointerup', { clientX: 500, clientY: 250, buttons: 0 });
    expect(absolute).toEqual([
      { x: 0, y: 0, wheel: 0, buttons: 1 },
      { x: 65_535, y: 65_535, wheel: 0, buttons: 0 },
    ]);
  });

  it('takes a tap of a finger for a click there', () => {
    point('pointerdown', { clientX: 300, clientY: 150, pointerType: 'touch', pointerId: 7 });
    point('pointerup', { clientX: 300, clientY: 150, pointerType: 'touch', pointerId: 7 });
    expect(absolute.map(({ buttons }) => buttons)).toEqual([1, 0]);
  });
});

describe('any other guest', () => {
  it('gets nothing until a click has captured the pointer', () => {
    point('pointermove', { clientX: 200, clientY: 60 });
    nextFrame();
    expect(relative).toEqual([]);
    point('pointerdown', { buttons: 1 });
    expect(element.requestPointerLock).toHaveBeenCalledOnce();
    // The capturing click is not the guest's.
    expect(relative).toEqual([]);
  });

  it('gets the wheel in notches, also from a trackpad’s small steps', () => {
    isLocked = true;
    for (const deltaY of [15, 15, 15, -120]) {
      element.dispatchEvent(new WheelEvent('wheel', { deltaY, deltaMode: 0, cancelable: true }));
      nextFrame();
    }
    expect(relative.map(({ wheel }) => wheel)).toEqual([-1, 1]);
  });

  it('takes a finger for a trackpad', () => {
    point('pointerdown', { clientX: 10, clientY: 10, pointerType: 'touch', pointerId: 7 });
    point('pointermove', { clientX: 30, clientY: 5, pointerType: 'touch', pointerId: 7 });
    nextFrame();
    expect(relative).toEqual([{ dx: 20, dy: -5, wheel: 0, buttons: 0 }]);
  });
});
