// What the manager window itself remembers: the page in front, the selected rows, collapsed groups, search, the open dialog.
import { create } from 'zustand';
import type { Question } from '../../components/confirm-dialog.tsx';
import type { PageId as PreferencesPage } from '../preferences/pages.tsx';
import type { SettingsPage } from '../settings/settings-dialog.tsx';
import type { RowKey } from './list-model.ts';

export const globalPages = ['machines', 'media', 'network', 'activity', 'doctor'] as const;
export type GlobalPage = (typeof globalPages)[number];
export const machineTabs = ['details', 'snapshots', 'logs', 'activity'] as const;
export type MachineTab = (typeof machineTabs)[number];

export type OpenDialog =
  | { kind: 'new'; file: string | null; group: string }
  | { kind: 'add'; path: string }
  | { kind: 'settings'; id: string; page?: SettingsPage }
  | { kind: 'preferences'; page?: PreferencesPage }
  | { kind: 'question'; question: Question; ids: string[] }
  | { kind: 'remove'; ids: string[] }
  | { kind: 'forget'; folders: string[] }
  | { kind: 'move'; id: string }
  | { kind: 'renameGroup'; path: string }
  | { kind: 'newGroup'; name: string; rows: RowKey[] }
  | { kind: 'quit' }
  | { kind: 'help' }
  | { kind: 'about' }
  | { kind: 'droppedInBrowser'; name: string }
  | { kind: 'palette' };

interface ManagerState {
  page: GlobalPage;
  tab: MachineTab;
  /** In the order in which they were selected. */
  selected: RowKey[];
  /** A selected row that the host has not told of yet: just made, or just renamed. */
  awaited: RowKey | null;
  /** The row that the keyboard is at. */
  current: RowKey | null;
  /** Where a range begun with Shift starts. */
  anchor: RowKey | null;
  collapsed: ReadonlySet<string>;
  /** Null while the search field is closed. */
  search: string | null;
  dialog: OpenDialog | null;
  isCentreOpen: boolean;
  listWidthRem: number;
}

const COLLAPSED = 'ospite.collapsedGroups';
const PLACE = 'ospite.manager';

function stored<Value>(key: string, otherwise: Value): Value {
  try {
    return (JSON.parse(localStorage.getItem(key) ?? 'null') as Value | null) ?? otherwise;
  } catch {
    // Somebody else's text under our key, or storage switched off: begin anew.
    return otherwise;
  }
}

export function store(key: string, value: unknown): void {
  try {
    localStorage.setItem(key, JSON.stringify(value));
  } catch {
    // Storage is switched off or full: this is forgotten with the window.
  }
}

const place = stored<Partial<Pick<ManagerState, 'page' | 'tab' | 'selected' | 'listWidthRem'>>>(PLACE, {});

export const useManager = create<ManagerState>(() => ({
  page: globalPages.find((page) => page === place.page) ?? 'machines',
  tab: machineTabs.find((tab) => tab === place.tab) ?? 'details',
  selected: Array.isArray(place.selected) ? place.selected.filter((key) => typeof key === 'string') : [],
  awaited: null,
  current: null,
  anchor: null,
  collapsed: new Set(stored<string[]>(COLLAPSED, [])),
  search: null,
  dialog: null,
  isCentreOpen: false,
  listWidthRem: typeof place.listWidthRem === 'number' ? place.listWidthRem : 21,
}));

useManager.subscribe((now, before) => {
  if (now.collapsed !== before.collapsed) store(COLLAPSED, [...now.collapsed]);
  const { page, tab, selected, listWidthRem } = now;
  if (
    page !== before.page ||
    tab !== before.tab ||
    selected !== before.selected ||
    listWidthRem !== before.listWidthRem
  )
    store(PLACE, { page, tab, selected, listWidthRem });
});

export const openDialog = (dialog: OpenDialog): void => useManager.setState({ dialog });
export const closeDialog = (): void => useManager.setState({ dialog: null });

export function showPage(page: GlobalPage): void {
  useManager.setState({ page });
}

export function showTab(tab: MachineTab): void {
  useManager.setState({ page: 'machines', tab });
}

/** Selects one row alone. */
export function select(key: RowKey): void {
  useManager.setState({ selected: [key], current: key, anchor: key });
}

const AWAITED_MS = 5000;

/** Selects a row that is about to appear. */
export function selectAwaited(key: RowKey): void {
  useManager.setState({ selected: [key], awaited: key, current: key, anchor: key });
  setTimeout(() => useManager.setState(({ awaited }) => (awaited === key ? { awaited: null } : {})), AWAITED_MS);
}

export function setCollapsed(path: string, isCollapsed: boolean): void {
  useManager.setState(({ collapsed }) => {
    const next = new Set(collapsed);
    if (isCollapsed) next.add(path);
    else next.delete(path);
    return { collapsed: next };
  });
}

export function toggleSearch(): void {
  useManager.setState(({ search }) => ({ page: 'machines', search: search === null ? '' : null }));
}
