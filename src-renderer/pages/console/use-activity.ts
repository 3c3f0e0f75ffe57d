// Which devices have just worked, and the keyboard lights, for the status bar.
import { useEffect, useState } from 'react';
import { client } from '../../client/client.ts';

export interface Activity {
  /** Devices that worked within the last moment, with what they did. */
  busy: Record<string, 'read' | 'write'>;
  /** Bit 0 scroll, 1 num, 2 caps lock. */
  leds: number;
}

const GLOW_MS = 200;

export function useActivity(id: string): Activity {
  const [activity, setActivity] = useState<Activity>({ busy: {}, leds: 0 });
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const stops = [
      client.on('machine.activityReported', (event) => {
        if (event.id !== id) return;
        const busy = Object.fromEntries(
          event.reports.map((report) => [report.device, report.writes > 0 ? ('write' as const) : ('read' as const)]),
        );
        setActivity((before) => ({ ...before, busy }));
        clearTimeout(timer);
        timer = setTimeout(() => setActivity((before) => ({ ...before, busy: {} })), GLOW_MS);
      }),
      client.on('machine.ledsChanged', (event) => {
        if (event.id === id) setActivity((before) => ({ ...before, leds: event.leds }));
      }),
    ];
    return () => {
      clearTimeout(timer);
      for (const stop of stops) stop();
    };
  }, [id]);
  return activity;
}
