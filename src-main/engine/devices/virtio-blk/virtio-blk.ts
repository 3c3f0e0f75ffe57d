// A paravirtual disk over a block backend, many requests in flight. [VIRTIO-1.2 §5.2]
// Not modelled: several queues, zoned devices, lifetime and secure erase commands.
import type { BlockBackend } from '../../../core/backends/block.ts';
import type { Logger } from '../../../core/logger.ts';
import type { DeviceState } from '../../bus/device.ts';
import type { StateReader } from '../../bus/state-fields.ts';
import type { DescriptorChain } from '../../virtio/descriptor-chain.ts';
import type { VirtioLink, VirtioModel } from '../../virtio/virtio-model.ts';
import {
  CONFIG,
  rangeFlagUnmap,
  rangeLength,
  requestHeaderLength,
  VIRTIO_BLK_F_BLK_SIZE,
  VIRTIO_BLK_F_CONFIG_WCE,
  VIRTIO_BLK_F_DISCARD,
  VIRTIO_BLK_F_FLUSH,
  VIRTIO_BLK_F_RO,
  VIRTIO_BLK_F_SEG_MAX,
  VIRTIO_BLK_F_WRITE_ZEROES,
  VIRTIO_BLK_ID_BYTES,
  VIRTIO_BLK_S_IOERR,
  VIRTIO_BLK_S_OK,
  VIRTIO_BLK_S_UNSUPP,
  VIRTIO_BLK_T_DISCARD,
  VIRTIO_BLK_T_FLUSH,
  VIRTIO_BLK_T_GET_ID,
  VIRTIO_BLK_T_IN,
  VIRTIO_BLK_T_OUT,
  VIRTIO_BLK_T_WRITE_ZEROES,
  VIRTIO_ID_BLOCK,
} from './registers.ts';

const queueSize = 256;
const sectorSize = 512;
/** A request of any size is moved in pieces of this, so that a guest cannot make the host allocate what it claims. */
const pieceBytes = 256 * 1024;
const rangeSectorsMax = 1 << 22;
const rangesMax = 64;
/** Requests under way, with those that resets have disowned: a guest that resets in a loop waits instead of piling up work. */
const inFlightMax = 2 * queueSize;

/** Outcome of one request: bytes stored before the status byte, and the status. */
interface Outcome {
  written: number;
  status: number;
}

interface Environment {
  serial: string;
  readOnly: boolean;
  log: Logger;
  activity(kind: 'read' | 'write'): void;
}

export class VirtioBlk implements VirtioModel {
  readonly virtioDeviceId = VIRTIO_ID_BLOCK;
  /** Mass storage, SCSI: what QEMU's has, and what firmware looks for. */
  readonly classCode = 0x010000;
  readonly queueSizes = [queueSize];
  readonly features: bigint;
  readonly #id: string;
  readonly #isReadOnly: boolean;
  readonly #medium: BlockBackend;
  readonly #environment: Environment;
  #link: VirtioLink | null = null;
  #isWriteback = true;
  #generation = 0;
  /** Requests of this generation under way. */
  #currentRequests = 0;
  #isThrottled = false;
  readonly #inFlight = new Set<Promise<void>>();

  constructor(id: string, medium: BlockBackend, environment: Environment) {
    this.#id = id;
    this.#medium = medium;
    this.#isReadOnly = environment.readOnly || medium.isReadOnly;
    this.#environment = environment;
    const offered = [VIRTIO_BLK_F_SEG_MAX, VIRTIO_BLK_F_BLK_SIZE, VIRTIO_BLK_F_FLUSH, VIRTIO_BLK_F_CONFIG_WCE];
    if (this.#isReadOnly) offered.push(VIRTIO_BLK_F_RO);
    else offered.push(VIRTIO_BLK_F_WRITE_ZEROES);
    if (medium.discard && !this.#isReadOnly) offered.push(VIRTIO_BLK_F_DISCARD);
    this.features = offered.reduce((bits, bit) => bits | (1n << bit), 0n);
  }

  attach(link: VirtioLink): void {
    this.#link = link;
  }

  get #capacitySectors(): number {
    return Math.floor(this.#medium.capacityBytes / sectorSize);
  }

  configuration(): Uint8Array {
    const bytes = new Uint8Array(CONFIG.length);
    const view = new DataView(bytes.buffer);
    view.setBigUint64(CONFIG.capacity, BigInt(this.#capacitySectors), true);
    view.setUint32(CONFIG.seg_max, queueSize - 2, true);
    view.setUint32(CONFIG.blk_size, this.#medium.blockSize, true);
    view.setUint8(CONFIG.writeback, this.#isWriteback ? 1 : 0);
    view.setUint32(CONFIG.max_discard_sectors, rangeSectorsMax, true);
    view.setUint32(CONFIG.max_discard_seg, rangesMax, true);
    view.setUint32(CONFIG.discard_sector_alignment, this.#medium.blockSize / sectorSize, true);
    view.setUint32(CONFIG.max_write_zeroes_sectors, rangeSectorsMax, true);
    view.setUint32(CONFIG.max_write_zeroes_seg, rangesMax, true);
    view.setUint8(CONFIG.write_zeroes_may_unmap, this.#medium.discard ? 1 : 0);
    return bytes;
  }

  writeConfiguration(offset: number, value: number): void {
    if (offset === CONFIG.writeback) this.#isWriteback = (value & 1) !== 0;
  }

  /** Starts everything that is available. */
  notify(): void {
    const link = this.#link;
    if (!link) return;
    const queue = link.queue(0);
    this.#isThrottled = this.#inFlight.size >= inFlightMax;
    while (!this.#isThrottled) {
      const chain = queue.pop();
      if (!chain) break;
      // Every request brings a header and room for a status: without them there is no way to answer. More requests than
      // descriptors exist means that the driver offered one twice.
      const isAnswerable = chain.readableBytes >= requestHeaderLength && chain.writableBytes >= 1;
      if (!isAnswerable || this.#currentRequests >= queueSize) return link.needsReset(queue);
      this.#begin(link, chain);
      this.#isThrottled = this.#inFlight.size >= inFlightMax;
    }
    if (queue.isBroken) link.needsReset(queue);
  }

  #begin(link: VirtioLink, chain: DescriptorChain): void {
    const generation = this.#generation;
    const isCurrent = (): boolean => generation === this.#generation;
    this.#currentRequests++;
    const work = this.#serve(link, chain, isCurrent)
      .catch((error: unknown): Outcome => {
        this.#environment.log.limited(`${this.#id}.io`, 'error', `${this.#id}: ${String(error)}`);
        return { written: 0, status: VIRTIO_BLK_S_IOERR };
      })
      .then(({ written, status }) => {
        this.#inFlight.delete(work);
        if (isCurrent()) {
          this.#currentRequests--;
          // The status is the last writable byte, wherever the data ended.
          chain.write(chain.writableBytes - 1, Uint8Array.of(status));
          link.complete(link.queue(0), chain, written + 1);
        }
        if (this.#isThrottled) this.notify();
      });
    this.#inFlight.add(work);
  }

  async #serve(link: VirtioLink, chain: DescriptorChain, isCurrent: () => boolean): Promise<Outcome> {
    const header = new Uint8Array(requestHeaderLength);
    chain.read(0, header);
    const view = new DataView(header.buffer);
    const type = view.getUint32(0, true);
    const sector = view.getUint32(8, true) + view.getUint32(12, true) * 2 ** 32;
    switch (type) {
      case VIRTIO_BLK_T_IN:
        return await this.#read(chain, sector, isCurrent);
      case VIRTIO_BLK_T_OUT:
        return await this.#write(link, chain, sector, isCurrent);
      case VIRTIO_BLK_T_FLUSH:
        await this.#medium.flush();
        return { written: 0, status: VIRTIO_BLK_S_OK };
      case VIRTIO_BLK_T_GET_ID:
        return this.#getId(chain);
      case VIRTIO_BLK_T_DISCARD:
      case VIRTIO_BLK_T_WRITE_ZEROES:
        return await this.#eraseRanges(chain, type, isCurrent);
      default:
        return { written: 0, status: VIRTIO_BLK_S_UNSUPP };
    }
  }

  #isInside(sector: number, bytes: number): boolean {
    const offset = sector * sectorSize;
    const { blockSize, capacityBytes } = this.#medium;
    return offset % blockSize === 0 && bytes % blockSize === 0 && offset + bytes <= capacityBytes;
  }

  async #read(chain: DescriptorChain, sector: number, isCurrent: () => boolean): Promise<Outcome> {
    const length = chain.writableBytes - 1;
    if (!this.#isInside(sector, length)) return { written: 0, status: VIRTIO_BLK_S_IOERR };
    this.#environment.activity('read');
    const piece = new Uint8Array(Math.min(length, pieceBytes));
    for (let done = 0; done < length && isCurrent(); ) {
      const target = piece.subarray(0, Math.min(piece.length, length - done));
      await this.#medium.read(sector * sectorSize + done, target);
      if (isCurrent()) chain.write(done, target);
      done += target.length;
    }
    return { written: length, status: VIRTIO_BLK_S_OK };
  }

  async #write(link: VirtioLink, chain: DescriptorChain, sector: number, isCurrent: () => boolean): Promise<Outcome> {
    const length = chain.readableBytes - requestHeaderLength;
    if (this.#isReadOnly || !this.#isInside(sector, length)) return { written: 0, status: VIRTIO_BLK_S_IOERR };
    this.#environment.activity('write');
    const piece = new Uint8Array(Math.min(length, pieceBytes));
    for (let done = 0; done < length && isCurrent(); ) {
      const source = piece.subarray(0, Math.min(piece.length, length - done));
      chain.read(requestHeaderLength + done, source);
      await this.#medium.write(sector * sectorSize + done, source);
      done += source.length;
    }
    // A driver that cannot flush, or that asked for write-through, counts on finished writes being safe. [VIRTIO-1.2 §5.2.6.2]
    if (!this.#isWriteback || !link.hasFeature(VIRTIO_BLK_F_FLUSH)) await this.#medium.flush();
    return { written: 0, status: VIRTIO_BLK_S_OK };
  }

  #getId(chain: DescriptorChain): Outcome {
    const id = new Uint8Array(Math.min(VIRTIO_BLK_ID_BYTES, chain.writableBytes - 1));
    const { serial } = this.#environment;
    for (let i = 0; i < Math.min(id.length, serial.length); i++) id[i] = serial.charCodeAt(i) & 0x7f;
    chain.write(0, id);
    return { written: id.length, status: VIRTIO_BLK_S_OK };
  }

  async #eraseRanges(chain: DescriptorChain, type: number, isCurrent: () => boolean): Promise<Outcome> {
    const isDiscard = type === VIRTIO_BLK_T_DISCARD;
    if (this.#isReadOnly || (isDiscard && !this.#medium.discard)) {
      return { written: 0, status: this.#isReadOnly ? VIRTIO_BLK_S_IOERR : VIRTIO_BLK_S_UNSUPP };
    }
    const ranges = this.#readRanges(chain, isDiscard);
    if (!ranges) return { written: 0, status: VIRTIO_BLK_S_IOERR };
    this.#environment.activity('write');
    for (const { offset, length, mayUnmap } of ranges) {
      if (!isCurrent()) break;
      if (this.#medium.discard && (isDiscard || mayUnmap)) await this.#medium.discard(offset, length);
      else await this.#zero(offset, length, isCurrent);
    }
    return { written: 0, status: VIRTIO_BLK_S_OK };
  }

  /** All ranges, or null if one is beyond the limits we announce. */
  #readRanges(
    chain: DescriptorChain,
    isDiscard: boolean,
  ): { offset: number; length: number; mayUnmap: boolean }[] | null {
    const count = (chain.readableBytes - requestHeaderLength) / rangeLength;
    if (!Number.isInteger(count) || count > rangesMax) return null;
    const bytes = new Uint8Array(count * rangeLength);
    chain.read(requestHeaderLength, bytes);
    const view = new DataView(bytes.buffer);
    const ranges: { offset: number; length: number; mayUnmap: boolean }[] = [];
    for (let at = 0; at < bytes.length; at += rangeLength) {
      const sector = view.getUint32(at, true) + view.getUint32(at + 4, true) * 2 ** 32;
      const sectors = view.getUint32(at + 8, true);
      const flags = view.getUint32(at + 12, true);
      const hasUnknownFlag = (flags & ~(isDiscard ? 0 : rangeFlagUnmap)) !== 0;
      if (hasUnknownFlag || sectors > rangeSectorsMax || !this.#isInside(sector, sectors * sectorSize)) return null;
      ranges.push({
        offset: sector * sectorSize,
        length: sectors * sectorSize,
        mayUnmap: (flags & rangeFlagUnmap) !== 0,
      });
    }
    return ranges;
  }

  async #zero(offset: number, length: number, isCurrent: () => boolean): Promise<void> {
    const zeroes = new Uint8Array(Math.min(length, pieceBytes));
    for (let done = 0; done < length && isCurrent(); done += zeroes.length) {
      await this.#medium.write(offset + done, zeroes.subarray(0, Math.min(zeroes.length, length - done)));
    }
  }

  reset(): void {
    this.#generation++;
    this.#currentRequests = 0;
    this.#isWriteback = true;
  }

  async quiesce(): Promise<void> {
    while (this.#inFlight.size > 0) await Promise.all(this.#inFlight);
  }

  save(): DeviceState['fields'] {
    return { isWriteback: this.#isWriteback };
  }

  restore(reader: StateReader): void {
    this.#isWriteback = reader.boolean('isWriteback');
  }
}
