// The dialog's draft as its pages see it.
import { createContext, useContext } from 'react';
import {
  LIVE_SETTINGS,
  type MachineSettings,
  type MachineSettingsPatch,
  type MachineUi,
} from '../../../src-main/contract/machine.ts';
import type { MachineDraft } from './machine-draft.ts';
import { type FieldName, isExpertField } from './pages.ts';
import type { Problem } from './problems.ts';

export interface SettingsForm {
  draft: MachineDraft;
  /** The machine runs, or is about to: only some fields may change. */
  isLive: boolean;
  isExpert: boolean;
  query: string;
  problems: readonly Problem[];
  set(change: Partial<Omit<MachineDraft, 'settings' | 'ui'>>): void;
  setSettings(change: Partial<MachineSettings>): void;
  setUi(change: Partial<MachineUi>): void;
}

export const SettingsFormContext = createContext<SettingsForm | null>(null);

export interface SettingsFormView extends SettingsForm {
  /** What is wrong with a field; empty when nothing is. */
  problem(field: FieldName, index?: number): string;
  /** Whether the chosen depth shows it. A field with a problem, or one that is set, is never hidden. */
  isShown(field: FieldName, isSet?: boolean): boolean;
  /** Whether a setting may not change now. */
  isLocked(setting?: keyof MachineSettingsPatch): boolean;
}

export function useSettingsForm(): SettingsFormView {
  const form = useContext(SettingsFormContext);
  if (!form) throw new Error('A settings page must be inside of the settings dialog');
  const problem = (field: FieldName, index?: number): string =>
    form.problems.find((known) => known.field === field && known.index === (index ?? null))?.message ?? '';
  return {
    ...form,
    problem,
    isShown: (field, isSet = false) =>
      form.isExpert ||
      !isExpertField(field) ||
      isSet ||
      form.query.trim() !== '' ||
      form.problems.some((known) => known.field === field),
    isLocked: (setting) =>
      form.isLive && !(setting !== undefined && (LIVE_SETTINGS as readonly string[]).includes(setting)),
  };
}
