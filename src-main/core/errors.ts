// The one error class that crosses module borders. Codes and their meanings: contract/errors.ts.
import type { ErrorCode } from '../contract/errors.ts';

/** An expected failure, with a stable code and a sentence for the user. */
export class OspiteError extends Error {
  readonly code: ErrorCode;
  readonly details: Readonly<Record<string, unknown>>;

  /**
   * @param message one sentence that names the thing and the remedy
   * @param options.details machine-readable context (paths, offsets in hex)
   */
  constructor(code: ErrorCode, message: string, options: { details?: Record<string, unknown>; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'OspiteError';
    this.code = code;
    this.details = options.details ?? {};
  }
}
