import { expect, it } from 'vitest';
import { ActivityMeter } from './activity-meter.ts';

it('counts by device and kind since the last report', () => {
  const meter = new ActivityMeter();
  meter.count('ide0', 'read');
  meter.count('ide0', 'read');
  meter.count('floppy0', 'write');
  expect(meter.take()).toEqual([
    { device: 'ide0', reads: 2, writes: 0 },
    { device: 'floppy0', reads: 0, writes: 1 },
  ]);
  expect(meter.take()).toEqual([]);
});
