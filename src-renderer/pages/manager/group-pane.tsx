// Several machines at once: what they are, what they take together, each a click away.
import Box from '@mui/material/Box';
import Chip from '@mui/material/Chip';
import Link from '@mui/material/Link';
import Paper from '@mui/material/Paper';
import Table from '@mui/material/Table';
import TableBody from '@mui/material/TableBody';
import TableCell from '@mui/material/TableCell';
import TableContainer from '@mui/material/TableContainer';
import TableHead from '@mui/material/TableHead';
import TableRow from '@mui/material/TableRow';
import Typography from '@mui/material/Typography';
import type { ReactElement } from 'react';
import { isActive, StateIcon } from '../../components/machine-state.tsx';
import { OsIcon } from '../../components/os-icon.tsx';
import { useText } from '../../i18n/text.ts';
import { machineKey } from './list-model.ts';
import { select } from './manager-store.ts';
import type { Selection } from './use-selection.ts';

export function GroupPane({ selection: { machines, group } }: { selection: Selection }): ReactElement {
  const { common, manager } = useText();
  const text = manager.several;
  const on = machines.filter(({ state }) => isActive(state)).length;
  const memory = machines.reduce((sum, { memoryMib }) => sum + memoryMib, 0);
  return (
    <Box sx={{ p: { xs: 2, lg: 2.5 }, overflow: 'auto', display: 'flex', flexDirection: 'column', gap: 2 }}>
      <Typography variant="h6" component="h1" sx={{ overflowWrap: 'anywhere' }}>
        {group === null ? text.title(machines.length) : group.replaceAll('/', ' › ')}
      </Typography>
      <Box sx={{ display: 'flex', gap: 1, flexWrap: 'wrap' }}>
        <Chip size="small" label={text.title(machines.length)} />
        <Chip size="small" color={on > 0 ? 'success' : 'default'} variant="outlined" label={text.running(on)} />
        <Chip size="small" variant="outlined" label={text.memory(memory)} />
      </Box>
      <TableContainer component={Paper} variant="outlined" sx={{ flexShrink: 0 }}>
        <Table size="small" aria-label={manager.machines}>
          <TableHead>
            <TableRow>
              <TableCell>{text.name}</TableCell>
              <TableCell>{text.state}</TableCell>
              <TableCell align="right">{text.memoryColumn}</TableCell>
            </TableRow>
          </TableHead>
          <TableBody>
            {machines.map(({ id, name, os, state, memoryMib }) => (
              <TableRow key={id} hover>
                <TableCell>
                  <Box sx={{ display: 'flex', alignItems: 'center', gap: 1 }}>
                    <OsIcon os={os} size={1.25} />
                    <Link
                      component="button"
                      underline="hover"
                      sx={{ textAlign: 'left', overflowWrap: 'anywhere' }}
                      onClick={() => select(machineKey(id))}
                    >
                      {name}
                    </Link>
                  </Box>
                </TableCell>
                <TableCell>
                  <Box sx={{ display: 'flex', alignItems: 'center', gap: 0.5 }}>
                    <StateIcon state={state} />
                    {common.states[state]}
                  </Box>
                </TableCell>
                <TableCell align="right">{memoryMib} MiB</TableCell>
              </TableRow>
            ))}
          </TableBody>
        </Table>
      </TableContainer>
    </Box>
  );
}
