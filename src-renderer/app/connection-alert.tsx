// Says why nothing answers: the host is gone, or it was started anew and no longer knows this browser.
import Alert from '@mui/material/Alert';
import type { ReactElement } from 'react';
import { useHost } from '../client/store.ts';

export function ConnectionAlert(): ReactElement | null {
  const connection = useHost((host) => host.connection);
  const isLoaded = useHost((host) => host.isLoaded);
  if (connection === 'refused')
    return (
      <Alert severity="error">
        Ospite was started anew and does not know this window. Open the link it printed; this window then goes on.
      </Alert>
    );
  if (connection === 'lost' && isLoaded)
    return <Alert severity="warning">Ospite does not answer. Trying to reconnect…</Alert>;
  return null;
}
