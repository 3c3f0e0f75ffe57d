// Hostile rings: whatever the guest writes, the queue ends in bounded time and memory and never throws.
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createDeviceBench, deviceHost } from '../../../test/harness/device-bench.ts';
import { MemoryMedium, settleAll } from '../../../test/harness/temp-medium.ts';
import { VirtioDriver } from '../../../test/harness/virtio-driver.ts';
import { virtioBlk } from '../devices/virtio-blk/index.ts';
import type { DescriptorChain } from './descriptor-chain.ts';
import { Virtqueue } from './virtqueue.ts';

const seed = 20240229;
const size = 8;
const table = 0x1000;
const available = 0x2000;
const used = 0x3000;
const indirectTable = 0x4000;

const descriptor = fc.record({
  address: fc.oneof(
    fc.constantFrom(0, table, available, indirectTable, 0x7ff0),
    fc.integer({ min: 0, max: 0xffffffff }),
  ),
  addressHigh: fc.constantFrom<number>(0, 0, 0, 1, 0xffffffff),
  length: fc.oneof(fc.constantFrom(0, 16, 32, 128, 0xffffffff), fc.integer({ min: 0, max: 0x2000 })),
  flags: fc.integer({ min: 0, max: 7 }),
  next: fc.oneof(fc.integer({ min: 0, max: size }), fc.constant(0xffff)),
});

const rings = fc.record({
  direct: fc.array(descriptor, { minLength: size, maxLength: size }),
  indirect: fc.array(descriptor, { minLength: size, maxLength: size }),
  heads: fc.array(fc.oneof(fc.integer({ min: 0, max: size }), fc.constant(0xffff)), { minLength: 1, maxLength: size }),
  availableIndex: fc.oneof(fc.integer({ min: 0, max: size }), fc.integer({ min: 0, max: 0xffff })),
});

type Rings = typeof rings extends fc.Arbitrary<infer T> ? T : never;

function layOut(ram: ReturnType<typeof createDeviceBench>['ram'], sample: Rings, base = 0): void {
  const put = (at: number, entry: Rings['direct'][number]): void => {
    ram.writeU32(at, entry.address);
    ram.writeU32(at + 4, entry.addressHigh);
    ram.writeU32(at + 8, entry.length);
    ram.writeU16(at + 12, entry.flags);
    ram.writeU16(at + 14, entry.next);
  };
  sample.direct.forEach((entry, i) => {
    put(base + table + i * 16, entry);
  });
  sample.indirect.forEach((entry, i) => {
    put(base + indirectTable + i * 16, entry);
  });
  sample.heads.forEach((head, i) => {
    ram.writeU16(base + available + 4 + i * 2, head);
  });
  ram.writeU16(base + available + 2, sample.availableIndex);
}

it('pops at most its size of chains from any ring', () => {
  fc.assert(
    fc.property(rings, fc.boolean(), fc.boolean(), (sample, hasIndirect, hasEventIndex) => {
      const { ram } = createDeviceBench({ ramBytes: 0x8000 });
      layOut(ram, sample);
      const queue = new Virtqueue(ram, size);
      Object.assign(queue, { descriptorTable: table, availableRing: available, usedRing: used, isEnabled: true });
      Object.assign(queue, { hasIndirect, hasEventIndex });
      const chains: DescriptorChain[] = [];
      for (let chain = queue.pop(); chain; chain = queue.pop()) chains.push(chain);
      expect(chains.length).toBeLessThanOrEqual(size);
      const byte = new Uint8Array(1);
      for (const chain of chains) {
        chain.read(chain.readableBytes - 1, byte);
        chain.write(chain.writableBytes - 1, byte);
        queue.push(chain, 1);
        queue.takeInterruptWish();
      }
    }),
    { seed, numRuns: 500 },
  );
});

it('breaks on loops, on indices out of range and on readable after writable', () => {
  const bad: { direct: Partial<Rings['direct'][number]>[]; head: number }[] = [
    { direct: [{ flags: 1, next: 0 }], head: 0 },
    {
      direct: [
        { flags: 1, next: 1 },
        { flags: 1, next: 0 },
      ],
      head: 0,
    },
    { direct: [{ flags: 1, next: size }], head: 0 },
    { direct: [{ flags: 3, next: 1 }, { flags: 0 }], head: 0 },
    { direct: [{ flags: 4, length: 0 }], head: 0 },
    { direct: [{ flags: 4, length: 17 }], head: 0 },
    { direct: [{ flags: 4, length: 0xfffffff0 }], head: 0 },
    { direct: [{ flags: 5, length: 16 }], head: 0 },
    { direct: [{ flags: 4, length: 16, address: table }], head: 0 },
    { direct: [{}], head: size },
  ];
  const verdicts = bad.map(({ direct, head }) => {
    const { ram } = createDeviceBench({ ramBytes: 0x8000 });
    const none = { address: 0x5000, addressHigh: 0, length: 16, flags: 0, next: 0 };
    layOut(ram, {
      direct: direct.map((entry) => ({ ...none, ...entry })),
      indirect: [],
      heads: [head],
      availableIndex: 1,
    });
    const queue = new Virtqueue(ram, size);
    Object.assign(queue, {
      descriptorTable: table,
      availableRing: available,
      usedRing: used,
      isEnabled: true,
      hasIndirect: true,
    });
    return [queue.pop(), queue.isBroken, queue.pop()];
  });
  expect(verdicts).toEqual(bad.map(() => [null, true, null]));
});

it('keeps a whole disk alive under random rings', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(rings, { minLength: 1, maxLength: 4 }), async (samples) => {
      const bench = createDeviceBench({ ramBytes: 0x8000 });
      const config = { kind: 'virtio-blk', serial: '', readOnly: false } as const;
      const disk = virtioBlk.create(config, bench.ctx, deviceHost('blk0', { block: () => new MemoryMedium(64 * 512) }));
      const driver = new VirtioDriver(bench, { queueSize: size });
      Object.assign(driver, { descriptorTable: table, availableRing: available, usedRing: used });
      for (const sample of samples) {
        driver.start();
        layOut(bench.ram, sample);
        driver.notify();
        await disk.quiesce?.();
        await settleAll();
      }
      driver.start();
      expect(driver.status).toBe(15);
    }),
    { seed, numRuns: 150 },
  );
});
