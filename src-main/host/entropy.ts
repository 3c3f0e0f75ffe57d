// The operating system's cryptographic random generator as an EntropyBackend.
import { randomFillSync } from 'node:crypto';
import type { EntropyBackend } from '../core/backends/entropy.ts';

export const hostEntropy: EntropyBackend = {
  fill(target) {
    randomFillSync(target);
  },
};
