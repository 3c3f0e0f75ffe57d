// Requests as a driver makes them, over both register interfaces. Numbers come from VIRTIO 1.2 §5.2.
import { describe, expect, it } from 'vitest';
import { createDeviceBench, deviceHost } from '../../../../test/harness/device-bench.ts';
import { DiscardableMedium, MemoryMedium, numberedSectors, settleAll } from '../../../../test/harness/temp-medium.ts';
import { type Descriptor, VirtioDriver } from '../../../../test/harness/virtio-driver.ts';
import type { Device } from '../../bus/device.ts';
import { virtioBlk } from './index.ts';

const header = 0x40000;
const status = 0x41000;
const data = 0x50000;

class BlkBench {
  readonly driver: VirtioDriver;
  readonly device: Device;

  constructor(
    medium: MemoryMedium,
    options: { isLegacy?: boolean; readOnly?: boolean; without?: bigint; start?: boolean } = {},
  ) {
    const bench = createDeviceBench({ ramBytes: 0x200000 });
    const config = { kind: 'virtio-blk', serial: 'DISK-1', readOnly: options.readOnly ?? false } as const;
    this.device = virtioBlk.create(config, bench.ctx, deviceHost('blk0', { block: () => medium }));
    this.driver = new VirtioDriver(bench, { isLegacy: options.isLegacy ?? false });
    if (options.start !== false) this.driver.start(options.without);
  }

  get ram(): Uint8Array {
    return this.driver.bench.ram.bytes;
  }

  header(type: number, sector: number, at = header): Descriptor {
    this.driver.bench.ram.writeU32(at, type);
    this.driver.bench.ram.writeU64(at + 8, BigInt(sector));
    return { gpa: at, length: 16 };
  }

  /** Runs one request; returns its status byte and used length. */
  async run(type: number, sector: number, ...buffers: Descriptor[]): Promise<[status: number, used: number]> {
    this.ram[status] = 0xee;
    this.driver.offer(
      this.driver.chain([this.header(type, sector), ...buffers, { gpa: status, length: 1, writable: true }]),
    );
    this.driver.notify();
    await this.settle();
    const used = this.driver.reap();
    return [this.ram[status]!, used[0]?.length ?? -1];
  }

  async settle(): Promise<void> {
    await this.device.quiesce?.();
    await settleAll();
  }
}

const into = (length: number, gpa = data): Descriptor => ({ gpa, length, writable: true });
const from = (length: number, gpa = data): Descriptor => ({ gpa, length });

describe.each([
  ['modern', false],
  ['legacy', true],
])('over the %s interface', (_name, isLegacy) => {
  it('reads into several buffers and interrupts', async () => {
    const medium = new MemoryMedium(numberedSectors(64));
    const blk = new BlkBench(medium, { isLegacy });
    expect(await blk.run(0, 3, into(512), into(1024, data + 0x2000))).toEqual([0, 1537]);
    expect(blk.ram.slice(data, data + 512)).toEqual(medium.bytes.slice(1536, 2048));
    expect(blk.ram.slice(data + 0x2000, data + 0x2400)).toEqual(medium.bytes.slice(2048, 3072));
    expect(blk.driver.fn.isInterruptAsserted).toBe(true);
    expect([blk.driver.isr(), blk.driver.fn.isInterruptAsserted, blk.driver.isr()]).toEqual([1, false, 0]);
  });

  it('writes and shows capacity in sectors', async () => {
    const medium = new MemoryMedium(64 * 512);
    const blk = new BlkBench(medium, { isLegacy });
    blk.ram.fill(0x5a, data, data + 1024);
    expect(await blk.run(1, 10, from(1024))).toEqual([0, 1]);
    expect(medium.bytes.slice(10 * 512, 12 * 512).every((byte) => byte === 0x5a)).toBe(true);
    expect(blk.driver.configuration(0, 4)).toBe(64);
  });
});

describe('requests', () => {
  it('flushes, and names itself', async () => {
    const medium = new MemoryMedium(64 * 512);
    const blk = new BlkBench(medium);
    expect(await blk.run(4, 0)).toEqual([0, 1]);
    expect(medium.flushes).toBe(1);
    expect(await blk.run(8, 0, into(20))).toEqual([0, 21]);
    expect(String.fromCharCode(...blk.ram.slice(data, data + 20))).toBe(`DISK-1${'\0'.repeat(14)}`);
  });

  it('answers UNSUPP to unknown types and IOERR beyond the end or to broken sectors', async () => {
    const blk = new BlkBench(new MemoryMedium(64 * 512));
    expect(await blk.run(77, 0)).toEqual([2, 1]);
    expect(await blk.run(0, 64, into(512))).toEqual([1, 1]);
    expect(await blk.run(0, 2 ** 40, into(512))).toEqual([1, 1]);
    expect(await blk.run(0, 0, into(100))).toEqual([1, 1]);
    expect(await blk.run(1, 63, from(1024))).toEqual([1, 1]);
  });

  it('answers IOERR when the medium fails', async () => {
    const medium = new MemoryMedium(64 * 512);
    const blk = new BlkBench(medium);
    medium.failWith('broken');
    expect(await blk.run(0, 0, into(512))).toEqual([1, 1]);
    expect(await blk.run(4, 0)).toEqual([1, 1]);
  });

  it('refuses writes to read-only media and says so in its features', async () => {
    const medium = new MemoryMedium(new Uint8Array(64 * 512), { isReadOnly: true });
    const blk = new BlkBench(medium);
    expect((blk.driver.offered() >> 5n) & 1n).toBe(1n);
    expect(await blk.run(1, 0, from(512))).toEqual([1, 1]);
    const forced = new BlkBench(new MemoryMedium(64 * 512), { readOnly: true });
    expect(await forced.run(1, 0, from(512))).toEqual([1, 1]);
  });

  it('writes through when FLUSH was not negotiated or writeback is off', async () => {
    const medium = new MemoryMedium(64 * 512);
    const blk = new BlkBench(medium, { without: 1n << 9n });
    await blk.run(1, 0, from(512));
    expect(medium.flushes).toBe(1);
    const other = new BlkBench(medium);
    await other.run(1, 0, from(512));
    expect(medium.flushes).toBe(1);
    other.driver.fn.barWrite(4, 0x2000 + 32, 1, 0);
    await other.run(1, 0, from(512));
    expect(medium.flushes).toBe(2);
  });

  it('discards and writes zeroes', async () => {
    const medium = new DiscardableMedium(numberedSectors(64));
    const blk = new BlkBench(medium);
    const range = (sector: number, count: number, flags: number): Descriptor => {
      blk.driver.bench.ram.writeU64(data, BigInt(sector));
      blk.driver.bench.ram.writeU32(data + 8, count);
      blk.driver.bench.ram.writeU32(data + 12, flags);
      return from(16);
    };
    expect(await blk.run(11, 0, range(4, 2, 0))).toEqual([0, 1]);
    expect(medium.discarded).toEqual([{ offset: 2048, lengthBytes: 1024 }]);
    expect(await blk.run(13, 0, range(8, 1, 0))).toEqual([0, 1]);
    expect(medium.bytes.slice(4096, 4608).every((byte) => byte === 0)).toBe(true);
    expect(medium.discarded.length).toBe(1);
    expect(await blk.run(13, 0, range(9, 1, 1))).toEqual([0, 1]);
    expect(medium.discarded.length).toBe(2);
    expect(await blk.run(11, 0, range(63, 2, 0))).toEqual([1, 1]);
    expect(await blk.run(11, 0, range(0, 1, 1))).toEqual([1, 1]);
  });

  it('answers DISCARD with UNSUPP where the medium cannot', async () => {
    const blk = new BlkBench(new MemoryMedium(64 * 512));
    expect((blk.driver.offered() >> 13n) & 1n).toBe(0n);
    expect(await blk.run(11, 0, from(16))).toEqual([2, 1]);
  });

  it('finds header and status by position, however they are split', async () => {
    const medium = new MemoryMedium(numberedSectors(64));
    const blk = new BlkBench(medium);
    blk.header(0, 7);
    const head = blk.driver.chain([
      { gpa: header, length: 5 },
      { gpa: header + 5, length: 11 },
      { gpa: data, length: 513, writable: true },
    ]);
    blk.driver.offer(head);
    blk.driver.notify();
    await blk.settle();
    expect(blk.ram.slice(data, data + 512)).toEqual(medium.bytes.slice(7 * 512, 8 * 512));
    expect(blk.ram[data + 512]).toBe(0);
  });

  it('takes indirect descriptors', async () => {
    const medium = new MemoryMedium(numberedSectors(64));
    const blk = new BlkBench(medium);
    blk.driver.offer(
      blk.driver.indirect(0x60000, [blk.header(0, 5), into(512), { gpa: status, length: 1, writable: true }]),
    );
    blk.driver.notify();
    await blk.settle();
    expect(blk.driver.reap()).toEqual([{ id: 0, length: 513 }]);
    expect(blk.ram.slice(data, data + 512)).toEqual(medium.bytes.slice(5 * 512, 6 * 512));
  });

  it('moves a request larger than one piece', async () => {
    const medium = new MemoryMedium(numberedSectors(1400));
    const blk = new BlkBench(medium);
    expect(await blk.run(0, 1, into(1300 * 512))).toEqual([0, 1300 * 512 + 1]);
    expect(Buffer.compare(blk.ram.subarray(data, data + 1300 * 512), medium.bytes.subarray(512, 1301 * 512))).toBe(0);
    expect(medium.reads).toBe(3);
  });

  it('keeps several requests in flight', async () => {
    const medium = new MemoryMedium(numberedSectors(64));
    const blk = new BlkBench(medium);
    medium.hold();
    for (let i = 0; i < 4; i++) {
      const at = header + i * 16;
      blk.driver.offer(
        blk.driver.chain([
          blk.header(0, i, at),
          into(512, data + i * 512),
          { gpa: status + i, length: 1, writable: true },
        ]),
      );
    }
    blk.driver.notify();
    await settleAll();
    expect([medium.reads, blk.driver.reap().length]).toEqual([4, 0]);
    medium.release();
    await blk.settle();
    expect(blk.driver.reap().length).toBe(4);
    expect(blk.ram.slice(data, data + 2048)).toEqual(medium.bytes.slice(0, 2048));
  });
});

describe('reset and state', () => {
  it('disowns requests in flight at reset', async () => {
    const medium = new MemoryMedium(numberedSectors(64));
    const blk = new BlkBench(medium);
    medium.hold();
    blk.driver.offer(blk.driver.chain([blk.header(0, 1), into(512), { gpa: status, length: 1, writable: true }]));
    blk.driver.notify();
    await settleAll();
    blk.driver.common(0x14, 1, 0);
    medium.release();
    await blk.settle();
    expect([blk.driver.reap().length, blk.ram[data], blk.driver.fn.isInterruptAsserted]).toEqual([0, 0, false]);
  });

  it('goes on after a restore where the rings stood', async () => {
    const medium = new MemoryMedium(numberedSectors(64));
    const blk = new BlkBench(medium);
    await blk.run(0, 1, into(512));
    await blk.run(0, 2, into(512));
    const copy = new BlkBench(medium, { start: false });
    copy.ram.set(blk.ram);
    copy.device.restore(structuredClone(blk.device.save()));
    copy.header(0, 9);
    copy.driver.bench.ram.writeU16(copy.driver.availableRing + 2, 3);
    copy.driver.bench.ram.writeU16(copy.driver.availableRing + 8, 0);
    copy.driver.notify();
    await copy.settle();
    expect(copy.driver.reap().length).toBe(3);
    expect(copy.ram.slice(data, data + 512)).toEqual(medium.bytes.slice(9 * 512, 10 * 512));
  });

  it('holds work back from a guest that resets in a loop, and goes on later', async () => {
    const medium = new MemoryMedium(numberedSectors(64));
    const blk = new BlkBench(medium);
    medium.hold();
    for (let round = 0; round < 100; round++) {
      blk.driver.start();
      for (let i = 0; i < 8; i++) {
        const at = header + i * 16;
        const buffers = [blk.header(0, i, at), into(512, data + i * 512)];
        blk.driver.offer(
          blk.driver.indirect(0x60000 + i * 64, [...buffers, { gpa: status + i, length: 1, writable: true }]),
        );
      }
      blk.driver.notify();
    }
    await settleAll();
    expect(medium.reads).toBe(512);
    medium.release();
    await blk.settle();
    expect(blk.driver.reap().length).toBe(8);
  });

  it('needs a reset after a chain without room for a status', async () => {
    const blk = new BlkBench(new MemoryMedium(64 * 512));
    blk.driver.offer(blk.driver.chain([blk.header(0, 0)]));
    blk.driver.notify();
    await blk.settle();
    expect(blk.driver.status & 64).toBe(64);
    expect(blk.driver.isr()).toBe(2);
    blk.driver.start();
    expect(blk.driver.status).toBe(15);
  });
});
