// Keys of the host keyboard for the guest, by physical position (KeyboardEvent.code). The Host key never reaches the guest:
// tapped alone it grabs or releases, with another key it works the window. Pressed keys are released when the window loses
// the keyboard, or they would stick in the guest.
import type { KeyEvent } from '../../src-main/contract/methods.ts';
import { chordOf } from '../shortcuts/chord.ts';

export interface KeyboardCaptureOptions {
  /** Code of the Host key; asked at each event, because the preferences may change. */
  hostKey(): string;
  /** Whether keys go to the guest now; otherwise only the Host key is looked at. */
  isCaptured(): boolean;
  send(events: KeyEvent[]): void;
  /** The Host key was tapped alone. */
  onHostKey(): void;
  /** Host key plus another key, as a chord without the Host key ("F", "Shift+Delete"). */
  onHostCombination(chord: string): void;
  /** The guest's keyboard lights, bit 0 scroll, 1 num, 2 caps; null while unknown. */
  leds(): number | null;
}

const LOCKS = [
  { code: 'ScrollLock', bit: 1 },
  { code: 'NumLock', bit: 2 },
  { code: 'CapsLock', bit: 4 },
] as const;

export class KeyboardCapture {
  readonly #options: KeyboardCaptureOptions;
  readonly #pressed = new Set<string>();
  #isHostKeyDown = false;
  #wasHostKeyUsed = false;
  /** The lock keys may have changed while the keyboard was elsewhere. */
  #mustSyncLocks = true;

  constructor(options: KeyboardCaptureOptions) {
    this.#options = options;
  }

  handle(event: KeyboardEvent): void {
    const isDown = event.type === 'keydown';
    const { code } = event;
    if (code === '') return;
    if (code === this.#options.hostKey()) {
      consume(event);
      return this.#hostKey(isDown);
    }
    if (this.#isHostKeyDown && isDown) {
      consume(event);
      this.#wasHostKeyUsed = true;
      if (!event.repeat) this.#options.onHostCombination(this.#chord(event));
      return;
    }
    // A key that went down in the guest comes up there, whatever happened in between.
    if (!isDown && this.#pressed.has(code)) {
      consume(event);
      this.#release(code);
      return;
    }
    if (!this.#options.isCaptured()) return;
    consume(event);
    // The guest's own keyboard repeats; a repeat from the host would come twice.
    if (!isDown || this.#pressed.has(code)) return;
    this.#pressed.add(code);
    this.#options.send([...this.#lockTaps(event), { code, isDown: true }]);
  }

  /** The keyboard goes elsewhere. */
  releaseAll(): void {
    this.#isHostKeyDown = false;
    this.#mustSyncLocks = true;
    if (this.#pressed.size === 0) return;
    this.#options.send([...this.#pressed].map((code) => ({ code, isDown: false })));
    this.#pressed.clear();
  }

  #release(code: string): void {
    const isMeta = code === 'MetaLeft' || code === 'MetaRight';
    // macOS does not tell the release of keys that were held together with Command.
    const released = isMeta ? [...this.#pressed].filter((key) => !isModifier(key) || key === code) : [code];
    for (const key of released) this.#pressed.delete(key);
    this.#options.send(released.map((key) => ({ code: key, isDown: false })));
  }

  #hostKey(isDown: boolean): void {
    if (isDown) {
      if (!this.#isHostKeyDown) this.#wasHostKeyUsed = false;
      this.#isHostKeyDown = true;
      return;
    }
    const wasTapped = this.#isHostKeyDown && !this.#wasHostKeyUsed;
    this.#isHostKeyDown = false;
    if (wasTapped) this.#options.onHostKey();
  }

  /** The browser reports the Host key itself as a modifier. */
  #chord(event: KeyboardEvent): string {
    const host = this.#options.hostKey();
    return chordOf({
      code: event.code,
      key: event.key,
      ctrlKey: event.ctrlKey && !host.startsWith('Control'),
      altKey: event.altKey && !host.startsWith('Alt'),
      shiftKey: event.shiftKey && !host.startsWith('Shift'),
      metaKey: event.metaKey && !host.startsWith('Meta'),
    });
  }

  /** Taps of the lock keys whose lights differ between host and guest, once for each time the keyboard comes back. */
  #lockTaps(event: KeyboardEvent): KeyEvent[] {
    const leds = this.#options.leds();
    if (!this.#mustSyncLocks || leds === null || LOCKS.some(({ code }) => code === event.code)) return [];
    this.#mustSyncLocks = false;
    // Apple's keyboards have no Num Lock or Scroll Lock, and browsers there report them as off.
    const locks = navigator.platform.startsWith('Mac') ? LOCKS.slice(2) : LOCKS.slice(1);
    return locks
      .filter(({ code, bit }) => event.getModifierState(code) !== ((leds & bit) !== 0))
      .flatMap(({ code }) => combination([code]));
  }
}

function consume(event: KeyboardEvent): void {
  event.preventDefault();
  event.stopPropagation();
}

export function isModifier(code: string): boolean {
  return /^(Shift|Control|Alt|Meta)(Left|Right)$/.test(code);
}

/** Down events in order, then up events in reverse: a key combination such as Ctrl-Alt-Del. */
export function combination(codes: readonly string[]): KeyEvent[] {
  return [
    ...codes.map((code) => ({ code, isDown: true })),
    ...codes.toReversed().map((code) => ({ code, isDown: false })),
  ];
}
