// A completion script for fish.
import type { Completion } from '../../contract/commands/spec.ts';
import { type CompletedCommand, completedCommands, firstWords } from './model.ts';

export function fishScript(): string {
  const groups = firstWords.filter(({ members }) => members.length > 0);
  return `# Completes ospite in fish: ospite completion fish | source
function __ospite_words
    # Words so far, without options; an option's value may be counted, which only matters for commands of several words.
    set -l tokens (commandline -opc)
    set -e tokens[1]
    string match -v -- '-*' $tokens
end
function __ospite_using
    set -l tokens (__ospite_words)
    set -l wanted (count $argv)
    test (count $tokens) -ge $wanted; or return 1
    test "$tokens[1..$wanted]" = "$argv"
end
function __ospite_needs_word
    set -l tokens (__ospite_words)
    test (count $tokens) -eq (count $argv); or return 1
    test (count $argv) -eq 0; or test "$tokens" = "$argv"
end
function __ospite_machines
    ospite list --names 2>/dev/null
end

complete -c ospite -f
${firstWords.map(({ word, summary }) => `complete -c ospite -n __ospite_needs_word -a ${word} -d ${quote(summary)}`).join('\n')}
complete -c ospite -n __ospite_needs_word -l version -d 'tell the version'
complete -c ospite -n __ospite_needs_word -l help -s h -d 'explain the commands'
${groups.flatMap(({ word, members }) => members.map(({ name, summary }) => `complete -c ospite -n '__ospite_needs_word ${word}' -a ${name.split(' ')[1]} -d ${quote(summary)}`)).join('\n')}

${completedCommands.flatMap(commandLines).join('\n')}
`;
}

function commandLines({ name, options, words }: CompletedCommand): string[] {
  const condition = `complete -c ospite -n '__ospite_using ${name}'`;
  const wordKinds = new Set(words.map(({ complete }) => action(complete)).filter((text) => text !== ''));
  return [
    ...options.map(({ name: option, short, help, takesValue, complete }) =>
      [
        condition,
        `-l ${option}`,
        ...(short ? [`-s ${short}`] : []),
        ...(takesValue ? [`-r ${action(complete) || '-f'}`] : []),
        `-d ${quote(help)}`,
      ].join(' '),
    ),
    ...[...wordKinds].map((kind) => `${condition} ${kind}`),
  ];
}

function action(complete: Completion | null): string {
  if (complete === null) return '';
  if (typeof complete !== 'string') return `-f -a ${quote(complete.join(' '))}`;
  return {
    machine: "-f -a '(__ospite_machines)'",
    command: `-f -a ${quote(firstWords.map(({ word }) => word).join(' '))}`,
    file: '-F',
    folder: "-f -a '(__fish_complete_directories)'",
  }[complete];
}

function quote(text: string): string {
  return `'${text.replaceAll(/[\\']/g, '\\$&')}'`;
}
