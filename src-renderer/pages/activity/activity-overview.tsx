// What all machines do, in a table.
import Typography from '@mui/material/Typography';
import type { ReactElement } from 'react';

export function ActivityOverview({ onShow: _onShow }: { onShow(id: string): void }): ReactElement {
  return <Typography sx={{ p: 2 }}>ActivityOverview</Typography>;
}
