// Where guest images are: OSPITE_GUESTS, or .cache/guests in the project. Made from packages (test/guest/README.md), never committed.
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';

const folder = resolve(process.env['OSPITE_GUESTS'] ?? '.cache/guests');

/** The file's path, or null when it is not there. */
export function guestFile(name: string): string | null {
  const path = join(folder, name);
  return existsSync(path) ? path : null;
}

export interface BenchGuest {
  kernel: string;
  initrd: string;
}

/** The benchmark guest "amd64", "i386" or "i386-pae", or null when it was not built. */
export function benchGuest(name: string): BenchGuest | null {
  const kernel = guestFile(`bench/${name}/vmlinuz`);
  const initrd = guestFile(`bench/${name}/initrd.cpio`);
  return kernel && initrd ? { kernel, initrd } : null;
}

/** Why tests of this guest skip. */
export function missingGuest(name: string): string {
  return `${name} is not in ${folder}: see test/guest/README.md`;
}
