// The colours that the VGA BIOS loads into the DAC with each mode: 6 bits a component, red, green, blue.
import type { PaletteKind } from './modes.ts';

/** 64 or 256 triples. */
export function defaultPalette(kind: PaletteKind): Uint8Array {
  switch (kind) {
    case 'ega-64':
      return fill(64, egaColor);
    case 'cga-16':
      return fill(64, (index) => cgaColor((index & 7) | ((index & 0x10) >> 1)));
    case 'mono':
      return fill(64, (index) => gray([0x00, 0x2a, 0x00, 0x3f][(index >> 3) & 3]!));
    case 'vga-256':
      return fill(256, vgaColor);
  }
}

type Rgb = [number, number, number];

function fill(count: number, color: (index: number) => Rgb): Uint8Array {
  return Uint8Array.from(Array.from({ length: count }, (_, index) => color(index)).flat());
}

function gray(level: number): Rgb {
  return [level, level, level];
}

/** Bits 5..3 are the dim, 2..0 the strong component of red, green, blue. */
function egaColor(index: number): Rgb {
  const level = (strong: number, dim: number): number => ((index >> strong) & 1) * 0x2a + ((index >> dim) & 1) * 0x15;
  return [level(2, 5), level(1, 4), level(0, 3)];
}

/** Intensity, red, green, blue; dark yellow is brown. */
function cgaColor(index: number): Rgb {
  if (index === 6) return [0x2a, 0x15, 0];
  const base = (index & 8) !== 0 ? 0x15 : 0;
  const level = (bit: number): number => base + ((index >> bit) & 1) * 0x2a;
  return [level(2), level(1), level(0)];
}

const grays = [0x00, 0x05, 0x08, 0x0b, 0x0e, 0x11, 0x14, 0x18, 0x1c, 0x20, 0x24, 0x28, 0x2d, 0x32, 0x38, 0x3f];
/** Five levels from least to most for each saturation and brightness, in the order of the palette's rows of 24. */
const hueLevels: readonly (readonly number[])[] = [
  [0x00, 0x10, 0x1f, 0x2f, 0x3f],
  [0x1f, 0x27, 0x2f, 0x37, 0x3f],
  [0x2d, 0x31, 0x36, 0x3a, 0x3f],
  [0x00, 0x07, 0x0e, 0x15, 0x1c],
  [0x0e, 0x11, 0x15, 0x18, 0x1c],
  [0x14, 0x16, 0x18, 0x1a, 0x1c],
  [0x00, 0x04, 0x08, 0x0c, 0x10],
  [0x08, 0x0a, 0x0c, 0x0e, 0x10],
  [0x0b, 0x0c, 0x0d, 0x0f, 0x10],
];

function vgaColor(index: number): Rgb {
  if (index < 16) return cgaColor(index);
  if (index < 32) return gray(grays[index - 16]!);
  const row = hueLevels[Math.floor((index - 32) / 24)];
  if (row === undefined) return [0, 0, 0];
  const step = (index - 32) % 24;
  // Blue to magenta to red to yellow to green to cyan: each component is a trapezoid over the 24 steps.
  const level = (offset: number): number => {
    const at = (step + offset) % 24;
    if (at < 4) return row[at]!;
    if (at < 12) return row[4]!;
    if (at < 16) return row[16 - at]!;
    return row[0]!;
  };
  return [level(0), level(16), level(8)];
}
