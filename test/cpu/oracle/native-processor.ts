// Builds native/runner.c with the host's compiler and runs batches in it.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Batch, type Mode, type Processor, RECORD_SIZE } from './case-format.ts';

const source = fileURLToPath(new URL('native/runner.c', import.meta.url));

/** The compiled runner's path, or the reason why there is none. */
function build(mode: Mode): { path: string } | { reason: string } {
  if (process.arch !== 'x64' || process.platform !== 'linux')
    return { reason: 'the oracle needs an x86-64 Linux host' };
  const text = readFileSync(source);
  const folder = join(tmpdir(), 'ospite-oracle');
  const path = join(folder, `runner-${mode}-${createHash('sha256').update(text).digest('hex').slice(0, 16)}`);
  if (existsSync(path)) return { path };
  mkdirSync(folder, { recursive: true });
  const draft = `${path}.${process.pid}`;
  const made = spawnSync('gcc', [`-m${mode}`, '-O1', '-mno-red-zone', '-o', draft, source], { encoding: 'utf8' });
  if (made.error) return { reason: `gcc does not start: ${made.error.message}` };
  if (made.status !== 0) return { reason: `gcc -m${mode} fails: ${made.stderr.trim().split('\n')[0]}` };
  renameSync(draft, path);
  return { path };
}

class NativeProcessor implements Processor {
  readonly #path: string;
  constructor(path: string) {
    this.#path = path;
  }
  run(batch: Batch): ArrayBuffer {
    const size = batch.count * RECORD_SIZE;
    const input = Buffer.concat([
      Buffer.from(new Uint32Array([batch.count]).buffer),
      Buffer.from(batch.buffer, 0, size),
    ]);
    const done = spawnSync(this.#path, [], { input, maxBuffer: size + 4096 });
    if (done.status !== 0 || done.stdout.length !== size) {
      const dump = join(tmpdir(), 'ospite-oracle', 'failed-batch.bin');
      writeFileSync(dump, input);
      throw new Error(
        `native runner: status ${done.status}, signal ${done.signal}, ${done.stdout.length} of ${size} bytes; batch kept in ${dump}`,
      );
    }
    return done.stdout.buffer.slice(done.stdout.byteOffset, done.stdout.byteOffset + size) as ArrayBuffer;
  }
}

export function openNativeProcessor(mode: Mode): { processor: Processor } | { reason: string } {
  const built = build(mode);
  return 'path' in built ? { processor: new NativeProcessor(built.path) } : built;
}
