// A CD/DVD-ROM drive: the PACKET protocol (PIO with byte-count limits, or DMA) and the MMC commands over a removable backend.
// [ATAPI-6 §8.23, §9.8], [MMC-5]. Not modelled: audio playback, writing, several sessions or tracks.
import type { BlockBackend, RemovableBackend } from '../../../core/backends/block.ts';
import type { StateValue } from '../../bus/device.ts';
import type { StateReader } from '../../bus/state-fields.ts';
import { chunkBytes, Drive, type DrivePort } from './drive.ts';
import { identifyPacketDevice } from './identify.ts';
import {
  be16,
  be32,
  type DriveFacts,
  getConfiguration,
  getEventStatus,
  inquiry,
  type MediaEvent,
  mechanismStatus,
  mediaEvents,
  modeSense,
  OP,
  rawSector,
  readCapacity,
  readDiscInformation,
  readSubchannel,
  readToc,
  readTrackInformation,
  requestSense,
  SENSE,
  type Sense,
} from './mmc.ts';
import {
  ABRT,
  COMMAND,
  DIAGNOSTIC_PASSED,
  DRDY,
  DSC,
  ERR,
  FEATURE_PACKET_DMA,
  REASON_COD,
  REASON_IO,
} from './registers.ts';

const packetLength = 12;
const sectorSize = 2048;
const rawSectorSize = 2352;
const defaultTransferMode = 0x45;
const model = 'OSPITE CD-ROM';

/** What the data register or the bus master is moving: the packet itself, IDENTIFY's page, or a packet command's data. */
const traffics = ['none', 'packet', 'identify', 'reply'] as const;
type Traffic = (typeof traffics)[number];

/** Sectors still to come after those in the buffer. */
interface Reading {
  lba: number;
  remaining: number;
  sectorBytes: number;
}

/** Commands that a pending unit attention does not stop. [SPC-3 §5.6] */
const answeredDuringAttention: readonly number[] = [
  OP.INQUIRY,
  OP.REQUEST_SENSE,
  OP.GET_EVENT_STATUS_NOTIFICATION,
  OP.GET_CONFIGURATION,
];

export class AtapiDrive extends Drive {
  readonly #tray: RemovableBackend;
  readonly #serial: string;
  #packet: Uint8Array = new Uint8Array(packetLength);
  #traffic: Traffic = 'none';
  #isDma = false;
  #byteCountLimit = 0;
  #reading: Reading = { lba: 0, remaining: 0, sectorBytes: sectorSize };
  #sense: Sense = SENSE.NONE;
  #attention: Sense | null = null;
  #event: MediaEvent = 'none';
  #changeCount: number;
  #isLocked = false;
  #isTrayOpen = false;
  #transferMode = defaultTransferMode;

  constructor(port: DrivePort, tray: RemovableBackend, serial: string) {
    super(port);
    this.#tray = tray;
    this.#serial = serial;
    this.#changeCount = tray.changeCount();
    this.presentSignature();
  }

  hardReset(): void {
    this.#sense = SENSE.NONE;
    this.#attention = null;
    this.#event = 'none';
    this.#changeCount = this.#tray.changeCount();
    this.#setLocked(false);
    this.#isTrayOpen = false;
    this.#transferMode = defaultTransferMode;
    this.#packet.fill(0);
    this.taskFile.clear();
    this.endReset();
  }

  protected override presentSignature(): void {
    this.#traffic = 'none';
    this.#reading.remaining = 0;
    this.taskFile.setSignature(0x14, 0xeb);
    // DRDY stays clear until a command has been accepted.
    this.setRegisters(0, DIAGNOSTIC_PASSED);
  }

  override execute(command: number): void {
    switch (command) {
      case COMMAND.PACKET:
        return this.#awaitPacket();
      case COMMAND.IDENTIFY_PACKET_DEVICE:
        return this.#identify();
      case COMMAND.DEVICE_RESET:
        return this.endReset();
      case COMMAND.SET_FEATURES:
        return this.#setFeatures();
      case COMMAND.CHECK_POWER_MODE:
        this.taskFile.count = 0xff;
        return this.complete();
      case COMMAND.STANDBY_IMMEDIATE:
      case COMMAND.IDLE_IMMEDIATE:
      case COMMAND.SLEEP:
        return this.complete();
      case COMMAND.IDENTIFY_DEVICE:
      case COMMAND.READ_SECTORS:
        // A disk driver probes: the signature in the registers tells it what this is.
        this.taskFile.setSignature(0x14, 0xeb);
        return this.fail(ABRT);
      default:
        return this.fail(ABRT);
    }
  }

  #setFeatures(): void {
    const mode = this.taskFile.count;
    if (this.taskFile.features !== 0x03) return this.fail(ABRT);
    const highest: { [kind: number]: number } = { 0: 1, 1: 4, 4: 2, 8: 5 };
    const limit = highest[mode >> 3];
    if (limit === undefined || (mode & 7) > limit) return this.fail(ABRT);
    if (mode >> 3 >= 4) this.#transferMode = mode;
    this.complete();
  }

  #identify(): void {
    const page = identifyPacketDevice({ transferMode: this.#transferMode, serial: this.#serial, model });
    this.#traffic = 'identify';
    this.buffer.set(page);
    this.position = 0;
    this.bufferEnd = page.length;
    this.presentBlock('dataIn', page.length);
    this.raiseInterrupt();
  }

  // --- the PACKET protocol ---------------------------------------------------------------------------------------------

  #awaitPacket(): void {
    this.#isDma = (this.taskFile.features & FEATURE_PACKET_DMA) !== 0;
    this.#byteCountLimit = (this.taskFile.lbaHigh << 8) | this.taskFile.lbaMid;
    this.#traffic = 'packet';
    this.position = 0;
    this.bufferEnd = packetLength;
    this.taskFile.count = REASON_COD;
    this.presentBlock('dataOut', packetLength);
  }

  protected override blockDone(): void {
    switch (this.#traffic) {
      case 'packet':
        this.#packet.set(this.buffer.subarray(0, packetLength));
        return this.#runPacket();
      case 'reply':
        if (this.position < this.bufferEnd) return this.#presentReply();
        return this.#replyMoved();
      default:
        this.#traffic = 'none';
        this.phase = 'idle';
        return this.setRegisters(DRDY | DSC, 0);
    }
  }

  #finishPacket(): void {
    this.#traffic = 'none';
    this.taskFile.count = REASON_IO | REASON_COD;
    this.complete();
  }

  #failPacket(sense: Sense): void {
    this.#sense = sense;
    this.#traffic = 'none';
    this.#reading.remaining = 0;
    this.taskFile.count = REASON_IO | REASON_COD;
    this.phase = 'idle';
    this.setRegisters(DRDY | DSC | ERR, (sense.key << 4) | ABRT);
    this.raiseInterrupt();
  }

  #reply(answer: Uint8Array | Sense, allocationLength: number): void {
    if (!(answer instanceof Uint8Array)) return this.#failPacket(answer);
    const length = Math.min(answer.length, allocationLength);
    if (length === 0) return this.#finishPacket();
    this.buffer.set(answer.subarray(0, length));
    this.#reading.remaining = 0;
    this.#offer(length);
  }

  /** The buffer's first `length` bytes are ready for the guest. */
  #offer(length: number): void {
    this.#traffic = 'reply';
    this.position = 0;
    this.bufferEnd = length;
    if (this.#isDma) return this.presentDma('dmaIn');
    this.#presentReply();
  }

  #presentReply(): void {
    const left = this.bufferEnd - this.position;
    const limit = this.#byteCountLimit === 0 || this.#byteCountLimit === 0xffff ? 0xfffe : this.#byteCountLimit;
    // Only the last block may be odd.
    const length = left <= limit ? left : Math.max(2, limit & ~1);
    this.taskFile.lbaMid = length & 0xff;
    this.taskFile.lbaHigh = length >>> 8;
    this.taskFile.count = REASON_IO;
    this.presentBlock('dataIn', this.position + length);
    this.raiseInterrupt();
  }

  override dmaReady(): void {
    const { busMaster } = this.port;
    const source = this.buffer.subarray(this.position, this.bufferEnd);
    if (busMaster.toMemory(source) < source.length) {
      busMaster.tableTooShort();
      this.#traffic = 'none';
      this.#reading.remaining = 0;
      this.phase = 'idle';
      return this.setRegisters(DRDY | DSC, 0);
    }
    if (this.#reading.remaining === 0) busMaster.finish();
    this.#replyMoved();
  }

  #replyMoved(): void {
    if (this.#reading.remaining > 0) return this.#readChunk();
    this.#finishPacket();
  }

  // --- commands --------------------------------------------------------------------------------------------------------

  #medium(): BlockBackend | null {
    return this.#tray.medium();
  }

  #facts(): DriveFacts {
    const medium = this.#medium();
    return {
      sectors: medium ? Math.floor(medium.capacityBytes / sectorSize) : null,
      isLocked: this.#isLocked,
      isTrayOpen: this.#isTrayOpen,
    };
  }

  #noticeMediumChange(): void {
    const changeCount = this.#tray.changeCount();
    if (changeCount === this.#changeCount) return;
    this.#changeCount = changeCount;
    const isPresent = this.#medium() !== null;
    this.#attention = isPresent ? SENSE.MEDIUM_MAY_HAVE_CHANGED : null;
    this.#event = isPresent ? 'newMedium' : 'removal';
    if (isPresent) this.#isTrayOpen = false;
  }

  #runPacket(): void {
    const packet = this.#packet;
    const operation = packet[0];
    this.setBusy();
    this.#noticeMediumChange();
    if (this.#attention && !answeredDuringAttention.includes(operation)) {
      const attention = this.#attention;
      this.#attention = null;
      return this.#failPacket(attention);
    }
    if (operation !== OP.REQUEST_SENSE) this.#sense = SENSE.NONE;
    const facts = this.#facts();
    switch (operation) {
      case OP.REQUEST_SENSE:
        return this.#requestSense(packet[4]);
      case OP.INQUIRY:
        return this.#reply(inquiry(packet, { model: 'CD-ROM', serial: this.#serial }), be16(packet, 3));
      case OP.GET_CONFIGURATION:
        return this.#reply(getConfiguration(packet, facts), be16(packet, 7));
      case OP.GET_EVENT_STATUS_NOTIFICATION:
        return this.#eventStatus(facts);
      case OP.MODE_SENSE_6:
        return this.#reply(modeSense(packet, facts, false), packet[4]);
      case OP.MODE_SENSE_10:
        return this.#reply(modeSense(packet, facts, true), be16(packet, 7));
      case OP.MECHANISM_STATUS:
        return this.#reply(mechanismStatus(facts), be16(packet, 8));
      case OP.START_STOP_UNIT:
        return this.#startStopUnit(packet[4]);
      case OP.PREVENT_ALLOW_MEDIUM_REMOVAL:
        this.#setLocked((packet[4] & 1) !== 0);
        return this.#finishPacket();
      case OP.SET_CD_SPEED:
        return this.#finishPacket();
      default:
        return this.#runMediumPacket(operation, facts.sectors);
    }
  }

  /** Commands that need a disc inside. */
  #runMediumPacket(operation: number, sectors: number | null): void {
    const packet = this.#packet;
    if (!mediumOperations.includes(operation)) return this.#failPacket(SENSE.INVALID_OPCODE);
    if (sectors === null) return this.#failPacket(SENSE.MEDIUM_NOT_PRESENT);
    switch (operation) {
      case OP.READ_CAPACITY:
        return this.#reply(readCapacity(sectors), 8);
      case OP.READ_TOC:
        return this.#reply(readToc(packet, sectors), be16(packet, 7));
      case OP.READ_SUBCHANNEL:
        return this.#reply(readSubchannel(packet), be16(packet, 7));
      case OP.READ_DISC_INFORMATION:
        return this.#reply(readDiscInformation(), be16(packet, 7));
      case OP.READ_TRACK_INFORMATION:
        return this.#reply(readTrackInformation(packet, sectors), be16(packet, 7));
      case OP.READ_10:
        return this.#startReading(be32(packet, 2), be16(packet, 7), sectorSize, sectors);
      case OP.READ_12:
        return this.#startReading(be32(packet, 2), be32(packet, 6), sectorSize, sectors);
      case OP.READ_CD:
        return this.#readCd(sectors);
      case OP.SEEK_10:
        if (be32(packet, 2) >= sectors) return this.#failPacket(SENSE.LBA_OUT_OF_RANGE);
        return this.#finishPacket();
      default:
        return this.#finishPacket();
    }
  }

  #requestSense(allocationLength: number): void {
    const sense = this.#sense === SENSE.NONE && this.#attention ? this.#attention : this.#sense;
    if (sense === this.#attention) this.#attention = null;
    this.#sense = SENSE.NONE;
    this.#reply(requestSense(sense), allocationLength);
  }

  #eventStatus(facts: DriveFacts): void {
    const answer = getEventStatus(this.#packet, this.#event, facts);
    if (answer instanceof Uint8Array && answer.length > 4) this.#event = 'none';
    this.#reply(answer, be16(this.#packet, 7));
  }

  #setLocked(isLocked: boolean): void {
    this.#isLocked = isLocked;
    this.#tray.setLocked(isLocked);
  }

  #startStopUnit(operation: number): void {
    const isPowerCondition = operation >> 4 !== 0;
    const loadOrEject = (operation & 2) !== 0;
    const start = (operation & 1) !== 0;
    if (isPowerCondition || !loadOrEject) return this.#finishPacket();
    if (start) {
      this.#isTrayOpen = false;
      return this.#finishPacket();
    }
    if (this.#isLocked || !this.#tray.eject()) return this.#failPacket(SENSE.REMOVAL_PREVENTED);
    this.#isTrayOpen = true;
    this.#finishPacket();
  }

  #readCd(sectors: number): void {
    const packet = this.#packet;
    const count = (packet[6] << 16) | be16(packet, 7);
    const selected = packet[9] & 0xf8;
    if (selected === 0 || count === 0) return this.#finishPacket();
    // User data alone, or everything the sector has: what drivers ask for. Parts of sectors would need real subcode.
    if (selected !== 0x10 && selected !== 0xf8) return this.#failPacket(SENSE.INVALID_FIELD_IN_CDB);
    const expectedType = (packet[1] >> 2) & 7;
    const isAudioOrMode2 = expectedType === 1 || expectedType > 2;
    if (isAudioOrMode2) return this.#failPacket(SENSE.ILLEGAL_MODE_FOR_TRACK);
    this.#startReading(be32(packet, 2), count, selected === 0x10 ? sectorSize : rawSectorSize, sectors);
  }

  #startReading(lba: number, count: number, sectorBytes: number, sectors: number): void {
    if (lba + count > sectors) return this.#failPacket(SENSE.LBA_OUT_OF_RANGE);
    if (count === 0) return this.#finishPacket();
    this.#reading = { lba, remaining: count, sectorBytes };
    this.#readChunk();
  }

  #readChunk(): void {
    const { lba, remaining, sectorBytes } = this.#reading;
    const medium = this.#medium();
    // Taken out between two pieces of one command.
    if (!medium) return this.#failPacket(SENSE.MEDIUM_NOT_PRESENT);
    const count = Math.min(remaining, Math.floor(chunkBytes / sectorBytes));
    const isRaw = sectorBytes === rawSectorSize;
    const target = isRaw ? new Uint8Array(count * sectorSize) : this.buffer.subarray(0, count * sectorSize);
    this.setBusy();
    this.port.activity('read');
    this.start(
      () => medium.read(lba * sectorSize, target),
      () => {
        for (let i = 0; isRaw && i < count; i++) {
          const userData = target.subarray(i * sectorSize, (i + 1) * sectorSize);
          rawSector(lba + i, userData, this.buffer.subarray(i * rawSectorSize, (i + 1) * rawSectorSize));
        }
        this.#reading.lba += count;
        this.#reading.remaining -= count;
        this.#offer(count * sectorBytes);
      },
      (error) => {
        this.port.logFailure('read', error);
        this.#failPacket(SENSE.UNRECOVERED_READ_ERROR);
      },
    );
  }

  // --- state -----------------------------------------------------------------------------------------------------------

  protected override saveOwn(): { [name: string]: StateValue } {
    return {
      kind: 'optical',
      packet: this.#packet.slice(),
      traffic: this.#traffic,
      isDma: this.#isDma,
      byteCountLimit: this.#byteCountLimit,
      reading: { ...this.#reading },
      sense: { ...this.#sense },
      hasAttention: this.#attention !== null,
      event: this.#event,
      isLocked: this.#isLocked,
      isTrayOpen: this.#isTrayOpen,
      transferMode: this.#transferMode,
    };
  }

  protected override restoreOwn(reader: StateReader): void {
    const reading = reader.record('reading');
    this.#packet = reader.bytes('packet', packetLength);
    this.#traffic = reader.oneOf('traffic', traffics);
    this.#isDma = reader.boolean('isDma');
    this.#byteCountLimit = reader.u16('byteCountLimit');
    this.#reading = {
      lba: reading.u32('lba'),
      remaining: reading.u32('remaining'),
      sectorBytes: reading.int('sectorBytes', sectorSize, rawSectorSize) === rawSectorSize ? rawSectorSize : sectorSize,
    };
    this.#sense = readSense(reader.record('sense'));
    this.#attention = reader.boolean('hasAttention') ? SENSE.MEDIUM_MAY_HAVE_CHANGED : null;
    this.#event = reader.oneOf('event', mediaEvents);
    this.#isTrayOpen = reader.boolean('isTrayOpen');
    this.#transferMode = reader.u8('transferMode');
    this.#changeCount = this.#tray.changeCount();
    this.#setLocked(reader.boolean('isLocked'));
  }
}

function readSense(reader: StateReader): Sense {
  const sense = { key: reader.u8('key'), asc: reader.u8('asc'), ascq: reader.u8('ascq') };
  // The shared constant: "nothing to report" is recognised by identity.
  return sense.key === 0 && sense.asc === 0 ? SENSE.NONE : sense;
}

const mediumOperations: readonly number[] = [
  OP.TEST_UNIT_READY,
  OP.READ_CAPACITY,
  OP.READ_10,
  OP.SEEK_10,
  OP.READ_SUBCHANNEL,
  OP.READ_TOC,
  OP.READ_DISC_INFORMATION,
  OP.READ_TRACK_INFORMATION,
  OP.READ_12,
  OP.READ_CD,
];
