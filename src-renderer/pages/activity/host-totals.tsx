// The host above the overview: what all machines together take of it, and what is left.
import Box from '@mui/material/Box';
import LinearProgress from '@mui/material/LinearProgress';
import Paper from '@mui/material/Paper';
import Typography from '@mui/material/Typography';
import type { ReactElement } from 'react';
import { useHost } from '../../client/store.ts';
import { useText } from '../../i18n/text.ts';
import { formatPercent, formatSize } from './quantities.ts';
import type { Samples } from './use-samples.ts';

export function HostTotals({ running, freeDiskBytes }: { running: Samples[]; freeDiskBytes: number }): ReactElement {
  const { panes } = useText();
  const { overview: text, locale } = panes;
  const info = useHost((host) => host.info);
  const newest = running.flatMap(({ samples }) => samples.at(-1) ?? []);
  const sum = (value: (sample: (typeof newest)[number]) => number): number =>
    newest.reduce((total, sample) => total + value(sample), 0);
  const processors = info?.logicalProcessors ?? 1;
  const hostMemory = (info?.memoryMib ?? 0) * 1_048_576;
  const cpu = sum((sample) => sample.hostCpuPercent) / processors;
  const ram = sum((sample) => sample.ramBytes);
  return (
    <Box
      sx={{
        display: 'grid',
        gap: 1.5,
        gridTemplateColumns: 'repeat(auto-fit, minmax(200px, 1fr))',
        p: 2,
        pb: 1.5,
        flexShrink: 0,
      }}
    >
      <Total
        title={text.hostCpu}
        value={formatPercent(cpu, locale)}
        detail={text.ofProcessors(processors)}
        share={cpu}
      />
      <Total
        title={text.hostMemory}
        value={formatSize(ram, locale)}
        detail={text.ofMemory(formatSize(hostMemory, locale))}
        share={hostMemory === 0 ? 0 : (ram / hostMemory) * 100}
      />
      <Total
        title={text.diskFree}
        value={formatSize(freeDiskBytes, locale)}
        detail={info?.machineFolder ?? ''}
        share={null}
      />
    </Box>
  );
}

interface TotalProps {
  title: string;
  value: string;
  detail: string;
  /** In percent; null for no bar. */
  share: number | null;
}

function Total({ title, value, detail, share }: TotalProps): ReactElement {
  return (
    <Paper variant="outlined" component="section" aria-label={title} sx={{ p: 1.5, minWidth: 0 }}>
      <Typography variant="body2" color="textSecondary">
        {title}
      </Typography>
      <Typography variant="h6" component="p" sx={{ fontVariantNumeric: 'tabular-nums' }}>
        {value}
      </Typography>
      {share !== null && (
        <LinearProgress
          variant="determinate"
          value={Math.min(share, 100)}
          aria-label={title}
          sx={{ my: 0.5, borderRadius: 1, '& .MuiLinearProgress-bar': { transition: 'none' } }}
        />
      )}
      <Typography variant="caption" color="textSecondary" noWrap component="p" title={detail}>
        {detail}
      </Typography>
    </Paper>
  );
}
