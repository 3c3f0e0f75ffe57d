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
import { useHost } from '../../client/store.ts';
import { Properties } from '../../components/properties.tsx';
import { useText } from '../../i18n/text.ts';

export function AboutDialog({ onClose }: { onClose(): void }): ReactElement | null {
  const { common, manager } = useText();
  const text = manager.aboutDialog;
  const info = useHost((host) => host.info);
  if (!info) return null;
  const { speed } = manager;
  return (
    <Dialog open onClose={onClose} fullWidth maxWidth="sm">
      <DialogTitle>Ospite {info.version}</DialogTitle>
      <DialogContent>
        <Typography variant="body2" color="text.secondary" sx={{ mb: 2 }}>
          {text.text}
        </Typography>
        <Properties
          rows={[
            [text.computer, text.computerIs(info.platform, info.logicalProcessors, info.memoryMib)],
            [text.home, info.home],
            [text.machines, info.machineFolder],
            [text.licence, 'Apache License 2.0'],
          ]}
        />
        <Typography variant="subtitle2" component="h3" sx={{ mt: 2, mb: 1 }}>
          {text.accelerators}
        </Typography>
        <Stack spacing={1}>
          {info.accelerators.map(({ id, isAvailable, reason }) => (
            <Stack key={id} direction="row" spacing={1}>
              {isAvailable ? (
                <CheckIcon color="success" fontSize="small" titleAccess={text.available} />
              ) : (
                <NoIcon color="disabled" fontSize="small" titleAccess={text.notAvailable} />
              )}
              <Typography variant="body2" sx={{ overflowWrap: 'anywhere' }}>
                <strong>{id === 'auto' ? id : speed.names[id]}</strong>
                {reason === '' ? '' : `: ${reason}`}
              </Typography>
            </Stack>
          ))}
        </Stack>
      </DialogContent>
      <DialogActions>
        <Button autoFocus onClick={onClose}>
          {common.close}
        </Button>
      </DialogActions>
    </Dialog>
  );
}
