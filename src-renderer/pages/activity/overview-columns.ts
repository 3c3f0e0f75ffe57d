// The columns of the activity overview: what each shows of a machine, and how it is compared.
import type { MachineSummary } from '../../../src-main/contract/methods.ts';
import { formatCount, formatPercent, formatRate, formatSize } from './quantities.ts';
import type { Samples } from './use-samples.ts';

export interface Row {
  machine: MachineSummary;
  /** The newest; null while the machine does not run. */
  now: Samples | null;
}

export const columnIds = [
  'name',
  'guestCpu',
  'hostCpu',
  'ram',
  'ramPercent',
  'networkDown',
  'networkUp',
  'networkTotals',
  'diskRead',
  'diskWrite',
  'diskTotals',
  'exits',
] as const;
export type ColumnId = (typeof columnIds)[number];

interface Column {
  /** What rows are sorted by; null (it does not run) goes last. */
  value(row: Row): number | null;
  show(row: Row, locale: string): string;
}

const newest = (row: Row) => row.now?.samples.at(-1) ?? null;
const memoryBytes = (row: Row): number => row.machine.memoryMib * 1_048_576;
type Value = Column['value'];
const shown =
  (value: Value, format: (value: number, locale: string) => string): Column['show'] =>
  (row, locale) => {
    const found = value(row);
    return found === null ? '' : format(found, locale);
  };
const column = (value: Value, format: (value: number, locale: string) => string): Column => ({
  value,
  show: shown(value, format),
});

export const columns: Record<Exclude<ColumnId, 'name'>, Column> = {
  guestCpu: column((row) => newest(row)?.guestCpuPercent ?? null, formatPercent),
  hostCpu: column((row) => newest(row)?.hostCpuPercent ?? null, formatPercent),
  ram: {
    value: (row) => newest(row)?.ramBytes ?? null,
    show: (row, locale) => {
      const sample = newest(row);
      return `${sample ? `${formatSize(sample.ramBytes, locale)} / ` : ''}${formatSize(memoryBytes(row), locale)}`;
    },
  },
  ramPercent: column((row) => {
    const sample = newest(row);
    return sample ? (sample.ramBytes / memoryBytes(row)) * 100 : null;
  }, formatPercent),
  networkDown: column((row) => newest(row)?.networkReceiveBytesPerSecond ?? null, formatRate),
  networkUp: column((row) => newest(row)?.networkSendBytesPerSecond ?? null, formatRate),
  networkTotals: {
    value: (row) => (row.now?.totals ? row.now.totals.networkReceiveBytes + row.now.totals.networkSendBytes : null),
    show: ({ now }, locale) =>
      now?.totals
        ? `${formatSize(now.totals.networkReceiveBytes, locale)} / ${formatSize(now.totals.networkSendBytes, locale)}`
        : '',
  },
  diskRead: column((row) => newest(row)?.diskReadBytesPerSecond ?? null, formatRate),
  diskWrite: column((row) => newest(row)?.diskWriteBytesPerSecond ?? null, formatRate),
  diskTotals: {
    value: (row) => (row.now?.totals ? row.now.totals.diskReadBytes + row.now.totals.diskWriteBytes : null),
    show: ({ now }, locale) =>
      now?.totals
        ? `${formatSize(now.totals.diskReadBytes, locale)} / ${formatSize(now.totals.diskWriteBytes, locale)}`
        : '',
  },
  exits: column(
    (row) => newest(row)?.exitsPerSecond ?? null,
    (value, locale) => `${formatCount(value, locale)}/s`,
  ),
};

export interface Order {
  column: ColumnId;
  isDescending: boolean;
}

export function sorted(rows: Row[], { column: by, isDescending }: Order): Row[] {
  const direction = isDescending ? -1 : 1;
  return rows.toSorted((a, b) => {
    const byName = a.machine.name.localeCompare(b.machine.name, undefined, { numeric: true });
    if (by === 'name') return direction * byName;
    const [x, y] = [columns[by].value(a), columns[by].value(b)];
    if (x === null || y === null) return Number(x === null) - Number(y === null) || byName;
    return direction * (x - y) || byName;
  });
}
