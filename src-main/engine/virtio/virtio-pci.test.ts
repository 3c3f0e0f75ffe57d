// The transport: identity, capabilities, negotiation, queues, interrupts. Numbers come from VIRTIO 1.2 §2.1-2.4, §2.7, §4.1.
import { describe, expect, it } from 'vitest';
import { createDeviceBench } from '../../../test/harness/device-bench.ts';
import { VirtioDriver } from '../../../test/harness/virtio-driver.ts';
import type { DescriptorChain } from './descriptor-chain.ts';
import { COMMON, LEGACY } from './registers.ts';
import type { VirtioLink, VirtioModel } from './virtio-model.ts';
import { VirtioPciDevice } from './virtio-pci.ts';

/** Answers each chain with one byte more than it read, remembering what it saw. */
class EchoModel implements VirtioModel {
  readonly virtioDeviceId = 4;
  readonly classCode = 0x00ff00;
  readonly queueSizes = [16, 32];
  readonly features = 1n << 3n;
  readonly seen: DescriptorChain[] = [];
  link!: VirtioLink;
  bytes = Uint8Array.of(0x11, 0x22, 0x33, 0x44);

  configuration(): Uint8Array {
    return this.bytes;
  }
  writeConfiguration(offset: number, value: number): void {
    if (offset < this.bytes.length) this.bytes[offset] = value;
  }
  attach(link: VirtioLink): void {
    this.link = link;
  }
  notify(index: number): void {
    const queue = this.link.queue(index);
    for (let chain = queue.pop(); chain; chain = queue.pop()) {
      this.seen.push(chain);
      this.link.complete(queue, chain, chain.writableBytes);
    }
  }
  reset(): void {
    this.seen.length = 0;
  }
  save(): Record<string, never> {
    return {};
  }
  restore(): void {}
}

function echo(isLegacy = false): { model: EchoModel; device: VirtioPciDevice; driver: VirtioDriver } {
  const bench = createDeviceBench({ ramBytes: 0x100000 });
  const model = new EchoModel();
  const device = new VirtioPciDevice('echo0', bench.ctx, model);
  return { model, device, driver: new VirtioDriver(bench, { isLegacy }) };
}

const buffer = { gpa: 0x50000, length: 8, writable: true };

describe('identity', () => {
  it('is transitional and describes its structures by capabilities', () => {
    const { driver } = echo();
    const { config, description } = driver.fn;
    expect([config[0], config[1], config[2], config[3], config[0x2e]]).toEqual([0xf4, 0x1a, 0x05, 0x10, 4]);
    const types = description.capabilities!.map(({ payload }) => payload[1]);
    expect(types).toEqual([1, 3, 4, 2, 5]);
    expect(description.capabilities!.map(({ payload }) => payload[0])).toEqual([16, 16, 16, 20, 20]);
  });

  it('reaches the structures through the configuration access window', () => {
    const { driver } = echo();
    const at = driver.fn.config.findIndex(
      (_byte, i) => i >= 0x40 && driver.fn.config[i] === 9 && driver.fn.config[i + 3] === 5,
    );
    driver.fn.configWrite(at + 4, 1, 4);
    driver.fn.configWrite(at + 8, 4, COMMON.num_queues);
    driver.fn.configWrite(at + 12, 4, 2);
    expect(driver.fn.configRead(at + 16, 2)).toBe(2);
    driver.fn.configWrite(at + 8, 4, COMMON.queue_select);
    driver.fn.configWrite(at + 16, 2, 1);
    expect(driver.common(COMMON.queue_size, 2)).toBe(32);
    driver.fn.configWrite(at + 8, 4, 0xfffffff0);
    expect(driver.fn.configRead(at + 16, 2)).toBe(0);
  });
});

describe('negotiation', () => {
  it('accepts a subset with VERSION_1 and refuses everything else', () => {
    const { driver } = echo();
    driver.start(1n << 29n);
    expect(driver.status).toBe(15);
    const attempt = (features: bigint): number => {
      driver.common(COMMON.device_status, 1, 0);
      driver.common(COMMON.device_status, 1, 3);
      driver.common(COMMON.driver_feature_select, 4, 0);
      driver.common(COMMON.driver_feature, 4, Number(features & 0xffffffffn));
      driver.common(COMMON.driver_feature_select, 4, 1);
      driver.common(COMMON.driver_feature, 4, Number(features >> 32n));
      driver.common(COMMON.device_status, 1, 11);
      return driver.status;
    };
    expect(attempt(1n << 32n)).toBe(11);
    expect(attempt(0n)).toBe(3);
    expect(attempt((1n << 32n) | (1n << 50n))).toBe(3);
  });

  it('resets on status zero', () => {
    const { driver } = echo();
    driver.start();
    driver.common(COMMON.device_status, 1, 0);
    expect([driver.status, driver.common(COMMON.queue_enable, 2), driver.common(COMMON.queue_desc, 4)]).toEqual([
      0, 0, 0,
    ]);
  });

  it('reads and writes the device configuration in any width', () => {
    const { driver, model } = echo();
    expect([driver.configuration(0, 4), driver.configuration(1, 2), driver.configuration(3, 4)]).toEqual([
      0x44332211, 0x3322, 0x44,
    ]);
    driver.fn.barWrite(4, 0x2000, 2, 0xbeef);
    expect([...model.bytes]).toEqual([0xef, 0xbe, 0x33, 0x44]);
  });
});

describe('queues', () => {
  it('hands out direct and indirect chains split into what may be read and written', () => {
    const { driver, model } = echo();
    driver.start();
    driver.bench.ram.bytes.set([1, 2, 3, 4], 0x51000);
    const parts = [{ gpa: 0x51000, length: 1 }, { gpa: 0x51001, length: 3 }, buffer];
    driver.offer(driver.chain(parts), driver.indirect(0x60000, parts));
    driver.notify();
    const read = model.seen.map((chain) => {
      const bytes = new Uint8Array(10);
      return [chain.read(1, bytes), ...bytes.slice(0, 3), chain.readableBytes, chain.writableBytes];
    });
    expect(read).toEqual([
      [3, 2, 3, 4, 4, 8],
      [3, 2, 3, 4, 4, 8],
    ]);
    expect(driver.reap()).toEqual([
      { id: 0, length: 8 },
      { id: 3, length: 8 },
    ]);
  });

  it('wraps its indices around 65536', () => {
    const { driver, model } = echo();
    driver.start();
    let reaped = 0;
    for (let i = 0; i < 66000; i++) {
      driver.offer(driver.chain([buffer]));
      driver.notify();
      reaped += driver.reap().length;
      model.seen.length = 0;
    }
    expect(reaped).toBe(66000);
  });

  it('ignores notifications before DRIVER_OK and of queues that are not there', () => {
    const { driver, model } = echo();
    driver.offer(driver.chain([buffer]));
    driver.notify();
    driver.start();
    driver.fn.barWrite(4, 0x3000 + 4 * 9, 2, 9);
    expect(model.seen.length).toBe(0);
  });

  it('keeps a queue as it is while enabled', () => {
    const { driver } = echo();
    driver.start();
    driver.common(COMMON.queue_desc, 4, 0xdead000);
    driver.common(COMMON.queue_size, 2, 4);
    expect([driver.common(COMMON.queue_desc, 4), driver.common(COMMON.queue_size, 2)]).toEqual([0x10000, 16]);
  });

  it('places legacy queues by page frame', () => {
    const { driver, model } = echo(true);
    driver.start();
    driver.offer(driver.chain([buffer]));
    driver.notify();
    expect([model.seen.length, driver.reap().length, driver.legacyIn(LEGACY.queue_address, 4)]).toEqual([1, 1, 0x10]);
    driver.legacyOut(LEGACY.queue_address, 4, 0);
    driver.notify();
    expect(model.seen.length).toBe(1);
  });
});

describe('interrupts', () => {
  it('uses the pin and ISR without MSI-X', () => {
    const { driver } = echo();
    driver.start();
    driver.offer(driver.chain([buffer]));
    driver.notify();
    expect(driver.fn.isInterruptAsserted).toBe(true);
    expect([driver.isr(), driver.isr(), driver.fn.isInterruptAsserted]).toEqual([1, 0, false]);
  });

  it('sends the vectors the driver chose with MSI-X, and refuses vectors it lacks', () => {
    const { driver, model } = echo();
    driver.start();
    driver.fn.isMsixEnabled = true;
    driver.common(COMMON.queue_msix_vector, 2, 1);
    driver.common(COMMON.config_msix_vector, 2, 0);
    driver.offer(driver.chain([buffer]));
    driver.notify();
    model.link.configurationChanged();
    expect([driver.fn.sentMsix, driver.fn.isInterruptAsserted]).toEqual([[1, 0], false]);
    driver.common(COMMON.queue_msix_vector, 2, 3);
    expect(driver.common(COMMON.queue_msix_vector, 2)).toBe(0xffff);
    expect(driver.common(COMMON.config_generation, 1)).toBe(1);
  });

  it('stays quiet while the driver says so by flag', () => {
    const { driver } = echo();
    driver.start(1n << 29n);
    driver.bench.ram.writeU16(driver.availableRing, 1);
    driver.offer(driver.chain([buffer]));
    driver.notify();
    expect([driver.reap().length, driver.fn.isInterruptAsserted]).toEqual([1, false]);
  });

  it('interrupts only when the used index passes used_event', () => {
    const { driver } = echo();
    driver.start();
    const usedEvent = driver.availableRing + 4 + 2 * driver.queueSize;
    const interrupted: boolean[] = [];
    driver.bench.ram.writeU16(usedEvent, 3);
    for (let i = 0; i < 6; i++) {
      driver.offer(driver.chain([buffer]));
      driver.notify();
      interrupted.push(driver.isr() === 1);
    }
    // The first completion always interrupts; the fourth moves the index from 3 to 4.
    expect(interrupted).toEqual([true, false, false, true, false, false]);
    expect(driver.bench.ram.readU16(driver.usedRing + 4 + 8 * driver.queueSize)).toBe(6);
  });
});

describe('saved state', () => {
  it('keeps queues, features and pending interrupts', () => {
    const first = echo();
    first.driver.start();
    first.driver.offer(first.driver.chain([buffer]));
    first.driver.notify();
    const second = echo();
    second.device.restore(structuredClone(first.device.save()));
    expect(second.device.save()).toEqual(first.device.save());
    expect(second.driver.fn.isInterruptAsserted).toBe(true);
  });
});
