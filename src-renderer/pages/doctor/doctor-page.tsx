// What works on this host, what does not, and why.
import Typography from '@mui/material/Typography';
import type { ReactElement } from 'react';

export function DoctorPage(): ReactElement {
  return <Typography sx={{ p: 2 }}>DoctorPage</Typography>;
}
