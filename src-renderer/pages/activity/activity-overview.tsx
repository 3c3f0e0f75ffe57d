// What all machines do, in a table.

import CheckIcon from '@mui/icons-material/Check';
import MonitorHeartIcon from '@mui/icons-material/MonitorHeartOutlined';
import ViewColumnIcon from '@mui/icons-material/ViewColumnOutlined';
import FormControlLabel from '@mui/material/FormControlLabel';
import Menu from '@mui/material/Menu';
import MenuItem from '@mui/material/MenuItem';
import Switch from '@mui/material/Switch';
import { type ReactElement, useEffect, useMemo, useState } from 'react';
import { client } from '../../client/client.ts';
import { useHost } from '../../client/store.ts';
import { isActive } from '../../components/machine-state.tsx';
import { Pane } from '../../components/pane.tsx';
import { useRemembered } from '../../components/remembered.ts';
import { useText } from '../../i18n/text.ts';
import { HostTotals } from './host-totals.tsx';
import { type ColumnId, columnIds, type Order, type Row, sorted } from './overview-columns.ts';
import { OverviewTable } from './overview-table.tsx';
import { useNewestSamples } from './use-samples.ts';

interface Look {
  hidden: ColumnId[];
  order: Order;
  isOnlyRunning: boolean;
}
const DEFAULT_LOOK: Look = {
  hidden: ['networkTotals'],
  order: { column: 'name', isDescending: false },
  isOnlyRunning: false,
};
const isColumn = (value: unknown): value is ColumnId => columnIds.some((id) => id === value);
function isLook(stored: unknown): stored is Look {
  if (typeof stored !== 'object' || stored === null) return false;
  const { hidden, order, isOnlyRunning } = stored as Partial<Record<keyof Look, unknown>>;
  return (
    Array.isArray(hidden) &&
    hidden.every(isColumn) &&
    typeof order === 'object' &&
    order !== null &&
    isColumn((order as Order).column) &&
    typeof isOnlyRunning === 'boolean'
  );
}

const FREE_SPACE_EVERY_MS = 10_000;

export function ActivityOverview({ onShow }: { onShow(id: string): void }): ReactElement {
  const { panes } = useText();
  const text = panes.overview;
  const machines = useHost((host) => host.machines);
  const [look, setLook] = useRemembered<Look>('overview.look', DEFAULT_LOOK, isLook);
  const [selected, setSelected] = useState<string | null>(null);
  const [columnsAnchor, setColumnsAnchor] = useState<HTMLElement | null>(null);
  const active = useMemo(() => machines.filter(({ state }) => isActive(state)).map(({ id }) => id), [machines]);
  const newest = useNewestSamples(active);
  const freeDiskBytes = useFreeDisk();
  const rows: Row[] = machines.map((machine) => ({
    machine,
    now: isActive(machine.state) ? (newest.get(machine.id) ?? null) : null,
  }));
  const shown = sorted(look.isOnlyRunning ? rows.filter(({ machine }) => isActive(machine.state)) : rows, look.order);
  const columnItems = useMemo(
    () =>
      columnIds.map((id) => ({
        title: text.columnTitles[id],
        isChecked: !look.hidden.includes(id),
        isDisabled: id === 'name',
        run: () =>
          setLook({
            ...look,
            hidden: look.hidden.includes(id) ? look.hidden.filter((other) => other !== id) : [...look.hidden, id],
          }),
      })),
    [text, look, setLook],
  );
  const columnMenu = useMemo(() => [{ title: text.columns, items: columnItems, run: () => {} }], [text, columnItems]);
  const chosen = shown.find(({ machine }) => machine.id === selected)?.machine ?? null;
  return (
    <Pane
      label={text.title}
      menu={text.menu}
      menuItems={columnMenu}
      actions={[
        {
          title: text.columns,
          icon: <ViewColumnIcon />,
          run: (button) => setColumnsAnchor(button ?? null),
        },
        {
          title: text.vmActivity,
          icon: <MonitorHeartIcon />,
          refusal: chosen ? undefined : text.noneChosen,
          run: () => chosen && onShow(chosen.id),
        },
      ]}
      end={
        <FormControlLabel
          control={
            <Switch
              size="small"
              checked={look.isOnlyRunning}
              onChange={(_event, isOnlyRunning) => setLook({ ...look, isOnlyRunning })}
            />
          }
          label={text.onlyRunning}
          slotProps={{ typography: { variant: 'body2' } }}
        />
      }
    >
      <HostTotals running={rows.flatMap(({ now }) => now ?? [])} freeDiskBytes={freeDiskBytes} />
      <OverviewTable
        rows={shown}
        shownColumns={columnIds.filter((id) => !look.hidden.includes(id))}
        order={look.order}
        selected={selected}
        onOrder={(order) => setLook({ ...look, order })}
        onSelect={setSelected}
        onShow={onShow}
      />
      <Menu
        anchorEl={columnsAnchor}
        open={columnsAnchor !== null}
        onClose={() => setColumnsAnchor(null)}
        slotProps={{ list: { dense: true, 'aria-label': text.columns } }}
      >
        {columnItems.map(({ title, isChecked, isDisabled, run }) => (
          <MenuItem key={title} role="menuitemcheckbox" aria-checked={isChecked} disabled={isDisabled} onClick={run}>
            <CheckIcon fontSize="small" sx={{ mr: 1, visibility: isChecked ? 'visible' : 'hidden' }} />
            {title}
          </MenuItem>
        ))}
      </Menu>
    </Pane>
  );
}

/** Free space where machines are kept; asked for now and then, for nothing tells when it changes. */
function useFreeDisk(): number {
  const known = useHost((host) => host.info?.freeDiskBytes) ?? 0;
  const [bytes, setBytes] = useState<number | null>(null);
  useEffect(() => {
    const ask = (): void =>
      void client.call('host.info', {}).then(
        ({ freeDiskBytes }) => setBytes(freeDiskBytes),
        () => {},
      );
    const timer = setInterval(ask, FREE_SPACE_EVERY_MS);
    return () => clearInterval(timer);
  }, []);
  return bytes ?? known;
}
