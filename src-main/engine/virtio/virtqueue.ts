// The device's end of a split virtqueue. [VIRTIO-1.2 §2.7]
//
//   descriptor, 16 bytes:  +0 address u64 | +8 length u32 | +12 flags u16 | +14 next u16
//   available ring:        +0 flags u16 | +2 idx u16 | +4 ring u16[size] | used_event u16
//   used ring:             +0 flags u16 | +2 idx u16 | +4 {id u32, length u32}[size] | avail_event u16
//
// Rings are guest data. A ring that breaks the rules (loops, indices out of range, readable after writable) makes the queue
// "broken": it hands out nothing more until reset, and its owner tells the driver by DEVICE_NEEDS_RESET.
import type { DmaAccess, StateValue } from '../bus/device.ts';
import type { StateReader } from '../bus/state-fields.ts';
import { DescriptorChain, type DescriptorRange } from './descriptor-chain.ts';
import {
  VIRTIO_MSI_NO_VECTOR,
  VIRTQ_AVAIL_F_NO_INTERRUPT,
  VIRTQ_DESC_F_INDIRECT,
  VIRTQ_DESC_F_NEXT,
  VIRTQ_DESC_F_WRITE,
} from './registers.ts';

const descriptorLength = 16;
/** Descriptors of one indirect table; the specification's limit is the queue size, drivers in use stay below this. */
const indirectMax = 1024;

export class Virtqueue {
  readonly maxSize: number;
  size: number;
  isEnabled = false;
  msixVector: number = VIRTIO_MSI_NO_VECTOR;
  descriptorTable = 0;
  availableRing = 0;
  usedRing = 0;
  /** Negotiated VIRTIO_F_RING_INDIRECT_DESC and VIRTIO_F_RING_EVENT_IDX. */
  hasIndirect = false;
  hasEventIndex = false;
  readonly #dma: DmaAccess;
  #nextAvailable = 0;
  #usedIndex = 0;
  /** Used index when the driver was last interrupted or considered for it. */
  #signalledUsed = 0;
  #isSignalledValid = false;
  #isBroken = false;

  constructor(dma: DmaAccess, maxSize: number) {
    this.#dma = dma;
    this.maxSize = maxSize;
    this.size = maxSize;
  }

  get isBroken(): boolean {
    return this.#isBroken;
  }

  reset(): void {
    this.size = this.maxSize;
    this.isEnabled = false;
    this.msixVector = VIRTIO_MSI_NO_VECTOR;
    this.descriptorTable = 0;
    this.availableRing = 0;
    this.usedRing = 0;
    this.hasIndirect = false;
    this.hasEventIndex = false;
    this.#nextAvailable = 0;
    this.#usedIndex = 0;
    this.#signalledUsed = 0;
    this.#isSignalledValid = false;
    this.#isBroken = false;
  }

  /** Takes the next available chain; null when there is none, the queue is not set up, or it just broke. */
  pop(): DescriptorChain | null {
    if (!this.isEnabled || this.#isBroken) return null;
    const waiting = (this.#dma.readU16(this.availableRing + 2) - this.#nextAvailable) & 0xffff;
    if (waiting === 0) return null;
    if (waiting > this.size) return this.#break();
    const slot = this.#nextAvailable % this.size;
    const head = this.#dma.readU16(this.availableRing + 4 + slot * 2);
    const chain = head < this.size ? this.#collect(head) : null;
    if (!chain) return this.#break();
    this.#nextAvailable = (this.#nextAvailable + 1) & 0xffff;
    // Asks for a notification as soon as anything more is made available.
    if (this.hasEventIndex) this.#dma.writeU16(this.usedRing + 4 + this.size * 8, this.#nextAvailable);
    return chain;
  }

  /** Refuses everything further until reset. */
  breakNow(): void {
    this.#isBroken = true;
  }

  #break(): null {
    this.#isBroken = true;
    return null;
  }

  #collect(head: number): DescriptorChain | null {
    const readable: DescriptorRange[] = [];
    const writable: DescriptorRange[] = [];
    let table = this.descriptorTable;
    let tableSize = this.size;
    let index = head;
    let isIndirect = false;
    // A chain longer than its table has a loop in it.
    for (let seen = 0; seen < tableSize; seen++) {
      const at = table + index * descriptorLength;
      const gpa = this.#readAddress(at);
      const length = this.#dma.readU32(at + 8);
      const flags = this.#dma.readU16(at + 12);
      if (flags & VIRTQ_DESC_F_INDIRECT) {
        const entries = length / descriptorLength;
        const isLegal = this.hasIndirect && !isIndirect && (flags & VIRTQ_DESC_F_NEXT) === 0;
        if (!isLegal || !Number.isInteger(entries) || entries === 0 || entries > indirectMax) return null;
        table = gpa;
        tableSize = entries;
        index = 0;
        isIndirect = true;
        seen = -1;
        continue;
      }
      if (flags & VIRTQ_DESC_F_WRITE) writable.push({ gpa, length });
      else if (writable.length > 0) return null;
      else readable.push({ gpa, length });
      if ((flags & VIRTQ_DESC_F_NEXT) === 0) return new DescriptorChain(this.#dma, head, readable, writable);
      index = this.#dma.readU16(at + 14);
      if (index >= tableSize) return null;
    }
    return null;
  }

  #readAddress(at: number): number {
    return this.#dma.readU32(at) + this.#dma.readU32(at + 4) * 2 ** 32;
  }

  /** Gives a chain back with `writtenBytes` stored into its writable part. */
  push(chain: DescriptorChain, writtenBytes: number): void {
    if (!this.isEnabled || this.#isBroken) return;
    const at = this.usedRing + 4 + (this.#usedIndex % this.size) * 8;
    this.#dma.writeU32(at, chain.head);
    this.#dma.writeU32(at + 4, writtenBytes);
    this.#usedIndex = (this.#usedIndex + 1) & 0xffff;
    this.#dma.writeU16(this.usedRing + 2, this.#usedIndex);
  }

  /** Whether the driver wants an interrupt for what was pushed since the last call. [VIRTIO-1.2 §2.7.7] */
  takeInterruptWish(): boolean {
    if (!this.isEnabled || this.#isBroken) return false;
    const previous = this.#signalledUsed;
    const isFirst = !this.#isSignalledValid;
    if (!isFirst && previous === this.#usedIndex) return false;
    this.#signalledUsed = this.#usedIndex;
    this.#isSignalledValid = true;
    if (!this.hasEventIndex) return (this.#dma.readU16(this.availableRing) & VIRTQ_AVAIL_F_NO_INTERRUPT) === 0;
    const usedEvent = this.#dma.readU16(this.availableRing + 4 + this.size * 2);
    const sinceEvent = (this.#usedIndex - usedEvent - 1) & 0xffff;
    const pushed = (this.#usedIndex - previous) & 0xffff;
    return isFirst || sinceEvent < pushed;
  }

  save(): { [name: string]: StateValue } {
    return {
      size: this.size,
      isEnabled: this.isEnabled,
      msixVector: this.msixVector,
      descriptorTable: this.descriptorTable,
      availableRing: this.availableRing,
      usedRing: this.usedRing,
      hasIndirect: this.hasIndirect,
      hasEventIndex: this.hasEventIndex,
      nextAvailable: this.#nextAvailable,
      usedIndex: this.#usedIndex,
      signalledUsed: this.#signalledUsed,
      isSignalledValid: this.#isSignalledValid,
      isBroken: this.#isBroken,
    };
  }

  restore(reader: StateReader): void {
    this.size = reader.int('size', 1, this.maxSize);
    this.isEnabled = reader.boolean('isEnabled');
    this.msixVector = reader.u16('msixVector');
    this.descriptorTable = reader.number('descriptorTable');
    this.availableRing = reader.number('availableRing');
    this.usedRing = reader.number('usedRing');
    this.hasIndirect = reader.boolean('hasIndirect');
    this.hasEventIndex = reader.boolean('hasEventIndex');
    this.#nextAvailable = reader.u16('nextAvailable');
    this.#usedIndex = reader.u16('usedIndex');
    this.#signalledUsed = reader.u16('signalledUsed');
    this.#isSignalledValid = reader.boolean('isSignalledValid');
    this.#isBroken = reader.boolean('isBroken');
  }
}
