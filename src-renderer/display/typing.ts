// Which keys type a text on a keyboard of a layout, and the typing itself: no faster than a guest takes keys, so that it can
// be watched and cancelled.
import type { KeyEvent } from '../../src-main/contract/methods.ts';
import { combination } from './keyboard.ts';
import { type LayoutId, layouts } from './keyboard-layouts.ts';

/** One character's key events. */
export type Stroke = KeyEvent[];

export interface Typing {
  strokes: Stroke[];
  /** Characters that no key of the layout types, each once. */
  missing: string[];
}

const MODIFIERS = [[], ['ShiftLeft'], ['AltRight'], ['ShiftLeft', 'AltRight']];
const CONTROLS: Record<string, string> = { '\n': 'Enter', '\t': 'Tab', ' ': 'Space', '\u00a0': 'Space' };

export function typingOf(text: string, layout: LayoutId): Typing {
  const keys = keysOf(layout);
  const strokes: Stroke[] = [];
  const missing = new Set<string>();
  for (const character of text.replaceAll('\r\n', '\n').replaceAll('\r', '\n').normalize('NFC')) {
    const codes = keys.get(character);
    if (codes) strokes.push(combination(codes));
    else missing.add(character);
  }
  return { strokes, missing: [...missing] };
}

/** Codes to hold together, by character. */
function keysOf(layout: LayoutId): Map<string, string[]> {
  const keys = new Map(Object.entries(CONTROLS).map(([character, code]) => [character, [code]]));
  for (const [code, caps] of Object.entries(layouts[layout]))
    for (const [level, character] of caps.entries())
      if (character !== undefined && !keys.has(character)) keys.set(character, [...MODIFIERS[level]!, code]);
  return keys;
}

/** What the keyboard of the machine takes, with a margin: the host feeds it a key event every 5 ms. */
const EVENT_MS = 6;
const CHUNK = 16;

/** Sends the strokes in small groups at the speed at which the guest gets them. Stops at once when the signal aborts. */
export async function typeStrokes(
  strokes: readonly Stroke[],
  send: (events: KeyEvent[]) => Promise<unknown>,
  onProgress: (typed: number) => void,
  signal: AbortSignal,
): Promise<void> {
  for (let at = 0; at < strokes.length && !signal.aborted; at += CHUNK) {
    const events = strokes.slice(at, at + CHUNK).flat();
    await send(events);
    onProgress(Math.min(at + CHUNK, strokes.length));
    await new Promise((resolve) => setTimeout(resolve, events.length * EVENT_MS));
  }
}
