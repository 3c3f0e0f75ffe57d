// @vitest-environment happy-dom
import { beforeEach, expect, it, vi } from 'vitest';
import type { KeyEvent } from '../../src-main/contract/methods.ts';
import { combination, KeyboardCapture } from './keyboard.ts';

let sent: KeyEvent[];
let keyboard: KeyboardCapture;
const onHostKey = vi.fn();
const onHostCombination = vi.fn(() => true);

beforeEach(() => {
  vi.clearAllMocks();
  sent = [];
  keyboard = new KeyboardCapture({
    hostKey: 'ControlRight',
    send: (events) => sent.push(...events),
    onHostKey,
    onHostCombination,
  });
});

function press(type: 'keydown' | 'keyup', code: string): void {
  keyboard.handle(new KeyboardEvent(type, { code }));
}

it('sends presses and releases by position, without the host’s repeats', () => {
  for (const type of ['keydown', 'keydown', 'keydown', 'keyup'] as const) press(type, 'KeyA');
  expect(sent).toEqual([
    { code: 'KeyA', isDown: true },
    { code: 'KeyA', isDown: false },
  ]);
});

it('keeps the Host key to itself', () => {
  press('keydown', 'ControlRight');
  press('keyup', 'ControlRight');
  expect(onHostKey).toHaveBeenCalledOnce();
  expect(sent).toEqual([]);
});

it('gives Host key combinations to the window, and no tap after them', () => {
  press('keydown', 'ControlRight');
  press('keydown', 'KeyP');
  press('keyup', 'KeyP');
  press('keyup', 'ControlRight');
  expect(onHostCombination).toHaveBeenCalledWith('KeyP');
  expect(onHostKey).not.toHaveBeenCalled();
  expect(sent).toEqual([]);
});

it('releases what is held when the window loses the keyboard', () => {
  press('keydown', 'ShiftLeft');
  press('keydown', 'KeyA');
  keyboard.releaseAll();
  expect(sent.slice(2)).toEqual([
    { code: 'ShiftLeft', isDown: false },
    { code: 'KeyA', isDown: false },
  ]);
});

it('releases combinations in reverse', () => {
  expect(combination(['ControlLeft', 'Delete']).map(({ code, isDown }) => `${isDown ? '+' : '-'}${code}`)).toEqual([
    '+ControlLeft',
    '+Delete',
    '-Delete',
    '-ControlLeft',
  ]);
});
