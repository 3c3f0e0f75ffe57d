// Compiles the processor core (AssemblyScript) to dist/core.wasm, only when a source is newer. `--debug` skips the optimizer and keeps names.
import { mkdirSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import asc from 'assemblyscript/asc';

const source = 'src-main/engine/cpu/core';
const target = 'dist/core.wasm';
const isDebug = process.argv.includes('--debug');

function newestSource(folder) {
  let newest = 0;
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    newest = Math.max(newest, entry.isDirectory() ? newestSource(path) : statSync(path).mtimeMs);
  }
  return newest;
}

const built = statSync(target, { throwIfNoEntry: false })?.mtimeMs ?? 0;
if (
  !process.argv.includes('--force') &&
  built > Math.max(newestSource(source), statSync('scripts/build-core.mjs').mtimeMs)
)
  process.exit(0);

mkdirSync('dist', { recursive: true });
const options = [
  `${source}/main.ts`,
  '--outFile',
  target,
  '--runtime',
  'stub',
  '--importMemory',
  '--sharedMemory',
  '--importTable',
  '--initialMemory',
  '2048',
  '--maximumMemory',
  '65536',
  '--memoryBase',
  '4096000',
  '--enable',
  'simd',
  '--enable',
  'threads',
  '--enable',
  'bulk-memory',
  '--enable',
  'sign-extension',
  '--enable',
  'nontrapping-f2i',
  '--noAssert',
  // A global that is constant to us is mutable to the compiler: not worth a page of warnings.
  '--disableWarning',
  '112',
  '--use',
  'abort=',
  ...(isDebug ? ['--debug'] : ['--optimizeLevel', '3', '--shrinkLevel', '0']),
];
const { error, stderr } = await asc.main(options);
if (error) {
  process.stderr.write(`${stderr.toString()}\n${error.message}\n`);
  process.exit(1);
}
