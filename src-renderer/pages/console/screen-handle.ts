// What the rest of the window may do with the guest's screen.
import type { ScreenUpdate } from '../../../src-main/contract/streams.ts';

export interface ScreenHandle {
  canvas: HTMLCanvasElement;
  paint(update: ScreenUpdate): void;
  /** Makes the canvas give a frame though nothing changed. */
  touch(): void;
  focus(): void;
  /** Gives mouse and keyboard to the guest. */
  grab(): void;
  /** Takes them back. */
  release(): void;
}
