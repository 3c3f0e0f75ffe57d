// Randomness for guests, from the host's cryptographic generator (host/entropy.ts) or a seeded double in tests.

export interface EntropyBackend {
  /** Fills all of `target` with unpredictable bytes. */
  fill(target: Uint8Array): void;
}
