// System behaviour of the processor core: each image (a .S file here) prints what it observes; what a real processor prints
// stands in NAME.expected. A line "qemu: ..." there tells what QEMU's translator, which leaves out some checks, prints in
// place of the line before it; so the images themselves are verified under QEMU wherever it is installed.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { CpuidOptions } from '../../../src-main/engine/cpu/cpuid-model.ts';
import { assemble, hasProgram, type ImageResult, runOnCore, runUnderQemu } from './bare-board.ts';

interface SystemImage {
  readonly name: string;
  readonly end: ImageResult['end'];
  /** Null: QEMU leaves out what this image is about. */
  readonly qemuCpu: string | null;
  readonly cpuid: CpuidOptions;
}

const images: readonly SystemImage[] = [
  { name: 'real', end: 'exit', qemuCpu: 'qemu64', cpuid: {} },
  { name: 'protected', end: 'exit', qemuCpu: 'qemu64', cpuid: {} },
  { name: 'tasks', end: 'exit', qemuCpu: 'qemu64', cpuid: {} },
  { name: 'paging', end: 'exit', qemuCpu: 'qemu64', cpuid: {} },
  { name: 'long', end: 'exit', qemuCpu: 'qemu64', cpuid: {} },
  { name: 'triple', end: 'shutdown', qemuCpu: 'qemu64', cpuid: {} },
  { name: 'strict', end: 'exit', qemuCpu: null, cpuid: {} },
];

const coreFile = process.env['OSPITE_CORE'] ?? join(import.meta.dirname, '../../../dist/core.wasm');
const canAssemble = hasProgram('as') && hasProgram('ld');
const hasQemu = hasProgram('qemu-system-x86_64');

function expectedLines(name: string, isQemu: boolean): string[] {
  const result: string[] = [];
  for (const line of readFileSync(join(import.meta.dirname, `${name}.expected`), 'utf8')
    .trimEnd()
    .split('\n')) {
    if (!line.startsWith('qemu: ')) result.push(line);
    else if (isQemu) result[result.length - 1] = line.slice(6);
  }
  return result;
}

// Needs GNU as and ld (binutils).
describe.skipIf(!canAssemble)('system images', () => {
  let core: WebAssembly.Module;
  beforeAll(async () => {
    core = await WebAssembly.compile(readFileSync(coreFile));
  });

  describe.each(images)('$name', ({ name, end, qemuCpu, cpuid }) => {
    let file: string;
    beforeAll(() => {
      file = assemble(name);
    });

    it('does on the core what a processor does', () => {
      expect(runOnCore(core, file, cpuid)).toEqual({ lines: expectedLines(name, false), end });
    });

    it.skipIf(!hasQemu || qemuCpu === null)('is itself verified under QEMU', () => {
      expect(runUnderQemu(file, qemuCpu ?? '')).toEqual({ lines: expectedLines(name, true), end });
    });
  });
});
