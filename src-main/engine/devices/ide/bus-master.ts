// One channel's bus master: moves a drive's data to and from guest memory as a PRD table says. [BM-IDE-1.0]
//
// PRD: +0 memory address u32 (even) | +4 byte count u16 (even, 0 = 64 KiB) | +6 reserved, bit 15 of u16 = last entry
//
// Tables are guest data: the walk is bounded by the 64 KiB that a table may occupy.
import type { DmaAccess, StateValue } from '../../bus/device.ts';
import type { StateReader } from '../../bus/state-fields.ts';
import {
  BM_COMMAND,
  BM_COMMAND_START,
  BM_COMMAND_TO_MEMORY,
  BM_PRD_TABLE,
  BM_STATUS,
  BM_STATUS_ACTIVE,
  BM_STATUS_DRIVES_CAPABLE,
  BM_STATUS_ERROR,
  BM_STATUS_INTERRUPT,
} from './registers.ts';

/** A drive that waits for its data phase. */
export interface DmaClient {
  /** The bus master is ready: move data, then call `finish`. */
  dmaReady(): void;
}

const prdEntriesMax = 8192;

export class BusMaster {
  readonly #dma: DmaAccess;
  readonly #isEnabled: () => boolean;
  #command = 0;
  #status = 0;
  #table = 0;
  #client: DmaClient | null = null;
  /** Where the walk is: next entry, entries seen, and the rest of the current one. */
  #next = 0;
  #entries = 0;
  #address = 0;
  #left = 0;
  #isLast = false;

  constructor(dma: DmaAccess, isEnabled: () => boolean) {
    this.#dma = dma;
    this.#isEnabled = isEnabled;
  }

  get isActive(): boolean {
    return (this.#status & BM_STATUS_ACTIVE) !== 0;
  }

  reset(): void {
    this.#command = 0;
    this.#status = 0;
    this.#table = 0;
    this.#client = null;
    this.#rewind();
  }

  readByte(register: number): number {
    switch (register) {
      case BM_COMMAND:
        return this.#command;
      case BM_STATUS:
        return this.#status;
      default:
        return register >= BM_PRD_TABLE ? (this.#table >>> (8 * (register - BM_PRD_TABLE))) & 0xff : 0;
    }
  }

  writeByte(register: number, value: number): void {
    if (register === BM_COMMAND) this.#writeCommand(value);
    else if (register === BM_STATUS) {
      const cleared = value & (BM_STATUS_ERROR | BM_STATUS_INTERRUPT);
      this.#status = (this.#status & ~cleared & ~BM_STATUS_DRIVES_CAPABLE) | (value & BM_STATUS_DRIVES_CAPABLE);
    } else if (register >= BM_PRD_TABLE) {
      const shift = 8 * (register - BM_PRD_TABLE);
      this.#table = ((this.#table & ~(0xff << shift)) | (value << shift)) & ~3;
    }
  }

  #writeCommand(value: number): void {
    const wasStarted = (this.#command & BM_COMMAND_START) !== 0;
    this.#command = value & (BM_COMMAND_START | BM_COMMAND_TO_MEMORY);
    if (!(value & BM_COMMAND_START)) {
      this.#status &= ~BM_STATUS_ACTIVE;
    } else if (!wasStarted) {
      this.#status |= BM_STATUS_ACTIVE;
      this.#rewind();
      this.#begin();
    }
  }

  #rewind(): void {
    this.#next = this.#table >>> 0;
    this.#entries = 0;
    this.#address = 0;
    this.#left = 0;
    this.#isLast = false;
  }

  /** A drive reached its data phase; `dmaReady` comes as soon as the guest has started the engine. */
  request(client: DmaClient): void {
    this.#client = client;
    this.#begin();
  }

  withdraw(client: DmaClient): void {
    if (this.#client === client) this.#client = null;
  }

  #begin(): void {
    if (!this.isActive || !this.#client) return;
    if (!this.#isEnabled()) return this.#fail();
    const client = this.#client;
    this.#client = null;
    client.dmaReady();
  }

  #fail(): void {
    this.#status = (this.#status & ~BM_STATUS_ACTIVE) | BM_STATUS_ERROR;
  }

  /** Copies drive data to memory; returns how much fitted before the table ended. */
  toMemory(source: Uint8Array): number {
    return this.#walk(source.length, (gpa, from, length) => {
      this.#dma.write(gpa, source.subarray(from, from + length));
    });
  }

  /** Fills `target` from memory; returns how much the table covered. */
  fromMemory(target: Uint8Array): number {
    return this.#walk(target.length, (gpa, from, length) => {
      this.#dma.read(gpa, target.subarray(from, from + length));
    });
  }

  #walk(length: number, move: (gpa: number, from: number, length: number) => void): number {
    let done = 0;
    while (done < length) {
      if (this.#left === 0 && !this.#loadEntry()) break;
      const step = Math.min(this.#left, length - done);
      move(this.#address, done, step);
      this.#address += step;
      this.#left -= step;
      done += step;
    }
    return done;
  }

  #loadEntry(): boolean {
    if (this.#isLast || this.#entries >= prdEntriesMax) return false;
    const control = this.#dma.readU32(this.#next + 4);
    this.#address = (this.#dma.readU32(this.#next) & ~1) >>> 0;
    this.#left = control & 0xfffe || 0x10000;
    this.#isLast = control >>> 31 !== 0;
    this.#next += 8;
    this.#entries++;
    return true;
  }

  /** The drive's transfer is over. A table that is used up ends the engine; a longer one leaves it active, as the specification's status table has it. */
  finish(): void {
    if (this.#left === 0 && this.#isLast) this.#status &= ~BM_STATUS_ACTIVE;
  }

  /** The table ended before the drive's data did: not active, and no interrupt comes. */
  tableTooShort(): void {
    this.#status &= ~BM_STATUS_ACTIVE;
  }

  /** The drive's interrupt line rose. */
  interruptRose(): void {
    this.#status |= BM_STATUS_INTERRUPT;
  }

  save(): { [name: string]: StateValue } {
    return {
      command: this.#command,
      status: this.#status,
      table: this.#table >>> 0,
      nextEntry: this.#next,
      entries: this.#entries,
      address: this.#address,
      left: this.#left,
      isLast: this.#isLast,
    };
  }

  restore(reader: StateReader): void {
    this.#client = null;
    this.#command = reader.u8('command');
    this.#status = reader.u8('status');
    this.#table = reader.u32('table') | 0;
    this.#next = reader.int('nextEntry', 0, 2 ** 33);
    this.#entries = reader.int('entries', 0, prdEntriesMax);
    this.#address = reader.int('address', 0, 2 ** 33);
    this.#left = reader.int('left', 0, 0x10000);
    this.#isLast = reader.boolean('isLast');
  }
}
