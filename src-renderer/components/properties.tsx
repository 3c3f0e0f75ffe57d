// Rows of names and values.
import Box from '@mui/material/Box';
import Typography from '@mui/material/Typography';
import { Fragment, type ReactElement, type ReactNode } from 'react';

export function Properties({ rows }: { rows: [string, ReactNode][] }): ReactElement {
  return (
    <Box
      component="dl"
      sx={{ display: 'grid', gridTemplateColumns: 'minmax(96px, max-content) 1fr', columnGap: 2, rowGap: 0.5, m: 0 }}
    >
      {rows.map(([name, value]) => (
        <Fragment key={name}>
          <Typography component="dt" variant="body2" color="text.secondary">
            {name}
          </Typography>
          <Typography component="dd" variant="body2" sx={{ m: 0, overflowWrap: 'anywhere' }}>
            {value}
          </Typography>
        </Fragment>
      ))}
    </Box>
  );
}
