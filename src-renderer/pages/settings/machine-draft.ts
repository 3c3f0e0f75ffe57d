// What somebody edits of a machine, and the difference to what is stored: only that is sent.
import type { MachineDefinition, MachineSettings, MachineUi } from '../../../src-main/contract/machine.ts';
import type { MethodInput } from '../../../src-main/contract/methods.ts';

export type MachineDraft = Pick<MachineDefinition, 'name' | 'os' | 'group' | 'description' | 'settings' | 'ui'>;
export type MachineChange = Omit<MethodInput<'machine.update'>, 'id'>;

export function draftOf(definition: MachineDefinition): MachineDraft {
  const { name, os, group, description, settings, ui } = definition;
  return { name, os, group, description, settings, ui };
}

/** The fields that differ, and nothing else. */
export function changeOf(before: MachineDraft, after: MachineDraft): MachineChange {
  const change: MachineChange = {};
  for (const field of ['name', 'os', 'group', 'description'] as const)
    if (before[field] !== after[field]) change[field] = after[field];
  const settings = differing<MachineSettings>(before.settings, after.settings);
  const ui = differing<MachineUi>(before.ui, after.ui);
  if (Object.keys(settings).length > 0) change.settings = settings;
  if (Object.keys(ui).length > 0) change.ui = ui;
  return change;
}

/** How many fields a change has. */
export function sizeOf({ settings = {}, ui = {}, ...own }: MachineChange): number {
  return Object.keys(own).length + Object.keys(settings).length + Object.keys(ui).length;
}

/** The draft with the change's fields; for putting somebody's edits on top of what another client saved meanwhile. */
export function withChange(draft: MachineDraft, change: MachineChange): MachineDraft {
  const { settings, ui, ...own } = change;
  return {
    ...draft,
    ...own,
    settings: { ...draft.settings, ...(settings as Partial<MachineSettings>) },
    ui: { ...draft.ui, ...(ui as Partial<MachineUi>) },
  };
}

export interface DraftState {
  /** As it is stored, as far as this window knows. */
  base: MachineDraft;
  draft: MachineDraft;
  /** What another client saved while this draft had changes. */
  theirs: MachineDraft | null;
}

/** The state after the machine was read, for the first time or because somebody changed it. */
export function received(before: DraftState | null, stored: MachineDraft): DraftState {
  const isUnchanged = before !== null && sizeOf(changeOf(before.base, before.draft)) === 0;
  // The same edit as ours, or our own save coming back, is no conflict.
  const isOurs = before !== null && sizeOf(changeOf(before.draft, stored)) === 0;
  if (!before || isUnchanged || isOurs) return { base: stored, draft: stored, theirs: null };
  return { ...before, theirs: sizeOf(changeOf(before.base, stored)) === 0 ? null : stored };
}

/** Ends a conflict: their values everywhere, or mine where I changed something. */
export function resolved(state: DraftState, choice: 'theirs' | 'mine'): DraftState {
  const { base, draft, theirs } = state;
  if (!theirs) return state;
  const mine = changeOf(base, draft);
  return { base: theirs, draft: choice === 'theirs' ? theirs : withChange(theirs, mine), theirs: null };
}

export interface SaveCalls {
  update: MethodInput<'machine.update'> | null;
  /** While the machine runs, discs and floppies are changed one by one. */
  media: MethodInput<'machine.changeMedium'>[];
}

/** What to call so that `after` is stored. */
export function saveCalls(id: string, before: MachineDraft, after: MachineDraft, isLive: boolean): SaveCalls {
  const change = changeOf(before, after);
  const media: SaveCalls['media'] = [];
  if (isLive && change.settings?.storage) {
    after.settings.storage.forEach(({ path }, attachment) => {
      if (path !== before.settings.storage[attachment]?.path) media.push({ id, attachment, path });
    });
    const { storage: _media, ...rest } = change.settings;
    if (Object.keys(rest).length > 0) change.settings = rest;
    else delete change.settings;
  }
  return { update: sizeOf(change) > 0 ? { id, ...change } : null, media };
}

function differing<Whole extends object>(before: Whole, after: Whole): Partial<Whole> {
  const entries = Object.entries(after).filter(([name, value]) => !isSame(before[name as keyof Whole], value));
  return Object.fromEntries(entries) as Partial<Whole>;
}

function isSame(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  const names = new Set([...Object.keys(a), ...Object.keys(b)]);
  return [...names].every((name) => isSame((a as Record<string, unknown>)[name], (b as Record<string, unknown>)[name]));
}
