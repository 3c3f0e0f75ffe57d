// The Bochs display interface: mode setting for linear framebuffers without a BIOS [BOCHS-DISPI ID B0C5]. Registers always
// hold a geometry that fits video memory: what a guest asks beyond it is cut down, and it can read back what it got.
import { dispiPitchBytes } from './mode.ts';
import type { VgaRegisters } from './registers.ts';
import * as r from './registers.ts';

export class Dispi {
  readonly #registers: VgaRegisters;
  readonly #memory: Uint8Array;
  /** Called after the picture may have changed; `isCleared` when video memory was wiped. */
  readonly #onChange: (isCleared: boolean) => void;

  constructor(registers: VgaRegisters, memory: Uint8Array, onChange: (isCleared: boolean) => void) {
    this.#registers = registers;
    this.#memory = memory;
    this.#onChange = onChange;
  }

  read(index: number): number {
    const { dispi } = this.#registers;
    if (index >= r.VBE_DISPI_REGISTER_COUNT) return 0;
    if (index === r.VBE_DISPI_INDEX_VIDEO_MEMORY_64K) return this.#memory.length >>> 16;
    if ((dispi[r.VBE_DISPI_INDEX_ENABLE]! & r.VBE_DISPI_GETCAPS) !== 0) {
      if (index === r.VBE_DISPI_INDEX_XRES) return r.VBE_DISPI_MAX_XRES;
      if (index === r.VBE_DISPI_INDEX_YRES) return r.VBE_DISPI_MAX_YRES;
      if (index === r.VBE_DISPI_INDEX_BPP) return r.VBE_DISPI_MAX_BPP;
    }
    return dispi[index]!;
  }

  write(index: number, value: number): void {
    const { dispi } = this.#registers;
    switch (index) {
      case r.VBE_DISPI_INDEX_ID:
        if (value >= r.VBE_DISPI_ID0 && value <= r.VBE_DISPI_ID5) dispi[index] = value;
        return;
      case r.VBE_DISPI_INDEX_ENABLE:
        this.#enable(value);
        return;
      case r.VBE_DISPI_INDEX_BANK:
        dispi[index] = value & ((this.#memory.length >>> 16) - 1);
        this.#onChange(false);
        return;
      case r.VBE_DISPI_INDEX_XRES:
      case r.VBE_DISPI_INDEX_YRES:
      case r.VBE_DISPI_INDEX_BPP:
      case r.VBE_DISPI_INDEX_VIRT_WIDTH:
      case r.VBE_DISPI_INDEX_X_OFFSET:
      case r.VBE_DISPI_INDEX_Y_OFFSET:
        dispi[index] = value;
        if ((dispi[r.VBE_DISPI_INDEX_ENABLE]! & r.VBE_DISPI_ENABLED) !== 0) {
          this.fit();
          this.#onChange(false);
        }
    }
  }

  #enable(value: number): void {
    const { dispi } = this.#registers;
    const wasEnabled = (dispi[r.VBE_DISPI_INDEX_ENABLE]! & r.VBE_DISPI_ENABLED) !== 0;
    const isEnabled = (value & r.VBE_DISPI_ENABLED) !== 0;
    dispi[r.VBE_DISPI_INDEX_ENABLE] =
      value &
      (r.VBE_DISPI_ENABLED |
        r.VBE_DISPI_GETCAPS |
        r.VBE_DISPI_8BIT_DAC |
        r.VBE_DISPI_LFB_ENABLED |
        r.VBE_DISPI_NOCLEARMEM);
    let isCleared = false;
    if (isEnabled && !wasEnabled) {
      dispi[r.VBE_DISPI_INDEX_VIRT_WIDTH] = 0;
      dispi[r.VBE_DISPI_INDEX_X_OFFSET] = 0;
      dispi[r.VBE_DISPI_INDEX_Y_OFFSET] = 0;
      dispi[r.VBE_DISPI_INDEX_BANK] = 0;
      this.fit();
      isCleared = (value & r.VBE_DISPI_NOCLEARMEM) === 0;
      if (isCleared) this.#memory.fill(0);
    }
    this.#onChange(isCleared);
  }

  /** Cuts the geometry down to what the memory holds, from the visible size to the offsets. */
  fit(): void {
    const { dispi } = this.#registers;
    const bpp = dispi[r.VBE_DISPI_INDEX_BPP]!;
    const isKnown = bpp === 4 || bpp === 8 || bpp === 15 || bpp === 16 || bpp === 24 || bpp === 32;
    const bitsPerPixel = isKnown ? bpp : 8;
    const width = Math.max(8, Math.min(dispi[r.VBE_DISPI_INDEX_XRES]!, r.VBE_DISPI_MAX_XRES) & ~7);
    const virtualWidth = Math.max(width, dispi[r.VBE_DISPI_INDEX_VIRT_WIDTH]! & ~7);
    const virtualHeight = Math.min(
      Math.floor(this.#memory.length / dispiPitchBytes(virtualWidth, bitsPerPixel)),
      0xffff,
    );
    const height = Math.max(1, Math.min(dispi[r.VBE_DISPI_INDEX_YRES]!, r.VBE_DISPI_MAX_YRES, virtualHeight));
    dispi[r.VBE_DISPI_INDEX_BPP] = bitsPerPixel;
    dispi[r.VBE_DISPI_INDEX_XRES] = width;
    dispi[r.VBE_DISPI_INDEX_YRES] = height;
    dispi[r.VBE_DISPI_INDEX_VIRT_WIDTH] = virtualWidth;
    dispi[r.VBE_DISPI_INDEX_VIRT_HEIGHT] = virtualHeight;
    dispi[r.VBE_DISPI_INDEX_X_OFFSET] = Math.min(dispi[r.VBE_DISPI_INDEX_X_OFFSET]!, virtualWidth - width);
    dispi[r.VBE_DISPI_INDEX_Y_OFFSET] = Math.min(dispi[r.VBE_DISPI_INDEX_Y_OFFSET]!, virtualHeight - height);
  }
}
