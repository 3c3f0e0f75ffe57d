// What the browser tells about the window: full screen left by its own key, and an end that would hide a running machine.
import { useEffect } from 'react';
import { attempt, useHost } from '../../client/store.ts';
import { isActive } from '../../components/machine-state.tsx';
import { closeConsole } from './closing.ts';
import { useConsole } from './console-store.ts';
import { enterMode } from './modes.ts';
import { isWindowClosing, setFullScreen } from './window-frame.ts';

export function useWindow(id: string): void {
  useOpeningMode();
  useEffect(() => {
    const onFullScreen = (): void => {
      if (!document.fullscreenElement && useConsole.getState().mode === 'fullscreen') void enterMode(id, 'normal');
    };
    const onUnload = (event: BeforeUnloadEvent): void => {
      const machine = useHost.getState().machines.find((candidate) => candidate.id === id);
      const remembered = useConsole.getState().definition?.ui.closeAction;
      if (isWindowClosing() || remembered === 'background' || !machine || !isActive(machine.state)) return;
      event.preventDefault();
      // Runs only if the window stays: in the desktop application, or because the user said so to the browser.
      setTimeout(() => closeConsole(id), 100);
    };
    document.addEventListener('fullscreenchange', onFullScreen);
    window.addEventListener('beforeunload', onUnload);
    return () => {
      document.removeEventListener('fullscreenchange', onFullScreen);
      window.removeEventListener('beforeunload', onUnload);
    };
  }, [id]);
}

/** A console opens in the mode it was left in. Browsers give the whole screen only after a key or a click. */
function useOpeningMode(): void {
  const isKnown = useConsole((state) => state.definition !== null);
  useEffect(() => {
    if (!isKnown) return;
    const wanted = useConsole.getState().definition?.ui.visualState ?? 'normal';
    if (wanted === 'scaled') useConsole.setState({ mode: 'scaled' });
    if (wanted !== 'fullscreen') return;
    const ending = new AbortController();
    const enter = (): void => {
      ending.abort();
      void attempt(async () => {
        await setFullScreen(true);
        useConsole.setState({ mode: 'fullscreen' });
      });
    };
    window.addEventListener('pointerdown', enter, { signal: ending.signal, capture: true });
    window.addEventListener('keydown', enter, { signal: ending.signal, capture: true });
    useConsole.setState({ waitsForFullScreen: true });
    ending.signal.addEventListener('abort', () => useConsole.setState({ waitsForFullScreen: false }));
    return () => ending.abort();
  }, [isKnown]);
}
