// Everything the console window can do, by name: menus, Host key combinations, toolbar and status bar all run these.
import type { MachineSummary } from '../../../src-main/contract/methods.ts';
import { client } from '../../client/client.ts';
import { attempt, useHost } from '../../client/store.ts';
import { asksBefore, type Question } from '../../components/confirm-dialog.tsx';
import { isActive } from '../../components/machine-state.tsx';
import { canRecord } from '../../display/recorder.ts';
import { type Text, useText } from '../../i18n/text.ts';
import { closeConsole, shutDown } from './closing.ts';
import { isIntegrated, openDialog, useConsole } from './console-store.ts';
import { pressTogether } from './guest-keys.ts';
import { hostKey } from './host-key.ts';
import { changeUi, toggleMode } from './modes.ts';
import { toggleRecording } from './recording.ts';
import { fileName, fromBase64, saveFile } from './save-file.ts';
import { adjustWindow, canFullScreen, closeWindow, isOwnWindow } from './window-frame.ts';

export type ActionId = keyof Text['console']['actions'];

export interface Action {
  title: string;
  /** Why it cannot be done now; null when it can. */
  reason: string | null;
  isChecked?: boolean;
  run(): void;
}
export type Actions = Record<ActionId, Action>;

export function useActions(id: string): Actions {
  const { console: text } = useText();
  const machine = useHost((host) => host.machines.find((candidate) => candidate.id === id));
  const state = useConsole();
  const { reasons } = text;
  const action = (name: ActionId, run: () => void, reason: string | null = null, isChecked?: boolean): Action => ({
    title: text.actions[name],
    reason,
    run,
    ...(isChecked === undefined ? {} : { isChecked }),
  });
  const later = (name: ActionId): Action => action(name, () => {}, reasons.later);
  const isOn = machine !== undefined && isActive(machine.state);
  const whenOn = !machine ? reasons.gone : isOn ? null : reasons.off;
  const known = machine ? null : reasons.gone;
  const hasScreen = state.definition?.settings.vga !== 'none';
  const onScreen = hasScreen ? whenOn : reasons.noScreen;
  const press = (name: ActionId, ...codes: string[]): Action => action(name, () => pressTogether(id, ...codes), whenOn);
  const isPaused = machine?.state === 'paused';
  const ui = state.definition?.ui;
  const name = machine?.name ?? '';
  return {
    'file.preferences': action('file.preferences', () => openDialog({ kind: 'preferences' })),
    'file.resetWarnings': action(
      'file.resetWarnings',
      () => void attempt(() => client.call('preferences.set', { change: { suppressedWarnings: [] } })),
    ),
    'machine.start': action(
      'machine.start',
      () => startMachine(id),
      !machine ? reasons.gone : isOn ? reasons.on : null,
    ),
    'machine.settings': action('machine.settings', () => openDialog({ kind: 'settings' }), known),
    'machine.snapshot': later('machine.snapshot'),
    'machine.information': action('machine.information', () => openDialog({ kind: 'information' }), known),
    'machine.fileManager': later('machine.fileManager'),
    'machine.log': action('machine.log', () => openDialog({ kind: 'log' }), known),
    'machine.pause': action(
      'machine.pause',
      () => void attempt(() => client.call(isPaused ? 'machine.resume' : 'machine.pause', { id })),
      whenOn,
      isPaused,
    ),
    'machine.reset': action('machine.reset', () => ask(id, 'reset'), whenOn),
    'machine.detach': action('machine.detach', closeWindow, whenOn),
    'machine.saveState': later('machine.saveState'),
    'machine.powerButton': action('machine.powerButton', () => shutDown(id, false), whenOn),
    'machine.powerOff': action('machine.powerOff', () => ask(id, 'powerOff'), whenOn),
    'machine.close': action('machine.close', () => closeConsole(id)),
    'view.fullscreen': action(
      'view.fullscreen',
      () => toggleMode(id, 'fullscreen'),
      canFullScreen() ? null : reasons.noFullScreen,
      state.mode === 'fullscreen',
    ),
    'view.seamless': later('view.seamless'),
    'view.scaled': action('view.scaled', () => toggleMode(id, 'scaled'), null, state.mode === 'scaled'),
    'view.minimize': action('view.minimize', () => {}, reasons.noMinimize),
    'view.adjust': action(
      'view.adjust',
      adjustToGuest,
      !isOwnWindow() ? reasons.noOwnWindow : state.mode !== 'normal' ? reasons.notNormal : null,
    ),
    'view.autoResize': later('view.autoResize'),
    'view.screenshot': action('view.screenshot', () => void attempt(() => saveScreenshot(machine)), onScreen),
    'view.record': action(
      'view.record',
      () => toggleRecording(name),
      state.recording ? null : canRecord() ? onScreen : reasons.noRecorder,
      state.recording !== null,
    ),
    'view.remoteDisplay': later('view.remoteDisplay'),
    'view.popupMenu': action('view.popupMenu', openPopup),
    'view.menuBar': action(
      'view.menuBar',
      () => changeUi(id, { showsMenuBar: !ui?.showsMenuBar }),
      known,
      ui?.showsMenuBar ?? true,
    ),
    'view.statusBar': action(
      'view.statusBar',
      () => changeUi(id, { showsStatusBar: !ui?.showsStatusBar }),
      known,
      ui?.showsStatusBar ?? true,
    ),
    'view.wholePixels': action(
      'view.wholePixels',
      () => changeUi(id, { scaling: ui?.scaling === 'whole' ? 'smooth' : 'whole' }),
      known,
      ui?.scaling === 'whole',
    ),
    'input.keyboardSettings': action('input.keyboardSettings', () => openDialog({ kind: 'preferences' })),
    'input.softKeyboard': action(
      'input.softKeyboard',
      () => useConsole.setState({ hasSoftKeyboard: !state.hasSoftKeyboard }),
      state.hasSoftKeyboard ? null : whenOn,
      state.hasSoftKeyboard,
    ),
    'input.ctrlAltDel': press('input.ctrlAltDel', 'ControlLeft', 'AltLeft', 'Delete'),
    'input.ctrlAltBackspace': press('input.ctrlAltBackspace', 'ControlLeft', 'AltLeft', 'Backspace'),
    'input.ctrlBreak': press('input.ctrlBreak', 'ControlLeft', 'Pause'),
    'input.insert': press('input.insert', 'Insert'),
    'input.printScreen': press('input.printScreen', 'PrintScreen'),
    'input.altPrintScreen': press('input.altPrintScreen', 'AltLeft', 'PrintScreen'),
    'input.hostKey': press('input.hostKey', hostKey()),
    'input.typeText': action('input.typeText', () => openDialog({ kind: 'typeText', fromClipboard: false }), whenOn),
    'input.typeClipboard': action(
      'input.typeClipboard',
      () => openDialog({ kind: 'typeText', fromClipboard: true }),
      whenOn,
    ),
    'input.mouseIntegration': action(
      'input.mouseIntegration',
      () => useConsole.setState({ wantsIntegration: !state.wantsIntegration }),
      whenOn ?? (state.pointerMode?.isAbsolute ? null : reasons.guestNotAbsolute),
      isIntegrated(state),
    ),
    'devices.guestTools': later('devices.guestTools'),
    'help.keys': action('help.keys', () => openDialog({ kind: 'keys' })),
    'help.about': action('help.about', () => openDialog({ kind: 'about' })),
  };
}

export function startMachine(id: string): void {
  void attempt(() => client.call('machine.start', { id }));
}

/** Resets or powers off, once the user has agreed. */
function ask(id: string, question: Question): void {
  if (asksBefore(question)) openDialog({ kind: 'confirm', question });
  else act(id, question);
}

export function act(id: string, question: Question): void {
  const method = question === 'reset' ? 'machine.reset' : 'machine.powerOff';
  void attempt(() => client.call(method, { id }));
}

async function saveScreenshot(machine: MachineSummary | undefined): Promise<void> {
  if (!machine) return;
  const { png } = await client.call('machine.screenshot', { id: machine.id });
  saveFile(new Blob([fromBase64(png)], { type: 'image/png' }), fileName(machine.name, 'png'));
}

function openPopup(): void {
  const room = useConsole.getState().screen?.canvas.parentElement?.getBoundingClientRect();
  useConsole.setState({ popup: room ? { left: room.left + 16, top: room.top + 16 } : { left: 16, top: 16 } });
}

/** Makes the window fit the guest's screen at its size in normal mode. */
export function adjustToGuest(): void {
  const { screen, size, definition } = useConsole.getState();
  const room = screen?.canvas.parentElement;
  if (!room) return;
  const factor = (definition?.ui.scalePercent ?? 100) / 100;
  adjustWindow(
    { width: size.width * factor, height: size.height * factor },
    { width: room.clientWidth, height: room.clientHeight },
  );
}
