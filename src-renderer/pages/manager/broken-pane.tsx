// A machine whose file cannot be used: why, where it lies, and what can be done.
import RefreshIcon from '@mui/icons-material/Refresh';
import Alert from '@mui/material/Alert';
import AlertTitle from '@mui/material/AlertTitle';
import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import Typography from '@mui/material/Typography';
import type { ReactElement } from 'react';
import type { InaccessibleMachine } from '../../../src-main/contract/methods.ts';
import { copyText } from '../../app/clipboard.ts';
import { attempt } from '../../client/store.ts';
import { useText } from '../../i18n/text.ts';
import { refreshMachines } from './machine-actions.ts';
import { openDialog } from './manager-store.ts';
import { folderName } from './other-rows.tsx';

export function BrokenPane({ folder, reason }: InaccessibleMachine): ReactElement {
  const { common, manager } = useText();
  const text = manager.broken;
  return (
    <Box sx={{ p: { xs: 2, lg: 2.5 }, overflow: 'auto' }}>
      <Alert severity="error" sx={{ overflowWrap: 'anywhere' }}>
        <AlertTitle>{text.title(folderName(folder))}</AlertTitle>
        {reason}
        <Typography variant="body2" sx={{ mt: 1 }}>
          {text.help(folder)}
        </Typography>
        <Box sx={{ display: 'flex', gap: 1, mt: 2 }}>
          <Button variant="contained" size="small" startIcon={<RefreshIcon />} onClick={refreshMachines}>
            {common.refresh}
          </Button>
          <Button variant="outlined" size="small" onClick={() => openDialog({ kind: 'forget', folders: [folder] })}>
            {text.forget}
          </Button>
          <Button variant="outlined" size="small" onClick={() => void attempt(() => copyText(folder))}>
            {text.copyFolder}
          </Button>
        </Box>
      </Alert>
    </Box>
  );
}
