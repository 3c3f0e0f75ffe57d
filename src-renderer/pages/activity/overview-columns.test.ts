import { expect, it } from 'vitest';
import { columns, type Row, sorted } from './overview-columns.ts';

const sample = {
  at: '2026-11-20T10:00:00.000Z',
  hostCpuPercent: 90,
  guestCpuPercent: 5,
  guestMips: 20,
  ramBytes: 8 * 1_048_576,
  diskReadBytesPerSecond: 2048,
  diskWriteBytesPerSecond: 0,
  networkReceiveBytesPerSecond: 0,
  networkSendBytesPerSecond: 0,
  exitsPerSecond: 12_400,
  interruptsPerSecond: 0,
  translatedShare: 0,
};
const totals = { diskReadBytes: 4096, diskWriteBytes: 0, networkReceiveBytes: 0, networkSendBytes: 0 };
const row = (name: string, hostCpuPercent: number | null): Row => ({
  machine: {
    id: name,
    name,
    os: 'other',
    group: '',
    state: hostCpuPercent === null ? 'poweredOff' : 'running',
    stateSince: sample.at,
    message: '',
    memoryMib: 16,
    cpus: 1,
    accelerator: null,
    isDisposable: false,
    startMode: 'window',
    folder: '/x',
  },
  now: hostCpuPercent === null ? null : { samples: [{ ...sample, hostCpuPercent }], totals },
});

it('shows what a machine does, with its memory even while it is off', () => {
  const busy = row('busy', 90);
  expect(columns.ram.show(busy, 'en')).toBe('8.0 MiB / 16 MiB');
  expect(columns.ramPercent.show(busy, 'en')).toBe('50 %');
  expect(columns.guestCpu.show(busy, 'it')).toBe('5,0 %');
  expect(columns.exits.show(busy, 'en')).toBe('12.4 k/s');
  expect(columns.diskTotals.show(busy, 'en')).toBe('4.0 KiB / 0 B');
  expect([columns.ram.show(row('off', null), 'en'), columns.exits.show(row('off', null), 'en')]).toEqual([
    '16 MiB',
    '',
  ]);
});

it('sorts by value, machines that are off last either way, equal ones by name', () => {
  const rows = [row('vm10', 3), row('vm9', 3), row('a', null), row('top', 80)];
  const names = (isDescending: boolean, column: 'hostCpu' | 'name'): string[] =>
    sorted(rows, { column, isDescending }).map(({ machine }) => machine.name);
  expect(names(true, 'hostCpu')).toEqual(['top', 'vm9', 'vm10', 'a']);
  expect(names(false, 'hostCpu')).toEqual(['vm9', 'vm10', 'top', 'a']);
  expect(names(true, 'name')).toEqual(['vm10', 'vm9', 'top', 'a']);
});
