// `ospite completion SHELL`.
import { wrongUsage } from '../../contract/commands/fault.ts';
import { bashScript } from '../completion/bash.ts';
import { fishScript } from '../completion/fish.ts';
import { zshScript } from '../completion/zsh.ts';
import type { Handler } from '../surroundings.ts';

const scripts: Readonly<Record<string, () => string>> = { bash: bashScript, zsh: zshScript, fish: fishScript };

export const completion: Handler<'completion'> = ({ words: { SHELL }, json }, { print }) => {
  const script = Object.hasOwn(scripts, SHELL) ? scripts[SHELL]!() : null;
  if (script === null) throw wrongUsage(`There is no completion for "${SHELL}"; there is one for bash, zsh and fish`);
  print(json ? JSON.stringify({ script }) : script.trimEnd());
  return Promise.resolve(0);
};
