// A guest's virtio driver, for tests: negotiates, lays out split queues in the bench's memory, adds chains, notifies, reaps.
// Works over the modern structures (BAR 4) or the legacy I/O BAR of a FakePciFunction.
import { COMMON, LEGACY } from '../../src-main/engine/virtio/registers.ts';
import type { DeviceBench } from './device-bench.ts';
import type { FakePciFunction } from './fake-pci.ts';

export interface Descriptor {
  gpa: number;
  length: number;
  /** The device writes it. */
  writable?: boolean;
}

export interface UsedEntry {
  id: number;
  length: number;
}

const modern = { common: 0x0000, isr: 0x1000, device: 0x2000, notify: 0x3000 } as const;
const F_NEXT = 1;
const F_WRITE = 2;
const F_INDIRECT = 4;

export class VirtioDriver {
  readonly bench: DeviceBench;
  readonly fn: FakePciFunction;
  readonly queueSize: number;
  features = 0n;
  descriptorTable = 0x10000;
  availableRing = 0x20000;
  usedRing = 0x30000;
  #nextDescriptor = 0;
  #available = 0;
  #reaped = 0;
  readonly #isLegacy: boolean;

  constructor(bench: DeviceBench, options: { queueSize?: number; isLegacy?: boolean } = {}) {
    this.bench = bench;
    this.fn = bench.pci.functions[0]!;
    this.#isLegacy = options.isLegacy ?? false;
    this.queueSize = options.queueSize ?? 16;
    if (this.#isLegacy) this.queueSize = this.legacyIn(LEGACY.queue_size, 2);
  }

  common(offset: number, size: number, value?: number): number {
    if (value !== undefined) this.fn.barWrite(4, modern.common + offset, size, value);
    return this.fn.barRead(4, modern.common + offset, size);
  }

  legacyIn(port: number, size: number): number {
    return this.fn.barRead(0, port, size);
  }

  legacyOut(port: number, size: number, value: number): void {
    this.fn.barWrite(0, port, size, value);
  }

  configuration(offset: number, size: number): number {
    return this.#isLegacy ? this.legacyIn(0x14 + offset, size) : this.fn.barRead(4, modern.device + offset, size);
  }

  get status(): number {
    return this.#isLegacy ? this.legacyIn(LEGACY.device_status, 1) : this.common(COMMON.device_status, 1);
  }

  isr(): number {
    return this.#isLegacy ? this.legacyIn(LEGACY.isr_status, 1) : this.fn.barRead(4, modern.isr, 1);
  }

  offered(): bigint {
    if (this.#isLegacy) return BigInt(this.legacyIn(LEGACY.device_features, 4));
    this.common(COMMON.device_feature_select, 4, 0);
    const low = BigInt(this.common(COMMON.device_feature, 4));
    this.common(COMMON.device_feature_select, 4, 1);
    return low | (BigInt(this.common(COMMON.device_feature, 4)) << 32n);
  }

  /** Reset, negotiate all offered features but `without`, set up queue 0, DRIVER_OK. */
  start(without = 0n): void {
    this.features = this.offered() & ~without;
    if (this.#isLegacy) return this.#startLegacy();
    this.common(COMMON.device_status, 1, 0);
    this.common(COMMON.device_status, 1, 1);
    this.common(COMMON.device_status, 1, 3);
    this.common(COMMON.driver_feature_select, 4, 0);
    this.common(COMMON.driver_feature, 4, Number(this.features & 0xffffffffn));
    this.common(COMMON.driver_feature_select, 4, 1);
    this.common(COMMON.driver_feature, 4, Number(this.features >> 32n));
    this.common(COMMON.device_status, 1, 11);
    this.common(COMMON.queue_select, 2, 0);
    this.common(COMMON.queue_size, 2, this.queueSize);
    this.common(COMMON.queue_desc, 4, this.descriptorTable);
    this.common(COMMON.queue_driver, 4, this.availableRing);
    this.common(COMMON.queue_device, 4, this.usedRing);
    this.common(COMMON.queue_enable, 2, 1);
    this.common(COMMON.device_status, 1, 15);
    this.#clearRings();
  }

  #startLegacy(): void {
    this.legacyOut(LEGACY.device_status, 1, 0);
    this.legacyOut(LEGACY.device_status, 1, 3);
    this.legacyOut(LEGACY.driver_features, 4, Number(this.features));
    this.legacyOut(LEGACY.queue_select, 2, 0);
    this.legacyOut(LEGACY.queue_address, 4, this.descriptorTable >>> 12);
    this.availableRing = this.descriptorTable + 16 * this.queueSize;
    this.usedRing = (this.availableRing + 6 + 2 * this.queueSize + 4095) & ~4095;
    this.#clearRings();
    this.legacyOut(LEGACY.device_status, 1, 7);
  }

  #clearRings(): void {
    this.#available = 0;
    this.#reaped = 0;
    this.bench.ram.bytes.fill(0, this.availableRing, this.availableRing + 6 + 2 * this.queueSize);
    this.bench.ram.bytes.fill(0, this.usedRing, this.usedRing + 6 + 8 * this.queueSize);
  }

  writeDescriptor(table: number, index: number, descriptor: Descriptor, flags: number, next: number): void {
    const at = table + index * 16;
    const { ram } = this.bench;
    ram.writeU64(at, BigInt(descriptor.gpa));
    ram.writeU32(at + 8, descriptor.length);
    ram.writeU16(at + 12, flags | (descriptor.writable ? F_WRITE : 0));
    ram.writeU16(at + 14, next);
  }

  /** Writes a chain into the descriptor table; returns its head. */
  chain(descriptors: readonly Descriptor[]): number {
    const head = this.#nextDescriptor;
    descriptors.forEach((descriptor, i) => {
      const index = (head + i) % this.queueSize;
      const isLast = i === descriptors.length - 1;
      this.writeDescriptor(this.descriptorTable, index, descriptor, isLast ? 0 : F_NEXT, (index + 1) % this.queueSize);
    });
    this.#nextDescriptor = (head + descriptors.length) % this.queueSize;
    return head;
  }

  /** The same through an indirect table at `table`. */
  indirect(table: number, descriptors: readonly Descriptor[]): number {
    descriptors.forEach((descriptor, i) => {
      this.writeDescriptor(table, i, descriptor, i === descriptors.length - 1 ? 0 : F_NEXT, i + 1);
    });
    const head = this.#nextDescriptor;
    this.writeDescriptor(this.descriptorTable, head, { gpa: table, length: descriptors.length * 16 }, F_INDIRECT, 0);
    this.#nextDescriptor = (head + 1) % this.queueSize;
    return head;
  }

  /** Publishes heads in the available ring, without notifying. */
  offer(...heads: number[]): void {
    const { ram } = this.bench;
    for (const head of heads) {
      ram.writeU16(this.availableRing + 4 + (this.#available % this.queueSize) * 2, head);
      this.#available = (this.#available + 1) & 0xffff;
    }
    ram.writeU16(this.availableRing + 2, this.#available);
  }

  notify(): void {
    if (this.#isLegacy) this.legacyOut(LEGACY.queue_notify, 2, 0);
    else this.fn.barWrite(4, modern.notify, 2, 0);
  }

  /** Used entries since the last call. */
  reap(): UsedEntry[] {
    const { ram } = this.bench;
    const index = ram.readU16(this.usedRing + 2);
    const entries: UsedEntry[] = [];
    for (; this.#reaped !== index; this.#reaped = (this.#reaped + 1) & 0xffff) {
      const at = this.usedRing + 4 + (this.#reaped % this.queueSize) * 8;
      entries.push({ id: ram.readU32(at), length: ram.readU32(at + 4) });
    }
    return entries;
  }
}
