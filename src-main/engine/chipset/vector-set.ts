// A set of the 256 interrupt vectors as eight 32-bit words: IRR, ISR and TMR of a local APIC.

export class VectorSet {
  readonly #words = new Uint32Array(8);

  set(vector: number): void {
    this.#words[vector >>> 5]! |= 1 << (vector & 31);
  }

  clear(vector: number): void {
    this.#words[vector >>> 5]! &= ~(1 << (vector & 31));
  }

  has(vector: number): boolean {
    return (this.#words[vector >>> 5]! & (1 << (vector & 31))) !== 0;
  }

  /** The highest vector in the set, or -1. */
  highest(): number {
    for (let i = 7; i >= 0; i--) {
      const word = this.#words[i]!;
      if (word !== 0) return i * 32 + 31 - Math.clz32(word);
    }
    return -1;
  }

  word(index: number): number {
    return this.#words[index]!;
  }

  reset(): void {
    this.#words.fill(0);
  }

  toWords(): number[] {
    return [...this.#words];
  }

  load(words: readonly number[]): void {
    this.#words.set(words);
  }
}
