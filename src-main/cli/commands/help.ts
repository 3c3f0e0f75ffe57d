// `ospite help [COMMAND]`.
import { wrongUsage } from '../../contract/commands/fault.ts';
import { helpFor, overview } from '../help.ts';
import type { Handler } from '../surroundings.ts';

export const help: Handler<'help'> = ({ words: { COMMAND } }, { print, home }) => {
  const text = COMMAND.length === 0 ? overview(home) : helpFor(COMMAND);
  if (text === null) throw wrongUsage(`There is no command "${COMMAND.join(' ')}"; "ospite help" lists them`);
  print(text.trimEnd());
  return Promise.resolve(0);
};
