// Joins the window's keyboard to the guest: while the screen has the focus and the keyboard is given, keys go to the guest; the
// Host key works everywhere in the window except in dialogs, menus and text fields.
import { type RefObject, useEffect, useRef } from 'react';
import { useHost } from '../../client/store.ts';
import { KeyboardCapture } from '../../display/keyboard.ts';
import { useConsole } from './console-store.ts';
import { sendKeys } from './guest-keys.ts';
import { hostKey } from './host-key.ts';

export function useGuestKeyboard(
  id: string,
  canvas: RefObject<HTMLCanvasElement | null>,
  onHostCombination: (chord: string) => void,
): { onFocus(): void; onBlur(): void } {
  const latest = useRef(onHostCombination);
  latest.current = onHostCombination;
  const capture = useRef<KeyboardCapture | null>(null);

  useEffect(() => {
    const keyboard = new KeyboardCapture({
      hostKey,
      isCaptured: () => useConsole.getState().hasKeyboard && document.activeElement === canvas.current,
      send: (events) => sendKeys(id, events),
      onHostKey: toggleGrab,
      onHostCombination: (chord) => latest.current(chord),
      leds: () => useConsole.getState().leds,
    });
    capture.current = keyboard;
    const listen = (event: KeyboardEvent): void => {
      if (!isElsewhere(event)) keyboard.handle(event);
    };
    const release = (): void => keyboard.releaseAll();
    // Before anything of the page sees the key.
    window.addEventListener('keydown', listen, true);
    window.addEventListener('keyup', listen, true);
    window.addEventListener('blur', release);
    const stop = useConsole.subscribe((state, before) => {
      if (before.hasKeyboard && !state.hasKeyboard) release();
    });
    return () => {
      release();
      stop();
      window.removeEventListener('keydown', listen, true);
      window.removeEventListener('keyup', listen, true);
      window.removeEventListener('blur', release);
    };
  }, [id, canvas]);

  return {
    onFocus: () => {
      if (useHost.getState().preferences?.autoCaptureKeyboard ?? true) useConsole.setState({ hasKeyboard: true });
    },
    onBlur: () => {
      capture.current?.releaseAll();
      useConsole.setState({ hasKeyboard: false });
    },
  };
}

function toggleGrab(): void {
  const { hasKeyboard, isPointerCaptured, screen, tab } = useConsole.getState();
  if (hasKeyboard || isPointerCaptured) screen?.release();
  else if (tab === 'screen') screen?.grab();
}

/** A terminal is no text field: the Host key works there, too. */
function isElsewhere(event: KeyboardEvent): boolean {
  const { target } = event;
  if (!(target instanceof HTMLElement)) return false;
  if (/^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName) && !target.closest('.xterm')) return true;
  return event.type === 'keydown' && document.querySelector('[role=dialog], [role=menu]') !== null;
}
