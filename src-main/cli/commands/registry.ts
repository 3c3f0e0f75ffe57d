// The commands of `ospite`, in the order of its help.
import { openCommand } from './open.ts';
import { runCommand } from './run.ts';
import { serveCommand } from './serve.ts';

export interface Command {
  /** One line of `ospite --help`. */
  summary: string;
  help(): string;
  /** Resolves to the exit status. @throws {OspiteError} */
  run(argv: string[]): Promise<number>;
}

export const commands: Record<string, Command> = {
  open: openCommand,
  serve: serveCommand,
  run: runCommand,
};
