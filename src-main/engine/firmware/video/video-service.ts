// INT 10h. [PS2-BIOS INT 10h]; VBE in vbe.ts
import { BDA } from '../bda.ts';
import type { CallFrame } from '../call-frame.ts';
import type { FirmwareContext } from '../firmware-context.ts';
import { VIDEO_SEGMENT } from '../services.ts';
import { FontService } from './font-service.ts';
import { findVideoMode } from './modes.ts';
import { PaletteService } from './palette-service.ts';
import type { Screen } from './screen.ts';
import { Vbe } from './vbe.ts';
import { STATIC_FUNCTIONALITY } from './video-rom.ts';
import { VideoState } from './video-state.ts';

const MAX_STRING_CELLS = 0x2000;

export class VideoService {
  private readonly context: FirmwareContext;
  private readonly screen: Screen;
  private readonly palette: PaletteService;
  private readonly fonts: FontService;
  private readonly vbe: Vbe;

  constructor(context: FirmwareContext, screen: Screen) {
    this.context = context;
    this.screen = screen;
    const state = new VideoState(context, screen.vga);
    this.palette = new PaletteService(context, screen.vga);
    this.fonts = new FontService(context, screen);
    this.vbe = new Vbe(context, screen, state);
  }

  handle(frame: CallFrame): void {
    const { screen } = this;
    const { memory } = this.context;
    switch (frame.ah) {
      case 0x00:
        this.setMode(frame);
        return;
      case 0x01:
        screen.setCursorShape(frame.cx);
        return;
      case 0x02:
        screen.setCursor(frame.bh, frame.dl, frame.dh);
        return;
      case 0x03: {
        const cursor = screen.cursor(frame.bh);
        frame.cx = memory.readU16(BDA.cursorShape);
        frame.dl = cursor.column;
        frame.dh = cursor.row;
        return;
      }
      case 0x04:
        // No light pen.
        frame.ah = 0;
        return;
      case 0x05:
        screen.setActivePage(frame.al);
        return;
      case 0x06:
      case 0x07: {
        const window = { top: frame.ch, left: frame.cl, bottom: frame.dh, right: frame.dl };
        screen.scroll(screen.activePage(), frame.al, frame.bh, window, frame.ah === 6 ? 'up' : 'down');
        return;
      }
      case 0x08: {
        const cell = screen.readCell(frame.bh);
        frame.al = cell.character;
        frame.ah = cell.attribute;
        return;
      }
      case 0x09:
        screen.writeCells(frame.bh, frame.al, frame.bl, frame.cx);
        return;
      case 0x0a:
        screen.writeCells(frame.bh, frame.al, screen.mode().layout === 'text' ? null : frame.bl, frame.cx);
        return;
      case 0x0b:
        this.palette.cgaPalette(frame);
        return;
      case 0x0c:
        screen.graphicsText.putPixel(screen.mode(), frame.cx, frame.dx, frame.al, frame.bh);
        return;
      case 0x0d:
        frame.al = screen.graphicsText.getPixel(screen.mode(), frame.cx, frame.dx, frame.bh);
        return;
      case 0x0e:
        screen.teletype(screen.activePage(), frame.al, screen.mode().layout === 'text' ? null : frame.bl);
        return;
      case 0x0f:
        frame.ah = screen.columns();
        frame.al = (memory.readU8(BDA.videoMode) & 0x7f) | (memory.readU8(BDA.videoControl) & 0x80);
        frame.bh = screen.activePage();
        return;
      case 0x10:
        this.palette.handle(frame);
        return;
      case 0x11:
        this.fonts.handle(frame);
        return;
      case 0x12:
        this.alternateSelect(frame);
        return;
      case 0x13:
        this.writeString(frame);
        return;
      case 0x1a:
        if (frame.al === 0) frame.bx = memory.readU8(BDA.displayCombination);
        else if (frame.al === 1) memory.writeU8(BDA.displayCombination, frame.bl);
        else return;
        frame.al = 0x1a;
        return;
      case 0x1b:
        this.functionality(frame);
        return;
      case 0x1c:
        this.vbe.saveRestore(frame, false);
        return;
      case 0x4f:
        this.vbe.handle(frame);
        return;
      default:
        return;
    }
  }

  private setMode(frame: CallFrame): void {
    const mode = findVideoMode(frame.al & 0x7f);
    if (mode === null) return;
    this.screen.setMode(mode, (frame.al & 0x80) !== 0);
    this.vbe.leave();
    // Undocumented but relied on: AL tells about the mode set.
    frame.al = mode.number === 6 ? 0x3f : mode.number <= 7 ? 0x30 : 0x20;
  }

  private alternateSelect(frame: CallFrame): void {
    const { memory } = this.context;
    switch (frame.bl) {
      case 0x10:
        // Colour display, 256 KiB; feature bits and switch settings of a VGA.
        frame.bx = 0x0003;
        frame.cx = 0x0009;
        return;
      case 0x20:
        return;
      case 0x30: {
        const bits = [0x80, 0x00, 0x10][frame.al];
        if (bits === undefined) return;
        memory.writeU8(BDA.videoModeSet, (memory.readU8(BDA.videoModeSet) & ~0x90) | bits);
        break;
      }
      case 0x31:
        this.flag(BDA.videoModeSet, 8, frame.al === 1);
        break;
      case 0x32:
        break;
      case 0x33:
        this.flag(BDA.videoModeSet, 2, frame.al === 0);
        break;
      case 0x34:
        this.flag(BDA.videoControl, 1, frame.al === 1);
        break;
      case 0x36: {
        const clocking = this.screen.vga.readSequencer(1);
        this.screen.vga.sequencer(1, frame.al === 1 ? clocking | 0x20 : clocking & ~0x20);
        break;
      }
      default:
        return;
    }
    frame.al = 0x12;
  }

  private flag(address: number, bit: number, isSet: boolean): void {
    const old = this.context.memory.readU8(address);
    this.context.memory.writeU8(address, isSet ? old | bit : old & ~bit);
  }

  /** ES:BP, CX characters from DH, DL; AL bit 0 moves the cursor, bit 1: attributes follow each character. */
  private writeString(frame: CallFrame): void {
    const { screen } = this;
    const { linear } = this.context;
    const page = frame.bh & 7;
    const saved = screen.cursor(page);
    const hasAttributes = (frame.al & 2) !== 0;
    let at = frame.es(frame.bp);
    screen.setCursor(page, frame.dl, frame.dh);
    for (let index = 0; index < Math.min(frame.cx, MAX_STRING_CELLS); index++) {
      const character = linear.readU8(at++);
      const attribute = hasAttributes ? linear.readU8(at++) : frame.bl;
      screen.teletype(page, character, attribute);
    }
    if ((frame.al & 1) === 0) screen.setCursor(page, saved.column, saved.row);
  }

  /** Dynamic state table at ES:DI, 64 bytes. */
  private functionality(frame: CallFrame): void {
    if (frame.bx !== 0) return;
    const { memory, linear } = this.context;
    const mode = this.screen.mode();
    const table = new Uint8Array(64);
    const view = new DataView(table.buffer);
    view.setUint32(0, ((VIDEO_SEGMENT << 16) | STATIC_FUNCTIONALITY) >>> 0, true);
    for (let index = 0; index < 0x1e; index++) table[4 + index] = memory.readU8(BDA.videoMode + index);
    table[0x22] = memory.readU8(BDA.lastRow) + 1;
    view.setUint16(0x23, this.screen.characterHeight(), true);
    table[0x25] = memory.readU8(BDA.displayCombination);
    view.setUint16(0x27, mode.palette === 'vga-256' ? 256 : 16, true);
    table[0x29] = mode.pages;
    // Scan lines: 0 200, 1 350, 2 400, 3 480.
    table[0x2a] = mode.rows === 30 ? 3 : mode.characterHeight === 14 ? 1 : mode.characterHeight === 8 ? 0 : 2;
    table[0x2d] = 0x21;
    table[0x31] = 3;
    linear.write(frame.es(frame.di), table);
    frame.al = 0x1b;
  }
}
