// Which keys of a US keyboard type a text, as DOM KeyboardEvent codes. For typing at guests from scripts and the clipboard.
import type { KeyEvent } from './backends/input.ts';

const plain: Record<string, string> = {
  '\n': 'Enter',
  '\r': 'Enter',
  '\t': 'Tab',
  '\b': 'Backspace',
  '\u001b': 'Escape',
  ' ': 'Space',
  '-': 'Minus',
  '=': 'Equal',
  '[': 'BracketLeft',
  ']': 'BracketRight',
  '\\': 'Backslash',
  ';': 'Semicolon',
  "'": 'Quote',
  '`': 'Backquote',
  ',': 'Comma',
  '.': 'Period',
  '/': 'Slash',
};
const shifted: Record<string, string> = {
  '!': 'Digit1',
  '@': 'Digit2',
  '#': 'Digit3',
  $: 'Digit4',
  '%': 'Digit5',
  '^': 'Digit6',
  '&': 'Digit7',
  '*': 'Digit8',
  '(': 'Digit9',
  ')': 'Digit0',
  _: 'Minus',
  '+': 'Equal',
  '{': 'BracketLeft',
  '}': 'BracketRight',
  '|': 'Backslash',
  ':': 'Semicolon',
  '"': 'Quote',
  '~': 'Backquote',
  '<': 'Comma',
  '>': 'Period',
  '?': 'Slash',
};

function keyOf(character: string): { code: string; withShift: boolean } | null {
  if (/^[a-z]$/.test(character)) return { code: `Key${character.toUpperCase()}`, withShift: false };
  if (/^[A-Z]$/.test(character)) return { code: `Key${character}`, withShift: true };
  if (/^[0-9]$/.test(character)) return { code: `Digit${character}`, withShift: false };
  if (character in plain) return { code: plain[character]!, withShift: false };
  if (character in shifted) return { code: shifted[character]!, withShift: true };
  return null;
}

/** Press and release events that type `text`; a line end of two characters is one Enter; what a US keyboard has not is left out. */
export function typingEvents(text: string): KeyEvent[] {
  const events: KeyEvent[] = [];
  for (const character of text.replaceAll('\r\n', '\n')) {
    const key = keyOf(character);
    if (!key) continue;
    if (key.withShift) events.push({ code: 'ShiftLeft', isDown: true });
    events.push({ code: key.code, isDown: true }, { code: key.code, isDown: false });
    if (key.withShift) events.push({ code: 'ShiftLeft', isDown: false });
  }
  return events;
}
