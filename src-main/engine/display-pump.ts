// Sends the screen's changes to the host: only while somebody watches, at most 60 times a second, and never before the last
// frame was taken. While the guest does nothing the pump looks just often enough for a blinking cursor.
import type { DisplayRect, DisplaySource } from '../core/backends/display.ts';
import type { DisplayFrame, Screenshot } from './protocol.ts';

const FRAME_MS = 1000 / 60;
const IDLE_MS = 250;
/** A frame counts its rectangles in a byte. */
const MAX_RECTS = 255;

export class DisplayPump {
  readonly #display: DisplaySource;
  readonly #progress: () => number;
  readonly #send: (frame: DisplayFrame) => void;
  #rgba = new Uint8Array(0);
  #width = 0;
  #height = 0;
  #isWatched = false;
  #isTaken = true;
  /** A look at the screen was put off because the last frame was not taken yet. */
  #isLate = false;
  #tickedAt = 0;
  #needsAll = true;
  /** Rendered, not sent yet. */
  #pending: DisplayRect[] = [];
  #lastProgress = -1;
  #isFast = false;
  #timer: ReturnType<typeof setTimeout> | null = null;

  /** @param progress a number that grows while the guest runs */
  constructor(display: DisplaySource, progress: () => number, send: (frame: DisplayFrame) => void) {
    this.#display = display;
    this.#progress = progress;
    this.#send = send;
    display.onChanged(() => {
      this.#lastProgress = -1;
      this.poke();
    });
  }

  /** The guest has something to do again: the screen may change soon. Cheap. */
  poke(): void {
    if (this.#timer !== null && !this.#isFast) this.#schedule(true);
  }

  watch(isWatched: boolean): void {
    if (isWatched === this.#isWatched) return;
    this.#isWatched = isWatched;
    this.#needsAll = true;
    this.#pending = [];
    this.#isTaken = true;
    this.#isLate = false;
    if (isWatched) this.#tick();
    else this.stop();
  }

  /** The host has the last frame on its screen. */
  shown(): void {
    this.#isTaken = true;
    if (this.#isLate && this.#timer !== null) this.#tick();
  }

  stop(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
  }

  /** The whole picture now. Changes found on the way are sent with the watcher's next frame. */
  screenshot(): Screenshot {
    this.#render();
    return { width: this.#width, height: this.#height, rgba: this.#rgba.slice() };
  }

  #tick(): void {
    const progress = this.#progress();
    const isIdle = progress === this.#lastProgress;
    this.#lastProgress = progress;
    this.#tickedAt = performance.now();
    this.#isLate = !this.#isTaken;
    if (this.#isTaken) this.#sendChanges();
    this.#schedule(!isIdle);
  }

  #schedule(isFast: boolean): void {
    this.stop();
    this.#isFast = isFast;
    const dueAt = this.#tickedAt + (isFast ? FRAME_MS : IDLE_MS);
    this.#timer = setTimeout(() => this.#tick(), Math.max(0, dueAt - performance.now()));
  }

  #sendChanges(): void {
    this.#render();
    if (this.#pending.length === 0) return;
    const rects = this.#pending;
    this.#pending = [];
    this.#isTaken = false;
    this.#send({ width: this.#width, height: this.#height, rects, pixels: this.#copy(rects) });
  }

  /** Brings the picture up to date and notes what changed in it. */
  #render(): void {
    if (this.#fit()) this.#needsAll = true;
    const changed = this.#display.render(this.#rgba, this.#needsAll);
    this.#needsAll = false;
    if (!this.#isWatched) return;
    this.#pending.push(...changed);
    // More rectangles than a frame can count, or more pixels than there are (screenshots render, too, while a client is slow),
    // become the whole screen.
    if (this.#pending.length > MAX_RECTS || areaOf(this.#pending) > this.#width * this.#height)
      this.#pending = [{ x: 0, y: 0, width: this.#width, height: this.#height }];
  }

  #copy(rects: DisplayRect[]): Uint8Array {
    const pixels = new Uint8Array(areaOf(rects) * 4);
    let at = 0;
    for (const rect of rects) {
      for (let y = rect.y; y < rect.y + rect.height; y++) {
        const from = (y * this.#width + rect.x) * 4;
        pixels.set(this.#rgba.subarray(from, from + rect.width * 4), at);
        at += rect.width * 4;
      }
    }
    return pixels;
  }

  /** Takes over a new screen size; true if it changed. */
  #fit(): boolean {
    const { width, height } = this.#display.size();
    if (width === this.#width && height === this.#height) return false;
    this.#width = width;
    this.#height = height;
    this.#rgba = new Uint8Array(width * height * 4);
    this.#pending = [];
    return true;
  }
}

function areaOf(rects: readonly DisplayRect[]): number {
  return rects.reduce((sum, rect) => sum + rect.width * rect.height, 0);
}
