// Colour look-up: attribute palette and DAC to 32-bit pixels as they lie in an RGBA byte buffer (red lowest, little-endian).

import type { VgaRegisters } from './registers.ts';
import * as r from './registers.ts';

export const black = 0xff000000;

export class Palette {
  /** DAC entry (after the pixel mask) to pixel: 256 entries. */
  readonly dac: Uint32Array = new Uint32Array(256);
  /** 4-bit attribute to pixel: 16 entries. */
  readonly attribute: Uint32Array = new Uint32Array(16);
  /** Two joined 4-bit attributes (first in the high half) to pixel, for 256-colour shifting. */
  readonly packed: Uint32Array = new Uint32Array(256);

  update(registers: VgaRegisters): void {
    const { dac, dacMask, attribute, dispi } = registers;
    const is8Bit = (dispi[r.VBE_DISPI_INDEX_ENABLE]! & r.VBE_DISPI_8BIT_DAC) !== 0;
    const level = (value: number): number => (is8Bit ? value : ((value & 63) << 2) | ((value & 63) >> 4));
    for (let i = 0; i < 256; i++) {
      const entry = (i & dacMask) * 3;
      this.dac[i] = black | (level(dac[entry + 2]!) << 16) | (level(dac[entry + 1]!) << 8) | level(dac[entry]!);
    }
    const select = attribute[r.ATTR_COLOR_SELECT]!;
    const isSelect54 = (attribute[r.ATTR_MODE]! & r.ATTR_MODE_PALETTE_54) !== 0;
    const enable = attribute[r.ATTR_PLANE_ENABLE]! & 15;
    for (let i = 0; i < 16; i++) {
      const entry = attribute[i & enable]! & 63;
      const index = isSelect54 ? (entry & 15) | ((select & 15) << 4) : entry | ((select & 12) << 4);
      this.attribute[i] = this.dac[index]!;
    }
    for (let i = 0; i < 256; i++) {
      const high = attribute[(i >> 4) & enable]! & 15;
      const low = attribute[i & 15 & enable]! & 15;
      this.packed[i] = this.dac[(high << 4) | low]!;
    }
  }
}

function spread(bits: number, width: number): number {
  const max = (1 << width) - 1;
  return Math.round((bits * 255) / max);
}

/** 16-bit pixels to RGBA: 5-6-5, or 5-5-5 when `greenBits` is 5. 65536 entries. */
export function directColorTable(greenBits: 5 | 6): Uint32Array {
  const table = new Uint32Array(65536);
  for (let i = 0; i < 65536; i++) {
    const blue = spread(i & 31, 5);
    const green = spread((i >> 5) & ((1 << greenBits) - 1), greenBits);
    const red = spread((i >> (5 + greenBits)) & 31, 5);
    table[i] = black | (blue << 16) | (green << 8) | red;
  }
  return table;
}
