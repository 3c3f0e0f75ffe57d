// What can be done with a machine, as the toolbar, the menu bar and the context menu offer it.

import DeleteIcon from '@mui/icons-material/DeleteOutlined';
import ShowIcon from '@mui/icons-material/DesktopWindowsOutlined';
import PauseIcon from '@mui/icons-material/Pause';
import PlayIcon from '@mui/icons-material/PlayArrow';
import PowerButtonIcon from '@mui/icons-material/PowerOutlined';
import BoltIcon from '@mui/icons-material/PowerSettingsNew';
import ResetIcon from '@mui/icons-material/RestartAlt';
import type { ReactNode } from 'react';
import type { MachineSummary } from '../../../src-main/contract/methods.ts';
import { openConsoleWindow } from '../../app/windows.ts';
import { client } from '../../client/client.ts';
import { attempt } from '../../client/store.ts';
import type { Question } from '../../components/confirm-dialog.tsx';
import { isActive } from '../../components/machine-state.tsx';

export interface Verb {
  title: string;
  icon: ReactNode;
  isDisabled: boolean;
  run(): void;
}

export interface MachineVerbs {
  start: Verb;
  pause: Verb;
  reset: Verb;
  shutDown: Verb;
  powerOff: Verb;
  remove: Verb;
}

/** `ask` confirms what cannot be undone. Without a machine everything is disabled. */
export function machineVerbs(machine: MachineSummary | null, ask: (question: Question) => void): MachineVerbs {
  const isOn = machine !== null && isActive(machine.state);
  const isPaused = machine?.state === 'paused';
  const call = (method: 'machine.pause' | 'machine.resume' | 'machine.powerButton'): void => {
    if (machine) void attempt(() => client.call(method, { id: machine.id }));
  };
  return {
    start: {
      title: isOn ? 'Show' : 'Start',
      icon: isOn ? <ShowIcon /> : <PlayIcon />,
      isDisabled: machine === null,
      run: () => machine && startAndShow(machine),
    },
    pause: {
      title: isPaused ? 'Resume' : 'Pause',
      icon: isPaused ? <PlayIcon /> : <PauseIcon />,
      isDisabled: machine?.state !== 'running' && !isPaused,
      run: () => call(isPaused ? 'machine.resume' : 'machine.pause'),
    },
    reset: { title: 'Reset', icon: <ResetIcon />, isDisabled: !isOn, run: () => ask('reset') },
    shutDown: {
      title: 'ACPI Shutdown',
      icon: <PowerButtonIcon />,
      isDisabled: !isOn,
      run: () => call('machine.powerButton'),
    },
    powerOff: { title: 'Power Off', icon: <BoltIcon />, isDisabled: !isOn, run: () => ask('powerOff') },
    remove: {
      title: 'Remove',
      icon: <DeleteIcon />,
      isDisabled: !machine || isOn,
      run: () => {
        if (machine && window.confirm(`Remove “${machine.name}”?`))
          void attempt(() => client.call('machine.remove', { id: machine.id }));
      },
    },
  };
}

/** Starts the machine and shows its console. The window is opened first: browsers allow that only during the click. */
export function startAndShow(machine: MachineSummary): void {
  openConsoleWindow(machine.id);
  if (!isActive(machine.state)) void attempt(() => client.call('machine.start', { id: machine.id }));
}
