// How a method of the contract is written down. Handlers, transports, clients, OpenAPI and documentation are typed by these tables.
import type { z } from 'zod';
import type { ErrorCode } from './errors.ts';

/**
 * Where REST has the method, under /api/v1: `{name}` parts of the path and, for GET and DELETE, the query carry fields of the
 * input; the other verbs take the rest of the input as a JSON body. Null: only meaningful on a connection that lasts.
 */
export type Route = `${'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'} /${string}` | null;

export interface Method<Input extends z.ZodType = z.ZodType, Output extends z.ZodType = z.ZodType> {
  /** One sentence for help texts and documentation. */
  summary: string;
  http: Route;
  input: Input;
  output: Output;
  /** Failures a caller should expect besides `internal` and `config.invalid`. */
  errors: readonly ErrorCode[];
}

export function method<Input extends z.ZodType, Output extends z.ZodType>(
  description: Method<Input, Output>,
): Method<Input, Output> {
  return description;
}
