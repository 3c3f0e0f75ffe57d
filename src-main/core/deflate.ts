// A small DEFLATE compressor [RFC 1951] for places without zlib: greedy LZ77 over a 32 KiB window with one hash probe, coded
// with the fixed Huffman codes. Fast and good on flat screen content; not meant to compete on photographs or text.

const minimumMatch = 3;
const maximumMatch = 258;
const windowBytes = 32768;
const hashBits = 15;

// [RFC 1951 §3.2.5] Length codes 257..285 and distance codes 0..29: base value and extra bits.
const lengthBase = [
  3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195, 227, 258,
];
const lengthExtra = [0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0];
const distanceBase = [
  1, 2, 3, 4, 5, 7, 9, 13, 17, 25, 33, 49, 65, 97, 129, 193, 257, 385, 513, 769, 1025, 1537, 2049, 3073, 4097, 6145,
  8193, 12289, 16385, 24577,
];
const distanceExtra = [
  0, 0, 0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8, 8, 9, 9, 10, 10, 11, 11, 12, 12, 13, 13,
];

/** Index of the last base not above `value`. */
function codeFor(bases: readonly number[], value: number): number {
  let low = 0;
  let high = bases.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (bases[middle]! <= value) low = middle;
    else high = middle - 1;
  }
  return low;
}

const lengthCodes = Uint8Array.from({ length: maximumMatch + 1 }, (_, length) => codeFor(lengthBase, length));

class BitWriter {
  #bytes: Uint8Array;
  #length = 0;
  #held = 0;
  #heldBits = 0;

  constructor(capacity: number) {
    this.#bytes = new Uint8Array(capacity);
  }

  /** Appends the low `count` (at most 16) bits of `value`, lowest first. */
  put(value: number, count: number): void {
    this.#held |= value << this.#heldBits;
    this.#heldBits += count;
    while (this.#heldBits >= 8) {
      this.#putByte(this.#held & 0xff);
      this.#held >>>= 8;
      this.#heldBits -= 8;
    }
  }

  /** Appends a Huffman code, which goes highest bit first. */
  putCode(code: number, count: number): void {
    let reversed = 0;
    for (let i = 0; i < count; i++) reversed |= ((code >> i) & 1) << (count - 1 - i);
    this.put(reversed, count);
  }

  finish(): Uint8Array {
    if (this.#heldBits > 0) this.#putByte(this.#held & 0xff);
    return this.#bytes.subarray(0, this.#length);
  }

  #putByte(byte: number): void {
    if (this.#length === this.#bytes.length) {
      const larger = new Uint8Array(this.#bytes.length * 2);
      larger.set(this.#bytes);
      this.#bytes = larger;
    }
    this.#bytes[this.#length++] = byte;
  }
}

/** [RFC 1951 §3.2.6] The fixed code of a literal or length symbol. */
function putSymbol(out: BitWriter, symbol: number): void {
  if (symbol < 144) out.putCode(0x30 + symbol, 8);
  else if (symbol < 256) out.putCode(0x190 + symbol - 144, 9);
  else if (symbol < 280) out.putCode(symbol - 256, 7);
  else out.putCode(0xc0 + symbol - 280, 8);
}

function putMatch(out: BitWriter, length: number, distance: number): void {
  const lengthCode = lengthCodes[length]!;
  putSymbol(out, 257 + lengthCode);
  out.put(length - lengthBase[lengthCode]!, lengthExtra[lengthCode]!);
  const distanceCode = codeFor(distanceBase, distance);
  out.putCode(distanceCode, 5);
  out.put(distance - distanceBase[distanceCode]!, distanceExtra[distanceCode]!);
}

/** Compresses `data` to one raw DEFLATE block. */
export function deflateRaw(data: Uint8Array): Uint8Array {
  const out = new BitWriter(Math.max(64, data.length >> 3));
  const heads = new Int32Array(1 << hashBits).fill(-windowBytes - 1);
  const hashAt = (at: number): number =>
    Math.imul(data[at]! | (data[at + 1]! << 8) | (data[at + 2]! << 16), 0x9e3779b1) >>> (32 - hashBits);
  out.put(0b011, 3);
  for (let at = 0; at < data.length; ) {
    let length = 0;
    let distance = 0;
    if (at + minimumMatch <= data.length) {
      const hash = hashAt(at);
      const candidate = heads[hash]!;
      heads[hash] = at;
      distance = at - candidate;
      if (distance <= windowBytes) {
        const limit = Math.min(maximumMatch, data.length - at);
        while (length < limit && data[candidate + length] === data[at + length]) length++;
      }
    }
    if (length >= minimumMatch) {
      putMatch(out, length, distance);
      at += length;
    } else {
      putSymbol(out, data[at]!);
      at++;
    }
  }
  putSymbol(out, 256);
  return out.finish();
}

/** Wraps `deflateRaw` in a zlib stream [RFC 1950]. */
export function deflateZlib(data: Uint8Array): Uint8Array {
  const body = deflateRaw(data);
  const stream = new Uint8Array(body.length + 6);
  stream.set([0x78, 0x01]);
  stream.set(body, 2);
  new DataView(stream.buffer).setUint32(body.length + 2, adler32(data));
  return stream;
}

function adler32(data: Uint8Array): number {
  let a = 1;
  let b = 0;
  for (let start = 0; start < data.length; start += 3800) {
    const end = Math.min(start + 3800, data.length);
    for (let i = start; i < end; i++) {
      a += data[i]!;
      b += a;
    }
    a %= 65521;
    b %= 65521;
  }
  return ((b << 16) | a) >>> 0;
}
