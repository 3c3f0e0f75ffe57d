// The command line's composition root: finds the command, runs it, prints its failure as one sentence, sets the exit status.
import { CommandFault } from '../contract/commands/fault.ts';
import { type CommandName, commands, laterCommands } from '../contract/commands.ts';
import { errorTable } from '../contract/errors.ts';
import { OspiteError } from '../core/errors.ts';
import { ospiteVersion } from '../host/version.ts';
import { findCommand, parseArguments } from './arguments.ts';
import { handlers } from './commands/registry.ts';
import { helpFor } from './help.ts';
import { processSurroundings } from './process-surroundings.ts';
import type { Handler } from './surroundings.ts';

/** Runs one command line (without node and script). Resolves to the exit status. */
export async function main(argv: string[]): Promise<number> {
  const around = processSurroundings();
  try {
    return await run(argv, around);
  } catch (error) {
    return report(error, around);
  } finally {
    await around.leave();
  }
}

async function run(argv: string[], around: ReturnType<typeof processSurroundings>): Promise<number> {
  const [first = 'open'] = argv;
  if (first === '--version' || first === '-V') {
    around.print(`ospite ${ospiteVersion()}`);
    return 0;
  }
  if (first === '--help' || first === '-h') return await run(['help', ...argv.slice(1)], around);
  const found = findCommand(argv.length === 0 ? ['open'] : argv);
  if (found === null) return refuse(argv, around);
  const args = parseArguments(found.name, commands[found.name], found.rest);
  if (args.help) return await run(['help', found.name], around);
  const handler = (await handlers[found.name]()) as unknown as Handler<CommandName>;
  return await handler(args, around);
}

/** What begins like commands is explained; what will be one is promised. */
function refuse(argv: readonly string[], around: ReturnType<typeof processSurroundings>): number {
  const words = argv.filter((word) => !word.startsWith('-'));
  for (const name of [words.slice(0, 2).join(' '), words[0] ?? '']) {
    if (Object.hasOwn(laterCommands, name)) {
      const does = laterCommands[name as keyof typeof laterCommands];
      throw new CommandFault('feature.unavailable', `"ospite ${name}" is not in this version; it will ${does}`);
    }
  }
  const help = words.length === 1 ? helpFor(words) : null;
  if (help !== null && argv.some((word) => word === '--help' || word === '-h')) {
    around.print(help.trimEnd());
    return 0;
  }
  const isGroup = helpFor(words.slice(0, 1)) !== null;
  throw new CommandFault(
    'usage.invalid',
    isGroup
      ? `"ospite ${words[0]}" needs one of its commands; "ospite help ${words[0]}" lists them`
      : `There is no command "${argv[0]}"; "ospite help" lists them`,
  );
}

function report(error: unknown, around: ReturnType<typeof processSurroundings>): number {
  if (error instanceof OspiteError || error instanceof CommandFault) {
    around.warn(`ospite: ${error.message}`);
    return errorTable[error.code].exit;
  }
  around.warn(`ospite: internal error: ${error instanceof Error ? error.stack : String(error)}`);
  return 1;
}
