// @vitest-environment happy-dom
import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { KeyEvent } from '../../src-main/contract/methods.ts';
import { combination, KeyboardCapture } from './keyboard.ts';

let sent: KeyEvent[];
let keyboard: KeyboardCapture;
let isCaptured: boolean;
let leds: number | null;
const onHostKey = vi.fn();
const onHostCombination = vi.fn();

beforeEach(() => {
  vi.clearAllMocks();
  sent = [];
  isCaptured = true;
  leds = null;
  keyboard = new KeyboardCapture({
    hostKey: () => 'ControlRight',
    isCaptured: () => isCaptured,
    send: (events) => sent.push(...events),
    onHostKey,
    onHostCombination,
    leds: () => leds,
  });
});

function press(type: 'keydown' | 'keyup', code: string, more: KeyboardEventInit = {}): KeyboardEvent {
  const event = new KeyboardEvent(type, { code, cancelable: true, ...more });
  keyboard.handle(event);
  return event;
}
const short = (): string[] => sent.map(({ code, isDown }) => `${isDown ? '+' : '-'}${code}`);

it('sends presses and releases by position, without the host’s repeats', () => {
  for (const type of ['keydown', 'keydown', 'keydown', 'keyup'] as const) press(type, 'KeyA');
  expect(short()).toEqual(['+KeyA', '-KeyA']);
});

describe('the Host key', () => {
  it('stays with the window', () => {
    press('keydown', 'ControlRight');
    press('keyup', 'ControlRight');
    expect(onHostKey).toHaveBeenCalledOnce();
    expect(sent).toEqual([]);
  });

  it('gives combinations to the window, once, and no tap after them', () => {
    press('keydown', 'ControlRight');
    press('keydown', 'KeyP', { ctrlKey: true });
    press('keydown', 'KeyP', { ctrlKey: true, repeat: true });
    press('keyup', 'KeyP');
    press('keyup', 'ControlRight');
    expect(onHostCombination.mock.calls).toEqual([['P']]);
    expect(onHostKey).not.toHaveBeenCalled();
    expect(sent).toEqual([]);
  });

  it('combines with further modifiers', () => {
    press('keydown', 'ControlRight');
    press('keydown', 'Delete', { ctrlKey: true, shiftKey: true });
    expect(onHostCombination).toHaveBeenCalledWith('Shift+Delete');
  });

  it('works while the guest has no keys, which then belong to the browser', () => {
    isCaptured = false;
    expect(press('keydown', 'Tab').defaultPrevented).toBe(false);
    press('keydown', 'ControlRight');
    press('keyup', 'ControlRight');
    expect(onHostKey).toHaveBeenCalledOnce();
    expect(sent).toEqual([]);
  });

  it('is no tap when it went down in another window', () => {
    press('keyup', 'ControlRight');
    expect(onHostKey).not.toHaveBeenCalled();
  });
});

describe('what is held', () => {
  it('is released when the window loses the keyboard', () => {
    press('keydown', 'ShiftLeft');
    press('keydown', 'KeyA');
    keyboard.releaseAll();
    expect(short().slice(2)).toEqual(['-ShiftLeft', '-KeyA']);
  });

  it('comes up in the guest even after the keys were given back', () => {
    press('keydown', 'KeyA');
    isCaptured = false;
    press('keyup', 'KeyA');
    expect(short()).toEqual(['+KeyA', '-KeyA']);
  });

  it('comes up with Command, whose companions macOS never reports', () => {
    press('keydown', 'MetaLeft');
    press('keydown', 'KeyC');
    press('keyup', 'MetaLeft');
    expect(short()).toEqual(['+MetaLeft', '+KeyC', '-MetaLeft', '-KeyC']);
  });
});

describe('lock keys', () => {
  it('follow the host’s before the first key after a return, and then the guest’s own', () => {
    leds = 4;
    press('keydown', 'KeyA');
    press('keyup', 'KeyA');
    press('keydown', 'KeyB');
    expect(short()).toEqual(['+CapsLock', '-CapsLock', '+KeyA', '-KeyA', '+KeyB']);
    keyboard.releaseAll();
    sent = [];
    leds = 0;
    press('keydown', 'KeyC');
    expect(short()).toEqual(['+KeyC']);
  });

  it('are left alone while the guest’s lights are unknown, and when pressed themselves', () => {
    press('keydown', 'KeyA');
    leds = 4;
    press('keydown', 'CapsLock');
    expect(short()).toEqual(['+KeyA', '+CapsLock']);
  });
});

it('releases combinations in reverse', () => {
  expect(combination(['ControlLeft', 'Delete']).map(({ code, isDown }) => `${isDown ? '+' : '-'}${code}`)).toEqual([
    '+ControlLeft',
    '+Delete',
    '-Delete',
    '-ControlLeft',
  ]);
});
