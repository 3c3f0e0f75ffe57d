// How fast a machine runs, why, and what would make it faster.
import SpeedIcon from '@mui/icons-material/Speed';
import Chip from '@mui/material/Chip';
import Popover from '@mui/material/Popover';
import Stack from '@mui/material/Stack';
import Typography from '@mui/material/Typography';
import { type ReactElement, useEffect, useState } from 'react';
import type { ActivitySample } from '../../../src-main/contract/activity.ts';
import type { MachineSummary, MethodOutput } from '../../../src-main/contract/methods.ts';
import { client } from '../../client/client.ts';
import { useHost } from '../../client/store.ts';
import { Properties } from '../../components/properties.tsx';
import { useText } from '../../i18n/text.ts';
import { formatMeasure } from './measures.ts';
import { formatCount } from './quantities.ts';

interface SpeedBadgeProps {
  machine: MachineSummary;
  /** The newest; null before the first. */
  sample: ActivitySample | null;
}

export function SpeedBadge({ machine, sample }: SpeedBadgeProps): ReactElement | null {
  const { panes } = useText();
  const text = panes.activity;
  const [anchor, setAnchor] = useState<HTMLElement | null>(null);
  if (machine.accelerator === null) return null;
  const speed = sample ? ` · ${formatMeasure(sample.guestMips, 'guestMips', panes.locale)}` : '';
  return (
    <>
      <Chip
        icon={<SpeedIcon />}
        size="small"
        variant="outlined"
        label={`${text.acceleratorNames[nameOf(machine.accelerator)]}${speed}`}
        aria-haspopup="dialog"
        aria-expanded={anchor !== null}
        aria-label={`${text.speed}: ${text.acceleratorNames[nameOf(machine.accelerator)]}${speed}`}
        onClick={(event) => setAnchor(event.currentTarget)}
        sx={{ fontVariantNumeric: 'tabular-nums', height: 26, borderRadius: 99, '& .MuiChip-icon': { fontSize: 18 } }}
      />
      <Popover
        open={anchor !== null}
        anchorEl={anchor}
        onClose={() => setAnchor(null)}
        anchorOrigin={{ vertical: 'bottom', horizontal: 'right' }}
        transformOrigin={{ vertical: 'top', horizontal: 'right' }}
        slotProps={{ paper: { role: 'dialog', 'aria-label': text.speed } }}
      >
        <SpeedExplanation machine={machine} accelerator={nameOf(machine.accelerator)} sample={sample} />
      </Popover>
    </>
  );
}

/** Fastest first. The host lists them in the order in which it chooses. */
const ranking = ['kvm', 'jit', 'interpreter'] as const;
type AcceleratorName = (typeof ranking)[number];
const nameOf = (accelerator: string): AcceleratorName =>
  accelerator === 'kvm' || accelerator === 'jit' ? accelerator : 'interpreter';

function SpeedExplanation({
  machine,
  accelerator,
  sample,
}: SpeedBadgeProps & { accelerator: AcceleratorName }): ReactElement {
  const { panes } = useText();
  const { activity: text, locale } = panes;
  const [stats, setStats] = useState<MethodOutput<'machine.stats'> | null>(null);
  const accelerators = useHost((host) => host.info?.accelerators) ?? [];
  useEffect(() => {
    client.call('machine.stats', { id: machine.id }).then(setStats, () => {});
  }, [machine.id]);
  const better = ranking
    .slice(0, ranking.indexOf(accelerator))
    .flatMap((name) => accelerators.find(({ id }) => id === name) ?? []);
  return (
    <Stack spacing={1.5} sx={{ p: 2, maxWidth: 460 }}>
      <Typography variant="subtitle1" component="h2" sx={{ fontWeight: 500 }}>
        {text.acceleratorNames[accelerator]}
      </Typography>
      <Typography variant="body2">{text.acceleratorMeanings[accelerator]}</Typography>
      <Properties
        rows={[
          [text.chosenBecause, stats?.acceleratorReason ?? '…'],
          [text.measures.guestMips, sample ? formatMeasure(sample.guestMips, 'guestMips', locale) : '–'],
          [
            text.measures.translatedShare,
            sample ? formatMeasure(sample.translatedShare * 100, 'translatedShare', locale) : '–',
          ],
          [text.instructions, stats ? formatCount(stats.instructions, locale) : '…'],
        ]}
      />
      <Typography variant="subtitle2" component="h3">
        {text.whatIsFaster}
      </Typography>
      {better.length === 0 && <Typography variant="body2">{text.nothingFaster}</Typography>}
      <Stack component="ul" spacing={0.5} sx={{ m: 0, pl: 2.5 }}>
        {better.map(({ id, isAvailable, reason }) =>
          id === 'auto' ? null : (
            <Typography key={id} component="li" variant="body2">
              <strong>{text.acceleratorNames[id]}</strong>: {isAvailable ? text.availableFaster : reason}
            </Typography>
          ),
        )}
        <Typography component="li" variant="body2">
          {text.generalAdvice}
        </Typography>
      </Stack>
    </Stack>
  );
}
