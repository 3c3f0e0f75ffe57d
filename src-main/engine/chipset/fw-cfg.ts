// The firmware configuration device [FW-CFG]: numbered items and a directory of named files that firmware reads
// through ports 510h/511h or by DMA (514h), and may write where an item allows it.
//
//   DMA descriptor, big-endian:  +0 control u32 (bits: 0 error, 1 read, 2 skip, 3 select, 4 write; 16-31 selector) | +4 length | +8 address
import type { Device, DeviceState, DmaAccess, PortIoHandler } from '../bus/device.ts';
import { StateReader } from '../bus/state-fields.ts';

const PORT_SELECTOR = 0x510;
const PORT_DATA = 0x511;
const PORT_DMA = 0x514;

export const FW_CFG_SIGNATURE = 0x00;
export const FW_CFG_ID = 0x01;
export const FW_CFG_UUID = 0x02;
export const FW_CFG_RAM_SIZE = 0x03;
export const FW_CFG_NOGRAPHIC = 0x04;
export const FW_CFG_NB_CPUS = 0x05;
export const FW_CFG_BOOT_MENU = 0x0e;
export const FW_CFG_MAX_CPUS = 0x0f;
export const FW_CFG_FILE_DIR = 0x19;
const FW_CFG_FILE_FIRST = 0x20;
const FILE_NAME_BYTES = 56;
const FILE_RECORD_BYTES = 64;
const MAX_FILES = 0x1000;

const ID_TRADITIONAL_AND_DMA = 3;
/** What reading the DMA register gives: "QEMU CFG". */
const DMA_SIGNATURE_HIGH = 0x51454d55;
const DMA_SIGNATURE_LOW = 0x20434647;
const DMA_ERROR = 1;
const DMA_READ = 2;
const DMA_SKIP = 4;
const DMA_SELECT = 8;
const DMA_WRITE = 16;
const DMA_CHUNK_BYTES = 0x10000;
/** Zeroes past an item's end that one request may ask for; more is cut off. */
const MAX_TRANSFER_BYTES = 0x1000_0000;
const STATE_VERSION = 1;

interface Item {
  bytes: Uint8Array;
  isWritable: boolean;
  onWrite?: (() => void) | undefined;
}

export class FwCfg implements Device {
  readonly id = 'fw-cfg';
  readonly #dma: DmaAccess;
  readonly #items = new Map<number, Item>();
  readonly #files: { name: string; key: number }[] = [];
  #selected = 0;
  #offset = 0;
  #dmaAddressHigh = 0;

  constructor(dma: DmaAccess, mapPorts: (base: number, count: number, handler: PortIoHandler) => void) {
    this.#dma = dma;
    this.setItem(FW_CFG_SIGNATURE, new TextEncoder().encode('QEMU'));
    this.setItem(FW_CFG_ID, Uint8Array.of(ID_TRADITIONAL_AND_DMA, 0, 0, 0));
    this.#writeDirectory();
    mapPorts(PORT_SELECTOR, 2, {
      read: (port) => (port === PORT_DATA ? this.#readByte() : 0),
      write: (port, size, value) => {
        if (port === PORT_SELECTOR && size === 2) this.#select(value);
        else if (port === PORT_DATA) this.#writeByte(value & 0xff);
      },
    });
    mapPorts(PORT_DMA, 8, {
      read: (port, size) => this.#readDmaRegister(port - PORT_DMA, size),
      write: (port, size, value) => this.#writeDmaRegister(port - PORT_DMA, size, value),
    });
  }

  /** Sets a numbered (legacy) item. */
  setItem(key: number, bytes: Uint8Array): void {
    this.#items.set(key, { bytes, isWritable: false });
  }

  /** Sets a numbered item to a little-endian integer of `size` bytes. */
  setInteger(key: number, value: number, size: 2 | 4 | 8): void {
    const bytes = new Uint8Array(8);
    new DataView(bytes.buffer).setBigUint64(0, BigInt(value), true);
    this.setItem(key, bytes.slice(0, size));
  }

  /**
   * Adds a named file, or replaces its content. The bytes are kept, not copied: a writable file changes under its owner's eyes,
   * who hears of it through `onWrite` after each write.
   */
  addFile(name: string, bytes: Uint8Array, options: { isWritable?: boolean; onWrite?: () => void } = {}): void {
    const known = this.#files.find((file) => file.name === name);
    const key = known ? known.key : FW_CFG_FILE_FIRST + this.#files.length;
    if (!known) {
      if (this.#files.length >= MAX_FILES || name.length >= FILE_NAME_BYTES) return;
      this.#files.push({ name, key });
    }
    this.#items.set(key, { bytes, isWritable: options.isWritable ?? false, onWrite: options.onWrite });
    this.#writeDirectory();
  }

  /** Content of a named file, or null. */
  file(name: string): Uint8Array | null {
    const known = this.#files.find((file) => file.name === name);
    return known ? this.#items.get(known.key)!.bytes : null;
  }

  reset(): void {
    this.#selected = 0;
    this.#offset = 0;
    this.#dmaAddressHigh = 0;
  }

  /** Item contents belong to the machine's description and are not part of the state, except files that guests write. */
  save(): DeviceState {
    const written: DeviceState['fields'] = {};
    for (const { name, key } of this.#files) {
      const item = this.#items.get(key)!;
      if (item.isWritable) written[name] = item.bytes.slice();
    }
    return {
      version: STATE_VERSION,
      fields: { selected: this.#selected, offset: this.#offset, dmaAddressHigh: this.#dmaAddressHigh, written },
    };
  }

  restore(state: DeviceState): void {
    const reader = new StateReader(state, this.id, STATE_VERSION);
    this.#selected = reader.u16('selected');
    this.#offset = reader.u32('offset');
    this.#dmaAddressHigh = reader.u32('dmaAddressHigh');
    const written = reader.record('written');
    for (const { name, key } of this.#files) {
      const item = this.#items.get(key)!;
      if (item.isWritable) item.bytes.set(written.bytes(name, item.bytes.length));
    }
  }

  #writeDirectory(): void {
    const bytes = new Uint8Array(4 + this.#files.length * FILE_RECORD_BYTES);
    const view = new DataView(bytes.buffer);
    view.setUint32(0, this.#files.length);
    const encoder = new TextEncoder();
    [...this.#files]
      .sort((a, b) => (a.name < b.name ? -1 : 1))
      .forEach((file, index) => {
        const at = 4 + index * FILE_RECORD_BYTES;
        view.setUint32(at, this.#items.get(file.key)!.bytes.length);
        view.setUint16(at + 4, file.key);
        bytes.set(encoder.encode(file.name).subarray(0, FILE_NAME_BYTES - 1), at + 8);
      });
    this.setItem(FW_CFG_FILE_DIR, bytes);
  }

  #select(key: number): void {
    this.#selected = key & 0xffff;
    this.#offset = 0;
  }

  get #item(): Item | null {
    // Bit 14 asked for write access in the first revisions of the device; it is ignored.
    return this.#items.get(this.#selected & ~0x4000) ?? null;
  }

  #readByte(): number {
    const byte = this.#item?.bytes[this.#offset] ?? 0;
    this.#advance(1);
    return byte;
  }

  #writeByte(value: number): void {
    const item = this.#item;
    if (item?.isWritable && this.#offset < item.bytes.length) {
      item.bytes[this.#offset] = value;
      item.onWrite?.();
    }
    this.#advance(1);
  }

  #advance(count: number): void {
    this.#offset = Math.min(this.#offset + count, 0xffffffff);
  }

  #readDmaRegister(offset: number, size: number): number {
    const word = offset < 4 ? DMA_SIGNATURE_HIGH : DMA_SIGNATURE_LOW;
    // The register is big-endian as a whole.
    let value = 0;
    for (let i = 0; i < size; i++) value |= ((word >>> (8 * (3 - ((offset + i) & 3)))) & 0xff) << (8 * i);
    return value >>> 0;
  }

  #writeDmaRegister(offset: number, size: number, value: number): void {
    if (size !== 4) return;
    const swapped = swap32(value);
    if (offset === 0) this.#dmaAddressHigh = swapped;
    else if (offset === 4) {
      const address = this.#dmaAddressHigh * 0x1_0000_0000 + swapped;
      this.#dmaAddressHigh = 0;
      this.#transfer(address);
    }
  }

  #transfer(descriptor: number): void {
    const control = swap32(this.#dma.readU32(descriptor));
    const length = swap32(this.#dma.readU32(descriptor + 4));
    const address =
      swap32(this.#dma.readU32(descriptor + 8)) * 0x1_0000_0000 + swap32(this.#dma.readU32(descriptor + 12));
    if (control & DMA_SELECT) this.#select(control >>> 16);
    let isFailed = false;
    if (control & DMA_READ) this.#readInto(address, length);
    else if (control & DMA_WRITE) isFailed = !this.#writeFrom(address, length);
    else if (control & DMA_SKIP) this.#advance(length);
    this.#dma.writeU32(descriptor, isFailed ? swap32(DMA_ERROR) : 0);
  }

  #readInto(address: number, length: number): void {
    const bytes = this.#item?.bytes ?? new Uint8Array(0);
    const available = Math.min(length, Math.max(bytes.length - this.#offset, 0));
    if (available > 0) this.#dma.write(address, bytes.subarray(this.#offset, this.#offset + available));
    const zeroes = new Uint8Array(Math.min(DMA_CHUNK_BYTES, Math.max(length - available, 0)));
    const end = Math.min(length, available + MAX_TRANSFER_BYTES);
    for (let at = available; at < end; at += zeroes.length)
      this.#dma.write(address + at, zeroes.subarray(0, Math.min(zeroes.length, end - at)));
    this.#advance(length);
  }

  #writeFrom(address: number, length: number): boolean {
    const item = this.#item;
    if (!item?.isWritable || this.#offset + length > item.bytes.length) return false;
    this.#dma.read(address, item.bytes.subarray(this.#offset, this.#offset + length));
    item.onWrite?.();
    this.#advance(length);
    return true;
  }
}

function swap32(value: number): number {
  return (((value & 0xff) << 24) | ((value & 0xff00) << 8) | ((value >>> 8) & 0xff00) | (value >>> 24)) >>> 0;
}
