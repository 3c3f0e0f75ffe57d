// Numbers and tables by which INT 13h describes drives. [PS2-BIOS INT 13h; EDD-3.0]
import { FIRST_CD, FIRST_DISK, type ResolvedDrive } from './drives.ts';
import { physicalGeometry } from './geometry.ts';

/** The drive number that a boot image answers to. */
export function emulatedNumber(media: number, cdIndex: number): number {
  if (media === 0) return FIRST_CD + cdIndex;
  return media === 4 ? FIRST_DISK : 0;
}

/** Drive type that INT 13h/08h returns in BL. */
export function floppyTypeOf(drive: ResolvedDrive): number {
  const { cylinders, sectors } = drive.geometry;
  if (cylinders === 40) return 1;
  if (sectors === 9) return 3;
  if (sectors === 15) return 2;
  return sectors === 36 ? 6 : 4;
}

/** The table INT 41h or 46h points at; with translation, logical values and the physical ones behind the signature A0h. */
export function fixedDiskTable(drive: ResolvedDrive): Uint8Array {
  const table = new Uint8Array(16);
  const view = new DataView(table.buffer);
  const physical = physicalGeometry(drive.capacitySectors);
  const { geometry } = drive;
  view.setUint16(0, geometry.cylinders, true);
  table[2] = geometry.heads;
  table[3] = 0xa0;
  table[4] = physical.sectors;
  view.setUint16(5, 0xffff, true);
  table[8] = geometry.heads > 8 ? 8 : 0;
  view.setUint16(9, physical.cylinders, true);
  table[11] = physical.heads;
  table[14] = geometry.sectors;
  let sum = 0;
  for (let index = 0; index < 15; index++) sum += table[index]!;
  table[15] = -sum & 0xff;
  return table;
}
