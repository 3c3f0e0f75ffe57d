// The lights at the foot of the console window, left to right as hands know them. Every place is there from the start and keeps
// its width, so that nothing moves while the machine runs.
import AlbumIcon from '@mui/icons-material/Album';
import DisplayIcon from '@mui/icons-material/DesktopWindowsOutlined';
import RecordIcon from '@mui/icons-material/FiberManualRecord';
import FolderIcon from '@mui/icons-material/FolderSharedOutlined';
import KeyboardIcon from '@mui/icons-material/KeyboardOutlined';
import NetworkIcon from '@mui/icons-material/LanOutlined';
import MouseIcon from '@mui/icons-material/MouseOutlined';
import FloppyIcon from '@mui/icons-material/SaveOutlined';
import SpeedIcon from '@mui/icons-material/Speed';
import StorageIcon from '@mui/icons-material/Storage';
import UsbIcon from '@mui/icons-material/Usb';
import AudioIcon from '@mui/icons-material/VolumeOffOutlined';
import Box from '@mui/material/Box';
import Typography from '@mui/material/Typography';
import type { ReactElement } from 'react';
import type { MachineSummary } from '../../../src-main/contract/methods.ts';
import { formatBytes } from '../../components/file-chooser.tsx';
import { isActive, StateIcon } from '../../components/machine-state.tsx';
import { useText } from '../../i18n/text.ts';
import type { Actions } from './actions.ts';
import { isIntegrated, openDialog, useConsole } from './console-store.ts';
import { groupItems } from './devices-menu.ts';
import { baseName, drivesOf } from './drives.ts';
import { useHostKeyName } from './host-key.ts';
import { Indicator } from './indicator.tsx';
import type { ConsoleMenus } from './menus.ts';
import { type Busy, type Light, useBusyDevices } from './use-lights.ts';
import { useNow } from './use-now.ts';
import { useSpeed, useStats } from './use-stats.ts';

interface StatusBarProps {
  machine: MachineSummary;
  actions: Actions;
  menus: ConsoleMenus;
}

export function StatusBar({ machine, actions, menus }: StatusBarProps): ReactElement {
  const { console: text, common } = useText();
  return (
    <Box
      component="footer"
      aria-label={text.status.label}
      sx={{
        display: 'flex',
        alignItems: 'center',
        gap: 0.25,
        px: 1,
        height: 30,
        borderTop: 1,
        borderColor: 'divider',
        flexShrink: 0,
        overflow: 'hidden',
        containerType: 'inline-size',
      }}
    >
      <Box sx={{ display: 'flex', alignItems: 'center', gap: 0.75, minWidth: 0, flex: 1, overflow: 'hidden' }}>
        <StateIcon state={machine.state} />
        <Typography variant="caption" noWrap>
          {common.states[machine.state]}
        </Typography>
        <RecordingTimer />
      </Box>
      <DriveLights machine={machine} menus={menus} />
      <DeviceLights actions={actions} menus={menus} machine={machine} />
      <AcceleratorBadge machine={machine} />
      <MouseLight machine={machine} actions={actions} menus={menus} />
      <KeyboardLight menus={menus} />
    </Box>
  );
}

const DRIVES = [
  { kind: 'disk', group: 'hardDisks', Icon: StorageIcon },
  { kind: 'cdrom', group: 'opticalDrives', Icon: AlbumIcon },
  { kind: 'floppy', group: 'floppyDrives', Icon: FloppyIcon },
] as const;

function DriveLights({ machine, menus }: { machine: MachineSummary; menus: ConsoleMenus }): ReactElement[] {
  const { console: text } = useText();
  const busy = useBusyDevices(machine.id);
  const storage = useConsole((state) => state.definition?.settings.storage) ?? [];
  const drives = drivesOf(storage, text.drives);
  return DRIVES.map(({ kind, group, Icon }) => {
    const ofKind = drives.filter(({ attachment }) => attachment.type === kind);
    const light = lightOf(busy, kind);
    return (
      <Indicator
        key={kind}
        title={text.status[group]}
        icon={<Icon />}
        light={light}
        details={ofKind.map(
          ({ title, attachment }) =>
            `${title}: ${attachment.path === null ? text.status.emptyDrive : baseName(attachment.path)}`,
        )}
        reason={ofKind.length === 0 ? text.reasons.noDrive : null}
        menu={ofKind.length === 0 ? null : groupItems(group, menus.devices)}
        onSettings={() => openDialog({ kind: 'settings', page: 'storage' })}
      />
    );
  });
}

const DEVICES = { disk: /^virtio-blk|\.disk$/, cdrom: /\.cdrom$/, floppy: /^floppy/ };

function lightOf(busy: Busy, kind: keyof typeof DEVICES): Light {
  const lights = Object.entries(busy)
    .filter(([device]) => DEVICES[kind].test(device))
    .map(([, light]) => light);
  return lights.includes('write') ? 'write' : lights[0];
}

function DeviceLights({ machine, actions, menus }: StatusBarProps): ReactElement {
  const { console: text } = useText();
  const { later } = text.reasons;
  const size = useConsole((state) => state.size);
  const percent = useConsole((state) => Math.round(state.shownPercent));
  const hasDisplay = useConsole((state) => state.definition?.settings.vga !== 'none');
  return (
    <>
      <Indicator title={text.status.audio} icon={<AudioIcon />} details={[]} reason={later} />
      <Indicator title={text.status.network} icon={<NetworkIcon />} details={[]} reason={later} />
      <Indicator title={text.status.usb} icon={<UsbIcon />} details={[]} reason={later} />
      <Indicator title={text.status.sharedFolders} icon={<FolderIcon />} details={[]} reason={later} />
      <Indicator
        title={text.status.display}
        icon={<DisplayIcon />}
        details={[text.status.displayDetail(size.width, size.height, String(percent))]}
        reason={hasDisplay ? null : text.reasons.noScreen}
        menu={menus.view}
        onSettings={() => openDialog({ kind: 'settings', page: 'display' })}
      />
      <RecordingLight machine={machine} actions={actions} />
    </>
  );
}

function RecordingLight({ actions }: { machine: MachineSummary; actions: Actions }): ReactElement {
  const { console: text } = useText();
  const recording = useConsole((state) => state.recording);
  const isRunning = recording !== null && recording !== 'saving';
  const now = useNow(isRunning);
  const { reason, run } = actions['view.record'];
  const time = isRunning ? clock(now - recording.startedAt) : '';
  const detail = isRunning
    ? text.recording.running(time, formatBytes(recording.bytes))
    : recording === 'saving'
      ? text.recording.saving
      : text.recording.stopped;
  return (
    <Indicator
      title={text.status.recording}
      icon={<RecordIcon />}
      light={recording ? 'alert' : undefined}
      details={[detail]}
      reason={reason}
      onClick={() => {
        if (reason === null) run();
      }}
    />
  );
}

/** Beside the state, where there is room: the lights keep their places. */
function RecordingTimer(): ReactElement | null {
  const { console: text } = useText();
  const recording = useConsole((state) => state.recording);
  const now = useNow(recording !== null);
  if (!recording || recording === 'saving') return null;
  return (
    <Box sx={{ display: 'flex', alignItems: 'center', gap: 0.5, ml: 1, minWidth: 0 }}>
      <RecordIcon color="error" sx={{ fontSize: '0.875rem' }} aria-hidden />
      <Typography variant="caption" role="timer" noWrap sx={{ fontVariantNumeric: 'tabular-nums' }}>
        {text.recording.short} {clock(now - recording.startedAt)} · {formatBytes(recording.bytes)}
      </Typography>
    </Box>
  );
}

/** It only tells what runs the guest and why; the speed comes by itself. */
const ACCELERATOR_MS = 10_000;

function AcceleratorBadge({ machine }: { machine: MachineSummary }): ReactElement {
  const { console: text } = useText();
  const isRunning = machine.state === 'running';
  const stats = useStats(machine.id, isRunning, ACCELERATOR_MS);
  const speed = useSpeed(machine.id, isRunning);
  return (
    <Indicator
      title={text.status.features}
      icon={<SpeedIcon />}
      light={stats ? 'on' : undefined}
      details={stats ? [stats.accelerator, stats.acceleratorReason] : []}
      reason={isActive(machine.state) ? null : text.status.featuresOff}
      onClick={() => openDialog({ kind: 'information' })}
      onSettings={() => openDialog({ kind: 'settings', page: 'system' })}
    >
      <Typography
        variant="caption"
        noWrap
        // What a narrow window has no room for is in the tooltip, too.
        sx={{
          '@container (max-width: 46rem)': { display: 'none' },
          width: 128,
          textAlign: 'left',
          fontVariantNumeric: 'tabular-nums',
          color: 'text.secondary',
        }}
      >
        {stats && `${stats.accelerator} · ${text.status.mips(Math.round(speed ?? stats.guestMips))}`}
      </Typography>
    </Indicator>
  );
}

function MouseLight({ machine, actions, menus }: StatusBarProps): ReactElement {
  const { console: text } = useText();
  const key = useHostKeyName();
  const isCaptured = useConsole((state) => state.isPointerCaptured);
  const isFollowed = useConsole(isIntegrated);
  const isUnused = useConsole((state) => state.pointerMode?.isEnabled === false);
  const details = text.status.mouseDetail;
  return (
    <Indicator
      title={text.status.mouse}
      icon={<MouseIcon />}
      light={isCaptured || isFollowed ? 'on' : undefined}
      details={[
        isCaptured ? details.captured(key) : isFollowed ? details.integrated : isUnused ? details.unused : details.free,
      ]}
      reason={isActive(machine.state) ? null : actions['input.mouseIntegration'].reason}
      menu={menus.input}
    />
  );
}

const LEDS = [
  { name: 'num', bit: 2, short: 'NUM' },
  { name: 'caps', bit: 4, short: 'CAPS' },
  { name: 'scroll', bit: 1, short: 'SCRL' },
] as const;

function KeyboardLight({ menus }: { menus: ConsoleMenus }): ReactElement {
  const { console: text } = useText();
  const key = useHostKeyName();
  const hasKeyboard = useConsole((state) => state.hasKeyboard);
  const leds = useConsole((state) => state.leds ?? 0);
  const detail = text.status.keyboardDetail[hasKeyboard ? 'captured' : 'free'](key);
  const lit = LEDS.filter(({ bit }) => (leds & bit) !== 0);
  return (
    <Indicator
      title={text.status.keyboard}
      icon={<KeyboardIcon />}
      light={hasKeyboard ? 'on' : undefined}
      details={[detail, ...lit.map(({ name }) => text.status.leds[name])]}
      menu={menus.keyboard}
      onSettings={() => openDialog({ kind: 'preferences' })}
    >
      <Typography variant="caption" noWrap sx={{ color: 'text.secondary' }}>
        {key}
      </Typography>
      {LEDS.map(({ name, bit, short }) => (
        <Box
          key={name}
          component="span"
          aria-hidden
          sx={{
            typography: 'caption',
            fontSize: '0.625rem',
            lineHeight: 1,
            fontWeight: 700,
            color: 'success.main',
            // Its place is kept.
            visibility: (leds & bit) !== 0 ? 'visible' : 'hidden',
          }}
        >
          {short}
        </Box>
      ))}
    </Indicator>
  );
}

export function clock(milliseconds: number): string {
  const seconds = Math.max(0, Math.floor(milliseconds / 1000));
  const pad = (value: number): string => String(value).padStart(2, '0');
  const hours = Math.floor(seconds / 3600);
  return `${hours > 0 ? `${hours}:` : ''}${pad(Math.floor(seconds / 60) % 60)}:${pad(seconds % 60)}`;
}
