// How the machine runs now: screen, speed and why, traffic.
import Typography from '@mui/material/Typography';
import { type ReactElement, useEffect, useRef, useState } from 'react';
import type { MachineSummary, MethodOutput } from '../../../src-main/contract/methods.ts';
import { client } from '../../client/client.ts';
import { formatBytes } from '../../components/file-chooser.tsx';
import { isActive } from '../../components/machine-state.tsx';
import { Properties } from '../../components/properties.tsx';
import { useText } from '../../i18n/text.ts';
import { traffic, useConsole } from './console-store.ts';
import { clock } from './status-bar.tsx';
import { useSpeed, useStats } from './use-stats.ts';

export function RuntimeInformation({ machine }: { machine: MachineSummary }): ReactElement {
  const { console: text, common } = useText();
  const { rows, values } = text.information;
  const isOn = isActive(machine.state);
  const stats = useStats(machine.id, isOn, 1000);
  const speed = useSpeed(machine.id, isOn);
  const totals = useTotals(machine.id, isOn);
  const size = useConsole((state) => state.size);
  const pointer = useConsole((state) => state.pointerMode);
  const leds = useConsole((state) => state.leds);
  const serial = useConsole((state) => state.definition?.settings.serial) ?? [];
  const rates = useRates(stats);
  if (!isOn) return <Typography color="text.secondary">{values.off}</Typography>;
  if (!stats) return <Typography color="text.secondary">{values.measuring}</Typography>;
  const count = (value: number): number => Math.round(value);
  const lights = [
    leds !== null && (leds & 2) !== 0 && text.status.leds.num,
    leds !== null && (leds & 4) !== 0 && text.status.leds.caps,
    leds !== null && (leds & 1) !== 0 && text.status.leds.scroll,
  ].filter((light) => light !== false);
  return (
    <Properties
      rows={[
        [rows.state, common.states[machine.state]],
        [rows.resolution, values.pixels(size.width, size.height)],
        [rows.uptime, clock(stats.wallSeconds * 1000)],
        [rows.accelerator, stats.accelerator],
        [rows.reason, stats.acceleratorReason],
        [rows.speed, values.mips(count(speed ?? stats.guestMips))],
        [rows.translated, values.percent(count(stats.translatedShare * 100))],
        [rows.exits, values.perSecond(rates.exits, stats.exits)],
        [rows.interrupts, values.perSecond(rates.interrupts, stats.interrupts)],
        [rows.halted, values.seconds(stats.haltedSeconds.toFixed(1))],
        [rows.hostCpu, values.seconds(stats.cpuSeconds.toFixed(1))],
        [rows.ram, formatBytes(stats.ramBytes)],
        [rows.frames, values.frames(rates.frames, traffic.frames)],
        [
          rows.mouse,
          pointer?.isAbsolute
            ? values.mouseAbsolute
            : pointer?.isEnabled === false
              ? values.mouseUnused
              : values.mouseRelative,
        ],
        [rows.leds, lights.join(', ') || common.none],
        [
          rows.disk,
          totals ? values.readWritten(formatBytes(totals.diskReadBytes), formatBytes(totals.diskWriteBytes)) : '…',
        ],
        ...serial.flatMap((port, index): [string, string][] =>
          port.kind === 'console'
            ? [
                [
                  rows.serialTraffic(index + 1),
                  values.inOut(formatBytes(traffic.received[index]!), formatBytes(traffic.sent[index]!)),
                ],
              ]
            : [],
        ),
        [rows.clipboard, values.offers],
        [rows.guestTools, values.offers],
      ]}
    />
  );
}

interface Rates {
  exits: number;
  interrupts: number;
  frames: number;
}

/** What came in a second, between the last two looks. */
function useRates(stats: { exits: number; interrupts: number; wallSeconds: number } | null): Rates {
  const [rates, setRates] = useState<Rates>({ exits: 0, interrupts: 0, frames: 0 });
  const before = useRef<{ exits: number; interrupts: number; frames: number; at: number } | null>(null);
  useEffect(() => {
    if (!stats) return;
    const now = { exits: stats.exits, interrupts: stats.interrupts, frames: traffic.frames, at: performance.now() };
    const last = before.current;
    before.current = now;
    if (!last) return;
    const seconds = Math.max(0.1, (now.at - last.at) / 1000);
    const rate = (name: keyof Rates): number => Math.max(0, Math.round((now[name] - last[name]) / seconds));
    setRates({ exits: rate('exits'), interrupts: rate('interrupts'), frames: rate('frames') });
  }, [stats]);
  return rates;
}

type Totals = MethodOutput<'machine.activity'>['totals'];

function useTotals(id: string, isOn: boolean): Totals | null {
  const [totals, setTotals] = useState<Totals | null>(null);
  useEffect(() => {
    if (!isOn) return setTotals(null);
    // Until the next sample comes; a host that has none yet answers with an error.
    client.call('machine.activity', { id }).then(
      (activity) => setTotals(activity.totals),
      () => {},
    );
    return client.on('machine.sampled', (event) => {
      if (event.id === id) setTotals(event.totals);
    });
  }, [id, isOn]);
  return totals;
}
