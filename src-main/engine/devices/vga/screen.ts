// The DisplaySource of the VGA: picks the renderer for the current mode and renders only when something can have changed.
// A frame rendered into another buffer than the last one is always complete, so screenshots do not disturb a window.
import type { DisplayRect, DisplaySource, TextScreen } from '../../../core/backends/display.ts';
import type { DirtyTracker } from './dirty-tracker.ts';
import type { Frame } from './frame.ts';
import { type DisplayMode, deriveMode } from './mode.ts';
import { black, Palette } from './palette.ts';
import type { VgaRegisters } from './registers.ts';
import { LinearRenderer } from './render-linear.ts';
import { PlanarRenderer } from './render-planar.ts';
import { type BlinkPhase, TextRenderer } from './render-text.ts';

export interface ScreenSources {
  registers: VgaRegisters;
  memory: Uint8Array;
  dirty: DirtyTracker;
  /** Adds the pages the guest wrote through the linear framebuffer. */
  harvest(): void;
  /** Frames shown since power-on; drives blinking. */
  frameCount(): number;
}

export class VgaScreen implements DisplaySource {
  readonly #sources: ScreenSources;
  readonly #palette = new Palette();
  readonly #text: TextRenderer;
  readonly #planar: PlanarRenderer;
  readonly #linear: LinearRenderer;
  #mode: DisplayMode;
  #blink: BlinkPhase = { isCursorOn: true, isTextOn: true };
  #lastBuffer: ArrayBufferLike | null = null;
  #lastOffset = 0;
  #lastWidth = 0;
  #lastHeight = 0;
  /** Stand-in for a caller's buffer that is not word-aligned. */
  #aligned: Uint8Array | null = null;

  constructor(sources: ScreenSources) {
    this.#sources = sources;
    this.#text = new TextRenderer(sources.memory);
    this.#planar = new PlanarRenderer(sources.memory);
    this.#linear = new LinearRenderer(sources.memory);
    this.#mode = deriveMode(sources.registers);
  }

  size(): { width: number; height: number } {
    const { width, height } = this.#currentMode();
    return { width, height };
  }

  text(): TextScreen | null {
    const mode = this.#currentMode();
    return mode.kind === 'text' ? this.#text.text(mode, this.#sources.registers) : null;
  }

  onChanged(listener: () => void): void {
    this.#sources.dirty.onChanged(listener);
  }

  /** Must follow every change of a register that `deriveMode` reads. */
  invalidateMode(): void {
    this.#isModeStale = true;
  }
  #isModeStale = false;

  render(rgba: Uint8Array, full: boolean): DisplayRect[] {
    const { dirty } = this.#sources;
    this.#sources.harvest();
    const mode = this.#currentMode();
    if (rgba.length < mode.width * mode.height * 4) return [];
    const isOtherTarget = rgba.buffer !== this.#lastBuffer || rgba.byteOffset !== this.#lastOffset;
    const isOtherSize = mode.width !== this.#lastWidth || mode.height !== this.#lastHeight;
    const isText = mode.kind === 'text';
    const all =
      full ||
      isOtherTarget ||
      isOtherSize ||
      dirty.isEverythingDirty ||
      (isText ? dirty.isFontDirty : dirty.isStartDirty && mode.kind !== 'linear');
    const hasBlinked = isText && this.#advanceBlink();
    if (!all && !dirty.isAnyDirty && !hasBlinked) return [];
    this.#lastBuffer = rgba.buffer;
    this.#lastOffset = rgba.byteOffset;
    this.#lastWidth = mode.width;
    this.#lastHeight = mode.height;
    if (all) this.#palette.update(this.#sources.registers);
    const isAligned = (rgba.byteOffset & 3) === 0;
    const target = isAligned ? rgba : this.#alignedTarget(mode.width * mode.height * 4);
    const frame: Frame = {
      pixels: new Uint32Array(target.buffer, target.byteOffset, mode.width * mode.height),
      width: mode.width,
      height: mode.height,
    };
    const rects = this.#draw(mode, frame, all);
    if (!isAligned) rgba.set(target);
    dirty.clear();
    return rects;
  }

  #currentMode(): DisplayMode {
    if (this.#isModeStale) {
      this.#mode = deriveMode(this.#sources.registers);
      this.#isModeStale = false;
    }
    return this.#mode;
  }

  #draw(mode: DisplayMode, frame: Frame, all: boolean): DisplayRect[] {
    const { dirty, registers } = this.#sources;
    switch (mode.kind) {
      case 'text':
        return this.#text.render(mode, registers, this.#palette, frame, this.#blink, all);
      case 'linear':
        return this.#linear.render(mode, this.#palette, frame, dirty, all);
      case 'blank':
        if (!all) return [];
        frame.pixels.fill(black);
        return [{ x: 0, y: 0, width: frame.width, height: frame.height }];
      default:
        return this.#planar.render(mode, this.#palette, frame, dirty, all);
    }
  }

  /** The cursor blinks with a period of 16 frames, characters of 32. True if that shows. */
  #advanceBlink(): boolean {
    const frames = this.#sources.frameCount();
    const isCursorOn = Math.floor(frames / 8) % 2 === 0;
    const isTextOn = Math.floor(frames / 16) % 2 === 0;
    if (isCursorOn === this.#blink.isCursorOn && isTextOn === this.#blink.isTextOn) return false;
    this.#blink = { isCursorOn, isTextOn };
    return this.#text.isBlinking();
  }

  #alignedTarget(lengthBytes: number): Uint8Array {
    if (this.#aligned?.length !== lengthBytes) this.#aligned = new Uint8Array(lengthBytes);
    return this.#aligned;
  }
}
