// The table of commands as completion scripts need it: what can stand where.
import { type CommandSpec, type Completion, commonOptions, type OptionSpec } from '../../contract/commands/spec.ts';
import { commands } from '../../contract/commands.ts';

export interface CompletedOption {
  name: string;
  short: string | null;
  help: string;
  takesValue: boolean;
  isRepeatable: boolean;
  value: string;
  /** Null when any text may follow. */
  complete: Completion | null;
}

export interface CompletedCommand {
  name: string;
  summary: string;
  options: CompletedOption[];
  /** What each word can be completed with; the last one repeats if `repeats`. */
  words: { name: string; complete: Completion | null }[];
  repeats: boolean;
}

export const completedCommands: readonly CompletedCommand[] = Object.entries<CommandSpec>(commands)
  .filter(([, spec]) => !spec.isHidden)
  .map(([name, spec]) => ({
    name,
    summary: spec.summary,
    options: Object.entries({ ...spec.options, ...commonOptions }).map(([option, details]) =>
      completedOption(option, details),
    ),
    words: spec.positionals.map(({ name: word, complete = null }) => ({ name: word, complete })),
    repeats: spec.positionals.at(-1)?.isRepeated === true,
  }));

function completedOption(name: string, option: OptionSpec): CompletedOption {
  return {
    name,
    short: option.short ?? null,
    help: option.help,
    takesValue: option.type === 'string',
    isRepeatable: option.multiple === true,
    value: option.value ?? '',
    complete: option.complete ?? null,
  };
}

/** First words, each once, with what they do: "disk" stands for its commands. */
export const firstWords: readonly { word: string; summary: string; members: readonly CompletedCommand[] }[] = [
  ...new Set(completedCommands.map(({ name }) => name.split(' ')[0]!)),
].map((word) => {
  const members = completedCommands.filter(({ name }) => name.startsWith(`${word} `));
  const own = completedCommands.find(({ name }) => name === word);
  return { word, summary: own?.summary ?? members.map(({ name }) => name.split(' ')[1]).join(', '), members };
});
