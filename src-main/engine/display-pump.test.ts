import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { DisplayRect, DisplaySource, TextScreen } from '../core/backends/display.ts';
import { DisplayPump } from './display-pump.ts';
import type { DisplayFrame } from './protocol.ts';

/** A screen whose every rendering paints the next colour into the rectangles the test names. */
class FakeDisplay implements DisplaySource {
  width = 4;
  height = 2;
  changes: DisplayRect[] = [];
  renders = 0;
  changed: () => void = () => {};

  size(): { width: number; height: number } {
    return { width: this.width, height: this.height };
  }
  render(rgba: Uint8Array, full: boolean): DisplayRect[] {
    this.renders++;
    const rects = full ? [{ x: 0, y: 0, width: this.width, height: this.height }] : this.changes;
    this.changes = [];
    for (const rect of rects)
      for (let y = rect.y; y < rect.y + rect.height; y++)
        rgba.fill(this.renders, (y * this.width + rect.x) * 4, (y * this.width + rect.x + rect.width) * 4);
    return rects;
  }
  text(): TextScreen | null {
    return null;
  }
  onChanged(listener: () => void): void {
    this.changed = listener;
  }
}

let display: FakeDisplay;
let frames: DisplayFrame[];
let progress: number;
let pump: DisplayPump;
const whole = { x: 0, y: 0, width: 4, height: 2 };
const dot = { x: 1, y: 1, width: 1, height: 1 };

beforeEach(() => {
  vi.useFakeTimers();
  display = new FakeDisplay();
  frames = [];
  progress = 0;
  pump = new DisplayPump(
    display,
    () => progress,
    (frame) => frames.push(frame),
  );
});
afterEach(() => {
  pump.stop();
  vi.useRealTimers();
});

/** Lets the guest work and time pass. */
function runGuest(ms: number): void {
  progress++;
  vi.advanceTimersByTime(ms);
}

it('renders nothing while nobody watches', () => {
  runGuest(1000);
  expect(display.renders).toBe(0);
});

it('sends the whole picture at first, then what changed', () => {
  pump.watch(true);
  pump.shown();
  display.changes = [dot];
  runGuest(16);
  expect(frames.map(({ rects }) => rects)).toEqual([[whole], [dot]]);
  expect(frames[1]?.pixels).toEqual(new Uint8Array([2, 2, 2, 2]));
});

it('sends nothing when nothing changed', () => {
  pump.watch(true);
  pump.shown();
  runGuest(100);
  expect(frames).toHaveLength(1);
});

it('never sends before the last frame was taken, and then all that changed', () => {
  pump.watch(true);
  display.changes = [dot];
  runGuest(500);
  expect(frames).toHaveLength(1);
  pump.shown();
  vi.advanceTimersByTime(16);
  expect(frames[1]?.rects).toEqual([dot]);
});

it('does not let the last change of a guest that went idle wait', () => {
  pump.watch(true);
  runGuest(16);
  display.changes = [dot];
  vi.advanceTimersByTime(20); // Idle: the next look is 250 ms away.
  pump.shown();
  vi.advanceTimersByTime(16);
  expect(frames).toHaveLength(2);
});

it('looks four times a second while the guest is idle and is quick again when poked', () => {
  pump.watch(true);
  pump.shown();
  vi.advanceTimersByTime(32);
  const { renders } = display;
  vi.advanceTimersByTime(1000);
  expect(display.renders - renders).toBe(4);
  display.changes = [dot];
  display.changed();
  vi.advanceTimersByTime(16);
  expect(frames).toHaveLength(2);
});

it('sends a whole picture when the screen changes its size', () => {
  pump.watch(true);
  pump.shown();
  display.width = 2;
  runGuest(16);
  expect(frames[1]).toMatchObject({ width: 2, height: 2, rects: [{ x: 0, y: 0, width: 2, height: 2 }] });
  expect(frames[1]?.pixels).toHaveLength(16);
});

it('sends what screenshots found to the watcher, too', () => {
  pump.watch(true);
  display.changes = [dot];
  expect(pump.screenshot().rgba[(4 + 1) * 4]).toBe(2);
  pump.shown();
  runGuest(16);
  expect(frames[1]?.rects).toEqual([dot]);
});

it('bounds what gathers for a watcher that never takes its frame', () => {
  pump.watch(true);
  for (let count = 0; count < 20; count++) {
    display.changes = [whole];
    pump.screenshot();
  }
  pump.shown();
  runGuest(16);
  expect(frames[1]?.rects).toEqual([whole]);
});

it('merges more rectangles than a frame can count', () => {
  pump.watch(true);
  display.width = 400;
  pump.shown();
  runGuest(16);
  pump.shown();
  display.changes = Array.from({ length: 256 }, (_, x) => ({ x, y: 0, width: 1, height: 1 }));
  runGuest(16);
  expect(frames[2]?.rects).toEqual([{ x: 0, y: 0, width: 400, height: 2 }]);
});

it('takes a screenshot without a watcher, as a copy', () => {
  const screen = pump.screenshot();
  display.changes = [whole];
  pump.screenshot();
  expect(screen).toEqual({ width: 4, height: 2, rgba: new Uint8Array(32).fill(1) });
});

it('begins again with a whole picture for the next watcher', () => {
  pump.watch(true);
  pump.watch(false);
  runGuest(1000);
  expect(frames).toHaveLength(1);
  pump.watch(true);
  expect(frames[1]?.rects).toEqual([whole]);
});
