// What is printed on the keys of a PC keyboard: for the soft keyboard's labels, and for typing text at a guest whose
// keyboard is set to that layout. A key's characters: plain, Shift, AltGr, Shift+AltGr.

export type LayoutId = 'us' | 'it';
export type KeyCaps = readonly [plain: string, shift: string, altGr?: string, shiftAltGr?: string];
export type Layout = Readonly<Record<string, KeyCaps>>;

const letters = (pairs: string): Record<string, KeyCaps> =>
  Object.fromEntries([...pairs].map((letter) => [`Key${letter.toUpperCase()}`, [letter, letter.toUpperCase()]]));

const ALPHABET = 'abcdefghijklmnopqrstuvwxyz';

const us: Layout = {
  ...letters(ALPHABET),
  Backquote: ['`', '~'],
  Digit1: ['1', '!'],
  Digit2: ['2', '@'],
  Digit3: ['3', '#'],
  Digit4: ['4', '$'],
  Digit5: ['5', '%'],
  Digit6: ['6', '^'],
  Digit7: ['7', '&'],
  Digit8: ['8', '*'],
  Digit9: ['9', '('],
  Digit0: ['0', ')'],
  Minus: ['-', '_'],
  Equal: ['=', '+'],
  BracketLeft: ['[', '{'],
  BracketRight: [']', '}'],
  Backslash: ['\\', '|'],
  Semicolon: [';', ':'],
  Quote: ["'", '"'],
  Comma: [',', '<'],
  Period: ['.', '>'],
  Slash: ['/', '?'],
};

const it: Layout = {
  ...letters(ALPHABET),
  KeyE: ['e', 'E', '€'],
  Backquote: ['\\', '|'],
  Digit1: ['1', '!'],
  Digit2: ['2', '"'],
  Digit3: ['3', '£'],
  Digit4: ['4', '$'],
  Digit5: ['5', '%', '€'],
  Digit6: ['6', '&'],
  Digit7: ['7', '/'],
  Digit8: ['8', '('],
  Digit9: ['9', ')'],
  Digit0: ['0', '='],
  Minus: ["'", '?'],
  Equal: ['ì', '^'],
  BracketLeft: ['è', 'é', '[', '{'],
  BracketRight: ['+', '*', ']', '}'],
  Backslash: ['ù', '§'],
  Semicolon: ['ò', 'ç', '@'],
  Quote: ['à', '°', '#'],
  IntlBackslash: ['<', '>'],
  Comma: [',', ';'],
  Period: ['.', ':'],
  Slash: ['-', '_'],
};

export const layouts: Readonly<Record<LayoutId, Layout>> = { us, it };
