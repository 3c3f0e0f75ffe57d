// A task that fails while the window is open becomes a notice, so that it is seen with the notification centre closed.
import { client } from '../client/client.ts';
import { notify } from '../client/store.ts';

/** Begins following; called once by main.tsx. */
export function followFailedTasks(): void {
  client.on('task.changed', ({ state, title, message }) => {
    if (state === 'failed') notify(message === '' ? title : `${title}: ${message}`);
  });
}
