// Paints screen updates into a canvas, rectangle by rectangle as they come. Holds no picture of its own: the canvas is the
// picture.
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
    const { buffer, byteOffset } = update.pixels;
    let at = byteOffset;
    for (const { x, y, width, height } of update.rects) {
      const length = width * height * 4;
      // A view, no copy: the canvas reads it at once.
      const pixels = new Uint8ClampedArray(buffer as ArrayBuffer, at, length);
      this.#context?.putImageData(new ImageData(pixels, width, height), x, y);
      at += length;
    }
  }

  /** Puts a corner on itself: a recording of a still picture needs a frame now and then. */
  touch(): void {
    this.#context?.drawImage(this.#canvas, 0, 0, 1, 1, 0, 0, 1, 1);
  }
}
