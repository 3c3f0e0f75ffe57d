// A group and an inaccessible machine in the list.
import ChevronIcon from '@mui/icons-material/ChevronRight';
import ErrorIcon from '@mui/icons-material/ErrorOutlined';
import { memo, type ReactElement } from 'react';
import type { InaccessibleMachine } from '../../../src-main/contract/methods.ts';
import { useText } from '../../i18n/text.ts';
import { brokenKey, groupKey } from './list-model.ts';
import { type RowLook, rowProps } from './machine-row.tsx';

interface GroupRowProps extends RowLook {
  path: string;
  name: string;
  count: number;
  running: number;
  isCollapsed: boolean;
}

export const GroupRow = memo(function GroupRow(props: GroupRowProps): ReactElement {
  const { path, name, count, running, isCollapsed, ...look } = props;
  const { manager: text } = useText();
  return (
    <div {...rowProps(groupKey(path), 'group', look)} {...{ 'aria-expanded': !isCollapsed }} draggable>
      <ChevronIcon fontSize="small" className={`chevron ${isCollapsed ? '' : 'open'}`} data-toggle />
      <div className="name" title={name}>
        {name}
      </div>
      <span className="count">{text.groupCount(count, running)}</span>
    </div>
  );
});

interface BrokenRowProps extends RowLook {
  machine: InaccessibleMachine;
}

export const BrokenRow = memo(function BrokenRow({ machine, ...look }: BrokenRowProps): ReactElement {
  const { common } = useText();
  return (
    <div {...rowProps(brokenKey(machine.folder), 'broken', look)} title={machine.reason}>
      <ErrorIcon color="error" aria-hidden style={{ fontSize: '2rem' }} />
      <div className="words">
        <div className="name">{folderName(machine.folder)}</div>
        <div className="state">{common.inaccessible}</div>
      </div>
    </div>
  );
});

export function folderName(path: string): string {
  return path.split(/[/\\]/).at(-1) ?? path;
}
