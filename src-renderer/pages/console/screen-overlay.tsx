// Over the guest's screen while it does not run: what happened, and what to do about it.
import PlayIcon from '@mui/icons-material/PlayArrow';
import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import CircularProgress from '@mui/material/CircularProgress';
import Paper from '@mui/material/Paper';
import Stack from '@mui/material/Stack';
import Typography from '@mui/material/Typography';
import type { ReactElement } from 'react';
import type { MachineSummary } from '../../../src-main/contract/methods.ts';
import { client } from '../../client/client.ts';
import { attempt, useHost } from '../../client/store.ts';
import { StateIcon } from '../../components/machine-state.tsx';
import { useText } from '../../i18n/text.ts';
import { startMachine } from './actions.ts';
import { openDialog, traffic } from './console-store.ts';
import { closeWindow } from './window-frame.ts';

export function ScreenOverlay({
  id,
  machine,
}: {
  id: string;
  machine: MachineSummary | undefined;
}): ReactElement | null {
  const { console: text } = useText();
  const isLoaded = useHost((host) => host.isLoaded);
  if (!machine) return <Card title={isLoaded ? text.removed : text.loading} />;
  switch (machine.state) {
    case 'running':
      return null;
    case 'paused':
      return <PausedBadge onClick={() => void attempt(() => client.call('machine.resume', { id }))} />;
    case 'starting':
    case 'stopping':
      return (
        <Card
          title={text.screen[machine.state]}
          icon={<CircularProgress size={24} color="inherit" aria-label={text.screen[machine.state]} />}
        />
      );
    default:
      return <Ended id={id} machine={machine} state={machine.state} />;
  }
}

interface EndedProps {
  id: string;
  machine: MachineSummary;
  state: 'poweredOff' | 'crashed' | 'aborted';
}

function Ended({ id, machine, state }: EndedProps): ReactElement {
  const { console: text } = useText();
  return (
    <Card
      icon={<StateIcon state={state} />}
      title={text.ended[state]}
      message={machine.message}
      // A machine that was never seen running here has no last picture.
      hint={state === 'poweredOff' && traffic.frames === 0 ? '' : text.ended[`${state}Hint`]}
    >
      <Button variant="contained" startIcon={<PlayIcon />} onClick={() => startMachine(id)}>
        {text.ended.start}
      </Button>
      <Button onClick={() => openDialog({ kind: 'log' })}>{text.ended.showLog}</Button>
      <Button onClick={closeWindow}>{text.ended.close}</Button>
    </Card>
  );
}

interface CardProps {
  title: string;
  icon?: ReactElement;
  message?: string;
  hint?: string;
  children?: ReactElement[];
}

function Card({ title, icon, message = '', hint = '', children }: CardProps): ReactElement {
  return (
    <Box sx={{ position: 'absolute', inset: 0, display: 'grid', placeItems: 'center', p: 2, pointerEvents: 'none' }}>
      <Paper
        elevation={6}
        role="status"
        sx={{ px: 3, py: 2.5, maxWidth: 460, maxHeight: '100%', overflow: 'auto', pointerEvents: 'auto' }}
      >
        <Stack direction="row" spacing={1.5} sx={{ alignItems: 'center' }}>
          {icon}
          <Typography variant="h6" component="h1">
            {title}
          </Typography>
        </Stack>
        {message !== '' && (
          <Typography variant="body2" sx={{ mt: 1.5, overflowWrap: 'anywhere' }}>
            {message}
          </Typography>
        )}
        {hint !== '' && (
          <Typography variant="body2" color="text.secondary" sx={{ mt: 1 }}>
            {hint}
          </Typography>
        )}
        {children && (
          <Stack direction="row" spacing={1} sx={{ mt: 2.5, flexWrap: 'wrap' }}>
            {children}
          </Stack>
        )}
      </Paper>
    </Box>
  );
}

function PausedBadge({ onClick }: { onClick(): void }): ReactElement {
  const { console: text } = useText();
  return (
    <Box
      sx={{
        position: 'absolute',
        inset: 0,
        display: 'grid',
        placeItems: 'center',
        bgcolor: 'rgba(0, 0, 0, 0.45)',
        pointerEvents: 'none',
      }}
    >
      <Button
        variant="contained"
        color="warning"
        size="large"
        startIcon={<PlayIcon />}
        onClick={onClick}
        sx={{ pointerEvents: 'auto', boxShadow: 6 }}
      >
        {text.screen.paused}
      </Button>
    </Box>
  );
}
