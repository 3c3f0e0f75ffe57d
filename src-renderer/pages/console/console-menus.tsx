// The console window's menus, in the order that users know: Machine, View, Input, Devices.
import { type ReactElement, useState } from 'react';
import type { MachineState } from '../../../src-main/contract/machine.ts';
import { client } from '../../client/client.ts';
import { attempt } from '../../client/store.ts';
import { FileChooser } from '../../components/file-chooser.tsx';
import { isActive } from '../../components/machine-state.tsx';
import { DropDown, type Item, type Items } from '../../components/menu.tsx';
import { combination } from '../../display/keyboard.ts';
import type { ConsoleActions } from './console-actions.ts';
import type { Drive } from './use-drives.ts';

interface ConsoleMenusProps {
  id: string;
  state: MachineState | null;
  isScaled: boolean;
  drives: Drive[];
  actions: ConsoleActions;
}

export function ConsoleMenus({ id, state, isScaled, drives, actions }: ConsoleMenusProps): ReactElement {
  const isOn = state !== null && isActive(state);
  const [choosing, setChoosing] = useState<number | null>(null);
  const press = (...codes: string[]): void => actions.keys(combination(codes));
  const off = { isDisabled: !isOn };
  const machine: Items = [
    { title: 'Start', isDisabled: isOn || state === null, run: () => actions.call('machine.start') },
    null,
    {
      title: 'Pause',
      keys: 'Host+P',
      ...off,
      isChecked: state === 'paused',
      run: () => actions.call(state === 'paused' ? 'machine.resume' : 'machine.pause'),
    },
    { title: 'Reset', keys: 'Host+R', ...off, run: () => actions.ask('reset') },
    { title: 'ACPI Shutdown', keys: 'Host+H', ...off, run: () => actions.call('machine.powerButton') },
    { title: 'Power Off', ...off, run: () => actions.ask('powerOff') },
  ];
  const view: Items = [
    { title: 'Full-screen Mode', keys: 'Host+F', run: actions.fullScreen },
    { title: 'Scaled Mode', keys: 'Host+C', isChecked: isScaled, run: actions.toggleScaled },
    null,
    { title: 'Take Screenshot…', keys: 'Host+E', ...off, run: actions.screenshot },
  ];
  const input: Items = [
    { title: 'Insert Ctrl-Alt-Del', ...off, run: () => press('ControlLeft', 'AltLeft', 'Delete') },
    { title: 'Insert Ctrl-Alt-Backspace', ...off, run: () => press('ControlLeft', 'AltLeft', 'Backspace') },
    { title: 'Insert Ctrl-Break', ...off, run: () => press('ControlLeft', 'Pause') },
    { title: 'Insert Print Screen', ...off, run: () => press('PrintScreen') },
    { title: 'Insert Right Ctrl', ...off, run: () => press('ControlRight') },
    null,
    { title: 'Type Clipboard Text', ...off, run: () => void attempt(() => typeClipboard(id)) },
  ];
  const removable = drives.filter(({ attachment }) => attachment.type !== 'disk');
  const devices: Items = removable.flatMap(({ index, title: name }): Item[] => {
    return [
      { title: `${name}: Choose an Image…`, ...off, run: () => setChoosing(index) },
      {
        title: `${name}: Remove Disk`,
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
        title="disc or floppy image"
        extensions={
          choosing !== null && drives[choosing]?.attachment.type === 'cdrom'
            ? ['.iso']
            : ['.img', '.ima', '.flp', '.vfd']
        }
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

async function typeClipboard(id: string): Promise<void> {
  const text = await navigator.clipboard.readText();
  await client.call('machine.type', { id, text: text.slice(0, 10_000) });
}
