// What runs each command, loaded when it is needed: a command without a handler does not compile.
import type { CommandName } from '../../contract/commands.ts';
import type { Handler } from '../surroundings.ts';

export const handlers: { [Name in CommandName]?: () => Promise<Handler<Name>> } = {
  run: async () => (await import('./run.ts')).run,
  open: async () => (await import('./open.ts')).open,
  serve: async () => (await import('./serve.ts')).run,
  help: async () => (await import('./help.ts')).help,
  systems: async () => (await import('./systems.ts')).systems,
};
