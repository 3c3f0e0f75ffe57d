// Where an ISO 9660 / UDF image says what it is. [ECMA-119 §8], [ECMA-167 2/9]
//
// Sectors 0-15 are the system area: unused, or an MBR/GPT in "hybrid" images that also boot from a disk.
//   sector 16 onwards: volume descriptors, 2048 bytes each
//   +0 type u8 | +1 identifier "CD001" (ISO 9660), "BEA01" / "NSR02" / "NSR03" (UDF) | +6 version u8
//   type 1 = primary: +80 volume space size, both-endian u32 (little-endian first), in logical blocks

export const sectorSize = 2048;
export const firstDescriptorSector = 16;
export const descriptorIdentifiers: readonly string[] = ['CD001', 'BEA01', 'NSR02', 'NSR03'];

/** First bytes of a raw 2352-byte CD sector: its synchronisation field. [ECMA-130 §14.1] */
export const rawSectorSync: Uint8Array = Uint8Array.of(0, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 0);

export function hasVolumeDescriptor(header: Uint8Array): boolean {
  const at = firstDescriptorSector * sectorSize + 1;
  if (header.length < at + 5) return false;
  return descriptorIdentifiers.includes(String.fromCharCode(...header.subarray(at, at + 5)));
}
