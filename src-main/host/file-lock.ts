// One-writer locks for media. The lock is a small file beside the medium (in the temporary folder when that place is not
// writable) that names its owner. It is put in place with its content in one step, by hard link, so nobody ever reads half
// a lock. A lock whose owner is gone (killed process, earlier boot) is taken over: a crash never leaves a medium unusable.
import { createHash, randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { link, mkdir, open, readFile, realpath, rm, rmdir, stat, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { threadId } from 'node:worker_threads';
import { OspiteError } from '../core/errors.ts';

interface LockOwner {
  pid: number;
  /** Distinguishes a reused pid; null where the platform does not tell. */
  startTime: string | null;
  threadId: number;
  host: string;
  token: string;
}

export interface FileLock {
  release(): Promise<void>;
}

const attemptsMax = 100;
/** A takeover is a read and a removal; one this old was left by a crash. */
const takeoverLimitMs = 10_000;
const takeoverWaitMs = 20;

/** Field 22 of /proc/pid/stat: when the process began, in clock ticks since boot. The name in field 2 may hold spaces. */
function processStartTime(pid: number): string | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? null;
  } catch {
    return null;
  }
}

function isAlive(owner: LockOwner): boolean {
  if (owner.host !== hostname()) return true;
  try {
    process.kill(owner.pid, 0);
  } catch (error) {
    if (codeOf(error) === 'ESRCH') return false;
  }
  const startTime = processStartTime(owner.pid);
  return owner.startTime === null || startTime === null || startTime === owner.startTime;
}

function codeOf(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? '';
}

function parseOwner(text: string): LockOwner | null {
  try {
    const value = JSON.parse(text) as Partial<LockOwner> | null;
    if (!value || !Number.isInteger(value.pid) || typeof value.token !== 'string') return null;
    return {
      pid: value.pid as number,
      startTime: typeof value.startTime === 'string' ? value.startTime : null,
      threadId: typeof value.threadId === 'number' ? value.threadId : 0,
      host: typeof value.host === 'string' ? value.host : hostname(),
      token: value.token,
    };
  } catch {
    return null;
  }
}

async function readOwner(lockPath: string): Promise<LockOwner | null | 'gone'> {
  try {
    return parseOwner(await readFile(lockPath, 'utf8'));
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return 'gone';
    throw error;
  }
}

async function placeExclusively(lockPath: string, content: string): Promise<boolean> {
  const draft = `${lockPath}.${randomUUID()}`;
  await writeFile(draft, content, { flag: 'wx' });
  try {
    await link(draft, lockPath);
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    // File systems without hard links (FAT, some network shares): exclusive creation is the next best.
    try {
      const handle = await open(lockPath, 'wx');
      await handle.writeFile(content);
      await handle.close();
      return true;
    } catch (secondError) {
      if (codeOf(secondError) === 'EEXIST') return false;
      throw secondError;
    }
  } finally {
    await rm(draft, { force: true });
  }
}

async function removeIfHeldBy(lockPath: string, token: string): Promise<void> {
  const owner = await readOwner(lockPath);
  if (owner !== 'gone' && owner?.token === token) await rm(lockPath, { force: true });
}

/**
 * Removes a dead owner's lock. Only the holder of the takeover folder may, and it looks again first: so nobody ever removes the
 * fresh lock of a faster starter. Returns without having done anything while another one is at it.
 */
async function clearStale(lockPath: string, staleToken: string | null): Promise<void> {
  const takeover = `${lockPath}.takeover`;
  try {
    await mkdir(takeover);
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw error;
    const age = Date.now() - ((await stat(takeover).catch(() => null))?.mtimeMs ?? Date.now());
    if (age > takeoverLimitMs)
      await rmdir(takeover).catch(() => undefined); // Its maker was killed in the middle.
    else await sleep(takeoverWaitMs);
    return;
  }
  try {
    const holder = await readOwner(lockPath);
    if (holder !== 'gone' && (holder?.token ?? null) === staleToken) await rm(lockPath, { force: true });
  } finally {
    await rmdir(takeover).catch(() => undefined);
  }
}

async function lockAt(lockPath: string, mediumPath: string): Promise<FileLock> {
  const token = randomUUID();
  const owner: LockOwner = {
    pid: process.pid,
    startTime: processStartTime(process.pid),
    threadId,
    host: hostname(),
    token,
  };
  for (let attempt = 0; attempt < attemptsMax; attempt++) {
    if (await placeExclusively(lockPath, JSON.stringify(owner))) {
      return { release: () => removeIfHeldBy(lockPath, token) };
    }
    const holder = await readOwner(lockPath);
    if (holder === 'gone') continue;
    if (holder !== null && isAlive(holder)) {
      const where = holder.host === hostname() ? '' : ` on ${holder.host}`;
      throw new OspiteError(
        'medium.locked',
        `"${mediumPath}" is in use by another machine or program (process ${holder.pid}${where}); stop that machine first, or attach the medium read-only.`,
        { details: { path: mediumPath, pid: holder.pid, threadId: holder.threadId, host: holder.host } },
      );
    }
    await clearStale(lockPath, holder?.token ?? null);
  }
  throw new OspiteError('medium.locked', `"${mediumPath}" is being opened by several programs at once; try again.`, {
    details: { path: mediumPath },
  });
}

async function lockPathsFor(path: string): Promise<{ beside: string; fallback: string }> {
  const real = await realpath(path).catch(() => path);
  const folder = join(tmpdir(), 'ospite-locks');
  return { beside: `${real}.lock`, fallback: join(folder, `${createHash('sha256').update(real).digest('hex')}.lock`) };
}

/**
 * Takes the writer lock of the medium at `path`.
 * @throws {OspiteError} medium.locked while another living owner has it
 */
export async function lockFile(path: string, options: { isDevice: boolean }): Promise<FileLock> {
  const { beside, fallback } = await lockPathsFor(path);
  if (!options.isDevice) {
    try {
      return await lockAt(beside, path);
    } catch (error) {
      if (!['EACCES', 'EPERM', 'EROFS', 'ENOSPC', 'ENAMETOOLONG'].includes(codeOf(error))) throw error;
    }
  }
  await mkdir(join(tmpdir(), 'ospite-locks'), { recursive: true });
  return await lockAt(fallback, path);
}

/** Frees the lock of `path` if worker thread `ownerThreadId` of this process held it: for the supervisor of a crashed worker. */
export async function releaseLockOfThread(path: string, ownerThreadId: number): Promise<void> {
  const { beside, fallback } = await lockPathsFor(path);
  for (const lockPath of [beside, fallback]) {
    const owner = await readOwner(lockPath);
    if (owner === 'gone' || owner === null) continue;
    const isOurs =
      owner.pid === process.pid && owner.host === hostname() && owner.startTime === processStartTime(process.pid);
    if (isOurs && owner.threadId === ownerThreadId) await removeIfHeldBy(lockPath, owner.token);
  }
}

/** Whether the medium at `path` has a writer; `stale` when that writer is gone without having released it. */
export async function fileLockState(path: string): Promise<'free' | 'held' | 'stale'> {
  const { beside, fallback } = await lockPathsFor(path);
  let isStale = false;
  for (const lockPath of [beside, fallback]) {
    const owner = await readOwner(lockPath);
    if (owner === 'gone') continue;
    if (owner !== null && isAlive(owner)) return 'held';
    isStale = true;
  }
  return isStale ? 'stale' : 'free';
}
