// The translator against the interpreter on random programs with loops, calls, returns, updates in memory, instructions that
// only the core runs, and code that changes itself: both must end with the same registers, flags, memory and instruction count.
import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import * as layout from '../../src-main/engine/cpu/core/layout.ts';
import { buildCpuid, writeCpuid } from '../../src-main/engine/cpu/cpuid-model.ts';
import { SoftwareCpu } from '../../src-main/engine/cpu/software-cpu.ts';
import { Random } from '../harness/random.ts';
import { emptyBoard } from './oracle/core-processor.ts';

const CORE = new URL('../../dist/core.wasm', import.meta.url);
const RAM_BYTES = 0x400000;
const CODE = 0x10000;
/** Functions that the program calls, in a page of their own. */
const FUNCTIONS = 0x12000;
const DATA = 0x20000;
const DATA_BYTES = 0x2000;
const STACK = 0x30000;
const HEAT = 3;
const seeds = Number(process.env['OSPITE_TRANSLATOR_PROGRAMS'] ?? 60);

/** A processor in flat 32-bit protected mode without paging, or in 64-bit mode with the first 4 MiB mapped to themselves. */
class Bench {
  readonly cpu: SoftwareCpu;
  readonly bytes: Uint8Array;
  readonly view: DataView;

  constructor(is64: boolean, heat: number) {
    const pages = Math.max((layout.RAM_BASE + RAM_BYTES) / 0x10000, 2048);
    const memory = new WebAssembly.Memory({ initial: pages, maximum: 65_536, shared: true });
    this.cpu = new SoftwareCpu(new WebAssembly.Module(readFileSync(CORE)), memory, emptyBoard, { heat });
    this.bytes = new Uint8Array(memory.buffer);
    this.view = new DataView(memory.buffer);
    this.cpu.setPages(0, RAM_BYTES / 0x1000, layout.RAM_BASE, layout.PAGE_BACKED | layout.PAGE_WRITABLE);
    writeCpuid(memory.buffer, buildCpuid(), 0);
    this.cpu.reset();
    const access = is64 ? 0xa09b : 0xc09b;
    for (const [index, rights] of [
      [layout.CS, access],
      [layout.SS, 0xc093],
      [layout.DS, 0xc093],
      [layout.ES, 0xc093],
    ] as const) {
      const at = layout.CPU_SEG + index * layout.SEG_STRIDE;
      this.view.setBigUint64(at + layout.SEG_BASE, 0n, true);
      this.view.setUint32(at + layout.SEG_LIMIT, 0xffffffff, true);
      this.view.setUint32(at + layout.SEG_ACCESS, rights, true);
    }
    if (is64) this.#longMode();
    else this.view.setBigUint64(layout.CPU_CR0, 0x31n, true);
    this.view.setBigUint64(layout.CPU_CR4, is64 ? 0x6a0n : 0x600n, true);
    this.cpu.reloadState();
  }

  #longMode(): void {
    const put = (physical: number, value: bigint): void =>
      this.view.setBigUint64(layout.RAM_BASE + physical, value, true);
    put(0x1000, 0x2003n);
    put(0x2000, 0x3003n);
    for (let index = 0; index < 2; index++) put(0x3000 + index * 8, BigInt(index * 0x200000) | 0x83n);
    this.view.setBigUint64(layout.CPU_CR0, 0x80050033n, true);
    this.view.setBigUint64(layout.CPU_CR3, 0x1000n, true);
    this.view.setBigUint64(layout.CPU_EFER, 0xd00n, true);
  }

  load(address: number, code: readonly number[]): void {
    this.bytes.set(code, layout.RAM_BASE + address);
  }

  /** Until HLT. */
  run(): string {
    for (let turn = 0; turn < 1000; turn++) {
      const exit = this.cpu.run(10_000);
      if (exit !== 'budget') return exit;
    }
    return 'endless';
  }

  state(): Record<string, unknown> {
    return {
      registers: Array.from({ length: 16 }, (_, index) => this.cpu.register(index).toString(16)),
      rip: this.cpu.rip.toString(16),
      eflags: this.cpu.eflags.toString(16),
      instructions: this.cpu.instructionCount,
      vectors: Buffer.from(this.bytes.subarray(layout.CPU_XMM, layout.CPU_XMM + 16 * layout.XMM_STRIDE)).toString(
        'hex',
      ),
      data: checksum(this.bytes.subarray(layout.RAM_BASE + DATA, layout.RAM_BASE + DATA + DATA_BYTES)),
      stack: checksum(this.bytes.subarray(layout.RAM_BASE + STACK - 0x1000, layout.RAM_BASE + STACK)),
    };
  }
}

function checksum(bytes: Uint8Array): string {
  let sum = 0;
  for (const byte of bytes) sum = (Math.imul(sum, 31) + byte) >>> 0;
  return sum.toString(16);
}

const dword = (value: number): number[] => [value & 255, (value >> 8) & 255, (value >> 16) & 255, (value >> 24) & 255];

/** Makes instructions. EBX, ESI and EBP point into the data; ECX counts the outer loop, EDI an inner one; ESP is the stack. */
class ProgramMaker {
  readonly #random: Random;
  readonly #is64: boolean;

  constructor(seed: number, is64: boolean) {
    this.#random = new Random(seed);
    this.#is64 = is64;
  }

  /** Registers that may be overwritten: EAX, EDX, and R8 to R11 in 64-bit code. */
  #target(): { rex: number; bits: number } {
    const choice = this.#random.below(this.#is64 ? 6 : 2);
    return choice < 2 ? { rex: 0, bits: choice * 2 } : { rex: 1, bits: choice - 2 };
  }

  #wide(rexBits: number): number[] {
    if (!this.#is64) return [];
    const rex = 0x40 | rexBits | (this.#random.below(2) << 3);
    return rex === 0x40 ? [] : [rex];
  }

  /** ModRM of [EBX|ESI|EBP + small displacement] with `reg`. */
  #memory(reg: number): number[] {
    const base = this.#random.pick([3, 6, 5]);
    return [0x80 | (reg << 3) | base, ...dword(this.#random.below(0xe00))];
  }

  instruction(): number[] {
    const random = this.#random;
    const { rex, bits } = this.#target();
    const source = random.below(8) & 7;
    const registers = (reg: number, rm: number): number => 0xc0 | (reg << 3) | rm;
    switch (random.below(26)) {
      case 0:
        return [...this.#wide(rex), random.below(8) * 8 + 1, registers(source === 4 ? 0 : source, bits)];
      case 1:
        return [...this.#wide(rex << 2), random.below(8) * 8 + 3, ...this.#memory(bits)];
      case 2:
        return [...this.#wide(0), random.below(8) * 8 + 1, ...this.#memory(random.pick([0, 2]))];
      case 3:
        return [...this.#wide(rex), 0x81, registers(random.below(8), bits), ...dword(random.value())];
      case 4:
        return [...this.#wide(rex), 0xc1, registers(random.pick([0, 1, 4, 5, 7]), bits), random.below(40)];
      case 5:
        return [...this.#wide(rex), 0xd3, registers(random.pick([4, 5, 7]), bits)];
      case 6:
        return [...this.#wide(rex << 2), 0x0f, random.pick([0xb6, 0xb7, 0xbe, 0xbf]), ...this.#memory(bits)];
      case 7:
        return [...this.#wide(rex << 2), 0x0f, 0xaf, ...this.#memory(bits)];
      case 8:
        return [0x0f, 0x90 + random.below(16), registers(0, random.pick([0, 2, 4, 6]) % (this.#is64 ? 4 : 8))];
      case 9:
        return [...this.#wide(rex << 2), 0x0f, 0x40 + random.below(16), ...this.#memory(bits)];
      case 10:
        return [0x50 + random.pick([0, 2]), 0x58 + random.pick([0, 2])];
      case 11:
        return this.#is64
          ? [...this.#wide(rex), 0xff, registers(random.below(2), bits)]
          : [0x40 + random.pick([0, 2, 8, 10])];
      case 12:
        return [...this.#wide(0), 0xff, ...this.#memory(random.below(2))];
      case 13:
        return [...this.#wide(rex), 0xf7, registers(random.pick([2, 3]), bits)];
      case 14:
        return [...this.#wide(rex << 2), 0x8d, ...this.#memory(bits)];
      case 15:
        return [...this.#wide(rex << 2), 0x8b, ...this.#memory(bits)];
      case 16:
        return [...this.#wide(0), 0x89, ...this.#memory(random.pick([0, 2]))];
      case 17:
        return [random.below(8) * 8, ...this.#memory(random.pick([0, 2, 4, 6]))];
      case 18:
        return [0x66, random.below(8) * 8 + 1, ...this.#memory(random.pick([0, 2]))];
      case 19:
        // Conditional jump over one instruction.
        return ((over) => [0x70 + random.below(16), over.length, ...over])([0x0f, 0xc8 + random.pick([0, 2])]);
      case 20:
        return [0x0f, random.pick([0x10, 0x11]), ...this.#memory(random.below(8))];
      case 21:
        return [
          0x66,
          0x0f,
          random.pick([0xfe, 0xef, 0x62, 0x6e, 0x7e]),
          registers(random.below(8), random.pick([0, 2])),
        ];
      case 22:
        return [...this.#wide(rex), 0x85, registers(source === 4 ? 0 : source, bits)];
      case 23:
        return [random.pick([0x98, 0x99, 0xf8, 0xf9, 0xf5])];
      case 24:
        return [0xe8, ...[0, 0, 0, 0]];
      default:
        return [...this.#wide(rex), 0x0f, 0xba, registers(random.pick([4, 5, 6, 7]), bits), random.below(64)];
    }
  }

  /** An outer loop over ECX around straight code, an inner loop and calls of one of four functions. */
  program(): { main: number[]; functions: number[] } {
    const random = this.#random;
    const functions: number[] = [];
    const starts: number[] = [];
    for (let index = 0; index < 4; index++) {
      starts.push(FUNCTIONS + functions.length);
      for (let count = random.below(6); count >= 0; count--) functions.push(...this.#noCall());
      functions.push(0xc3);
    }
    const body: number[] = [];
    const call = (): void => {
      const target = random.pick(starts);
      const next = CODE + prologue.length + body.length + 5;
      body.push(0xe8, ...dword(target - next));
    };
    const prologue = [0xb9, ...dword(40 + random.below(60))];
    for (let count = 2 + random.below(10); count > 0; count--) body.push(...this.#noCall());
    call();
    body.push(0xbf, ...dword(1 + random.below(9)));
    const inner = body.length;
    for (let count = 1 + random.below(5); count > 0; count--) body.push(...this.#noCall());
    if (random.below(2)) call();
    body.push(0x83, 0xef, 1, 0x0f, 0x85, ...dword(inner - body.length - 9));
    for (let count = random.below(6); count > 0; count--) body.push(...this.#noCall());
    body.push(0x83, 0xe9, 1, 0x0f, 0x85);
    body.push(...dword(-(body.length + 4)));
    return { main: [...prologue, ...body, 0xf4], functions };
  }

  #noCall(): number[] {
    for (;;) {
      const bytes = this.instruction();
      if (bytes[0] !== 0xe8) return bytes;
    }
  }
}

function prepare(bench: Bench, seed: number, program: { main: number[]; functions: number[] }): void {
  const random = new Random(seed ^ 0x5eed);
  bench.load(
    DATA,
    Array.from({ length: DATA_BYTES }, () => random.below(256)),
  );
  bench.load(CODE, program.main);
  bench.load(FUNCTIONS, program.functions);
  for (let index = 0; index < 16; index++) bench.cpu.setRegister(index, BigInt(random.next()));
  for (const index of [3, 5, 6]) bench.cpu.setRegister(index, BigInt(DATA + random.below(0x200)));
  bench.cpu.setRegister(4, BigInt(STACK));
  bench.cpu.rip = BigInt(CODE);
}

describe.skipIf(!existsSync(CORE)).each([
  ['32-bit', false],
  ['64-bit', true],
] as const)('translated %s code', (_name, is64) => {
  it(`does what interpreted code does, in ${seeds} random programs`, { timeout: 60_000 + seeds * 2000 }, () => {
    let translated = 0;
    for (let seed = 1; seed <= seeds; seed++) {
      const program = new ProgramMaker(seed, is64).program();
      const states = [0, HEAT].map((heat) => {
        const bench = new Bench(is64, heat);
        prepare(bench, seed, program);
        const exit = bench.run();
        translated += bench.cpu.translatedCount;
        return { exit, ...bench.state() };
      });
      expect(states[1], `seed ${seed}: ${Buffer.from(program.main).toString('hex')}`).toEqual(states[0]);
    }
    // Otherwise nothing was compared.
    expect(translated).toBeGreaterThan(seeds * 500);
  });

  it('notices that a loop rewrites its own instruction', () => {
    // mov byte [next + 1], cl; next: mov al, 0; add edx, eax; sub ecx, 1; jnz -> the immediate is a new one in every round.
    const store = is64 ? [0x88, 0x0c, 0x25] : [0x88, 0x0d];
    const next = CODE + 5 + store.length + 4;
    const loop = [...store, ...dword(next + 1), 0xb0, 0, 0x01, 0xc2, 0x83, 0xe9, 1, 0x0f, 0x85];
    const main = [0xb9, ...dword(200), ...loop, ...dword(-(loop.length + 4)), 0xf4];
    const states = [0, HEAT].map((heat) => {
      const bench = new Bench(is64, heat);
      prepare(bench, 1, { main, functions: [0xc3] });
      return { exit: bench.run(), ...bench.state() };
    });
    expect(states[1]).toEqual(states[0]);
  });
});
