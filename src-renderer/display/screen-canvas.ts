// Paints screen updates into a canvas. Holds no picture of its own: the canvas is the picture.
import type { ScreenUpdate } from '../../src-main/contract/streams.ts';

export class ScreenCanvas {
  readonly #canvas: HTMLCanvasElement;
  readonly #context: CanvasRenderingContext2D | null;
  readonly #onResize: (width: number, height: number) => void;

  constructor(canvas: HTMLCanvasElement, onResize: (width: number, height: number) => void) {
    this.#canvas = canvas;
    this.#context = canvas.getContext('2d', { alpha: false });
    this.#onResize = onResize;
  }

  paint(update: ScreenUpdate): void {
    if (this.#canvas.width !== update.width || this.#canvas.height !== update.height) {
      this.#canvas.width = update.width;
      this.#canvas.height = update.height;
      this.#onResize(update.width, update.height);
    }
    let at = 0;
    for (const { x, y, width, height } of update.rects) {
      const length = width * height * 4;
      // A copy: the canvas API wants its own, and the frame's offset may be odd.
      const pixels = new Uint8ClampedArray(update.pixels.slice(at, at + length).buffer);
      this.#context?.putImageData(new ImageData(pixels, width, height), x, y);
      at += length;
    }
  }

  clear(): void {
    this.#context?.clearRect(0, 0, this.#canvas.width, this.#canvas.height);
  }
}

/** What a monitor would show: text and low resolutions were made for 4:3 tubes, so their pixels are not square. */
export function displayedAspect(width: number, height: number): number {
  const isTubeMode =
    (width === 720 && height === 400) ||
    (width === 640 && height === 400) ||
    (width === 360 && height === 400) ||
    (width === 640 && height === 350) ||
    (width === 320 && height === 200);
  return isTubeMode ? 4 / 3 : width / Math.max(height, 1);
}
