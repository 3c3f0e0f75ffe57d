// Keeps something selected: the first machine when nothing is, the next one when the selected ones are gone.
import { useEffect, useRef } from 'react';
import { useHost } from '../../client/store.ts';
import { machineKey } from './list-model.ts';
import { useManager } from './manager-store.ts';

export function useFirstSelection(): void {
  const machines = useHost((host) => host.machines);
  const inaccessible = useHost((host) => host.inaccessible);
  const isLoaded = useHost((host) => host.isLoaded);
  const selected = useManager((manager) => manager.selected);
  const awaited = useManager((manager) => manager.awaited);
  const before = useRef(machines);
  useEffect(() => {
    const old = before.current;
    before.current = machines;
    if (!isLoaded) return;
    const exists = (key: string): boolean =>
      key.startsWith('m:')
        ? machines.some(({ id }) => machineKey(id) === key)
        : key.startsWith('g:')
          ? machines.some(({ group }) => `${group}/`.startsWith(`${key.slice(2)}/`))
          : inaccessible.some(({ folder }) => `x:${folder}` === key);
    if (awaited !== null && exists(awaited)) useManager.setState({ awaited: null });
    const kept = selected.filter(exists);
    if (kept.length === selected.length && kept.length > 0) return;
    if (kept.length > 0) return useManager.setState({ selected: kept, current: kept[0] ?? null, anchor: null });
    if (awaited !== null && selected.includes(awaited)) return;
    const place = old.findIndex(({ id }) => machineKey(id) === selected[0]);
    const next = machines[Math.min(Math.max(place, 0), machines.length - 1)];
    const key = next ? machineKey(next.id) : null;
    if (key !== null || selected.length > 0)
      useManager.setState({ selected: key ? [key] : [], current: key, anchor: key });
  }, [machines, inaccessible, isLoaded, selected, awaited]);
}
