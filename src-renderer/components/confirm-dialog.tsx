// Asks before something that cannot be undone.
import Button from '@mui/material/Button';
import Dialog from '@mui/material/Dialog';
import DialogActions from '@mui/material/DialogActions';
import DialogContent from '@mui/material/DialogContent';
import DialogContentText from '@mui/material/DialogContentText';
import DialogTitle from '@mui/material/DialogTitle';
import type { ReactElement } from 'react';

export type Question = 'reset' | 'powerOff' | 'remove';

const questions: Record<Question, { title: string; text: string; verb: string }> = {
  reset: {
    title: 'Reset',
    text: 'Unsaved work in the guest will be lost, as with the reset button of a computer.',
    verb: 'Reset',
  },
  powerOff: {
    title: 'Power off',
    text: 'Unsaved work in the guest will be lost, as when a computer’s plug is pulled.',
    verb: 'Power Off',
  },
  remove: {
    title: 'Remove',
    text: 'The machine’s definition and logs will be deleted. Disk and CD images are kept.',
    verb: 'Remove',
  },
};

interface ConfirmDialogProps {
  question: Question;
  machineName: string;
  onCancel(): void;
  onConfirm(): void;
}

export function ConfirmDialog({ question, machineName, onCancel, onConfirm }: ConfirmDialogProps): ReactElement {
  const { title, text, verb } = questions[question];
  return (
    <Dialog open onClose={onCancel} maxWidth="xs">
      <DialogTitle sx={{ overflowWrap: 'anywhere' }}>
        {title} “{machineName}”?
      </DialogTitle>
      <DialogContent>
        <DialogContentText>{text}</DialogContentText>
      </DialogContent>
      <DialogActions>
        <Button onClick={onCancel}>Cancel</Button>
        <Button variant="contained" color="error" autoFocus onClick={onConfirm}>
          {verb}
        </Button>
      </DialogActions>
    </Dialog>
  );
}
