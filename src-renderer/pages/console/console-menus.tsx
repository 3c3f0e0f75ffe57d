// The console window's menus, in the order that users know: Machine, View, Input, Devices.
import Button from '@mui/material/Button';
import Divider from '@mui/material/Divider';
import Menu from '@mui/material/Menu';
import MenuItem from '@mui/material/MenuItem';
import Typography from '@mui/material/Typography';
import { type ReactElement, useEffect, useState } from 'react';
import type { Attachment, MachineState } from '../../../src-main/contract/machine.ts';
import { client } from '../../client/client.ts';
import { attempt, notify } from '../../client/store.ts';
import { FileChooser } from '../../components/file-chooser.tsx';
import { isActive } from '../../components/machine-state.tsx';
import { combination } from '../../display/keyboard.ts';
import type { ConsoleActions } from './console.tsx';

interface Item {
  title: string;
  /** Key pressed together with the Host key. */
  hostKey?: string;
  isDisabled?: boolean;
  isChecked?: boolean;
  run(): void;
}

interface ConsoleMenusProps {
  id: string;
  state: MachineState | null;
  isScaled: boolean;
  actions: ConsoleActions;
}

export function ConsoleMenus({ id, state, isScaled, actions }: ConsoleMenusProps): ReactElement {
  const isOn = state !== null && isActive(state);
  const drives = useDrives(id);
  const [choosing, setChoosing] = useState<number | null>(null);
  const press = (...codes: string[]): void => actions.keys(combination(codes));
  const off = { isDisabled: !isOn };
  const machine: (Item | null)[] = [
    { title: 'Start', isDisabled: isOn, run: () => actions.call('machine.start') },
    null,
    {
      title: 'Pause',
      hostKey: 'P',
      ...off,
      isChecked: state === 'paused',
      run: () => actions.call(state === 'paused' ? 'machine.resume' : 'machine.pause'),
    },
    { title: 'Reset', hostKey: 'R', ...off, run: () => actions.call('machine.reset') },
    { title: 'ACPI Shutdown', hostKey: 'H', ...off, run: () => actions.call('machine.powerButton') },
    { title: 'Power Off', ...off, run: () => actions.call('machine.powerOff') },
  ];
  const view: (Item | null)[] = [
    { title: 'Full-screen Mode', hostKey: 'F', run: actions.fullScreen },
    { title: 'Scaled Mode', hostKey: 'C', isChecked: isScaled, run: actions.toggleScaled },
    null,
    { title: 'Take Screenshot…', hostKey: 'E', ...off, run: actions.screenshot },
  ];
  const input: (Item | null)[] = [
    { title: 'Insert Ctrl-Alt-Del', ...off, run: () => press('ControlLeft', 'AltLeft', 'Delete') },
    { title: 'Insert Ctrl-Alt-Backspace', ...off, run: () => press('ControlLeft', 'AltLeft', 'Backspace') },
    { title: 'Insert Ctrl-Break', ...off, run: () => press('ControlLeft', 'Pause') },
    { title: 'Insert Print Screen', ...off, run: () => press('PrintScreen') },
    { title: 'Insert Right Ctrl', ...off, run: () => press('ControlRight') },
    null,
    { title: 'Type Clipboard Text', ...off, run: () => void attempt(() => typeClipboard(id)) },
  ];
  const devices: (Item | null)[] = drives.flatMap(({ attachment, index }): Item[] => {
    const name = attachment.type === 'cdrom' ? 'Optical drive' : 'Floppy drive';
    return [
      { title: `${name}: Choose an Image…`, ...off, run: () => setChoosing(index) },
      {
        title: `${name}: Remove`,
        ...off,
        run: () => void attempt(() => client.call('machine.changeMedium', { id, attachment: index, path: null })),
      },
    ];
  });
  if (devices.length === 0) devices.push({ title: 'No removable drives', isDisabled: true, run: () => {} });

  return (
    <>
      <DropDown title="Machine" items={machine} />
      <DropDown title="View" items={view} />
      <DropDown title="Input" items={input} />
      <DropDown title="Devices" items={devices} />
      <FileChooser
        isOpen={choosing !== null}
        title="Choose an image"
        extensions={['.iso', '.img', '.ima', '.flp']}
        browse={(path) => client.call('host.browse', { path })}
        onClose={() => setChoosing(null)}
        onChoose={(path) => {
          const attachment = choosing;
          setChoosing(null);
          if (attachment !== null) void attempt(() => client.call('machine.changeMedium', { id, attachment, path }));
        }}
      />
    </>
  );
}

function DropDown({ title, items }: { title: string; items: (Item | null)[] }): ReactElement {
  const [anchor, setAnchor] = useState<HTMLElement | null>(null);
  return (
    <>
      <Button
        color="inherit"
        size="small"
        aria-haspopup="menu"
        onClick={(event) => setAnchor(event.currentTarget)}
        sx={{ minWidth: 0, px: 1.5 }}
      >
        {title}
      </Button>
      <Menu
        anchorEl={anchor}
        open={anchor !== null}
        onClose={() => setAnchor(null)}
        slotProps={{ list: { dense: true } }}
      >
        {items.map((item, index) =>
          item ? (
            <MenuItem
              key={item.title}
              disabled={item.isDisabled ?? false}
              selected={item.isChecked ?? false}
              onClick={() => {
                setAnchor(null);
                item.run();
              }}
              sx={{ gap: 4, justifyContent: 'space-between' }}
            >
              {item.title}
              {item.hostKey && (
                <Typography variant="caption" color="text.secondary">
                  Host+{item.hostKey}
                </Typography>
              )}
            </MenuItem>
          ) : (
            // biome-ignore lint/suspicious/noArrayIndexKey: separators never move
            <Divider key={`separator-${index}`} />
          ),
        )}
      </Menu>
    </>
  );
}

function useDrives(id: string): { attachment: Attachment; index: number }[] {
  const [drives, setDrives] = useState<{ attachment: Attachment; index: number }[]>([]);
  useEffect(
    () =>
      client.onConnection((isOpen) => {
        if (!isOpen) return;
        client.call('machine.get', { id }).then(({ definition }) => {
          const all = definition.settings.storage.map((attachment, index) => ({ attachment, index }));
          setDrives(all.filter(({ attachment }) => attachment.type !== 'disk'));
        }, notify);
      }),
    [id],
  );
  return drives;
}

async function typeClipboard(id: string): Promise<void> {
  const text = await navigator.clipboard.readText();
  await client.call('machine.type', { id, text: text.slice(0, 10_000) });
}
