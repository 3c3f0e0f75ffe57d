// A FolderStore in memory, for managers under test. Paths are POSIX paths.
import type {
  FolderFile,
  FolderLock,
  FolderStore,
  LockState,
  MoveOptions,
} from '../../src-main/core/backends/folder-store.ts';
import { OspiteError } from '../../src-main/core/errors.ts';

export class MemoryFolderStore implements FolderStore {
  /** Somebody waited for the logs. */
  wasAwaited = false;
  /** Files by folder and by name within it. */
  readonly content = new Map<string, Map<string, string>>();
  readonly locks = new Map<string, LockState>();

  join(folder: string, name: string): string {
    return `${folder === '/' ? '' : folder}/${name.replace(/^\.\//, '')}`;
  }
  nameOf(path: string): string {
    return path.slice(path.lastIndexOf('/') + 1);
  }
  parentOf(path: string): string {
    return path.slice(0, path.lastIndexOf('/')) || '/';
  }
  normalize(path: string): string {
    return path.replace(/\/+$/, '') || '/';
  }
  isAbsolute(path: string): boolean {
    return path.startsWith('/');
  }
  within(folder: string, path: string): string | null {
    return path.startsWith(`${folder}/`) ? path.slice(folder.length + 1) : null;
  }
  isFolder(path: string): Promise<boolean> {
    return Promise.resolve([...this.content.keys()].some((known) => known === path || known.startsWith(`${path}/`)));
  }
  folders(root: string): Promise<string[]> {
    return Promise.resolve(
      [...this.content.keys()].filter((path) => this.parentOf(path) === root).map((path) => this.nameOf(path)),
    );
  }
  files(folder: string): Promise<FolderFile[]> {
    const found: FolderFile[] = [];
    for (const [path, files] of this.content)
      for (const [name, text] of files) {
        const relative = this.within(folder, this.join(path, name));
        if (relative !== null)
          found.push({ name: relative, sizeBytes: text.length, modifiedAt: '2026-01-01T00:00:00.000Z' });
      }
    return Promise.resolve(found);
  }
  sizeOf(path: string): Promise<number | null> {
    return Promise.resolve(this.content.get(this.parentOf(path))?.get(this.nameOf(path))?.length ?? null);
  }
  modifiedAt(folder: string, file: string): Promise<string | null> {
    return Promise.resolve(this.content.get(folder)?.has(file) ? '2026-01-01T00:00:00.000Z' : null);
  }
  read(folder: string, file: string): Promise<string | null> {
    return Promise.resolve(this.content.get(folder)?.get(file) ?? null);
  }
  write(folder: string, file: string, text: string): Promise<void> {
    const files = this.content.get(folder);
    if (!files) return Promise.reject(new OspiteError('host.ioError', `There is no folder ${folder}`));
    const previous = files.get(file);
    if (previous !== undefined) files.set(`${file}.previous`, previous);
    files.set(file, text);
    return Promise.resolve();
  }
  create(folder: string): Promise<void> {
    if (this.content.has(folder)) return Promise.reject(new OspiteError('machine.nameTaken', 'taken'));
    this.content.set(folder, new Map());
    return Promise.resolve();
  }
  rename(from: string, to: string): Promise<void> {
    if (this.content.has(to)) return Promise.reject(new OspiteError('machine.nameTaken', 'taken'));
    const files = this.content.get(from);
    if (files) this.content.set(to, files);
    this.content.delete(from);
    return Promise.resolve();
  }
  move(from: string, to: string, { signal }: MoveOptions): Promise<void> {
    if (signal.aborted) return Promise.reject(new OspiteError('task.cancelled', 'cancelled'));
    return this.rename(from, to);
  }
  remove(folder: string): Promise<void> {
    this.content.delete(folder);
    return Promise.resolve();
  }
  removeOnly(folder: string, names: readonly string[]): Promise<void> {
    const files = this.content.get(folder);
    for (const file of [...(files?.keys() ?? [])])
      if (names.some((name) => file === name || file.startsWith(`${name}/`))) files?.delete(file);
    if (files?.size === 0) this.content.delete(folder);
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
  turnOver(folder: string, file: string): void {
    const files = this.content.get(folder);
    for (let number = 3; number >= 1; number--) {
      const from = number === 1 ? file : `${file}.${number - 1}`;
      const text = files?.get(from);
      files?.delete(from);
      if (text !== undefined) files?.set(`${file}.${number}`, text);
    }
  }
  lock(folder: string): Promise<FolderLock> {
    if (this.locks.get(folder) === 'held')
      return Promise.reject(new OspiteError('medium.locked', 'in use', { details: { pid: 7 } }));
    this.locks.set(folder, 'held');
    return Promise.resolve({
      release: () => {
        this.locks.delete(folder);
        return Promise.resolve();
      },
    });
  }
  lockState(folder: string): Promise<LockState> {
    return Promise.resolve(this.locks.get(folder) ?? 'free');
  }
}
