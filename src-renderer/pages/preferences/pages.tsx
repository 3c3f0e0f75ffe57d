// The pages of Preferences, in their order.
import KeyboardIcon from '@mui/icons-material/KeyboardOutlined';
import LanguageIcon from '@mui/icons-material/Language';
import MonitorIcon from '@mui/icons-material/Monitor';
import NotificationsIcon from '@mui/icons-material/NotificationsNone';
import StorageIcon from '@mui/icons-material/StorageOutlined';
import TuneIcon from '@mui/icons-material/Tune';
import type { ReactElement } from 'react';
import type { Preferences } from '../../../src-main/contract/preferences.ts';
import type { Text } from '../../i18n/text.ts';
import type { Change } from './change.ts';
import { DisplayPage } from './display-page.tsx';
import { GeneralPage } from './general-page.tsx';
import { InputPage } from './input-page.tsx';
import { InterfacePage } from './interface-page.tsx';
import { LanguagePage } from './language-page.tsx';
import { StoragePage } from './storage-page.tsx';

export interface PageProps {
  /** What is stored, with the changes made here. */
  values: Preferences;
  /** What is wrong on this page; empty when nothing is. */
  problem: string;
  onChange(part: Change): void;
}

export const pageIds = ['general', 'input', 'language', 'display', 'interface', 'storage'] as const;
export type PageId = (typeof pageIds)[number];

export const pages: Record<PageId, { icon: ReactElement; Page(props: PageProps): ReactElement }> = {
  general: { icon: <TuneIcon fontSize="small" />, Page: GeneralPage },
  input: { icon: <KeyboardIcon fontSize="small" />, Page: InputPage },
  language: { icon: <LanguageIcon fontSize="small" />, Page: LanguagePage },
  display: { icon: <MonitorIcon fontSize="small" />, Page: DisplayPage },
  interface: { icon: <NotificationsIcon fontSize="small" />, Page: InterfacePage },
  storage: { icon: <StorageIcon fontSize="small" />, Page: StoragePage },
};

/** All words of a page, for the search field. */
export function searchedWords(id: PageId, text: Text['preferences']): string[] {
  const words = [text.pages[id], ...wordsOf(text[id])];
  return id === 'input' ? [...words, ...wordsOf(text.managerActions), ...wordsOf(text.consoleActions)] : words;
}

function wordsOf(part: object): string[] {
  return Object.values(part).flatMap((value: unknown) =>
    typeof value === 'string' ? [value] : typeof value === 'object' && value !== null ? wordsOf(value) : [],
  );
}
