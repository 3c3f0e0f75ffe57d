import { describe, expect, it } from 'vitest';
import { place } from './screen-layout.ts';

const room = { width: 1000, height: 700 };
const text = { width: 720, height: 400 };
const vga = { width: 640, height: 480 };

describe('place', () => {
  it('shows percent of the guest’s pixels, in the middle', () => {
    expect(place(text, room, 1, { kind: 'percent', percent: 100 })).toEqual({
      width: 720,
      height: 400,
      left: 140,
      top: 150,
      isCrisp: true,
    });
  });

  it('is crisp exactly when guest pixels cover whole monitor pixels', () => {
    const crisp = (percent: number, ratio: number) => place(vga, room, ratio, { kind: 'percent', percent }).isCrisp;
    expect([crisp(150, 1), crisp(150, 2), crisp(200, 1), crisp(100, 1.25), crisp(50, 1)]).toEqual([
      false,
      true,
      true,
      false,
      false,
    ]);
  });

  it('starts at the corner, for scrolling, when the guest is too large', () => {
    expect(place(vga, { width: 300, height: 200 }, 1, { kind: 'percent', percent: 100 })).toMatchObject({
      left: 0,
      top: 0,
      width: 640,
    });
  });

  it('fills the window in the shape of a monitor', () => {
    const filled = place(text, room, 1, { kind: 'fill' });
    expect(filled.width / filled.height).toBeCloseTo(4 / 3);
    expect(filled.height).toBe(700);
    expect(place({ width: 1920, height: 1080 }, room, 1, { kind: 'fill' })).toMatchObject({
      width: 1000,
      height: 562.5,
    });
  });

  it('takes the largest whole multiple in monitor pixels', () => {
    expect(place({ width: 320, height: 200 }, room, 1, { kind: 'whole' })).toMatchObject({ width: 960, isCrisp: true });
    expect(place(vga, room, 1, { kind: 'whole' })).toMatchObject({ width: 640, isCrisp: true });
    expect(place(vga, room, 2, { kind: 'whole' })).toMatchObject({ width: 640, isCrisp: true });
    expect(place(vga, { width: 1000, height: 730 }, 2, { kind: 'whole' })).toMatchObject({ width: 960, isCrisp: true });
  });

  it('shrinks what has no whole multiple', () => {
    expect(place({ width: 2000, height: 1000 }, room, 1, { kind: 'whole' })).toMatchObject({
      width: 1000,
      height: 500,
      isCrisp: false,
    });
  });

  it('puts the corner on a monitor pixel', () => {
    const { left, top } = place({ width: 641, height: 479 }, room, 1.5, { kind: 'percent', percent: 100 });
    expect([left * 1.5, top * 1.5].map((at) => Math.abs(at - Math.round(at)) < 1e-9)).toEqual([true, true]);
  });
});
