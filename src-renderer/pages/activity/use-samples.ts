// What was measured of machines: what the host remembers, then what it pushes each second.
import { useEffect, useState } from 'react';
import { ACTIVITY_SAMPLES, type ActivitySample, type ActivityTotals } from '../../../src-main/contract/activity.ts';
import { client } from '../../client/client.ts';
import { useHost } from '../../client/store.ts';

export interface Samples {
  /** Oldest first. */
  samples: ActivitySample[];
  /** Null until known. */
  totals: ActivityTotals | null;
}
const NONE: Samples = { samples: [], totals: null };

/** One machine's samples of the last minutes. `run` names its present run: another one begins anew. */
export function useSamples(id: string, run: string): Samples {
  const isConnected = useHost((host) => host.connection === 'open');
  const [samples, setSamples] = useState<Samples>(NONE);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another run means to read again
  useEffect(() => {
    if (!isConnected) return;
    let isCurrent = true;
    setSamples(NONE);
    const stop = client.on('machine.sampled', (sampled) => {
      if (sampled.id !== id) return;
      setSamples((before) => ({
        samples: [...before.samples, sampled.sample].slice(-ACTIVITY_SAMPLES),
        totals: sampled.totals,
      }));
    });
    client.call('machine.activity', { id }).then(
      (past) => {
        if (isCurrent)
          setSamples((since) => ({
            samples: merge(past.samples, since.samples),
            totals: since.totals ?? past.totals,
          }));
      },
      // Without a past the charts fill from now on.
      () => {},
    );
    return () => {
      isCurrent = false;
      stop();
    };
  }, [id, run, isConnected]);
  return samples;
}

/** Each machine's newest sample, for those in `ids` that run. */
export function useNewestSamples(ids: string[]): Map<string, Samples> {
  const isConnected = useHost((host) => host.connection === 'open');
  const [newest, setNewest] = useState<Map<string, Samples>>(() => new Map());
  const wanted = ids.join();
  useEffect(() => {
    if (!isConnected) return;
    let isCurrent = true;
    const keep = (id: string, found: Samples): void => setNewest((before) => new Map(before).set(id, found));
    const stop = client.on('machine.sampled', ({ id, sample, totals }) => keep(id, { samples: [sample], totals }));
    for (const id of wanted === '' ? [] : wanted.split(','))
      client.call('machine.activity', { id }).then(
        ({ samples, totals }) => {
          if (isCurrent && samples.length > 0) keep(id, { samples: samples.slice(-1), totals });
        },
        () => {},
      );
    return () => {
      isCurrent = false;
      stop();
    };
  }, [wanted, isConnected]);
  return newest;
}

function merge(past: ActivitySample[], since: ActivitySample[]): ActivitySample[] {
  const first = since[0]?.at;
  const before = first === undefined ? past : past.filter((sample) => sample.at < first);
  return [...before, ...since].slice(-ACTIVITY_SAMPLES);
}
