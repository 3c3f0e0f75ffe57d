// The draft of a machine's settings: read once, compared with what other clients save meanwhile, saved field by field.
import { useCallback, useEffect, useState } from 'react';
import { client } from '../../client/client.ts';
import {
  changeOf,
  type DraftState,
  draftOf,
  type MachineDraft,
  received,
  resolved,
  saveCalls,
  sizeOf,
} from './machine-draft.ts';

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
      ({ definition }) => setState((before) => received(before, draftOf(definition))),
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
    resolve: (choice) => setState((before) => before && resolved(before, choice)),
    save: async (isLive) => {
      if (!state) return;
      const { update, media } = saveCalls(id, state.base, state.draft, isLive);
      for (const change of media) await client.call('machine.changeMedium', change);
      if (update) await client.call('machine.update', update);
    },
  };
}
