import { expect, it } from 'vitest';
import { codeAliases, scanCodes } from '../engine/chipset/scan-codes.ts';
import { chordEvents, chordsOf, keyNames } from './key-names.ts';

it('presses in order and releases in the reverse order', () => {
  expect(chordEvents('Ctrl-Alt+Delete')).toEqual([
    { code: 'ControlLeft', isDown: true },
    { code: 'AltLeft', isDown: true },
    { code: 'Delete', isDown: true },
    { code: 'Delete', isDown: false },
    { code: 'AltLeft', isDown: false },
    { code: 'ControlLeft', isDown: false },
  ]);
});

it('knows only keys that the keyboard has', () => {
  const special = ['Pause', 'PrintScreen']; // Sequences of their own in the keyboard, besides the table.
  const known = new Set([...scanCodes.keys(), ...codeAliases.keys(), ...special]);
  const codes = keyNames.map((name) => chordEvents(name)[0]!.code);
  expect(codes.filter((code) => !known.has(code))).toEqual([]);
});

it('names every chord that it presses', () => {
  for (const name of keyNames) expect(chordsOf(chordEvents(`shift-${name}`))).toEqual([`shift-${name}`]);
  expect(chordsOf([...chordEvents('ctrl-c'), ...chordEvents('MediaPlayPause')])).toEqual(['ctrl-c', 'MediaPlayPause']);
});

it('does not name what is no chord', () => {
  expect(chordsOf([{ code: 'KeyA', isDown: true }])).toBeNull();
  expect(chordsOf([{ code: 'KeyA', isDown: false }])).toBeNull();
  expect(chordsOf([...chordEvents('a').slice(0, 1), { code: 'KeyB', isDown: false }])).toBeNull();
});

it.each(['hyper', 'ctrl--', '', 'constructor', 'keya'])('refuses %j', (chord) => {
  expect(() => chordEvents(chord)).toThrow(expect.objectContaining({ code: 'usage.invalid' }));
});
