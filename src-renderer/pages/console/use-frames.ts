// Receives the machine's screen and serial output. The host sends the next frame once this one was taken: at once while the
// window keeps up, with the monitor's next picture when several came within one.
import { useEffect } from 'react';
import { client } from '../../client/client.ts';
import { useConsole } from './console-store.ts';
import { serialTerminal } from './serial-terminal.ts';

/** Without a monitor's picture to wait for: a recording goes on behind other windows. */
const HIDDEN_MS = 33;

export function useFrames(id: string): void {
  useEffect(() => {
    const taken = (): void => void client.call('console.frameShown', { id }).catch(() => {});
    return client.openConsole(id, {
      screen: (update) => {
        useConsole.getState().screen?.paint(update);
        if (document.hidden && useConsole.getState().recording) setTimeout(taken, HIDDEN_MS);
        else requestAnimationFrame(taken);
      },
      serial: (chunk) => serialTerminal(id, chunk.port).write(chunk.bytes),
    });
  }, [id]);
}
