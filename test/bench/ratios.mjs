// ratios.mjs LOGS OURS PEER...: how many times faster we are than each peer, by benchmark and by group (geometric means of
// processor time: the peer's seconds over ours; above 1 is faster).
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const [logs, ours, ...peers] = process.argv.slice(2);
const groups = {
  processor: /^(int_|br_)/,
  memory: /^mem_/,
  'floating point, SIMD': /^(fp_|simd_)/,
  'kernel work': /^(sys_|ctx_|proc_|pf_)/,
  applications: /^bb_/,
  'boot to first process': /^boot$/,
};

/** Median processor seconds by benchmark. */
function read(configuration) {
  const times = new Map();
  for (const file of readdirSync(logs)) {
    if (!file.startsWith(`${configuration}.`)) continue;
    const text = readFileSync(join(logs, file), 'utf8');
    const found = [...text.matchAll(/^HOSTCPU (\S+) ([\d.]+) s$/gm)].map(([, name, seconds]) => [
      name,
      Number(seconds),
    ]);
    const boot = /^HOST userspace_cpu ([\d.]+) s$/m.exec(text);
    if (boot) found.push(['boot', Number(boot[1])]);
    for (const [name, seconds] of found) times.set(name, [...(times.get(name) ?? []), seconds]);
  }
  return new Map([...times].map(([name, list]) => [name, list.toSorted((a, b) => a - b)[list.length >> 1]]));
}

const mean = (ratios) =>
  ratios.length === 0 ? Number.NaN : Math.exp(ratios.reduce((sum, ratio) => sum + Math.log(ratio), 0) / ratios.length);
const show = (value) => (Number.isFinite(value) ? value.toFixed(2) : '-');
const mine = read(ours);
const theirs = peers.map(read);
const ratio = (name, peer) => peer.get(name) / mine.get(name);
const usable = (value) => Number.isFinite(value) && value > 0;

console.log(
  `\n| ${ours} is this many times as fast as | ${peers.join(' | ')} |\n|---|${peers.map(() => '---:').join('|')}|`,
);
for (const name of mine.keys())
  console.log(`| ${name} | ${theirs.map((peer) => show(ratio(name, peer))).join(' | ')} |`);
const means = (pattern) =>
  theirs.map((peer) =>
    show(
      mean(
        [...mine.keys()]
          .filter((name) => pattern.test(name))
          .map((name) => ratio(name, peer))
          .filter(usable),
      ),
    ),
  );
for (const [group, pattern] of Object.entries(groups)) console.log(`| **${group}** | ${means(pattern).join(' | ')} |`);
console.log(`| **all but boot** | ${means(/^(?!boot$)/).join(' | ')} |`);
