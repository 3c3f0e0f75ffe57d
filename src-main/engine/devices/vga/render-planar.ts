// Draws the VGA's own graphics modes: planar 16 colours, CGA-style interleaved shifting and 256-colour packing, with the CRT
// controller's addressing, panning, split screen and doubling. A line is drawn again only if its pages changed.
import type { DisplayRect } from '../../../core/backends/display.ts';
import { type DirtyTracker, PAGE_SHIFT } from './dirty-tracker.ts';
import { type Frame, LineRects } from './frame.ts';
import { planeAddress, rowSpans, type VgaGeometry } from './mode.ts';
import type { Palette } from './palette.ts';

/** A byte's bits moved to the lowest bit of eight 4-bit groups, leftmost pixel in the highest group. */
const spreadBits: Uint32Array = Uint32Array.from({ length: 256 }, (_, byte) => {
  let spread = 0;
  for (let bit = 0; bit < 8; bit++) if (byte & (1 << bit)) spread |= 1 << (4 * bit);
  return spread >>> 0;
});

/** Eight 4-bit pixels, leftmost highest, from the four plane bytes of `word`. */
function joinPlanes(word: number): number {
  return (
    spreadBits[word & 0xff]! |
    (spreadBits[(word >>> 8) & 0xff]! << 1) |
    (spreadBits[(word >>> 16) & 0xff]! << 2) |
    (spreadBits[word >>> 24]! << 3)
  );
}

/** CGA shifting: plane 0 (2 above it) gives the first four 2-bit pixels, plane 1 (3 above it) the next four. */
function joinPairs(word: number): number {
  let pixels = 0;
  for (let half = 0; half < 2; half++) {
    const low = (word >>> (8 * half)) & 0xff;
    const high = (word >>> (16 + 8 * half)) & 0xff;
    for (let shift = 6; shift >= 0; shift -= 2)
      pixels = (pixels << 4) | (((high >> shift) & 3) << 2) | ((low >> shift) & 3);
  }
  return pixels;
}

function putPixels(pixels: number, colors: Uint32Array, out: Uint32Array, at: number): void {
  for (let i = 0, shift = 28; i < 8; i++, shift -= 4) out[at + i] = colors[(pixels >>> shift) & 15]!;
}

/** Draws `count` consecutive words as 16-colour planar pixels. */
export function drawPlanarWords(
  words: Uint32Array,
  from: number,
  count: number,
  colors: Uint32Array,
  out: Uint32Array,
  to: number,
): void {
  for (let i = 0; i < count; i++) putPixels(joinPlanes(words[from + i]!), colors, out, to + 8 * i);
}

type VgaGraphicsMode = { kind: 'planar' | 'cga' | 'packed' } & VgaGeometry;

export class PlanarRenderer {
  readonly #words: Uint32Array;
  /** One line before panning and doubling. */
  #line: Uint32Array = new Uint32Array(0);

  constructor(memory: Uint8Array) {
    this.#words = new Uint32Array(memory.buffer, memory.byteOffset, memory.length >>> 2);
  }

  render(mode: VgaGraphicsMode, palette: Palette, frame: Frame, dirty: DirtyTracker, full: boolean): DisplayRect[] {
    const lines = new LineRects(frame.width);
    const dots = (mode.columns + 1) * 8;
    if (this.#line.length !== dots) this.#line = new Uint32Array(dots);
    for (const span of rowSpans(mode)) {
      let previous = -1;
      for (let y = span.top; y < span.bottom; y++) {
        const rowScan = span.firstScan + Math.floor((y - span.top) / mode.yScale);
        const first = planeAddress(mode.map, span.counter, rowScan);
        const isDrawn = full || this.#isDirty(mode, span.counter, rowScan, dirty);
        if (isDrawn && first === previous) {
          frame.pixels.copyWithin(y * frame.width, (y - 1) * frame.width, y * frame.width);
        } else if (isDrawn) {
          this.#fetch(mode, palette, span.counter, rowScan);
          this.#emit(mode, span.panDots, frame.pixels, y * frame.width);
        }
        if (isDrawn) lines.add(y, y + 1);
        previous = first;
      }
    }
    return lines.rects;
  }

  #isDirty(mode: VgaGraphicsMode, counter: number, rowScan: number, dirty: DirtyTracker): boolean {
    const first = planeAddress(mode.map, counter, rowScan) << 2;
    const last = planeAddress(mode.map, counter + mode.columns, rowScan) << 2;
    // A line that wraps around the end of memory: look at both pieces.
    if (last < first) return dirty.isRangeDirty(first, 0x40000) || dirty.isRangeDirty(0, last + (1 << PAGE_SHIFT));
    return dirty.isRangeDirty(first, last + 4);
  }

  /** Fills `#line` with one character clock more than is shown, for panning. */
  #fetch(mode: VgaGraphicsMode, palette: Palette, counter: number, rowScan: number): void {
    const { map, columns, kind } = mode;
    const words = this.#words;
    const line = this.#line;
    for (let column = 0, at = 0; column <= columns; column++, at += 8) {
      const word = words[planeAddress(map, counter + column, rowScan)]!;
      if (kind === 'planar') putPixels(joinPlanes(word), palette.attribute, line, at);
      else if (kind === 'cga') putPixels(joinPairs(word), palette.attribute, line, at);
      else {
        // 256 colours: a plane byte per pixel, each two dots wide.
        const colors = palette.packed;
        line[at] = line[at + 1] = colors[word & 0xff]!;
        line[at + 2] = line[at + 3] = colors[(word >>> 8) & 0xff]!;
        line[at + 4] = line[at + 5] = colors[(word >>> 16) & 0xff]!;
        line[at + 6] = line[at + 7] = colors[word >>> 24]!;
      }
    }
  }

  #emit(mode: VgaGraphicsMode, panDots: number, out: Uint32Array, to: number): void {
    const shown = mode.columns * 8;
    const line = this.#line;
    if (mode.xScale === 1) {
      out.set(line.subarray(panDots, panDots + shown), to);
      return;
    }
    for (let i = 0; i < shown; i++) out[to + 2 * i] = out[to + 2 * i + 1] = line[panDots + i]!;
  }
}
