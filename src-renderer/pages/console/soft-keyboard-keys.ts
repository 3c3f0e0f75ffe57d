// Where the keys of a full PC keyboard are, by DOM code. Keys without a label show what the layout prints on them.

export interface KeyPlace {
  /** Empty for a gap. */
  code: string;
  /** In key widths. */
  width?: number;
  label?: string;
  /** For screen readers, where the label is a sign. */
  name?: string;
  /** Tells gaps apart. */
  at?: number;
}

const key = (code: string): KeyPlace => ({ code });
const named = (code: string, label: string, width = 1, name = code): KeyPlace => ({ code, label, width, name });
let gaps = 0;
const gap = (width: number): KeyPlace => ({ code: '', width, at: gaps++ });
const digits = ['1', '2', '3', '4', '5', '6', '7', '8', '9', '0'].map((digit) => key(`Digit${digit}`));
const letters = (text: string): KeyPlace[] => [...text].map((letter) => key(`Key${letter}`));
const functions = (from: number, to: number): KeyPlace[] =>
  Array.from({ length: to - from + 1 }, (_, index) => named(`F${from + index}`, `F${from + index}`));

const mainBlock: readonly (readonly KeyPlace[])[] = [
  [
    named('Escape', 'Esc'),
    gap(0.94),
    ...functions(1, 4),
    gap(0.46),
    ...functions(5, 8),
    gap(0.46),
    ...functions(9, 12),
  ],
  [key('Backquote'), ...digits, key('Minus'), key('Equal'), named('Backspace', '⌫', 2)],
  [
    named('Tab', 'Tab', 1.5),
    ...letters('QWERTYUIOP'),
    key('BracketLeft'),
    key('BracketRight'),
    { code: 'Backslash', width: 1.5 },
  ],
  [
    named('CapsLock', 'Caps', 1.75),
    ...letters('ASDFGHJKL'),
    key('Semicolon'),
    key('Quote'),
    named('Enter', 'Enter', 2.25),
  ],
  [
    named('ShiftLeft', 'Shift', 1.25, 'Left Shift'),
    key('IntlBackslash'),
    ...letters('ZXCVBNM'),
    key('Comma'),
    key('Period'),
    key('Slash'),
    named('ShiftRight', 'Shift', 2.75, 'Right Shift'),
  ],
  [
    named('ControlLeft', 'Ctrl', 1.25, 'Left Ctrl'),
    named('MetaLeft', '❖', 1.25, 'Left Meta'),
    named('AltLeft', 'Alt', 1.25, 'Left Alt'),
    named('Space', ' ', 6.25),
    named('AltRight', 'AltGr', 1.25, 'Right Alt'),
    named('MetaRight', '❖', 1.25, 'Right Meta'),
    named('ContextMenu', '☰', 1.25, 'Menu'),
    named('ControlRight', 'Ctrl', 1.25, 'Right Ctrl'),
  ],
];

/** American keyboards have no key between Shift and Z. */
export function mainKeys(hasExtraKey: boolean): readonly (readonly KeyPlace[])[] {
  if (hasExtraKey) return mainBlock;
  return mainBlock.map((row) =>
    row
      .filter(({ code }) => code !== 'IntlBackslash')
      .map((place) => (place.code === 'ShiftLeft' ? { ...place, width: 2.25 } : place)),
  );
}

export const sideBlock: readonly (readonly KeyPlace[])[] = [
  [named('PrintScreen', 'PrtSc'), named('ScrollLock', 'ScrLk'), named('Pause', 'Pause')],
  [named('Insert', 'Ins'), named('Home', 'Home'), named('PageUp', 'PgUp', 1, 'Page Up')],
  [named('Delete', 'Del'), named('End', 'End'), named('PageDown', 'PgDn', 1, 'Page Down')],
  [named('NumLock', 'Num'), gap(2)],
  [gap(1), named('ArrowUp', '↑', 1, 'Up'), gap(1)],
  [named('ArrowLeft', '←', 1, 'Left'), named('ArrowDown', '↓', 1, 'Down'), named('ArrowRight', '→', 1, 'Right')],
];
