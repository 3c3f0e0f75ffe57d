// The host's own processor against the core: the same instructions with the same operands, one at a time, in 64-bit and 32-bit
// user mode; registers, flags, memory, MXCSR and exceptions must agree. OSPITE_ORACLE_CASES sets how many cases, OSPITE_ORACLE_SEED
// which ones.

import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { type Batch, CaseRecord, type Mode, type Processor } from './case-format.ts';
import type { CaseKind } from './case-kind.ts';
import { compareBatch, describeCase, type Mismatch } from './compare.ts';
import { controlCases } from './control-cases.ts';
import { CoreProcessor, defaultCr0, defaultCr4 } from './core-processor.ts';
import { makeBatch } from './generator.ts';
import { integerCases } from './integer-cases.ts';
import { openNativeProcessor } from './native-processor.ts';
import { sequenceCases } from './sequence-cases.ts';
import { simdCases } from './simd-cases.ts';

const totalCases = Number(process.env['OSPITE_ORACLE_CASES'] ?? 240_000);
/** Each block of these is translated before it runs, which takes a hundred times as long. */
const translatedCases = Number(process.env['OSPITE_ORACLE_TRANSLATED'] ?? Math.ceil(totalCases / 20));
const seed = Number(process.env['OSPITE_ORACLE_SEED'] ?? 1);
const batchSize = 4000;
/** Mismatches shown in full. */
const shownLimit = 8;
const corePath = process.env['OSPITE_CORE'] ?? fileURLToPath(new URL('../../../dist/core.wasm', import.meta.url));

const allInteger = [...integerCases, ...controlCases];

const suites: readonly { name: string; kinds: readonly CaseKind[]; mode: Mode; share: number }[] = [
  { name: 'integer', kinds: allInteger, mode: 64, share: 0.25 },
  { name: 'SIMD', kinds: simdCases, mode: 64, share: 0.25 },
  { name: 'sequence', kinds: sequenceCases, mode: 64, share: 0.1 },
  { name: 'integer', kinds: allInteger, mode: 32, share: 0.2 },
  { name: 'SIMD', kinds: simdCases, mode: 32, share: 0.12 },
  { name: 'sequence', kinds: sequenceCases, mode: 32, share: 0.08 },
];

function report(batch: Batch, batchIndex: number, mismatch: Mismatch): string {
  const where = `seed ${seed}, batch ${batchIndex}, case ${mismatch.index}`;
  const input = new CaseRecord(batch.buffer, mismatch.index);
  return `${describeCase(batch.mode, mismatch.notes, input)}\n  (${where})\n  ${mismatch.differences.join('\n  ')}`;
}

/** Runs `count` cases on both; the reports of those that differ. */
function hunt(
  native: Processor,
  core: Processor,
  kinds: readonly CaseKind[],
  mode: Mode,
  count: number,
): { failed: number; shown: string[] } {
  let failed = 0;
  const shown: string[] = [];
  for (let index = 0; index * batchSize < count; index++) {
    const batch = makeBatch(kinds, mode, seed, index, Math.min(batchSize, count - index * batchSize));
    for (const mismatch of compareBatch(batch, native.run(batch), core.run(batch))) {
      failed++;
      if (shown.length < shownLimit) shown.push(report(batch, index, mismatch));
    }
  }
  return { failed, shown };
}

describe(`host processor oracle (seed ${seed})`, () => {
  for (const { name, kinds, mode, share } of suites) {
    for (const [runner, heat, total] of [
      ['interpreter', 0, totalCases],
      ['translator', 1, translatedCases],
    ] as const) {
      const count = Math.ceil(total * share);
      it(`agrees with the ${runner} on ${count} ${name} cases in ${mode}-bit mode`, {
        timeout: 60_000 + count * 20,
      }, (context) => {
        const native = openNativeProcessor(mode);
        if ('reason' in native) return context.skip(native.reason);
        const { failed, shown } = hunt(
          native.processor,
          new CoreProcessor(corePath, defaultCr0, defaultCr4, heat),
          kinds,
          mode,
          count,
        );
        expect(failed, `${failed} of ${count} cases differ (seed ${seed})\n${shown.join('\n')}`).toBe(0);
      });
    }
  }

  it('sees a difference where there is one', (context) => {
    const native = openNativeProcessor(64);
    if ('reason' in native) return context.skip(native.reason);
    const batch = makeBatch(allInteger, 64, seed, 0, 50);
    const expected = native.processor.run(batch);
    const broken = expected.slice(0);
    const at = new CaseRecord(broken, 7);
    at.setGpr(3, at.gpr(3) ^ 1n);
    expect(compareBatch(batch, expected, broken).map((m) => m.index)).toEqual([7]);
  });
});
