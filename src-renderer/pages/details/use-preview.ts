// A small picture of a running machine's screen, renewed every two seconds while the page is visible.
import { useEffect, useState } from 'react';
import { client } from '../../client/client.ts';

const RENEW_MS = 2000;
/** Twice what the pane shows, for dense screens. */
const WIDTH = 720;

/** A data URL, or null while there is nothing to show. */
export function usePreview(id: string, isRunning: boolean): string | null {
  const [picture, setPicture] = useState<string | null>(null);
  useEffect(() => {
    setPicture(null);
    if (!isRunning) return;
    let isCurrent = true;
    let isAsking = false;
    const renew = async (): Promise<void> => {
      if (document.hidden || isAsking) return;
      isAsking = true;
      try {
        const { png } = await client.call('machine.screenshot', { id, maxWidth: WIDTH });
        if (isCurrent) setPicture(`data:image/png;base64,${png}`);
      } catch {
        // The machine has just ended; its state change takes the preview away.
      } finally {
        isAsking = false;
      }
    };
    void renew();
    const timer = setInterval(() => void renew(), RENEW_MS);
    return () => {
      isCurrent = false;
      clearInterval(timer);
    };
  }, [id, isRunning]);
  return picture;
}
