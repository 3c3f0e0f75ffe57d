// A machine's definition, read anew whenever its summary changes; the old one stays until then, so that nothing flickers.
import { useEffect, useState } from 'react';
import type { MachineDefinition } from '../../../src-main/contract/machine.ts';
import { client, HostError } from '../../client/client.ts';
import { notify } from '../../client/store.ts';

export function useDefinition(id: string): MachineDefinition | null {
  const [definition, setDefinition] = useState<MachineDefinition | null>(null);
  useEffect(() => {
    let isCurrent = true;
    const load = (): void => {
      client.call('machine.get', { id }).then(
        (found) => isCurrent && setDefinition(found.definition),
        (error: unknown) => {
          // It has just been removed, or the connection is gone; both show elsewhere.
          const isExpected = error instanceof HostError && /notFound|connection/.test(error.code);
          if (isCurrent && !isExpected) notify(error);
        },
      );
    };
    load();
    const stop = client.on('machine.changed', (changed) => changed.id === id && load());
    return () => {
      isCurrent = false;
      stop();
    };
  }, [id]);
  return definition?.id === id ? definition : null;
}
