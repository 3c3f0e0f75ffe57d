// A hard disk: the ATA command set over a block backend. [ATA8-ACS], [ATAPI-6]
// Not modelled: SMART, security, host protected area changes, power states beyond answering, queued commands; those abort.
import type { BlockBackend } from '../../../core/backends/block.ts';
import type { StateValue } from '../../bus/device.ts';
import type { StateReader } from '../../bus/state-fields.ts';
import { chunkBytes, Drive, type DrivePort } from './drive.ts';
import { type Geometry, identifyDevice, multipleMax, trimBlocksMax } from './identify.ts';
import { ABRT, COMMAND, DIAGNOSTIC_PASSED, DRDY, DSC, IDNF, UNC } from './registers.ts';

const sectorSize = 512;
const chunkSectors = chunkBytes / sectorSize;
const defaultTransferMode = 0x45;

/** The transfer under way. */
interface Transfer {
  kind: 'none' | 'identify' | 'read' | 'write' | 'verify' | 'trim';
  /** Next sector to reach the medium (read: to leave the drive). */
  lba: number;
  /** Sectors not yet moved, counted like `lba`. */
  remaining: number;
  /** Sectors in one DRQ block. */
  blockSectors: number;
  is48: boolean;
}

const noTransfer: Readonly<Transfer> = { kind: 'none', lba: 0, remaining: 0, blockSectors: 1, is48: false };

export class AtaDrive extends Drive {
  readonly #medium: BlockBackend;
  readonly #serial: string;
  readonly #capacitySectors: number;
  readonly #defaultGeometry: Geometry;
  #geometry: Geometry;
  #multipleCount = 0;
  #transferMode = defaultTransferMode;
  #isWriteCacheOn = true;
  #transfer: Transfer = { ...noTransfer };

  constructor(port: DrivePort, medium: BlockBackend, serial: string) {
    super(port);
    this.#medium = medium;
    this.#serial = serial;
    this.#capacitySectors = Math.min(Math.floor(medium.capacityBytes / sectorSize), 2 ** 48 - 1);
    const cylinders = Math.min(16383, Math.max(1, Math.floor(this.#capacitySectors / (16 * 63))));
    this.#defaultGeometry = { cylinders, heads: 16, sectors: 63 };
    this.#geometry = this.#defaultGeometry;
    this.presentSignature();
  }

  /** Power-on values for what a software reset keeps. */
  hardReset(): void {
    this.#multipleCount = 0;
    this.#transferMode = defaultTransferMode;
    this.#isWriteCacheOn = true;
    this.#geometry = this.#defaultGeometry;
    this.taskFile.clear();
    this.endReset();
  }

  protected override presentSignature(): void {
    this.#transfer = { ...noTransfer };
    this.taskFile.setSignature(0, 0);
    this.setRegisters(DRDY | DSC, DIAGNOSTIC_PASSED);
  }

  // hot path: opcode dispatch.
  override execute(command: number): void {
    const { taskFile } = this;
    switch (command) {
      case COMMAND.READ_SECTORS:
      case COMMAND.READ_SECTORS_NORETRY:
        return this.#startRead(false, 1);
      case COMMAND.READ_SECTORS_EXT:
        return this.#startRead(true, 1);
      case COMMAND.READ_MULTIPLE:
        return this.#startRead(false, this.#multipleCount);
      case COMMAND.READ_MULTIPLE_EXT:
        return this.#startRead(true, this.#multipleCount);
      case COMMAND.WRITE_SECTORS:
      case COMMAND.WRITE_SECTORS_NORETRY:
      case COMMAND.WRITE_VERIFY:
        return this.#startWrite(false, 1);
      case COMMAND.WRITE_SECTORS_EXT:
        return this.#startWrite(true, 1);
      case COMMAND.WRITE_MULTIPLE:
        return this.#startWrite(false, this.#multipleCount);
      case COMMAND.WRITE_MULTIPLE_EXT:
        return this.#startWrite(true, this.#multipleCount);
      case COMMAND.READ_DMA:
      case COMMAND.READ_DMA_NORETRY:
        return this.#startDma('read', false);
      case COMMAND.READ_DMA_EXT:
        return this.#startDma('read', true);
      case COMMAND.WRITE_DMA:
      case COMMAND.WRITE_DMA_NORETRY:
        return this.#startDma('write', false);
      case COMMAND.WRITE_DMA_EXT:
        return this.#startDma('write', true);
      case COMMAND.READ_VERIFY:
      case COMMAND.READ_VERIFY_NORETRY:
        return this.#startVerify(false);
      case COMMAND.READ_VERIFY_EXT:
        return this.#startVerify(true);
      case COMMAND.DATA_SET_MANAGEMENT:
        return this.#startTrim();
      case COMMAND.FLUSH_CACHE:
      case COMMAND.FLUSH_CACHE_EXT:
        return this.#flushThenComplete();
      case COMMAND.IDENTIFY_DEVICE:
        return this.#identify();
      case COMMAND.SET_FEATURES:
        return this.#setFeatures();
      case COMMAND.SET_MULTIPLE_MODE:
        return this.#setMultipleMode();
      case COMMAND.INITIALIZE_DEVICE_PARAMETERS:
        return this.#initializeDeviceParameters();
      case COMMAND.READ_NATIVE_MAX:
        taskFile.setLba28(Math.min(this.#capacitySectors, 0x10000000) - 1);
        return this.complete();
      case COMMAND.READ_NATIVE_MAX_EXT:
        taskFile.setLba48(this.#capacitySectors - 1);
        return this.complete();
      case COMMAND.CHECK_POWER_MODE:
      case COMMAND.CHECK_POWER_MODE_OLD:
        // FFh: active or idle.
        taskFile.count = 0xff;
        return this.complete();
      case COMMAND.STANDBY_IMMEDIATE:
      case COMMAND.STANDBY_IMMEDIATE_OLD:
      case COMMAND.STANDBY:
      case COMMAND.STANDBY_OLD:
      case COMMAND.SLEEP:
      case COMMAND.SLEEP_OLD:
        // What was cached reaches the platters before the motor stops.
        return this.#flushThenComplete();
      case COMMAND.IDLE_IMMEDIATE:
      case COMMAND.IDLE_IMMEDIATE_OLD:
      case COMMAND.IDLE:
      case COMMAND.IDLE_OLD:
        return this.complete();
      default:
        if (command >> 4 === COMMAND.RECALIBRATE >> 4) return this.complete();
        if (command >> 4 === COMMAND.SEEK >> 4) return this.#seek();
        return this.fail(ABRT);
    }
  }

  // --- addresses -------------------------------------------------------------------------------------------------------

  /** The sector that the registers name, or null if a CHS address lies outside the current geometry. */
  #address(is48: boolean): number | null {
    const { taskFile } = this;
    if (is48) return taskFile.lba48;
    if (taskFile.isLba) return taskFile.lba28;
    const { heads, sectors, cylinders } = this.#geometry;
    const cylinder = (taskFile.lbaHigh << 8) | taskFile.lbaMid;
    const head = taskFile.device & 0x0f;
    const sector = taskFile.lbaLow;
    if (cylinder >= cylinders || head >= heads || sector === 0 || sector > sectors) return null;
    return (cylinder * heads + head) * sectors + sector - 1;
  }

  #showAddress(lba: number, is48: boolean): void {
    const { taskFile } = this;
    if (is48) return taskFile.setLba48(lba);
    if (taskFile.isLba) return taskFile.setLba28(lba);
    const { heads, sectors } = this.#geometry;
    const track = Math.floor(lba / sectors);
    const cylinder = Math.floor(track / heads);
    taskFile.lbaLow = (lba % sectors) + 1;
    taskFile.lbaMid = cylinder & 0xff;
    taskFile.lbaHigh = (cylinder >>> 8) & 0xff;
    taskFile.device = (taskFile.device & 0xf0) | (track % heads);
  }

  /** Reads address and count from the registers; answers out-of-range ones itself and returns false. */
  #beginTransfer(kind: Transfer['kind'], is48: boolean, blockSectors: number): boolean {
    if (blockSectors === 0) {
      this.fail(ABRT);
      return false;
    }
    const lba = this.#address(is48);
    const count = is48 ? this.taskFile.count48 : this.taskFile.count28;
    if (lba === null || lba + count > this.#capacitySectors) {
      this.fail(IDNF);
      return false;
    }
    this.#transfer = { kind, lba, remaining: count, blockSectors, is48 };
    this.position = 0;
    this.blockEnd = 0;
    this.bufferEnd = 0;
    return true;
  }

  #endTransfer(): void {
    const { lba, is48 } = this.#transfer;
    this.#showAddress(lba - 1, is48);
    this.taskFile.count = 0;
    this.taskFile.countHob = 0;
    this.#transfer = { ...noTransfer };
  }

  #mediumFailed(what: string, errorBits: number, error: unknown): void {
    const { lba, remaining, is48 } = this.#transfer;
    this.port.logFailure(what, error);
    this.#showAddress(lba, is48);
    this.taskFile.count = remaining & 0xff;
    if (is48) this.taskFile.countHob = remaining >>> 8;
    this.#transfer = { ...noTransfer };
    this.fail(errorBits);
  }

  // --- PIO -------------------------------------------------------------------------------------------------------------

  #startRead(is48: boolean, blockSectors: number): void {
    if (this.#beginTransfer('read', is48, blockSectors)) this.#readChunk();
  }

  #readChunk(): void {
    const { lba, remaining } = this.#transfer;
    const length = Math.min(remaining, chunkSectors) * sectorSize;
    const target = this.buffer.subarray(0, length);
    this.setBusy();
    this.port.activity('read');
    this.start(
      () => this.#medium.read(lba * sectorSize, target),
      () => {
        this.position = 0;
        this.bufferEnd = length;
        this.#presentRead();
      },
      (error) => this.#mediumFailed('read', UNC, error),
    );
  }

  #presentRead(): void {
    this.presentBlock('dataIn', Math.min(this.position + this.#transfer.blockSectors * sectorSize, this.bufferEnd));
    this.raiseInterrupt();
  }

  #startWrite(is48: boolean, blockSectors: number): void {
    if (this.#medium.isReadOnly) return this.fail(ABRT);
    // The first block is asked for without an interrupt.
    if (this.#beginTransfer('write', is48, blockSectors)) this.#presentWrite();
  }

  #presentWrite(): void {
    const { remaining, blockSectors } = this.#transfer;
    const chunkEnd = Math.min(remaining, chunkSectors) * sectorSize;
    this.presentBlock('dataOut', Math.min(this.position + blockSectors * sectorSize, chunkEnd));
  }

  protected override blockDone(): void {
    const transfer = this.#transfer;
    switch (transfer.kind) {
      case 'read':
        return this.#readBlockDone();
      case 'write':
        return this.#writeBlockDone();
      default:
        // IDENTIFY's one block has been read.
        this.phase = 'idle';
        this.#transfer = { ...noTransfer };
        return this.setRegisters(DRDY | DSC, 0);
    }
  }

  #readBlockDone(): void {
    const transfer = this.#transfer;
    if (this.position < this.bufferEnd) return this.#presentRead();
    const moved = this.bufferEnd / sectorSize;
    transfer.lba += moved;
    transfer.remaining -= moved;
    if (transfer.remaining > 0) return this.#readChunk();
    this.#endTransfer();
    this.phase = 'idle';
    this.setRegisters(DRDY | DSC, 0);
  }

  #writeBlockDone(): void {
    const { remaining } = this.#transfer;
    const chunkEnd = Math.min(remaining, chunkSectors) * sectorSize;
    if (this.position < chunkEnd) {
      this.#presentWrite();
      return this.raiseInterrupt();
    }
    this.setBusy();
    this.#writeChunk(chunkEnd, () => {
      this.position = 0;
      if (this.#transfer.remaining === 0) return this.#finishWrite();
      this.#presentWrite();
      this.raiseInterrupt();
    });
  }

  #writeChunk(length: number, done: () => void): void {
    const transfer = this.#transfer;
    const source = this.buffer.subarray(0, length);
    this.port.activity('write');
    this.start(
      () => this.#medium.write(transfer.lba * sectorSize, source),
      () => {
        transfer.lba += length / sectorSize;
        transfer.remaining -= length / sectorSize;
        done();
      },
      (error) => this.#mediumFailed('write', ABRT, error),
    );
  }

  /** With the write cache off a command ends only once its data is on stable storage. */
  #finishWrite(): void {
    this.#endTransfer();
    if (this.#isWriteCacheOn) return this.complete();
    this.#flushThenComplete();
  }

  #flushThenComplete(): void {
    this.setBusy();
    this.start(
      () => this.#medium.flush(),
      () => this.complete(),
      (error) => {
        this.port.logFailure('flush', error);
        this.fail(ABRT);
      },
    );
  }

  // --- DMA -------------------------------------------------------------------------------------------------------------

  #startDma(kind: 'read' | 'write', is48: boolean): void {
    if (kind === 'write' && this.#medium.isReadOnly) return this.fail(ABRT);
    if (this.#beginTransfer(kind, is48, 1)) this.presentDma(kind === 'read' ? 'dmaIn' : 'dmaOut');
  }

  override dmaReady(): void {
    const { busMaster } = this.port;
    const { kind, remaining } = this.#transfer;
    const length = Math.min(remaining, chunkSectors) * sectorSize;
    if (kind === 'read') return this.#dmaRead(length);
    const moved = busMaster.fromMemory(this.buffer.subarray(0, length));
    if (moved < length) return this.#dmaTableTooShort();
    if (kind === 'trim') return this.#trimRanges(length);
    this.#writeChunk(length, () => this.#dmaChunkDone(() => this.#finishWrite()));
  }

  #dmaRead(length: number): void {
    const { lba } = this.#transfer;
    const target = this.buffer.subarray(0, length);
    this.port.activity('read');
    this.start(
      () => this.#medium.read(lba * sectorSize, target),
      () => {
        // The guest stopped the engine meanwhile: the data phase waits for a new start.
        if (!this.port.busMaster.isActive) return this.port.busMaster.request(this);
        if (this.port.busMaster.toMemory(target) < length) return this.#dmaTableTooShort();
        this.#transfer.lba += length / sectorSize;
        this.#transfer.remaining -= length / sectorSize;
        this.#dmaChunkDone(() => {
          this.#endTransfer();
          this.complete();
        });
      },
      (error) => this.#mediumFailed('read', UNC, error),
    );
  }

  #dmaChunkDone(finished: () => void): void {
    if (this.#transfer.remaining > 0) return this.port.busMaster.request(this);
    this.port.busMaster.finish();
    finished();
  }

  #dmaTableTooShort(): void {
    this.port.busMaster.tableTooShort();
    this.#transfer = { ...noTransfer };
    this.phase = 'idle';
    this.setRegisters(DRDY | DSC, 0);
  }

  // --- commands without a data phase, or with a fixed one --------------------------------------------------------------

  #startVerify(is48: boolean): void {
    if (!this.#beginTransfer('verify', is48, 1)) return;
    this.setBusy();
    this.#verifyChunk();
  }

  #verifyChunk(): void {
    const transfer = this.#transfer;
    const sectors = Math.min(transfer.remaining, chunkSectors);
    this.start(
      () => this.#medium.read(transfer.lba * sectorSize, this.buffer.subarray(0, sectors * sectorSize)),
      () => {
        transfer.lba += sectors;
        transfer.remaining -= sectors;
        if (transfer.remaining > 0) return this.#verifyChunk();
        this.#endTransfer();
        this.complete();
      },
      (error) => this.#mediumFailed('read', UNC, error),
    );
  }

  #startTrim(): void {
    const blocks = this.taskFile.count48;
    const isTrim = (this.taskFile.features & 1) !== 0;
    if (!this.#medium.discard || this.#medium.isReadOnly || !isTrim || blocks > trimBlocksMax) return this.fail(ABRT);
    this.#transfer = { kind: 'trim', lba: 0, remaining: blocks, blockSectors: 1, is48: true };
    this.presentDma('dmaOut');
  }

  /** Range entries of 8 bytes: first sector in 48 bits, count in 16; a count of 0 is padding. [ATA8-ACS §7.10] */
  #trimRanges(length: number): void {
    const view = new DataView(this.buffer.buffer, 0, length);
    const ranges: { lba: number; sectors: number }[] = [];
    for (let at = 0; at < length; at += 8) {
      const lba = view.getUint32(at, true) + view.getUint16(at + 4, true) * 2 ** 32;
      const sectors = view.getUint16(at + 6, true);
      if (sectors === 0) continue;
      if (lba + sectors > this.#capacitySectors) {
        this.port.busMaster.finish();
        this.#transfer = { ...noTransfer };
        return this.fail(IDNF);
      }
      ranges.push({ lba, sectors });
    }
    this.#transfer.remaining = 0;
    this.port.activity('write');
    this.start(
      async () => {
        for (const { lba, sectors } of ranges) await this.#medium.discard?.(lba * sectorSize, sectors * sectorSize);
      },
      () =>
        this.#dmaChunkDone(() => {
          this.#transfer = { ...noTransfer };
          this.complete();
        }),
      (error) => this.#mediumFailed('discard', ABRT, error),
    );
  }

  #identify(): void {
    const page = identifyDevice({
      capacitySectors: this.#capacitySectors,
      defaultGeometry: this.#defaultGeometry,
      currentGeometry: this.#geometry,
      multipleCount: this.#multipleCount,
      transferMode: this.#transferMode,
      isWriteCacheOn: this.#isWriteCacheOn,
      canTrim: this.#medium.discard !== undefined && !this.#medium.isReadOnly,
      serial: this.#serial,
      model: 'OSPITE HARDDISK',
    });
    this.#transfer = { ...noTransfer, kind: 'identify' };
    this.buffer.set(page);
    this.position = 0;
    this.bufferEnd = page.length;
    this.presentBlock('dataIn', page.length);
    this.raiseInterrupt();
  }

  #setFeatures(): void {
    switch (this.taskFile.features) {
      case 0x02:
        this.#isWriteCacheOn = true;
        return this.complete();
      case 0x82:
        this.#isWriteCacheOn = false;
        return this.#flushThenComplete();
      case 0x03:
        return this.#setTransferMode(this.taskFile.count);
      // Read look-ahead and "keep settings over a software reset" on and off: nothing to change.
      case 0x55:
      case 0x66:
      case 0xaa:
      case 0xcc:
        return this.complete();
      default:
        return this.fail(ABRT);
    }
  }

  #setTransferMode(mode: number): void {
    const highest: { [kind: number]: number } = { 0: 1, 1: 4, 4: 2, 8: 5 };
    const limit = highest[mode >> 3];
    if (limit === undefined || (mode & 7) > limit) return this.fail(ABRT);
    // PIO modes leave the DMA selection alone.
    if (mode >> 3 >= 4) this.#transferMode = mode;
    this.complete();
  }

  #setMultipleMode(): void {
    const count = this.taskFile.count;
    const isPowerOfTwo = (count & (count - 1)) === 0;
    if (count > multipleMax || !isPowerOfTwo) return this.fail(ABRT);
    this.#multipleCount = count;
    this.complete();
  }

  #initializeDeviceParameters(): void {
    const heads = (this.taskFile.device & 0x0f) + 1;
    const sectors = this.taskFile.count;
    if (sectors === 0) return this.fail(ABRT);
    const cylinders = Math.min(65535, Math.floor(this.#capacitySectors / (heads * sectors)));
    this.#geometry = { cylinders, heads, sectors };
    this.complete();
  }

  #seek(): void {
    const lba = this.#address(false);
    if (lba === null || lba >= this.#capacitySectors) return this.fail(IDNF);
    this.complete();
  }

  // --- state -----------------------------------------------------------------------------------------------------------

  protected override saveOwn(): { [name: string]: StateValue } {
    return {
      kind: 'disk',
      geometry: { ...this.#geometry },
      multipleCount: this.#multipleCount,
      transferMode: this.#transferMode,
      isWriteCacheOn: this.#isWriteCacheOn,
      transfer: { ...this.#transfer },
    };
  }

  protected override restoreOwn(reader: StateReader): void {
    const geometry = reader.record('geometry');
    const transfer = reader.record('transfer');
    this.#geometry = {
      cylinders: geometry.int('cylinders', 0, 65535),
      heads: geometry.int('heads', 1, 16),
      sectors: geometry.int('sectors', 1, 255),
    };
    this.#multipleCount = reader.int('multipleCount', 0, multipleMax);
    this.#transferMode = reader.u8('transferMode');
    this.#isWriteCacheOn = reader.boolean('isWriteCacheOn');
    const kind = transfer.oneOf('kind', transferKinds);
    const isMedium = kind === 'read' || kind === 'write' || kind === 'verify';
    this.#transfer = {
      kind,
      lba: transfer.int('lba', 0, this.#capacitySectors),
      remaining: transfer.int('remaining', 0, 65536),
      blockSectors: transfer.int('blockSectors', 1, multipleMax),
      is48: transfer.boolean('is48'),
    };
    if (isMedium && this.#transfer.lba + this.#transfer.remaining > this.#capacitySectors) throw transfer.fault('lba');
  }
}

const transferKinds: readonly Transfer['kind'][] = ['none', 'identify', 'read', 'write', 'verify', 'trim'];
