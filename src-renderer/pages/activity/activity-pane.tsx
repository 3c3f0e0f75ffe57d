// Live charts of one machine.
import FileDownloadIcon from '@mui/icons-material/FileDownload';
import ShowChartIcon from '@mui/icons-material/ShowChart';
import TableRowsIcon from '@mui/icons-material/TableRowsOutlined';
import Alert from '@mui/material/Alert';
import Box from '@mui/material/Box';
import ToggleButton from '@mui/material/ToggleButton';
import ToggleButtonGroup from '@mui/material/ToggleButtonGroup';
import type { ReactElement } from 'react';
import type { MachineSummary } from '../../../src-main/contract/methods.ts';
import { download } from '../../components/download.ts';
import { isActive } from '../../components/machine-state.tsx';
import { Pane, type PaneAction } from '../../components/pane.tsx';
import { useRemembered } from '../../components/remembered.ts';
import { useText } from '../../i18n/text.ts';
import { ActivityTable } from './activity-table.tsx';
import { LiveChart } from './live-chart.tsx';
import { type ChartId, charts, samplesAsCsv } from './measures.ts';
import { SpeedBadge } from './speed-badge.tsx';
import { useSamples } from './use-samples.ts';

interface Look {
  seconds: 60 | 300;
  asTable: boolean;
}
function isLook(stored: unknown): stored is Look {
  if (typeof stored !== 'object' || stored === null) return false;
  const { seconds, asTable } = stored as Record<string, unknown>;
  return (seconds === 60 || seconds === 300) && typeof asTable === 'boolean';
}

export function ActivityPane({ machine }: { machine: MachineSummary }): ReactElement {
  const { panes } = useText();
  const text = panes.activity;
  const [look, setLook] = useRemembered<Look>('activity.look', { seconds: 60, asTable: false }, isLook);
  const runs = isActive(machine.state);
  const { samples, totals } = useSamples(machine.id, runs ? 'on' : 'off');
  const shown = within(samples, look.seconds);
  const limits: Partial<Record<ChartId, number>> = { ram: machine.memoryMib * 1_048_576 };
  const actions: (PaneAction | null)[] = [
    {
      title: text.asTable,
      icon: look.asTable ? <ShowChartIcon /> : <TableRowsIcon />,
      isPressed: look.asTable,
      run: () => setLook({ ...look, asTable: !look.asTable }),
    },
    {
      title: text.export,
      icon: <FileDownloadIcon />,
      keys: ['Ctrl+Shift+E'],
      refusal: samples.length === 0 ? text.nothingYet : undefined,
      run: () => download(`${machine.name}-activity.csv`, 'text/csv', samplesAsCsv(samples)),
    },
  ];
  const explanation =
    machine.state === 'paused' ? text.isPaused : runs ? null : samples.length > 0 ? text.isOff : text.isOffEmpty;
  return (
    <Pane
      label={text.title}
      menu={text.menu}
      actions={actions}
      end={
        <>
          <SpeedBadge machine={machine} sample={samples.at(-1) ?? null} />
          <ToggleButtonGroup
            exclusive
            size="small"
            aria-label={text.span}
            value={look.seconds}
            onChange={(_event, seconds: Look['seconds'] | null) => seconds && setLook({ ...look, seconds })}
            sx={{ height: 32 }}
          >
            <ToggleButton value={60}>{text.seconds60}</ToggleButton>
            <ToggleButton value={300}>{text.minutes5}</ToggleButton>
          </ToggleButtonGroup>
        </>
      }
    >
      <Box sx={{ flex: 1, minHeight: 0, overflow: 'auto', p: 2 }} tabIndex={0} role="group" aria-label={text.charted}>
        {explanation !== null && (
          <Alert severity="info" sx={{ mb: 2 }}>
            {explanation}
          </Alert>
        )}
        {look.asTable ? (
          <ActivityTable samples={shown} totals={totals} />
        ) : (
          <Box
            sx={{
              display: 'grid',
              gap: 1.5,
              gridTemplateColumns: 'repeat(auto-fill, minmax(min(100%, 17.5rem), 1fr))',
            }}
          >
            {charts.map((plan) => (
              <LiveChart
                key={plan.id}
                plan={plan}
                samples={shown}
                totals={totals}
                seconds={look.seconds}
                limit={limits[plan.id] ?? null}
                absence={plan.id === 'network' ? text.noNetwork : null}
              />
            ))}
          </Box>
        )}
      </Box>
    </Pane>
  );
}

/** Those of the last seconds, counted from the newest. */
function within<Sample extends { at: string }>(samples: Sample[], seconds: number): Sample[] {
  const from = Date.parse(samples.at(-1)?.at ?? '') - seconds * 1000;
  return samples.filter((sample) => Date.parse(sample.at) >= from);
}
