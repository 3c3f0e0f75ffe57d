// Version, home and what runs guest code on this computer, with the reasons.
import CheckIcon from '@mui/icons-material/CheckCircleOutlined';
import NoIcon from '@mui/icons-material/DoNotDisturbOnOutlined';
import Button from '@mui/material/Button';
import Dialog from '@mui/material/Dialog';
import DialogActions from '@mui/material/DialogActions';
import DialogContent from '@mui/material/DialogContent';
import DialogTitle from '@mui/material/DialogTitle';
import Stack from '@mui/material/Stack';
import Typography from '@mui/material/Typography';
import type { ReactElement } from 'react';
import type { MethodOutput } from '../../../src-main/contract/methods.ts';
import { Properties } from '../../components/properties.tsx';

export function AboutDialog({ info, onClose }: { info: MethodOutput<'host.info'>; onClose(): void }): ReactElement {
  return (
    <Dialog open onClose={onClose} fullWidth maxWidth="sm">
      <DialogTitle>Ospite {info.version}</DialogTitle>
      <DialogContent>
        <Properties
          rows={[
            ['Computer', `${info.platform}, ${info.logicalProcessors} processors, ${info.memoryMib} MiB`],
            ['Machines in', info.home],
          ]}
        />
        <Typography variant="subtitle2" component="h3" sx={{ mt: 2, mb: 1 }}>
          What can run guest code here
        </Typography>
        <Stack spacing={1}>
          {info.accelerators.map(({ id, isAvailable, reason }) => (
            <Stack key={id} direction="row" spacing={1}>
              {isAvailable ? (
                <CheckIcon color="success" fontSize="small" titleAccess="Available" />
              ) : (
                <NoIcon color="disabled" fontSize="small" titleAccess="Not available" />
              )}
              <Typography variant="body2" sx={{ overflowWrap: 'anywhere' }}>
                <strong>{id}</strong>
                {reason === '' ? '' : `: ${reason}`}
              </Typography>
            </Stack>
          ))}
        </Stack>
      </DialogContent>
      <DialogActions>
        <Button autoFocus onClick={onClose}>
          Close
        </Button>
      </DialogActions>
    </Dialog>
  );
}
