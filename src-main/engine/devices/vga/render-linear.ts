// Draws Bochs-interface modes: packed 8 to 32 bits per pixel, and 4 bits in planes. Only lines whose memory pages changed.

import type { DisplayRect } from '../../../core/backends/display.ts';
import type { DirtyTracker } from './dirty-tracker.ts';
import { type Frame, LineRects } from './frame.ts';
import type { LinearMode } from './mode.ts';
import { black, directColorTable, type Palette } from './palette.ts';
import { drawPlanarWords } from './render-planar.ts';

export class LinearRenderer {
  readonly #bytes: Uint8Array;
  readonly #halves: Uint16Array;
  readonly #words: Uint32Array;
  readonly #tables: { 5: Uint32Array | null; 6: Uint32Array | null } = { 5: null, 6: null };

  constructor(memory: Uint8Array) {
    this.#bytes = memory;
    this.#halves = new Uint16Array(memory.buffer, memory.byteOffset, memory.length >>> 1);
    this.#words = new Uint32Array(memory.buffer, memory.byteOffset, memory.length >>> 2);
  }

  render(mode: LinearMode, palette: Palette, frame: Frame, dirty: DirtyTracker, full: boolean): DisplayRect[] {
    const lines = new LineRects(mode.width);
    const lineBytes = mode.bitsPerPixel === 4 ? mode.width >> 1 : mode.width * ((mode.bitsPerPixel + 7) >> 3);
    for (let y = 0; y < mode.height; y++) {
      const at = mode.startByte + y * mode.pitchBytes;
      if (at + lineBytes > this.#bytes.length) break;
      if (!full && !dirty.isRangeDirty(at, at + lineBytes)) continue;
      this.#drawLine(mode, palette, at, frame.pixels, y * mode.width);
      lines.add(y, y + 1);
    }
    return lines.rects;
  }

  // hot path: a full 1024 x 768 x 32 redraw runs the 32-bit loop 786 432 times.
  #drawLine(mode: LinearMode, palette: Palette, at: number, out: Uint32Array, to: number): void {
    const width = mode.width;
    switch (mode.bitsPerPixel) {
      case 32: {
        const words = this.#words;
        const from = at >>> 2;
        for (let x = 0; x < width; x++) {
          const pixel = words[from + x]!;
          out[to + x] = black | ((pixel & 0xff) << 16) | (pixel & 0xff00) | ((pixel >>> 16) & 0xff);
        }
        return;
      }
      case 24: {
        const bytes = this.#bytes;
        for (let x = 0, from = at; x < width; x++, from += 3) {
          out[to + x] = black | (bytes[from]! << 16) | (bytes[from + 1]! << 8) | bytes[from + 2]!;
        }
        return;
      }
      case 15:
      case 16: {
        const table = this.#table(mode.bitsPerPixel === 15 ? 5 : 6);
        const halves = this.#halves;
        const from = at >>> 1;
        for (let x = 0; x < width; x++) out[to + x] = table[halves[from + x]!]!;
        return;
      }
      case 8: {
        const bytes = this.#bytes;
        const table = palette.dac;
        for (let x = 0; x < width; x++) out[to + x] = table[bytes[at + x]!]!;
        return;
      }
      case 4:
        drawPlanarWords(this.#words, at >>> 2, width >> 3, palette.attribute, out, to);
    }
  }

  #table(greenBits: 5 | 6): Uint32Array {
    this.#tables[greenBits] ??= directColorTable(greenBits);
    return this.#tables[greenBits];
  }
}
