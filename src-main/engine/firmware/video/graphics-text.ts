// Characters and pixels in the graphics modes. Glyphs come from the font that INT 43h points at (INT 1Fh for the upper half
// in CGA modes). Planar memory is worked plane by plane.
import type { FirmwareMemory } from '../firmware-cpu.ts';
import type { VideoMode } from './modes.ts';
import type { ScrollWindow } from './screen.ts';
import type { VgaPorts } from './vga-ports.ts';

const XOR = 0x80;

export class GraphicsText {
  private readonly memory: FirmwareMemory;
  private readonly vga: VgaPorts;

  constructor(memory: FirmwareMemory, vga: VgaPorts) {
    this.memory = memory;
    this.vga = vga;
  }

  private glyph(mode: VideoMode, height: number, character: number): Uint8Array {
    const isUpperCga = mode.layout.startsWith('cga') && character >= 128;
    const pointer = this.memory.readU32((isUpperCga ? 0x1f : 0x43) * 4);
    const base = ((pointer >>> 16) << 4) + (pointer & 0xffff);
    const glyph = new Uint8Array(height);
    this.memory.read(base + (isUpperCga ? character - 128 : character) * height, glyph);
    return glyph;
  }

  draw(
    mode: VideoMode,
    height: number,
    character: number,
    color: number,
    column: number,
    row: number,
    page: number,
  ): void {
    const glyph = this.glyph(mode, height, character);
    if (mode.layout === 'planar') {
      const start = mode.base + (page & 7) * mode.pageBytes + row * height * mode.columns + column;
      this.drawPlanar(mode, glyph, color, start);
      return;
    }
    for (let line = 0; line < height; line++) {
      for (let x = 0; x < 8; x++) {
        const isSet = ((glyph[line]! >> (7 - x)) & 1) !== 0;
        const value = isSet ? color : color & XOR;
        if (mode.layout === 'linear') this.putLinear(column * 8 + x, row * height + line, isSet ? color & 0xff : 0);
        else this.putCga(mode, column * 8 + x, row * height + line, value);
      }
    }
  }

  private drawPlanar(mode: VideoMode, glyph: Uint8Array, color: number, start: number): void {
    const isXor = (color & XOR) !== 0;
    for (let plane = 0; plane < 4; plane++) {
      this.selectPlane(plane);
      const isOn = ((color >> plane) & 1) !== 0;
      for (let line = 0; line < glyph.length; line++) {
        const at = start + line * mode.columns;
        const bits = isOn ? glyph[line]! : 0;
        this.memory.writeU8(at, isXor ? this.memory.readU8(at) ^ bits : bits);
      }
    }
    this.allPlanes();
  }

  private selectPlane(plane: number): void {
    this.vga.sequencer(2, 1 << plane);
    this.vga.graphics(4, plane);
    this.vga.graphics(1, 0);
    this.vga.graphics(3, 0);
    this.vga.graphics(5, 0);
    this.vga.graphics(8, 0xff);
  }

  private allPlanes(): void {
    this.vga.sequencer(2, 0x0f);
    this.vga.graphics(4, 0);
  }

  private putLinear(x: number, y: number, color: number): void {
    this.memory.writeU8(0xa0000 + ((y * 320 + x) & 0xffff), color);
  }

  private putCga(mode: VideoMode, x: number, y: number, color: number): void {
    const bits = mode.layout === 'cga-2bpp' ? 2 : 1;
    const perByte = 8 / bits;
    const at = mode.base + (y & 1) * 0x2000 + (y >> 1) * 80 + Math.floor(x / perByte);
    const shift = 8 - bits - (x % perByte) * bits;
    const mask = ((1 << bits) - 1) << shift;
    const old = this.memory.readU8(at);
    const value = ((color & ((1 << bits) - 1)) << shift) & mask;
    this.memory.writeU8(at, (color & XOR) !== 0 ? old ^ value : (old & ~mask) | value);
  }

  putPixel(mode: VideoMode, x: number, y: number, color: number, page: number): void {
    if (mode.layout === 'linear') {
      this.putLinear(x, y, color);
    } else if (mode.layout === 'planar') {
      const at = mode.base + (page & 7) * mode.pageBytes + y * mode.columns + (x >> 3);
      const bit = 0x80 >> (x & 7);
      for (let plane = 0; plane < 4; plane++) {
        this.selectPlane(plane);
        const old = this.memory.readU8(at);
        const isOn = ((color >> plane) & 1) !== 0;
        if ((color & XOR) !== 0) this.memory.writeU8(at, isOn ? old ^ bit : old);
        else this.memory.writeU8(at, isOn ? old | bit : old & ~bit);
      }
      this.allPlanes();
    } else if (mode.layout !== 'text') {
      this.putCga(mode, x, y, color);
    }
  }

  getPixel(mode: VideoMode, x: number, y: number, page: number): number {
    switch (mode.layout) {
      case 'text':
        return 0;
      case 'linear':
        return this.memory.readU8(0xa0000 + ((y * 320 + x) & 0xffff));
      case 'planar': {
        const at = mode.base + (page & 7) * mode.pageBytes + y * mode.columns + (x >> 3);
        let color = 0;
        for (let plane = 0; plane < 4; plane++) {
          this.selectPlane(plane);
          color |= ((this.memory.readU8(at) >> (7 - (x & 7))) & 1) << plane;
        }
        this.allPlanes();
        return color;
      }
      default: {
        const bits = mode.layout === 'cga-2bpp' ? 2 : 1;
        const perByte = 8 / bits;
        const at = mode.base + (y & 1) * 0x2000 + (y >> 1) * 80 + Math.floor(x / perByte);
        return (this.memory.readU8(at) >> (8 - bits - (x % perByte) * bits)) & ((1 << bits) - 1);
      }
    }
  }

  /** The character whose glyph stands in a cell, 0 if none does. */
  recognize(mode: VideoMode, height: number, column: number, row: number): number {
    const cell = new Uint8Array(height);
    for (let line = 0; line < height; line++) {
      for (let x = 0; x < 8; x++) {
        if (this.getPixel(mode, column * 8 + x, row * height + line, 0) !== 0) cell[line]! |= 0x80 >> x;
      }
    }
    for (let character = 0; character < 256; character++) {
      if (this.glyph(mode, height, character).every((bits, line) => bits === cell[line])) return character;
    }
    return 0;
  }

  /** Character lines within the window. */
  scroll(
    mode: VideoMode,
    height: number,
    window: ScrollWindow,
    distance: number,
    color: number,
    direction: 'up' | 'down',
    page: number,
  ): void {
    const planes = mode.layout === 'planar' ? 4 : 1;
    for (let plane = 0; plane < planes; plane++) {
      if (planes === 4) this.selectPlane(plane);
      const fill =
        planes === 4
          ? ((color >> plane) & 1) !== 0
            ? 0xff
            : 0
          : mode.layout === 'linear'
            ? color
            : fillCga(mode, color);
      this.scrollPlane(mode, height, window, distance, fill, direction, page);
    }
    if (planes === 4) this.allPlanes();
  }

  private scrollPlane(
    mode: VideoMode,
    height: number,
    window: ScrollWindow,
    distance: number,
    fill: number,
    direction: 'up' | 'down',
    page: number,
  ): void {
    const bytesPerCell = mode.layout === 'linear' ? 8 : mode.layout === 'cga-2bpp' ? 2 : 1;
    const width = (window.right - window.left + 1) * bytesPerCell;
    const address = (y: number): number => this.lineStart(mode, y, page) + window.left * bytesPerCell;
    const top = window.top * height;
    const bottom = (window.bottom + 1) * height - 1;
    const line = new Uint8Array(width);
    const blank = new Uint8Array(width).fill(fill);
    for (let index = 0; index <= bottom - top; index++) {
      const y = direction === 'up' ? top + index : bottom - index;
      const source = direction === 'up' ? y + distance * height : y - distance * height;
      const isInside = source >= top && source <= bottom;
      if (isInside) this.memory.read(address(source), line);
      this.memory.write(address(y), isInside ? line : blank);
    }
  }

  private lineStart(mode: VideoMode, y: number, page: number): number {
    switch (mode.layout) {
      case 'linear':
        return mode.base + y * 320;
      case 'planar':
        return mode.base + (page & 7) * mode.pageBytes + y * mode.columns;
      default:
        return mode.base + (y & 1) * 0x2000 + (y >> 1) * 80;
    }
  }
}

function fillCga(mode: VideoMode, color: number): number {
  return mode.layout === 'cga-2bpp' ? (color & 3) * 0x55 : (color & 1) * 0xff;
}
