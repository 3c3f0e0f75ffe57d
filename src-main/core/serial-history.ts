// The newest output of one serial port, for consoles opened late: a ring that costs the same for a byte as for a page.

const LIMIT_BYTES = 262_144;
const FIRST_BYTES = 4096;

export class SerialHistory {
  #ring = new Uint8Array(FIRST_BYTES);
  /** Where the oldest byte is. */
  #start = 0;
  #length = 0;
  /** Bytes that ever came. */
  received = 0;

  append(bytes: Uint8Array): void {
    this.received += bytes.length;
    const kept = bytes.length > LIMIT_BYTES ? bytes.subarray(bytes.length - LIMIT_BYTES) : bytes;
    this.#makeRoom(this.#length + kept.length);
    const size = this.#ring.length;
    const end = (this.#start + this.#length) % size;
    const first = Math.min(kept.length, size - end);
    this.#ring.set(kept.subarray(0, first), end);
    this.#ring.set(kept.subarray(first), 0);
    const lost = Math.max(0, this.#length + kept.length - size);
    this.#start = (this.#start + lost) % size;
    this.#length += kept.length - lost;
  }

  /** All that is kept, oldest first, as a copy. */
  contents(): Uint8Array {
    const copy = new Uint8Array(this.#length);
    const first = Math.min(this.#length, this.#ring.length - this.#start);
    copy.set(this.#ring.subarray(this.#start, this.#start + first));
    copy.set(this.#ring.subarray(0, this.#length - first), first);
    return copy;
  }

  /** Grows by doubling, up to the limit. */
  #makeRoom(wanted: number): void {
    if (wanted <= this.#ring.length || this.#ring.length === LIMIT_BYTES) return;
    let size = this.#ring.length;
    while (size < wanted && size < LIMIT_BYTES) size *= 2;
    const grown = new Uint8Array(size);
    grown.set(this.contents());
    this.#ring = grown;
    this.#start = 0;
  }
}
