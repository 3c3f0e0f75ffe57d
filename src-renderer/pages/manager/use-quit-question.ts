// In the desktop application, ending it while machines run asks here what becomes of them.
import { useEffect } from 'react';
import { openDialog } from './manager-store.ts';

export function useQuitQuestion(): void {
  useEffect(() => {
    const desktop = window.ospiteDesktop;
    desktop?.onQuitAsked?.(() => openDialog({ kind: 'quit' }));
    return () => desktop?.onQuitAsked?.(null);
  }, []);
}
