// Work that takes long: told to every client as it goes on, cancellable, remembered until somebody dismisses it.
import type { ErrorCode } from '../contract/errors.ts';
import type { Task, TaskState } from '../contract/task.ts';
import { OspiteError } from '../core/errors.ts';

/** What the work itself sees of its task. */
export interface RunningTask {
  /** @param fraction 0 to 1, or null while nobody can tell */
  progress(fraction: number | null, message?: string): void;
  /** Aborted by `task.cancel`; the work then undoes what it made and rejects. */
  readonly signal: AbortSignal;
}

export interface TaskOptions {
  /** What is done, in words: "Create disk.img". */
  title: string;
  machineId?: string;
  isCancellable?: boolean;
}

export interface TasksHost {
  newId(): string;
  nowIso(): string;
  /** Milliseconds of a clock that only goes forward. */
  nowMs(): number;
  /** Calls back later; what it returns calls that off. */
  after(ms: number, callback: () => void): () => void;
  /** Tells every client. */
  changed(task: Task): void;
  dismissed(id: string): void;
}

interface Entry {
  task: Task;
  abort: AbortController;
  /** Settles with the work and never rejects. */
  ended: Promise<void>;
  toldAtMs: number;
  /** Something is still to be told. */
  isTellingDue: boolean;
  error: { code: ErrorCode; cause: unknown } | null;
}

/** Ended tasks kept; older ones are forgotten. */
const ENDED_KEPT = 50;
/** Progress is told at most this often. */
const TELL_MS = 100;

export class TaskRegistry {
  readonly #host: TasksHost;
  /** In the order of their beginning. */
  readonly #entries = new Map<string, Entry>();

  constructor(host: TasksHost) {
    this.#host = host;
  }

  /** Begins the work and returns the task's id at once. */
  run(options: TaskOptions, work: (task: RunningTask) => Promise<unknown>): string {
    const entry: Entry = {
      task: {
        id: this.#host.newId(),
        title: options.title,
        machineId: options.machineId ?? null,
        state: 'running',
        progress: null,
        message: '',
        isCancellable: options.isCancellable ?? false,
        startedAt: this.#host.nowIso(),
        endedAt: null,
        result: null,
      },
      abort: new AbortController(),
      ended: Promise.resolve(),
      toldAtMs: this.#host.nowMs(),
      isTellingDue: false,
      error: null,
    };
    this.#entries.set(entry.task.id, entry);
    this.#host.changed({ ...entry.task });
    entry.ended = this.#work(entry, work);
    return entry.task.id;
  }

  /** Same as `run`, for a caller who needs the end: resolves to the result. @throws what the work threw */
  async runToEnd<Result>(options: TaskOptions, work: (task: RunningTask) => Promise<Result>): Promise<Result> {
    const id = this.run(options, work);
    const entry = this.#entry(id);
    await entry.ended;
    if (entry.error) throw entry.error.cause;
    return entry.task.result as Result;
  }

  /** All tasks, newest first. */
  list(): Task[] {
    return [...this.#entries.values()].map(({ task }) => ({ ...task })).reverse();
  }

  /** The task once it has ended, or as it is when the time is over or the waiter gone. @throws {OspiteError} task.notFound */
  async wait(id: string, timeoutMs: number, gone?: AbortSignal): Promise<Task> {
    const entry = this.#entry(id);
    if (entry.task.state === 'running') {
      let forget = (): void => {};
      await new Promise<void>((resolve) => {
        void entry.ended.then(resolve);
        forget = this.#host.after(timeoutMs, resolve);
        gone?.addEventListener('abort', () => resolve(), { once: true });
      });
      forget();
    }
    return { ...entry.task };
  }

  /** Asks the work to stop; does nothing to one that has ended. @throws {OspiteError} task.notFound, usage.invalid */
  cancel(id: string): void {
    const entry = this.#entry(id);
    if (entry.task.state !== 'running') return;
    if (!entry.task.isCancellable)
      throw new OspiteError('usage.invalid', `"${entry.task.title}" cannot be cancelled any more; wait for its end`);
    entry.abort.abort(new OspiteError('task.cancelled', `"${entry.task.title}" was cancelled`));
  }

  /** Forgets an ended task. @throws {OspiteError} task.notFound, usage.invalid while it runs */
  dismiss(id: string): void {
    const entry = this.#entry(id);
    if (entry.task.state === 'running')
      throw new OspiteError('usage.invalid', `"${entry.task.title}" still runs; cancel it or wait for its end`);
    this.#entries.delete(id);
    this.#host.dismissed(id);
  }

  /** Cancels what can be cancelled and waits for all; for the end of the host process. */
  async shutDown(): Promise<void> {
    const running = [...this.#entries.values()].filter(({ task }) => task.state === 'running');
    for (const { task } of running) if (task.isCancellable) this.cancel(task.id);
    await Promise.all(running.map(({ ended }) => ended));
  }

  async #work(entry: Entry, work: (task: RunningTask) => Promise<unknown>): Promise<void> {
    await Promise.resolve(); // The caller has the id before anything can end.
    try {
      const result = await work({
        progress: (fraction, message) => this.#progress(entry, fraction, message),
        signal: entry.abort.signal,
      });
      entry.task = { ...entry.task, progress: 1, message: '', result: result ?? null };
      this.#end(entry, 'done');
    } catch (error) {
      const isCancelled = entry.abort.signal.aborted;
      entry.error = { code: error instanceof OspiteError ? error.code : 'internal', cause: error };
      entry.task = {
        ...entry.task,
        message: isCancelled ? '' : error instanceof Error ? error.message : String(error),
      };
      this.#end(entry, isCancelled ? 'cancelled' : 'failed');
    }
  }

  #progress(entry: Entry, fraction: number | null, message: string | undefined): void {
    if (entry.task.state !== 'running') return;
    const progress = fraction === null ? null : Math.min(1, Math.max(0, Number.isNaN(fraction) ? 0 : fraction));
    entry.task = { ...entry.task, progress, message: message ?? entry.task.message };
    if (entry.isTellingDue) return;
    const waitMs = entry.toldAtMs + TELL_MS - this.#host.nowMs();
    if (waitMs <= 0) return this.#tell(entry);
    entry.isTellingDue = true;
    this.#host.after(waitMs, () => {
      if (entry.isTellingDue) this.#tell(entry);
    });
  }

  #tell(entry: Entry): void {
    entry.isTellingDue = false;
    entry.toldAtMs = this.#host.nowMs();
    this.#host.changed({ ...entry.task });
  }

  #end(entry: Entry, state: TaskState): void {
    entry.task = { ...entry.task, state, endedAt: this.#host.nowIso(), isCancellable: false };
    this.#tell(entry);
    const ended = [...this.#entries.values()].filter(({ task }) => task.state !== 'running');
    for (const { task } of ended.slice(0, Math.max(0, ended.length - ENDED_KEPT))) this.dismiss(task.id);
  }

  #entry(id: string): Entry {
    const entry = this.#entries.get(id);
    if (!entry)
      throw new OspiteError('task.notFound', 'There is no task with this id; "task.list" tells which there are');
    return entry;
  }
}
