// A completion script for zsh: to be sourced after compinit, or saved as _ospite in a folder of $fpath.
import type { Completion } from '../../contract/commands/spec.ts';
import { type CompletedCommand, type CompletedOption, completedCommands, firstWords } from './model.ts';

export function zshScript(): string {
  const groups = firstWords.filter(({ members }) => members.length > 0);
  const single = completedCommands.filter(({ name }) => !name.includes(' '));
  return `#compdef ospite
# Completes ospite in zsh: source <(ospite completion zsh)
_ospite_machines() {
  local -a machines
  machines=("\${(@f)$(ospite list --names 2>/dev/null)}")
  compadd -a machines
}

_ospite_commands() {
  local -a commands
  commands=(
${firstWords.map(({ word, summary }) => `    ${quote(`${word}:${escapeColon(summary)}`)}`).join('\n')}
  )
  _describe command commands
}

${groups.map(groupFunction).join('\n')}
_ospite() {
  local curcontext=$curcontext state line
  typeset -A opt_args
  if (( CURRENT == 2 )); then
    _ospite_commands
    return
  fi
  local command=$words[2]
  shift words
  (( CURRENT-- ))
  case $command in
${groups.map(({ word }) => `    ${word}) _ospite_group_${word} ;;`).join('\n')}
${single.map(({ name, ...rest }) => `    ${name}) ${argumentsCall({ name, ...rest })} ;;`).join('\n')}
  esac
}
if [[ $funcstack[1] == _ospite ]]; then
  _ospite "$@"
else
  compdef _ospite ospite
fi
`;
}

function groupFunction({ word, members }: (typeof firstWords)[number]): string {
  const described = members.map(({ name, summary }) => `    ${quote(`${name.split(' ')[1]}:${escapeColon(summary)}`)}`);
  const cases = members.map((member) => `    ${member.name.split(' ')[1]}) ${argumentsCall(member)} ;;`);
  return `_ospite_group_${word}() {
  if (( CURRENT == 2 )); then
    local -a commands
    commands=(
${described.join('\n')}
    )
    _describe command commands
    return
  fi
  local command=$words[2]
  shift words
  (( CURRENT-- ))
  case $command in
${cases.join('\n')}
  esac
}
`;
}

function argumentsCall({ options, words, repeats }: CompletedCommand): string {
  const specs = [
    ...options.flatMap(optionSpecs),
    ...words.map(({ name, complete }, index) => {
      const place = repeats && index === words.length - 1 ? '*' : String(index + 1);
      return `${place}:${escapeColon(name)}:${action(complete)}`;
    }),
  ];
  return `_arguments -s ${specs.map((spec) => `\\\n      ${quote(spec)}`).join(' ')}`;
}

function optionSpecs({ name, short, help, takesValue, isRepeatable, value, complete }: CompletedOption): string[] {
  const told = `[${help.replaceAll(/[\\[\]:]/g, '\\$&')}]`;
  const argument = takesValue ? `:${escapeColon(value)}:${action(complete)}` : '';
  const star = isRepeatable ? '*' : '';
  return [
    `${star}--${name}${takesValue ? '=' : ''}${told}${argument}`,
    ...(short ? [`-${short}${told}${argument}`] : []),
  ];
}

function action(complete: Completion | null): string {
  if (complete === null) return ' ';
  if (typeof complete !== 'string') return `(${complete.map((word) => word.replaceAll(':', '\\:')).join(' ')})`;
  return { machine: '_ospite_machines', command: '_ospite_commands', file: '_files', folder: '_files -/' }[complete];
}

function escapeColon(text: string): string {
  return text.replaceAll(/[\\:]/g, '\\$&');
}

function quote(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
