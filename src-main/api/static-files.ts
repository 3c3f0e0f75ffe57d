// The built renderer's files, by URL path. Shared by the HTTP server and Electron's own scheme.
import { readFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { CONTENT_TYPES } from './security-headers.ts';

export interface StaticFile {
  type: string;
  content: Buffer;
}

/** The file, or null for anything that is not plainly a file of the folder. Pages are routed by the fragment, so "/" is the only document. */
export async function readStaticFile(folder: string, pathname: string): Promise<StaticFile | null> {
  const path = decode(pathname);
  if (path === null || !/^(\/[\w@.-]+)*\/?$/.test(path) || path.split('/').includes('..')) return null;
  const file = path === '/' ? '/index.html' : path;
  const type = CONTENT_TYPES[extname(file)];
  if (type === undefined) return null;
  try {
    return { type, content: await readFile(join(folder, file)) };
  } catch {
    return null; // Whatever the reason, to a client it is not there.
  }
}

function decode(pathname: string): string | null {
  try {
    return decodeURIComponent(pathname);
  } catch {
    return null;
  }
}
