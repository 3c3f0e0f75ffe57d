// Finds the command of a command line and reads its arguments as the table of commands describes them.
import { parseArgs } from 'node:util';
import { wrongUsage } from '../contract/commands/fault.ts';
import {
  type CommandSpec,
  commonOptions,
  type OptionSpec,
  type OptionSpecs,
  type PositionalSpec,
} from '../contract/commands/spec.ts';
import { type CommandName, type Commands, commands } from '../contract/commands.ts';
import type { GivenOption } from '../contract/machine-options.ts';

type OptionValue<Spec extends OptionSpec> = Spec extends { type: 'boolean' }
  ? boolean
  : Spec extends { multiple: true }
    ? string[]
    : string;
type PositionalValue<Spec extends PositionalSpec> = Spec extends { isRepeated: true }
  ? string[]
  : Spec extends { isOptional: true }
    ? string | undefined
    : string;

export interface Arguments<Spec extends CommandSpec = CommandSpec> {
  /** By their names in the help. */
  words: { [P in Spec['positionals'][number] as P['name']]: PositionalValue<P> };
  options: { [Name in keyof Spec['options']]?: OptionValue<Spec['options'][Name]> };
  /** Options with values, in their order. */
  given: GivenOption[];
  json: boolean;
  help: boolean;
}

export type ArgumentsOf<Name extends CommandName> = Arguments<Commands[Name]>;

/** The longest command that the line begins with, and what is left of it; null when there is none. */
export function findCommand(argv: readonly string[]): { name: CommandName; rest: string[] } | null {
  for (const length of [2, 1]) {
    const name = argv.slice(0, length).join(' ');
    if (argv.length >= length && Object.hasOwn(commands, name))
      return { name: name as CommandName, rest: argv.slice(length) };
  }
  return null;
}

/** @throws {CommandFault} usage.invalid */
export function parseArguments<Spec extends CommandSpec>(name: string, spec: Spec, argv: string[]): Arguments<Spec> {
  const { values, positionals, tokens } = parse(name, { ...spec.options, ...commonOptions }, argv);
  const help = values['help'] === true;
  return {
    words: (help ? {} : nameWords(name, spec.positionals, positionals)) as Arguments<Spec>['words'],
    options: values as Arguments<Spec>['options'],
    given: tokens.flatMap((token) =>
      token.kind === 'option' && token.value !== undefined ? [{ name: token.name, value: token.value }] : [],
    ),
    json: values['json'] === true,
    help,
  };
}

function parse(name: string, specs: OptionSpecs, args: string[]) {
  const options = Object.fromEntries(
    Object.entries(specs).map(([option, { type, multiple = false, short }]) => [
      option,
      { type, multiple, ...(short === undefined ? {} : { short }) },
    ]),
  );
  try {
    return parseArgs({ args, options, allowPositionals: true, strict: true, tokens: true });
  } catch (error) {
    if (!(error instanceof TypeError && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS')))
      throw error;
    throw wrongUsage(`${error.message.split(/\.\s/)[0]}; "ospite help ${name}" lists what there is`);
  }
}

function nameWords(
  command: string,
  specs: readonly PositionalSpec[],
  words: readonly string[],
): Record<string, string | string[] | undefined> {
  const advice = `"ospite help ${command}" tells more`;
  const named: Record<string, string | string[] | undefined> = {};
  let at = 0;
  for (const { name, isOptional, isRepeated } of specs) {
    if (!isOptional && at >= words.length) throw wrongUsage(`ospite ${command} needs ${name}; ${advice}`);
    named[name] = isRepeated ? words.slice(at) : words[at];
    at = isRepeated ? words.length : at + 1;
  }
  if (at < words.length) throw wrongUsage(`Unexpected argument '${words[at]}'; ${advice}`);
  return named;
}
