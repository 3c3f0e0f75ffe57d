// The charts' values as a table, for those who read better than they look.
import Table from '@mui/material/Table';
import TableBody from '@mui/material/TableBody';
import TableCell from '@mui/material/TableCell';
import TableContainer from '@mui/material/TableContainer';
import TableHead from '@mui/material/TableHead';
import TableRow from '@mui/material/TableRow';
import type { ReactElement } from 'react';
import type { ActivitySample, ActivityTotals } from '../../../src-main/contract/activity.ts';
import { useText } from '../../i18n/text.ts';
import { charts, digest, formatMeasure } from './measures.ts';
import { formatSize } from './quantities.ts';

export function ActivityTable({
  samples,
  totals,
}: {
  samples: ActivitySample[];
  totals: ActivityTotals | null;
}): ReactElement {
  const { panes } = useText();
  const { activity: text, locale } = panes;
  return (
    <TableContainer>
      <Table size="small" aria-label={text.tableTitle}>
        <TableHead>
          <TableRow>
            <TableCell>{text.measure}</TableCell>
            <TableCell align="right">{text.now}</TableCell>
            <TableCell align="right">{text.mean}</TableCell>
            <TableCell align="right">{text.largest}</TableCell>
            <TableCell align="right">{text.sinceStart}</TableCell>
          </TableRow>
        </TableHead>
        <TableBody sx={{ '& td': { fontVariantNumeric: 'tabular-nums' } }}>
          {charts.flatMap((chart) =>
            chart.measures.map((measure, index) => {
              const values = digest(samples, measure);
              const total = chart.totals[index];
              const show = (value: number | undefined): string =>
                value === undefined ? '–' : formatMeasure(value, measure, locale);
              return (
                <TableRow key={measure} hover>
                  <TableCell component="th" scope="row">
                    {text.inTable[measure]}
                  </TableCell>
                  <TableCell align="right">{show(values?.now)}</TableCell>
                  <TableCell align="right">{show(values?.mean)}</TableCell>
                  <TableCell align="right">{show(values?.maximum)}</TableCell>
                  <TableCell align="right">{total && totals ? formatSize(totals[total], locale) : ''}</TableCell>
                </TableRow>
              );
            }),
          )}
        </TableBody>
      </Table>
    </TableContainer>
  );
}
