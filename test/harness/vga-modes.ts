// Register values of the standard VGA modes, as a BIOS would program them, for tests of the display without one.
import type { PortBus } from '../../src-main/engine/bus/port-bus.ts';

export interface VgaModeRegisters {
  misc: number;
  /** Sequencer 1..4. */
  sequencer: readonly number[];
  /** CRT controller 0..0x18. */
  crtc: readonly number[];
  /** Graphics controller 0..8. */
  graphics: readonly number[];
  /** Attribute controller 0..0x13. */
  attribute: readonly number[];
}

const text80Crtc = [
  0x5f, 0x4f, 0x50, 0x82, 0x55, 0x81, 0xbf, 0x1f, 0x00, 0x4f, 0x0d, 0x0e, 0, 0, 0, 0, 0x9c, 0x8e, 0x8f, 0x28, 0x1f,
  0x96, 0xb9, 0xa3, 0xff,
] as const;
const graphics200Crtc = [
  0x5f, 0x4f, 0x50, 0x82, 0x54, 0x80, 0xbf, 0x1f, 0x00, 0xc1, 0, 0, 0, 0, 0, 0, 0x9c, 0x8e, 0x8f, 0x28, 0x00, 0x96,
  0xb9, 0xe3, 0xff,
] as const;
const cgaColors = [0, 1, 2, 3, 4, 5, 0x14, 7, 0x38, 0x39, 0x3a, 0x3b, 0x3c, 0x3d, 0x3e, 0x3f] as const;
const identity = Array.from({ length: 16 }, (_, i) => i);
const textGraphics = [0, 0, 0, 0, 0, 0x10, 0x0e, 0, 0xff] as const;
const planarGraphics = [0, 0, 0, 0, 0, 0, 0x05, 0x0f, 0xff] as const;

function withCrtc(base: readonly number[], changes: { [index: number]: number }): number[] {
  return base.map((value, index) => changes[index] ?? value);
}

export const vgaModes = {
  /** 80 x 25 text, 9 x 16 cells. */
  text80: {
    misc: 0x67,
    sequencer: [0, 3, 0, 2],
    crtc: text80Crtc,
    graphics: textGraphics,
    attribute: [...cgaColors, 0x0c, 0, 0x0f, 8],
  },
  /** 40 x 25 text. */
  text40: {
    misc: 0x67,
    sequencer: [8, 3, 0, 2],
    crtc: withCrtc(text80Crtc, { 0: 0x2d, 1: 0x27, 2: 0x28, 3: 0x90, 4: 0x2b, 5: 0xa0, 19: 0x14 }),
    graphics: textGraphics,
    attribute: [...cgaColors, 0x0c, 0, 0x0f, 8],
  },
  /** 80 x 25 monochrome text at 0xb0000. */
  mono: {
    misc: 0x66,
    sequencer: [0, 3, 0, 2],
    crtc: withCrtc(text80Crtc, { 20: 0x0f }),
    graphics: [0, 0, 0, 0, 0, 0x10, 0x0a, 0, 0xff],
    attribute: [0, 8, 8, 8, 8, 8, 8, 8, 0x10, 0x18, 0x18, 0x18, 0x18, 0x18, 0x18, 0x18, 0x0e, 0, 0x0f, 8],
  },
  /** 320 x 200, 4 colours, CGA interleave at 0xb8000. */
  cga4: {
    misc: 0x63,
    sequencer: [9, 3, 0, 2],
    crtc: withCrtc(graphics200Crtc, { 0: 0x2d, 1: 0x27, 2: 0x28, 3: 0x90, 4: 0x2b, 5: 0x80, 19: 0x14, 23: 0xa2 }),
    graphics: [0, 0, 0, 0, 0, 0x30, 0x0f, 0, 0xff],
    attribute: [0, 0x13, 0x15, 0x17, 2, 4, 6, 7, 0x10, 0x11, 0x12, 0x13, 0x14, 0x15, 0x16, 0x17, 1, 0, 3, 0],
  },
  /** 640 x 200, 2 colours. */
  cga2: {
    misc: 0x63,
    sequencer: [1, 1, 0, 6],
    crtc: withCrtc(graphics200Crtc, { 23: 0xc2 }),
    graphics: [0, 0, 0, 0, 0, 0, 0x0d, 0, 0xff],
    attribute: [0, ...Array.from({ length: 15 }, () => 0x17), 1, 0, 1, 0],
  },
  /** 320 x 200, 16 colours in planes. */
  ega320: {
    misc: 0x63,
    sequencer: [9, 0x0f, 0, 6],
    crtc: withCrtc(graphics200Crtc, {
      0: 0x2d,
      1: 0x27,
      2: 0x28,
      3: 0x90,
      4: 0x2b,
      5: 0x80,
      9: 0xc0,
      19: 0x14,
    }),
    graphics: planarGraphics,
    attribute: [...cgaColors, 1, 0, 0x0f, 0],
  },
  /** 640 x 480, 16 colours in planes. */
  vga640: {
    misc: 0xe3,
    sequencer: [1, 0x0f, 0, 6],
    crtc: [
      0x5f, 0x4f, 0x50, 0x82, 0x54, 0x80, 0x0b, 0x3e, 0x00, 0x40, 0, 0, 0, 0, 0, 0, 0xea, 0x8c, 0xdf, 0x28, 0x00, 0xe7,
      0x04, 0xe3, 0xff,
    ],
    graphics: planarGraphics,
    attribute: [...cgaColors, 1, 0, 0x0f, 0],
  },
  /** 320 x 200, 256 colours, chain-4 ("13h"). */
  vga256: {
    misc: 0x63,
    sequencer: [1, 0x0f, 0, 0x0e],
    crtc: withCrtc(graphics200Crtc, { 9: 0x41, 20: 0x40, 23: 0xa3 }),
    graphics: [0, 0, 0, 0, 0, 0x40, 0x05, 0x0f, 0xff],
    attribute: [...identity, 0x41, 0, 0x0f, 0],
  },
  /** 320 x 240, 256 colours, unchained ("mode X"). */
  modeX: {
    misc: 0xe3,
    sequencer: [1, 0x0f, 0, 6],
    crtc: [
      0x5f, 0x4f, 0x50, 0x82, 0x54, 0x80, 0x0d, 0x3e, 0x00, 0x41, 0, 0, 0, 0, 0, 0, 0xea, 0x8c, 0xdf, 0x28, 0x00, 0xe7,
      0x06, 0xe3, 0xff,
    ],
    graphics: [0, 0, 0, 0, 0, 0x40, 0x05, 0x0f, 0xff],
    attribute: [...identity, 0x41, 0, 0x0f, 0],
  },
} as const satisfies { [name: string]: VgaModeRegisters };

/** DAC entry i becomes (i & 63, 2i & 63, 3i & 63): distinct, and easy to say in an expectation. */
export function programTestPalette(ports: PortBus): void {
  ports.write(0x3c8, 1, 0);
  for (let i = 0; i < 256; i++) {
    ports.write(0x3c9, 1, i & 63);
    ports.write(0x3c9, 1, (2 * i) & 63);
    ports.write(0x3c9, 1, (3 * i) & 63);
  }
}

/** The pixel (0xAABBGGRR) of DAC entry `i` under `programTestPalette`. */
export function testColor(i: number): number {
  const level = (value: number): number => ((value & 63) << 2) | ((value & 63) >> 4);
  return (0xff000000 | (level(3 * i) << 16) | (level(2 * i) << 8) | level(i)) >>> 0;
}

/** Programs a whole mode through the ports and switches the screen on. */
export function setVgaMode(ports: PortBus, mode: VgaModeRegisters): void {
  ports.write(0x3c2, 1, mode.misc);
  ports.write(0x3c4, 2, 0x0300);
  mode.sequencer.forEach((value, i) => {
    ports.write(0x3c4, 2, (i + 1) | (value << 8));
  });
  const crtc = mode.misc & 1 ? 0x3d4 : 0x3b4;
  ports.write(crtc, 2, 0x0011);
  mode.crtc.forEach((value, i) => {
    ports.write(crtc, 2, i | (value << 8));
  });
  mode.graphics.forEach((value, i) => {
    ports.write(0x3ce, 2, i | (value << 8));
  });
  ports.read(crtc + 6, 1);
  mode.attribute.forEach((value, i) => {
    ports.write(0x3c0, 1, i);
    ports.write(0x3c0, 1, value);
  });
  ports.write(0x3c6, 1, 0xff);
  ports.write(0x3c0, 1, 0x20);
}
