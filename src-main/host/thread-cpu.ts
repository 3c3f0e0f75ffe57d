// Processor time of the calling thread. Node tells it from version 24 on; before that, Linux does. [LINUX-SCHED-STATS]
import { readFileSync } from 'node:fs';

interface NewerProcess {
  threadCpuUsage?(): { user: number; system: number };
}

/** Seconds, or null where the host tells only the whole process's. */
export function threadCpuSeconds(): number | null {
  const usage = (process as NewerProcess).threadCpuUsage?.();
  if (usage) return (usage.user + usage.system) / 1e6;
  if (process.platform !== 'linux') return null;
  try {
    const nanoseconds = Number(readFileSync('/proc/thread-self/schedstat', 'latin1').split(' ')[0]);
    return Number.isFinite(nanoseconds) ? nanoseconds / 1e9 : null;
  } catch {
    return null; // A kernel without scheduler statistics.
  }
}
