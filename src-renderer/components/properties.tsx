// A titled box of name and value rows.
import Box from '@mui/material/Box';
import Paper from '@mui/material/Paper';
import Typography from '@mui/material/Typography';
import { Fragment, type ReactElement, type ReactNode } from 'react';

export function Section({
  title,
  icon,
  children,
}: {
  title: string;
  icon: ReactNode;
  children: ReactNode;
}): ReactElement {
  return (
    <Paper variant="outlined" component="section" aria-label={title} sx={{ p: 2 }}>
      <Typography
        variant="subtitle1"
        component="h2"
        sx={{ display: 'flex', alignItems: 'center', gap: 1, mb: 1, fontWeight: 500 }}
      >
        {icon}
        {title}
      </Typography>
      {children}
    </Paper>
  );
}

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
