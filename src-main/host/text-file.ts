// TextFile over the host's file system.
import { mkdir, readFile, rename } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { TextFile } from '../core/backends/text-file.ts';
import { codeOf, fileFailure, replaceFile } from './atomic-write.ts';

export class HostTextFile implements TextFile {
  readonly path: string;

  constructor(path: string) {
    this.path = path;
  }

  read(): Promise<string | null> {
    return readOrNull(this.path);
  }

  readPrevious(): Promise<string | null> {
    return readOrNull(`${this.path}.previous`);
  }

  async write(text: string): Promise<void> {
    try {
      await mkdir(dirname(this.path), { recursive: true, mode: 0o700 });
      await replaceFile(this.path, text, { keepsPrevious: true });
    } catch (error) {
      throw fileFailure('write', this.path, error);
    }
  }

  async setAside(): Promise<void> {
    try {
      await rename(this.path, `${this.path}.damaged`);
    } catch (error) {
      if (codeOf(error) !== 'ENOENT') throw fileFailure('rename', this.path, error);
    }
  }
}

async function readOrNull(path: string): Promise<string | null> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return null;
    throw fileFailure('read', path, error);
  }
}
