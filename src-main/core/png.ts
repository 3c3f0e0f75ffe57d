// PNG encoding of screenshots [PNG-3]: 8-bit palette images when there are at most 256 colours, else 8-bit RGB. Alpha is dropped.
//
//   signature 8 | IHDR | PLTE? | IDAT | IEND       chunk: length 4, type 4, data, CRC-32 of type and data; all big-endian
import { deflateZlib } from './deflate.ts';

export interface PngImage {
  width: number;
  height: number;
  /** width x height x 4 bytes, row-major. */
  rgba: Uint8Array;
}

const signature = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a] as const;
const COLOR_TYPE_RGB = 2;
const COLOR_TYPE_PALETTE = 3;
const FILTER_NONE = 0;
const FILTER_SUB = 1;
const FILTER_UP = 2;

const crcTable: Uint32Array = Uint32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte;
  for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  return crc;
});

function crc32(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) crc = (crc >>> 8) ^ crcTable[(crc ^ byte) & 0xff]!;
  return ~crc >>> 0;
}

function chunk(type: string, data: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(data.length + 12);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, data.length);
  for (let i = 0; i < 4; i++) bytes[4 + i] = type.charCodeAt(i);
  bytes.set(data, 8);
  view.setUint32(data.length + 8, crc32(bytes.subarray(4, data.length + 8)));
  return bytes;
}

function header(image: PngImage, colorType: number): Uint8Array {
  const data = new Uint8Array(13);
  const view = new DataView(data.buffer);
  view.setUint32(0, image.width);
  view.setUint32(4, image.height);
  data[8] = 8;
  data[9] = colorType;
  return chunk('IHDR', data);
}

interface Indexed {
  palette: Uint8Array;
  indices: Uint8Array;
}

/** The image in at most 256 colours, or null if it has more. */
function index(image: PngImage): Indexed | null {
  const { rgba } = image;
  const count = image.width * image.height;
  const known = new Map<number, number>();
  const palette: number[] = [];
  const indices = new Uint8Array(count);
  let lastColor = -1;
  let lastIndex = 0;
  for (let i = 0, at = 0; i < count; i++, at += 4) {
    const color = (rgba[at]! << 16) | (rgba[at + 1]! << 8) | rgba[at + 2]!;
    if (color !== lastColor) {
      const found = known.get(color);
      if (found === undefined) {
        if (known.size === 256) return null;
        lastIndex = known.size;
        known.set(color, lastIndex);
        palette.push(rgba[at]!, rgba[at + 1]!, rgba[at + 2]!);
      } else lastIndex = found;
      lastColor = color;
    }
    indices[i] = lastIndex;
  }
  return { palette: Uint8Array.from(palette), indices };
}

/** Rows with a filter byte each. Palette rows repeat (up) or stay as they are; RGB rows take the filter with the smallest sum. */
function filterRows(samples: Uint8Array, rowBytes: number, height: number, pixelBytes: 1 | 3): Uint8Array {
  const out = new Uint8Array((rowBytes + 1) * height);
  const noRow = new Uint8Array(rowBytes);
  for (let y = 0; y < height; y++) {
    const row = samples.subarray(y * rowBytes, (y + 1) * rowBytes);
    const above = y === 0 ? noRow : samples.subarray((y - 1) * rowBytes, y * rowBytes);
    const filter = pixelBytes === 1 ? paletteFilter(row, above) : rgbFilter(row, above);
    const to = y * (rowBytes + 1);
    out[to] = filter;
    for (let x = 0; x < rowBytes; x++) {
      const predicted =
        filter === FILTER_UP ? above[x]! : filter === FILTER_SUB && x >= pixelBytes ? row[x - pixelBytes]! : 0;
      out[to + 1 + x] = row[x]! - predicted;
    }
  }
  return out;
}

function paletteFilter(row: Uint8Array, above: Uint8Array): number {
  for (let x = 0; x < row.length; x++) if (row[x] !== above[x]) return FILTER_NONE;
  return FILTER_UP;
}

function rgbFilter(row: Uint8Array, above: Uint8Array): number {
  let none = 0;
  let sub = 0;
  let up = 0;
  const magnitude = (difference: number): number => Math.abs((difference << 24) >> 24);
  for (let x = 0; x < row.length; x++) {
    none += magnitude(row[x]!);
    sub += magnitude(row[x]! - (x >= 3 ? row[x - 3]! : 0));
    up += magnitude(row[x]! - above[x]!);
  }
  if (up <= sub && up <= none) return FILTER_UP;
  return sub <= none ? FILTER_SUB : FILTER_NONE;
}

function withoutAlpha(image: PngImage): Uint8Array {
  const count = image.width * image.height;
  const rgb = new Uint8Array(count * 3);
  for (let i = 0; i < count; i++) {
    rgb[i * 3] = image.rgba[i * 4]!;
    rgb[i * 3 + 1] = image.rgba[i * 4 + 1]!;
    rgb[i * 3 + 2] = image.rgba[i * 4 + 2]!;
  }
  return rgb;
}

/**
 * Encodes a picture as a PNG file.
 * @param deflate makes a zlib stream; a host with zlib can pass its own for smaller files
 */
export function encodePng(image: PngImage, deflate: (data: Uint8Array) => Uint8Array = deflateZlib): Uint8Array {
  const indexed = index(image);
  const samples = indexed ? indexed.indices : withoutAlpha(image);
  const pixelBytes = indexed ? 1 : 3;
  const rows = filterRows(samples, image.width * pixelBytes, image.height, pixelBytes);
  const parts = [
    Uint8Array.from(signature),
    header(image, indexed ? COLOR_TYPE_PALETTE : COLOR_TYPE_RGB),
    ...(indexed ? [chunk('PLTE', indexed.palette)] : []),
    chunk('IDAT', deflate(rows)),
    chunk('IEND', new Uint8Array(0)),
  ];
  const file = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    file.set(part, at);
    at += part.length;
  }
  return file;
}
