// Media of one kind: name, sizes, who uses them, and what is wrong with them.
import WarningIcon from '@mui/icons-material/WarningAmberOutlined';
import Box from '@mui/material/Box';
import Table from '@mui/material/Table';
import TableBody from '@mui/material/TableBody';
import TableCell from '@mui/material/TableCell';
import TableContainer from '@mui/material/TableContainer';
import TableHead from '@mui/material/TableHead';
import TableRow from '@mui/material/TableRow';
import TableSortLabel from '@mui/material/TableSortLabel';
import Tooltip from '@mui/material/Tooltip';
import Typography from '@mui/material/Typography';
import { type ReactElement, useState } from 'react';
import type { MediumSummary } from '../../../src-main/contract/methods/medium.ts';
import { walkRows } from '../../components/walk-rows.ts';
import { useText } from '../../i18n/text.ts';
import { formatSize } from '../activity/quantities.ts';
import { fileName, folderOf } from './paths.ts';

type By = 'name' | 'capacityBytes' | 'allocatedBytes';

interface MediaTableProps {
  label: string;
  media: MediumSummary[];
  selected: string | null;
  onSelect(path: string): void;
  /** Enter or a double-click. */
  onOpen(): void;
}

export function MediaTable({ label, media, selected, onSelect, onOpen }: MediaTableProps): ReactElement {
  const { panes } = useText();
  const text = panes.media;
  const [order, setOrder] = useState<{ by: By; isDescending: boolean }>({ by: 'name', isDescending: false });
  const rows = media.toSorted((a, b) => {
    const difference =
      order.by === 'name'
        ? fileName(a.path).localeCompare(fileName(b.path), undefined, { numeric: true })
        : a[order.by] - b[order.by];
    return (order.isDescending ? -1 : 1) * difference;
  });
  const focusable = rows.some(({ path }) => path === selected) ? selected : rows[0]?.path;
  const head = (by: By, title: string, align: 'left' | 'right', width?: number): ReactElement => (
    <TableCell
      align={align}
      sx={{ width, whiteSpace: 'nowrap' }}
      sortDirection={order.by === by ? (order.isDescending ? 'desc' : 'asc') : false}
    >
      <TableSortLabel
        active={order.by === by}
        direction={order.by === by && order.isDescending ? 'desc' : 'asc'}
        onClick={() => setOrder({ by, isDescending: order.by === by && !order.isDescending })}
      >
        {title}
      </TableSortLabel>
    </TableCell>
  );
  return (
    <TableContainer sx={{ flex: 1, minHeight: 0, bgcolor: 'background.paper' }}>
      <Table stickyHeader size="small" role="grid" aria-label={label} sx={{ tableLayout: 'fixed', minWidth: 560 }}>
        <TableHead>
          <TableRow>
            {head('name', text.name, 'left')}
            {head('capacityBytes', text.virtualSize, 'right', 148)}
            {head('allocatedBytes', text.actualSize, 'right', 148)}
            <TableCell sx={{ width: '26%', whiteSpace: 'nowrap' }}>{text.usedBy}</TableCell>
          </TableRow>
        </TableHead>
        <TableBody>
          {rows.map((medium) => (
            <TableRow
              key={medium.path}
              hover
              selected={medium.path === selected}
              aria-selected={medium.path === selected}
              tabIndex={medium.path === focusable ? 0 : -1}
              onFocus={() => onSelect(medium.path)}
              onClick={() => onSelect(medium.path)}
              onDoubleClick={onOpen}
              onKeyDown={(event) => {
                if (event.key === 'Enter') onOpen();
                else walkRows(event);
              }}
              sx={{ cursor: 'default', outlineOffset: -2 }}
            >
              <TableCell component="th" scope="row">
                <Box sx={{ display: 'flex', alignItems: 'center', gap: 1 }}>
                  {medium.problem !== '' && (
                    <Tooltip title={medium.problem}>
                      <WarningIcon fontSize="small" color="warning" titleAccess={text.inaccessible} />
                    </Tooltip>
                  )}
                  <Box sx={{ minWidth: 0 }}>
                    <Typography variant="body2" noWrap>
                      {fileName(medium.path)}
                    </Typography>
                    <Typography variant="caption" color="textSecondary" noWrap component="p" title={medium.path}>
                      {medium.problem === '' ? folderOf(medium.path) : medium.problem}
                    </Typography>
                  </Box>
                </Box>
              </TableCell>
              <TableCell align="right">
                {medium.problem === '' ? formatSize(medium.capacityBytes, panes.locale) : '–'}
              </TableCell>
              <TableCell align="right">
                {medium.problem === '' ? formatSize(medium.allocatedBytes, panes.locale) : '–'}
              </TableCell>
              <TableCell>
                <Typography variant="body2" noWrap color={medium.usedBy.length > 0 ? 'textPrimary' : 'textSecondary'}>
                  {medium.usedBy.map(({ name }) => name).join(', ') || text.notAttached}
                </Typography>
              </TableCell>
            </TableRow>
          ))}
        </TableBody>
      </Table>
    </TableContainer>
  );
}
