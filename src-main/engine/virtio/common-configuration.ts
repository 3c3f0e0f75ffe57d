// The modern common configuration structure. [VIRTIO-1.2 §4.1.4.3] Fields are little-endian; 64-bit ones are written as two halves.
import type { DeviceState } from '../bus/device.ts';
import type { StateReader } from '../bus/state-fields.ts';
import { COMMON } from './registers.ts';
import type { VirtioCore } from './virtio-core.ts';
import type { Virtqueue } from './virtqueue.ts';

export class CommonConfiguration {
  readonly #core: VirtioCore;
  #deviceFeatureSelect = 0;
  #driverFeatureSelect = 0;
  #queueSelect = 0;
  readonly #image = new DataView(new ArrayBuffer(COMMON.length + 4));

  constructor(core: VirtioCore) {
    this.#core = core;
  }

  reset(): void {
    this.#deviceFeatureSelect = 0;
    this.#driverFeatureSelect = 0;
    this.#queueSelect = 0;
  }

  get #queue(): Virtqueue | undefined {
    return this.#core.queues[this.#queueSelect];
  }

  read(offset: number, size: number): number {
    if (offset + size > COMMON.length) return 0;
    this.#fillImage();
    if (size === 1) return this.#image.getUint8(offset);
    return size === 2 ? this.#image.getUint16(offset, true) : this.#image.getUint32(offset, true);
  }

  #fillImage(): void {
    const image = this.#image;
    const core = this.#core;
    const queue = this.#queue;
    image.setUint32(COMMON.device_feature_select, this.#deviceFeatureSelect, true);
    image.setUint32(COMMON.device_feature, featureWord(core.offeredFeatures, this.#deviceFeatureSelect), true);
    image.setUint32(COMMON.driver_feature_select, this.#driverFeatureSelect, true);
    image.setUint32(COMMON.driver_feature, featureWord(core.driverFeatures, this.#driverFeatureSelect), true);
    image.setUint16(COMMON.config_msix_vector, core.configVector, true);
    image.setUint16(COMMON.num_queues, core.queues.length, true);
    image.setUint8(COMMON.device_status, core.status);
    image.setUint8(COMMON.config_generation, core.configGeneration);
    image.setUint16(COMMON.queue_select, this.#queueSelect, true);
    // Size 0: there is no such queue.
    image.setUint16(COMMON.queue_size, queue?.size ?? 0, true);
    image.setUint16(COMMON.queue_msix_vector, queue?.msixVector ?? 0xffff, true);
    image.setUint16(COMMON.queue_enable, queue?.isEnabled ? 1 : 0, true);
    image.setUint16(COMMON.queue_notify_off, queue ? this.#queueSelect : 0, true);
    setAddress(image, COMMON.queue_desc, queue?.descriptorTable ?? 0);
    setAddress(image, COMMON.queue_driver, queue?.availableRing ?? 0);
    setAddress(image, COMMON.queue_device, queue?.usedRing ?? 0);
  }

  write(offset: number, size: number, value: number): void {
    const core = this.#core;
    switch (offset) {
      case COMMON.device_feature_select:
        this.#deviceFeatureSelect = value;
        return;
      case COMMON.driver_feature_select:
        this.#driverFeatureSelect = value;
        return;
      case COMMON.driver_feature:
        return this.#writeDriverFeature(value);
      case COMMON.config_msix_vector:
        core.configVector = core.acceptVector(value & 0xffff);
        return;
      case COMMON.device_status:
        if ((value & 0xff) === 0) this.reset();
        return core.writeStatus(value & 0xff, false);
      case COMMON.queue_select:
        this.#queueSelect = value & 0xffff;
        return;
      default:
        if (this.#queue) this.#writeQueue(this.#queue, offset, size, value);
    }
  }

  #writeDriverFeature(value: number): void {
    if (this.#driverFeatureSelect > 1) return;
    const shift = BigInt(this.#driverFeatureSelect * 32);
    const kept = this.#core.driverFeatures & ~(0xffffffffn << shift);
    this.#core.driverFeatures = kept | (BigInt(value >>> 0) << shift);
  }

  #writeQueue(queue: Virtqueue, offset: number, size: number, value: number): void {
    if (offset === COMMON.queue_msix_vector) {
      queue.msixVector = this.#core.acceptVector(value & 0xffff);
      return;
    }
    // What the device is using cannot change under it.
    if (queue.isEnabled) return;
    if (offset === COMMON.queue_size) {
      const wanted = value & 0xffff;
      const isLegal = wanted > 0 && wanted <= queue.maxSize && (wanted & (wanted - 1)) === 0;
      if (isLegal) queue.size = wanted;
    } else if (offset === COMMON.queue_enable) {
      queue.isEnabled = (value & 1) !== 0;
    } else if (size === 4) {
      this.#writeAddress(queue, offset, value >>> 0);
    }
  }

  #writeAddress(queue: Virtqueue, offset: number, half: number): void {
    switch (offset) {
      case COMMON.queue_desc:
      case COMMON.queue_desc + 4:
        queue.descriptorTable = withHalf(queue.descriptorTable, offset === COMMON.queue_desc, half);
        return;
      case COMMON.queue_driver:
      case COMMON.queue_driver + 4:
        queue.availableRing = withHalf(queue.availableRing, offset === COMMON.queue_driver, half);
        return;
      case COMMON.queue_device:
      case COMMON.queue_device + 4:
        queue.usedRing = withHalf(queue.usedRing, offset === COMMON.queue_device, half);
        return;
    }
  }

  save(): DeviceState['fields'] {
    return {
      deviceFeatureSelect: this.#deviceFeatureSelect,
      driverFeatureSelect: this.#driverFeatureSelect,
      queueSelect: this.#queueSelect,
    };
  }

  restore(reader: StateReader): void {
    this.#deviceFeatureSelect = reader.u32('deviceFeatureSelect');
    this.#driverFeatureSelect = reader.u32('driverFeatureSelect');
    this.#queueSelect = reader.u16('queueSelect');
  }
}

function featureWord(features: bigint, select: number): number {
  return select > 1 ? 0 : Number((features >> BigInt(select * 32)) & 0xffffffffn);
}

function setAddress(image: DataView, at: number, address: number): void {
  image.setUint32(at, address % 2 ** 32, true);
  image.setUint32(at + 4, Math.floor(address / 2 ** 32), true);
}

function withHalf(address: number, isLow: boolean, half: number): number {
  const low = address % 2 ** 32;
  return isLow ? address - low + half : half * 2 ** 32 + low;
}
