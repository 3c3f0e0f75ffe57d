// Makes batches of random cases from a seed.
import { type Batch, type CaseNotes, type Mode, RECORD_SIZE } from './case-format.ts';
import type { CaseKind } from './case-kind.ts';
import { CaseBuilder } from './encoder.ts';
import { Random } from './random.ts';

/** One entry per unit of weight, so that picking an element picks by weight. */
function byWeight(kinds: readonly CaseKind[], mode: Mode): CaseKind[] {
  const list: CaseKind[] = [];
  for (const kind of kinds) if (kind.modes.includes(mode)) for (let i = 0; i < kind.weight; i++) list.push(kind);
  return list;
}

/** Batch number `index` of a run: depends on nothing but the arguments. */
export function makeBatch(kinds: readonly CaseKind[], mode: Mode, seed: number, index: number, count: number): Batch {
  const random = new Random(Math.imul(seed, 0x01000193) ^ Math.imul(index + 1, 0x9e3779b1) ^ mode);
  const list = byWeight(kinds, mode);
  const buffer = new ArrayBuffer(count * RECORD_SIZE);
  const notes: CaseNotes[] = [];
  for (let i = 0; i < count; i++) {
    const kind = random.pick(list);
    const builder = new CaseBuilder(mode, random, buffer, i);
    kind.make(builder);
    notes.push({ name: kind.name, undefinedFlags: builder.undefinedFlags, tolerance: builder.tolerance });
  }
  return { mode, count, buffer, notes };
}
