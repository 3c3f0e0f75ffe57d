// The execution phase of commands that touch sectors: finds them, moves them by DMA or through the FIFO, ends with the seven
// result bytes. [82077AA §5.1, §6.1] Side by side: a segment is the run of sectors wanted from one track.
import type { BlockBackend } from '../../../core/backends/block.ts';
import type { WorkQueue } from '../../../core/work-queue.ts';
import type { DeviceState, IsaDmaChannel } from '../../bus/device.ts';
import type { StateReader } from '../../bus/state-fields.ts';
import type { DiskFormat } from './disk-format.ts';
import { type FloppyDrive, sectorSize } from './floppy-drive.ts';
import { ST0_ABNORMAL, ST1_DE, ST1_EN, ST1_MA, ST1_ND, ST1_NW, ST1_OR, ST2_WC } from './registers.ts';

export type TransferKind = 'read' | 'write' | 'verify' | 'format';
const kinds: readonly TransferKind[] = ['read', 'write', 'verify', 'format'];

/** What the command asks for. Cylinder, head and sector are the address marks looked for; `track`, `side` where the head is. */
export interface TransferRequest {
  kind: TransferKind;
  drive: number;
  side: number;
  cylinder: number;
  head: number;
  sector: number;
  /** Sector size code: 2 is 512 bytes. */
  sizeCode: number;
  endOfTrack: number;
  isMultiTrack: boolean;
  isDma: boolean;
  /** VERIFY with a count: sectors left; otherwise unlimited. */
  sectorsLeft: number;
  /** FORMAT: the byte sectors are filled with. */
  filler: number;
  /** Bits for ST2 whatever happens (control mark). */
  st2: number;
}

/** What the transfer needs of the controller. */
export interface TransferHost {
  readonly work: WorkQueue;
  readonly dma: IsaDmaChannel;
  drive(index: number): FloppyDrive | null;
  rate(): number;
  activity(kind: 'read' | 'write'): void;
  logFailure(what: string, error: unknown): void;
  /** Bytes for the guest to read (dataIn) or room to fill (dataOut) through the FIFO; `moved` is called when done. */
  offerFifo(direction: 'dataIn' | 'dataOut', buffer: Uint8Array): void;
  finish(results: number[]): void;
}

export class Transfer {
  readonly request: TransferRequest;
  readonly #host: TransferHost;
  #buffer: Uint8Array = new Uint8Array(0);

  constructor(host: TransferHost, request: TransferRequest) {
    this.#host = host;
    this.request = request;
  }

  begin(): void {
    const { request } = this;
    const medium = this.#host.drive(request.drive)?.medium ?? null;
    const isWrite = request.kind === 'write' || request.kind === 'format';
    if (isWrite && medium?.isReadOnly) return this.#fail(ST1_NW);
    if (request.kind === 'format') return this.#beginFormat();
    this.#segment();
  }

  /** The FIFO buffer was emptied or filled by the guest. */
  fifoMoved(): void {
    const { kind } = this.request;
    if (kind === 'format') return this.#formatSectors(this.#buffer);
    if (kind === 'write') return this.#writeSegment(this.#buffer.length, false);
    this.#advance(this.#buffer.length / sectorSize);
    this.#next();
  }

  /** Disk, track and sectors as they really are, or the status bits that say what was not found. */
  #find(): { drive: FloppyDrive; medium: BlockBackend; format: DiskFormat } | { st1: number; st2: number } {
    const { request } = this;
    const drive = this.#host.drive(request.drive);
    const medium = drive?.medium;
    const format = drive?.format;
    const isReadable = format?.rates.includes(this.#host.rate()) && request.side < format.heads;
    if (!drive || !medium || !format || !isReadable || drive.cylinder >= format.cylinders) {
      return { st1: ST1_MA | ST1_ND, st2: 0 };
    }
    if (request.cylinder !== drive.cylinder) return { st1: ST1_ND, st2: ST2_WC };
    const isFound =
      request.head === request.side &&
      request.sizeCode === 2 &&
      request.sector >= 1 &&
      request.sector <= format.sectors;
    return isFound ? { drive, medium, format } : { st1: ST1_ND, st2: 0 };
  }

  #segment(): void {
    const found = this.#find();
    if ('st1' in found) return this.#fail(found.st1, found.st2);
    const { request } = this;
    const { drive, medium, format } = found;
    const last = Math.min(request.endOfTrack, format.sectors);
    const count = Math.max(1, Math.min(last - request.sector + 1, request.sectorsLeft));
    const start = (drive.cylinder * format.heads + request.side) * format.sectors + request.sector - 1;
    this.#buffer = new Uint8Array(count * sectorSize);
    if (request.kind === 'write') return this.#fetchSegment();
    this.#host.activity('read');
    this.#host.work.start(
      () => drive.read(medium, start, this.#buffer),
      () => this.#deliver(),
      (error) => this.#mediumFailed('read', error),
    );
  }

  #deliver(): void {
    const { request } = this;
    if (request.kind === 'verify') {
      this.#advance(this.#buffer.length / sectorSize);
      request.sectorsLeft -= this.#buffer.length / sectorSize;
      return request.sectorsLeft <= 0 ? this.#finish(0, 0, request.st2) : this.#next();
    }
    if (!request.isDma) return this.#host.offerFifo('dataIn', this.#buffer);
    const moved = this.#host.dma.toMemory(this.#buffer);
    this.#advance(Math.ceil(moved / sectorSize));
    if (this.#host.dma.isTerminalCount) return this.#finish(0, 0, request.st2);
    if (moved < this.#buffer.length) return this.#fail(ST1_OR);
    this.#next();
  }

  #fetchSegment(): void {
    if (!this.request.isDma) return this.#host.offerFifo('dataOut', this.#buffer);
    const moved = this.#host.dma.fromMemory(this.#buffer);
    const isEnd = this.#host.dma.isTerminalCount;
    if (moved === 0 || (moved < this.#buffer.length && !isEnd)) return this.#fail(ST1_OR);
    // A sector that the count ends within is filled up with zeroes.
    this.#writeSegment(Math.ceil(moved / sectorSize) * sectorSize, isEnd);
  }

  #writeSegment(length: number, isEnd: boolean): void {
    const found = this.#find();
    if ('st1' in found) return this.#fail(found.st1, found.st2);
    const { drive, medium, format } = found;
    const start = (drive.cylinder * format.heads + this.request.side) * format.sectors + this.request.sector - 1;
    let isStored = false;
    this.#host.activity('write');
    this.#host.work.start(
      async () => {
        isStored = await drive.write(medium, start, this.#buffer.subarray(0, length));
      },
      () => {
        if (!isStored) return this.#fail(ST1_ND);
        this.#advance(length / sectorSize);
        if (isEnd) return this.#finish(0, 0, this.request.st2);
        this.#next();
      },
      (error) => this.#mediumFailed('write', error),
    );
  }

  /** Moves the address past `count` sectors: at the end of the track to the other side (MT) or the next cylinder. */
  #advance(count: number): void {
    const { request } = this;
    request.sector += count;
    if (request.sector <= request.endOfTrack) return;
    request.sector = 1;
    if (request.isMultiTrack && request.head === 0) {
      request.head = 1;
      request.side = 1;
      return;
    }
    if (request.isMultiTrack) request.head = 0;
    request.cylinder = (request.cylinder + 1) & 0xff;
  }

  /** After a whole segment without terminal count: the other side, or the end of the cylinder. */
  #next(): void {
    const { request } = this;
    const drive = this.#host.drive(request.drive);
    const hasMore = request.cylinder === (drive?.cylinder ?? -1);
    if (hasMore) return this.#segment();
    // VERIFY needs no terminal count to end well.
    if (request.kind === 'verify') return this.#finish(0, 0, request.st2);
    this.#finish(ST0_ABNORMAL, ST1_EN, request.st2);
  }

  // --- FORMAT TRACK: four bytes per sector come from the guest: cylinder, head, sector, size code ----------------------

  #beginFormat(): void {
    const { request } = this;
    this.#buffer = new Uint8Array(request.endOfTrack * 4);
    if (this.#buffer.length === 0) return this.#finish(0, 0, 0);
    if (!request.isDma) return this.#host.offerFifo('dataOut', this.#buffer);
    const moved = this.#host.dma.fromMemory(this.#buffer);
    if (moved === 0) return this.#fail(ST1_OR);
    this.#formatSectors(this.#buffer.subarray(0, moved & ~3));
  }

  #formatSectors(identifiers: Uint8Array): void {
    const { request } = this;
    const drive = this.#host.drive(request.drive);
    const medium = drive?.medium;
    const format = drive?.format;
    const isWritable = format?.rates.includes(this.#host.rate()) && request.side < format.heads;
    if (!drive || !medium || !format || !isWritable || drive.cylinder >= format.cylinders) return this.#fail(ST1_MA);
    const filled = new Uint8Array(sectorSize).fill(request.filler);
    const track = (drive.cylinder * format.heads + request.side) * format.sectors;
    this.#host.activity('write');
    this.#host.work.start(
      async () => {
        for (let at = 0; at < identifiers.length; at += 4) {
          const sector = identifiers[at + 2]!;
          // The image has room for its own format's sectors only.
          if (sector >= 1 && sector <= format.sectors) await drive.write(medium, track + sector - 1, filled);
        }
      },
      () => this.#finish(0, 0, 0),
      (error) => this.#mediumFailed('format', error),
    );
  }

  // --- ends ------------------------------------------------------------------------------------------------------------

  #mediumFailed(what: string, error: unknown): void {
    this.#host.logFailure(what, error);
    this.#fail(ST1_DE);
  }

  #fail(st1: number, st2 = 0): void {
    this.#finish(ST0_ABNORMAL, st1, st2 | this.request.st2);
  }

  #finish(st0: number, st1: number, st2: number): void {
    const { drive, side, cylinder, head, sector, sizeCode } = this.request;
    this.#host.finish([st0 | (side << 2) | drive, st1, st2, cylinder, head, sector, sizeCode]);
  }

  save(): DeviceState['fields'] {
    return { ...this.request, buffer: this.#buffer.slice() };
  }

  static restore(host: TransferHost, reader: StateReader): Transfer {
    const transfer = new Transfer(host, {
      kind: reader.oneOf('kind', kinds),
      drive: reader.int('drive', 0, 3),
      side: reader.int('side', 0, 1),
      cylinder: reader.u8('cylinder'),
      head: reader.u8('head'),
      sector: reader.int('sector', 0, 0xffff),
      sizeCode: reader.u8('sizeCode'),
      endOfTrack: reader.u8('endOfTrack'),
      isMultiTrack: reader.boolean('isMultiTrack'),
      isDma: reader.boolean('isDma'),
      sectorsLeft: reader.int('sectorsLeft', 0, 0xffff),
      filler: reader.u8('filler'),
      st2: reader.u8('st2'),
    });
    transfer.#buffer = reader.bytes('buffer', { maxLength: 256 * sectorSize });
    return transfer;
  }

  /** The buffer that the FIFO is moving. */
  get buffer(): Uint8Array {
    return this.#buffer;
  }
}
