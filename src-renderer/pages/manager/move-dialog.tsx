// Move: a machine's folder into another folder; the task's progress is in the notification centre.
import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import Dialog from '@mui/material/Dialog';
import DialogActions from '@mui/material/DialogActions';
import DialogContent from '@mui/material/DialogContent';
import DialogContentText from '@mui/material/DialogContentText';
import DialogTitle from '@mui/material/DialogTitle';
import TextField from '@mui/material/TextField';
import { type ReactElement, useState } from 'react';
import type { MachineSummary } from '../../../src-main/contract/methods.ts';
import { client } from '../../client/client.ts';
import { attempt } from '../../client/store.ts';
import { CopyCommand } from '../../components/copy-command.tsx';
import { FileChooser } from '../../components/file-chooser.tsx';
import { useText } from '../../i18n/text.ts';

export function MoveDialog({ machine, onClose }: { machine: MachineSummary; onClose(): void }): ReactElement {
  const { common, manager } = useText();
  const text = manager.moveDialog;
  const [folder, setFolder] = useState('');
  const [isChoosing, setIsChoosing] = useState(false);
  const move = async (): Promise<void> => {
    if (await attempt(() => client.call('machine.move', { id: machine.id, folder }))) onClose();
  };
  return (
    <Dialog open onClose={onClose} fullWidth maxWidth="sm">
      <DialogTitle sx={{ overflowWrap: 'anywhere' }}>{text.title(machine.name)}</DialogTitle>
      <DialogContent>
        <DialogContentText sx={{ overflowWrap: 'anywhere' }}>{text.text(machine.folder)}</DialogContentText>
        <Box sx={{ display: 'flex', gap: 1, mt: 2 }}>
          <TextField
            fullWidth
            autoFocus
            label={text.folder}
            value={folder}
            onChange={(event) => setFolder(event.target.value)}
          />
          <Button variant="outlined" onClick={() => setIsChoosing(true)}>
            {common.browse}
          </Button>
        </Box>
      </DialogContent>
      <DialogActions>
        <CopyCommand method="machine.move" input={folder === '' ? null : { id: machine.id, folder }} />
        <Box sx={{ flex: 1 }} />
        <Button onClick={onClose}>{common.cancel}</Button>
        <Button variant="contained" disabled={folder === ''} onClick={() => void move()}>
          {text.verb}
        </Button>
      </DialogActions>
      <FileChooser
        isOpen={isChoosing}
        title={text.folder}
        kind="folder"
        onClose={() => setIsChoosing(false)}
        onChoose={(chosen) => {
          setIsChoosing(false);
          setFolder(chosen);
        }}
      />
    </Dialog>
  );
}
