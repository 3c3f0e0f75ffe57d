// The bootable part of a CD: boot record, boot catalog, initial entry. [EL-TORITO-1.0 §2.0-2.5]
import type { BlockBackend } from '../../../core/backends/block.ts';
import { type Emulation, readBytes } from './drives.ts';
import { floppyFormatOf, type Geometry, translateGeometry } from './geometry.ts';

const CD_SECTOR = 2048;
const BOOT_RECORD_LBA = 17;
const BOOTABLE = 0x88;
const PLATFORM_X86 = 0;
const DEFAULT_LOAD_SEGMENT = 0x7c0;

/** The boot image, or a sentence part saying why there is none. */
export async function findBootImage(medium: BlockBackend, cdIndex: number): Promise<Emulation | string> {
  const record = await readBytes(medium, BOOT_RECORD_LBA * CD_SECTOR, CD_SECTOR);
  if (record[0] !== 0 || textAt(record, 1, 5) !== 'CD001' || textAt(record, 7, 23) !== 'EL TORITO SPECIFICATION') {
    return 'the disc is not bootable (no El Torito boot record)';
  }
  const catalogLba = new DataView(record.buffer).getUint32(0x47, true);
  const catalog = await readBytes(medium, catalogLba * CD_SECTOR, CD_SECTOR);
  if (catalog[0] !== 1 || catalog[0x1e] !== 0x55 || catalog[0x1f] !== 0xaa) {
    return 'the disc has a damaged boot catalog';
  }
  const entryAt = findEntry(catalog);
  if (entryAt === null) return 'the disc has no boot image for a PC BIOS';
  const entry = new DataView(catalog.buffer, entryAt, 32);
  const media = entry.getUint8(1) & 0x0f;
  if (media > 4) return `the boot image has the unknown media type ${media}`;
  const imageLba = entry.getUint32(8, true);
  return {
    media,
    cdIndex,
    catalogLba,
    imageLba,
    loadSegment: entry.getUint16(2, true) || DEFAULT_LOAD_SEGMENT,
    sectorCount: entry.getUint16(6, true) || 1,
    geometry: media === 4 ? await diskGeometry(medium, imageLba) : imageGeometry(media),
    isActive: true,
  };
}

/** The initial entry, or a later section's for x86 if the initial one is for another platform. */
function findEntry(catalog: Uint8Array): number | null {
  if (catalog[1] === PLATFORM_X86 && catalog[32] === BOOTABLE) return 32;
  let at = 64;
  while (at + 64 <= catalog.length && (catalog[at] === 0x90 || catalog[at] === 0x91)) {
    const count = catalog[at + 2]! | (catalog[at + 3]! << 8);
    if (catalog[at + 1] === PLATFORM_X86 && count > 0 && catalog[at + 32] === BOOTABLE) return at + 32;
    at += 32 * (count + 1);
  }
  return null;
}

function imageGeometry(media: number): Geometry {
  if (media === 0) return { cylinders: 0, heads: 1, sectors: 0 };
  const kib = [1200, 1440, 2880][media - 1]!;
  const { cylinders, heads, sectors } = floppyFormatOf(kib * 1024);
  return { cylinders, heads, sectors };
}

/** A disk image's geometry is what the end of its first partition says. */
async function diskGeometry(medium: BlockBackend, imageLba: number): Promise<Geometry> {
  const sector = await readBytes(medium, imageLba * CD_SECTOR, 512);
  const sectors = sector[0x1c4]! & 0x3f;
  const heads = sector[0x1c3]! + 1;
  const cylinders = (sector[0x1c5]! | ((sector[0x1c4]! & 0xc0) << 2)) + 1;
  if (sectors === 0) return translateGeometry(Math.floor((medium.capacityBytes - imageLba * CD_SECTOR) / 512));
  return { cylinders, heads, sectors };
}

function textAt(bytes: Uint8Array, start: number, length: number): string {
  return String.fromCharCode(...bytes.subarray(start, start + length));
}
