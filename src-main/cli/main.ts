// The command line's composition root: finds the command, prints its failure as one sentence, sets the exit status.

import { errorTable } from '../contract/errors.ts';
import { OspiteError } from '../core/errors.ts';
import { ospiteVersion } from '../host/version.ts';
import { commands } from './commands/registry.ts';

/** Runs one command line (without node and script). Resolves to the exit status. */
export async function main(argv: string[]): Promise<number> {
  const [name = '', ...rest] = argv;
  try {
    if (name === '--version' || name === '-V') {
      process.stdout.write(`ospite ${ospiteVersion()}\n`);
      return 0;
    }
    if (name === '--help' || name === '-h' || name === 'help') {
      const about = rest[0] === undefined ? undefined : commands[rest[0]];
      process.stdout.write(about ? about.help() : overview());
      return 0;
    }
    const command = commands[name === '' ? 'open' : name];
    if (!command) throw new OspiteError('usage.invalid', `There is no command "${name}"; "ospite --help" lists them`);
    if (rest.includes('--help') || rest.includes('-h')) {
      process.stdout.write(command.help());
      return 0;
    }
    return await command.run(rest);
  } catch (error) {
    return report(error);
  }
}

function overview(): string {
  const lines = Object.entries(commands).map(([name, command]) => `  ${name.padEnd(12)}${command.summary}`);
  return `Ospite runs whole PCs in windows.\n\nUsage: ospite [COMMAND] [OPTIONS]\n\n${lines.join('\n')}\n\n"ospite help COMMAND" tells more. Without a command, the desktop opens.\n`;
}

function report(error: unknown): number {
  if (error instanceof OspiteError) {
    process.stderr.write(`ospite: ${error.message}\n`);
    return errorTable[error.code].exit;
  }
  // parseArgs reports unknown and malformed options this way.
  if (error instanceof TypeError && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS')) {
    process.stderr.write(`ospite: ${error.message.split('. ')[0]}; "ospite --help" lists commands and options\n`);
    return 2;
  }
  process.stderr.write(`ospite: internal error: ${error instanceof Error ? error.stack : String(error)}\n`);
  return 1;
}
