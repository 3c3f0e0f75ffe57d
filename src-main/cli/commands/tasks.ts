// Commands about tasks: what takes longer than a second, whoever began it.
import type { HostClient } from '../../api/client/host-client.ts';
import type { Task } from '../../contract/task.ts';
import { OspiteError } from '../../core/errors.ts';
import type { Handler } from '../surroundings.ts';
import { finishTask } from '../task-progress.ts';
import { printable, table } from '../text-layout.ts';

export const tasksList: Handler<'tasks list'> = async ({ json }, around) => {
  const { tasks } = await (await around.host()).call('task.list', {});
  if (json) around.print(JSON.stringify({ tasks }));
  else if (tasks.length === 0) around.print('There are no tasks.');
  else
    around.print(
      table(
        [{ title: 'ID' }, { title: 'STATE' }, { title: 'DONE', isRight: true }, { title: 'TASK' }, { title: '' }],
        tasks.map(({ id, state, progress, title, message }) => [
          id.slice(0, 8),
          state,
          progress === null ? '' : `${Math.floor(progress * 100)} %`,
          printable(title),
          printable(message),
        ]),
      ),
    );
  return 0;
};

export const tasksWait: Handler<'tasks wait'> = async ({ words: { TASK }, json }, around) => {
  const host = await around.host();
  const task = await finishTask(host, (await findTask(host, TASK)).id, around);
  around.print(json ? JSON.stringify(task) : `"${task.title}" is done.`);
  return 0;
};

export const tasksCancel: Handler<'tasks cancel'> = async ({ words: { TASK }, json }, around) => {
  const host = await around.host();
  const { id, title } = await findTask(host, TASK);
  await host.call('task.cancel', { id });
  around.print(json ? 'null' : `"${title}" was asked to stop.`);
  return 0;
};

export const tasksDismiss: Handler<'tasks dismiss'> = async ({ words: { TASK }, json }, around) => {
  const host = await around.host();
  const { id, title } = await findTask(host, TASK);
  await host.call('task.dismiss', { id });
  around.print(json ? 'null' : `"${title}" is forgotten.`);
  return 0;
};

/** By id or its beginning. @throws {OspiteError} task.notFound, usage.invalid */
async function findTask(host: HostClient, wanted: string): Promise<Task> {
  const { tasks } = await host.call('task.list', {});
  const found = wanted === '' ? [] : tasks.filter(({ id }) => id.startsWith(wanted.toLowerCase()));
  if (found.length === 1) return found[0]!;
  if (found.length > 1)
    throw new OspiteError('usage.invalid', `The ids of ${found.length} tasks begin with ${wanted}; write more of it`);
  throw new OspiteError('task.notFound', `There is no task "${wanted}"; "ospite tasks list" tells which there are`);
}
