// A machine's state as an icon, so that it tells more than a colour does.

import type { SvgIconComponent } from '@mui/icons-material';
import CrashIcon from '@mui/icons-material/Dangerous';
import PauseIcon from '@mui/icons-material/PauseCircle';
import BusyIcon from '@mui/icons-material/PendingOutlined';
import PlayIcon from '@mui/icons-material/PlayCircle';
import OffIcon from '@mui/icons-material/PowerSettingsNew';
import BlockIcon from '@mui/icons-material/ReportOutlined';
import { memo, type ReactElement } from 'react';
import type { MachineState } from '../../src-main/contract/machine.ts';

const looks: Record<MachineState, { Icon: SvgIconComponent; colour: string }> = {
  poweredOff: { Icon: OffIcon, colour: 'var(--mui-palette-text-disabled)' },
  starting: { Icon: BusyIcon, colour: 'var(--mui-palette-info-main)' },
  running: { Icon: PlayIcon, colour: 'var(--mui-palette-success-main)' },
  paused: { Icon: PauseIcon, colour: 'var(--mui-palette-warning-main)' },
  stopping: { Icon: BusyIcon, colour: 'var(--mui-palette-info-main)' },
  crashed: { Icon: CrashIcon, colour: 'var(--mui-palette-error-main)' },
  aborted: { Icon: BlockIcon, colour: 'var(--mui-palette-error-main)' },
};

export const StateIcon = memo(function StateIcon({ state }: { state: MachineState }): ReactElement {
  const { Icon, colour } = looks[state];
  return <Icon aria-hidden style={{ color: colour, fontSize: '1rem', flexShrink: 0 }} />;
});

/** True while a worker exists for the machine. */
export function isActive(state: MachineState): boolean {
  return state === 'running' || state === 'paused' || state === 'starting' || state === 'stopping';
}
