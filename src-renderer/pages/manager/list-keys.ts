// The machine list under the keyboard: arrows, Enter, Delete, the context-menu key, and the first letters of a name.
import type { KeyboardEvent } from 'react';
import type { Row, RowKey } from './list-model.ts';
import { type SelectHow, selectRow } from './list-select.ts';
import { setCollapsed, useManager } from './manager-store.ts';
import { fold } from './search.ts';

export interface ListCommands {
  /** Enter, or with Shift held. */
  start(isHeadless: boolean): void;
  remove(): void;
  rename(): void;
  move(direction: -1 | 1): void;
  openMenu(key: RowKey): void;
  nameOf(row: Row): string;
}

const PAGE_ROWS = 10;
const TYPE_AHEAD_MS = 800;
let typed = { text: '', at: 0 };

/** Returns whether the key was taken. */
export function onListKey(event: KeyboardEvent, rows: readonly Row[], commands: ListCommands): boolean {
  const { current, selected } = useManager.getState();
  const at = rows.findIndex((row) => row.key === (current ?? selected[0]));
  const row = rows[at];
  const how: SelectHow = event.shiftKey ? 'range' : 'only';
  const go = (index: number): true => {
    const target = rows[Math.max(0, Math.min(index, rows.length - 1))];
    if (!target) return true;
    if (event.ctrlKey) useManager.setState({ current: target.key });
    else selectRow(rows, target.key, how);
    return true;
  };
  if (event.altKey) {
    if (event.key !== 'ArrowUp' && event.key !== 'ArrowDown') return false;
    commands.move(event.key === 'ArrowUp' ? -1 : 1);
    return true;
  }
  switch (event.key) {
    case 'ArrowDown':
      return go(at + 1);
    case 'ArrowUp':
      return go(at < 0 ? 0 : at - 1);
    case 'Home':
      return go(0);
    case 'End':
      return go(rows.length - 1);
    case 'PageDown':
      return go(at + PAGE_ROWS);
    case 'PageUp':
      return go(at - PAGE_ROWS);
    case 'ArrowRight':
      if (row?.kind !== 'group') return false;
      if (row.isCollapsed) setCollapsed(row.path, false);
      else go(at + 1);
      return true;
    case 'ArrowLeft':
      return row !== undefined && goOut(rows, at, go);
    case 'Enter':
      if (row?.kind === 'group' && selected.length === 1) setCollapsed(row.path, !row.isCollapsed);
      else commands.start(event.shiftKey);
      return true;
    case 'Delete':
      commands.remove();
      return true;
    case 'F2':
      commands.rename();
      return true;
    case 'ContextMenu':
    case 'F10':
      if (!row || (event.key === 'F10' && !event.shiftKey)) return false;
      commands.openMenu(row.key);
      return true;
    case ' ':
      if (row && event.ctrlKey) selectRow(rows, row.key, 'toggle');
      else if (!event.ctrlKey) return typeAhead(event.key, rows, at, commands, go);
      return true;
  }
  if (event.ctrlKey || event.metaKey || event.key.length !== 1) return false;
  return typeAhead(event.key, rows, at, commands, go);
}

/** Closes an open group, or goes to the group that the row is in. */
function goOut(rows: readonly Row[], at: number, go: (index: number) => true): boolean {
  const row = rows[at];
  if (row?.kind === 'group' && !row.isCollapsed) {
    setCollapsed(row.path, true);
    return true;
  }
  const parent = rows.findLastIndex((other, index) => index < at && other.level < (row?.level ?? 1));
  return parent >= 0 && go(parent);
}

function typeAhead(
  letter: string,
  rows: readonly Row[],
  at: number,
  { nameOf }: ListCommands,
  go: (index: number) => true,
): boolean {
  const now = performance.now();
  const isMore = now - typed.at < TYPE_AHEAD_MS;
  if (letter === ' ' && (!isMore || typed.text === '')) return false;
  typed = { text: (isMore ? typed.text : '') + fold(letter), at: now };
  // The same letter again goes to the next name with it.
  const isSame = [...typed.text].every((one) => one === typed.text[0]);
  const wanted = isSame ? (typed.text[0] ?? '') : typed.text;
  const from = isSame ? at + 1 : Math.max(at, 0);
  const order = [...rows.keys()].map((index) => (from + index) % rows.length);
  const found = order.find((index) => {
    const row = rows[index];
    return row !== undefined && fold(nameOf(row)).startsWith(wanted);
  });
  if (found !== undefined) go(found);
  return true;
}
