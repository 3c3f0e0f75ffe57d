// The x87 unit against the host's processor: random states per instruction, all results compared. OSPITE_ORACLE_CASES sets the
// number of states per instruction (default 100), OSPITE_ORACLE_SEED the seed, OSPITE_ORACLE_ONLY a name's start.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { X87Core } from './oracle-x87/core.ts';
import { compileX87 } from './oracle-x87/core.ts';
import { instructions } from './oracle-x87/instructions.ts';
import { buildNative, describeCase, judge, makeBatch, runNative, runUnit } from './oracle-x87/oracle.ts';
import { createRandom } from './oracle-x87/random-state.ts';

const cases = Number(process.env['OSPITE_ORACLE_CASES'] ?? 100);
const seed = Number(process.env['OSPITE_ORACLE_SEED'] ?? 1);
const only = process.env['OSPITE_ORACLE_ONLY'];
const native = buildNative();

describe.skipIf(!native)('x87 against the host processor (needs gcc and an x86-64 host)', () => {
  let core: X87Core;
  beforeAll(async () => {
    core = await compileX87();
  });
  afterAll(() => native?.dispose());

  it('agrees on every instruction', { timeout: 3_600_000 }, () => {
    const random = createRandom(seed);
    const failures: string[] = [];
    const perInstruction = new Map<string, { run: number; wrong: number; oneOff: number }>();
    for (const instruction of instructions.filter((one) => !only || one.name.startsWith(only))) {
      const tally = { run: 0, wrong: 0, oneOff: 0 };
      perInstruction.set(`${instruction.name} ${instruction.opcode.toString(16)}`, tally);
      for (let left = cases; left > 0; left -= 20_000) {
        for (const one of runNative(native!.path, makeBatch(random, [instruction], Math.min(left, 20_000)))) {
          const verdict = judge(one, runUnit(core, one));
          tally.run++;
          if (verdict.isInexactMatch) tally.oneOff++;
          if (!verdict.problems.length) continue;
          if (tally.wrong++ < 3) failures.push(`${describeCase(one)}\n    ${verdict.problems.join('\n    ')}`);
        }
      }
    }
    const report = [...perInstruction].filter(([, tally]) => tally.oneOff || tally.wrong);
    for (const [name, tally] of report)
      console.log(`${name}: ${tally.run} run, ${tally.oneOff} one unit off, ${tally.wrong} wrong`);
    expect(failures.slice(0, Number(process.env['OSPITE_ORACLE_SHOW'] ?? 30)).join('\n')).toBe('');
  });
});
