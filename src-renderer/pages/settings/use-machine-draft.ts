// The draft of a machine's settings: read once, compared with what other clients save meanwhile, saved field by field.
import { useCallback, useEffect, useState } from 'react';
import type { MachineDefinition } from '../../../src-main/contract/machine.ts';
import { client, HostError } from '../../client/client.ts';
import { changeOf, draftOf, type MachineDraft, saveCalls, sizeOf, withChange } from './machine-draft.ts';

interface DraftState {
  base: MachineDraft;
  draft: MachineDraft;
  /** What another client saved while this draft had changes. */
  theirs: MachineDraft | null;
}

export interface MachineDraftView {
  /** Null until it has arrived. */
  state: DraftState | null;
  /** Why it could not be read, or that the machine is gone. */
  failure: string;
  changeCount: number;
  edit(change: (draft: MachineDraft) => MachineDraft): void;
  /** Ends a conflict: their values everywhere, or mine where I changed something. */
  resolve(choice: 'theirs' | 'mine'): void;
  save(isLive: boolean): Promise<void>;
}

export function useMachineDraft(id: string): MachineDraftView {
  const [state, setState] = useState<DraftState | null>(null);
  const [failure, setFailure] = useState('');
  const load = useCallback(() => {
    client.call('machine.get', { id }).then(
      ({ definition }) => setState((before) => received(before, definition)),
      (error: unknown) => setFailure(error instanceof Error ? error.message : String(error)),
    );
  }, [id]);
  useEffect(load, [load]);
  useEffect(() => {
    const stops = [
      client.on('machine.changed', (changed) => changed.id === id && load()),
      client.on('machine.removed', (removed) => removed.id === id && setFailure('removed')),
    ];
    return () => {
      for (const stop of stops) stop();
    };
  }, [id, load]);
  return {
    state,
    failure,
    changeCount: state ? sizeOf(changeOf(state.base, state.draft)) : 0,
    edit: (change) => setState((before) => before && { ...before, draft: change(before.draft) }),
    resolve: (choice) =>
      setState((before) => {
        if (!before?.theirs) return before;
        const mine = changeOf(before.base, before.draft);
        const base = before.theirs;
        return { base, draft: choice === 'theirs' ? base : withChange(base, mine), theirs: null };
      }),
    save: async (isLive) => {
      if (!state) return;
      const { update, media } = saveCalls(id, state.base, state.draft, isLive);
      for (const change of media) await client.call('machine.changeMedium', change);
      if (update) await client.call('machine.update', update);
    },
  };
}

/** Whether a failure to save means that the machine is not there any more. */
export function isGone(error: unknown): boolean {
  return error instanceof HostError && error.code === 'machine.notFound';
}

function received(before: DraftState | null, definition: MachineDefinition): DraftState {
  const theirs = draftOf(definition);
  if (!before) return { base: theirs, draft: theirs, theirs: null };
  if (sizeOf(changeOf(before.base, theirs)) === 0) return before;
  const mine = changeOf(before.base, before.draft);
  if (sizeOf(mine) === 0) return { base: theirs, draft: theirs, theirs: null };
  // The same edit as ours, or our own save coming back, is no conflict.
  if (sizeOf(changeOf(before.draft, theirs)) === 0) return { base: theirs, draft: theirs, theirs: null };
  return { ...before, theirs };
}
