// Which page a window shows, by the fragment of its address.
import type { ReactElement } from 'react';
import { ConsolePage } from './console/console.tsx';
import { ManagerPage } from './manager/manager.tsx';

const consoleRoute = /^#\/console\/([0-9a-f-]{36})$/;

export function pageForHash(hash: string): ReactElement {
  const match = consoleRoute.exec(hash);
  return match?.[1] ? <ConsolePage id={match[1]} /> : <ManagerPage />;
}
