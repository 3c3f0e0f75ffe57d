// `npm run bench`: the benchmark guests under Ospite, QEMU and v86 in turn, round by round, so that other load on the machine falls on
// all of them alike; then medians and ratios of processor time. The kit that builds and runs the guests lies outside the
// project: OSPITE_BENCH_KIT names its folder, OSPITE_GUESTS the guests (bench/...), V86_DIR the unpacked v86 package.
//   npm run bench -- [--rounds N] [--logs FOLDER] [CONFIGURATION...]       ospite32int v86nojit qemu32 ospite64int qemu64 ...
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';

const { values, positionals } = parseArgs({
  options: { rounds: { type: 'string', default: '3' }, logs: { type: 'string', default: '.cache/bench-logs' } },
  allowPositionals: true,
});
const kit = resolve(process.env.OSPITE_BENCH_KIT ?? '../shared/bench');
const guests = resolve(process.env.OSPITE_GUESTS ?? '.cache/guests', 'bench');
for (const [path, what] of [
  [join(kit, 'measure.sh'), 'the benchmark kit; set OSPITE_BENCH_KIT to its folder'],
  [join(guests, 'i386', 'vmlinuz'), 'the benchmark guests; make them with the kit and set OSPITE_GUESTS'],
]) {
  if (existsSync(path)) continue;
  process.stderr.write(`bench: ${path} is missing: ${what}\n`);
  process.exit(1);
}
const logs = resolve(values.logs);
mkdirSync(logs, { recursive: true });
const configurations =
  positionals.length > 0 ? positionals : ['ospite32int', 'v86nojit', 'qemu32', 'ospite64int', 'qemu64'];
const measured = spawnSync(join(kit, 'measure.sh'), [guests, logs, values.rounds, ...configurations], {
  stdio: 'inherit',
  env: { ...process.env, OSPITE_DIR: process.cwd() },
});
if (measured.status !== 0) process.exit(measured.status ?? 1);
const summary = spawnSync(process.execPath, [join(kit, 'summarize.mjs'), logs, ...configurations], {
  stdio: 'inherit',
});
if (summary.status !== 0) process.exit(summary.status ?? 1);
spawnSync(
  process.execPath,
  [new URL('ratios.mjs', import.meta.url).pathname, logs, configurations[0], ...configurations.slice(1)],
  { stdio: 'inherit' },
);
