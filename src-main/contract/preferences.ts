// What a person prefers, for all machines and windows. Stored as <home>/preferences.json.
import { z } from 'zod';
import { hostPath } from './primitives.ts';

/** Action id to chord, such as "Ctrl+Shift+N" ("" for none). What is missing has its default (src-renderer/shortcuts). */
const shortcuts = z.record(z.string().max(60), z.string().max(60)).default({});

export const preferences = z.strictObject({
  version: z.literal(1).default(1),
  machineFolder: hostPath.nullable().default(null).describe('Where new machines go; null is "machines" in the home'),
  language: z.enum(['system', 'en', 'it']).default('system').describe('Language of the windows'),
  theme: z.enum(['system', 'light', 'dark']).default('system').describe('Colours'),
  uiScalePercent: z.number().int().min(75).max(200).default(100).describe('Size of text and controls in percent'),
  hostKey: z.string().min(1).max(30).default('ControlRight').describe('Host key, as a key code of the keyboard'),
  autoCaptureKeyboard: z.boolean().default(true).describe('Give a focused console every key'),
  managerShortcuts: shortcuts.describe('Keys of the manager window'),
  consoleShortcuts: shortcuts.describe('Keys of a console, pressed together with the Host key'),
  suppressedWarnings: z.array(z.string().max(60)).max(100).default([]).describe('Questions not to be asked again'),
  onHostExit: z
    .enum(['powerButton', 'powerOff'])
    .default('powerButton')
    .describe('What running machines get when Ospite ends: the ACPI power button first, or the plug pulled'),
  recentMedia: z.array(hostPath).max(12).default([]).describe('Discs and floppies used last, newest first'),
});
export type Preferences = z.infer<typeof preferences>;
