// Lights for the drives, the mouse and the keyboard, at the foot of the console window.
import AlbumIcon from '@mui/icons-material/Album';
import KeyboardIcon from '@mui/icons-material/Keyboard';
import MouseIcon from '@mui/icons-material/MouseOutlined';
import SaveIcon from '@mui/icons-material/SaveOutlined';
import SpeedIcon from '@mui/icons-material/Speed';
import StorageIcon from '@mui/icons-material/Storage';
import Box from '@mui/material/Box';
import Tooltip from '@mui/material/Tooltip';
import Typography from '@mui/material/Typography';
import { type ReactElement, type ReactNode, useEffect, useState } from 'react';
import type { MachineSummary, MethodOutput } from '../../../src-main/contract/methods.ts';
import { client } from '../../client/client.ts';
import { StateDot, stateWords } from '../../components/machine-state.tsx';
import type { Activity } from './use-activity.ts';
import type { Drive } from './use-drives.ts';

interface StatusBarProps {
  machine: MachineSummary | undefined;
  drives: Drive[];
  activity: Activity;
  isCaptured: boolean;
}

const driveIcons = {
  disk: <StorageIcon fontSize="small" />,
  cdrom: <AlbumIcon fontSize="small" />,
  floppy: <SaveIcon fontSize="small" />,
};

export function StatusBar({ machine, drives, activity, isCaptured }: StatusBarProps): ReactElement {
  const stats = useStats(machine);
  const light = (kind: string): 'read' | 'write' | undefined =>
    Object.entries(activity.busy).find(([device]) => device.startsWith(kind))?.[1];
  return (
    <Box
      component="footer"
      sx={{
        display: 'flex',
        alignItems: 'center',
        gap: 2,
        px: 1.5,
        height: 30,
        borderTop: 1,
        borderColor: 'divider',
        flexShrink: 0,
      }}
    >
      {machine && (
        <Box sx={{ display: 'flex', alignItems: 'center', gap: 1 }}>
          <StateDot state={machine.state} />
          <Typography variant="caption">{stateWords[machine.state]}</Typography>
        </Box>
      )}
      <Box sx={{ flex: 1 }} />
      {stats && (
        <Indicator
          title={`Runs on the ${stats.accelerator}. ${stats.acceleratorReason}.`}
          icon={<SpeedIcon fontSize="small" />}
        >
          {stats.accelerator} · {Math.round(stats.guestMips)} MIPS
        </Indicator>
      )}
      {(['disk', 'cdrom', 'floppy'] as const).map((kind) => {
        const ofKind = drives.filter(({ attachment }) => attachment.type === kind);
        if (ofKind.length === 0) return null;
        const title = ofKind.map(({ title, attachment }) => `${title}: ${attachment.path ?? 'empty'}`).join(', ');
        return <Light key={kind} title={title} icon={driveIcons[kind]} state={light(kind)} />;
      })}
      <Light
        title={
          isCaptured
            ? 'The mouse belongs to the guest; press Right Ctrl to get it back'
            : 'Click the screen to give the mouse to the guest'
        }
        icon={<MouseIcon fontSize="small" />}
        state={isCaptured ? 'read' : undefined}
      />
      <Indicator
        title="The Host key: gives the mouse back; with another key it works the menus"
        icon={<KeyboardIcon fontSize="small" />}
      >
        Right Ctrl{activity.leds & 2 ? ' · Num' : ''}
        {activity.leds & 4 ? ' · Caps' : ''}
      </Indicator>
    </Box>
  );
}

function Light({
  title,
  icon,
  state,
}: {
  title: string;
  icon: ReactNode;
  state: 'read' | 'write' | undefined;
}): ReactElement {
  const colour = state === 'write' ? 'warning.main' : state === 'read' ? 'success.main' : 'text.disabled';
  return (
    <Tooltip title={title}>
      <Box role="img" aria-label={`${title}${state ? ': active' : ''}`} sx={{ display: 'flex', color: colour }}>
        {icon}
      </Box>
    </Tooltip>
  );
}

function Indicator({ title, icon, children }: { title: string; icon: ReactNode; children: ReactNode }): ReactElement {
  return (
    <Tooltip title={title}>
      <Box sx={{ display: 'flex', alignItems: 'center', gap: 0.5, color: 'text.secondary' }}>
        {icon}
        <Typography variant="caption">{children}</Typography>
      </Box>
    </Tooltip>
  );
}

const STATS_MS = 2000;

function useStats(machine: MachineSummary | undefined): MethodOutput<'machine.stats'> | null {
  const [stats, setStats] = useState<MethodOutput<'machine.stats'> | null>(null);
  const id = machine?.id;
  const isRunning = machine?.state === 'running';
  useEffect(() => {
    setStats(null);
    if (id === undefined || !isRunning) return;
    const ask = (): void => {
      if (!document.hidden) client.call('machine.stats', { id }).then(setStats, () => {}); // The next state change clears it.
    };
    ask();
    const timer = setInterval(ask, STATS_MS);
    return () => clearInterval(timer);
  }, [id, isRunning]);
  return stats;
}
