// Moving a folder to where it may not be renamed to, such as another disk: everything is copied beside its destination, read
// again and compared, and only then the copy gets its name and the original goes. A failure leaves the original whole.
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { lstat, mkdir, open, readdir, readlink, rename, rm, symlink, utimes } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { MoveOptions } from '../core/backends/folder-store.ts';
import { OspiteError } from '../core/errors.ts';
import { codeOf } from './atomic-write.ts';

const CHUNK_BYTES = 4 * 1_048_576;

/** @param mayRename false copies even where a rename would do */
export async function moveFolder(from: string, to: string, options: MoveOptions, mayRename = true): Promise<void> {
  if (mayRename) {
    try {
      return await rename(from, to);
    } catch (error) {
      if (codeOf(error) !== 'EXDEV') throw error;
    }
  }
  const draft = join(dirname(to), `.${basename(to)}.moving`);
  await rm(draft, { recursive: true, force: true }); // Left by a crash.
  try {
    await new FolderCopy(from, draft, options).run();
    options.signal.throwIfAborted();
    await rename(draft, to);
  } catch (error) {
    await rm(draft, { recursive: true, force: true }).catch(() => {}); // The first failure is the one to tell.
    throw error;
  }
  // The move is done: what cannot be removed here shows up as a second copy, which its owner can look at.
  await rm(from, { recursive: true, force: true, maxRetries: 3 }).catch(() => {});
}

class FolderCopy {
  readonly #from: string;
  readonly #to: string;
  readonly #options: MoveOptions;
  /** Bytes to read: every file twice, once to copy and once to compare. */
  #total = 0;
  #done = 0;

  constructor(from: string, to: string, options: MoveOptions) {
    this.#from = from;
    this.#to = to;
    this.#options = options;
  }

  async run(): Promise<void> {
    const names = await this.#measure('');
    await mkdir(this.#to, { mode: 0o700 });
    for (const { name, kind } of names) {
      const [source, target] = [join(this.#from, name), join(this.#to, name)];
      if (kind === 'folder') await mkdir(target, { mode: 0o700 });
      else if (kind === 'link') await symlink(await readlink(source), target);
      else await this.#copy(name, source, target);
    }
  }

  /** All entries, folders before what is in them. */
  async #measure(folder: string): Promise<{ name: string; kind: 'folder' | 'file' | 'link' }[]> {
    const found: { name: string; kind: 'folder' | 'file' | 'link' }[] = [];
    for (const entry of await readdir(join(this.#from, folder), { withFileTypes: true })) {
      const name = join(folder, entry.name);
      if (entry.isDirectory()) found.push({ name, kind: 'folder' }, ...(await this.#measure(name)));
      else if (entry.isSymbolicLink()) found.push({ name, kind: 'link' });
      else if (entry.isFile()) {
        found.push({ name, kind: 'file' });
        this.#total += 2 * (await lstat(join(this.#from, name))).size;
      } // Sockets and pipes are their owner's; they cannot be copied.
    }
    return found;
  }

  async #copy(name: string, source: string, target: string): Promise<void> {
    const wanted = createHash('sha256');
    const info = await lstat(source);
    const [input, output] = [await open(source, 'r'), await open(target, 'wx', info.mode & 0o777)];
    try {
      const buffer = new Uint8Array(CHUNK_BYTES);
      for (let at = 0; ; ) {
        this.#options.signal.throwIfAborted();
        const { bytesRead } = await input.read(buffer, 0, CHUNK_BYTES, at);
        if (bytesRead === 0) break;
        const chunk = buffer.subarray(0, bytesRead);
        wanted.update(chunk);
        // Holes stay holes: what is not written reads as zeroes.
        if (chunk.some((byte) => byte !== 0)) await writeAll(output, chunk, at);
        at += bytesRead;
        this.#advance(bytesRead, `Copying ${name}`);
      }
      await output.truncate(info.size);
      await output.sync();
    } finally {
      await input.close();
      await output.close();
    }
    await utimes(target, info.atime, info.mtime);
    await this.#compare(name, target, wanted.digest('hex'));
  }

  async #compare(name: string, target: string, wanted: string): Promise<void> {
    const found = createHash('sha256');
    for await (const chunk of createReadStream(target, { highWaterMark: CHUNK_BYTES, signal: this.#options.signal })) {
      found.update(chunk as Uint8Array);
      this.#advance((chunk as Uint8Array).length, `Checking ${name}`);
    }
    if (found.digest('hex') !== wanted)
      throw new OspiteError(
        'host.ioError',
        `The copy of ${name} differs from the original; check the disk of ${target}`,
      );
  }

  #advance(bytes: number, message: string): void {
    this.#done += bytes;
    this.#options.progress(Math.min(1, this.#done / Math.max(1, this.#total)), message);
  }
}

async function writeAll(file: Awaited<ReturnType<typeof open>>, bytes: Uint8Array, offset: number): Promise<void> {
  for (let done = 0; done < bytes.length; )
    done += (await file.write(bytes, done, bytes.length - done, offset + done)).bytesWritten;
}
