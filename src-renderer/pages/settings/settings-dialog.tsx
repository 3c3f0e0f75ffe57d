// A machine’s settings.
import Typography from '@mui/material/Typography';
import type { ReactElement } from 'react';

/** Pages of the dialog, by name. */
export type SettingsPage =
  | 'general'
  | 'system'
  | 'display'
  | 'storage'
  | 'audio'
  | 'network'
  | 'serial'
  | 'usb'
  | 'sharedFolders'
  | 'userInterface';

export function SettingsDialog({
  id: _id,
  page: _page,
  onClose: _onClose,
}: {
  id: string;
  page?: SettingsPage;
  onClose(): void;
}): ReactElement {
  return <Typography sx={{ p: 2 }}>SettingsDialog</Typography>;
}
