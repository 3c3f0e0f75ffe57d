// Follows what lights up in the status bar: devices at work, the guest's keyboard lights, and what its mouse takes.
import { useEffect, useState } from 'react';
import { client } from '../../client/client.ts';
import { useConsole } from './console-store.ts';

export type Light = 'read' | 'write' | undefined;
export type Busy = Record<string, Light>;

const GLOW_MS = 200;
const NOTHING: Busy = {};

/** Devices that worked within the last moment. */
export function useBusyDevices(id: string): Busy {
  const [busy, setBusy] = useState<Busy>(NOTHING);
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const stop = client.on('machine.activityReported', (event) => {
      if (event.id !== id) return;
      setBusy(Object.fromEntries(event.reports.map(({ device, writes }) => [device, writes > 0 ? 'write' : 'read'])));
      clearTimeout(timer);
      timer = setTimeout(() => setBusy(NOTHING), GLOW_MS);
    });
    return () => {
      clearTimeout(timer);
      stop();
    };
  }, [id]);
  return busy;
}

/** Keeps lights and pointer mode in the store. A machine that starts begins with neither. */
export function useGuestInput(id: string, isOn: boolean): void {
  useEffect(() => {
    const stops = [
      client.on('machine.ledsChanged', (event) => {
        if (event.id === id) useConsole.setState({ leds: event.leds });
      }),
      client.on('machine.pointerModeChanged', ({ id: changed, isEnabled, isAbsolute }) => {
        if (changed !== id) return;
        useConsole.setState({ pointerMode: { isEnabled, isAbsolute } });
        // The guest follows the pointer now: no need to keep it in.
        if (isAbsolute && useConsole.getState().wantsIntegration && document.pointerLockElement)
          document.exitPointerLock();
      }),
    ];
    return () => {
      for (const stop of stops) stop();
    };
  }, [id]);
  useEffect(() => {
    if (!isOn) useConsole.setState({ leds: null, pointerMode: null });
  }, [isOn]);
}
