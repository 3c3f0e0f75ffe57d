// What this console window knows beside the machine itself: which mode it is in, which dialog is open, who has the mouse and
// the keyboard. A window shows one console, so there is one store.
import { create } from 'zustand';
import type { MachineDefinition } from '../../../src-main/contract/machine.ts';
import type { Question } from '../../components/confirm-dialog.tsx';
import type { Recording } from '../../display/recorder.ts';
import type { SettingsPage } from '../settings/settings-dialog.tsx';
import type { ScreenHandle } from './screen-handle.ts';

export type Mode = 'normal' | 'fullscreen' | 'scaled';

export type ConsoleDialog =
  | { kind: 'settings'; page?: SettingsPage }
  | { kind: 'confirm'; question: Question }
  | { kind: 'chooseMedium'; attachment: number }
  | { kind: 'mode'; mode: 'fullscreen' | 'scaled' }
  | { kind: 'typeText'; fromClipboard: boolean }
  | { kind: 'information' | 'log' | 'close' | 'keys' | 'about' | 'preferences' };

export interface ConsoleState {
  /** Null until the host has answered, and for a machine it does not know. */
  definition: MachineDefinition | null;
  mode: Mode;
  /** Full screen is wanted, and the browser gives it only at the next key or click. */
  waitsForFullScreen: boolean;
  /** The screen, or the serial port in front. */
  tab: 'screen' | number;
  dialog: ConsoleDialog | null;
  /** Where the pop-up menu was asked for. */
  popup: { left: number; top: number } | null;
  hasSoftKeyboard: boolean;
  screen: ScreenHandle | null;
  size: { width: number; height: number };
  /** Size on the monitor over the guest's, in percent. */
  shownPercent: number;
  hasKeyboard: boolean;
  isPointerCaptured: boolean;
  /** Null until the guest's driver has said what it takes. */
  pointerMode: { isEnabled: boolean; isAbsolute: boolean } | null;
  /** The user's wish; works while the guest takes absolute positions. */
  wantsIntegration: boolean;
  /** The guest's keyboard lights; null while unknown. */
  leds: number | null;
  recording: Recording | 'saving' | null;
  /** An ACPI shutdown that was asked for in this window. */
  shutdown: { since: number; closesWindow: boolean } | null;
}

export const useConsole = create<ConsoleState>(() => ({
  definition: null,
  mode: 'normal',
  waitsForFullScreen: false,
  tab: 'screen',
  dialog: null,
  popup: null,
  hasSoftKeyboard: false,
  screen: null,
  size: { width: 720, height: 400 },
  shownPercent: 100,
  hasKeyboard: false,
  isPointerCaptured: false,
  pointerMode: null,
  wantsIntegration: true,
  leds: null,
  recording: null,
  shutdown: null,
}));

export function openDialog(dialog: ConsoleDialog): void {
  useConsole.setState({ dialog, popup: null });
}

export function closeDialog(): void {
  useConsole.setState({ dialog: null });
}

/** Whether the guest gets positions instead of movements. */
export function isIntegrated(state: Pick<ConsoleState, 'pointerMode' | 'wantsIntegration'>): boolean {
  return state.wantsIntegration && state.pointerMode?.isAbsolute === true;
}

/** Counts since the window was opened; read by the session information, too lively for the store. */
export const traffic: { frames: number; received: number[]; sent: number[] } = {
  frames: 0,
  received: [0, 0, 0, 0],
  sent: [0, 0, 0, 0],
};
