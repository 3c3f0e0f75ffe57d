// What the windows know of the host, kept current by pushed events.
import { create } from 'zustand';
import type { InaccessibleMachine, MachineSummary, MethodOutput } from '../../src-main/contract/methods.ts';
import type { Preferences } from '../../src-main/contract/preferences.ts';
import type { Task } from '../../src-main/contract/task.ts';
import { client, HostError } from './client.ts';
import type { ConnectionState } from './transport.ts';

interface HostState {
  connection: ConnectionState;
  /** False until the first list has arrived. */
  isLoaded: boolean;
  machines: MachineSummary[];
  inaccessible: InaccessibleMachine[];
  info: MethodOutput<'host.info'> | null;
  /** Null until they have arrived. */
  preferences: Preferences | null;
  /** Running and ended ones that nobody dismissed, newest first. */
  tasks: Task[];
  /** Failures nobody dismissed, oldest first. */
  notices: Notice[];
}

export interface Notice {
  key: number;
  message: string;
  /** When it came, in milliseconds since 1970. */
  at: number;
}

export const useHost = create<HostState>(() => ({
  connection: 'lost',
  isLoaded: false,
  machines: [],
  inaccessible: [],
  info: null,
  preferences: null,
  tasks: [],
  notices: [],
}));

let nextNotice = 1;

/** Shows a failure to the user. */
export function notify(error: unknown): void {
  const message = error instanceof Error ? error.message : String(error);
  useHost.setState(({ notices }) => ({
    // The same failure again takes the place of the first.
    notices: [
      ...notices.filter((notice) => notice.message !== message),
      { key: nextNotice++, message, at: Date.now() },
    ],
  }));
}

export function dismissNotice(key: number): void {
  useHost.setState(({ notices }) => ({ notices: notices.filter((notice) => notice.key !== key) }));
}

export function dismissNotices(): void {
  useHost.setState({ notices: [] });
}

/** Runs an action of the user; a failure becomes a notice. Resolves to whether it was done. */
export async function attempt(action: () => Promise<unknown>): Promise<boolean> {
  try {
    await action();
    return true;
  } catch (error) {
    notify(error);
    return false;
  }
}

function replace(changed: MachineSummary): void {
  useHost.setState(({ machines }) => ({
    machines: machines.map((machine) => (machine.id === changed.id ? changed : machine)),
  }));
}

/** Begins following the host; called once by main.tsx. */
export function followHost(): void {
  client.onConnection((connection) => {
    useHost.setState({ connection });
    if (connection === 'open') void refresh();
  });
  client.on('machine.added', (added) => useHost.setState(({ machines }) => ({ machines: [...machines, added] })));
  client.on('machine.changed', replace);
  client.on('machine.removed', ({ id }) =>
    useHost.setState(({ machines }) => ({ machines: machines.filter((machine) => machine.id !== id) })),
  );
  client.on('machine.arranged', ({ order }) =>
    useHost.setState(({ machines }) => ({ machines: inOrder(machines, order) })),
  );
  client.on('machine.inaccessibleChanged', ({ inaccessible }) => useHost.setState({ inaccessible }));
  client.on('preferences.changed', (preferences) => useHost.setState({ preferences }));
  client.on('task.changed', (changed) =>
    useHost.setState(({ tasks }) => ({
      tasks: tasks.some((task) => task.id === changed.id)
        ? tasks.map((task) => (task.id === changed.id ? changed : task))
        : [changed, ...tasks],
    })),
  );
  client.on('task.dismissed', ({ id }) =>
    useHost.setState(({ tasks }) => ({ tasks: tasks.filter((task) => task.id !== id) })),
  );
  client.on('machine.stateChanged', ({ id, state, message }) =>
    useHost.setState(({ machines }) => ({
      machines: machines.map((machine) => (machine.id === id ? { ...machine, state, message } : machine)),
    })),
  );
}

async function refresh(): Promise<void> {
  try {
    const [list, info, preferences, { tasks }] = await Promise.all([
      client.call('machine.list', {}),
      client.call('host.info', {}),
      client.call('preferences.get', {}),
      client.call('task.list', {}),
    ]);
    useHost.setState({ ...list, info, preferences, tasks, isLoaded: true });
  } catch (error) {
    if (!(error instanceof HostError && error.code === 'connection.lost')) notify(error);
  }
}

function inOrder(machines: MachineSummary[], order: string[]): MachineSummary[] {
  const place = new Map(order.map((id, index) => [id, index]));
  return machines.toSorted((a, b) => (place.get(a.id) ?? order.length) - (place.get(b.id) ?? order.length));
}
