// FolderStore over the host's file system. Writes go to a temporary file that is synced and renamed over the old one. Logs are
// appended in order and turned over at a size: the log before the newest is kept as `<file>.previous`.
import { appendFile, copyFile, link, mkdir, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { FolderStore } from '../core/backends/folder-store.ts';
import { OspiteError } from '../core/errors.ts';

const LOG_LIMIT_BYTES = 1_048_576;
/** Lines that wait for a slow disk; more are lost. */
const LOG_WAITING_CHARACTERS = 1_048_576;

export class HostFolderStore implements FolderStore {
  readonly path: string;
  /** Text on its way to a log, by path: one write at a time keeps the lines in order. */
  readonly #logs = new Map<string, { waiting: string; done: Promise<void> }>();

  constructor(path: string) {
    this.path = path;
  }

  async folders(): Promise<string[]> {
    try {
      await mkdir(this.path, { recursive: true, mode: 0o700 });
      const entries = await readdir(this.path, { withFileTypes: true });
      // Names with a leading dot are the file system's or another program's; machines have none.
      return entries.filter((entry) => entry.isDirectory() && !entry.name.startsWith('.')).map((entry) => entry.name);
    } catch (error) {
      throw this.#failure('list', '', error);
    }
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
      await keepPrevious(target);
      await rename(temporary, target);
      await syncFolder(this.#inside(folder));
    } catch (error) {
      await rm(temporary, { force: true }).catch(() => {}); // The first failure is the one to tell.
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
    const [source, target] = [this.#inside(from), this.#inside(to)];
    if (await isOther(source, target)) throw nameTaken(to, this.path);
    try {
      await this.settled();
      await rename(source, target);
    } catch (error) {
      throw this.#failure('rename', from, error);
    }
  }

  async remove(folder: string): Promise<void> {
    try {
      await rm(this.#inside(folder), { recursive: true, force: true, maxRetries: 3 });
    } catch (error) {
      throw this.#failure('remove', folder, error);
    }
  }

  append(folder: string, file: string, text: string): void {
    const path = this.#inside(folder, file);
    const log = this.#logs.get(path);
    if (!log) {
      const started = { waiting: text, done: Promise.resolve() };
      this.#logs.set(path, started);
      started.done = this.#writeLog(path, started);
    } else if (log.waiting.length + text.length <= LOG_WAITING_CHARACTERS) log.waiting += text;
  }

  async settled(): Promise<void> {
    await Promise.all([...this.#logs.values()].map((log) => log.done));
  }

  async #writeLog(path: string, log: { waiting: string }): Promise<void> {
    while (log.waiting !== '') {
      const text = log.waiting;
      log.waiting = '';
      try {
        const { size } = await stat(path).catch(() => ({ size: 0 }));
        if (size > 0 && size + text.length > LOG_LIMIT_BYTES) await rename(path, `${path}.previous`);
        await appendFile(path, text, { mode: 0o600 });
      } catch {} // A full disk or a removed folder: logging must not stop a machine.
    }
    this.#logs.delete(path);
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
    if (error instanceof OspiteError) return error;
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

/** True if there is something at `target` that is not `source` itself: where case does not count, "Linux" is "linux". */
async function isOther(source: string, target: string): Promise<boolean> {
  const found = await stat(target).catch(() => null);
  if (!found) return false;
  const own = await stat(source).catch(() => null);
  return own === null || own.ino !== found.ino || own.dev !== found.dev;
}

/** A hard link to the old content costs nothing; some file systems (FAT, network shares) have none. */
async function keepPrevious(target: string): Promise<void> {
  try {
    await link(target, `${target}.previous`);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return;
    await copyFile(target, `${target}.previous`);
  }
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
