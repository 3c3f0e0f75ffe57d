// The 256-word pages of IDENTIFY DEVICE and IDENTIFY PACKET DEVICE. [ATA8-ACS §7.16-7.17]
// Word numbers are the specification's.

export interface DiskIdentity {
  capacitySectors: number;
  /** Logical geometry at power-on and as set by INITIALIZE DEVICE PARAMETERS. */
  defaultGeometry: Geometry;
  currentGeometry: Geometry;
  multipleCount: number;
  transferMode: number;
  isWriteCacheOn: boolean;
  canTrim: boolean;
  serial: string;
  model: string;
}

export interface Geometry {
  cylinders: number;
  heads: number;
  sectors: number;
}

/** Largest block of READ/WRITE MULTIPLE. */
export const multipleMax = 16;
/** 512-byte blocks of ranges that one DATA SET MANAGEMENT may bring. */
export const trimBlocksMax = 8;
const lba28Max = 0x0fffffff;
const firmwareRevision = '1.0';

class Words {
  readonly bytes = new Uint8Array(512);
  readonly #view = new DataView(this.bytes.buffer);

  set(word: number, value: number): void {
    this.#view.setUint16(word * 2, value, true);
  }

  set32(word: number, value: number): void {
    this.#view.setUint32(word * 2, value, true);
  }

  /** Text sits high byte first in each word, padded with spaces. */
  text(word: number, wordCount: number, text: string): void {
    const padded = text.padEnd(wordCount * 2, ' ');
    for (let i = 0; i < wordCount * 2; i++) this.bytes[word * 2 + (i ^ 1)] = padded.charCodeAt(i) & 0x7f;
  }

  /** Word 255: A5h and a byte that makes the page sum to zero. */
  seal(): Uint8Array {
    this.bytes[510] = 0xa5;
    this.bytes[511] = -this.bytes.subarray(0, 511).reduce((sum, byte) => sum + byte, 0) & 0xff;
    return this.bytes;
  }
}

/** Multiword and Ultra DMA support with the selected mode's bit in the high byte. */
function setTransferModes(words: Words, transferMode: number): void {
  const kind = transferMode >> 3;
  const selected = 1 << (8 + (transferMode & 7));
  words.set(63, 0x07 | (kind === 4 ? selected : 0));
  words.set(88, 0x3f | (kind === 8 ? selected : 0));
}

export function identifyDevice(disk: DiskIdentity): Uint8Array {
  const words = new Words();
  const { capacitySectors, defaultGeometry, currentGeometry } = disk;
  words.set(0, 0x0040);
  words.set(1, defaultGeometry.cylinders);
  words.set(3, defaultGeometry.heads);
  words.set(6, defaultGeometry.sectors);
  words.text(10, 10, disk.serial);
  words.text(23, 4, firmwareRevision);
  words.text(27, 20, disk.model);
  words.set(47, 0x8000 | multipleMax);
  words.set(48, 1);
  words.set(49, 0x0f00);
  words.set(50, 0x4000);
  words.set(51, 0x0200);
  words.set(52, 0x0200);
  words.set(53, 0x0007);
  words.set(54, currentGeometry.cylinders);
  words.set(55, currentGeometry.heads);
  words.set(56, currentGeometry.sectors);
  words.set32(57, currentGeometry.cylinders * currentGeometry.heads * currentGeometry.sectors);
  if (disk.multipleCount) words.set(59, 0x0100 | disk.multipleCount);
  words.set32(60, Math.min(capacitySectors, lba28Max));
  setTransferModes(words, disk.transferMode);
  words.set(64, 0x0003);
  for (const word of [65, 66, 67, 68]) words.set(word, 120);
  words.set(80, 0x00f0);
  const commandSet1 = 0x0028;
  words.set(82, 0x4000 | commandSet1);
  words.set(83, 0x7400);
  words.set(84, 0x4000);
  words.set(85, 0x4008 | (disk.isWriteCacheOn ? 0x0020 : 0));
  words.set(86, 0x3400);
  words.set(87, 0x4000);
  // Device 0, jumpered, with an 80-conductor cable: without it drivers stay at UDMA mode 2.
  words.set(93, 0x6001);
  words.set32(100, capacitySectors % 2 ** 32);
  words.set32(102, Math.floor(capacitySectors / 2 ** 32));
  words.set(106, 0x4000);
  if (disk.canTrim) {
    words.set(69, 0x4020);
    words.set(105, trimBlocksMax);
    words.set(169, 1);
    words.set(217, 1);
  }
  return words.seal();
}

export function identifyPacketDevice(drive: { transferMode: number; serial: string; model: string }): Uint8Array {
  const words = new Words();
  // Packet device, CD-ROM, removable, DRQ within 50 us of PACKET, 12-byte packets.
  words.set(0, 0x85c0);
  words.text(10, 10, drive.serial);
  words.text(23, 4, firmwareRevision);
  words.text(27, 20, drive.model);
  words.set(48, 1);
  words.set(49, 0x0b00);
  words.set(53, 0x0007);
  setTransferModes(words, drive.transferMode);
  words.set(64, 0x0003);
  for (const word of [65, 66, 67, 68]) words.set(word, 120);
  words.set(71, 30);
  words.set(72, 30);
  words.set(80, 0x001e);
  words.set(82, 0x4210);
  words.set(83, 0x4000);
  words.set(84, 0x4000);
  words.set(85, 0x4210);
  words.set(87, 0x4000);
  words.set(93, 0x6001);
  return words.seal();
}
