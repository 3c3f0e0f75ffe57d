// The pixels being filled, and the rectangles that say which of them changed.
import type { DisplayRect } from '../../../core/backends/display.ts';

/** One frame's target: pixels are RGBA bytes seen as little-endian words. */
export interface Frame {
  readonly pixels: Uint32Array;
  readonly width: number;
  readonly height: number;
}

/** Joins changed scan lines into rectangles of the full width. */
export class LineRects {
  readonly rects: DisplayRect[] = [];
  readonly #width: number;

  constructor(width: number) {
    this.#width = width;
  }

  add(top: number, bottom: number): void {
    const last = this.rects[this.rects.length - 1];
    if (last && last.y + last.height === top) last.height = bottom - last.y;
    else this.rects.push({ x: 0, y: top, width: this.#width, height: bottom - top });
  }
}
