// The machines at the left, as a tree of groups. Events are taken by the list, so that rows stay cheap.
import { type MouseEvent, type ReactElement, useEffect, useMemo, useRef, useState } from 'react';
import { useHost } from '../../client/store.ts';
import { isActive } from '../../components/machine-state.tsx';
import { ContextMenu, type Items, type MenuPlace } from '../../components/menu.tsx';
import { useText } from '../../i18n/text.ts';
import { keyAt, useListDrag } from './list-drag.ts';
import { type ListCommands, onListKey } from './list-keys.ts';
import { buildTree, flatten, type Row } from './list-model.ts';
import { ListRoot, rowId } from './list-root.ts';
import { selectRow } from './list-select.ts';
import { MachineRow, type RowLook } from './machine-row.tsx';
import { setCollapsed, useManager } from './manager-store.ts';
import { BrokenRow, folderName, GroupRow } from './other-rows.tsx';
import { matchesSearch } from './search.ts';
import type { Selection } from './use-selection.ts';

interface MachineListProps {
  selection: Selection;
  contextItems: Items;
  commands: Pick<ListCommands, 'start' | 'remove' | 'rename' | 'move'>;
}

export function MachineList({ selection, contextItems, commands }: MachineListProps): ReactElement {
  const { manager: text } = useText();
  const rows = useRows();
  const machines = useHost((host) => host.machines);
  const byId = useMemo(() => new Map(machines.map((machine) => [machine.id, machine])), [machines]);
  const running = useMemo(() => machines.filter(({ state }) => isActive(state)), [machines]);
  const selected = useManager((manager) => manager.selected);
  const current = useManager((manager) => manager.current ?? manager.selected[0] ?? null);
  const [menuPlace, setMenuPlace] = useState<MenuPlace | null>(null);
  const root = useRef<HTMLDivElement>(null);
  const { state: drag, handlers } = useListDrag(rows, selection.tree);
  const selectedKeys = useMemo(() => new Set(selected), [selected]);
  useEffect(() => {
    if (current) document.getElementById(rowId(current))?.scrollIntoView({ block: 'nearest' });
  }, [current]);

  const onMouseDown = (event: MouseEvent): void => {
    const key = keyAt(event);
    if (!key) return;
    const row = rows.find((other) => other.key === key);
    const isToggle = event.target instanceof Element && event.target.closest('[data-toggle]');
    if (isToggle && row?.kind === 'group') return setCollapsed(row.path, !row.isCollapsed);
    const isPlain = !event.shiftKey && !event.ctrlKey && !event.metaKey;
    // A selected row may be the beginning of a drag of them all, or of a menu for them all.
    if (isPlain && selectedKeys.has(key)) return useManager.setState({ current: key });
    selectRow(rows, key, event.shiftKey ? 'range' : isPlain ? 'only' : 'toggle');
  };
  const onClick = (event: MouseEvent): void => {
    const key = keyAt(event);
    if (key && selected.length > 1 && !event.shiftKey && !event.ctrlKey && !event.metaKey) selectRow(rows, key, 'only');
  };
  const onDoubleClick = (event: MouseEvent): void => {
    const row = rows.find((other) => other.key === keyAt(event));
    if (row?.kind === 'machine') commands.start(event.shiftKey);
    else if (row?.kind === 'group') setCollapsed(row.path, !row.isCollapsed);
  };
  const nameOf = (row: Row): string =>
    row.kind === 'machine'
      ? (byId.get(row.id)?.name ?? '')
      : row.kind === 'group'
        ? row.name
        : folderName(row.machine.folder);
  const openMenu = (key: string): void => {
    const box = document.getElementById(rowId(key))?.getBoundingClientRect();
    if (box) setMenuPlace({ left: box.left + 24, top: box.bottom });
  };
  const render = (row: Row): ReactElement | null => {
    const isTarget = drag?.target?.key === row.key;
    const look: RowLook = {
      level: row.level,
      position: row.position,
      setSize: row.setSize,
      isSelected: selectedKeys.has(row.key),
      isCurrent: row.key === current,
      mark: isTarget ? (drag.target?.zone ?? '') : drag?.keys.has(row.key) ? 'dragged' : '',
    };
    if (row.kind === 'broken') return <BrokenRow key={row.key} machine={row.machine} {...look} />;
    if (row.kind === 'group') {
      const { path, name, count, isCollapsed } = row;
      const on = running.filter(({ group }) => `${group}/`.startsWith(`${path}/`)).length;
      return <GroupRow key={row.key} {...{ path, name, count, isCollapsed, running: on }} {...look} />;
    }
    const machine = byId.get(row.id);
    return machine ? <MachineRow key={row.key} machine={machine} {...look} /> : null;
  };
  return (
    <>
      <ListRoot
        ref={root}
        role="tree"
        tabIndex={0}
        aria-label={text.machines}
        aria-multiselectable
        {...(current && rows.some(({ key }) => key === current) ? { 'aria-activedescendant': rowId(current) } : {})}
        data-testid="machine-list"
        onMouseDown={onMouseDown}
        onClick={onClick}
        onDoubleClick={onDoubleClick}
        onContextMenu={(event) => {
          event.preventDefault();
          setMenuPlace({ left: event.clientX, top: event.clientY });
        }}
        onKeyDown={(event) => {
          if (onListKey(event, rows, { ...commands, nameOf, openMenu })) event.preventDefault();
        }}
        {...handlers}
      >
        {rows.map(render)}
      </ListRoot>
      <ContextMenu
        label={text.menus.machine}
        place={menuPlace}
        items={contextItems}
        onClose={() => {
          setMenuPlace(null);
          root.current?.focus();
        }}
      />
    </>
  );
}

/** The visible rows: all but those in collapsed groups, or what the search finds, with every group open. */
function useRows(): Row[] {
  const { common } = useText();
  const machines = useHost((host) => host.machines);
  const inaccessible = useHost((host) => host.inaccessible);
  const collapsed = useManager((manager) => manager.collapsed);
  const search = useManager((manager) => manager.search) ?? '';
  return useMemo(() => {
    if (search.trim() === '') return flatten(buildTree(machines), (path) => collapsed.has(path), inaccessible);
    const found = machines.filter((machine) => matchesSearch(machine, search, common.states[machine.state]));
    return flatten(buildTree(found), () => false);
  }, [machines, inaccessible, collapsed, search, common]);
}
