// Which keyboard layout the guest is set to: nobody can know but the user. Remembered by this browser; at first the browser's
// language decides.
import { type LayoutId, layouts } from '../../display/keyboard-layouts.ts';

const KEY = 'ospite.console.guest-layout';

export function rememberedLayout(): LayoutId {
  const stored = localStorage.getItem(KEY);
  if (stored !== null && Object.hasOwn(layouts, stored)) return stored as LayoutId;
  return navigator.language.startsWith('it') ? 'it' : 'us';
}

export function rememberLayout(layout: LayoutId): void {
  localStorage.setItem(KEY, layout);
}
