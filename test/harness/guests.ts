// Where the guest images are: OSPITE_GUESTS, else .cache/guests of this repository. They are fetched or built, never
// committed; tests that need one skip with the reason.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const guestsFolder: string =
  process.env['OSPITE_GUESTS'] ?? fileURLToPath(new URL('../../.cache/guests', import.meta.url));

/** The file's path, or null when it is not there. */
export function guestFile(name: string): string | null {
  const path = join(guestsFolder, name);
  return existsSync(path) ? path : null;
}

/** A small Linux made for the benchmarks: `i386`, `i386-pae` or `amd64`. */
export function benchGuest(name: string): { kernel: string; initrd: string } | null {
  const kernel = guestFile(join('bench', name, 'vmlinuz'));
  const initrd = guestFile(join('bench', name, 'initrd.cpio'));
  return kernel !== null && initrd !== null ? { kernel, initrd } : null;
}

/** Ends a test that cannot run here, saying what it misses. */
export function skipReason(name: string): string {
  return `${name} is not in ${guestsFolder}; set OSPITE_GUESTS to the folder that has it`;
}
