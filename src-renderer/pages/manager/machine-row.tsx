// A machine in the list: its system, name, state, speed, and what its screen shows.
import DisposableIcon from '@mui/icons-material/AutoDeleteOutlined';
import Tooltip from '@mui/material/Tooltip';
import { memo, type ReactElement, useEffect, useRef, useState } from 'react';
import type { MachineSummary } from '../../../src-main/contract/methods.ts';
import { watchThumbnail } from '../../client/thumbnails.ts';
import { isActive, StateIcon } from '../../components/machine-state.tsx';
import { OsIcon } from '../../components/os-icon.tsx';
import { useText } from '../../i18n/text.ts';
import { machineKey } from './list-model.ts';
import { indent, rowId } from './list-root.ts';
import { SpeedBadge } from './speed-badge.tsx';

/** What every kind of row is told. */
export interface RowLook {
  level: number;
  position: number;
  setSize: number;
  isSelected: boolean;
  isCurrent: boolean;
  /** How a dragged row would be put relative to this one, or that this one is dragged. */
  mark: 'before' | 'into' | 'after' | 'dragged' | '';
}

export function rowProps(key: string, kind: string, look: RowLook) {
  return {
    id: rowId(key),
    'data-key': key,
    role: 'treeitem' as const,
    'aria-level': look.level,
    'aria-posinset': look.position,
    'aria-setsize': look.setSize,
    'aria-selected': look.isSelected,
    className: `row ${kind} ${look.isCurrent ? 'current' : ''} ${look.mark}`,
    style: { paddingLeft: indent(look.level) },
  };
}

interface MachineRowProps extends RowLook {
  machine: MachineSummary;
}

export const MachineRow = memo(function MachineRow({ machine, ...look }: MachineRowProps): ReactElement {
  const { common, manager: text } = useText();
  const { id, name, os, state, isDisposable } = machine;
  return (
    <div {...rowProps(machineKey(id), 'machine', look)} draggable>
      <OsIcon os={os} />
      <div className="words">
        <div className="title">
          <span className="name" title={name}>
            {name}
          </span>
          {isDisposable && isActive(state) && (
            <Tooltip title={text.disposableMark}>
              <DisposableIcon aria-label={text.disposable} style={{ fontSize: '1rem' }} />
            </Tooltip>
          )}
        </div>
        <div className="state">
          <StateIcon state={state} />
          <span>{common.states[state]}</span>
          {(state === 'running' || state === 'paused') && <SpeedBadge machine={machine} />}
        </div>
      </div>
      {(state === 'running' || state === 'paused') && <Thumbnail id={id} />}
    </div>
  );
});

function Thumbnail({ id }: { id: string }): ReactElement {
  const place = useRef<HTMLImageElement>(null);
  const [picture, setPicture] = useState<string | null>(null);
  useEffect(() => {
    let stop: (() => void) | null = null;
    const observer = new IntersectionObserver(([entry]) => {
      stop?.();
      stop = entry?.isIntersecting ? watchThumbnail(id, setPicture) : null;
    });
    if (place.current) observer.observe(place.current);
    return () => {
      observer.disconnect();
      stop?.();
    };
  }, [id]);
  return <img ref={place} className="thumbnail" alt="" draggable={false} {...(picture ? { src: picture } : {})} />;
}
