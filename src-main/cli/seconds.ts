// Times of the command line.
import { wrongUsage } from '../contract/commands/fault.ts';
import { parseInteger } from '../contract/commands/words.ts';

/** Timers count milliseconds in 31 bits. */
const MAX_SECONDS = 2_147_483;

/** @throws {CommandFault} usage.invalid */
export function parseSeconds(option: string, value: string): number {
  const seconds = parseInteger(option, value);
  if (seconds > MAX_SECONDS) throw wrongUsage(`--${option} can be at most ${MAX_SECONDS} seconds, not ${value}`);
  return seconds;
}

export function secondsText(seconds: number): string {
  return seconds === 1 ? 'a second' : `${seconds} seconds`;
}
