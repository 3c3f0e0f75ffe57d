// INT 10h/0Bh and 10h: attribute palette, overscan, DAC. [PS2-BIOS]
import { BDA } from '../bda.ts';
import type { CallFrame } from '../call-frame.ts';
import type { FirmwareContext } from '../firmware-context.ts';
import type { VgaPorts } from './vga-ports.ts';

const BLINK = 0x08;
const PALETTE_54 = 0x80;

export class PaletteService {
  private readonly context: FirmwareContext;
  private readonly vga: VgaPorts;

  constructor(context: FirmwareContext, vga: VgaPorts) {
    this.context = context;
    this.vga = vga;
  }

  /** AH 0Bh: background and one of two palettes of mode 4. */
  cgaPalette(frame: CallFrame): void {
    const { vga } = this;
    const { memory } = this.context;
    const current = memory.readU8(BDA.crtPalette);
    if (frame.bh === 0) {
      const color = (frame.bl & 7) | ((frame.bl & 8) << 1);
      vga.attribute(0, color);
      vga.attribute(0x11, color);
      memory.writeU8(BDA.crtPalette, (current & 0xe0) | (frame.bl & 0x1f));
    } else if (frame.bh === 1) {
      const bright = frame.bl & 0x10 ? 0x10 : vga.readAttribute(1) & 0x10;
      for (let index = 1; index < 4; index++) {
        vga.attribute(index, bright | (index * 2 + (frame.bl & 1)));
      }
      memory.writeU8(BDA.crtPalette, (frame.bl & 1) !== 0 ? current | 0x20 : current & ~0x20);
    }
  }

  handle(frame: CallFrame): void {
    const { vga } = this;
    const { linear } = this.context;
    switch (frame.al) {
      case 0x00:
        if (frame.bl <= 0x14) vga.attribute(frame.bl, frame.bh);
        return;
      case 0x01:
        vga.attribute(0x11, frame.bh);
        return;
      case 0x02: {
        const values = linear.take(frame.es(frame.dx), 17);
        for (let index = 0; index < 16; index++) vga.attribute(index, values[index]!);
        vga.attribute(0x11, values[16]!);
        return;
      }
      case 0x03: {
        const mode = vga.readAttribute(0x10);
        vga.attribute(0x10, (frame.bl & 1) !== 0 ? mode | BLINK : mode & ~BLINK);
        return;
      }
      case 0x07:
        if (frame.bl <= 0x14) frame.bh = vga.readAttribute(frame.bl);
        return;
      case 0x08:
        frame.bh = vga.readAttribute(0x11);
        return;
      case 0x09: {
        const values = Uint8Array.from({ length: 17 }, (_, index) => vga.readAttribute(index === 16 ? 0x11 : index));
        linear.write(frame.es(frame.dx), values);
        return;
      }
      case 0x10:
        vga.dac(frame.bl, [frame.dh, frame.ch, frame.cl]);
        return;
      case 0x12:
        vga.dac(frame.bl, linear.take(frame.es(frame.dx), Math.min(frame.cx, 256) * 3));
        return;
      case 0x13:
        this.selectColorPage(frame);
        return;
      case 0x15: {
        const color = vga.readDac(frame.bl, 1);
        frame.dh = color[0]!;
        frame.ch = color[1]!;
        frame.cl = color[2]!;
        return;
      }
      case 0x17:
        linear.write(frame.es(frame.dx), vga.readDac(frame.bl, Math.min(frame.cx, 256)));
        return;
      case 0x18:
        vga.dacMask(frame.bl);
        return;
      case 0x19:
        frame.bl = vga.readDacMask();
        return;
      case 0x1a: {
        const is16 = (vga.readAttribute(0x10) & PALETTE_54) !== 0;
        frame.bl = is16 ? 1 : 0;
        frame.bh = is16 ? vga.readAttribute(0x14) : vga.readAttribute(0x14) >> 2;
        return;
      }
      case 0x1b:
        this.sumToGray(frame.bl, Math.min(frame.cx, 256));
        return;
      default:
        return;
    }
  }

  private selectColorPage(frame: CallFrame): void {
    const { vga } = this;
    const mode = vga.readAttribute(0x10);
    if (frame.bl === 0) vga.attribute(0x10, (frame.bh & 1) !== 0 ? mode | PALETTE_54 : mode & ~PALETTE_54);
    else vga.attribute(0x14, (mode & PALETTE_54) !== 0 ? frame.bh & 0x0f : (frame.bh & 3) << 2);
  }

  /** 30 % red, 59 % green, 11 % blue. */
  private sumToGray(first: number, count: number): void {
    const colors = this.vga.readDac(first, Math.min(count, 256 - first));
    for (let at = 0; at + 2 < colors.length; at += 3) {
      const level = Math.min((colors[at]! * 77 + colors[at + 1]! * 151 + colors[at + 2]! * 28 + 128) >> 8, 0x3f);
      colors.fill(level, at, at + 3);
    }
    this.vga.dac(first, colors);
  }
}
