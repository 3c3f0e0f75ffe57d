// What a virtio device is to the transport, and what the transport is to the device. Neither sees more of the other. [VIRTIO-1.2 §2]
import type { DeviceState } from '../bus/device.ts';
import type { StateReader } from '../bus/state-fields.ts';
import type { DescriptorChain } from './descriptor-chain.ts';
import type { Virtqueue } from './virtqueue.ts';

/** The transport as a device sees it. */
export interface VirtioLink {
  queue(index: number): Virtqueue;
  hasFeature(bit: bigint): boolean;
  /** Returns a chain to the driver and interrupts it if it wants that. */
  complete(queue: Virtqueue, chain: DescriptorChain, writtenBytes: number): void;
  /** The device's configuration changed: bumps the generation and interrupts. */
  configurationChanged(): void;
  /** The driver broke the protocol: DEVICE_NEEDS_RESET, and silence until it resets. */
  needsReset(queue: Virtqueue): void;
}

/** A device behind the transport. */
export interface VirtioModel {
  /** [VIRTIO-1.2 §5]: 2 block, 4 entropy … */
  readonly virtioDeviceId: number;
  /** PCI class, subclass and interface. */
  readonly classCode: number;
  /** Largest size of each queue, powers of two. */
  readonly queueSizes: readonly number[];
  /** Device-specific features offered; the transport adds its own. */
  readonly features: bigint;
  /** Device-specific configuration as the driver reads it now. */
  configuration(): Uint8Array;
  writeConfiguration?(offset: number, value: number): void;
  /** Called once, before anything else. */
  attach(link: VirtioLink): void;
  /** The driver notified queue `index`, or the device may go on after a restore. */
  notify(index: number): void;
  /** To power-on state; requests under way are disowned. */
  reset(): void;
  quiesce?(): Promise<void>;
  save(): DeviceState['fields'];
  restore(reader: StateReader): void;
}
