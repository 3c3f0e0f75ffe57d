// Further windows of the application.
import { client } from '../client/client.ts';
import { attempt } from '../client/store.ts';

/** Opens, or brings to the front, the console window of a machine. False where the browser allowed no window. */
export function openConsoleWindow(id: string): boolean {
  if (window.ospiteDesktop) {
    void attempt(() => client.call('host.openWindow', { page: { kind: 'console', id } }));
    return true;
  }
  const opened = window.open(`#/console/${id}`, `ospite-console-${id}`, 'popup,width=900,height=680');
  opened?.focus();
  return opened !== null;
}
