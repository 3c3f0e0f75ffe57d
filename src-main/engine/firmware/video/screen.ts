// Characters on the display: modes, cursor, scrolling, writing, fonts, in text and graphics modes. State lives in the BIOS
// data area, as programs expect. The INT 10h interface on top is video-service.ts; the boot screens use this directly.
import { BDA } from '../bda.ts';
import type { FirmwareContext } from '../firmware-context.ts';
import type { FirmwareMemory } from '../firmware-cpu.ts';
import { defaultPalette } from './default-palettes.ts';
import { GraphicsText } from './graphics-text.ts';
import { findVideoMode, type PaletteKind, type VideoMode } from './modes.ts';
import { DISPI, type VgaPorts } from './vga-ports.ts';
import { FONT_8X8, FONT_8X14, FONT_8X16 } from './video-rom.ts';

const VIDEO_SEGMENT_BASE = 0xc0000;
const TAB_COLUMNS = 8;

export interface ScrollWindow {
  top: number;
  left: number;
  bottom: number;
  right: number;
}

export class Screen {
  readonly vga: VgaPorts;
  readonly graphicsText: GraphicsText;
  private readonly memory: FirmwareMemory;

  constructor(context: FirmwareContext, vga: VgaPorts) {
    this.vga = vga;
    this.memory = context.memory;
    this.graphicsText = new GraphicsText(context.memory, vga);
  }

  /** The mode in effect, from the data area; text mode 3 if a program has written nonsense there. */
  mode(): VideoMode {
    return findVideoMode(this.memory.readU8(BDA.videoMode) & 0x7f) ?? findVideoMode(3)!;
  }

  columns(): number {
    return Math.max(this.memory.readU16(BDA.columns) & 0xff, 1);
  }

  rows(): number {
    return this.memory.readU8(BDA.lastRow) + 1;
  }

  characterHeight(): number {
    const height = this.memory.readU16(BDA.characterHeight);
    return height >= 1 && height <= 32 ? height : 16;
  }

  activePage(): number {
    return this.memory.readU8(BDA.activePage) & 7;
  }

  setMode(mode: VideoMode, keepMemory: boolean): void {
    const { vga, memory } = this;
    vga.dispi(DISPI.ENABLE, 0);
    vga.crtcPort = (mode.misc & 1) !== 0 ? 0x3d4 : 0x3b4;
    vga.sequencer(0, 1);
    vga.misc(mode.misc);
    mode.sequencer.forEach((value, index) => {
      vga.sequencer(index + 1, value);
    });
    vga.sequencer(0, 3);
    // Registers 0-7 are protected by bit 7 of register 11h.
    vga.crtc(0x11, 0);
    mode.crtc.forEach((value, index) => {
      vga.crtc(index, value);
    });
    mode.graphics.forEach((value, index) => {
      vga.graphics(index, value);
    });
    mode.attribute.forEach((value, index) => {
      vga.attribute(index, value);
    });
    vga.attribute(0x14, 0);
    vga.dacMask(0xff);
    if ((memory.readU8(BDA.videoModeSet) & 8) === 0) this.loadPalette(mode.palette);
    if (!keepMemory) this.clearMemory(mode);
    this.setDataArea(mode, keepMemory);
    if (mode.layout === 'text') this.loadFont(16, 0);
    this.setFontPointers(mode);
  }

  loadPalette(kind: PaletteKind): void {
    this.vga.dac(0, defaultPalette(kind));
  }

  private clearMemory(mode: VideoMode): void {
    if (mode.layout === 'text') {
      const blank = new Uint8Array(0x8000);
      for (let at = 0; at < blank.length; at += 2) {
        blank[at] = 0x20;
        blank[at + 1] = 7;
      }
      this.memory.write(mode.base, blank);
    } else {
      this.memory.write(mode.base, new Uint8Array(mode.base === 0xa0000 ? 0x10000 : 0x8000));
    }
  }

  private setDataArea(mode: VideoMode, keepMemory: boolean): void {
    const { memory } = this;
    memory.writeU8(BDA.videoMode, mode.number);
    memory.writeU16(BDA.columns, mode.columns);
    memory.writeU16(BDA.pageBytes, mode.pageBytes);
    memory.writeU16(BDA.pageOffset, 0);
    memory.write(BDA.cursorPositions, new Uint8Array(16));
    memory.writeU16(BDA.cursorShape, mode.layout === 'text' ? 0x0607 : 0);
    memory.writeU8(BDA.activePage, 0);
    memory.writeU16(BDA.crtcPort, this.vga.crtcPort);
    const crtMode = [0x2c, 0x28, 0x2d, 0x29, 0x2a, 0x2e, 0x1e, 0x29][mode.number] ?? 0x29;
    memory.writeU8(BDA.crtMode, crtMode);
    memory.writeU8(BDA.crtPalette, mode.number === 6 ? 0x3f : 0x30);
    memory.writeU8(BDA.lastRow, mode.rows - 1);
    memory.writeU16(BDA.characterHeight, mode.characterHeight);
    memory.writeU8(BDA.videoControl, 0x60 | (keepMemory ? 0x80 : 0));
    memory.writeU8(BDA.videoSwitches, 0xf9);
    memory.writeU8(BDA.videoModeSet, (memory.readU8(BDA.videoModeSet) & 0x7f) | 0x11);
    memory.writeU8(BDA.displayCombination, 8);
  }

  /** INT 1Fh: upper half of 8x8; INT 43h: the graphics font. */
  private setFontPointers(mode: VideoMode): void {
    const offset = mode.characterHeight === 8 ? FONT_8X8 : mode.characterHeight === 14 ? FONT_8X14 : FONT_8X16;
    this.memory.writeU32(0x1f * 4, (0xc0000000 | (FONT_8X8 + 1024)) >>> 0);
    this.memory.writeU32(0x43 * 4, (0xc0000000 | offset) >>> 0);
  }

  /** Loads a ROM font of `height` 8, 14 or 16 lines into a character map of plane 2. */
  loadFont(height: 8 | 14 | 16, block: number): void {
    const offset = height === 8 ? FONT_8X8 : height === 14 ? FONT_8X14 : FONT_8X16;
    const glyphs = new Uint8Array(256 * height);
    this.memory.read(VIDEO_SEGMENT_BASE + offset, glyphs);
    this.loadGlyphs(glyphs, height, 0, block);
  }

  /** Writes glyphs of `height` bytes each to plane 2 behind the text mode's back. */
  loadGlyphs(glyphs: Uint8Array, height: number, first: number, block: number): void {
    const { vga, memory } = this;
    const saved = { map: vga.readSequencer(2), mode: vga.readSequencer(4) };
    const graphics = [4, 5, 6].map((index) => vga.readGraphics(index));
    vga.sequencer(2, 4);
    vga.sequencer(4, 6);
    vga.graphics(4, 2);
    vga.graphics(5, 0);
    vga.graphics(6, 4);
    // Map n of eight: 0, 16, 32, 48, 8, 24, 40, 56 KiB.
    const base = 0xa0000 + ((block & 3) << 14) + ((block & 4) << 11);
    const count = Math.min(Math.floor(glyphs.length / height), 256 - first);
    for (let index = 0; index < count; index++) {
      const cell = new Uint8Array(32);
      cell.set(glyphs.subarray(index * height, (index + 1) * height));
      memory.write(base + (first + index) * 32, cell);
    }
    vga.sequencer(2, saved.map);
    vga.sequencer(4, saved.mode);
    [4, 5, 6].forEach((index, position) => {
      vga.graphics(index, graphics[position]!);
    });
  }

  /** Recomputes rows for another character height in a text mode and moves the cursor to its last lines. */
  setCharacterHeight(height: number): void {
    const { vga, memory } = this;
    const scanLines =
      vga.readCrtc(0x12) + (((vga.readCrtc(7) >> 1) & 1) << 8) + (((vga.readCrtc(7) >> 6) & 1) << 9) + 1;
    vga.crtc(9, (vga.readCrtc(9) & 0xe0) | (height - 1));
    const rows = Math.max(Math.floor(scanLines / height), 1);
    memory.writeU8(BDA.lastRow, rows - 1);
    memory.writeU16(BDA.characterHeight, height);
    memory.writeU16(BDA.pageBytes, (rows * this.columns() * 2 + 0xff) & 0xff00);
    this.setCursorShape(0x0607);
  }

  setCursorShape(shape: number): void {
    this.memory.writeU16(BDA.cursorShape, shape);
    let start = (shape >> 8) & 0x3f;
    let end = shape & 0x1f;
    const height = this.characterHeight();
    // Programs speak of an 8-line cell; scale to the real one unless emulation is off. [PS2-BIOS INT 10h/01h]
    if ((this.memory.readU8(BDA.videoControl) & 1) === 0 && height > 8 && start < 8 && end < 8) {
      const isLastLines = start >= 5 && end >= start;
      start = isLastLines ? height - (8 - start) - (height > 14 ? 1 : 0) : Math.floor((start * height) / 8);
      end = isLastLines ? height - (8 - end) - (height > 14 ? 1 : 0) : Math.floor(((end + 1) * height) / 8) - 1;
    }
    this.vga.crtc(0x0a, start);
    this.vga.crtc(0x0b, end);
  }

  cursor(page: number): { column: number; row: number } {
    const at = BDA.cursorPositions + (page & 7) * 2;
    return { column: this.memory.readU8(at), row: this.memory.readU8(at + 1) };
  }

  setCursor(page: number, column: number, row: number): void {
    const at = BDA.cursorPositions + (page & 7) * 2;
    this.memory.writeU8(at, column);
    this.memory.writeU8(at + 1, row);
    if ((page & 7) !== this.activePage() || this.mode().layout !== 'text') return;
    const address = ((this.memory.readU16(BDA.pageOffset) >> 1) + row * this.columns() + column) & 0xffff;
    this.vga.crtc(0x0e, address >> 8);
    this.vga.crtc(0x0f, address);
  }

  setActivePage(page: number): void {
    const mode = this.mode();
    const offset = (page & 7) * this.memory.readU16(BDA.pageBytes);
    this.memory.writeU8(BDA.activePage, page & 7);
    this.memory.writeU16(BDA.pageOffset, offset);
    const address = mode.layout === 'text' ? offset >> 1 : offset;
    this.vga.crtc(0x0c, address >> 8);
    this.vga.crtc(0x0d, address);
    const { column, row } = this.cursor(page);
    this.setCursor(page, column, row);
  }

  private cell(page: number, column: number, row: number): number {
    const offset = (page & 7) * this.memory.readU16(BDA.pageBytes) + (row * this.columns() + column) * 2;
    return this.mode().base + (offset & 0x7fff);
  }

  readCell(page: number): { character: number; attribute: number } {
    const { column, row } = this.cursor(page);
    const mode = this.mode();
    if (mode.layout !== 'text') {
      return { character: this.graphicsText.recognize(mode, this.characterHeight(), column, row), attribute: 0 };
    }
    const at = this.cell(page, column, row);
    return { character: this.memory.readU8(at), attribute: this.memory.readU8(at + 1) };
  }

  /** Writes `count` copies at the cursor, which stays. `attribute` null keeps what is there. */
  writeCells(page: number, character: number, attribute: number | null, count: number): void {
    const mode = this.mode();
    const { column, row } = this.cursor(page);
    const columns = this.columns();
    const total = Math.min(count, columns * this.rows());
    for (let index = 0; index < total; index++) {
      const position = column + index;
      const atColumn = position % columns;
      const atRow = row + Math.floor(position / columns);
      if (atRow >= this.rows()) return;
      if (mode.layout !== 'text') {
        this.graphicsText.draw(mode, this.characterHeight(), character, attribute ?? 7, atColumn, atRow, page);
        continue;
      }
      const at = this.cell(page, atColumn, atRow);
      this.memory.writeU8(at, character);
      if (attribute !== null) this.memory.writeU8(at + 1, attribute);
    }
  }

  /** INT 10h/0Eh: control characters act, the screen scrolls. `attribute` null keeps (text) or is the colour (graphics). */
  teletype(page: number, character: number, attribute: number | null): void {
    let { column, row } = this.cursor(page);
    switch (character) {
      case 7:
        return;
      case 8:
        column = Math.max(column - 1, 0);
        break;
      case 9:
        column = (Math.floor(column / TAB_COLUMNS) + 1) * TAB_COLUMNS;
        break;
      case 10:
        row++;
        break;
      case 13:
        column = 0;
        break;
      default:
        this.writeCells(page, character, attribute, 1);
        column++;
    }
    if (column >= this.columns()) {
      column = 0;
      row++;
    }
    if (row >= this.rows()) {
      row = this.rows() - 1;
      const below = this.mode().layout === 'text' ? this.memory.readU8(this.cell(page, 0, row) + 1) : 0;
      this.scroll(page, 1, below, { top: 0, left: 0, bottom: row, right: this.columns() - 1 }, 'up');
    }
    this.setCursor(page, column, row);
  }

  /** Moves the window's lines; `lines` 0 clears it. */
  scroll(page: number, lines: number, attribute: number, window: ScrollWindow, direction: 'up' | 'down'): void {
    const mode = this.mode();
    const right = Math.min(window.right, this.columns() - 1);
    const bottom = Math.min(window.bottom, this.rows() - 1);
    if (window.left > right || window.top > bottom) return;
    const height = bottom - window.top + 1;
    const distance = lines === 0 || lines > height ? height : lines;
    const area = { top: window.top, left: window.left, bottom, right };
    if (mode.layout !== 'text') {
      this.graphicsText.scroll(mode, this.characterHeight(), area, distance, attribute, direction, page);
      return;
    }
    const width = (right - window.left + 1) * 2;
    const blank = new Uint8Array(width);
    for (let at = 0; at < width; at += 2) {
      blank[at] = 0x20;
      blank[at + 1] = attribute;
    }
    const line = new Uint8Array(width);
    for (let index = 0; index < height; index++) {
      const row = direction === 'up' ? window.top + index : bottom - index;
      const source = direction === 'up' ? row + distance : row - distance;
      const isInside = source >= window.top && source <= bottom;
      if (isInside) this.memory.read(this.cell(page, window.left, source), line);
      this.memory.write(this.cell(page, window.left, row), isInside ? line : blank);
    }
  }

  /** Prints at the cursor of the active page; "\n" starts a line. */
  print(text: string, attribute: number): void {
    const page = this.activePage();
    for (const character of text) {
      if (character === '\n') this.teletype(page, 13, null);
      this.teletype(page, character.charCodeAt(0) & 0xff, attribute);
    }
  }
}
