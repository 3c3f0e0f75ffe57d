// A parallel NOR flash with the Intel command set and CFI query [CFI, 28F640J3], 8 bits wide, 4 KiB
// blocks: what UEFI firmware keeps its variables in. In read-array mode the guest reads it as plain memory; any command makes
// reads come here until the guest returns to read-array. Erasing and programming take no time.
import type { Device, DeviceMemory, DeviceState, Mapping, MmioHandler } from '../bus/device.ts';
import { openBus } from '../bus/port-bus.ts';
import { StateReader } from '../bus/state-fields.ts';

export const FLASH_BLOCK_BYTES = 0x1000;
const BUFFER_BYTES = 64;

const CMD_READ_ARRAY = 0xff;
const CMD_READ_ID = 0x90;
const CMD_CFI_QUERY = 0x98;
const CMD_READ_STATUS = 0x70;
const CMD_CLEAR_STATUS = 0x50;
const CMD_PROGRAM = 0x40;
const CMD_PROGRAM_ALTERNATE = 0x10;
const CMD_BLOCK_ERASE = 0x20;
const CMD_LOCK = 0x60;
const CMD_BUFFERED_PROGRAM = 0xe8;
const CMD_CONFIRM = 0xd0;

const STATUS_READY = 0x80;
const STATUS_ERASE_ERROR = 0x20;
const STATUS_PROGRAM_ERROR = 0x10;

const MANUFACTURER = 0x89;
const DEVICE_CODE = 0x18;
const STATE_VERSION = 1;

const MODES = ['array', 'status', 'id', 'cfi'] as const;
type Mode = (typeof MODES)[number];
const CYCLES = ['command', 'program', 'erase', 'lock', 'bufferCount', 'bufferData', 'bufferConfirm'] as const;
type Cycle = (typeof CYCLES)[number];

export interface FlashOptions {
  id: string;
  gpa: number;
  memory: DeviceMemory;
  mapMmio(gpa: number, lengthBytes: number, handler: MmioHandler): Mapping;
  /** Read-only flash answers commands but refuses to erase or program. */
  isWritable: boolean;
  /** Content changed in [startByte, endByte): for the owner to write back. */
  onChanged?: (startByte: number, endByte: number) => void;
}

export class Flash implements Device {
  readonly id: string;
  readonly #options: FlashOptions;
  readonly #cfi: Uint8Array;
  readonly #buffer = new Uint8Array(BUFFER_BYTES);
  #mode: Mode = 'array';
  #cycle: Cycle = 'command';
  #status = STATUS_READY;
  #bufferStart = 0;
  #bufferLength = 0;
  #bufferExpected = 0;

  constructor(options: FlashOptions) {
    this.id = options.id;
    this.#options = options;
    this.#cfi = cfiTable(options.memory.bytes.length);
    options.mapMmio(options.gpa, options.memory.bytes.length, {
      read: (offset, size) => this.#read(offset, size),
      write: (offset, size, value) => {
        for (let i = 0; i < size; i++) this.#write(offset + i, (value >>> (8 * i)) & 0xff);
      },
    });
    this.#place();
  }

  reset(): void {
    this.#mode = 'array';
    this.#cycle = 'command';
    this.#status = STATUS_READY;
    this.#bufferLength = 0;
    this.#bufferExpected = 0;
    this.#place();
  }

  /** The content itself is kept by whoever owns the image file; a saved state carries it all the same, to match RAM. */
  save(): DeviceState {
    return {
      version: STATE_VERSION,
      fields: {
        mode: this.#mode,
        cycle: this.#cycle,
        status: this.#status,
        buffer: this.#buffer.slice(),
        bufferStart: this.#bufferStart,
        bufferLength: this.#bufferLength,
        bufferExpected: this.#bufferExpected,
        content: this.#options.isWritable ? this.#options.memory.bytes.slice() : new Uint8Array(0),
      },
    };
  }

  restore(state: DeviceState): void {
    const reader = new StateReader(state, this.id, STATE_VERSION);
    this.#mode = reader.oneOf('mode', MODES);
    this.#cycle = reader.oneOf('cycle', CYCLES);
    this.#status = reader.u8('status');
    this.#buffer.set(reader.bytes('buffer', BUFFER_BYTES));
    this.#bufferStart = reader.u32('bufferStart');
    this.#bufferLength = reader.int('bufferLength', 0, BUFFER_BYTES);
    this.#bufferExpected = reader.int('bufferExpected', 0, BUFFER_BYTES);
    const { memory, isWritable } = this.#options;
    const content = reader.bytes('content', isWritable ? memory.bytes.length : 0);
    if (isWritable) {
      memory.bytes.set(content);
      this.#options.onChanged?.(0, content.length);
    }
    this.#place();
  }

  #place(): void {
    const isArray = this.#mode === 'array';
    this.#options.memory.mapAt(isArray ? this.#options.gpa : null, { writable: false, logDirty: false });
  }

  #enter(mode: Mode): void {
    if (mode === this.#mode) return;
    this.#mode = mode;
    this.#place();
  }

  #read(offset: number, size: number): number {
    let value = 0;
    for (let i = 0; i < size; i++) value |= this.#readByte(offset + i) << (8 * i);
    return value >>> 0;
  }

  #readByte(offset: number): number {
    switch (this.#mode) {
      case 'array':
        return this.#options.memory.bytes[offset] ?? openBus(1);
      case 'status':
        return this.#status;
      case 'id':
        return [MANUFACTURER, DEVICE_CODE][offset & 0xff] ?? 0;
      case 'cfi':
        return this.#cfi[offset & 0xff] ?? 0;
    }
  }

  #write(offset: number, value: number): void {
    const cycle = this.#cycle;
    this.#cycle = 'command';
    switch (cycle) {
      case 'command':
        this.#command(offset, value);
        return;
      case 'program':
        this.#program(offset, Uint8Array.of(value));
        return;
      case 'erase':
        if (value === CMD_CONFIRM) this.#erase(offset);
        else this.#status |= STATUS_ERASE_ERROR | STATUS_PROGRAM_ERROR;
        return;
      case 'lock':
        // Block locks are accepted and have no effect.
        return;
      case 'bufferCount':
        this.#bufferLength = 0;
        this.#bufferExpected = Math.min(value + 1, BUFFER_BYTES);
        this.#cycle = 'bufferData';
        return;
      case 'bufferData':
        if (this.#bufferLength === 0) this.#bufferStart = offset;
        this.#buffer[this.#bufferLength++] = value;
        this.#cycle = this.#bufferLength >= this.#bufferExpected ? 'bufferConfirm' : 'bufferData';
        return;
      case 'bufferConfirm':
        if (value === CMD_CONFIRM) this.#program(this.#bufferStart, this.#buffer.subarray(0, this.#bufferLength));
        else this.#status |= STATUS_PROGRAM_ERROR;
        return;
    }
  }

  #command(offset: number, value: number): void {
    switch (value) {
      case CMD_READ_ARRAY:
      case 0x00:
      case 0xf0:
        this.#enter('array');
        return;
      case CMD_READ_ID:
        this.#enter('id');
        return;
      case CMD_CFI_QUERY:
        this.#enter('cfi');
        return;
      case CMD_READ_STATUS:
        this.#enter('status');
        return;
      case CMD_CLEAR_STATUS:
        // UEFI firmware for QEMU recognises the flash by this very zero; the ready bit comes back with the next operation.
        this.#status = 0;
        return;
      case CMD_PROGRAM:
      case CMD_PROGRAM_ALTERNATE:
        this.#cycle = 'program';
        break;
      case CMD_BLOCK_ERASE:
        this.#cycle = 'erase';
        break;
      case CMD_LOCK:
        this.#cycle = 'lock';
        break;
      case CMD_BUFFERED_PROGRAM:
        this.#bufferStart = offset;
        this.#cycle = 'bufferCount';
        break;
      default:
        return;
    }
    this.#status |= STATUS_READY;
    this.#enter('status');
  }

  /** Programming can only clear bits. */
  #program(offset: number, data: Uint8Array): void {
    const { bytes } = this.#options.memory;
    if (!this.#options.isWritable || offset + data.length > bytes.length) {
      this.#status |= STATUS_PROGRAM_ERROR;
      return;
    }
    for (let i = 0; i < data.length; i++) bytes[offset + i]! &= data[i]!;
    this.#options.onChanged?.(offset, offset + data.length);
  }

  #erase(offset: number): void {
    if (!this.#options.isWritable) {
      this.#status |= STATUS_ERASE_ERROR;
      return;
    }
    const start = offset - (offset % FLASH_BLOCK_BYTES);
    this.#options.memory.bytes.fill(0xff, start, start + FLASH_BLOCK_BYTES);
    this.#options.onChanged?.(start, start + FLASH_BLOCK_BYTES);
  }
}

/** The query structure [CFI §3]: identification, voltages and times, geometry with one erase region, Intel extended table. */
function cfiTable(sizeBytes: number): Uint8Array {
  const table = new Uint8Array(0x40);
  const blocks = Math.ceil(sizeBytes / FLASH_BLOCK_BYTES) - 1;
  table.set([0x51, 0x52, 0x59, 0x01, 0x00, 0x31, 0x00], 0x10);
  table.set([0x45, 0x55, 0x00, 0x00, 0x07, 0x07, 0x0a, 0x00, 0x04, 0x04, 0x04, 0x00], 0x1b);
  table.set([Math.ceil(Math.log2(sizeBytes)), 0x02, 0x00, Math.log2(BUFFER_BYTES), 0x00, 0x01], 0x27);
  table.set([blocks & 0xff, blocks >> 8, (FLASH_BLOCK_BYTES >> 8) & 0xff, FLASH_BLOCK_BYTES >> 16], 0x2d);
  table.set([0x50, 0x52, 0x49, 0x31, 0x30], 0x31);
  return table;
}
