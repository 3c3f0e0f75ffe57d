// Everything that can be done in the manager window, once: menus, toolbar, keys and the command palette all take it from here.
import AddIcon from '@mui/icons-material/AddCircleOutlined';
import DiscardIcon from '@mui/icons-material/DeleteSweepOutlined';
import ShowIcon from '@mui/icons-material/DesktopWindowsOutlined';
import OpenIcon from '@mui/icons-material/FolderOpenOutlined';
import PlayIcon from '@mui/icons-material/PlayArrow';
import SettingsIcon from '@mui/icons-material/SettingsOutlined';
import type { ReactNode } from 'react';
import { client } from '../../client/client.ts';
import { attempt } from '../../client/store.ts';
import { isActive } from '../../components/machine-state.tsx';
import type { Text } from '../../i18n/text.ts';
import { freeGroupName, sorted, step, ungroup } from './list-model.ts';
import {
  arrange,
  askAndCall,
  callEach,
  openNew,
  refreshMachines,
  startMachines,
  togglePause,
} from './machine-actions.ts';
import { type MachineTab, openDialog, showPage, showTab, toggleSearch } from './manager-store.ts';
import type { Selection } from './use-selection.ts';

export interface Verb {
  title: string;
  icon?: ReactNode;
  /** Why it cannot be done now; empty when it can. */
  reason: string;
  isChecked?: boolean;
  run(): void;
}

export type Verbs = ReturnType<typeof verbsFor>;
export type VerbName = keyof Verbs;

export function verbsFor(selection: Selection, { manager: text, common }: Text, tab: MachineTab, isSearching: boolean) {
  const { machines, keys, group, tree } = selection;
  const only = machines.length === 1 && group === null ? machines[0] : undefined;
  const on = machines.filter(({ state }) => isActive(state));
  const off = machines.filter(({ state }) => !isActive(state));
  const pausable = machines.filter(({ state }) => state === 'running' || state === 'paused');
  const isAllPaused = pausable.length > 0 && pausable.every(({ state }) => state === 'paused');
  const isShow = machines.length > 0 && off.length === 0;
  const rows = keys.filter((key) => !key.startsWith('x:'));
  const [row] = rows;

  const later = (title: string): Verb => ({ title, reason: common.notInThisVersion, run: () => {} });
  const verb = (title: string, run: () => void, reason = '', icon?: ReactNode): Verb => ({ title, reason, run, icon });
  const needsOne = only ? '' : machines.length === 0 ? text.reasons.selectMachine : text.reasons.selectOne;
  const needsSome = machines.length > 0 ? '' : text.reasons.selectMachine;
  const needsOn = needsSome || (on.length > 0 ? '' : text.reasons.notRunning);
  const needsOff = needsSome || (off.length > 0 ? '' : text.reasons.running);
  const { broken } = selection;
  const isBroken = broken.length > 0 && machines.length === 0;
  const needsRows = rows.length > 0 ? '' : text.reasons.selectMachine;
  const needsGroup = group === null ? text.reasons.selectGroup : '';
  const toTab = (name: MachineTab): Verb => ({
    ...verb(text.tabs[name], () => showTab(name), needsOne),
    isChecked: tab === name,
  });
  const shift = (direction: -1 | 1) => () => {
    if (row) arrange(step(tree, row, direction));
  };

  return {
    'file.preferences': verb(text.verbs.preferences, () => openDialog({ kind: 'preferences' })),
    'file.import': later(text.verbs.import),
    'file.export': later(text.verbs.export),
    'file.media': verb(text.verbs.media, () => showPage('media')),
    'file.network': verb(text.verbs.network, () => showPage('network')),
    'file.activity': verb(text.verbs.activityOverview, () => showPage('activity')),
    'file.doctor': verb(text.verbs.doctor, () => showPage('doctor')),
    'file.updates': later(text.verbs.updates),
    'file.resetWarnings': verb(text.verbs.resetWarnings, () => {
      void attempt(() => client.call('preferences.set', { change: { suppressedWarnings: [] } }));
    }),
    'file.quit': verb(text.verbs.quit, () => openDialog({ kind: 'quit' })),
    'machine.new': verb(text.verbs.new, () => openNew(), '', <AddIcon />),
    'machine.add': verb(text.verbs.add, () => openDialog({ kind: 'add', path: '' }), '', <OpenIcon />),
    'machine.settings': verb(
      text.verbs.settings,
      () => only && openDialog({ kind: 'settings', id: only.id }),
      needsOne,
      <SettingsIcon />,
    ),
    'machine.clone': later(text.verbs.clone),
    'machine.move': verb(
      text.verbs.move,
      () => only && openDialog({ kind: 'move', id: only.id }),
      needsOne || (on.length > 0 ? text.reasons.running : ''),
    ),
    'machine.remove': verb(
      text.verbs.remove,
      () =>
        openDialog(
          isBroken
            ? { kind: 'forget', folders: broken.map(({ folder }) => folder) }
            : { kind: 'remove', ids: machines.map(({ id }) => id) },
        ),
      isBroken ? '' : needsSome || (on.length > 0 ? text.reasons.running : ''),
    ),
    'machine.newGroup': verb(
      text.verbs.newGroup,
      () => openDialog({ kind: 'newGroup', name: freeGroupName(tree, text.newGroupName), rows }),
      needsRows,
    ),
    'machine.start': verb(
      isShow ? text.verbs.show : text.verbs.start,
      () => startMachines(isShow ? machines : off, 'asSet'),
      needsSome,
      isShow ? <ShowIcon /> : <PlayIcon />,
    ),
    'machine.startNormal': verb(text.verbs.startNormal, () => startMachines(off, 'window'), needsOff),
    'machine.startHeadless': verb(text.verbs.startHeadless, () => startMachines(off, 'headless'), needsOff),
    'machine.startDisposable': verb(text.verbs.startDisposable, () => startMachines(off, 'disposable'), needsOff),
    'machine.pause': {
      ...verb(
        text.verbs.pause,
        () => togglePause(pausable),
        needsSome || (pausable.length > 0 ? '' : text.reasons.notRunning),
      ),
      isChecked: isAllPaused,
    },
    'machine.reset': verb(text.verbs.reset, () => askAndCall('reset', on), needsOn),
    'machine.saveState': later(text.verbs.saveState),
    'machine.powerButton': verb(text.verbs.powerButton, () => callEach('machine.powerButton', on), needsOn),
    'machine.powerOff': verb(text.verbs.powerOff, () => askAndCall('powerOff', on), needsOn),
    'machine.details': toTab('details'),
    'machine.snapshots': toTab('snapshots'),
    'machine.logs': toTab('logs'),
    'machine.activity': toTab('activity'),
    'machine.discard': { ...later(text.verbs.discard), icon: <DiscardIcon /> },
    'machine.refresh': verb(text.verbs.refresh, refreshMachines),
    'machine.reveal': later(text.verbs.reveal),
    'machine.shortcut': later(text.verbs.shortcut),
    'machine.moveUp': verb(text.verbs.moveUp, shift(-1), needsRows),
    'machine.moveDown': verb(text.verbs.moveDown, shift(1), needsRows),
    'machine.sort': verb(text.verbs.sort, () => arrange(sorted(tree))),
    'machine.search': { ...verb(text.verbs.search, toggleSearch), isChecked: isSearching },
    'group.rename': verb(
      text.verbs.renameGroup,
      () => group !== null && openDialog({ kind: 'renameGroup', path: group }),
      needsGroup,
    ),
    'group.ungroup': verb(text.verbs.ungroup, () => group !== null && arrange(ungroup(tree, group)), needsGroup),
    'app.palette': verb(text.verbs.palette, () => openDialog({ kind: 'palette' })),
    'help.contents': verb(text.verbs.contents, () => openDialog({ kind: 'help' })),
    'help.about': verb(text.verbs.about, () => openDialog({ kind: 'about' })),
  };
}
