// The texts in the language that the preferences, or else the browser, ask for.
import { useHost } from '../client/store.ts';
import type { Catalogue } from './catalogue.ts';
import { en } from './en/index.ts';
import { it } from './it/index.ts';

export type Text = Catalogue<typeof en>;

const languages: Record<'en' | 'it', Text> = { en, it };

export function useText(): Text {
  return languages[useLanguage()];
}

export function useLanguage(): 'en' | 'it' {
  return useHost((host) => languageFor(host.preferences?.language));
}

/** For code outside of components; does not follow later changes. */
export function currentText(): Text {
  return languages[languageFor(useHost.getState().preferences?.language)];
}

function languageFor(preferred: 'system' | 'en' | 'it' | undefined): 'en' | 'it' {
  if (preferred === 'en' || preferred === 'it') return preferred;
  return navigator.language.startsWith('it') ? 'it' : 'en';
}
