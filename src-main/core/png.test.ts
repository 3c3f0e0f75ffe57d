import { crc32, deflateSync, inflateRawSync, inflateSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { deflateRaw } from './deflate.ts';
import { encodePng, type PngImage } from './png.ts';

/** An independent reader for the subset we write: 8 bits, palette or RGB, filters none, sub and up. */
function decodePng(file: Uint8Array): { width: number; height: number; rgb: number[]; colorType: number } {
  const bytes = Buffer.from(file);
  const chunks = new Map<string, Buffer>();
  for (let at = 8; at < bytes.length; ) {
    const length = bytes.readUInt32BE(at);
    const type = bytes.toString('latin1', at + 4, at + 8);
    expect(bytes.readUInt32BE(at + 8 + length)).toBe(crc32(bytes.subarray(at + 4, at + 8 + length)));
    chunks.set(type, bytes.subarray(at + 8, at + 8 + length));
    at += 12 + length;
  }
  const ihdr = chunks.get('IHDR')!;
  const [width, height, colorType] = [ihdr.readUInt32BE(0), ihdr.readUInt32BE(4), ihdr[9]!];
  const pixelBytes = colorType === 2 ? 3 : 1;
  const stride = width * pixelBytes;
  const raw = inflateSync(chunks.get('IDAT')!);
  expect(raw.length).toBe((stride + 1) * height);
  const samples = new Uint8Array(stride * height);
  for (let i = 0; i < samples.length; i++) {
    const [x, y] = [i % stride, Math.floor(i / stride)];
    const filter = raw[y * (stride + 1)]!;
    const left = x >= pixelBytes ? samples[i - pixelBytes]! : 0;
    const above = y > 0 ? samples[i - stride]! : 0;
    samples[i] = raw[y * (stride + 1) + 1 + x]! + [0, left, above][filter]!;
  }
  const palette = chunks.get('PLTE');
  const rgb = palette
    ? Array.from(samples).flatMap((s) => Array.from(palette.subarray(s * 3, s * 3 + 3)))
    : [...samples];
  return { width, height, rgb, colorType };
}

function picture(width: number, height: number, color: (x: number, y: number) => number): PngImage {
  const rgba = new Uint8Array(width * height * 4);
  for (let i = 0; i < width * height; i++) {
    const value = color(i % width, Math.floor(i / width));
    rgba.set([value >> 16, value >> 8, value, 255], i * 4);
  }
  return { width, height, rgba };
}

function rgbOf(image: PngImage): number[] {
  return Array.from(image.rgba).filter((_, i) => i % 4 !== 3);
}

describe('encodePng', () => {
  it.each([
    { name: 'few colours', image: picture(33, 17, (x, y) => (x === y ? 0xff8000 : 0x000040)), colorType: 3 },
    { name: 'exactly 256 colours', image: picture(16, 16, (x, y) => (y * 16 + x) * 0x010101), colorType: 3 },
    { name: 'many colours', image: picture(97, 61, (x, y) => (x * 655 + y * 70001) & 0xffffff), colorType: 2 },
    { name: 'one pixel', image: picture(1, 1, () => 0x123456), colorType: 3 },
  ])('is read back unchanged: $name', ({ image, colorType }) => {
    for (const file of [encodePng(image), encodePng(image, deflateSync)]) {
      const decoded = decodePng(file);
      expect(Array.from(file.subarray(0, 8))).toEqual([137, 80, 78, 71, 13, 10, 26, 10]);
      expect([decoded.width, decoded.height, decoded.colorType]).toEqual([image.width, image.height, colorType]);
      expect(decoded.rgb).toEqual(rgbOf(image));
    }
  });

  it('packs a screen of flat areas to a small fraction', () => {
    const file = encodePng(picture(720, 400, (x, y) => (x % 90 < 10 && y % 32 < 16 ? 0xaaaaaa : 0)));
    expect(file.length).toBeLessThan(20_000);
  });
});

describe('deflateRaw', () => {
  it.each([
    { name: 'nothing', data: new Uint8Array(0) },
    { name: 'one run longer than any match', data: new Uint8Array(100_000).fill(7) },
    { name: 'every byte value', data: Uint8Array.from({ length: 512 }, (_, i) => i) },
    // A fixed multiplicative sequence: hardly any matches, all literal code lengths.
    { name: 'noise', data: Uint8Array.from({ length: 70_000 }, (_, i) => Math.imul(i, 2654435761) >>> 24) },
    { name: 'a repeat at the far end of the window', data: farRepeat() },
  ])('inflates to what went in: $name', ({ data }) => {
    expect(Buffer.compare(inflateRawSync(deflateRaw(data)), Buffer.from(data))).toBe(0);
  });
});

function farRepeat(): Uint8Array {
  const data = new Uint8Array(32768 + 300);
  for (let i = 0; i < 300; i++) data[i] = data[32768 + i] = (i * 37 + 11) & 0xff;
  return data;
}
