// Waits for a task with a progress bar; Ctrl-C cancels the task instead of leaving it.
import type { HostClient } from '../api/client/host-client.ts';
import type { Task } from '../contract/task.ts';
import { OspiteError } from '../core/errors.ts';
import type { Surroundings } from './surroundings.ts';
import { printable } from './text-layout.ts';

const BAR_WIDTH = 30;
const LONGEST_SECONDS = 86_400;

/** @throws {OspiteError} host.ioError with the task's own sentence when it failed, task.cancelled */
export async function finishTask(host: HostClient, id: string, { warn }: Surroundings): Promise<Task> {
  const bar = process.stderr.isTTY ? new ProgressBar() : null;
  const subscription = host.on('task.changed', (task) => {
    if (task.id === id) bar?.show(task);
  });
  const onInterrupt = (): void => {
    void host.call('task.cancel', { id }).catch((error: Error) => warn(`ospite: ${error.message}`));
  };
  process.once('SIGINT', onInterrupt);
  try {
    let task: Task;
    do task = await host.call('task.wait', { id, timeoutSeconds: LONGEST_SECONDS });
    while (task.state === 'running');
    bar?.clear();
    await host.call('task.dismiss', { id }).catch(() => {}); // Another client may have done so; it has been shown here.
    if (task.state === 'cancelled') throw new OspiteError('task.cancelled', `"${task.title}" was cancelled`);
    if (task.state === 'failed') throw new OspiteError('host.ioError', task.message);
    return task;
  } finally {
    process.off('SIGINT', onInterrupt);
    subscription.dispose();
    bar?.clear();
  }
}

/** One line of standard error, written over and over. */
class ProgressBar {
  #isShown = false;

  show({ title, progress, state }: Task): void {
    if (state !== 'running') return;
    const done = Math.round((progress ?? 0) * BAR_WIDTH);
    const bar = `[${'#'.repeat(done)}${' '.repeat(BAR_WIDTH - done)}]`;
    const percent = progress === null ? '  ...' : `${Math.floor(progress * 100)}%`.padStart(5);
    const room = Math.max((process.stderr.columns ?? 80) - BAR_WIDTH - 10, 10);
    process.stderr.write(`\r\u001b[K${bar}${percent} ${printable(title).slice(0, room)}`);
    this.#isShown = true;
  }

  clear(): void {
    if (this.#isShown) process.stderr.write('\r\u001b[K');
    this.#isShown = false;
  }
}
