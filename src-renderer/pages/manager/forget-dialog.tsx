// Takes inaccessible machines off the list; their folders stay as they are.
import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import Dialog from '@mui/material/Dialog';
import DialogActions from '@mui/material/DialogActions';
import DialogContent from '@mui/material/DialogContent';
import DialogContentText from '@mui/material/DialogContentText';
import DialogTitle from '@mui/material/DialogTitle';
import type { ReactElement } from 'react';
import { CopyCommand } from '../../components/copy-command.tsx';
import { useText } from '../../i18n/text.ts';
import { forgetMachine } from './machine-actions.ts';

export function ForgetDialog({ folders, onClose }: { folders: string[]; onClose(): void }): ReactElement {
  const { common, manager } = useText();
  const text = manager.broken;
  return (
    <Dialog open onClose={onClose} fullWidth maxWidth="sm">
      <DialogTitle>{text.forgetTitle}</DialogTitle>
      <DialogContent>
        <DialogContentText>{text.forgetText}</DialogContentText>
        <Box component="ul" sx={{ mb: 0, pl: 3, overflowWrap: 'anywhere', typography: 'body2' }}>
          {folders.map((folder) => (
            <li key={folder}>{folder}</li>
          ))}
        </Box>
      </DialogContent>
      <DialogActions>
        <CopyCommand method="machine.forget" input={folders.map((folder) => ({ folder }))} />
        <Box sx={{ flex: 1 }} />
        <Button onClick={onClose}>{common.cancel}</Button>
        <Button
          variant="contained"
          autoFocus
          onClick={() => {
            onClose();
            for (const folder of folders) forgetMachine(folder);
          }}
        >
          {text.forget}
        </Button>
      </DialogActions>
    </Dialog>
  );
}
