// What a command has around it: where it writes, what the terminal can do, the host it talks to.
import type { HostClient } from '../api/client/host-client.ts';
import type { CommandName } from '../contract/commands.ts';
import type { ArgumentsOf } from './arguments.ts';

export interface Surroundings {
  home: string;
  /** A line, or several, to standard output. */
  print(text: string): void;
  /** The same to standard error. */
  warn(text: string): void;
  /** A person sits at both ends of the terminal. */
  isInteractive: boolean;
  /** Colours are wanted on standard output. */
  hasColour: boolean;
  /** The running host, started in the background if there is none; the same at each call. @throws {OspiteError} */
  host(): Promise<HostClient>;
  /** The same, but null when none runs. */
  runningHost(): Promise<HostClient | null>;
}

/** Resolves to the exit status. @throws {OspiteError | CommandFault} */
export type Handler<Name extends CommandName> = (args: ArgumentsOf<Name>, around: Surroundings) => Promise<number>;
