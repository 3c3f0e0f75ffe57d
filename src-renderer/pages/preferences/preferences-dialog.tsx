// Preferences.
import Typography from '@mui/material/Typography';
import type { ReactElement } from 'react';

export function PreferencesDialog({ onClose: _onClose }: { onClose(): void }): ReactElement {
  return <Typography sx={{ p: 2 }}>PreferencesDialog</Typography>;
}
