// The benchmark guest, from direct boot to power-off, with all of its results.
import { describe, expect, it } from 'vitest';
import { GUEST_LIMIT_MS, GuestRun } from './guest-run.ts';
import { benchGuest, skipReason } from './guests.ts';

/** Fewer results than this means that part of the guest's list was lost. */
const LEAST_RESULTS = 33;

interface LinuxBenchOptions {
  accelerator: 'interpreter' | 'jit';
  /** Beginnings of names of the guest's benchmarks; all when empty. */
  only: readonly string[];
}

export function testLinuxBench(
  name: string,
  options: LinuxBenchOptions = { accelerator: 'interpreter', only: [] },
): void {
  const { accelerator, only } = options;
  const guest = benchGuest(name);
  describe(`Linux ${name} on the ${accelerator}`, () => {
    it.skipIf(!guest)(
      guest ? 'boots, prints all its results and powers off' : `skipped: ${skipReason(`bench/${name}`)}`,
      async () => {
        const { kernel, initrd } = guest!;
        const run = await GuestRun.start({
          accelerator,
          directBoot: {
            kernel,
            initrd,
            append: `console=ttyS0 quiet panic=-1 BENCH_MODE=cpu BENCH_SCALE=1 BENCH_ONLY=${only.join(',')}`,
          },
        });
        try {
          const end = await run.untilEnd();
          const started = [...run.serial.matchAll(/^MARK (\S+) start/gm)].map((match) => match[1]);
          const results = [...run.serial.matchAll(/^BENCH (\S+) [\d.]+ \S+/gm)].map((match) => match[1]);
          expect(end.reason).toBe('poweredOff');
          expect(run.serial).toMatch(/MARK done/);
          expect(run.serial).not.toMatch(/^ERROR|Oops|BUG:|segfault|Call Trace/m);
          expect(results).toEqual(started);
          if (only.length > 0) expect(results).toEqual(expect.arrayContaining([...only]));
          else expect(results.length).toBeGreaterThanOrEqual(LEAST_RESULTS);
        } finally {
          await run.stop();
        }
      },
      GUEST_LIMIT_MS,
    );
  });
}
