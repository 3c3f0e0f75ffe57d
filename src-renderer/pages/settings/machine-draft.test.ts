import { describe, expect, it } from 'vitest';
import { machineSettings, machineUi } from '../../../src-main/contract/machine.ts';
import { changeOf, type MachineDraft, received, resolved, saveCalls, sizeOf, withChange } from './machine-draft.ts';

const ID = '0190a0b1-0000-4000-8000-000000000001';
const cdrom = (path: string | null) => ({ type: 'cdrom' as const, bus: 'ide' as const, path, readOnly: true });
const base: MachineDraft = {
  name: 'One',
  os: 'debian',
  group: '',
  description: '',
  settings: machineSettings.parse({ storage: [cdrom('/a.iso')] }),
  ui: machineUi.parse({}),
};
const withSettings = (settings: Partial<MachineDraft['settings']>): MachineDraft => ({
  ...base,
  settings: { ...base.settings, ...settings },
});

it('is empty when nothing changed, even where objects are new', () => {
  expect(changeOf(base, structuredClone(base))).toEqual({});
});

it('has the changed fields and no others', () => {
  const after = { ...withSettings({ memoryMib: 64 }), description: 'x', ui: { ...base.ui, scalePercent: 150 } };
  const change = changeOf(base, after);
  expect(change).toEqual({ description: 'x', settings: { memoryMib: 64 }, ui: { scalePercent: 150 } });
  expect(sizeOf(change)).toBe(3);
});

it('can be put on top of what somebody else saved', () => {
  const mine = changeOf(base, withSettings({ memoryMib: 64 }));
  const theirs = { ...base, name: 'Two', settings: { ...base.settings, rng: false } };
  expect(withChange(theirs, mine)).toMatchObject({ name: 'Two', settings: { memoryMib: 64, rng: false } });
});

describe('what somebody else saved', () => {
  const theirs = { ...base, description: 'theirs' };
  const mine = withSettings({ memoryMib: 64 });

  it('is taken over while nothing is edited', () => {
    expect(received(received(null, base), theirs)).toEqual({ base: theirs, draft: theirs, theirs: null });
  });

  it('is a conflict while something is, until it is as before', () => {
    const state = received({ base, draft: mine, theirs: null }, theirs);
    expect(state).toEqual({ base, draft: mine, theirs });
    expect(received(state, base).theirs).toBeNull();
  });

  it('is none when it is what was edited', () => {
    expect(received({ base, draft: mine, theirs: null }, structuredClone(mine)).theirs).toBeNull();
  });

  it('replaces the edits or gets them on top', () => {
    const state = { base, draft: mine, theirs };
    expect(resolved(state, 'theirs').draft).toEqual(theirs);
    expect(resolved(state, 'mine').draft).toMatchObject({ description: 'theirs', settings: { memoryMib: 64 } });
  });
});

describe('saving', () => {
  const swapped = withSettings({
    cpuCapPercent: 50,
    storage: machineSettings.parse({ storage: [cdrom(null)] }).storage,
  });

  it('of a machine that is off sends all in one', () => {
    const { update, media } = saveCalls(ID, base, swapped, false);
    expect(media).toEqual([]);
    expect(update).toMatchObject({ id: ID, settings: { cpuCapPercent: 50, storage: [{ path: null }] } });
  });

  it('of a running one changes media by themselves', () => {
    const { update, media } = saveCalls(ID, base, swapped, true);
    expect(media).toEqual([{ id: ID, attachment: 0, path: null }]);
    expect(update).toEqual({ id: ID, settings: { cpuCapPercent: 50 } });
  });

  it('of media alone needs no update', () => {
    const { update } = saveCalls(ID, base, withSettings({ storage: swapped.settings.storage }), true);
    expect(update).toBeNull();
  });
});
