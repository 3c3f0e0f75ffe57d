// The entropy device: fills every buffer it is given. [VIRTIO-1.2 §5.4]
import type { EntropyBackend } from '../../../core/backends/entropy.ts';
import type { DeviceState } from '../../bus/device.ts';
import type { VirtioLink, VirtioModel } from '../../virtio/virtio-model.ts';

const VIRTIO_ID_RNG = 4;
const queueSize = 64;
/** Of a larger buffer only the beginning is filled, which the specification allows; it bounds the work of one notification. */
const bytesPerBufferMax = 4096;

export class VirtioRng implements VirtioModel {
  readonly virtioDeviceId = VIRTIO_ID_RNG;
  readonly classCode = 0x00ff00;
  readonly queueSizes = [queueSize];
  readonly features = 0n;
  readonly #entropy: EntropyBackend;
  #link: VirtioLink | null = null;

  constructor(entropy: EntropyBackend) {
    this.#entropy = entropy;
  }

  attach(link: VirtioLink): void {
    this.#link = link;
  }

  configuration(): Uint8Array {
    return new Uint8Array(0);
  }

  notify(): void {
    const link = this.#link;
    if (!link) return;
    const queue = link.queue(0);
    for (let served = 0; served < queueSize; served++) {
      const chain = queue.pop();
      if (!chain) return;
      // A buffer to read from, or nothing to fill, is a driver's mistake.
      if (chain.readableBytes > 0 || chain.writableBytes === 0) return link.needsReset(queue);
      const bytes = new Uint8Array(Math.min(chain.writableBytes, bytesPerBufferMax));
      this.#entropy.fill(bytes);
      chain.write(0, bytes);
      link.complete(queue, chain, bytes.length);
    }
  }

  reset(): void {}

  save(): DeviceState['fields'] {
    return {};
  }

  restore(): void {}
}
