// What each method of the contract does. A method without a handler does not compile.
import { appHandlers } from './app.ts';
import type { Handlers } from './context.ts';
import { hostHandlers } from './host.ts';
import { machineHandlers } from './machine.ts';
import { mediumHandlers } from './medium.ts';

export type { Caller, HandlerContext, Handlers, HostControl, HostServices } from './context.ts';

export const handlers: Handlers = {
  ...hostHandlers,
  ...machineHandlers,
  ...mediumHandlers,
  ...appHandlers,
};
