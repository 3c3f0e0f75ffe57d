// The media manager.
import Typography from '@mui/material/Typography';
import type { ReactElement } from 'react';

export function MediaPage(): ReactElement {
  return <Typography sx={{ p: 2 }}>MediaPage</Typography>;
}
