// INT 10h/11h: character generators. [PS2-BIOS]
import { BDA } from '../bda.ts';
import type { CallFrame } from '../call-frame.ts';
import type { FirmwareContext } from '../firmware-context.ts';
import { VIDEO_SEGMENT } from '../services.ts';
import type { Screen } from './screen.ts';
import { EMPTY_FONT_EXTENSION, FONT_8X8, FONT_8X14, FONT_8X16 } from './video-rom.ts';

export class FontService {
  private readonly context: FirmwareContext;
  private readonly screen: Screen;

  constructor(context: FirmwareContext, screen: Screen) {
    this.context = context;
    this.screen = screen;
  }

  handle(frame: CallFrame): void {
    const { screen } = this;
    const isText = screen.mode().layout === 'text';
    switch (frame.al) {
      case 0x00:
      case 0x10:
        if (isText) this.loadUserFont(frame);
        return;
      case 0x01:
      case 0x02:
      case 0x04:
      case 0x11:
      case 0x12:
      case 0x14:
        if (isText) this.loadRomFont(frame);
        return;
      case 0x03:
        screen.vga.sequencer(3, frame.bl);
        return;
      case 0x20:
        this.context.memory.writeU32(0x1f * 4, this.esBp(frame));
        return;
      case 0x21:
        this.setGraphicsFont(this.esBp(frame), frame.cx, frame);
        return;
      case 0x22:
        this.setGraphicsFont(romPointer(FONT_8X14), 14, frame);
        return;
      case 0x23:
        this.setGraphicsFont(romPointer(FONT_8X8), 8, frame);
        return;
      case 0x24:
        this.setGraphicsFont(romPointer(FONT_8X16), 16, frame);
        return;
      case 0x30:
        this.information(frame);
        return;
      default:
        return;
    }
  }

  private esBp(frame: CallFrame): number {
    return ((this.context.cpu.readSegment('es').selector << 16) | frame.bp) >>> 0;
  }

  /** ES:BP, CX characters from DX, BH bytes each. AL bit 4: adapt the mode. */
  private loadUserFont(frame: CallFrame): void {
    const height = frame.bh;
    if (height < 1 || height > 32 || frame.dx > 255) return;
    const count = Math.min(frame.cx, 256 - frame.dx);
    const glyphs = this.context.linear.take(frame.es(frame.bp), count * height);
    this.screen.loadGlyphs(glyphs, height, frame.dx, frame.bl);
    if (frame.al === 0x10) this.screen.setCharacterHeight(height);
  }

  private loadRomFont(frame: CallFrame): void {
    const height = ({ 1: 14, 2: 8, 4: 16 } as const)[(frame.al & 0x0f) as 1 | 2 | 4];
    this.screen.loadFont(height, frame.bl);
    if (frame.al >= 0x10) this.screen.setCharacterHeight(height);
  }

  private setGraphicsFont(pointer: number, height: number, frame: CallFrame): void {
    const { memory } = this.context;
    if (height < 1 || height > 32) return;
    memory.writeU32(0x43 * 4, pointer);
    memory.writeU16(BDA.characterHeight, height);
    const rows = [frame.dl, 14, 25, 43][frame.bl] ?? 25;
    memory.writeU8(BDA.lastRow, Math.max(rows, 1) - 1);
  }

  private information(frame: CallFrame): void {
    const { memory } = this.context;
    const pointer = this.fontPointer(frame.bh);
    if (pointer === null) return;
    frame.setEs(pointer >>> 16);
    frame.bp = pointer & 0xffff;
    frame.cx = this.screen.characterHeight();
    frame.dl = memory.readU8(BDA.lastRow);
  }

  private fontPointer(selector: number): number | null {
    switch (selector) {
      case 0:
        return this.context.memory.readU32(0x1f * 4);
      case 1:
        return this.context.memory.readU32(0x43 * 4);
      case 2:
        return romPointer(FONT_8X14);
      case 3:
        return romPointer(FONT_8X8);
      case 4:
        return romPointer(FONT_8X8 + 1024);
      case 5:
      case 7:
        // Alternates for nine-dot cells: none of our glyphs needs one.
        return romPointer(EMPTY_FONT_EXTENSION);
      case 6:
        return romPointer(FONT_8X16);
      default:
        return null;
    }
  }
}

function romPointer(offset: number): number {
  return ((VIDEO_SEGMENT << 16) | offset) >>> 0;
}
