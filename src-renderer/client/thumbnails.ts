// Small pictures of running machines, for those that somebody looks at: one question to the host at a time, each machine every
// few seconds, none while the window is hidden.
import { client } from './client.ts';

const RENEW_MS = 4000;
const WIDTH = 160;

interface Watched {
  listeners: Set<(picture: string) => void>;
  dueAt: number;
}

const watched = new Map<string, Watched>();
let isRenewing = false;

/** Gives data URLs until the returned function is called. */
export function watchThumbnail(id: string, listener: (picture: string) => void): () => void {
  const entry = watched.get(id) ?? { listeners: new Set(), dueAt: 0 };
  entry.listeners.add(listener);
  watched.set(id, entry);
  if (!isRenewing) setTimeout(() => void renew(), 0);
  isRenewing = true;
  return () => {
    entry.listeners.delete(listener);
    if (entry.listeners.size === 0) watched.delete(id);
  };
}

async function renew(): Promise<void> {
  const [next] = [...watched].toSorted(([, a], [, b]) => a.dueAt - b.dueAt);
  if (!next) {
    isRenewing = false;
    return;
  }
  const [id, entry] = next;
  const now = performance.now();
  if (entry.dueAt <= now && !document.hidden) {
    entry.dueAt = now + RENEW_MS;
    try {
      const { png } = await client.call('machine.screenshot', { id, maxWidth: WIDTH });
      for (const listener of entry.listeners) listener(`data:image/png;base64,${png}`);
    } catch {
      // The machine has just ended, or nothing answers; both show elsewhere.
    }
    setTimeout(() => void renew(), 50);
  } else setTimeout(() => void renew(), Math.max(200, Math.min(entry.dueAt - now, RENEW_MS)));
}
