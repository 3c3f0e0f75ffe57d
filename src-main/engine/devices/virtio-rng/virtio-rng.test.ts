import { expect, it } from 'vitest';
import { createDeviceBench, deviceHost } from '../../../../test/harness/device-bench.ts';
import { VirtioDriver } from '../../../../test/harness/virtio-driver.ts';
import { virtioRng } from './index.ts';

function rng(): VirtioDriver {
  const bench = createDeviceBench({ ramBytes: 0x100000 });
  virtioRng.create({ kind: 'virtio-rng' }, bench.ctx, deviceHost('rng0'));
  const driver = new VirtioDriver(bench);
  driver.start();
  return driver;
}

it('fills buffers with the host entropy, in order', () => {
  const driver = rng();
  driver.offer(
    driver.chain([{ gpa: 0x50000, length: 4, writable: true }]),
    driver.chain([{ gpa: 0x50010, length: 2, writable: true }]),
  );
  driver.notify();
  expect(driver.reap().map(({ length }) => length)).toEqual([4, 2]);
  expect([...driver.bench.ram.bytes.slice(0x50000, 0x50004)]).toEqual([1, 2, 3, 4]);
  expect([...driver.bench.ram.bytes.slice(0x50010, 0x50012)]).toEqual([5, 6]);
});

it('fills only the beginning of an enormous buffer', () => {
  const driver = rng();
  driver.offer(driver.chain([{ gpa: 0x50000, length: 0xffffffff, writable: true }]));
  driver.notify();
  expect(driver.reap()).toEqual([{ id: 0, length: 4096 }]);
});

it('needs a reset after a buffer it cannot write', () => {
  const driver = rng();
  driver.offer(driver.chain([{ gpa: 0x50000, length: 4 }]));
  driver.notify();
  expect(driver.status & 64).toBe(64);
});
