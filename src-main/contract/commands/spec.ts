// How a command of the command line is written down. Its arguments' parser, help, shell completion and handler follow from it.
import type { MethodName } from '../methods.ts';

/** What a shell can complete a word with: words, or something it has to look up. */
export type Completion = 'machine' | 'file' | 'folder' | 'command' | readonly string[];

export interface OptionSpec {
  type: 'string' | 'boolean';
  /** May be given several times. */
  multiple?: true;
  short?: string;
  /** Stands for the value in help texts, such as "MIB". */
  value?: string;
  help: string;
  complete?: Completion;
}
export type OptionSpecs = Readonly<Record<string, OptionSpec>>;

export interface PositionalSpec {
  /** Stands for the word in help texts, such as "NAME". */
  name: string;
  complete?: Completion;
  isOptional?: true;
  /** One or more; none or more with `isOptional`. Last only. */
  isRepeated?: true;
}

export const commandGroups = {
  quick: 'In a hurry',
  machines: 'Machines',
  power: 'Power',
  guest: 'Screen, keyboard and media of a running machine',
  observe: 'Watching',
  media: 'Media',
  host: 'Ospite itself',
  later: 'Not in this version',
} as const;
export type CommandGroup = keyof typeof commandGroups;

export interface CommandSpec {
  group: CommandGroup;
  /** One line, beginning with a verb in lower case. */
  summary: string;
  positionals: readonly PositionalSpec[];
  options: OptionSpecs;
  /** Titles of further options, shown in parts of their own: option name to title, from that option on. */
  parts?: Readonly<Record<string, string>>;
  /** What it calls; empty when it works without the host. */
  methods: readonly MethodName[];
  /** Paragraphs after the options. */
  details?: string;
  examples: readonly string[];
  /** Not for people. */
  isHidden?: true;
}

export function command<const Spec extends CommandSpec>(spec: Spec): Spec {
  return spec;
}

/** Every command has these. */
export const commonOptions = {
  json: { type: 'boolean', help: 'print the result as JSON' },
  help: { type: 'boolean', short: 'h', help: 'explain the command' },
} as const satisfies OptionSpecs;

export const machinePositional = { name: 'NAME', complete: 'machine' } as const satisfies PositionalSpec;
