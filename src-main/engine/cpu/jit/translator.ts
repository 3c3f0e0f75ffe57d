// Translates hot code of one vCPU: asked by the core when a block is hot, it grows a region, compiles it and puts it in the block's
// place. Keeps track of which regions contain which blocks, so that code which changes takes its regions with it.
import { OP_DEAD, OP_REGION } from '../core/ops.ts';
import { CELL_GENERATION, CELL_RIP_PAGE } from '../core/tables.ts';
import { BlockReader, HEADER_BYTES } from './block-reader.ts';
import { emitRegion } from './region-emitter.ts';
import { entryCount, growRegion, type Region } from './region-graph.ts';

/** Taken branches to a block before it is translated. */
export const HEAT = 1000;
/** Function table: the first indices are the core's own. */
const FIRST_INDEX = 64;
const MAX_REGIONS = 4000;
export const TABLE_SIZE: number = FIRST_INDEX + MAX_REGIONS;

export interface CoreForTranslator extends WebAssembly.ModuleImports {
  findBlock(page: number, offset: number, mode: number): number;
}

interface Installed {
  /** The block whose first entry leads to the region. */
  readonly block: number;
  readonly index: number;
  readonly parts: readonly number[];
}

export interface TranslatorStats {
  regions: number;
  bytes: number;
  entries: number;
  lost: number;
  compileMs: number;
}

export class Translator {
  readonly stats: TranslatorStats = { regions: 0, bytes: 0, entries: 0, lost: 0, compileMs: 0 };
  readonly #memory: WebAssembly.Memory;
  readonly #view: DataView;
  readonly #table: WebAssembly.Table;
  readonly #core: CoreForTranslator;
  readonly #reader: BlockReader;
  /** By block: the regions it is part of. */
  readonly #regionsOf = new Map<number, Set<Installed>>();
  readonly #installed = new Set<Installed>();
  readonly #freeIndices: number[] = [];
  #nextIndex = FIRST_INDEX;

  constructor(memory: WebAssembly.Memory, table: WebAssembly.Table, core: CoreForTranslator) {
    this.#memory = memory;
    this.#view = new DataView(memory.buffer);
    this.#table = table;
    this.#core = core;
    this.#reader = new BlockReader(memory);
  }

  /** The block whose first entry is at `entry` has become hot. */
  translate(entry: number): void {
    const address = entry - HEADER_BYTES;
    const startedAt = performance.now();
    const region = growRegion(address, {
      reader: this.#reader,
      findBlock: (page, offset, mode) => this.#core.findBlock(page, offset, mode),
      generation: this.#view.getUint32(CELL_GENERATION, true),
      ripPage: this.#view.getBigUint64(CELL_RIP_PAGE, true) >> 12n,
    });
    if (!region || this.#view.getUint16(entry, true) === OP_REGION) return;
    const index = this.#freeIndex();
    if (index === null) return;
    const bytes = emitRegion(region);
    const module = new WebAssembly.Module(bytes);
    const instance = new WebAssembly.Instance(module, {
      env: { memory: this.#memory },
      core: this.#core,
    });
    this.#table.set(index, instance.exports['region'] as () => number);
    this.#install(address, index, region);
    this.stats.regions++;
    this.stats.bytes += bytes.length;
    this.stats.entries += entryCount(region);
    this.stats.compileMs += performance.now() - startedAt;
  }

  /** The block is no longer valid. */
  lose(block: number): void {
    for (const installed of this.#regionsOf.get(block) ?? []) this.#remove(installed);
    this.#regionsOf.delete(block);
  }

  /** All blocks are gone. */
  flush(): void {
    for (const { index } of this.#installed) this.#release(index);
    this.#installed.clear();
    this.#regionsOf.clear();
  }

  #install(block: number, index: number, region: Region): void {
    const view = this.#view;
    const entry = block + HEADER_BYTES;
    view.setUint16(block + 26, view.getUint16(entry, true), true);
    view.setUint32(block + 28, index, true);
    view.setUint16(entry, OP_REGION, true);
    const parts = region.nodes.map((node) => node.block.address);
    const installed: Installed = { block, index, parts };
    this.#installed.add(installed);
    for (const part of parts) {
      view.setUint8(part + 19, 1);
      const regions = this.#regionsOf.get(part) ?? new Set();
      regions.add(installed);
      this.#regionsOf.set(part, regions);
    }
  }

  /** The core may just be running it: the function stays callable until then, since nothing looks it up any more. */
  #remove(installed: Installed): void {
    const view = this.#view;
    const entry = installed.block + HEADER_BYTES;
    if (view.getUint16(entry, true) === OP_REGION)
      view.setUint16(entry, view.getUint16(installed.block + 26, true), true);
    view.setUint32(installed.block + 28, 0, true);
    // It may become hot again, with its new neighbours.
    if (view.getUint16(entry, true) !== OP_DEAD) view.setUint16(installed.block + 24, HEAT, true);
    for (const part of installed.parts) this.#regionsOf.get(part)?.delete(installed);
    this.#installed.delete(installed);
    this.#release(installed.index);
    this.stats.lost++;
  }

  #release(index: number): void {
    this.#table.set(index, null);
    this.#freeIndices.push(index);
  }

  #freeIndex(): number | null {
    const free = this.#freeIndices.pop();
    if (free !== undefined) return free;
    return this.#nextIndex < TABLE_SIZE ? this.#nextIndex++ : null;
  }
}
