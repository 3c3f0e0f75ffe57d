// What the selected rows mean: machines, a group, inaccessible machines.
import { useMemo } from 'react';
import type { InaccessibleMachine, MachineSummary } from '../../../src-main/contract/methods.ts';
import { useHost } from '../../client/store.ts';
import { buildTree, machineKey, type RowKey, type TreeNode } from './list-model.ts';
import { useManager } from './manager-store.ts';

export interface Selection {
  keys: RowKey[];
  /** The selected machines and those in selected groups, in the list's order. */
  machines: MachineSummary[];
  /** Path of the group, where one group and nothing else is selected. */
  group: string | null;
  broken: InaccessibleMachine[];
  tree: TreeNode[];
}

export function useSelection(): Selection {
  const machines = useHost((host) => host.machines);
  const inaccessible = useHost((host) => host.inaccessible);
  const selected = useManager((manager) => manager.selected);
  const tree = useMemo(() => buildTree(machines), [machines]);
  return useMemo(() => {
    const keys = new Set(selected);
    const groups = selected.filter((key) => key.startsWith('g:')).map((key) => key.slice(2));
    const chosen = machines.filter(
      ({ id, group }) => keys.has(machineKey(id)) || groups.some((path) => `${group}/`.startsWith(`${path}/`)),
    );
    const broken = inaccessible.filter(({ folder }) => keys.has(`x:${folder}`));
    const [only] = groups;
    const isGroup = selected.length === 1 && only !== undefined && chosen.length > 0;
    return { keys: selected, machines: chosen, group: isGroup ? only : null, broken, tree };
  }, [machines, inaccessible, selected, tree]);
}
