// The long part of `npm run check:full`: all tests with nothing left out, the random ones with many more cases. What cannot
// run on this computer (a guest image, a browser, another emulator) is listed at the end, and is a failure with --strict.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';

const isStrict = process.argv.includes('--strict');
const folder = mkdtempSync(join(tmpdir(), 'ospite-check-'));
const report = join(folder, 'report.json');
const { status } = spawnSync(
  process.execPath,
  ['node_modules/vitest/vitest.mjs', 'run', '--reporter=default', '--reporter=json', `--outputFile.json=${report}`],
  {
    stdio: 'inherit',
    env: { OSPITE_ORACLE_CASES: '10000000', ...process.env },
  },
);

const skipped = new Map();
for (const file of JSON.parse(readFileSync(report, 'utf8')).testResults) {
  const count = file.assertionResults.filter((test) => test.status === 'skipped' || test.status === 'pending').length;
  if (count > 0) skipped.set(relative('.', file.name), count);
}
rmSync(folder, { recursive: true, force: true });

if (skipped.size > 0) {
  console.log('\nNot run on this computer (the tests say why):');
  for (const [file, count] of skipped) console.log(`  ${String(count).padStart(4)}  ${file}`);
}
process.exit(status !== 0 ? (status ?? 1) : isStrict && skipped.size > 0 ? 1 : 0);
