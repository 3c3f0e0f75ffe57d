// The legacy interface: registers in the I/O BAR, one page-frame number per queue. [VIRTIO-1.2 §2.7.2, §4.1.4.10]
// Queue memory from that page on: descriptors, available ring, then the used ring at the next page boundary.
import type { DeviceState } from '../bus/device.ts';
import type { StateReader } from '../bus/state-fields.ts';
import { LEGACY, legacyHeaderLength, legacyHeaderLengthMsix, VIRTIO_MSI_NO_VECTOR } from './registers.ts';
import type { VirtioCore } from './virtio-core.ts';
import type { Virtqueue } from './virtqueue.ts';

const pageSize = 4096;

export class LegacyConfiguration {
  readonly #core: VirtioCore;
  #queueSelect = 0;

  constructor(core: VirtioCore) {
    this.#core = core;
  }

  reset(): void {
    this.#queueSelect = 0;
  }

  get #queue(): Virtqueue | undefined {
    return this.#core.queues[this.#queueSelect];
  }

  get #headerLength(): number {
    return this.#core.isMsixEnabled ? legacyHeaderLengthMsix : legacyHeaderLength;
  }

  read(port: number, size: number): number {
    const core = this.#core;
    if (port >= this.#headerLength) return core.readConfiguration(port - this.#headerLength, size);
    switch (port) {
      case LEGACY.device_features:
        return Number(core.offeredFeatures & 0xffffffffn);
      case LEGACY.driver_features:
        return Number(core.driverFeatures & 0xffffffffn);
      case LEGACY.queue_address:
        return this.#queue?.isEnabled ? Math.floor(this.#queue.descriptorTable / pageSize) >>> 0 : 0;
      case LEGACY.queue_size:
        return this.#queue?.maxSize ?? 0;
      case LEGACY.queue_select:
        return this.#queueSelect;
      case LEGACY.device_status:
        return core.status;
      case LEGACY.isr_status:
        return core.takeIsr();
      case LEGACY.config_msix_vector:
        return core.configVector;
      case LEGACY.queue_msix_vector:
        return this.#queue?.msixVector ?? VIRTIO_MSI_NO_VECTOR;
      default:
        return 0;
    }
  }

  write(port: number, size: number, value: number): void {
    const core = this.#core;
    if (port >= this.#headerLength) return core.writeConfiguration(port - this.#headerLength, size, value);
    switch (port) {
      case LEGACY.driver_features:
        core.driverFeatures = BigInt(value >>> 0) & core.offeredFeatures;
        return;
      case LEGACY.queue_address:
        return this.#setQueueAddress(value >>> 0);
      case LEGACY.queue_select:
        this.#queueSelect = value & 0xffff;
        return;
      case LEGACY.queue_notify:
        return core.notify(value & 0xffff);
      case LEGACY.device_status:
        if ((value & 0xff) === 0) this.#queueSelect = 0;
        return core.writeStatus(value & 0xff, true);
      case LEGACY.config_msix_vector:
        core.configVector = core.acceptVector(value & 0xffff);
        return;
      case LEGACY.queue_msix_vector:
        if (this.#queue) this.#queue.msixVector = core.acceptVector(value & 0xffff);
        return;
    }
  }

  /** Page frame 0 takes the queue away. */
  #setQueueAddress(pageFrame: number): void {
    const queue = this.#queue;
    if (!queue) return;
    const vector = queue.msixVector;
    queue.reset();
    queue.msixVector = vector;
    if (pageFrame === 0) return;
    queue.descriptorTable = pageFrame * pageSize;
    queue.availableRing = queue.descriptorTable + 16 * queue.size;
    const availableEnd = queue.availableRing + 4 + 2 * queue.size + 2;
    queue.usedRing = Math.ceil(availableEnd / pageSize) * pageSize;
    queue.isEnabled = true;
  }

  save(): DeviceState['fields'] {
    return { queueSelect: this.#queueSelect };
  }

  restore(reader: StateReader): void {
    this.#queueSelect = reader.u16('queueSelect');
  }
}
