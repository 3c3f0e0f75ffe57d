// The Host key and the keys pressed together with it, as the preferences have them.
import { useHost } from '../../client/store.ts';
import { type Text, useText } from '../../i18n/text.ts';
import { type ConsoleAction, consoleShortcuts } from '../../shortcuts/console.ts';

export const DEFAULT_HOST_KEY = 'ControlRight';

export function hostKey(): string {
  return useHost.getState().preferences?.hostKey ?? DEFAULT_HOST_KEY;
}

/** What is printed on the Host key. */
export function useHostKeyName(): string {
  const { console: text } = useText();
  return nameOfKey(useHost((host) => host.preferences?.hostKey) ?? DEFAULT_HOST_KEY, text);
}

export function nameOfKey(code: string, text: Text['console']): string {
  return text.hostKeys[code] ?? code.replace(/^(Key|Digit)/, '');
}

/** The chord of an action without the Host key; empty when it has none. */
export function consoleChord(action: string, changed: Record<string, string> | undefined): string {
  return (
    changed?.[action] ??
    (Object.hasOwn(consoleShortcuts, action) ? consoleShortcuts[action as ConsoleAction] : '') ??
    ''
  );
}

/** "Host+F", for menus; undefined when the action has no key. */
export function hostChord(action: string, changed: Record<string, string> | undefined): string | undefined {
  const chord = consoleChord(action, changed);
  return chord === '' ? undefined : `Host+${chord}`;
}
