// FolderStore over the host's file system. Writes go to a temporary file that is synced and renamed over the old one.
import { appendFile, link, mkdir, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { FolderStore } from '../core/backends/folder-store.ts';
import { OspiteError } from '../core/errors.ts';

export class HostFolderStore implements FolderStore {
  readonly path: string;

  constructor(path: string) {
    this.path = path;
  }

  async folders(): Promise<string[]> {
    await mkdir(this.path, { recursive: true, mode: 0o700 });
    const entries = await readdir(this.path, { withFileTypes: true });
    return entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
  }

  async read(folder: string, file: string): Promise<string | null> {
    try {
      return await readFile(this.#inside(folder, file), 'utf8');
    } catch (error) {
      if (codeOf(error) === 'ENOENT') return null;
      throw this.#failure('read', join(folder, file), error);
    }
  }

  async write(folder: string, file: string, text: string): Promise<void> {
    const target = this.#inside(folder, file);
    const temporary = `${target}.new`;
    try {
      const handle = await open(temporary, 'w', 0o600);
      try {
        await handle.writeFile(text);
        await handle.sync();
      } finally {
        await handle.close();
      }
      await rm(`${target}.previous`, { force: true });
      await link(target, `${target}.previous`).catch((error: unknown) => {
        if (codeOf(error) !== 'ENOENT') throw error;
      });
      await rename(temporary, target);
      await syncFolder(this.#inside(folder));
    } catch (error) {
      await rm(temporary, { force: true });
      throw this.#failure('write', join(folder, file), error);
    }
  }

  async create(folder: string): Promise<void> {
    try {
      await mkdir(this.path, { recursive: true, mode: 0o700 });
      await mkdir(this.#inside(folder), { mode: 0o700 });
    } catch (error) {
      if (codeOf(error) === 'EEXIST') throw nameTaken(folder, this.path);
      throw this.#failure('create', folder, error);
    }
  }

  async rename(from: string, to: string): Promise<void> {
    if (
      await stat(this.#inside(to)).then(
        () => true,
        () => false,
      )
    )
      throw nameTaken(to, this.path);
    try {
      await rename(this.#inside(from), this.#inside(to));
    } catch (error) {
      throw this.#failure('rename', from, error);
    }
  }

  async remove(folder: string): Promise<void> {
    await rm(this.#inside(folder), { recursive: true, force: true });
  }

  append(folder: string, file: string, text: string): void {
    appendFile(this.#inside(folder, file), text).catch(() => {});
  }

  /** Names come from validated machine names or from `folders()`; this is the second lock on the door. */
  #inside(folder: string, file?: string): string {
    for (const name of file === undefined ? [folder] : [folder, file]) {
      if (name === '' || name === '.' || name === '..' || /[/\\\0]/.test(name)) {
        throw new OspiteError('config.invalid', `"${name}" is no name for a file; choose one without slashes`);
      }
    }
    return file === undefined ? join(this.path, folder) : join(this.path, folder, file);
  }

  #failure(verb: string, what: string, error: unknown): OspiteError {
    const code = codeOf(error);
    const isPermission = code === 'EACCES' || code === 'EPERM' || code === 'EROFS';
    return new OspiteError(
      isPermission ? 'host.permissionDenied' : 'host.ioError',
      `Cannot ${verb} ${join(this.path, what)} (${code}); check the disk and the folder's rights`,
      { cause: error },
    );
  }
}

function nameTaken(name: string, root: string): OspiteError {
  return new OspiteError(
    'machine.nameTaken',
    `There is already a machine folder "${name}" in ${root}; choose another name`,
  );
}

/** Makes a rename durable; not every file system allows it. */
async function syncFolder(path: string): Promise<void> {
  const handle = await open(path, 'r').catch(() => null);
  if (!handle) return;
  await handle.sync().catch(() => {});
  await handle.close();
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
}
