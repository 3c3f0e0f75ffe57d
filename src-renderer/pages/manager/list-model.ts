// The machine list as a tree of groups, made from the flat order that the host keeps, and the changes of that order: moving,
// grouping, renaming, sorting. A group exists while a machine is in it; it stands where its first machine stands.
import type { InaccessibleMachine, MachineSummary } from '../../../src-main/contract/methods.ts';

type Placed = Pick<MachineSummary, 'id' | 'name' | 'group'>;

export interface GroupNode {
  kind: 'group';
  name: string;
  children: TreeNode[];
}
export interface MachineNode {
  kind: 'machine';
  id: string;
  name: string;
}
export type TreeNode = GroupNode | MachineNode;

/** A row's key: the kind's first letter, a colon, and the machine's id, the group's path or the inaccessible folder. */
export type RowKey = string;
export const machineKey = (id: string): RowKey => `m:${id}`;
export const groupKey = (path: string): RowKey => `g:${path}`;
export const brokenKey = (folder: string): RowKey => `x:${folder}`;

interface RowPlace {
  key: RowKey;
  /** 1 for the top. */
  level: number;
  position: number;
  setSize: number;
}
export type Row = RowPlace &
  (
    | { kind: 'machine'; id: string }
    | { kind: 'group'; path: string; name: string; count: number; isCollapsed: boolean }
    | { kind: 'broken'; machine: InaccessibleMachine }
  );

export type Entries = { id: string; group: string }[];

export function buildTree(machines: readonly Placed[]): TreeNode[] {
  const root: GroupNode = { kind: 'group', name: '', children: [] };
  for (const { id, name, group } of machines) {
    let parent = root;
    for (const part of group === '' ? [] : group.split('/')) parent = childGroup(parent, part);
    parent.children.push({ kind: 'machine', id, name });
  }
  return root.children;
}

function childGroup(parent: GroupNode, name: string): GroupNode {
  const known = parent.children.find((child) => child.kind === 'group' && child.name === name);
  if (known?.kind === 'group') return known;
  const made: GroupNode = { kind: 'group', name, children: [] };
  parent.children.push(made);
  return made;
}

export function pathOf(parent: string, name: string): string {
  return parent === '' ? name : `${parent}/${name}`;
}

/** Ids of the machines in and below some nodes, in order. */
export function machinesIn(nodes: readonly TreeNode[]): string[] {
  return nodes.flatMap((node) => (node.kind === 'machine' ? [node.id] : machinesIn(node.children)));
}

/** Paths of all groups, outer ones before inner ones. */
export function groupPaths(nodes: readonly TreeNode[], parent = ''): string[] {
  return nodes.flatMap((node) => {
    if (node.kind === 'machine') return [];
    const path = pathOf(parent, node.name);
    return [path, ...groupPaths(node.children, path)];
  });
}

export function toEntries(nodes: readonly TreeNode[], group = ''): Entries {
  return nodes.flatMap((node) =>
    node.kind === 'machine' ? [{ id: node.id, group }] : toEntries(node.children, pathOf(group, node.name)),
  );
}

/** The visible rows from top to bottom. */
export function flatten(
  nodes: readonly TreeNode[],
  isCollapsed: (path: string) => boolean,
  broken: readonly InaccessibleMachine[] = [],
): Row[] {
  const rows: Row[] = [];
  const walk = (children: readonly TreeNode[], parent: string, level: number, extra: number): void => {
    children.forEach((node, index) => {
      const place = { level, position: index + 1, setSize: children.length + extra };
      if (node.kind === 'machine') {
        rows.push({ kind: 'machine', key: machineKey(node.id), id: node.id, ...place });
        return;
      }
      const path = pathOf(parent, node.name);
      const closed = isCollapsed(path);
      const count = machinesIn(node.children).length;
      rows.push({ kind: 'group', key: groupKey(path), path, name: node.name, count, isCollapsed: closed, ...place });
      if (!closed) walk(node.children, path, level + 1, 0);
    });
  };
  walk(nodes, '', 1, broken.length);
  broken.forEach((machine, index) => {
    const position = nodes.length + index + 1;
    const setSize = nodes.length + broken.length;
    rows.push({ kind: 'broken', key: brokenKey(machine.folder), machine, level: 1, position, setSize });
  });
  return rows;
}

export type DropZone = 'before' | 'into' | 'after';
/** Where moved rows go: beside or into a row, or to the end of the top level. */
export type DropTarget = { key: RowKey; zone: DropZone } | null;

/** Takes rows out of a tree and puts them where the target says. Null when a group would go into itself. */
export function move(nodes: readonly TreeNode[], keys: readonly RowKey[], target: DropTarget): TreeNode[] | null {
  const root = copy(nodes);
  const taken = take(root, '', new Set(keys));
  if (taken.length === 0) return null;
  if (target === null) {
    insert(root, root.children.length, taken);
    return pruned(root);
  }
  const place = find(root, '', target.key);
  // The target was itself moved, or lies in what is moved.
  if (!place) return null;
  const into = place.parent.children[place.index];
  if (target.zone === 'into' && into?.kind === 'group') insert(into, into.children.length, taken);
  else insert(place.parent, place.index + (target.zone === 'after' ? 1 : 0), taken);
  return pruned(root);
}

/** Puts rows into the group of that path, made where it does not exist; '' is the top level. */
export function moveToGroup(nodes: readonly TreeNode[], keys: readonly RowKey[], path: string): TreeNode[] | null {
  if (path === '') return move(nodes, keys, null);
  const moved = new Set(keys);
  if ([...moved].some((key) => key.startsWith('g:') && `${path}/`.startsWith(`${key.slice(2)}/`))) return null;
  const root = copy(nodes);
  const first = find(root, '', keys[0] ?? '');
  const isNew = !find(root, '', groupKey(path)) && !path.includes('/');
  const made: GroupNode = { kind: 'group', name: path, children: [] };
  // A new group at the top takes the place of the first row that goes into it, where that is at the top too.
  if (isNew && first?.parent === root) root.children.splice(first.index, 0, made);
  const taken = take(root, '', moved);
  if (taken.length === 0) return null;
  let parent = root;
  for (const part of path.split('/')) parent = childGroup(parent, part);
  insert(parent, parent.children.length, taken);
  return pruned(root);
}

/** One step up or down among its neighbours; null at the end. */
export function step(nodes: readonly TreeNode[], key: RowKey, direction: -1 | 1): TreeNode[] | null {
  const root = copy(nodes);
  const place = find(root, '', key);
  const node = place?.parent.children[place.index];
  const other = place?.parent.children[place.index + direction];
  if (!place || !node || !other) return null;
  place.parent.children[place.index] = other;
  place.parent.children[place.index + direction] = node;
  return root.children;
}

export function renameGroup(nodes: readonly TreeNode[], path: string, name: string): TreeNode[] {
  const root = copy(nodes);
  const place = find(root, '', groupKey(path));
  const node = place?.parent.children[place.index];
  if (!place || node?.kind !== 'group') return root.children;
  const other = place.parent.children.find((child) => child.kind === 'group' && child.name === name);
  if (other && other !== node && other.kind === 'group') {
    place.parent.children.splice(place.index, 1);
    insert(other, other.children.length, node.children);
  } else node.name = name;
  return root.children;
}

/** Its children take the group's place. */
export function ungroup(nodes: readonly TreeNode[], path: string): TreeNode[] {
  const root = copy(nodes);
  const place = find(root, '', groupKey(path));
  const node = place?.parent.children[place.index];
  if (!place || node?.kind !== 'group') return root.children;
  place.parent.children.splice(place.index, 1);
  insert(place.parent, place.index, node.children);
  return root.children;
}

/** Groups first, then machines, each by name, at every level. */
export function sorted(nodes: readonly TreeNode[]): TreeNode[] {
  const compare = new Intl.Collator(undefined, { numeric: true, sensitivity: 'base' }).compare;
  return nodes
    .map((node) => (node.kind === 'group' ? { ...node, children: sorted(node.children) } : node))
    .toSorted((a, b) => Number(b.kind === 'group') - Number(a.kind === 'group') || compare(a.name, b.name));
}

/** A name no group of the top level has. */
export function freeGroupName(nodes: readonly TreeNode[], wanted: string): string {
  const names = new Set(nodes.filter((node) => node.kind === 'group').map((node) => node.name));
  for (let number = 1; ; number++) {
    const name = number === 1 ? wanted : `${wanted} ${number}`;
    if (!names.has(name)) return name;
  }
}

function copy(nodes: readonly TreeNode[]): GroupNode {
  return { kind: 'group', name: '', children: structuredClone(nodes) as TreeNode[] };
}

function keyOf(node: TreeNode, parent: string): RowKey {
  return node.kind === 'machine' ? machineKey(node.id) : groupKey(pathOf(parent, node.name));
}

function find(group: GroupNode, path: string, key: RowKey): { parent: GroupNode; index: number } | null {
  for (const [index, node] of group.children.entries()) {
    if (keyOf(node, path) === key) return { parent: group, index };
    const below = node.kind === 'group' ? find(node, pathOf(path, node.name), key) : null;
    if (below) return below;
  }
  return null;
}

/** Removes the nodes of these keys (what lies in a removed group goes with it) and gives them in their order. */
function take(group: GroupNode, path: string, keys: ReadonlySet<RowKey>): TreeNode[] {
  const taken: TreeNode[] = [];
  group.children = group.children.filter((node) => {
    if (keys.has(keyOf(node, path))) {
      taken.push(node);
      return false;
    }
    if (node.kind === 'group') taken.push(...take(node, pathOf(path, node.name), keys));
    return true;
  });
  return taken;
}

/** Groups of a name that is already there are joined. */
function insert(parent: GroupNode, at: number, nodes: readonly TreeNode[]): void {
  let index = at;
  for (const node of nodes) {
    const known =
      node.kind === 'group' && parent.children.find((child) => child.kind === 'group' && child.name === node.name);
    if (known && node.kind === 'group' && known.kind === 'group') insert(known, known.children.length, node.children);
    else parent.children.splice(index++, 0, node);
  }
}

function pruned(root: GroupNode): TreeNode[] {
  const prune = (nodes: TreeNode[]): TreeNode[] =>
    nodes
      .map((node) => (node.kind === 'group' ? { ...node, children: prune(node.children) } : node))
      .filter((node) => node.kind === 'machine' || node.children.length > 0);
  return prune(root.children);
}
