// Preferences, tasks, and the consoles of a connection.
import type { HandlersOf } from './context.ts';

export const appHandlers: HandlersOf<'preferences' | 'task' | 'console'> = {
  'preferences.get': (_input, { preferences }) => preferences.get(),
  'preferences.set': async ({ change }, { preferences, host }) => {
    if (!change.machineFolder) return await preferences.set(change);
    // New machines would fail one by one in a folder that is not there.
    const { path } = await host.browse(change.machineFolder);
    return await preferences.set({ ...change, machineFolder: path });
  },
  'task.list': (_input, { tasks }) => ({ tasks: tasks.list() }),
  'task.wait': ({ id, timeoutSeconds }, { tasks, caller }) => tasks.wait(id, timeoutSeconds * 1000, caller.gone),
  'task.cancel': ({ id }, { tasks }) => {
    tasks.cancel(id);
    return null;
  },
  'task.dismiss': ({ id }, { tasks }) => {
    tasks.dismiss(id);
    return null;
  },
  'console.open': ({ id }, { manager, caller }) => {
    manager.get(id);
    caller.openConsole(id);
    return null;
  },
  'console.close': ({ id }, { caller }) => {
    caller.closeConsole(id);
    return null;
  },
  'console.frameShown': ({ id }, { caller }) => {
    caller.frameShown(id);
    return null;
  },
};
