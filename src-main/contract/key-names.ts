// Keys as people write them, "ctrl-alt-delete", and the codes that machines take (DOM KeyboardEvent.code); both ways.
import { wrongUsage } from './commands/fault.ts';
import type { KeyEvent } from './methods.ts';

const letters = Array.from({ length: 26 }, (_, index) => String.fromCharCode(97 + index));
const digits = Array.from({ length: 10 }, (_, index) => String(index));
const functions = Array.from({ length: 24 }, (_, index) => `f${index + 1}`);

/** The first name of a code is the one that is written. */
const codes: Readonly<Record<string, string>> = {
  ctrl: 'ControlLeft',
  control: 'ControlLeft',
  shift: 'ShiftLeft',
  alt: 'AltLeft',
  altgr: 'AltRight',
  win: 'MetaLeft',
  super: 'MetaLeft',
  meta: 'MetaLeft',
  cmd: 'MetaLeft',
  rightctrl: 'ControlRight',
  rightshift: 'ShiftRight',
  rightwin: 'MetaRight',
  menu: 'ContextMenu',
  enter: 'Enter',
  return: 'Enter',
  esc: 'Escape',
  escape: 'Escape',
  tab: 'Tab',
  space: 'Space',
  backspace: 'Backspace',
  insert: 'Insert',
  ins: 'Insert',
  delete: 'Delete',
  del: 'Delete',
  home: 'Home',
  end: 'End',
  pageup: 'PageUp',
  pgup: 'PageUp',
  pagedown: 'PageDown',
  pgdn: 'PageDown',
  up: 'ArrowUp',
  down: 'ArrowDown',
  left: 'ArrowLeft',
  right: 'ArrowRight',
  print: 'PrintScreen',
  sysrq: 'PrintScreen',
  pause: 'Pause',
  break: 'Pause',
  capslock: 'CapsLock',
  numlock: 'NumLock',
  scrolllock: 'ScrollLock',
  power: 'Power',
  sleep: 'Sleep',
  convert: 'Convert',
  minus: 'Minus',
  equal: 'Equal',
  comma: 'Comma',
  period: 'Period',
  slash: 'Slash',
  backslash: 'Backslash',
  semicolon: 'Semicolon',
  quote: 'Quote',
  backquote: 'Backquote',
  bracketleft: 'BracketLeft',
  bracketright: 'BracketRight',
  ...Object.fromEntries(letters.map((letter) => [letter, `Key${letter.toUpperCase()}`])),
  ...Object.fromEntries(digits.map((digit) => [digit, `Digit${digit}`])),
  ...Object.fromEntries(functions.map((name) => [name, name.toUpperCase()])),
  ...Object.fromEntries(
    [...digits, 'Add', 'Subtract', 'Multiply', 'Divide', 'Decimal', 'Enter', 'Comma', 'Equal'].map((key) => [
      `numpad${key.toLowerCase()}`,
      `Numpad${key}`,
    ]),
  ),
};

/** Names of keys for completion, first names only. */
export const keyNames: readonly string[] = Object.keys(codes).filter((name) => nameOfCode(codes[name]!) === name);

/** Events that press the keys of a chord in order and release them in the reverse order. @throws {CommandFault} */
export function chordEvents(chord: string): KeyEvent[] {
  const pressed = chord.split(/[-+]/).map((name) => codeOf(name, chord));
  return [
    ...pressed.map((code) => ({ code, isDown: true })),
    ...pressed.toReversed().map((code) => ({ code, isDown: false })),
  ];
}

function codeOf(name: string, chord: string): string {
  const known = codes[name.toLowerCase()];
  if (known !== undefined && Object.hasOwn(codes, name.toLowerCase())) return known;
  // What the table does not name is meant as a DOM code, which has at least two words or a number.
  if (/^[A-Z][a-z]+([A-Z0-9][a-z0-9]*)+$/.test(name)) return name;
  throw wrongUsage(
    name === ''
      ? `"${chord}" lacks a key; join keys by "-", and write minus for the key itself`
      : `There is no key "${name}"; "ospite help key" lists the names`,
  );
}

/** The chords that such events come from; null when they are something else. */
export function chordsOf(events: readonly KeyEvent[]): string[] | null {
  const chords: string[] = [];
  let at = 0;
  while (at < events.length) {
    let count = 0;
    while (events[at + count]?.isDown === true) count++;
    const pressed = events.slice(at, at + count).map(({ code }) => code);
    const released = events.slice(at + count, at + 2 * count);
    const isChord = released.length === count && released.every(({ isDown }) => !isDown);
    if (count === 0 || !isChord || released.some(({ code }) => !pressed.includes(code))) return null;
    chords.push(pressed.map(nameOfCode).join('-'));
    at += 2 * count;
  }
  return chords;
}

function nameOfCode(code: string): string {
  return Object.entries(codes).find(([, candidate]) => candidate === code)?.[0] ?? code;
}
