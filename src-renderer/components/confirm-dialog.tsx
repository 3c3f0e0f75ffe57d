// Asks before something that cannot be undone, until told not to.
import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import Checkbox from '@mui/material/Checkbox';
import Dialog from '@mui/material/Dialog';
import DialogActions from '@mui/material/DialogActions';
import DialogContent from '@mui/material/DialogContent';
import DialogContentText from '@mui/material/DialogContentText';
import DialogTitle from '@mui/material/DialogTitle';
import FormControlLabel from '@mui/material/FormControlLabel';
import { type ReactElement, useState } from 'react';
import { attempt } from '../client/store.ts';
import { isSuppressed, suppress } from '../client/warnings.ts';
import { useText } from '../i18n/text.ts';
import { CopyCommand } from './copy-command.tsx';

export type Question = 'reset' | 'powerOff';

const methods = { reset: 'machine.reset', powerOff: 'machine.powerOff' } as const;

/** Whether the person still wants to be asked. */
export function asksBefore(question: Question): boolean {
  return !isSuppressed(methods[question]);
}

interface ConfirmDialogProps {
  question: Question;
  machines: { id: string; name: string }[];
  onCancel(): void;
  onConfirm(): void;
}

export function ConfirmDialog({ question, machines, onCancel, onConfirm }: ConfirmDialogProps): ReactElement {
  const { common } = useText();
  const text = common.questions[question];
  const [isLast, setIsLast] = useState(false);
  const confirm = (): void => {
    if (isLast) void attempt(() => suppress(methods[question]));
    onConfirm();
  };
  const [first] = machines;
  return (
    <Dialog open onClose={onCancel} maxWidth="sm">
      <DialogTitle sx={{ overflowWrap: 'anywhere' }}>
        {machines.length === 1 && first ? text.one(first.name) : text.many(machines.length)}
      </DialogTitle>
      <DialogContent>
        <DialogContentText>{text.text}</DialogContentText>
        {machines.length > 1 && (
          <DialogContentText component="div">
            <Box component="ul" sx={{ my: 1, pl: 3, maxHeight: 200, overflow: 'auto' }}>
              {machines.map(({ id, name }) => (
                <li key={id}>{name}</li>
              ))}
            </Box>
          </DialogContentText>
        )}
        <FormControlLabel
          sx={{ mt: 1 }}
          control={<Checkbox size="small" checked={isLast} onChange={(event) => setIsLast(event.target.checked)} />}
          label={common.doNotAskAgain}
        />
      </DialogContent>
      <DialogActions>
        <CopyCommand method={methods[question]} input={machines.map(({ id }) => ({ id }))} />
        <Box sx={{ flex: 1 }} />
        <Button onClick={onCancel}>{common.cancel}</Button>
        <Button variant="contained" color="error" autoFocus onClick={confirm}>
          {text.verb}
        </Button>
      </DialogActions>
    </Dialog>
  );
}
