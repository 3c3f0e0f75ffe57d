// Run-length coding of pixels: screens of computers are mostly flat, and a tenth of the bytes is a tenth of the work on the way.
// A sequence of u32 heads: with RUN, the pixel that follows repeats as often as the other bits say; else so many pixels follow.

const RUN = 0x80000000;
/** A run shorter than this is cheaper among its neighbours. */
const SHORTEST_RUN = 3;

/** Null when it would not take less than half. Numbers are in the host's byte order, which is little-endian everywhere we run. */
export function encodeRuns(pixels: Uint32Array): Uint32Array<ArrayBuffer> | null {
  const limit = pixels.length >> 1;
  const coded = new Uint32Array(limit);
  let at = 0;
  let done = 0;
  while (done < pixels.length) {
    const run = runLength(pixels, done);
    if (run >= SHORTEST_RUN) {
      if (at + 2 > limit) return null;
      coded[at++] = RUN | run;
      coded[at++] = pixels[done]!;
      done += run;
      continue;
    }
    const start = done;
    done += run;
    while (done < pixels.length && !startsRun(pixels, done)) done++;
    const length = done - start;
    if (at + 1 + length > limit) return null;
    coded[at++] = length;
    coded.set(pixels.subarray(start, done), at);
    at += length;
  }
  return coded.subarray(0, at);
}

/** `count` pixels, or null for what is no coding of so many. */
export function decodeRuns(coded: Uint32Array, count: number): Uint32Array<ArrayBuffer> | null {
  const pixels = new Uint32Array(count);
  let done = 0;
  for (let at = 0; at < coded.length; ) {
    const head = coded[at++]!;
    const length = head & ~RUN;
    if (length === 0 || done + length > count) return null;
    if (head >= RUN) {
      if (at >= coded.length) return null;
      pixels.fill(coded[at++]!, done, done + length);
    } else {
      if (at + length > coded.length) return null;
      pixels.set(coded.subarray(at, at + length), done);
      at += length;
    }
    done += length;
  }
  return done === count ? pixels : null;
}

function runLength(pixels: Uint32Array, start: number): number {
  const pixel = pixels[start];
  let end = start + 1;
  while (end < pixels.length && pixels[end] === pixel) end++;
  return end - start;
}

function startsRun(pixels: Uint32Array, at: number): boolean {
  return at + 2 < pixels.length && pixels[at] === pixels[at + 1] && pixels[at] === pixels[at + 2];
}
