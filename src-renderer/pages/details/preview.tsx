// A picture of the machine's screen that opens its console. It keeps its place and size whatever the machine does.
import Box from '@mui/material/Box';
import Typography from '@mui/material/Typography';
import type { ReactElement } from 'react';
import type { MachineSummary } from '../../../src-main/contract/methods.ts';
import { openConsoleWindow } from '../../app/windows.ts';
import { useText } from '../../i18n/text.ts';
import { usePreview } from './use-preview.ts';

export function Preview({ machine }: { machine: MachineSummary }): ReactElement {
  const { details: text, common } = useText();
  const isLive = machine.state === 'running' || machine.state === 'paused';
  const picture = usePreview(machine.id, isLive);
  return (
    <Box
      component="button"
      type="button"
      aria-label={isLive ? text.showConsole(machine.name) : text.isOff(machine.name)}
      disabled={!isLive}
      onClick={() => openConsoleWindow(machine.id)}
      sx={{
        width: '100%',
        aspectRatio: '4 / 3',
        p: 0,
        border: 1,
        borderColor: 'divider',
        borderRadius: 1,
        bgcolor: '#0b0e13',
        overflow: 'hidden',
        cursor: isLive ? 'pointer' : 'default',
        display: 'grid',
        placeItems: 'center',
      }}
    >
      {picture ? (
        <Box
          component="img"
          src={picture}
          alt=""
          sx={{ width: '100%', height: '100%', objectFit: 'contain', opacity: machine.state === 'paused' ? 0.5 : 1 }}
        />
      ) : (
        <Typography variant="body2" sx={{ color: '#9aa4b2' }}>
          {isLive ? text.noPicture : common.states[machine.state]}
        </Typography>
      )}
    </Box>
  );
}
