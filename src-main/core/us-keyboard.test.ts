import { expect, it } from 'vitest';
import { typingEvents } from './us-keyboard.ts';

/** "+" presses, "-" releases. */
const typed = (text: string) => typingEvents(text).map(({ code, isDown }) => `${isDown ? '+' : '-'}${code}`);

it('presses and releases each key in turn', () => {
  expect(typed('a1 ')).toEqual(['+KeyA', '-KeyA', '+Digit1', '-Digit1', '+Space', '-Space']);
});

it('holds Shift for what needs it', () => {
  expect(typed('A!')).toEqual([
    '+ShiftLeft',
    '+KeyA',
    '-KeyA',
    '-ShiftLeft',
    '+ShiftLeft',
    '+Digit1',
    '-Digit1',
    '-ShiftLeft',
  ]);
});

it('types Enter once for each line end, whoever wrote the text', () => {
  for (const text of ['\n', '\r', '\r\n']) expect(typed(text)).toEqual(['+Enter', '-Enter']);
  expect(typed('\n\n')).toHaveLength(4);
});

it('reaches every printable ASCII character, each by a key combination of its own', () => {
  const characters = Array.from({ length: 95 }, (_, index) => String.fromCharCode(32 + index));
  expect(new Set(characters.map((character) => typed(character).join())).size).toBe(95);
  expect(characters.filter((character) => typed(character).length === 0)).toEqual([]);
});

it('releases all that it presses', () => {
  const down = new Set<string>();
  for (const { code, isDown } of typingEvents('Hello, "World"; #!/bin/sh\t~')) {
    if (isDown) down.add(code);
    else expect(down.delete(code)).toBe(true);
  }
  expect([...down]).toEqual([]);
});

it('leaves out what the keyboard has not', () => {
  expect(typed('ü€\u{1f600}\0')).toEqual([]);
});
