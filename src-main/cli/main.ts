// The command line's composition root: finds the command, prints its failure as one sentence, sets the exit status.

import { errorTable } from '../contract/errors.ts';
import { OspiteError } from '../core/errors.ts';
import { ospiteHome } from '../host/home.ts';
import { ospiteVersion } from '../host/version.ts';
import { type Command, commands } from './commands/registry.ts';

/** Runs one command line (without node and script). Resolves to the exit status. */
export async function main(argv: string[]): Promise<number> {
  const [name = '', ...rest] = argv;
  try {
    if (name === '--version' || name === '-V') {
      process.stdout.write(`ospite ${ospiteVersion()}\n`);
      return 0;
    }
    if (name === '--help' || name === '-h' || name === 'help') {
      process.stdout.write(rest[0] === undefined ? overview() : find(rest[0]).help());
      return 0;
    }
    const command = find(name === '' ? 'open' : name);
    if (rest.includes('--help') || rest.includes('-h')) {
      process.stdout.write(command.help());
      return 0;
    }
    return await command.run(rest);
  } catch (error) {
    return report(error, Object.hasOwn(commands, name) ? `ospite help ${name}` : 'ospite --help');
  }
}

function find(name: string): Command {
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (!command) throw new OspiteError('usage.invalid', `There is no command "${name}"; "ospite --help" lists them`);
  return command;
}

function overview(): string {
  const lines = Object.entries(commands).map(([name, command]) => `  ${name.padEnd(12)}${command.summary}`);
  return `Ospite runs whole PCs in windows.

Usage: ospite [COMMAND] [OPTIONS]

${lines.join('\n')}

"ospite help COMMAND" tells more; "ospite --version" tells the version. Without a command, the desktop opens.
Machines are kept in ${ospiteHome()}; OSPITE_HOME names another folder.
`;
}

function report(error: unknown, advice: string): number {
  if (error instanceof OspiteError) {
    process.stderr.write(`ospite: ${error.message}\n`);
    return errorTable[error.code].exit;
  }
  // parseArgs reports unknown and malformed options this way.
  if (error instanceof TypeError && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS')) {
    process.stderr.write(`ospite: ${error.message.split(/\.\s/)[0]}; "${advice}" lists what there is\n`);
    return 2;
  }
  process.stderr.write(`ospite: internal error: ${error instanceof Error ? error.stack : String(error)}\n`);
  return 1;
}
