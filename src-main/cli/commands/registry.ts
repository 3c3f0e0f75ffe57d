// What runs each command, loaded when it is needed: a command without a handler does not compile.
import type { CommandName } from '../../contract/commands.ts';
import type { Handler } from '../surroundings.ts';

const disk = () => import('./disk.ts');
const guest = () => import('./guest.ts');
const machines = () => import('./machines.ts');
const observe = () => import('./observe.ts');
const power = () => import('./power.ts');
const preferences = () => import('./preferences.ts');
const tasks = () => import('./tasks.ts');

export const handlers: { [Name in CommandName]: () => Promise<Handler<Name>> } = {
  run: async () => (await import('./run.ts')).run,
  create: async () => (await machines()).create,
  set: async () => (await machines()).set,
  systems: async () => (await import('./systems.ts')).systems,
  show: async () => (await import('./show.ts')).show,
  list: async () => (await machines()).list,
  add: async () => (await machines()).add,
  rename: async () => (await machines()).rename,
  group: async () => (await machines()).group,
  move: async () => (await machines()).move,
  remove: async () => (await machines()).remove,
  start: async () => (await power()).start,
  pause: async () => (await power()).pause,
  resume: async () => (await power()).resume,
  reset: async () => (await power()).reset,
  stop: async () => (await power()).stop,
  view: async () => (await guest()).view,
  console: async () => (await import('./console.ts')).console,
  text: async () => (await guest()).text,
  screenshot: async () => (await guest()).screenshot,
  type: async () => (await guest()).type,
  key: async () => (await guest()).key,
  wait: async () => (await guest()).wait,
  insert: async () => (await guest()).insert,
  eject: async () => (await guest()).eject,
  logs: async () => (await observe()).logs,
  stats: async () => (await observe()).stats,
  'disk create': async () => (await disk()).diskCreate,
  'disk info': async () => (await disk()).diskInfo,
  'disk list': async () => (await disk()).diskList,
  'disk copy': async () => (await disk()).diskCopy,
  'disk move': async () => (await disk()).diskMove,
  'disk add': async () => (await disk()).diskAdd,
  'disk release': async () => (await disk()).diskRelease,
  'disk remove': async () => (await disk()).diskRemove,
  open: async () => (await import('./open.ts')).open,
  serve: async () => (await import('./serve.ts')).serve,
  doctor: async () => (await import('./doctor.ts')).doctor,
  'preferences get': async () => (await preferences()).preferencesGet,
  'preferences set': async () => (await preferences()).preferencesSet,
  'tasks list': async () => (await tasks()).tasksList,
  'tasks wait': async () => (await tasks()).tasksWait,
  'tasks cancel': async () => (await tasks()).tasksCancel,
  'tasks dismiss': async () => (await tasks()).tasksDismiss,
  quit: async () => (await import('./quit.ts')).quit,
  completion: async () => (await import('./completion.ts')).completion,
  help: async () => (await import('./help.ts')).help,
  host: async () => (await import('./host.ts')).host,
};
