// A page whose devices come with a later version: says what it will hold, and that the machine has none.
import Alert from '@mui/material/Alert';
import type { ReactElement } from 'react';
import { useText } from '../../i18n/text.ts';

export function ComingPage({ page }: { page: 'audio' | 'network' | 'usb' | 'sharedFolders' }): ReactElement {
  const { settings: text } = useText();
  return (
    <Alert severity="info" variant="outlined">
      {text.comings.machineHas(text.comings[page])}
    </Alert>
  );
}
