// Log files that are appended to in order and turned over: `<file>` becomes `<file>.1`, that one `.2`, and the oldest is
// forgotten. Failures are swallowed: a full disk or a removed folder must not stop a machine. A machine's folder may come from
// anybody: no link in it is followed to write elsewhere.
import { constants } from 'node:fs';
import { lstat, mkdir, open, rename } from 'node:fs/promises';
import { dirname } from 'node:path';

const LOG_LIMIT_BYTES = 1_048_576;
/** Characters that wait for a slow disk; more are lost. */
const WAITING_MAX = 1_048_576;
/** Logs kept besides the newest. */
export const LOGS_KEPT = 3;

/** What waits to be done with one log, in order. */
type Step = { text: string } | 'turnOver';

export class LogFiles {
  readonly #queues = new Map<string, { steps: Step[]; waiting: number; done: Promise<void> }>();

  append(path: string, text: string): void {
    this.#enqueue(path, { text });
  }

  turnOver(path: string): void {
    this.#enqueue(path, 'turnOver');
  }

  /** Resolves when all that was asked for so far is done. */
  async settled(): Promise<void> {
    await Promise.all([...this.#queues.values()].map(({ done }) => done));
  }

  #enqueue(path: string, step: Step): void {
    const queue = this.#queues.get(path);
    if (!queue) {
      const started = { steps: [step], waiting: 0, done: Promise.resolve() };
      this.#queues.set(path, started);
      started.done = this.#work(path, started);
      return;
    }
    const last = queue.steps.at(-1);
    if (step === 'turnOver') queue.steps.push(step);
    else if (queue.waiting + step.text.length > WAITING_MAX) return;
    else if (last !== undefined && last !== 'turnOver') last.text += step.text;
    else queue.steps.push(step);
    queue.waiting += step === 'turnOver' ? 0 : step.text.length;
  }

  async #work(path: string, queue: { steps: Step[]; waiting: number }): Promise<void> {
    await mkdir(dirname(path), { mode: 0o700 }).catch(() => {}); // There already; a removed machine's folder must not come back.
    for (let step = queue.steps.shift(); step !== undefined; step = queue.steps.shift()) {
      if (step === 'turnOver') await turnOver(path);
      else {
        queue.waiting = Math.max(0, queue.waiting - step.text.length);
        await append(path, step.text);
      }
    }
    this.#queues.delete(path);
  }
}

const { O_APPEND, O_CREAT, O_WRONLY } = constants;
/** Windows has none, and its links need rights of their own to be made. */
const O_NOFOLLOW = constants.O_NOFOLLOW ?? 0;

async function append(path: string, text: string): Promise<void> {
  try {
    if ((await lstat(dirname(path))).isSymbolicLink()) return;
    const { size } = await lstat(path).catch(() => ({ size: 0 }));
    if (size > 0 && size + text.length > LOG_LIMIT_BYTES) await turnOver(path);
    const file = await open(path, O_WRONLY | O_APPEND | O_CREAT | O_NOFOLLOW, 0o600);
    try {
      await file.writeFile(text);
    } finally {
      await file.close();
    }
  } catch {} // See above: nobody can be told.
}

async function turnOver(path: string): Promise<void> {
  for (let number = LOGS_KEPT; number >= 1; number--)
    await rename(number === 1 ? path : `${path}.${number - 1}`, `${path}.${number}`).catch(() => {}); // Not there yet.
}
