// What each method of the contract does. A method without a handler does not compile.
import { pendingHandlers } from '../pending-handlers.ts';
import { appHandlers } from './app.ts';
import type { Handlers } from './context.ts';
import { hostHandlers } from './host.ts';
import { machineHandlers } from './machine.ts';
import { mediumHandlers } from './medium.ts';

export type { Caller, HandlerContext, Handlers, HostServices } from './context.ts';

export const handlers: Handlers = {
  ...pendingHandlers,
  ...hostHandlers,
  ...machineHandlers,
  ...mediumHandlers,
  ...appHandlers,
};
