// Receives the machine's screen and serial output. The host sends the next frame once this one was taken: the first in each
// of the monitor's pictures at once, so that a key's answer is not held up; further ones with the next picture.
import { useEffect } from 'react';
import { client } from '../../client/client.ts';
import { useConsole } from './console-store.ts';
import { serialTerminal } from './serial-terminal.ts';

/** Without a monitor's picture to wait for: a recording goes on behind other windows. */
const HIDDEN_MS = 33;

export function useFrames(id: string): void {
  useEffect(() => {
    const pace = framePace(() => void client.call('console.frameShown', { id }).catch(() => {}));
    return client.openConsole(id, {
      screen: (update) => {
        useConsole.getState().screen?.paint(update);
        pace();
      },
      serial: (chunk) => serialTerminal(id, chunk.port).write(chunk.bytes),
    });
  }, [id]);
}

/** Call for each painted frame; calls `taken` when the host may send the next. */
export function framePace(taken: () => void): () => void {
  let isWaiting = false;
  let isOwed = false;
  const pictureShown = (): void => {
    isWaiting = false;
    if (!isOwed) return;
    isOwed = false;
    taken();
  };
  return () => {
    if (isWaiting) {
      isOwed = true;
      return;
    }
    isWaiting = true;
    if (document.hidden && useConsole.getState().recording) setTimeout(pictureShown, HIDDEN_MS);
    else requestAnimationFrame(pictureShown);
    taken();
  };
}
