// The state that both register interfaces of the transport show: status, features, queues, interrupts. [VIRTIO-1.2 §2.1-2.4, §3.1, §4.1.5]
import type { DeviceContext, DeviceState } from '../bus/device.ts';
import type { PciFunction } from '../bus/pci.ts';
import type { StateReader } from '../bus/state-fields.ts';
import type { DescriptorChain } from './descriptor-chain.ts';
import {
  ISR_CONFIG,
  ISR_QUEUE,
  STATUS_DEVICE_NEEDS_RESET,
  STATUS_DRIVER,
  STATUS_DRIVER_OK,
  STATUS_FEATURES_OK,
  VIRTIO_F_ANY_LAYOUT,
  VIRTIO_F_RING_EVENT_IDX,
  VIRTIO_F_RING_INDIRECT_DESC,
  VIRTIO_F_VERSION_1,
  VIRTIO_MSI_NO_VECTOR,
} from './registers.ts';
import type { VirtioLink, VirtioModel } from './virtio-model.ts';
import { Virtqueue } from './virtqueue.ts';

const transportFeatures =
  (1n << VIRTIO_F_ANY_LAYOUT) |
  (1n << VIRTIO_F_RING_INDIRECT_DESC) |
  (1n << VIRTIO_F_RING_EVENT_IDX) |
  (1n << VIRTIO_F_VERSION_1);

export class VirtioCore implements VirtioLink {
  readonly queues: readonly Virtqueue[];
  readonly offeredFeatures: bigint;
  driverFeatures = 0n;
  configVector: number = VIRTIO_MSI_NO_VECTOR;
  configGeneration = 0;
  #status = 0;
  #isr = 0;
  /** The driver uses the legacy interface; such drivers may notify before DRIVER_OK. [VIRTIO-1.2 §3.1.2] */
  #isLegacyDriver = false;
  #function: PciFunction | null = null;
  readonly #id: string;
  readonly #ctx: DeviceContext;
  readonly #model: VirtioModel;

  constructor(id: string, ctx: DeviceContext, model: VirtioModel) {
    this.#id = id;
    this.#ctx = ctx;
    this.#model = model;
    this.queues = model.queueSizes.map((size) => new Virtqueue(ctx.dma, size));
    this.offeredFeatures = model.features | transportFeatures;
  }

  connect(pciFunction: PciFunction): void {
    this.#function = pciFunction;
  }

  get status(): number {
    return this.#status;
  }

  get isMsixEnabled(): boolean {
    return this.#function?.isMsixEnabled ?? false;
  }

  get vectorCount(): number {
    return this.queues.length + 1;
  }

  reset(): void {
    this.#status = 0;
    this.#isr = 0;
    this.#isLegacyDriver = false;
    this.driverFeatures = 0n;
    this.configVector = VIRTIO_MSI_NO_VECTOR;
    for (const queue of this.queues) queue.reset();
    this.#model.reset();
    this.#function?.setInterrupt(false);
  }

  /** Writing zero resets; setting FEATURES_OK is refused when the driver asks for what was not offered. */
  writeStatus(value: number, isLegacy: boolean): void {
    if (value === 0) return this.reset();
    let status = value | (this.#status & STATUS_DEVICE_NEEDS_RESET);
    const isNewlyOk = (status & STATUS_FEATURES_OK) !== 0 && (this.#status & STATUS_FEATURES_OK) === 0;
    if (isNewlyOk && !isLegacy) {
      const isSubset = (this.driverFeatures & ~this.offeredFeatures) === 0n;
      if (!isSubset || !this.hasFeature(VIRTIO_F_VERSION_1)) status &= ~STATUS_FEATURES_OK;
    }
    this.#status = status;
    this.#isLegacyDriver = isLegacy;
    if (this.#isRunning) this.#applyFeatures();
  }

  get #isRunning(): boolean {
    return (this.#status & (this.#isLegacyDriver ? STATUS_DRIVER | STATUS_DRIVER_OK : STATUS_DRIVER_OK)) !== 0;
  }

  #applyFeatures(): void {
    for (const queue of this.queues) {
      queue.hasIndirect = this.hasFeature(VIRTIO_F_RING_INDIRECT_DESC);
      queue.hasEventIndex = this.hasFeature(VIRTIO_F_RING_EVENT_IDX);
    }
  }

  hasFeature(bit: bigint): boolean {
    return ((this.driverFeatures >> bit) & 1n) !== 0n;
  }

  queue(index: number): Virtqueue {
    const queue = this.queues[index];
    if (!queue) throw new RangeError(`${this.#id} has no queue ${index}`);
    return queue;
  }

  notify(index: number): void {
    const queue = this.queues[index];
    if (!queue?.isEnabled || !this.#isRunning || (this.#status & STATUS_DEVICE_NEEDS_RESET) !== 0) return;
    if ((this.#status & STATUS_DRIVER_OK) === 0) this.#applyFeatures();
    this.#model.notify(index);
    if (queue.isBroken) this.needsReset(queue);
  }

  complete(queue: Virtqueue, chain: DescriptorChain, writtenBytes: number): void {
    queue.push(chain, writtenBytes);
    if (queue.takeInterruptWish()) this.#interrupt(ISR_QUEUE, queue.msixVector);
  }

  configurationChanged(): void {
    this.configGeneration = (this.configGeneration + 1) & 0xff;
    if (this.#isRunning) this.#interrupt(ISR_CONFIG, this.configVector);
  }

  needsReset(queue: Virtqueue): void {
    queue.breakNow();
    if (this.#status & STATUS_DEVICE_NEEDS_RESET) return;
    this.#ctx.log.limited(
      `${this.#id}.needsReset`,
      'warn',
      `${this.#id}: the driver's queue breaks the protocol; waiting for its reset`,
    );
    this.#status |= STATUS_DEVICE_NEEDS_RESET;
    this.#interrupt(ISR_CONFIG, this.configVector);
  }

  #interrupt(isrBit: number, vector: number): void {
    if (this.isMsixEnabled) {
      if (vector !== VIRTIO_MSI_NO_VECTOR) this.#function?.sendMsix(vector);
      return;
    }
    this.#isr |= isrBit;
    this.#function?.setInterrupt(true);
  }

  /** Reading the ISR register clears it and the line. */
  takeIsr(): number {
    const isr = this.#isr;
    this.#isr = 0;
    if (isr !== 0) this.#function?.setInterrupt(false);
    return isr;
  }

  /** A vector the table does not have reads back as "none", so that the driver notices. */
  acceptVector(vector: number): number {
    return vector < this.vectorCount ? vector : VIRTIO_MSI_NO_VECTOR;
  }

  readConfiguration(offset: number, size: number): number {
    const bytes = this.#model.configuration();
    let value = 0;
    for (let i = 0; i < size; i++) value |= (bytes[offset + i] ?? 0) << (8 * i);
    return value >>> 0;
  }

  writeConfiguration(offset: number, size: number, value: number): void {
    for (let i = 0; i < size; i++) this.#model.writeConfiguration?.(offset + i, (value >>> (8 * i)) & 0xff);
  }

  save(): DeviceState['fields'] {
    return {
      status: this.#status,
      isr: this.#isr,
      isLegacyDriver: this.#isLegacyDriver,
      driverFeaturesLow: Number(this.driverFeatures & 0xffffffffn),
      driverFeaturesHigh: Number(this.driverFeatures >> 32n),
      configVector: this.configVector,
      configGeneration: this.configGeneration,
      queues: this.queues.map((queue) => queue.save()),
    };
  }

  restore(reader: StateReader): void {
    this.#status = reader.u8('status');
    this.#isr = reader.u8('isr');
    this.#isLegacyDriver = reader.boolean('isLegacyDriver');
    this.driverFeatures = BigInt(reader.u32('driverFeaturesLow')) | (BigInt(reader.u32('driverFeaturesHigh')) << 32n);
    this.configVector = reader.u16('configVector');
    this.configGeneration = reader.u8('configGeneration');
    reader.records('queues', this.queues.length).forEach((saved, index) => {
      this.queues[index]?.restore(saved);
    });
    this.#function?.setInterrupt(this.#isr !== 0);
  }
}
