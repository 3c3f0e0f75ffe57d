// Dragging rows of the machine list, by the browser's own drag and drop: where the pointer is decides where they would go.
import { type DragEvent, useState } from 'react';
import { type DropTarget, type DropZone, move, type Row, type RowKey } from './list-model.ts';
import { arrange } from './machine-actions.ts';
import { setCollapsed, useManager } from './manager-store.ts';
import type { Selection } from './use-selection.ts';

const TYPE = 'application/x-ospite-rows';

export interface DragState {
  keys: ReadonlySet<RowKey>;
  target: DropTarget;
}

export interface ListDrag {
  state: DragState | null;
  handlers: Record<'onDragStart' | 'onDragOver' | 'onDragLeave' | 'onDrop' | 'onDragEnd', (event: DragEvent) => void>;
}

export function useListDrag(rows: readonly Row[], tree: Selection['tree']): ListDrag {
  const [state, setState] = useState<DragState | null>(null);
  const onDragStart = (event: DragEvent): void => {
    const key = keyAt(event);
    if (!key || key.startsWith('x:')) return event.preventDefault();
    const { selected } = useManager.getState();
    const keys = selected.includes(key) ? selected.filter((other) => !other.startsWith('x:')) : [key];
    if (!selected.includes(key)) useManager.setState({ selected: [key], current: key, anchor: key });
    event.dataTransfer.setData(TYPE, JSON.stringify(keys));
    event.dataTransfer.effectAllowed = 'move';
    setState({ keys: new Set(keys), target: null });
  };
  const onDragOver = (event: DragEvent): void => {
    if (!state) return;
    const target = targetAt(event, rows);
    event.preventDefault();
    event.dataTransfer.dropEffect = 'move';
    if (state.target?.key !== target?.key || state.target?.zone !== target?.zone) setState({ ...state, target });
  };
  const onDrop = (event: DragEvent): void => {
    if (!state) return;
    event.preventDefault();
    const target = targetAt(event, rows);
    setState(null);
    const changed = move(tree, [...state.keys], target);
    if (changed && target?.zone === 'into') setCollapsed(target.key.slice(2), false);
    arrange(changed);
  };
  const onDragLeave = (event: DragEvent): void => {
    const isInside = event.relatedTarget instanceof Node && event.currentTarget.contains(event.relatedTarget);
    if (state?.target && !isInside) setState({ ...state, target: null });
  };
  return { state, handlers: { onDragStart, onDragOver, onDragLeave, onDrop, onDragEnd: () => setState(null) } };
}

export function keyAt(event: { target: EventTarget }): RowKey | null {
  const row = event.target instanceof Element ? event.target.closest<HTMLElement>('[data-key]') : null;
  return row?.dataset['key'] ?? null;
}

function targetAt(event: DragEvent, rows: readonly Row[]): DropTarget {
  const element = event.target instanceof Element ? event.target.closest<HTMLElement>('[data-key]') : null;
  const row = rows.find(({ key }) => key === element?.dataset['key']);
  if (!element || !row || row.kind === 'broken') return null;
  const { top, height } = element.getBoundingClientRect();
  return { key: row.key, zone: zoneAt(row, (event.clientY - top) / height) };
}

/** Most of a group is inside it; the lower edge of an open group too, for its first row is just below. */
function zoneAt(row: Row, share: number): DropZone {
  if (row.kind !== 'group') return share < 0.5 ? 'before' : 'after';
  if (share < 0.25) return 'before';
  return share > 0.75 && row.isCollapsed ? 'after' : 'into';
}
