// The VESA modes offered: the standard numbers of VBE 2.0 and, above 140h, true colour and wide screens.

export interface VbeMode {
  number: number;
  width: number;
  height: number;
  bitsPerPixel: 8 | 15 | 16 | 24 | 32;
}

function family(width: number, height: number, numbers: Partial<Record<8 | 15 | 16 | 24 | 32, number>>): VbeMode[] {
  return Object.entries(numbers).map(([bits, number]) => ({
    number: number ?? 0,
    width,
    height,
    bitsPerPixel: Number(bits) as VbeMode['bitsPerPixel'],
  }));
}

export const vbeModes: readonly VbeMode[] = [
  ...family(320, 200, { 8: 0x146, 15: 0x10d, 16: 0x10e, 24: 0x10f, 32: 0x140 }),
  ...family(640, 400, { 8: 0x100, 32: 0x141 }),
  ...family(640, 480, { 8: 0x101, 15: 0x110, 16: 0x111, 24: 0x112, 32: 0x142 }),
  ...family(800, 600, { 8: 0x103, 15: 0x113, 16: 0x114, 24: 0x115, 32: 0x143 }),
  ...family(1024, 768, { 8: 0x105, 15: 0x116, 16: 0x117, 24: 0x118, 32: 0x144 }),
  ...family(1280, 1024, { 8: 0x107, 15: 0x119, 16: 0x11a, 24: 0x11b, 32: 0x145 }),
  ...family(1600, 1200, { 8: 0x11c, 15: 0x11d, 16: 0x11e, 24: 0x11f, 32: 0x147 }),
  ...family(1152, 864, { 8: 0x148, 16: 0x14a, 32: 0x14c }),
  ...family(1280, 720, { 16: 0x18d, 32: 0x18f }),
  ...family(1280, 800, { 16: 0x177, 32: 0x179 }),
  ...family(1440, 900, { 16: 0x17a, 32: 0x17c }),
  ...family(1680, 1050, { 16: 0x180, 32: 0x182 }),
  ...family(1920, 1080, { 16: 0x190, 32: 0x192 }),
  ...family(1920, 1200, { 16: 0x183, 32: 0x185 }),
  ...family(2560, 1440, { 32: 0x195 }),
  ...family(2560, 1600, { 32: 0x188 }),
];

/** Bytes from one line to the next. */
export function pitchOf(mode: VbeMode): number {
  return mode.width * Math.ceil(mode.bitsPerPixel / 8);
}
