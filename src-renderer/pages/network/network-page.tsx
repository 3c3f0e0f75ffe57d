// The network manager.
import Typography from '@mui/material/Typography';
import type { ReactElement } from 'react';

export function NetworkPage(): ReactElement {
  return <Typography sx={{ p: 2 }}>NetworkPage</Typography>;
}
