// A running machine's counters, asked for while somebody looks.
import { useEffect, useState } from 'react';
import type { MethodOutput } from '../../../src-main/contract/methods.ts';
import { client } from '../../client/client.ts';

export type Stats = MethodOutput<'machine.stats'>;

/** Million guest instructions in the last second; null until measured. The counters only give the average since the start. */
export function useSpeed(id: string, isRunning: boolean): number | null {
  const [mips, setMips] = useState<number | null>(null);
  useEffect(() => {
    if (!isRunning) return setMips(null);
    return client.on('machine.sampled', (event) => {
      if (event.id === id) setMips(event.sample.guestMips);
    });
  }, [id, isRunning]);
  return mips;
}

export function useStats(id: string, isRunning: boolean, everyMs = 2000): Stats | null {
  const [stats, setStats] = useState<Stats | null>(null);
  useEffect(() => {
    if (!isRunning) return setStats(null);
    const ask = (): void => {
      if (!document.hidden) client.call('machine.stats', { id }).then(setStats, () => {}); // The next state change clears it.
    };
    ask();
    const timer = setInterval(ask, everyMs);
    return () => clearInterval(timer);
  }, [id, isRunning, everyMs]);
  return stats;
}
