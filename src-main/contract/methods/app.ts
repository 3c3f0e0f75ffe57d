// Preferences, tasks, and consoles of a connection.
import { z } from 'zod';
import { method } from '../method.ts';
import { withoutDefaults } from '../patch.ts';
import { preferences } from '../preferences.ts';
import { id } from '../primitives.ts';
import { task } from '../task.ts';
import { done, machineRef, nothing } from './shapes.ts';

const taskRef = z.strictObject({ id });

export const appMethods = {
  'preferences.get': method({
    summary: 'Gives the preferences.',
    http: 'GET /preferences',
    input: nothing,
    output: preferences,
    errors: [],
  }),
  'preferences.set': method({
    summary: 'Changes some preferences.',
    http: 'PATCH /preferences',
    input: z.strictObject({ change: withoutDefaults(preferences.omit({ version: true })) }),
    output: preferences,
    errors: ['host.ioError', 'host.fileNotFound'],
  }),
  'task.list': method({
    summary: 'Lists the tasks that run, and the ended ones that nobody dismissed.',
    http: 'GET /tasks',
    input: nothing,
    output: z.strictObject({ tasks: z.array(task) }),
    errors: [],
  }),
  'task.wait': method({
    summary: 'Waits for a task’s end, and gives it.',
    http: 'GET /tasks/{id}/wait',
    input: z.strictObject({ id, timeoutSeconds: z.number().min(0).max(86_400).default(60) }),
    output: task,
    errors: ['task.notFound'],
  }),
  'task.cancel': method({
    summary: 'Asks a task to stop; what it made so far is removed.',
    http: 'POST /tasks/{id}/cancel',
    input: taskRef,
    output: done,
    errors: ['task.notFound'],
  }),
  'task.dismiss': method({
    summary: 'Forgets an ended task.',
    http: 'DELETE /tasks/{id}',
    input: taskRef,
    output: done,
    errors: ['task.notFound'],
  }),
  'console.open': method({
    summary: 'Lets this connection receive a machine’s screen and serial output (see streams).',
    http: null,
    input: machineRef,
    output: done,
    errors: ['machine.notFound'],
  }),
  'console.close': method({
    summary: 'Ends what console.open began.',
    http: null,
    input: machineRef,
    output: done,
    errors: [],
  }),
  'console.frameShown': method({
    summary: 'The last frame is on the screen: send the next.',
    http: null,
    input: machineRef,
    output: done,
    errors: [],
  }),
} as const;
