// The list of media, read again whenever one changed; and the tasks begun here.
import { useCallback, useEffect, useState } from 'react';
import type { MediumSummary } from '../../../src-main/contract/methods/medium.ts';
import type { Task } from '../../../src-main/contract/task.ts';
import { client } from '../../client/client.ts';
import { notify, useHost } from '../../client/store.ts';

export interface Media {
  /** Null until they are known. */
  media: MediumSummary[] | null;
  refresh(): void;
}

export function useMedia(): Media {
  const isConnected = useHost((host) => host.connection === 'open');
  const [media, setMedia] = useState<MediumSummary[] | null>(null);
  const refresh = useCallback(
    () => void client.call('medium.list', {}).then((found) => setMedia(found.media), notify),
    [],
  );
  useEffect(() => {
    if (!isConnected) return;
    refresh();
    // Who uses a medium changes with the machines.
    const stops = [
      client.on('medium.changed', refresh),
      client.on('machine.added', refresh),
      client.on('machine.changed', refresh),
      client.on('machine.removed', refresh),
    ];
    return () => {
      for (const stop of stops) stop();
    };
  }, [refresh, isConnected]);
  return { media, refresh };
}

/** The tasks that were begun here and are running or failed, and how to add one. */
export function useOwnTasks(): [Task[], (taskId: string) => void] {
  const [own, setOwn] = useState<string[]>([]);
  const tasks = useHost((host) => host.tasks);
  return [
    tasks.filter((task) => own.includes(task.id) && (task.state === 'running' || task.state === 'failed')),
    (taskId) => setOwn((before) => [...before, taskId]),
  ];
}
