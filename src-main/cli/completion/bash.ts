// A completion script for bash 3.2 and newer, without helpers from elsewhere.
import type { Completion } from '../../contract/commands/spec.ts';
import { quoteWord } from '../../contract/commands/words.ts';
import { type CompletedCommand, completedCommands, firstWords } from './model.ts';

export function bashScript(): string {
  const groups = firstWords.filter(({ members }) => members.length > 0);
  return `# Completes ospite in bash: source <(ospite completion bash)
_ospite_words() {
  local word
  while IFS= read -r word; do
    [[ $word == "$cur"* ]] && COMPREPLY+=("$(printf %q "$word")")
  done
}

_ospite_complete() {
  case $1 in
    machine) _ospite_words < <(ospite list --names 2>/dev/null) ;;
    file) compopt -o filenames 2>/dev/null; COMPREPLY=($(IFS=$'\\n'; compgen -f -- "$cur")) ;;
    folder) compopt -o filenames 2>/dev/null; COMPREPLY=($(IFS=$'\\n'; compgen -d -- "$cur")) ;;
    words) COMPREPLY=($(compgen -W "$2" -- "$cur")) ;;
  esac
}

_ospite() {
  local cur=\${COMP_WORDS[COMP_CWORD]} prev=\${COMP_WORDS[COMP_CWORD-1]}
  local command=\${COMP_WORDS[1]} first=2 options= valued= index=0 at
  COMPREPLY=()
  if ((COMP_CWORD == 1)); then
    _ospite_complete words '${firstWords.map(({ word }) => word).join(' ')} --help --version'
    return
  fi
  case $command in
${groups.map(groupCase).join('\n')}
  esac
  case $command in
${completedCommands.map(valueCase).join('\n')}
  esac
  case $cur in
    -*) _ospite_complete words "$options"; return ;;
  esac
  for ((at = first; at < COMP_CWORD; at++)); do
    case \${COMP_WORDS[at]} in
      -*) [[ " $valued " == *" \${COMP_WORDS[at]} "* ]] && ((at++)) ;;
      *) ((index++)) ;;
    esac
  done
  case $command/$index in
${completedCommands.flatMap(wordCases).join('\n')}
  esac
}
complete -F _ospite ospite
`;
}

function groupCase({ word, members }: (typeof firstWords)[number]): string {
  const names = members.map(({ name }) => name.split(' ')[1]).join(' ');
  return `    ${word})
      if ((COMP_CWORD == 2)); then
        _ospite_complete words '${names}'
        return
      fi
      command="$command \${COMP_WORDS[2]}" first=3 ;;`;
}

/** What follows an option; and which options there are, and which take a value. */
function valueCase({ name, options }: CompletedCommand): string {
  const flags = options.flatMap(({ name: option, short }) => [`--${option}`, ...(short ? [`-${short}`] : [])]);
  const valued = options.filter(({ takesValue }) => takesValue);
  const cases = valued
    .map(({ name: option, complete }) => `        --${option}) ${call(complete)}return ;;`)
    .join('\n');
  return `    ${quoteWord(name)})
      options='${flags.join(' ')}' valued='${valued.map(({ name: option }) => `--${option}`).join(' ')}'${
        cases === '' ? '' : `\n      case $prev in\n${cases}\n      esac`
      } ;;`;
}

function wordCases({ name, words, repeats }: CompletedCommand): string[] {
  return words.flatMap(({ complete }, index) => {
    if (complete === null) return [];
    const number = repeats && index === words.length - 1 ? '*' : String(index);
    return [`    ${quoteWord(name)}/${number}) ${call(complete)};;`];
  });
}

function call(complete: Completion | null): string {
  if (complete === null) return '';
  if (typeof complete !== 'string') return `_ospite_complete words '${complete.join(' ')}'; `;
  if (complete === 'command') return `_ospite_complete words '${firstWords.map(({ word }) => word).join(' ')}'; `;
  return `_ospite_complete ${complete}; `;
}
