// What fails without being anybody's call, a task or a running machine, becomes a notice while the window is open.
import { useEffect } from 'react';
import { client } from '../client/client.ts';
import { notify, useHost } from '../client/store.ts';

export function useFailures(): void {
  useEffect(() => {
    const stops = [
      client.on('task.changed', ({ state, title, message }) => {
        if (state === 'failed') notify(message === '' ? title : `${title}: ${message}`);
      }),
      client.on('machine.stateChanged', ({ id, state, message }) => {
        if ((state !== 'crashed' && state !== 'aborted') || message === '') return;
        const name = useHost.getState().machines.find((machine) => machine.id === id)?.name ?? '';
        notify(`${name}: ${message}`);
      }),
    ];
    return () => {
      for (const stop of stops) stop();
    };
  }, []);
}
