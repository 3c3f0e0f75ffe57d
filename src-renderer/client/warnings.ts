// Questions a person does not want to be asked again: preferences.suppressedWarnings.
import { client } from './client.ts';
import { useHost } from './store.ts';

/** Questions with "Do not ask again", by the name they are remembered under. */
export type Warning =
  | 'machine.reset'
  | 'machine.powerOff'
  | 'console.fullscreen'
  | 'console.scaled'
  | 'console.capture';

export function isSuppressed(warning: Warning): boolean {
  return useHost.getState().preferences?.suppressedWarnings.includes(warning) ?? false;
}

export async function suppress(warning: Warning): Promise<void> {
  const known = useHost.getState().preferences?.suppressedWarnings ?? [];
  await client.call('preferences.set', { change: { suppressedWarnings: [...new Set([...known, warning])] } });
}
