// What is wrong with a command line: the contract cannot use core's errors, which are made for code that runs in the host.
import type { ErrorCode } from '../errors.ts';

export class CommandFault extends Error {
  readonly code: ErrorCode;
  /** @param message one sentence that names the thing and the remedy */
  constructor(code: ErrorCode, message: string) {
    super(message);
    this.name = 'CommandFault';
    this.code = code;
  }
}

export function wrongUsage(message: string): CommandFault {
  return new CommandFault('usage.invalid', message);
}

export function notYet(message: string): CommandFault {
  return new CommandFault('feature.unavailable', message);
}
