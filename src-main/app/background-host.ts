// `ospite host`: the process that owns the machines when no window does. The command line starts it, detached; it tells its
// parent when it can be talked to, and ends by itself some time after nobody needs it any more.
import type { OspiteError } from '../core/errors.ts';
import { untilEnded } from './exit-signals.ts';
import { type HostProcess, startHostProcess } from './host-process.ts';

/** What the parent is told, once. */
export type HostReport = { isReady: true } | { code: string; message: string };

const IDLE_MS = 30_000;
const LOOK_MS = 1000;

/** Resolves to the exit status. @param tell the parent's ear; nobody's when there is none */
export async function runBackgroundHost(
  home: string,
  tell: (report: HostReport) => void = tellParent,
  idleMs: number = IDLE_MS,
): Promise<number> {
  let host: HostProcess;
  try {
    host = await startHostProcess(home, { kind: 'background' });
  } catch (error) {
    const { code = 'internal', message } = error as Partial<OspiteError> & Error;
    tell({ code, message });
    return 1;
  }
  const stopWatching = endWhenIdle(host, idleMs);
  const ended = untilEnded(host); // Before the parent is told: it may end us at once.
  tell({ isReady: true });
  await ended;
  stopWatching();
  return 0;
}

function tellParent(report: HostReport): void {
  process.send?.(report, () => {
    if (process.connected) process.disconnect(); // Its channel would keep us, and we it.
  });
}

function endWhenIdle(host: HostProcess, idleMs: number): () => void {
  let idleSince = performance.now();
  const timer = setInterval(
    () => {
      if (isNeeded(host)) idleSince = performance.now();
      else if (performance.now() - idleSince >= idleMs) void host.shutDown();
    },
    Math.min(LOOK_MS, idleMs),
  );
  return () => clearInterval(timer);
}

function isNeeded(host: HostProcess): boolean {
  const { manager, tasks } = host.services;
  return (
    host.clientCount() > 0 ||
    host.isServing() ||
    manager.active().length > 0 ||
    tasks.list().some(({ state }) => state === 'running')
  );
}
