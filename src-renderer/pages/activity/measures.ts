// What the charts show: which values of a sample belong together, in which unit, and their comma-separated file.
import { type ActivitySample, type ActivityTotals, activitySample } from '../../../src-main/contract/activity.ts';
import { formatCount, formatNumber, formatPercent, formatRate, formatSize } from './quantities.ts';

export type Measure = Exclude<keyof ActivitySample, 'at'>;
export type ChartId = 'cpu' | 'ram' | 'disk' | 'network' | 'exits' | 'speed';

export interface ChartPlan {
  id: ChartId;
  measures: Measure[];
  /** Counted since the start, where there is such a count. */
  totals: (keyof ActivityTotals)[];
  /** Upper end of the scale at least, in the measures' unit. */
  leastScale: number;
}

export const charts: ChartPlan[] = [
  { id: 'cpu', measures: ['guestCpuPercent', 'hostCpuPercent'], totals: [], leastScale: 100 },
  { id: 'ram', measures: ['ramBytes'], totals: [], leastScale: 1_048_576 },
  { id: 'speed', measures: ['guestMips', 'translatedShare'], totals: [], leastScale: 10 },
  { id: 'exits', measures: ['exitsPerSecond', 'interruptsPerSecond'], totals: [], leastScale: 100 },
  {
    id: 'disk',
    measures: ['diskReadBytesPerSecond', 'diskWriteBytesPerSecond'],
    totals: ['diskReadBytes', 'diskWriteBytes'],
    leastScale: 65_536,
  },
  {
    id: 'network',
    measures: ['networkReceiveBytesPerSecond', 'networkSendBytesPerSecond'],
    totals: ['networkReceiveBytes', 'networkSendBytes'],
    leastScale: 65_536,
  },
];

/** The value as it is drawn: a share is drawn and read as a percentage. */
export function drawnValue(sample: ActivitySample, measure: Measure): number {
  return measure === 'translatedShare' ? sample.translatedShare * 100 : sample[measure];
}

export function formatMeasure(value: number, measure: Measure, locale: string): string {
  switch (measure) {
    case 'guestCpuPercent':
    case 'hostCpuPercent':
    case 'translatedShare':
      return formatPercent(value, locale);
    case 'ramBytes':
      return formatSize(value, locale);
    case 'guestMips':
      return `${formatNumber(value, locale, value < 10 ? 1 : 0)} MIPS`;
    case 'exitsPerSecond':
    case 'interruptsPerSecond':
      return `${formatCount(value, locale)}/s`;
    default:
      return formatRate(value, locale);
  }
}

export interface Digest {
  now: number;
  mean: number;
  maximum: number;
}

/** Null while there is nothing measured. */
export function digest(samples: ActivitySample[], measure: Measure): Digest | null {
  const last = samples.at(-1);
  if (!last) return null;
  const values = samples.map((sample) => drawnValue(sample, measure));
  return {
    now: drawnValue(last, measure),
    mean: values.reduce((sum, value) => sum + value, 0) / values.length,
    maximum: Math.max(...values),
  };
}

/** The upper end of a scale whose lines fall on round numbers: the next of 1, 2, 2.5, 5 times a power of ten (of two for sizes). */
export function roundScale(maximum: number, isSize: boolean): number {
  if (maximum <= 0) return 1;
  if (isSize) return 2 ** Math.ceil(Math.log2(maximum));
  const power = 10 ** Math.floor(Math.log10(maximum));
  return [1, 2, 2.5, 5, 10].map((step) => step * power).find((scale) => scale >= maximum)!;
}

export function samplesAsCsv(samples: ActivitySample[]): string {
  const names = Object.keys(activitySample.shape) as (keyof ActivitySample)[];
  return [names, ...samples.map((sample) => names.map((name) => sample[name]))]
    .map((row) => `${row.join(',')}\r\n`)
    .join('');
}
