// A small ring of bytes.

export class ByteFifo {
  readonly #bytes: Uint8Array;
  #head = 0;
  #length = 0;

  constructor(capacity: number) {
    this.#bytes = new Uint8Array(capacity);
  }

  get length(): number {
    return this.#length;
  }

  get free(): number {
    return this.#bytes.length - this.#length;
  }

  /** Adds a byte; false if there is no room. */
  push(byte: number): boolean {
    if (this.#length === this.#bytes.length) return false;
    this.#bytes[(this.#head + this.#length) % this.#bytes.length] = byte;
    this.#length++;
    return true;
  }

  /** The oldest byte, or 0 when empty. */
  shift(): number {
    if (this.#length === 0) return 0;
    const byte = this.#bytes[this.#head]!;
    this.#head = (this.#head + 1) % this.#bytes.length;
    this.#length--;
    return byte;
  }

  clear(): void {
    this.#head = 0;
    this.#length = 0;
  }

  /** A copy of the content, oldest first. */
  toBytes(): Uint8Array {
    const copy = new Uint8Array(this.#length);
    for (let i = 0; i < copy.length; i++) copy[i] = this.#bytes[(this.#head + i) % this.#bytes.length]!;
    return copy;
  }

  /** Replaces the content with as many of `bytes` as fit. */
  load(bytes: Uint8Array): void {
    this.clear();
    for (const byte of bytes) if (!this.push(byte)) return;
  }
}
