// What the console window's menus and Host key combinations do.
import type { KeyEvent } from '../../../src-main/contract/methods.ts';
import { client } from '../../client/client.ts';
import { attempt } from '../../client/store.ts';
import type { Question } from '../../components/confirm-dialog.tsx';

export interface ConsoleActions {
  keys(events: KeyEvent[]): void;
  call(method: 'machine.start' | 'machine.pause' | 'machine.resume' | 'machine.powerButton'): void;
  /** Resets or powers off once the user has agreed. */
  ask(question: Question): void;
  screenshot(): void;
  fullScreen(): void;
  toggleScaled(): void;
}

export function consoleActions(
  id: string,
  window: { ask(question: Question): void; toggleScaled(): void },
): ConsoleActions {
  return {
    ...window,
    // Keys pressed while the machine is off, or ends, mean nothing; a notice for each would.
    keys: (events) => void client.call('machine.keys', { id, events }).catch(() => {}),
    call: (method) => void attempt(() => client.call(method, { id })),
    screenshot: () => void attempt(() => saveScreenshot(id)),
    fullScreen: () =>
      void attempt(() =>
        document.fullscreenElement ? document.exitFullscreen() : document.documentElement.requestFullscreen(),
      ),
  };
}

/** Host key combinations, as the menus name them. True if the key meant something. */
export function hostCombination(
  code: string,
  machine: { isOn: boolean; isPaused: boolean },
  actions: ConsoleActions,
): boolean {
  const whenOn = new Map<string, () => void>([
    ['KeyP', () => actions.call(machine.isPaused ? 'machine.resume' : 'machine.pause')],
    ['KeyR', () => actions.ask('reset')],
    ['KeyH', () => actions.call('machine.powerButton')],
    ['KeyE', actions.screenshot],
  ]);
  const always = new Map<string, () => void>([
    ['KeyF', actions.fullScreen],
    ['KeyC', actions.toggleScaled],
  ]);
  const action = always.get(code) ?? (machine.isOn ? whenOn.get(code) : undefined);
  action?.();
  return action !== undefined;
}

async function saveScreenshot(id: string): Promise<void> {
  const { png } = await client.call('machine.screenshot', { id });
  const link = document.createElement('a');
  link.href = `data:image/png;base64,${png}`;
  link.download = `screenshot-${new Date().toISOString().slice(0, 19).replaceAll(':', '-')}.png`;
  link.click();
}
