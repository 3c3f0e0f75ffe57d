// The last measurement of each running machine, apart from the host's store: it changes every second.
import { create } from 'zustand';
import type { ActivitySample } from '../../src-main/contract/activity.ts';
import { client } from './client.ts';

export const useSamples = create<{ samples: Readonly<Record<string, ActivitySample>> }>(() => ({ samples: {} }));

/** Begins following; called once by main.tsx. */
export function followSamples(): void {
  client.on('machine.sampled', ({ id, sample }) =>
    useSamples.setState(({ samples }) => ({ samples: { ...samples, [id]: sample } })),
  );
  const forget = (id: string): void =>
    useSamples.setState(({ samples }) => {
      const { [id]: _gone, ...others } = samples;
      return { samples: others };
    });
  client.on('machine.removed', ({ id }) => forget(id));
  client.on('machine.stateChanged', ({ id, state }) => {
    if (state === 'poweredOff' || state === 'crashed' || state === 'aborted') forget(id);
  });
}
