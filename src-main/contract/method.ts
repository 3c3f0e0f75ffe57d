// How a method of the contract is written down. Handlers, transports and clients are typed by these tables.
import type { z } from 'zod';
import type { ErrorCode } from './errors.ts';

export interface Method<Input extends z.ZodType = z.ZodType, Output extends z.ZodType = z.ZodType> {
  /** One sentence for help texts and documentation. */
  summary: string;
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
