// FolderStore over the host's file system.
import { lstat, mkdir, readdir, readFile, realpath, rename, rm, rmdir, stat } from 'node:fs/promises';
import { basename, dirname, isAbsolute, join, normalize, relative, resolve, sep } from 'node:path';
import type { FolderFile, FolderLock, FolderStore, LockState, MoveOptions } from '../core/backends/folder-store.ts';
import { OspiteError } from '../core/errors.ts';
import { codeOf, fileFailure, replaceFile } from './atomic-write.ts';
import { fileLockState, lockFile } from './file-lock.ts';
import { LogFiles } from './log-files.ts';
import { moveFolder } from './move-folder.ts';

/** Files told of one folder; a machine has a dozen. */
const FILES_MAX = 5000;
/** Names of lock files end in ".lock". */
const LOCK = 'running';

export class HostFolderStore implements FolderStore {
  readonly #logs = new LogFiles();

  join(folder: string, name: string): string {
    return join(folder, name);
  }
  nameOf(path: string): string {
    return basename(path);
  }
  parentOf(path: string): string {
    return dirname(path);
  }
  normalize(path: string): string {
    return resolve(normalize(path));
  }
  isAbsolute(path: string): boolean {
    return isAbsolute(path);
  }
  within(folder: string, path: string): string | null {
    const way = relative(folder, path);
    return way === '' || way === '..' || way.startsWith(`..${sep}`) || isAbsolute(way)
      ? null
      : way.split(sep).join('/');
  }

  async isFolder(path: string): Promise<boolean> {
    return (await stat(path).catch(() => null))?.isDirectory() ?? false;
  }

  async folders(root: string): Promise<string[]> {
    try {
      await mkdir(root, { recursive: true, mode: 0o700 });
      const entries = await readdir(root, { withFileTypes: true });
      // Names with a leading dot are the file system's or another program's; machines have none.
      return entries.filter((entry) => entry.isDirectory() && !entry.name.startsWith('.')).map((entry) => entry.name);
    } catch (error) {
      throw fileFailure('list', root, error);
    }
  }

  async files(folder: string): Promise<FolderFile[]> {
    const found: FolderFile[] = [];
    const visit = async (below: string): Promise<void> => {
      for (const entry of await readdir(join(folder, below), { withFileTypes: true })) {
        if (found.length >= FILES_MAX) return;
        const name = below === '' ? entry.name : `${below}/${entry.name}`;
        if (entry.isDirectory()) await visit(name);
        else {
          const info = await lstat(join(folder, name)).catch(() => null); // Gone again.
          if (info) found.push({ name, sizeBytes: info.size, modifiedAt: info.mtime.toISOString() });
        }
      }
    };
    try {
      await visit('');
    } catch (error) {
      if (codeOf(error) !== 'ENOENT') throw fileFailure('list', folder, error);
    }
    return found;
  }

  async sizeOf(path: string): Promise<number | null> {
    return (await stat(path).catch(() => null))?.size ?? null;
  }

  async modifiedAt(folder: string, file: string): Promise<string | null> {
    return (await stat(inside(folder, file)).catch(() => null))?.mtime.toISOString() ?? null;
  }

  async read(folder: string, file: string): Promise<string | null> {
    try {
      return await readFile(inside(folder, file), 'utf8');
    } catch (error) {
      if (codeOf(error) === 'ENOENT') return null;
      throw fileFailure('read', join(folder, file), error);
    }
  }

  async write(folder: string, file: string, text: string): Promise<void> {
    try {
      await replaceFile(inside(folder, file), text, { keepsPrevious: true });
    } catch (error) {
      throw fileFailure('write', join(folder, file), error);
    }
  }

  async create(folder: string): Promise<void> {
    try {
      await mkdir(dirname(folder), { recursive: true, mode: 0o700 });
      await mkdir(folder, { mode: 0o700 });
    } catch (error) {
      if (codeOf(error) === 'EEXIST') throw nameTaken(folder);
      throw fileFailure('create', folder, error);
    }
  }

  async rename(from: string, to: string): Promise<void> {
    if (await isOther(from, to)) throw nameTaken(to);
    try {
      await this.settled();
      await rename(from, to);
    } catch (error) {
      throw fileFailure('rename', from, error);
    }
  }

  async move(from: string, to: string, options: MoveOptions): Promise<void> {
    if (await isOther(from, to)) throw nameTaken(to);
    try {
      await this.settled();
      await moveFolder(from, to, options);
    } catch (error) {
      if (options.signal.aborted) throw new OspiteError('task.cancelled', `Moving ${from} was cancelled`);
      throw fileFailure('move', from, error);
    }
  }

  async remove(folder: string): Promise<void> {
    try {
      await this.settled();
      await rm(folder, { recursive: true, force: true, maxRetries: 3 });
    } catch (error) {
      throw fileFailure('remove', folder, error);
    }
  }

  async removeOnly(folder: string, names: readonly string[]): Promise<void> {
    try {
      await this.settled();
      for (const name of names) {
        const path = inside(folder, name);
        // A linked sub-folder is somewhere else; what lies there is not the machine's.
        if (await isReallyIn(folder, dirname(path))) await rm(path, { recursive: true, force: true, maxRetries: 3 });
      }
      await rmdir(folder);
    } catch (error) {
      if (!['ENOTEMPTY', 'EEXIST', 'ENOENT'].includes(codeOf(error))) throw fileFailure('remove', folder, error);
    }
  }

  append(folder: string, file: string, text: string): void {
    this.#logs.append(inside(folder, file), text);
  }

  turnOver(folder: string, file: string): void {
    this.#logs.turnOver(inside(folder, file));
  }

  settled(): Promise<void> {
    return this.#logs.settled();
  }

  lock(folder: string): Promise<FolderLock> {
    return lockFile(join(folder, LOCK), { isDevice: false });
  }

  lockState(folder: string): Promise<LockState> {
    return fileLockState(join(folder, LOCK));
  }
}

/** Names come from validated machine names or from `files()`; this is the second lock on the door. */
function inside(folder: string, file: string): string {
  for (const name of file.split('/')) {
    if (name === '' || name === '.' || name === '..' || /[\\\0]/.test(name))
      throw new OspiteError('config.invalid', `"${file}" is no name for a file in a machine's folder`);
  }
  return join(folder, file);
}

async function isReallyIn(folder: string, path: string): Promise<boolean> {
  const [outer, inner] = await Promise.all([folder, path].map((each) => realpath(each).catch(() => null)));
  return outer != null && inner != null && (inner === outer || inner.startsWith(`${outer}${sep}`));
}

function nameTaken(folder: string): OspiteError {
  return new OspiteError(
    'machine.nameTaken',
    `There is already "${basename(folder)}" in ${dirname(folder)}; choose another name`,
  );
}

/** True if there is something at `target` that is not `source` itself: where case does not count, "Linux" is "linux". */
async function isOther(source: string, target: string): Promise<boolean> {
  const found = await stat(target).catch(() => null);
  if (!found) return false;
  const own = await stat(source).catch(() => null);
  return own === null || own.ino !== found.ino || own.dev !== found.dev;
}
