import { describe, expect, it } from 'vitest';
import type { KeyEvent } from '../../src-main/contract/methods.ts';
import { typeStrokes, typingOf } from './typing.ts';

const codes = (text: string, layout: 'us' | 'it'): string[] =>
  typingOf(text, layout).strokes.map((stroke) =>
    stroke
      .filter(({ isDown }) => isDown)
      .map(({ code }) => code)
      .join('+'),
  );

describe('typingOf', () => {
  it('finds keys and their modifiers', () => {
    expect(codes('aB1!\n', 'us')).toEqual(['KeyA', 'ShiftLeft+KeyB', 'Digit1', 'ShiftLeft+Digit1', 'Enter']);
  });

  it('finds other keys for the same text on another layout', () => {
    expect(codes('/@{è', 'it')).toEqual([
      'ShiftLeft+Digit7',
      'AltRight+Semicolon',
      'ShiftLeft+AltRight+BracketLeft',
      'BracketLeft',
    ]);
    expect(codes('/@{', 'us')).toEqual(['Slash', 'ShiftLeft+Digit2', 'ShiftLeft+BracketLeft']);
  });

  it('types every printable ASCII character on a US keyboard, and names what it cannot', () => {
    const ascii = Array.from({ length: 95 }, (_, index) => String.fromCharCode(32 + index)).join('');
    expect(typingOf(ascii, 'us').missing).toEqual([]);
    expect(typingOf('aèaè€', 'us')).toMatchObject({ missing: ['è', '€'] });
  });

  it('takes every kind of line end as one Enter, and composed letters', () => {
    expect(codes('a\r\nb\rc', 'us')).toEqual(['KeyA', 'Enter', 'KeyB', 'Enter', 'KeyC']);
    expect(codes('e\u0300', 'it')).toEqual(['BracketLeft']);
  });

  it('leaves no key down', () => {
    const held = new Set<string>();
    for (const { code, isDown } of typingOf('Hello {World}', 'it').strokes.flat())
      if (isDown) held.add(code);
      else held.delete(code);
    expect(held.size).toBe(0);
  });
});

describe('typeStrokes', () => {
  it('sends everything in order, in groups', async () => {
    const sent: KeyEvent[][] = [];
    const progress: number[] = [];
    const { strokes } = typingOf('a'.repeat(40), 'us');
    await typeStrokes(
      strokes,
      async (events) => sent.push(events),
      (typed) => progress.push(typed),
      new AbortController().signal,
    );
    expect(sent.flat()).toEqual(strokes.flat());
    expect(progress).toEqual([16, 32, 40]);
  });

  it('stops when cancelled', async () => {
    const ending = new AbortController();
    let groups = 0;
    await typeStrokes(
      typingOf('a'.repeat(400), 'us').strokes,
      async () => {
        groups++;
        ending.abort();
      },
      () => {},
      ending.signal,
    );
    expect(groups).toBe(1);
  });
});
