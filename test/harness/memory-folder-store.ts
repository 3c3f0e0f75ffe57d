// A FolderStore in memory, for managers under test.
import type { FolderStore } from '../../src-main/core/backends/folder-store.ts';
import { OspiteError } from '../../src-main/core/errors.ts';

export class MemoryFolderStore implements FolderStore {
  readonly path = '/memory';
  /** Somebody waited for the logs. */
  wasAwaited = false;
  readonly content = new Map<string, Map<string, string>>();

  folders(): Promise<string[]> {
    return Promise.resolve([...this.content.keys()]);
  }
  read(folder: string, file: string): Promise<string | null> {
    return Promise.resolve(this.content.get(folder)?.get(file) ?? null);
  }
  write(folder: string, file: string, text: string): Promise<void> {
    this.content.get(folder)?.set(file, text);
    return Promise.resolve();
  }
  create(folder: string): Promise<void> {
    if (this.content.has(folder)) return Promise.reject(new OspiteError('machine.nameTaken', 'taken'));
    this.content.set(folder, new Map());
    return Promise.resolve();
  }
  rename(from: string, to: string): Promise<void> {
    const files = this.content.get(from);
    if (files) this.content.set(to, files);
    this.content.delete(from);
    return Promise.resolve();
  }
  remove(folder: string): Promise<void> {
    this.content.delete(folder);
    return Promise.resolve();
  }
  settled(): Promise<void> {
    this.wasAwaited = true;
    return Promise.resolve();
  }
  append(folder: string, file: string, text: string): void {
    const files = this.content.get(folder);
    files?.set(file, (files.get(file) ?? '') + text);
  }
}
