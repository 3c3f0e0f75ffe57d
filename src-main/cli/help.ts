// What `ospite help` says, from the table of commands, for terminals of 80 columns.
import { type CommandSpec, commandGroups, commonOptions, type OptionSpecs } from '../contract/commands/spec.ts';
import { commands, laterCommands } from '../contract/commands.ts';
import { definitions, paragraphs, wrap } from './text-layout.ts';

const WIDTH = 80;
const COMMAND_COLUMN = 20;
const OPTION_COLUMN = 28;

const table: Readonly<Record<string, CommandSpec>> = commands;

export function overview(home: string): string {
  const groups = Object.entries(commandGroups).map(([group, title]) => {
    const listed =
      group === 'later'
        ? Object.entries(laterCommands)
        : Object.entries(table).flatMap(([name, spec]) =>
            spec.group === group && !spec.isHidden ? [[name, spec.summary] as const] : [],
          );
    return `${title}:\n${definitions(listed, COMMAND_COLUMN, WIDTH)}`;
  });
  return `Ospite runs whole PCs in windows.

Usage: ospite [COMMAND] [OPTIONS]

${groups.join('\n\n')}

${paragraphs(
  `Without a command, the desktop opens. "ospite help COMMAND" tells more about one; every command takes --json and --help. NAME is a machine’s name, its id, or the beginning of its id.

Exit status: 0 done, 1 failed, 2 wrong usage.

"ospite --version" tells the version. OSPITE_HOME names the folder of machines; now it is
  ${home}`,
  WIDTH,
)}
`;
}

/** Of a command, or of the commands that begin with these words; null when there is none. */
export function helpFor(words: readonly string[]): string | null {
  const name = words.join(' ');
  if (Object.hasOwn(table, name)) return commandHelp(name, table[name]!);
  const members = Object.entries({ ...commands, ...laterSpecs() }).filter(([member]) => member.startsWith(`${name} `));
  if (name === '' || members.length === 0) return null;
  const listed = members.map(([member, { summary }]) => [member, summary] as const);
  return `Usage: ospite ${name} COMMAND ...\n\n${definitions(listed, COMMAND_COLUMN, WIDTH)}\n\n"ospite help ${members[0]![0]}" tells more about one.\n`;
}

function laterSpecs(): Record<string, { summary: string }> {
  return Object.fromEntries(
    Object.entries(laterCommands).map(([name, summary]) => [name, { summary: `${summary} (not in this version)` }]),
  );
}

function commandHelp(name: string, spec: CommandSpec): string {
  const parts = [
    usage(name, spec),
    ...wrap(`${spec.summary[0]!.toUpperCase()}${spec.summary.slice(1)}.`, WIDTH),
    ...optionParts(spec),
    ...(spec.details ? [paragraphs(spec.details, WIDTH)] : []),
    ...(spec.examples.length === 0 ? [] : [`Examples:\n${spec.examples.map((example) => `  ${example}`).join('\n')}`]),
  ];
  return `${parts.join('\n\n')}\n`;
}

function usage(name: string, { positionals, options }: CommandSpec): string {
  const words = positionals.map(({ name: word, isOptional, isRepeated }) => {
    const shown = `${word}${isRepeated ? '...' : ''}`;
    return isOptional ? `[${shown}]` : shown;
  });
  return `Usage: ${['ospite', name, ...words, ...(Object.keys(options).length === 0 ? [] : ['[OPTIONS]'])].join(' ')}`;
}

/** Options in their parts, the common ones in the first. */
function optionParts({ options, parts = {} }: CommandSpec): string[] {
  const specs: OptionSpecs = options;
  const found: { title: string; entries: (readonly [string, string])[] }[] = [{ title: 'Options', entries: [] }];
  for (const [name, option] of Object.entries(specs)) {
    const title = parts[name];
    if (title !== undefined) found.push({ title, entries: [] });
    found.at(-1)!.entries.push(optionEntry(name, option));
  }
  found[0]!.entries.push(...Object.entries(commonOptions).map(([name, option]) => optionEntry(name, option)));
  return found.map(({ title, entries }) => `${title}:\n${definitions(entries, OPTION_COLUMN, WIDTH)}`);
}

function optionEntry(name: string, option: OptionSpecs[string]): readonly [string, string] {
  const short = option.short === undefined ? '' : `-${option.short}, `;
  const value = option.value === undefined ? '' : ` ${option.value}`;
  return [`${short}--${name}${value}`, `${option.help}${option.multiple ? '; repeatable' : ''}`];
}
