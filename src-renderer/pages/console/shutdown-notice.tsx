// The wait for a guest that was asked to shut down; after a while it offers the plug.
import Alert from '@mui/material/Alert';
import Button from '@mui/material/Button';
import LinearProgress from '@mui/material/LinearProgress';
import type { ReactElement } from 'react';
import { useEffect } from 'react';
import type { MachineState } from '../../../src-main/contract/machine.ts';
import { isActive } from '../../components/machine-state.tsx';
import { useText } from '../../i18n/text.ts';
import { act } from './actions.ts';
import { shutDown } from './closing.ts';
import { useConsole } from './console-store.ts';
import { useNow } from './use-now.ts';
import { closeWindow } from './window-frame.ts';

/** A guest that has not finished by then may not be listening. */
const SLOW_SECONDS = 30;

export function ShutdownNotice({ id, state }: { id: string; state: MachineState | undefined }): ReactElement | null {
  const { console: text } = useText();
  const shutdown = useConsole((console) => console.shutdown);
  const mode = useConsole((console) => console.mode);
  const isOn = state !== undefined && isActive(state);
  const now = useNow(shutdown !== null);
  useEffect(() => {
    if (!shutdown || isOn) return;
    useConsole.setState({ shutdown: null });
    if (shutdown.closesWindow) closeWindow();
  }, [shutdown, isOn]);
  if (!shutdown || !isOn) return null;
  const seconds = Math.max(0, Math.round((now - shutdown.since) / 1000));
  const isSlow = seconds >= SLOW_SECONDS;
  return (
    <Alert
      severity={isSlow ? 'warning' : 'info'}
      role="status"
      // Over the screen, which keeps its place.
      sx={{
        position: 'absolute',
        // Below the small toolbar, where there is one.
        top: mode === 'normal' ? 12 : 56,
        left: '50%',
        transform: 'translateX(-50%)',
        zIndex: 2,
        width: 'min(40rem, calc(100% - 1.5rem))',
        py: 0.25,
        alignItems: 'center',
        boxShadow: 6,
        '& .MuiAlert-message': { flex: 1 },
        '& .MuiAlert-action': { pt: 0, alignItems: 'center' },
      }}
      action={
        <>
          {isSlow && (
            <>
              <Button size="small" color="inherit" onClick={() => shutDown(id, false)}>
                {text.shutdown.again}
              </Button>
              <Button size="small" color="inherit" onClick={() => act(id, 'powerOff')}>
                {text.shutdown.powerOff}
              </Button>
            </>
          )}
          <Button size="small" color="inherit" onClick={() => useConsole.setState({ shutdown: null })}>
            {text.shutdown.dismiss}
          </Button>
        </>
      }
    >
      {isSlow ? text.shutdown.slow(seconds) : text.shutdown.waiting(seconds)}
      {!isSlow && <LinearProgress color="inherit" aria-label={text.shutdown.waiting(seconds)} sx={{ mt: 0.5 }} />}
    </Alert>
  );
}
