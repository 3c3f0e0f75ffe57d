// Quit: ends the host process. Says which machines run and what they will get.
import Alert from '@mui/material/Alert';
import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import Dialog from '@mui/material/Dialog';
import DialogActions from '@mui/material/DialogActions';
import DialogContent from '@mui/material/DialogContent';
import DialogContentText from '@mui/material/DialogContentText';
import DialogTitle from '@mui/material/DialogTitle';
import FormControlLabel from '@mui/material/FormControlLabel';
import Radio from '@mui/material/Radio';
import RadioGroup from '@mui/material/RadioGroup';
import { type ReactElement, useState } from 'react';
import { client, HostError } from '../../client/client.ts';
import { attempt, useHost } from '../../client/store.ts';
import { CopyCommand } from '../../components/copy-command.tsx';
import { isActive } from '../../components/machine-state.tsx';
import { useText } from '../../i18n/text.ts';

type Ending = 'powerButton' | 'powerOff';

export function QuitDialog({ onClose }: { onClose(): void }): ReactElement {
  const { common, manager } = useText();
  const text = manager.quitDialog;
  const machines = useHost((host) => host.machines).filter(({ state }) => isActive(state));
  const isDesktop = useHost((host) => host.info?.kind === 'desktop');
  const [ending, setEnding] = useState<Ending>(useHost.getState().preferences?.onHostExit ?? 'powerButton');
  const input = machines.length > 0 ? { machines: ending } : {};
  const quit = async (): Promise<void> => {
    onClose();
    await attempt(() =>
      client.call('host.shutDown', input).catch((error: unknown) => {
        // Its end may come before its answer.
        if (!(error instanceof HostError && error.code === 'connection.lost')) throw error;
      }),
    );
  };
  return (
    <Dialog open onClose={onClose} fullWidth maxWidth="sm">
      <DialogTitle>{text.title}</DialogTitle>
      <DialogContent>
        <DialogContentText>{isDesktop ? text.desktop : text.served}</DialogContentText>
        {machines.length > 0 && (
          <>
            <Alert severity="warning" sx={{ my: 2, overflowWrap: 'anywhere' }}>
              {text.running(machines.map(({ name }) => name).join(', '), machines.length)}
            </Alert>
            <RadioGroup
              aria-label={text.choice}
              value={ending}
              onChange={(_event, chosen) => setEnding(chosen as Ending)}
            >
              <FormControlLabel value="powerButton" control={<Radio size="small" />} label={text.powerButton} />
              <FormControlLabel value="powerOff" control={<Radio size="small" />} label={text.powerOff} />
            </RadioGroup>
          </>
        )}
      </DialogContent>
      <DialogActions>
        <CopyCommand method="host.shutDown" input={input} />
        <Box sx={{ flex: 1 }} />
        <Button onClick={onClose}>{common.cancel}</Button>
        <Button
          variant="contained"
          autoFocus
          color={machines.length > 0 ? 'error' : 'primary'}
          onClick={() => void quit()}
        >
          {text.verb}
        </Button>
      </DialogActions>
    </Dialog>
  );
}
