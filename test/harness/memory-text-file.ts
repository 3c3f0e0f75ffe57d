// A TextFile in memory, for stores under test.
import type { TextFile } from '../../src-main/core/backends/text-file.ts';

export class MemoryTextFile implements TextFile {
  readonly path: string;
  content: string | null;
  previous: string | null = null;
  damaged: string | null = null;

  constructor(path: string, content: string | null = null) {
    this.path = path;
    this.content = content;
  }

  read(): Promise<string | null> {
    return Promise.resolve(this.content);
  }
  readPrevious(): Promise<string | null> {
    return Promise.resolve(this.previous);
  }
  write(text: string): Promise<void> {
    this.previous = this.content;
    this.content = text;
    return Promise.resolve();
  }
  setAside(): Promise<void> {
    this.damaged = this.content;
    this.content = null;
    return Promise.resolve();
  }
}
