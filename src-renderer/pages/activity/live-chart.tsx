// One chart that moves: a line for each measure, with its value and maximum in words above it.
import Box from '@mui/material/Box';
import Paper from '@mui/material/Paper';
import { useTheme } from '@mui/material/styles';
import Typography from '@mui/material/Typography';
import { LineChart, lineClasses } from '@mui/x-charts/LineChart';
import { type ReactElement, useMemo } from 'react';
import type { ActivitySample, ActivityTotals } from '../../../src-main/contract/activity.ts';
import { useHost } from '../../client/store.ts';
import { useText } from '../../i18n/text.ts';
import { type ChartPlan, digest, drawnValue, formatMeasure, type Measure, roundScale } from './measures.ts';
import { formatSize } from './quantities.ts';

const HEIGHT = 140;

interface LiveChartProps {
  plan: ChartPlan;
  samples: ActivitySample[];
  totals: ActivityTotals | null;
  /** The width of the chart in seconds. */
  seconds: number;
  /** Upper end of the scale when the machine sets it, such as its memory. */
  limit: number | null;
  /** Said instead of drawing: the machine has no such device. */
  absence: string | null;
}

export function LiveChart({ plan, samples, totals, seconds, limit, absence }: LiveChartProps): ReactElement {
  const { panes } = useText();
  const text = panes.activity;
  const colours = useChartColours();
  const title = text.charts[plan.id];
  const digests = plan.measures.map((measure) => ({ measure, values: digest(samples, measure) }));
  const inWords = digests
    .map(({ measure, values }) =>
      values
        ? text.valueInWords(
            text.measures[measure],
            formatMeasure(values.now, measure, panes.locale),
            formatMeasure(values.maximum, measure, panes.locale),
          )
        : '',
    )
    .join('; ');
  return (
    <Paper variant="outlined" component="section" aria-label={title} sx={{ p: 1.5, minWidth: 0 }}>
      <Typography variant="subtitle2" component="h3" sx={{ mb: 0.5 }}>
        {title}
      </Typography>
      <Box sx={{ display: 'grid', gridTemplateColumns: 'repeat(2, minmax(0, 1fr))', columnGap: 2, mb: 0.5 }}>
        {digests.map(({ measure, values }, index) => (
          <Box key={measure} sx={{ fontVariantNumeric: 'tabular-nums', minWidth: 0 }}>
            <Typography
              variant="caption"
              color="textSecondary"
              noWrap
              component="p"
              sx={{ display: 'flex', alignItems: 'center', gap: 0.75 }}
            >
              <Box
                component="span"
                aria-hidden
                sx={{ width: 10, height: 3, borderRadius: 1, bgcolor: colours[index], flexShrink: 0 }}
              />
              {text.measures[measure]}
            </Typography>
            <Typography data-testid={`now-${measure}`} sx={{ fontWeight: 500, lineHeight: 1.3 }} noWrap>
              {values ? formatMeasure(values.now, measure, panes.locale) : '–'}
            </Typography>
            <Typography variant="caption" color="textSecondary" noWrap component="p">
              {values ? text.maximum(formatMeasure(values.maximum, measure, panes.locale)) : '\u00a0'}
            </Typography>
            {plan.totals[index] && (
              <Typography variant="caption" color="textSecondary" noWrap component="p">
                {totals ? text.total(formatSize(totals[plan.totals[index]], panes.locale)) : '\u00a0'}
              </Typography>
            )}
          </Box>
        ))}
      </Box>
      {absence === null ? (
        <Box role="img" aria-label={`${title}: ${inWords === '' ? text.nothingYet : inWords}`}>
          <Lines plan={plan} samples={samples} seconds={seconds} limit={limit} colours={colours} />
        </Box>
      ) : (
        <Box sx={{ height: HEIGHT, display: 'flex', alignItems: 'center', justifyContent: 'center', px: 3 }}>
          <Typography variant="body2" color="textSecondary" align="center">
            {absence}
          </Typography>
        </Box>
      )}
    </Paper>
  );
}

function Lines({
  plan,
  samples,
  seconds,
  limit,
  colours,
}: Pick<LiveChartProps, 'plan' | 'samples' | 'seconds' | 'limit'> & { colours: string[] }): ReactElement {
  const { panes } = useText();
  const { locale } = panes;
  // The chart counts in pixels.
  const size = (useHost((host) => host.preferences?.uiScalePercent) ?? 100) / 100;
  const tickLabelStyle = { fontSize: 11 * size };
  // Drawn by hand of time: a second without a sample stays empty, and a new sample pushes the others to the left.
  const { ages, values } = useMemo(() => byAge(samples, plan.measures, seconds), [samples, plan, seconds]);
  const main = plan.measures[0]!;
  const isSize = /Bytes/.test(main);
  const hasShare = plan.measures.includes('translatedShare');
  const drawn = hasShare ? values.slice(0, 1) : values;
  const peak = Math.max(0, ...drawn.flat().map((value) => value ?? 0));
  const scale = limit ?? roundScale(Math.max(peak, plan.leastScale), isSize);
  const format = (value: number): string => formatMeasure(value, main, locale);
  const ticks = [0, scale / 2, scale];
  return (
    <LineChart
      skipAnimation
      hideLegend
      disableLineItemHighlight
      height={HEIGHT * size}
      margin={{ top: 8 * size, right: hasShare ? 0 : 12 * size, bottom: 0, left: 0 }}
      grid={{ horizontal: true }}
      axisHighlight={{ x: 'none', y: 'none' }}
      slots={{ tooltip: () => null }}
      xAxis={[
        {
          data: ages,
          min: -seconds,
          max: 0,
          height: 24 * size,
          tickInterval: [-seconds, -seconds / 2, 0],
          valueFormatter: (age: number) => (age === 0 ? panes.activity.now : panes.activity.ago(-age)),
          tickLabelStyle,
        },
      ]}
      yAxis={[
        {
          id: 'main',
          min: 0,
          max: scale,
          width: 68 * size,
          tickInterval: ticks,
          valueFormatter: format,
          tickLabelStyle,
        },
        ...(hasShare
          ? [
              {
                id: 'share',
                position: 'right' as const,
                min: 0,
                max: 100,
                width: 48 * size,
                tickInterval: [0, 50, 100],
                valueFormatter: (value: number) => `${value} %`,
                tickLabelStyle,
              },
            ]
          : []),
      ]}
      series={plan.measures.map((measure, index) => ({
        data: values[index]!,
        yAxisId: measure === 'translatedShare' ? 'share' : 'main',
        color: colours[index]!,
        showMark: false,
        curve: 'linear',
        area: plan.measures.length === 1,
      }))}
      sx={{ [`& .${lineClasses.area}`]: { fillOpacity: 0.15 } }}
    />
  );
}

/** Places on the time axis and each measure's values there; a gap in time breaks the line. */
function byAge(
  samples: ActivitySample[],
  measures: Measure[],
  seconds: number,
): { ages: number[]; values: (number | null)[][] } {
  const newest = Date.parse(samples.at(-1)?.at ?? '');
  const ages: number[] = [];
  const values: (number | null)[][] = measures.map(() => []);
  let before = Number.NEGATIVE_INFINITY;
  for (const sample of samples) {
    const age = (Date.parse(sample.at) - newest) / 1000;
    if (age < -seconds) continue;
    if (age - before > 3 && ages.length > 0) {
      ages.push((before + age) / 2);
      for (const list of values) list.push(null);
    }
    ages.push(age);
    measures.forEach((measure, index) => {
      values[index]!.push(drawnValue(sample, measure));
    });
    before = age;
  }
  return { ages, values };
}

function useChartColours(): string[] {
  const theme = useTheme();
  const { palette } = theme.vars ?? theme;
  return [palette.primary.main, palette.secondary.main];
}
