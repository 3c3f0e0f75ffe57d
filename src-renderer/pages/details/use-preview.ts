// A small picture of a running machine's screen, renewed every two seconds while the page is visible.
import { useEffect, useState } from 'react';
import { client } from '../../client/client.ts';

const RENEW_MS = 2000;

/** A data URL, or null while there is nothing to show. */
export function usePreview(id: string, isRunning: boolean): string | null {
  const [picture, setPicture] = useState<string | null>(null);
  useEffect(() => {
    setPicture(null);
    if (!isRunning) return;
    let isCurrent = true;
    const renew = async (): Promise<void> => {
      if (document.hidden) return;
      try {
        const { png } = await client.call('machine.screenshot', { id });
        if (isCurrent) setPicture(`data:image/png;base64,${png}`);
      } catch {
        // The machine has just ended; its state change takes the preview away.
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
