// Which page a window shows, by the fragment of its address.
import { type ReactElement, useEffect, useState } from 'react';
import { ConsolePage } from './console/console.tsx';
import { ManagerPage } from './manager/manager.tsx';

const consoleRoute = /^#\/console\/([0-9a-f-]{36})$/;
const fileRoute = /^#\/(?:new|open)\/(.+)$/;

/** The page of the window's address, and of each later one. */
export function PageForAddress(): ReactElement {
  const [hash, setHash] = useState(location.hash);
  useEffect(() => {
    const listen = (): void => setHash(location.hash);
    window.addEventListener('hashchange', listen);
    return () => window.removeEventListener('hashchange', listen);
  }, []);
  const id = consoleRoute.exec(hash)?.[1];
  return id ? <ConsolePage key={id} id={id} /> : <ManagerPage openedFile={fileInAddress(hash)} />;
}

/** The file behind #/new/… or #/open/…, which the desktop and `ospite open` put there. */
export function fileInAddress(hash: string): string | null {
  const encoded = fileRoute.exec(hash)?.[1];
  try {
    return encoded === undefined ? null : decodeURIComponent(encoded);
  } catch {
    return null;
  }
}
