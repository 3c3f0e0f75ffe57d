// The machines at the left: name and state, inaccessible ones below, each with its context menu.
import ErrorIcon from '@mui/icons-material/ErrorOutlined';
import List from '@mui/material/List';
import ListItemButton from '@mui/material/ListItemButton';
import ListItemText from '@mui/material/ListItemText';
import { type MouseEvent, type ReactElement, useState } from 'react';
import type { MachineSummary, MethodOutput } from '../../../src-main/contract/methods.ts';
import { StateDot, stateWords } from '../../components/machine-state.tsx';
import { ContextMenu, type Items, type MenuPlace } from '../../components/menu.tsx';
import { startAndShow } from './machine-verbs.tsx';

type Inaccessible = MethodOutput<'machine.list'>['inaccessible'][number];

interface MachineListProps {
  machines: MachineSummary[];
  inaccessible: Inaccessible[];
  /** A machine's id or an inaccessible one's folder. */
  selected: string | null;
  contextItems: Items;
  onSelect(key: string): void;
}

const nameSlot = { primary: { noWrap: true, sx: { fontWeight: 500 } } } as const;

export function MachineList({
  machines,
  inaccessible,
  selected,
  contextItems,
  onSelect,
}: MachineListProps): ReactElement {
  const [menuPlace, setMenuPlace] = useState<MenuPlace | null>(null);
  const openMenu = (event: MouseEvent, key: string): void => {
    event.preventDefault();
    onSelect(key);
    setMenuPlace({ left: event.clientX, top: event.clientY });
  };
  return (
    <>
      <List sx={{ p: 1 }} aria-label="Machines">
        {machines.map((machine) => (
          <ListItemButton
            key={machine.id}
            selected={machine.id === selected}
            title={machine.name}
            onClick={() => onSelect(machine.id)}
            onDoubleClick={() => startAndShow(machine)}
            onContextMenu={(event) => openMenu(event, machine.id)}
            sx={{ borderRadius: 1, gap: 1.5, py: 0.5 }}
          >
            <StateDot state={machine.state} />
            <ListItemText primary={machine.name} secondary={stateWords[machine.state]} slotProps={nameSlot} />
          </ListItemButton>
        ))}
        {inaccessible.map(({ folder }) => (
          <ListItemButton
            key={folder}
            selected={folder === selected}
            title={folder}
            onClick={() => onSelect(folder)}
            sx={{ borderRadius: 1, gap: 1, py: 0.5 }}
          >
            <ErrorIcon color="error" sx={{ fontSize: 16, ml: '-3px' }} />
            <ListItemText primary={folderName(folder)} secondary="Inaccessible" slotProps={nameSlot} />
          </ListItemButton>
        ))}
      </List>
      <ContextMenu place={menuPlace} items={contextItems} onClose={() => setMenuPlace(null)} />
    </>
  );
}

export function folderName(path: string): string {
  return path.split(/[/\\]/).at(-1) ?? path;
}
