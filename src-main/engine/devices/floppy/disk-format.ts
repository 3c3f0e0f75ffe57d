// What a diskette image's size says of its tracks. 512-byte sectors, MFM; head by head, track by track in the image.

export interface DiskFormat {
  cylinders: number;
  heads: number;
  sectors: number;
  /** Values of the rate register that read it: 0 = 500, 1 = 300, 2 = 250 kbit/s, 3 = 1 Mbit/s. */
  rates: readonly number[];
}

/** 300 kbit/s: a double-density disk turning in a 360 rpm drive. */
const doubleDensity = [1, 2];
const highDensity = [0];
const extendedDensity = [3];

const formats: readonly (DiskFormat & { kib: number })[] = [
  { kib: 160, cylinders: 40, heads: 1, sectors: 8, rates: doubleDensity },
  { kib: 180, cylinders: 40, heads: 1, sectors: 9, rates: doubleDensity },
  { kib: 320, cylinders: 40, heads: 2, sectors: 8, rates: doubleDensity },
  { kib: 360, cylinders: 40, heads: 2, sectors: 9, rates: doubleDensity },
  { kib: 720, cylinders: 80, heads: 2, sectors: 9, rates: doubleDensity },
  { kib: 800, cylinders: 80, heads: 2, sectors: 10, rates: doubleDensity },
  { kib: 1200, cylinders: 80, heads: 2, sectors: 15, rates: highDensity },
  { kib: 1440, cylinders: 80, heads: 2, sectors: 18, rates: highDensity },
  { kib: 1600, cylinders: 80, heads: 2, sectors: 20, rates: highDensity },
  { kib: 1680, cylinders: 80, heads: 2, sectors: 21, rates: highDensity },
  { kib: 1722, cylinders: 82, heads: 2, sectors: 21, rates: highDensity },
  { kib: 2880, cylinders: 80, heads: 2, sectors: 36, rates: extendedDensity },
];

/** The format of exactly this size, or else the usual one (360K, 1.44M, 2.88M …) that an image cut short belongs to. */
export function diskFormatOf(capacityBytes: number): DiskFormat {
  const exact = formats.find(({ kib }) => kib * 1024 === capacityBytes);
  const usual = formats.find(({ kib }) => [360, 720, 1440, 2880].includes(kib) && kib * 1024 >= capacityBytes);
  const format = exact ?? usual ?? formats.at(-1)!;
  return { cylinders: format.cylinders, heads: format.heads, sectors: format.sectors, rates: format.rates };
}
