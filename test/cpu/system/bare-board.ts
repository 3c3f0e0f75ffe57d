// The least machine that runs a system test image: 16 MiB of RAM, the ROM at F0000 and below 4 GiB, a debug console at port
// 0x402 and an exit port 0xf4. The same image runs under QEMU with isa-debugcon and isa-debug-exit.
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { INTR_EXIT, PAGE_BACKED, PAGE_WRITABLE, RAM_BASE } from '../../../src-main/engine/cpu/core/layout.ts';
import { buildCpuid, type CpuidOptions, writeCpuid } from '../../../src-main/engine/cpu/cpuid-model.ts';
import { SoftwareCpu } from '../../../src-main/engine/cpu/software-cpu.ts';

const ramBytes = 16 << 20;
const romBytes = 0x10000;
const folder = import.meta.dirname;

export interface ImageResult {
  lines: string[];
  /** How it ended: the exit port, a shutdown, or out of patience. */
  end: 'exit' | 'shutdown' | 'timeout';
}

export function hasProgram(name: string): boolean {
  return spawnSync(name, ['--version'], { stdio: 'ignore' }).status === 0;
}

/** Assembles `name`.S into a 64 KiB ROM; returns its path. */
export function assemble(name: string): string {
  const target = mkdtempSync(join(tmpdir(), 'ospite-system-'));
  const object = join(target, `${name}.o`);
  const image = join(target, `${name}.bin`);
  execFileSync('as', ['--64', '-I', folder, '-o', object, join(folder, `${name}.S`)]);
  execFileSync('ld', [
    '-m',
    'elf_x86_64',
    '-Ttext',
    '0x10000',
    '-e',
    '0x10000',
    '--oformat',
    'binary',
    '-o',
    image,
    object,
  ]);
  return image;
}

export function runUnderQemu(image: string, cpu: string): ImageResult {
  const run = spawnSync(
    'qemu-system-x86_64',
    [
      ...['-M', 'pc', '-accel', 'tcg', '-cpu', cpu, '-m', '16', '-display', 'none', '-nodefaults', '-no-reboot'],
      ...['-bios', image, '-debugcon', 'stdio', '-global', 'isa-debugcon.iobase=0x402'],
      ...['-device', 'isa-debug-exit,iobase=0xf4'],
    ],
    { timeout: 30_000, encoding: 'latin1' },
  );
  // isa-debug-exit leaves with twice the value plus one; a triple fault under -no-reboot with zero.
  const end = run.status === 1 ? 'exit' : run.status === 0 ? 'shutdown' : 'timeout';
  return { lines: splitLines(run.stdout), end };
}

export function runOnCore(core: WebAssembly.Module, image: string, cpuid: CpuidOptions): ImageResult {
  const memory = new WebAssembly.Memory({ initial: 2048, maximum: 65536, shared: true });
  let text = '';
  let hasExited = false;
  let taskPriority = 0;
  const cpu: SoftwareCpu = new SoftwareCpu(core, memory, {
    portIn: (_port, size) => 0xffffffff >>> (32 - size * 8),
    portOut: (port, _size, value) => {
      if (port === 0x402) text += String.fromCharCode(value & 0xff);
      else if (port === 0xf4) {
        hasExited = true;
        cpu.raise(INTR_EXIT);
      }
    },
    mmioRead: (_gpa, size) => 0xffffffff >>> (32 - size * 8),
    mmioWrite: () => {},
    acknowledgeInterrupt: () => -1,
    tscNow: () => cpu.instructionCount,
    readMsr: () => undefined,
    writeMsr: () => false,
    readTpr: () => taskPriority,
    writeTpr: (value) => {
      taskPriority = value;
    },
    random: () => 4,
    signalFerr: () => {},
    hypercall: () => -1,
  });
  const ramPages = ramBytes >> 12;
  const romStart = RAM_BASE + ramBytes;
  new Uint8Array(memory.buffer).set(readFileSync(image), romStart);
  cpu.setPages(0, ramPages, RAM_BASE, PAGE_BACKED | PAGE_WRITABLE);
  cpu.setPages(0xf0000, romBytes >> 12, romStart, PAGE_BACKED);
  cpu.setPages(0xffff0000, romBytes >> 12, romStart, PAGE_BACKED);
  writeCpuid(memory.buffer, buildCpuid(cpuid), 0);
  cpu.setA20(true);
  cpu.reset();
  let end: ImageResult['end'] = 'timeout';
  for (let slices = 0; slices < 200 && end === 'timeout'; slices++) {
    const exit = cpu.run(100_000);
    if (hasExited) end = 'exit';
    else if (exit === 'shutdown') end = 'shutdown';
    else if (exit === 'halt') break;
  }
  return { lines: splitLines(text), end };
}

function splitLines(text: string): string[] {
  return text.replace(/\n$/, '').split('\n');
}
