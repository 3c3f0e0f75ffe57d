import { expect, it } from 'vitest';
import { assign, chordInForce, holderOf } from './shortcuts.ts';

const defaults = { open: 'Ctrl+O', save: 'Ctrl+S', quit: null };

it('knows what is in force and who has it', () => {
  const changed = { save: '', quit: 'Ctrl+Q' };
  expect(['open', 'save', 'quit'].map((action) => chordInForce(action, defaults, changed))).toEqual([
    'Ctrl+O',
    '',
    'Ctrl+Q',
  ]);
  expect(holderOf('Ctrl+Q', 'open', defaults, changed)).toBe('quit');
  expect(holderOf('Ctrl+Q', 'quit', defaults, changed)).toBeNull();
  expect(holderOf('Ctrl+S', 'open', defaults, changed)).toBeNull();
  expect(holderOf('', 'open', defaults, changed)).toBeNull();
});

it('takes a chord from who had it', () => {
  expect(assign('Ctrl+S', 'quit', defaults, {})).toEqual({ save: '', quit: 'Ctrl+S' });
});

it('stores nothing for what is as it always was', () => {
  expect(assign('Ctrl+O', 'open', defaults, { open: 'F9' })).toEqual({});
  expect(assign('', 'quit', defaults, { quit: 'F9' })).toEqual({});
  expect(assign('', 'open', defaults, {})).toEqual({ open: '' });
});
