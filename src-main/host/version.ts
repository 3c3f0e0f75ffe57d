// The version in package.json, found from wherever the build put this file.
import { readFileSync } from 'node:fs';

export function ospiteVersion(): string {
  let folder = new URL('.', import.meta.url);
  for (;;) {
    const found = readPackage(new URL('package.json', folder));
    if (found?.name === 'ospite') return found.version;
    const parent = new URL('..', folder);
    if (parent.href === folder.href) return 'unknown';
    folder = parent;
  }
}

function readPackage(url: URL): { name: string; version: string } | null {
  try {
    return JSON.parse(readFileSync(url, 'utf8')) as { name: string; version: string };
  } catch {
    return null; // Not in this folder: the caller looks in its parent.
  }
}
