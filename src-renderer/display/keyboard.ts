// Keys of the host keyboard for the guest, by physical position (KeyboardEvent.code). Pressed keys are released when the
// window loses focus, or they would stick in the guest.
import type { KeyEvent } from '../../src-main/contract/methods.ts';

export const DEFAULT_HOST_KEY = 'ControlRight';

export interface KeyboardCaptureOptions {
  hostKey: string;
  send(events: KeyEvent[]): void;
  /** The Host key was tapped alone. */
  onHostKey(): void;
  /** Host key plus another key; returns true if it meant something. */
  onHostCombination(code: string): boolean;
}

export class KeyboardCapture {
  readonly #options: KeyboardCaptureOptions;
  readonly #pressed = new Set<string>();
  #isHostKeyDown = false;
  #wasHostKeyUsed = false;

  constructor(options: KeyboardCaptureOptions) {
    this.#options = options;
  }

  handle(event: KeyboardEvent): void {
    const isDown = event.type === 'keydown';
    const { code } = event;
    if (code === '') return;
    event.preventDefault();
    event.stopPropagation();
    if (code === this.#options.hostKey) return this.#hostKey(isDown);
    if (this.#isHostKeyDown && isDown) {
      this.#wasHostKeyUsed = true;
      this.#options.onHostCombination(code);
      return;
    }
    // The guest's own keyboard repeats; a repeat from the host would come twice.
    if (isDown === this.#pressed.has(code)) return;
    if (isDown) this.#pressed.add(code);
    else this.#pressed.delete(code);
    this.#options.send([{ code, isDown }]);
  }

  releaseAll(): void {
    this.#isHostKeyDown = false;
    if (this.#pressed.size === 0) return;
    this.#options.send([...this.#pressed].map((code) => ({ code, isDown: false })));
    this.#pressed.clear();
  }

  #hostKey(isDown: boolean): void {
    if (isDown) {
      if (!this.#isHostKeyDown) this.#wasHostKeyUsed = false;
      this.#isHostKeyDown = true;
      return;
    }
    this.#isHostKeyDown = false;
    if (!this.#wasHostKeyUsed) this.#options.onHostKey();
  }
}

/** Down events in order, then up events in reverse: a key combination such as Ctrl-Alt-Del. */
export function combination(codes: string[]): KeyEvent[] {
  return [
    ...codes.map((code) => ({ code, isDown: true })),
    ...codes.toReversed().map((code) => ({ code, isDown: false })),
  ];
}
