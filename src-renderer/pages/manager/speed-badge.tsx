// What runs a machine's code and how fast, and, asked for, why it is not faster.
import Tooltip from '@mui/material/Tooltip';
import type { ReactElement } from 'react';
import type { MachineSummary } from '../../../src-main/contract/methods.ts';
import { useSamples } from '../../client/samples.ts';
import { useHost } from '../../client/store.ts';
import { useText } from '../../i18n/text.ts';

/** Fastest first. */
const ranking = ['kvm', 'jit', 'interpreter'] as const;
type Known = (typeof ranking)[number];

export function SpeedBadge({ machine }: { machine: MachineSummary }): ReactElement | null {
  const { manager } = useText();
  const text = manager.speed;
  const mips = useSamples(({ samples }) => Math.round(samples[machine.id]?.guestMips ?? 0));
  const accelerators = useHost((host) => host.info?.accelerators);
  const used = ranking.find((name) => name === machine.accelerator);
  if (!used) return null;
  const faster = ranking.slice(0, ranking.indexOf(used));
  const reasons = faster.map((name) => {
    const known = accelerators?.find(({ id }) => id === name);
    return known?.isAvailable ? text.available(text.names[name]) : text.why(text.names[name], known?.reason ?? '');
  });
  const look: Record<Known, string> = { kvm: 'fast', jit: '', interpreter: 'slow' };
  const title = [text.runs[used], ...reasons, ...(faster.length > 0 ? [text.seeDoctor] : [])].join('\n');
  return (
    <Tooltip title={<span style={{ whiteSpace: 'pre-line' }}>{title}</span>}>
      <span className={`badge ${look[used]}`}>
        {text.short[used]}
        {mips > 0 && ` ${text.mips(mips)}`}
      </span>
    </Tooltip>
  );
}
