// Cylinders, heads and sectors of the drives that INT 13h shows.

export interface Geometry {
  cylinders: number;
  heads: number;
  sectors: number;
}

export interface FloppyFormat extends Geometry {
  /** INT 13h/08h BL. */
  type: number;
}

const MAX_CYLINDERS = 1024;

/** LBA-assisted translation: 63 sectors, heads by size. [EDD-3.0 "LBA assisted"] */
export function translateGeometry(capacitySectors: number): Geometry {
  const sectors = 63;
  let heads = 16;
  while (heads < 128 && capacitySectors > MAX_CYLINDERS * heads * sectors) heads *= 2;
  if (capacitySectors > MAX_CYLINDERS * heads * sectors) heads = 255;
  const cylinders = Math.min(Math.floor(capacitySectors / (heads * sectors)), MAX_CYLINDERS);
  return { cylinders: Math.max(cylinders, 1), heads, sectors };
}

/** Geometry the disk itself would report (ATA words 1, 3, 6): 16 heads, 63 sectors. */
export function physicalGeometry(capacitySectors: number): Geometry {
  return { cylinders: Math.min(Math.max(Math.floor(capacitySectors / (16 * 63)), 1), 16383), heads: 16, sectors: 63 };
}

const floppyFormats: readonly (FloppyFormat & { kib: number })[] = [
  { kib: 160, cylinders: 40, heads: 1, sectors: 8, type: 1 },
  { kib: 180, cylinders: 40, heads: 1, sectors: 9, type: 1 },
  { kib: 320, cylinders: 40, heads: 2, sectors: 8, type: 1 },
  { kib: 360, cylinders: 40, heads: 2, sectors: 9, type: 1 },
  { kib: 720, cylinders: 80, heads: 2, sectors: 9, type: 3 },
  { kib: 1200, cylinders: 80, heads: 2, sectors: 15, type: 2 },
  { kib: 1440, cylinders: 80, heads: 2, sectors: 18, type: 4 },
  { kib: 1680, cylinders: 80, heads: 2, sectors: 21, type: 4 },
  { kib: 1722, cylinders: 82, heads: 2, sectors: 21, type: 4 },
  { kib: 2880, cylinders: 80, heads: 2, sectors: 36, type: 6 },
];

/** The smallest format that holds the image (images may be cut short); 1.44 MB for none. */
export function floppyFormatOf(capacityBytes: number): FloppyFormat {
  const fitting = floppyFormats.find((format) => format.kib * 1024 >= capacityBytes);
  return fitting ?? floppyFormats.at(-1)!;
}

/** Logical block of a CHS address, or null if it is outside. Sectors count from 1. */
export function toLba(geometry: Geometry, cylinder: number, head: number, sector: number): number | null {
  if (cylinder >= geometry.cylinders || head >= geometry.heads || sector < 1 || sector > geometry.sectors) return null;
  return (cylinder * geometry.heads + head) * geometry.sectors + sector - 1;
}
