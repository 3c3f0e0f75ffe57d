// The overview's rows: sorted by their heads, walked by arrow keys, opened by Enter or a double-click.
import Box from '@mui/material/Box';
import Table from '@mui/material/Table';
import TableBody from '@mui/material/TableBody';
import TableCell from '@mui/material/TableCell';
import TableContainer from '@mui/material/TableContainer';
import TableHead from '@mui/material/TableHead';
import TableRow from '@mui/material/TableRow';
import TableSortLabel from '@mui/material/TableSortLabel';
import Typography from '@mui/material/Typography';
import type { ReactElement } from 'react';
import { StateIcon } from '../../components/machine-state.tsx';
import { walkRows } from '../../components/walk-rows.ts';
import { useText } from '../../i18n/text.ts';
import { type ColumnId, columns, type Order, type Row } from './overview-columns.ts';

interface OverviewTableProps {
  rows: Row[];
  shownColumns: ColumnId[];
  order: Order;
  selected: string | null;
  onOrder(order: Order): void;
  onSelect(id: string): void;
  onShow(id: string): void;
}

export function OverviewTable(props: OverviewTableProps): ReactElement {
  const { rows, shownColumns, order, selected, onOrder, onSelect, onShow } = props;
  const { common, panes } = useText();
  const { overview: text, locale } = panes;
  const focusable = rows.some(({ machine }) => machine.id === selected) ? selected : rows[0]?.machine.id;
  if (rows.length === 0)
    return (
      <Typography color="textSecondary" sx={{ m: 'auto', p: 4 }}>
        {text.none}
      </Typography>
    );
  return (
    <TableContainer sx={{ flex: 1, minHeight: 0, borderTop: 1, borderColor: 'divider', bgcolor: 'background.paper' }}>
      <Table
        stickyHeader
        role="grid"
        size="small"
        aria-label={text.title}
        sx={{
          '& th, & td': { whiteSpace: 'nowrap', fontVariantNumeric: 'tabular-nums', px: 1.25 },
          // The name stays in sight while the other columns are scrolled.
          '& tr > :first-of-type': { position: 'sticky', left: 0, bgcolor: 'background.paper', zIndex: 1, pl: 2 },
          '& thead th': { bgcolor: 'background.paper' },
          '& thead tr > :first-of-type': { zIndex: 3 },
        }}
      >
        <TableHead>
          <TableRow>
            {shownColumns.map((id) => (
              <TableCell
                key={id}
                align={id === 'name' ? 'left' : 'right'}
                sortDirection={order.column === id ? (order.isDescending ? 'desc' : 'asc') : false}
              >
                <TableSortLabel
                  active={order.column === id}
                  direction={order.column === id && order.isDescending ? 'desc' : 'asc'}
                  // What is large is what is looked for first.
                  onClick={() =>
                    onOrder({ column: id, isDescending: order.column === id ? !order.isDescending : id !== 'name' })
                  }
                >
                  {text.columnTitles[id]}
                </TableSortLabel>
              </TableCell>
            ))}
          </TableRow>
        </TableHead>
        <TableBody>
          {rows.map((row) => {
            const { id, name, state } = row.machine;
            return (
              <TableRow
                key={id}
                hover
                selected={id === selected}
                aria-selected={id === selected}
                tabIndex={id === focusable ? 0 : -1}
                onFocus={() => onSelect(id)}
                onClick={() => onSelect(id)}
                onDoubleClick={() => onShow(id)}
                onKeyDown={(event) => {
                  if (event.key === 'Enter') onShow(id);
                  else walkRows(event);
                }}
                sx={{ cursor: 'default', outlineOffset: -2 }}
              >
                {shownColumns.map((column) =>
                  column === 'name' ? (
                    <TableCell key={column} component="th" scope="row">
                      <Box sx={{ display: 'flex', alignItems: 'center', gap: 1, maxWidth: 280 }}>
                        <StateIcon state={state} />
                        <Typography variant="body2" noWrap title={name}>
                          {name}
                        </Typography>
                        <Typography variant="caption" color="textSecondary">
                          {common.states[state]}
                        </Typography>
                      </Box>
                    </TableCell>
                  ) : (
                    <TableCell key={column} align="right">
                      {columns[column].show(row, locale)}
                    </TableCell>
                  ),
                )}
              </TableRow>
            );
          })}
        </TableBody>
      </Table>
    </TableContainer>
  );
}
