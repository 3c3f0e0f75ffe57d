// THE API: every method that the desktop, the browser, the command line and REST can call.
import type { z } from 'zod';
import { appMethods } from './methods/app.ts';
import { hostMethods } from './methods/host.ts';
import { machineMethods } from './methods/machine.ts';
import { mediumMethods } from './methods/medium.ts';

export type { KeyEvent } from './methods/machine.ts';
export type { InaccessibleMachine, MachineSummary } from './methods/shapes.ts';

export const methods = { ...hostMethods, ...machineMethods, ...mediumMethods, ...appMethods } as const;

export type Methods = typeof methods;
export type MethodName = keyof Methods;
export type MethodInput<Name extends MethodName> = z.input<Methods[Name]['input']>;
export type MethodParsed<Name extends MethodName> = z.output<Methods[Name]['input']>;
export type MethodOutput<Name extends MethodName> = z.output<Methods[Name]['output']>;
