// One line at the bottom: how many machines there are and run, and what is left of the host.
import Box from '@mui/material/Box';
import type { ReactElement } from 'react';
import { useHost } from '../../client/store.ts';
import { formatBytes } from '../../components/file-chooser.tsx';
import { isActive } from '../../components/machine-state.tsx';
import { useText } from '../../i18n/text.ts';

export function Footer(): ReactElement {
  const { manager } = useText();
  const text = manager.footer;
  const info = useHost((host) => host.info);
  const machines = useHost((host) => host.machines.length);
  const running = useHost((host) => host.machines.filter(({ state }) => isActive(state)).length);
  const parts = info
    ? [
        text.machines(machines, running),
        text.host(info.logicalProcessors, info.memoryMib),
        info.freeDiskBytes > 0 ? text.free(formatBytes(info.freeDiskBytes), info.machineFolder) : info.machineFolder,
        `Ospite ${info.version}`,
      ]
    : [text.connecting];
  return (
    <Box
      component="footer"
      sx={{
        px: 2,
        py: 0.5,
        borderTop: 1,
        borderColor: 'divider',
        bgcolor: 'background.paper',
        color: 'text.secondary',
        fontSize: '0.75rem',
        overflow: 'hidden',
        textOverflow: 'ellipsis',
        whiteSpace: 'nowrap',
      }}
    >
      {parts.join('  ·  ')}
    </Box>
  );
}
