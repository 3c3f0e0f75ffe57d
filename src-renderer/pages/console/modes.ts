// Normal, full-screen and scaled mode, and the other things of machine.ui that this window changes.
import type { MachineUi } from '../../../src-main/contract/machine.ts';
import { client } from '../../client/client.ts';
import { attempt } from '../../client/store.ts';
import { isSuppressed } from '../../client/warnings.ts';
import { type Mode, openDialog, useConsole } from './console-store.ts';
import { setFullScreen } from './window-frame.ts';

export function changeUi(id: string, ui: Partial<MachineUi>): void {
  void attempt(() => client.call('machine.update', { id, ui }));
}

/** Goes to a mode, or back to normal from it; the first time a box explains the way back. */
export function toggleMode(id: string, mode: 'fullscreen' | 'scaled'): void {
  if (useConsole.getState().mode === mode) void enterMode(id, 'normal');
  else if (isSuppressed(`console.${mode}`)) void enterMode(id, mode);
  else openDialog({ kind: 'mode', mode });
}

export async function enterMode(id: string, mode: Mode): Promise<void> {
  const isDone = await attempt(() => setFullScreen(mode === 'fullscreen'));
  if (!isDone) return;
  useConsole.setState({ mode });
  changeUi(id, { visualState: mode });
  useConsole.getState().screen?.focus();
}
