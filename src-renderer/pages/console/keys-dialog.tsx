// Which keys do what together with the Host key.
import Button from '@mui/material/Button';
import Dialog from '@mui/material/Dialog';
import DialogActions from '@mui/material/DialogActions';
import DialogContent from '@mui/material/DialogContent';
import DialogTitle from '@mui/material/DialogTitle';
import Typography from '@mui/material/Typography';
import type { ReactElement } from 'react';
import { useHost } from '../../client/store.ts';
import { Properties } from '../../components/properties.tsx';
import { useText } from '../../i18n/text.ts';
import { consoleShortcuts } from '../../shortcuts/console.ts';
import type { ActionId } from './actions.ts';
import { openDialog } from './console-store.ts';
import { consoleChord, useHostKeyName } from './host-key.ts';

export function KeysDialog({ onClose }: { onClose(): void }): ReactElement {
  const { console: text, common } = useText();
  const key = useHostKeyName();
  const changed = useHost((host) => host.preferences?.consoleShortcuts);
  const rows = (Object.keys(consoleShortcuts) as ActionId[]).map((action): [string, string] => {
    const chord = consoleChord(action, changed);
    return [text.actions[action].replace(/…$/, ''), chord === '' ? text.keysDialog.none : `${key}+${chord}`];
  });
  return (
    <Dialog open onClose={onClose} maxWidth="xs" fullWidth>
      <DialogTitle>{text.keysDialog.title}</DialogTitle>
      <DialogContent>
        <Typography variant="body2" sx={{ mb: 2 }}>
          {text.keysDialog.alone(key)}
        </Typography>
        <Properties rows={rows} />
      </DialogContent>
      <DialogActions>
        <Button onClick={() => openDialog({ kind: 'preferences' })}>{text.keysDialog.change}</Button>
        <Button autoFocus onClick={onClose}>
          {common.close}
        </Button>
      </DialogActions>
    </Dialog>
  );
}
