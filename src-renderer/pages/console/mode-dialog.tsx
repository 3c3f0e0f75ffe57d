// Tells, before the first switch to full-screen or scaled mode, which key leads back.
import Button from '@mui/material/Button';
import Checkbox from '@mui/material/Checkbox';
import Dialog from '@mui/material/Dialog';
import DialogActions from '@mui/material/DialogActions';
import DialogContent from '@mui/material/DialogContent';
import DialogContentText from '@mui/material/DialogContentText';
import DialogTitle from '@mui/material/DialogTitle';
import FormControlLabel from '@mui/material/FormControlLabel';
import { type ReactElement, useState } from 'react';
import { attempt, useHost } from '../../client/store.ts';
import { suppress } from '../../client/warnings.ts';
import { useText } from '../../i18n/text.ts';
import { consoleChord, useHostKeyName } from './host-key.ts';
import { enterMode } from './modes.ts';

interface ModeDialogProps {
  id: string;
  mode: 'fullscreen' | 'scaled';
  onClose(): void;
}

export function ModeDialog({ id, mode, onClose }: ModeDialogProps): ReactElement {
  const { console: text, common } = useText();
  const key = useHostKeyName();
  const changed = useHost((host) => host.preferences?.consoleShortcuts);
  const [isLast, setIsLast] = useState(false);
  const chord = (action: string): string => `${key}+${consoleChord(action, changed)}`;
  const confirm = (): void => {
    onClose();
    // First, while the browser still takes it for the user's own wish.
    void enterMode(id, mode);
    if (isLast) void attempt(() => suppress(`console.${mode}`));
  };
  return (
    <Dialog open onClose={onClose} maxWidth="xs">
      <DialogTitle>{text.modes[mode]}</DialogTitle>
      <DialogContent>
        <DialogContentText>
          {text.modes[`${mode}Text`](chord(`view.${mode}`), chord('view.popupMenu'))}
        </DialogContentText>
        <FormControlLabel
          sx={{ mt: 1 }}
          control={<Checkbox size="small" checked={isLast} onChange={(event) => setIsLast(event.target.checked)} />}
          label={text.modes.doNotShowAgain}
        />
      </DialogContent>
      <DialogActions>
        <Button onClick={onClose}>{common.cancel}</Button>
        <Button variant="contained" autoFocus onClick={confirm}>
          {text.modes.switch}
        </Button>
      </DialogActions>
    </Dialog>
  );
}
