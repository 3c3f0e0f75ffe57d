// How a console window ends, and the wait for a guest that was asked to shut down.
import type { MachineUi } from '../../../src-main/contract/machine.ts';
import { client } from '../../client/client.ts';
import { attempt, useHost } from '../../client/store.ts';
import { isActive } from '../../components/machine-state.tsx';
import { openDialog, useConsole } from './console-store.ts';
import { closeWindow } from './window-frame.ts';

export type CloseAction = Exclude<MachineUi['closeAction'], 'ask'>;

/** Closes the window; a machine that is on gets what was remembered, or what the user chooses. */
export function closeConsole(id: string): void {
  const machine = useHost.getState().machines.find((candidate) => candidate.id === id);
  const remembered = useConsole.getState().definition?.ui.closeAction ?? 'ask';
  if (!machine || !isActive(machine.state)) closeWindow();
  else if (remembered === 'ask') openDialog({ kind: 'close' });
  else void endWith(id, remembered);
}

export async function endWith(id: string, action: CloseAction): Promise<void> {
  if (action === 'background') return closeWindow();
  if (action === 'powerButton') return shutDown(id, true);
  if (await attempt(() => client.call('machine.powerOff', { id }))) closeWindow();
}

/** Presses the power button and shows the wait for the guest. */
export function shutDown(id: string, closesWindow: boolean): void {
  void attempt(async () => {
    await client.call('machine.powerButton', { id });
    const before = useConsole.getState().shutdown;
    useConsole.setState({
      shutdown: { since: before?.since ?? Date.now(), closesWindow: closesWindow || (before?.closesWindow ?? false) },
    });
  });
}
