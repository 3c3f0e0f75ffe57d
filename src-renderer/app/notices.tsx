// Failures, shown until dismissed, newest below.
import Alert from '@mui/material/Alert';
import Stack from '@mui/material/Stack';
import type { ReactElement } from 'react';
import { dismissNotice, useHost } from '../client/store.ts';

export function Notices(): ReactElement {
  const notices = useHost((host) => host.notices);
  return (
    <Stack
      spacing={1}
      sx={{ position: 'fixed', right: 16, bottom: 40, width: 420, maxWidth: 'calc(100vw - 32px)', zIndex: 'snackbar' }}
    >
      {notices.slice(-4).map(({ key, message }) => (
        <Alert key={key} severity="error" variant="filled" onClose={() => dismissNotice(key)}>
          {message}
        </Alert>
      ))}
    </Stack>
  );
}
