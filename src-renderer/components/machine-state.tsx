// A machine's state as a word and a coloured dot.
import Box from '@mui/material/Box';
import type { ReactElement } from 'react';
import type { MachineState } from '../../src-main/contract/machine.ts';

export const stateWords: Record<MachineState, string> = {
  poweredOff: 'Powered Off',
  starting: 'Starting',
  running: 'Running',
  paused: 'Paused',
  stopping: 'Stopping',
  crashed: 'Crashed',
  aborted: 'Aborted',
};

const colours: Record<MachineState, string> = {
  poweredOff: 'text.disabled',
  starting: 'info.main',
  running: 'success.main',
  paused: 'warning.main',
  stopping: 'info.main',
  crashed: 'error.main',
  aborted: 'error.main',
};

export function StateDot({ state }: { state: MachineState }): ReactElement {
  return (
    <Box
      component="span"
      aria-hidden
      sx={{
        width: 10,
        height: 10,
        borderRadius: '50%',
        bgcolor: colours[state],
        display: 'inline-block',
        flexShrink: 0,
      }}
    />
  );
}

/** True while a worker exists for the machine. */
export function isActive(state: MachineState): boolean {
  return state === 'running' || state === 'paused' || state === 'starting' || state === 'stopping';
}
