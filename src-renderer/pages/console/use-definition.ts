// Keeps the machine's definition current: any client may change it.
import { useEffect } from 'react';
import { client, HostError } from '../../client/client.ts';
import { notify, useHost } from '../../client/store.ts';
import { useConsole } from './console-store.ts';

export function useDefinition(id: string): void {
  const isConnected = useHost((host) => host.connection === 'open');
  const isKnown = useHost((host) => host.machines.some((machine) => machine.id === id));
  useEffect(() => {
    if (!isConnected || !isKnown) return;
    let isCurrent = true;
    const read = (): void => {
      client.call('machine.get', { id }).then(
        ({ definition }) => {
          if (isCurrent) useConsole.setState({ definition });
        },
        (error: unknown) => {
          if (isCurrent && !(error instanceof HostError && error.code === 'connection.lost')) notify(error);
        },
      );
    };
    read();
    const stops = [
      client.on('machine.changed', (changed) => {
        if (changed.id === id) read();
      }),
      client.on('medium.changed', read),
    ];
    return () => {
      isCurrent = false;
      for (const stop of stops) stop();
    };
  }, [id, isConnected, isKnown]);
}
