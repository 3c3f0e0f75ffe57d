// The browser's or Electron's window around the console: its size, full screen, its end.
import type { Size } from '../../display/screen-layout.ts';

interface KeyboardLock {
  lock?(codes?: string[]): Promise<void>;
  unlock?(): void;
}
const keyboardLock = (navigator as { keyboard?: KeyboardLock }).keyboard;

/** A window of its own can be resized by its page; a tab cannot. */
export function isOwnWindow(): boolean {
  return window.ospiteDesktop !== undefined || !window.menubar.visible;
}

export function canFullScreen(): boolean {
  return document.fullscreenEnabled;
}

/** Enters or leaves full screen; in it, even the system's keys belong to the page where the browser allows that. */
export async function setFullScreen(isWanted: boolean): Promise<void> {
  if (isWanted === (document.fullscreenElement !== null)) return;
  if (!isWanted) {
    keyboardLock?.unlock?.();
    return document.exitFullscreen();
  }
  await document.documentElement.requestFullscreen({ navigationUI: 'hide' });
  // Without it, Escape leaves full screen and some keys stay with the system; all else works.
  await keyboardLock?.lock?.().catch(() => {});
}

/** Makes the part of the window that shows the guest as large as the guest's screen, within the monitor. */
export function adjustWindow(wanted: Size, shown: Size): void {
  const width = Math.min(window.outerWidth + Math.ceil(wanted.width - shown.width), window.screen.availWidth);
  const height = Math.min(window.outerHeight + Math.ceil(wanted.height - shown.height), window.screen.availHeight);
  window.resizeTo(width, height);
}

let isClosing = false;

/** Whether the window may go without a question. */
export function isWindowClosing(): boolean {
  return isClosing;
}

/** Closes the window; a tab that its page may not close shows the manager instead. */
export function closeWindow(): void {
  isClosing = true;
  window.close();
  setTimeout(() => {
    if (!window.closed) location.hash = '#/';
  }, 300);
}
