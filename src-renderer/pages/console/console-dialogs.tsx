// The dialog that is open in the console window, if any.
import Button from '@mui/material/Button';
import Dialog from '@mui/material/Dialog';
import DialogActions from '@mui/material/DialogActions';
import DialogContent from '@mui/material/DialogContent';
import DialogTitle from '@mui/material/DialogTitle';
import { type ReactElement, useEffect } from 'react';
import type { MachineSummary } from '../../../src-main/contract/methods.ts';
import { attempt } from '../../client/store.ts';
import { ConfirmDialog } from '../../components/confirm-dialog.tsx';
import { FileChooser } from '../../components/file-chooser.tsx';
import { useText } from '../../i18n/text.ts';
import { LogsPane } from '../logs/logs-pane.tsx';
import { AboutDialog } from '../manager/about-dialog.tsx';
import { PreferencesDialog } from '../preferences/preferences-dialog.tsx';
import { SettingsDialog } from '../settings/settings-dialog.tsx';
import { act } from './actions.ts';
import { CloseDialog } from './close-dialog.tsx';
import { type ConsoleDialog, closeDialog, useConsole } from './console-store.ts';
import { insertMedium } from './devices-menu.ts';
import { EXTENSIONS } from './drives.ts';
import { InformationDialog } from './information-dialog.tsx';
import { KeysDialog } from './keys-dialog.tsx';
import { ModeDialog } from './mode-dialog.tsx';
import { TypeTextDialog } from './type-text-dialog.tsx';

export function ConsoleDialogs({ machine }: { machine: MachineSummary }): ReactElement | null {
  const dialog = useConsole((state) => state.dialog);
  useEffect(() => {
    if (!dialog) return;
    // Whatever had the focus before: the guest is what this window is for.
    return () => useConsole.getState().screen?.focus();
  }, [dialog]);
  return dialog && <Shown machine={machine} dialog={dialog} />;
}

function Shown({ machine, dialog }: { machine: MachineSummary; dialog: ConsoleDialog }): ReactElement | null {
  const { id } = machine;
  switch (dialog.kind) {
    case 'settings':
      return <SettingsDialog id={id} {...(dialog.page ? { page: dialog.page } : {})} onClose={closeDialog} />;
    case 'confirm':
      return (
        <ConfirmDialog
          question={dialog.question}
          machines={[machine]}
          onCancel={closeDialog}
          onConfirm={() => {
            closeDialog();
            act(id, dialog.question);
          }}
        />
      );
    case 'chooseMedium':
      return <MediumChooser id={id} attachment={dialog.attachment} />;
    case 'mode':
      return <ModeDialog id={id} mode={dialog.mode} onClose={closeDialog} />;
    case 'typeText':
      return <TypeTextDialog id={id} fromClipboard={dialog.fromClipboard} onClose={closeDialog} />;
    case 'information':
      return <InformationDialog machine={machine} onClose={closeDialog} />;
    case 'log':
      return <LogDialog machine={machine} />;
    case 'close':
      return <CloseDialog id={id} name={machine.name} onClose={closeDialog} />;
    case 'keys':
      return <KeysDialog onClose={closeDialog} />;
    case 'about':
      return <AboutDialog onClose={closeDialog} />;
    case 'preferences':
      return <PreferencesDialog onClose={closeDialog} />;
  }
}

function MediumChooser({ id, attachment }: { id: string; attachment: number }): ReactElement | null {
  const { console: text } = useText();
  const type = useConsole((state) => state.definition?.settings.storage[attachment]?.type);
  const kind = type === 'floppy' ? 'floppy' : 'cdrom';
  const title = kind === 'floppy' ? text.drives.chooseFloppy : text.drives.chooseDisc;
  const choose = (path: string): void => {
    closeDialog();
    insertMedium(id, attachment, path);
  };
  useEffect(() => {
    const desktop = window.ospiteDesktop;
    if (!desktop) return;
    void attempt(async () => {
      const path = await desktop.chooseFile({ title, extensions: [...EXTENSIONS[kind]] });
      closeDialog();
      if (path !== null) insertMedium(id, attachment, path);
    });
  }, [id, attachment, title, kind]);
  if (window.ospiteDesktop) return null;
  return (
    <FileChooser isOpen title={title} extensions={[...EXTENSIONS[kind]]} onClose={closeDialog} onChoose={choose} />
  );
}

function LogDialog({ machine }: { machine: MachineSummary }): ReactElement {
  const { console: text, common } = useText();
  return (
    <Dialog open onClose={closeDialog} maxWidth="lg" fullWidth>
      <DialogTitle sx={{ overflowWrap: 'anywhere' }}>{text.log(machine.name)}</DialogTitle>
      <DialogContent dividers sx={{ height: '70vh', p: 0 }}>
        <LogsPane machine={machine} />
      </DialogContent>
      <DialogActions sx={{ pt: 1.5 }}>
        <Button onClick={closeDialog}>{common.close}</Button>
      </DialogActions>
    </Dialog>
  );
}
