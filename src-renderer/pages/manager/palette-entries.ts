// Everything the command palette can do: actions, pages, settings pages, and the verbs of every machine.
import { client } from '../../client/client.ts';
import { attempt, useHost } from '../../client/store.ts';
import { isActive } from '../../components/machine-state.tsx';
import type { Text } from '../../i18n/text.ts';
import { pageIds } from '../preferences/pages.tsx';
import type { SettingsPage } from '../settings/settings-dialog.tsx';
import { fuzzyScore } from './fuzzy.ts';
import { machineKey } from './list-model.ts';
import { startMachines } from './machine-actions.ts';
import { openDialog, select, showPage, useManager } from './manager-store.ts';
import type { Selection } from './use-selection.ts';
import type { VerbName, Verbs } from './verbs.tsx';

export interface PaletteEntry {
  key: string;
  title: string;
  /** Where it belongs: "Machine", "Settings"… */
  area: string;
  keys: string | null;
  run(): void;
}

const settingsPages: SettingsPage[] = [
  'general',
  'system',
  'display',
  'storage',
  'audio',
  'network',
  'serial',
  'usb',
  'sharedFolders',
  'userInterface',
];

export function paletteEntries(
  verbs: Verbs,
  selection: Selection,
  { manager, preferences }: Text,
  keysOf: (name: VerbName) => string | null,
): PaletteEntry[] {
  const { palette, menus } = manager;
  const areas: Record<string, string> = {
    file: menus.file,
    machine: menus.machine,
    group: menus.group,
    help: menus.help,
  };
  const actions = (Object.keys(verbs) as VerbName[])
    .filter((name) => verbs[name].reason === '' && name !== 'app.palette' && name !== 'machine.startNormal')
    .map((name) => ({
      key: name,
      title: verbs[name].title.replace(/…$/, ''),
      area: areas[name.split('.')[0] ?? ''] ?? '',
      keys: keysOf(name),
      run: verbs[name].run,
    }));
  const [only, ...others] = selection.machines;
  const settings =
    only && others.length === 0
      ? settingsPages.map((page) => ({
          key: `settings ${page}`,
          title: palette.settingsPage(only.name, palette.settingsPages[page]),
          area: palette.settings,
          keys: null,
          run: () => openDialog({ kind: 'settings', id: only.id, page }),
        }))
      : [];
  const preferencePages = pageIds.map((page) => ({
    key: `preferences ${page}`,
    title: palette.preferencesPage(preferences.pages[page]),
    area: palette.preferences,
    keys: null,
    run: () => openDialog({ kind: 'preferences', page }),
  }));
  return [...actions, ...settings, ...preferencePages, ...machineEntries(manager)];
}

function machineEntries({ palette }: Text['manager']): PaletteEntry[] {
  return useHost.getState().machines.flatMap((machine): PaletteEntry[] => {
    const { id, name, state } = machine;
    const show = (): void => {
      showPage('machines');
      // In a search or a collapsed group it would stay unseen.
      const inner = machine.group.split('/').map((_part, index, all) => all.slice(0, index + 1).join('/'));
      useManager.setState(({ collapsed }) => ({
        search: null,
        collapsed: new Set([...collapsed].filter((path) => !inner.includes(path))),
      }));
      select(machineKey(id));
    };
    const entry = (verb: string, title: string, run: () => void): PaletteEntry => ({
      key: `${verb} ${id}`,
      title,
      area: palette.machine,
      keys: null,
      run,
    });
    const life = isActive(state)
      ? [
          entry('show', palette.show(name), () => startMachines([machine], 'window')),
          entry('button', palette.powerButton(name), () => {
            void attempt(() => client.call('machine.powerButton', { id }));
          }),
        ]
      : [
          entry('start', palette.start(name), () => startMachines([machine], 'asSet')),
          entry('headless', palette.startHeadless(name), () => startMachines([machine], 'headless')),
        ];
    return [
      entry('select', palette.select(name), show),
      ...life,
      entry('settings', palette.settingsOf(name), () => openDialog({ kind: 'settings', id })),
    ];
  });
}

const MOST_SHOWN = 60;

/** The entries that fit, best first; without a text all in their own order. */
export function matchingEntries(entries: readonly PaletteEntry[], typed: string): PaletteEntry[] {
  if (typed.trim() === '') return entries.slice(0, MOST_SHOWN);
  return entries
    .map((entry) => ({
      entry,
      score: fuzzyScore(entry.title, typed) ?? fuzzyScore(`${entry.title} ${entry.area}`, typed),
    }))
    .filter((scored): scored is { entry: PaletteEntry; score: number } => scored.score !== null)
    .toSorted((a, b) => b.score - a.score)
    .slice(0, MOST_SHOWN)
    .map(({ entry }) => entry);
}
