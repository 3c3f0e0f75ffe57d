// Making a picture smaller with a box filter: every pixel of the result is the mean of those it covers, parts of pixels counted
// as parts.
import type { PngImage } from './png.ts';

/** The picture at most `maxWidth` wide, in its shape; itself when it is no wider. */
export function downscale(image: PngImage, maxWidth: number): PngImage {
  if (image.width <= maxWidth) return image;
  const width = maxWidth;
  const height = Math.max(1, Math.round((image.height * width) / image.width));
  const across = shrink(
    image.rgba,
    { count: image.height, length: image.width, step: 4, stride: image.width * 4 },
    width,
  );
  const rgba = shrink(across, { count: width, length: image.height, step: width * 4, stride: 4 }, height, width * 4);
  return { width, height, rgba };
}

/** Lines of pixels: `count` of them, each `length` pixels that lie `step` apart, the lines `stride` apart. */
interface Lines {
  count: number;
  length: number;
  step: number;
  stride: number;
}

/** The lines shortened to `wanted` pixels. @param outStep distance of the result's pixels; without it they follow each other */
function shrink(source: Uint8Array, lines: Lines, wanted: number, outStep = 4): Uint8Array {
  const result = new Uint8Array(lines.count * wanted * 4);
  const outStride = outStep === 4 ? wanted * 4 : 4;
  const ratio = lines.length / wanted;
  for (let at = 0; at < wanted; at++) {
    const from = at * ratio;
    const to = Math.min(lines.length, from + ratio);
    for (let line = 0; line < lines.count; line++) {
      for (let channel = 0; channel < 4; channel++) {
        let sum = 0;
        for (let pixel = Math.floor(from); pixel < to; pixel++) {
          const part = Math.min(pixel + 1, to) - Math.max(pixel, from);
          sum += part * source[line * lines.stride + pixel * lines.step + channel]!;
        }
        result[line * outStride + at * outStep + channel] = Math.round(sum / (to - from));
      }
    }
  }
  return result;
}
