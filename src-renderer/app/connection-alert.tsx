// Says why nothing answers: the host is gone, or it was started anew and no longer knows this browser.
import Alert from '@mui/material/Alert';
import type { ReactElement } from 'react';
import { useHost } from '../client/store.ts';
import { useText } from '../i18n/text.ts';

export function ConnectionAlert(): ReactElement | null {
  const { common } = useText();
  const connection = useHost((host) => host.connection);
  const isLoaded = useHost((host) => host.isLoaded);
  if (connection === 'refused') return <Alert severity="error">{common.connection.refused}</Alert>;
  if (connection === 'lost' && isLoaded) return <Alert severity="warning">{common.connection.lost}</Alert>;
  return null;
}
