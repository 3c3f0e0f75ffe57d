// Messages between a machine worker and its handle in the host process. Everything here survives structured cloning.

import type { MachineSettings } from '../contract/machine.ts';
import type { DisplayRect, TextScreen } from '../core/backends/display.ts';
import type { KeyEvent, PointerEventAbsolute, PointerEventRelative } from '../core/backends/input.ts';
import type { LogLevel } from '../core/logger.ts';

/** Given to the worker at its birth. */
export interface WorkerStart {
  /** Names the machine in messages. */
  name: string;
  /** Shown to the guest by the firmware's tables. */
  uuid: string;
  version: string;
  settings: MachineSettings;
  /** The compiled processor core, shared by all machines of the process. */
  core: WebAssembly.Module;
  accelerator: { id: 'kvm' | 'jit' | 'interpreter'; reason: string };
  /** Start with the processor stopped. */
  startPaused: boolean;
  /** End instead of resetting when the guest asks for a reset. */
  noReboot: boolean;
  /** Where to keep, until power-off, what the guest writes to its media; null writes to the media themselves. */
  scratchFolder: string | null;
}

export type EndReason = 'poweredOff' | 'tripleFault' | 'resetRefused' | 'stopped' | 'error';

/** One device's light: reads and writes since the last report. */
export interface ActivityReport {
  device: string;
  reads: number;
  writes: number;
}

/** Whether the guest reads its mouse, and whether it takes absolute positions. */
export interface PointerMode {
  isEnabled: boolean;
  isAbsolute: boolean;
}

export interface MachineStats {
  accelerator: string;
  /** Why this accelerator, in words. */
  acceleratorReason: string;
  instructions: number;
  exits: number;
  interrupts: number;
  translatedBlocks: number;
  /** Of `instructions`, those that ran as translated code. */
  translatedInstructions: number;
  wallSeconds: number;
  /** Of the whole process. */
  cpuSeconds: number;
  /** Of the machine's own thread. */
  threadSeconds: number;
  diskReadBytes: number;
  diskWriteBytes: number;
  /** Guest time in nanoseconds. */
  guestTimeNs: number;
  haltedSeconds: number;
  ramBytes: number;
  /** The guest would react to the ACPI power button. */
  hearsPowerButton: boolean;
  core: Record<string, number>;
}

export interface Screenshot {
  width: number;
  height: number;
  rgba: Uint8Array;
}

export interface DisplayFrame {
  width: number;
  height: number;
  /** Changed rectangles; `pixels` holds them one after another as RGBA rows. */
  rects: DisplayRect[];
  pixels: Uint8Array;
}

export type ToWorker =
  | { type: 'pause' }
  | { type: 'resume' }
  | { type: 'reset' }
  | { type: 'powerButton' }
  | { type: 'powerOff' }
  | { type: 'key'; event: KeyEvent }
  | { type: 'pointer'; event: PointerEventRelative }
  | { type: 'pointerAbsolute'; event: PointerEventAbsolute }
  | { type: 'cpuCap'; percent: number }
  | { type: 'serialInput'; port: number; bytes: Uint8Array }
  /** Whether anybody looks at the screen; frames flow only then. */
  | { type: 'watchDisplay'; isWatched: boolean }
  /** The last frame was shown: the next may come. */
  | { type: 'frameShown' }
  | { type: 'changeMedium'; attachment: number; path: string | null; request: number }
  | { type: 'screenshot'; request: number }
  | { type: 'textScreen'; request: number }
  | { type: 'stats'; request: number };

export type FromWorker =
  | { type: 'state'; state: 'running' | 'paused' }
  | { type: 'serialOutput'; port: number; bytes: Uint8Array }
  | { type: 'frame'; frame: DisplayFrame }
  | { type: 'leds'; leds: number }
  | { type: 'pointerMode'; mode: PointerMode }
  | { type: 'activity'; reports: ActivityReport[] }
  | { type: 'log'; level: LogLevel; message: string }
  | { type: 'reset' }
  | {
      type: 'ended';
      reason: EndReason;
      message: string;
      code?: string;
      stats: MachineStats | null;
      screen: Screenshot | null;
    }
  | { type: 'reply'; request: number; value: ReplyValue }
  | { type: 'failure'; request: number; code: string; message: string };

export type ReplyValue =
  | { kind: 'screenshot'; screen: Screenshot }
  | { kind: 'text'; screen: TextScreen | null }
  | { kind: 'stats'; stats: MachineStats }
  | { kind: 'done' };
