// Chooses the blocks of a region and puts their flow into an order that WebAssembly's structured control flow can express: reverse
// postorder, dominators, loop headers [RAMSEY-2022]. Retreating edges that do not go to a dominator are left out: they become exits.
import type { Block, BlockReader, Entry } from './block-reader.ts';
import { isCall, isReturn, isTakenBranch } from './operations.ts';

const MAX_BLOCKS = 48;
const MAX_ENTRIES = 500;
const MAX_PAGES = 4;
/** Return sites that a RET inside the region is compared with. */
const MAX_RETURN_SITES = 4;

export interface Node {
  readonly block: Block;
  /** Its page's place relative to the region's first one, as the guest sees them. */
  readonly delta: number;
  /** By entry index: where a taken branch leads within the region. */
  readonly branches: Map<number, Node>;
  /** Where a return at the end may lead within the region. */
  returnSites: Node[];
  order: number;
  dominator: Node | null;
  isLoop: boolean;
  /** Several edges meet here. */
  isMerge: boolean;
  /** Nodes it immediately dominates. */
  children: Node[];
}

export interface Region {
  readonly entry: Node;
  readonly nodes: readonly Node[];
}

export interface GraphHost {
  reader: BlockReader;
  findBlock(page: number, offset: number, mode: number): number;
  generation: number;
  /** RIP of the entry block's page, lower 52 bits shifted down by 12, as links keep it. */
  ripPage: bigint;
}

/** Null for a block that cannot begin a region. */
export function growRegion(address: number, host: GraphHost): Region | null {
  const first = host.reader.read(address);
  if (!first || first.crossesPage) return null;
  const nodes = new Map<string, Node>();
  const pages = new Set<number>([first.page]);
  let entryCount = 0;
  const add = (block: Block, delta: number): Node | null => {
    const key = `${block.address}:${delta}`;
    const known = nodes.get(key);
    if (known) return known;
    const isFull = nodes.size >= MAX_BLOCKS || entryCount + block.entries.length > MAX_ENTRIES;
    if ((isFull && nodes.size > 0) || block.crossesPage || block.mode !== first.mode) return null;
    if (!pages.has(block.page) && pages.size >= MAX_PAGES) return null;
    pages.add(block.page);
    entryCount += block.entries.length;
    const node: Node = {
      block,
      delta,
      branches: new Map(),
      returnSites: [],
      order: -1,
      dominator: null,
      isLoop: false,
      isMerge: false,
      children: [],
    };
    nodes.set(key, node);
    queue.push(node);
    return node;
  };
  const queue: Node[] = [];
  const returnSites: Node[] = [];
  const entry = add(first, 0)!;
  for (let node = queue.shift(); node; node = queue.shift()) {
    const ripPageLow = Number(BigInt.asUintN(32, host.ripPage + (BigInt(node.delta) >> 12n)));
    node.block.entries.forEach((branch, index) => {
      if (!isTakenBranch(branch.op)) return;
      const link = host.reader.link(branch, ripPageLow, host.generation);
      const block = link && host.reader.read(link.address);
      const target = block && targetMatches(branch, block, link.delta) ? add(block, node.delta + link.delta) : null;
      if (!target) return;
      node.branches.set(index, target);
      if (isCall(branch.op)) addReturnSite(node, branch, host, add, returnSites);
    });
  }
  for (const node of nodes.values()) {
    if (isReturn(node.block.entries.at(-1)!.op)) node.returnSites = returnSites.slice(0, MAX_RETURN_SITES);
  }
  return arrange(entry);
}

/** A link may be that of an entry whose block has been built anew. */
function targetMatches(branch: Entry, block: Block, delta: number): boolean {
  return ((branch.value - delta) & 0xfff) === block.offset && branch.value - delta === block.offset;
}

function addReturnSite(
  node: Node,
  call: Entry,
  host: GraphHost,
  add: (block: Block, delta: number) => Node | null,
  returnSites: Node[],
): void {
  const offset = call.offset + call.length;
  if (offset >= 4096) return;
  const address = host.findBlock(node.block.page, offset, node.block.mode);
  const block = address === 0 ? null : host.reader.read(address);
  const site = block && add(block, node.delta);
  if (site && !returnSites.includes(site)) returnSites.push(site);
}

function successors(node: Node): Node[] {
  return [...node.branches.values(), ...node.returnSites];
}

function arrange(entry: Node): Region {
  dropRetreatingEdges(entry);
  const order = reversePostorder(entry);
  order.forEach((node, index) => {
    node.order = index;
  });
  findDominators(order);
  const incoming = new Map<Node, number>();
  for (const node of order) {
    for (const target of successors(node)) {
      if (target.order <= node.order) target.isLoop = true;
      else incoming.set(target, (incoming.get(target) ?? 0) + 1);
    }
  }
  for (const node of order) {
    node.isMerge = (incoming.get(node) ?? 0) > 1;
    node.dominator?.children.push(node);
  }
  return { entry, nodes: order };
}

function reversePostorder(entry: Node): Node[] {
  const seen = new Set<Node>();
  const order: Node[] = [];
  const visit = (node: Node): void => {
    seen.add(node);
    for (const target of successors(node)) if (!seen.has(target)) visit(target);
    order.push(node);
  };
  visit(entry);
  return order.reverse();
}

/** [COOPER-2001]: intersects predecessors' dominators until nothing changes. */
function findDominators(order: readonly Node[]): void {
  const predecessors = new Map<Node, Node[]>(order.map((node) => [node, []]));
  for (const node of order) for (const target of successors(node)) predecessors.get(target)!.push(node);
  const entry = order[0]!;
  entry.dominator = entry;
  for (let hasChanged = true; hasChanged; ) {
    hasChanged = false;
    for (const node of order.slice(1)) {
      const known = predecessors.get(node)!.filter((other) => other.dominator);
      const dominator = known.reduce((a, b) => meet(a, b));
      if (node.dominator !== dominator) {
        node.dominator = dominator;
        hasChanged = true;
      }
    }
  }
  entry.dominator = null;
}

function meet(a: Node, b: Node): Node {
  let left = a;
  let right = b;
  while (left !== right) {
    while (left.order > right.order) left = left.dominator!;
    while (right.order > left.order) right = right.dominator!;
  }
  return left;
}

/** Makes the flow reducible: an edge back to a node that does not dominate its source is taken out, until none is left. */
function dropRetreatingEdges(entry: Node): void {
  for (let isReducible = false; !isReducible; ) {
    isReducible = true;
    const order = reversePostorder(entry);
    order.forEach((node, index) => {
      node.order = index;
      node.dominator = null;
    });
    findDominators(order);
    for (const node of order) {
      for (const [index, target] of node.branches)
        if (target.order <= node.order && !dominates(target, node)) {
          node.branches.delete(index);
          isReducible = false;
        }
      const kept = node.returnSites.filter((site) => site.order > node.order || dominates(site, node));
      if (kept.length !== node.returnSites.length) isReducible = false;
      node.returnSites = kept;
    }
  }
}

function dominates(upper: Node, lower: Node): boolean {
  for (let node: Node | null = lower; node; node = node.dominator) if (node === upper) return true;
  return false;
}

/** Number of entries that the region covers, for statistics. */
export function entryCount(region: Region): number {
  return region.nodes.reduce((sum, { block }) => sum + block.entries.length, 0);
}
