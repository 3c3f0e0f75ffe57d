// What the dialog is about to change: kept apart from what is stored, so that another client's changes are not undone by it.
import type { Preferences } from '../../../src-main/contract/preferences.ts';
import type { Text } from '../../i18n/text.ts';
import type { PageId } from './pages.tsx';

export type Change = Partial<Omit<Preferences, 'version'>>;

/** The part of the change that makes a difference. */
export function differing(change: Change, stored: Preferences): Change {
  return Object.fromEntries(
    Object.entries(change).filter(
      ([name, value]) => JSON.stringify(value) !== JSON.stringify(stored[name as keyof Preferences]),
    ),
  );
}

/** For each page with something wrong, one sentence. */
export function problems({ machineFolder }: Change, text: Text['preferences']): Partial<Record<PageId, string>> {
  const isAbsolute = /^(\/|[a-z]:[\\/]|\\\\)/i.test(machineFolder ?? '/');
  return isAbsolute ? {} : { general: text.general.notAbsolute };
}
