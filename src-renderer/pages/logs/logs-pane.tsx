// A machine’s logs: find, filter, bookmark, save.
import Typography from '@mui/material/Typography';
import type { ReactElement } from 'react';
import type { MachineSummary } from '../../../src-main/contract/methods.ts';

export function LogsPane({ machine: _machine }: { machine: MachineSummary }): ReactElement {
  return <Typography sx={{ p: 2 }}>LogsPane</Typography>;
}
