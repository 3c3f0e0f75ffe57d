// Draws text modes cell by cell: a cell is redrawn when its character, attribute, cursor or blink state differs from the last
// frame. Two fonts in plane 2, 8 or 9 dots with line graphics, underline, blink or bright backgrounds, panning and split screens.
import type { DisplayRect, TextScreen } from '../../../core/backends/display.ts';
import type { Frame } from './frame.ts';
import { planeAddress, type RowSpan, rowSpans, type VgaGeometry } from './mode.ts';
import type { Palette } from './palette.ts';
import type { VgaRegisters } from './registers.ts';
import * as r from './registers.ts';

/** Plane 2 offsets of the eight fonts, by character map select value. */
const fontOffsets = [0x0000, 0x4000, 0x8000, 0xc000, 0x2000, 0x6000, 0xa000, 0xe000] as const;
const glyphStride = 32;

const CELL_CURSOR = 0x10000;
/** The blink phase hides this cell's foreground. */
const CELL_HIDDEN = 0x20000;
const CELL_UNKNOWN = 0xffffffff;

export interface BlinkPhase {
  isCursorOn: boolean;
  isTextOn: boolean;
}

/** Register facts that decide how one cell looks. */
interface CellStyle {
  fontA: number;
  fontB: number;
  isBlinkEnabled: boolean;
  isLineGraphics: boolean;
  underlineScan: number;
  cursorStart: number;
  cursorEnd: number;
}

function cellStyle(registers: VgaRegisters): CellStyle {
  const { sequencer, attribute, crtc } = registers;
  const maps = sequencer[r.SEQ_CHARACTER_MAP]!;
  return {
    // Attribute bit 3 set selects map A, clear map B.
    fontA: fontOffsets[((maps >> 2) & 3) | ((maps >> 3) & 4)]!,
    fontB: fontOffsets[(maps & 3) | ((maps >> 2) & 4)]!,
    isBlinkEnabled: (attribute[r.ATTR_MODE]! & r.ATTR_MODE_BLINK) !== 0,
    isLineGraphics: (attribute[r.ATTR_MODE]! & r.ATTR_MODE_LINE_GRAPHICS) !== 0,
    underlineScan: crtc[r.CRTC_UNDERLINE]! & 31,
    cursorStart: crtc[r.CRTC_CURSOR_START]! & 31,
    cursorEnd: crtc[r.CRTC_CURSOR_END]! & 31,
  };
}

/** Memory counter of the cursor, or -1 while it is switched off. */
function cursorCounter(registers: VgaRegisters): number {
  const { crtc } = registers;
  const start = crtc[r.CRTC_CURSOR_START]!;
  const end = crtc[r.CRTC_CURSOR_END]!;
  if ((start & r.CURSOR_DISABLE) !== 0 || (start & 31) > (end & 31)) return -1;
  const skew = (end >> 5) & 3;
  return (((crtc[r.CRTC_CURSOR_HIGH]! << 8) | crtc[r.CRTC_CURSOR_LOW]!) + skew) & 0xffff;
}

export class TextRenderer {
  readonly #bytes: Uint8Array;
  #cells: Uint32Array = new Uint32Array(0);
  /** The last frame had cells that change with the blink phase. */
  #hasBlinkingCells = false;
  #hasCursor = false;

  constructor(memory: Uint8Array) {
    this.#bytes = memory;
  }

  /** True if a change of the blink phase would show. */
  isBlinking(): boolean {
    return this.#hasBlinkingCells || this.#hasCursor;
  }

  render(
    mode: VgaGeometry,
    registers: VgaRegisters,
    palette: Palette,
    frame: Frame,
    blink: BlinkPhase,
    full: boolean,
  ): DisplayRect[] {
    const spans = rowSpans(mode);
    // Panning shows part of one more column.
    const columns = mode.columns + (spans.some((span) => span.panDots > 0) ? 1 : 0);
    if (this.#cells.length !== spans.length * columns) this.#cells = new Uint32Array(spans.length * columns);
    if (full) this.#cells.fill(CELL_UNKNOWN);
    const style = cellStyle(registers);
    const cursor = cursorCounter(registers);
    const rects: DisplayRect[] = [];
    this.#hasBlinkingCells = false;
    this.#hasCursor = false;
    for (let row = 0; row < spans.length; row++) {
      const span = spans[row]!;
      let firstChanged = -1;
      let lastChanged = -1;
      for (let column = 0; column < columns; column++) {
        const key = this.#cellKey(mode, span, column, cursor, style, blink);
        const index = row * columns + column;
        if (key === this.#cells[index]) continue;
        this.#cells[index] = key;
        this.#drawCell(mode, span, column, key, style, palette.attribute, frame);
        if (firstChanged < 0) firstChanged = column;
        lastChanged = column;
      }
      if (firstChanged >= 0) pushCells(rects, mode, span, firstChanged, lastChanged);
    }
    return rects;
  }

  /** The screen as characters. Rows cut by the lower edge count; a split screen's parts follow each other. */
  text(mode: VgaGeometry, registers: VgaRegisters): TextScreen {
    const spans = rowSpans(mode);
    const cells = new Uint8Array(spans.length * mode.columns * 2);
    const cursorAt = cursorCounter(registers);
    let cursor: TextScreen['cursor'] = null;
    spans.forEach((span, row) => {
      for (let column = 0; column < mode.columns; column++) {
        const counter = (span.counter + column) & 0xffff;
        const at = planeAddress(mode.map, counter, 0) << 2;
        const index = (row * mode.columns + column) * 2;
        cells[index] = this.#bytes[at]!;
        cells[index + 1] = this.#bytes[at + 1]!;
        if (counter === cursorAt) cursor = { column, row };
      }
    });
    return { columns: mode.columns, rows: spans.length, cells, cursor };
  }

  #cellKey(
    mode: VgaGeometry,
    span: RowSpan,
    column: number,
    cursor: number,
    style: CellStyle,
    blink: BlinkPhase,
  ): number {
    const counter = (span.counter + column) & 0xffff;
    const at = planeAddress(mode.map, counter, 0) << 2;
    const attribute = this.#bytes[at + 1]!;
    let key = this.#bytes[at]! | (attribute << 8);
    if (style.isBlinkEnabled && attribute & 0x80) {
      this.#hasBlinkingCells = true;
      if (!blink.isTextOn) key |= CELL_HIDDEN;
    }
    if (counter === cursor) {
      this.#hasCursor = true;
      if (blink.isCursorOn) key |= CELL_CURSOR;
    }
    return key;
  }

  // hot path: 2000 cells of 144 dots when a whole 80 x 25 screen changes.
  #drawCell(
    mode: VgaGeometry,
    span: RowSpan,
    column: number,
    key: number,
    style: CellStyle,
    colors: Uint32Array,
    frame: Frame,
  ): void {
    const { dots, xScale, yScale } = mode;
    const { pixels, width } = frame;
    const character = key & 0xff;
    const attribute = (key >> 8) & 0xff;
    const foreground = colors[attribute & 15]!;
    const background = colors[(attribute >> 4) & (style.isBlinkEnabled ? 7 : 15)]!;
    const ink = key & CELL_HIDDEN ? background : foreground;
    const font = attribute & 8 ? style.fontA : style.fontB;
    const glyph = (font + character * glyphStride) << 2;
    const repeatsLastDot = style.isLineGraphics && character >= 0xc0 && character <= 0xdf;
    const isUnderlined = (attribute & 0x77) === 1;
    const cellWidth = dots * xScale;
    const left = column * cellWidth - span.panDots * xScale;
    const from = Math.max(left, 0);
    const to = Math.min(left + cellWidth, width);
    for (let y = span.top; y < span.bottom; y++) {
      const scan = span.firstScan + (yScale === 2 ? (y - span.top) >> 1 : y - span.top);
      let bits = this.#bytes[glyph + ((scan << 2) | 2)]! << 1;
      if (repeatsLastDot) bits |= (bits >> 1) & 1;
      if (isUnderlined && scan === style.underlineScan) bits = 0x1ff;
      let color = ink;
      if (key & CELL_CURSOR && scan >= style.cursorStart && scan <= style.cursorEnd) {
        bits = 0x1ff;
        color = foreground;
      }
      const line = y * width;
      for (let x = from; x < to; x++) {
        const dot = xScale === 2 ? (x - left) >> 1 : x - left;
        pixels[line + x] = (bits >> (8 - dot)) & 1 ? color : background;
      }
    }
  }
}

function pushCells(rects: DisplayRect[], mode: VgaGeometry, span: RowSpan, first: number, last: number): void {
  const cellWidth = mode.dots * mode.xScale;
  const pan = span.panDots * mode.xScale;
  const x = Math.max(first * cellWidth - pan, 0);
  const right = Math.min((last + 1) * cellWidth - pan, mode.width);
  if (right <= x) return;
  const previous = rects[rects.length - 1];
  if (previous && previous.x === x && previous.width === right - x && previous.y + previous.height === span.top) {
    previous.height += span.bottom - span.top;
  } else {
    rects.push({ x, y: span.top, width: right - x, height: span.bottom - span.top });
  }
}
