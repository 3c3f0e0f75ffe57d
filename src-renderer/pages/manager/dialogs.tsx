// The dialog that is open, if any.
import { type ReactElement, useMemo } from 'react';
import type { MachineSummary } from '../../../src-main/contract/methods.ts';
import { useHost } from '../../client/store.ts';
import { ConfirmDialog } from '../../components/confirm-dialog.tsx';
import { useText } from '../../i18n/text.ts';
import { NewMachineDialog } from '../new-machine/new-machine-dialog.tsx';
import { PreferencesDialog } from '../preferences/preferences-dialog.tsx';
import { SettingsDialog } from '../settings/settings-dialog.tsx';
import { AboutDialog } from './about-dialog.tsx';
import { AddDialog } from './add-dialog.tsx';
import { DroppedInBrowserDialog } from './file-drop.tsx';
import { ForgetDialog } from './forget-dialog.tsx';
import { HelpDialog } from './help-dialog.tsx';
import { machineKey } from './list-model.ts';
import { callQuestioned } from './machine-actions.ts';
import { closeDialog, selectAwaited, showPage, useManager } from './manager-store.ts';
import { MoveDialog } from './move-dialog.tsx';
import { Palette } from './palette.tsx';
import { paletteEntries } from './palette-entries.ts';
import { QuitDialog } from './quit-dialog.tsx';
import { RemoveDialog } from './remove-dialog.tsx';
import { RenameGroupDialog } from './rename-group-dialog.tsx';
import type { Selection } from './use-selection.ts';
import type { VerbName, Verbs } from './verbs.tsx';

interface DialogsProps {
  selection: Selection;
  verbs: Verbs;
  keysOf(name: VerbName): string | null;
}

export function Dialogs({ selection, verbs, keysOf }: DialogsProps): ReactElement | null {
  const dialog = useManager((manager) => manager.dialog);
  const machines = useHost((host) => host.machines);
  const withIds = (ids: readonly string[]): MachineSummary[] => machines.filter(({ id }) => ids.includes(id));
  const onClose = closeDialog;
  switch (dialog?.kind) {
    case undefined:
      return null;
    case 'new':
      return (
        <NewMachineDialog
          isOpen
          openedFile={dialog.file}
          group={dialog.group}
          onClose={onClose}
          onCreated={(id) => {
            closeDialog();
            showPage('machines');
            selectAwaited(machineKey(id));
          }}
        />
      );
    case 'add':
      return <AddDialog path={dialog.path} onClose={onClose} />;
    case 'settings':
      return <SettingsDialog id={dialog.id} {...(dialog.page ? { page: dialog.page } : {})} onClose={onClose} />;
    case 'preferences':
      return <PreferencesDialog {...(dialog.page ? { page: dialog.page } : {})} onClose={onClose} />;
    case 'question':
      return (
        <ConfirmDialog
          question={dialog.question}
          machines={withIds(dialog.ids)}
          onCancel={onClose}
          onConfirm={() => {
            closeDialog();
            callQuestioned(dialog.question, dialog.ids);
          }}
        />
      );
    case 'remove':
      return <RemoveDialog machines={withIds(dialog.ids)} onClose={onClose} />;
    case 'forget':
      return <ForgetDialog folders={dialog.folders} onClose={onClose} />;
    case 'move': {
      const [machine] = withIds([dialog.id]);
      return machine ? <MoveDialog machine={machine} onClose={onClose} /> : null;
    }
    case 'renameGroup':
      return <RenameGroupDialog key={dialog.path} path={dialog.path} tree={selection.tree} onClose={onClose} />;
    case 'newGroup':
      return <RenameGroupDialog path={dialog.name} rows={dialog.rows} tree={selection.tree} onClose={onClose} />;
    case 'quit':
      return <QuitDialog onClose={onClose} />;
    case 'help':
      return <HelpDialog verbs={verbs} keysOf={keysOf} onClose={onClose} />;
    case 'about':
      return <AboutDialog onClose={onClose} />;
    case 'droppedInBrowser':
      return <DroppedInBrowserDialog name={dialog.name} onClose={onClose} />;
    case 'palette':
      return <PaletteDialog selection={selection} verbs={verbs} keysOf={keysOf} />;
  }
}

function PaletteDialog({ selection, verbs, keysOf }: DialogsProps): ReactElement {
  const text = useText();
  const machines = useHost((host) => host.machines);
  // biome-ignore lint/correctness/useExhaustiveDependencies: made anew when the machines change, not at each measurement
  const entries = useMemo(() => paletteEntries(verbs, selection, text, keysOf), [machines, selection, text]);
  return <Palette entries={entries} onClose={closeDialog} />;
}
