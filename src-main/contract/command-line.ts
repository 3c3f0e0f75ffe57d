// What to type to do the same as a method call: for "Copy as command" in every dialog.
import type { MethodInput, MethodName } from './methods.ts';

/** The `ospite` command that does what the call does, quoted for a POSIX shell; null when the command line has none. `nameOf` gives a machine's name. */
export function commandLine<Name extends MethodName>(
  method: Name,
  _input: MethodInput<Name>,
  _nameOf: (id: string) => string,
): string | null {
  return method === 'machine.list' ? 'ospite list' : null;
}
