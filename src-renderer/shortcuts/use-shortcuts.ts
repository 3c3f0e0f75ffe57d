// The keys in force (defaults with the user's changes), and the listener that runs what was pressed.
import { useEffect } from 'react';
import { useHost } from '../client/store.ts';
import { chordOf } from './chord.ts';
import { type ManagerAction, managerShortcuts } from './manager.ts';

/** The chord of an action, or null when it has none. */
export function managerChord(action: ManagerAction, changed: Record<string, string> | undefined): string | null {
  return changed?.[action] ?? managerShortcuts[action];
}

/** Runs the action whose keys are pressed, except while a dialog is open or text is being typed without a modifier. */
export function useManagerShortcuts(actions: Partial<Record<ManagerAction, () => void>>): void {
  const changed = useHost((host) => host.preferences?.managerShortcuts);
  useEffect(() => {
    const listen = (event: KeyboardEvent): void => {
      if (event.defaultPrevented || document.querySelector('[role=dialog]')) return;
      const isTyping = event.target instanceof HTMLElement && /^(INPUT|TEXTAREA)$/.test(event.target.tagName);
      if (isTyping && (!(event.ctrlKey || event.metaKey) || event.code === 'KeyA')) return;
      const chord = chordOf(event);
      for (const [action, run] of Object.entries(actions) as [ManagerAction, () => void][]) {
        if (chord === '' || managerChord(action, changed) !== chord) continue;
        event.preventDefault();
        run();
        return;
      }
    };
    window.addEventListener('keydown', listen);
    return () => window.removeEventListener('keydown', listen);
  }, [actions, changed]);
}
