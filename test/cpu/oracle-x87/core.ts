// Compiles the x87 unit alone: the memory unit, the flags and the fault path are replaced by flat stand-ins, so that this
// test says something about x87/ only. Linear address n is byte n of guest RAM.
import { readFileSync } from 'node:fs';
import asc from 'assemblyscript/asc';
import * as layout from '../../../src-main/engine/cpu/core/layout.ts';

const CORE = 'src-main/engine/cpu/core';
const ENTRY = `${CORE}/x87-test-entry.ts`;

const accessors = [8, 16, 32, 64]
  .map((bits) => {
    const value = bits === 64 ? 'u64' : 'u32';
    return `export function ld${bits}(at: u64): ${value} { return load<u${bits}>(RAM + <usize>at); }
export function st${bits}(at: u64, value: ${value}): void { store<u${bits}>(RAM + <usize>at, value); }`;
  })
  .join('\n');

const replaced: Record<string, string> = {
  [ENTRY]: `export { x87Exec, x87Wait } from './x87/exec';
export * from './x87/state';
import { x87Exec } from './x87/exec';
export function repeat(opcode: u32, modrm: u32, linear: u64, count: i32): void {
  for (let i = 0; i < count; i++) x87Exec(opcode, modrm, linear, 4);
}`,
  [`${CORE}/mmu.ts`]: `const RAM: usize = ${layout.RAM_BASE};
${accessors}
export function ptrRead(at: u64, size: u32): usize { return RAM + <usize>at; }
export function ptrWrite(at: u64, size: u32): usize { return RAM + <usize>at; }
export function commitWrite(): void {}
export function probeRead(at: u64, size: u32): void {}
export function probeWrite(at: u64, size: u32): void {}`,
  [`${CORE}/fault.ts`]: `import { unwind } from './env';
export function raise(vector: u32): void { store<i32>(${layout.CPU_EXC_VECTOR}, vector); unwind(); }
export function raiseError(vector: u32, code: u32): void { raise(vector); }
export function unwindRecorded(): void { unwind(); }`,
  [`${CORE}/flags.ts`]: `export function getEflags(): u32 { return load<u32>(${layout.CPU_CC_SRC}); }
export function setEflagsArith(value: u32): void { store<u64>(${layout.CPU_CC_SRC}, value); }`,
};

export interface X87Core {
  readonly memory: DataView;
  /** Vector of the exception it raised, -1 if none (then it ran), -2 if it unwound without one. */
  exec(opcode: number, modrm: number, linear: number, opSize: number): number;
  wait(): number;
  call(name: string, ...args: (number | bigint)[]): number;
  readonly ferrCount: { value: number };
  readonly repeat: (opcode: number, modrm: number, linear: bigint, count: number) => void;
}

type Callable = (...args: (number | bigint)[]) => unknown;

export async function compileX87(): Promise<X87Core> {
  let binary: Uint8Array | undefined;
  const { error, stderr } = await asc.main(
    [
      ...[ENTRY, '--outFile', 'x87.wasm', '--runtime', 'stub', '--importMemory', '--sharedMemory'],
      ...[
        '--initialMemory',
        '2048',
        '--maximumMemory',
        '65536',
        '--memoryBase',
        '4096000',
        '--noAssert',
        '--use',
        'abort=',
      ],
      ...['--enable', 'simd', '--enable', 'threads', '--enable', 'bulk-memory', '--enable', 'sign-extension'],
      ...['--enable', 'nontrapping-f2i', '--optimizeLevel', '3', '--shrinkLevel', '0'],
    ],
    {
      readFile: (name: string) => {
        if (name in replaced) return replaced[name] ?? null;
        try {
          return readFileSync(name, 'utf8');
        } catch {
          return null;
        }
      },
      writeFile: (_name: string, contents: unknown) => {
        if (contents instanceof Uint8Array) binary = contents;
      },
      listFiles: () => [],
    },
  );
  if (error || !binary) throw new Error(`${stderr.toString()}\n${error?.message}`);
  const memory = new WebAssembly.Memory({ initial: 2048, maximum: 65536, shared: true });
  const unwound = new Error('unwind');
  const ferrCount = { value: 0 };
  const unused = (): number => 0;
  const env = {
    memory,
    unwind: () => {
      throw unwound;
    },
    ferr: () => {
      ferrCount.value++;
    },
  };
  const module = new WebAssembly.Module(binary as BufferSource);
  const wanted = Object.fromEntries(WebAssembly.Module.imports(module).map((entry) => [entry.name, unused]));
  const exports = new WebAssembly.Instance(module, { env: { ...wanted, ...env } }).exports as unknown as Record<
    string,
    Callable
  >;
  const view = new DataView(memory.buffer);
  const call = (name: string, ...args: (number | bigint)[]): number => {
    view.setInt32(layout.CPU_EXC_VECTOR, -1, true);
    try {
      exports[name]!(...args);
      return -1;
    } catch (thrown) {
      if (thrown !== unwound) throw thrown;
      const vector = view.getInt32(layout.CPU_EXC_VECTOR, true);
      return vector === -1 ? -2 : vector;
    }
  };
  resetState(view);
  return {
    memory: view,
    exec: (opcode, modrm, linear, opSize) => call('x87Exec', opcode, modrm, BigInt(linear), opSize),
    wait: () => call('x87Wait'),
    call,
    ferrCount,
    repeat: exports['repeat'] as X87Core['repeat'],
  };
}

/** 32-bit flat protected mode, CR0 = PE | MP | ET | NE. */
export function resetState(view: DataView): void {
  view.setBigUint64(layout.CPU_CR0, 0x33n, true);
  view.setBigUint64(layout.CPU_CR4, 0x600n, true);
  view.setUint32(layout.CPU_MODE, 0x89, true);
  view.setUint32(layout.CPU_FLAGS, 0x202, true);
}
