// Live charts of one machine.
import Typography from '@mui/material/Typography';
import type { ReactElement } from 'react';
import type { MachineSummary } from '../../../src-main/contract/methods.ts';

export function ActivityPane({ machine: _machine }: { machine: MachineSummary }): ReactElement {
  return <Typography sx={{ p: 2 }}>ActivityPane</Typography>;
}
