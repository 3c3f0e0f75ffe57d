// What only the core's inside can get wrong and no guest program shows by its result alone: the predecode cache under
// self-modification, instruction counts, string moves, MMIO splitting, dirty logging, A20. Programs are raw machine code
// in flat 32-bit mode with its own small loader. Needs the built core (npm run build:core); OSPITE_CORE names another one.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createEngineMemory } from '../memory/physical-map.ts';
import * as layout from './core/layout.ts';
import { buildCpuid, writeCpuid } from './cpuid-model.ts';
import { SoftwareCpu, type SoftwareCpuHost } from './software-cpu.ts';

const RAM_BYTES = 4 * 1024 * 1024;
const CODE = 0x1000;
const EAX = 0;
const ECX = 1;
const EDX = 2;
const EBX = 3;
const ESP = 4;
const ESI = 6;
const EDI = 7;
const HLT = 0xf4;
/** Flat descriptors as they sit in a segment register: present, 32-bit, 4 GiB. */
const FLAT_CODE = 0xc09b;
const FLAT_DATA = 0xc093;

let core: WebAssembly.Module;
let cpu: SoftwareCpu;
let ram: Uint8Array;
let log: string[];

const host: SoftwareCpuHost = {
  portIn: () => 0xffffffff,
  portOut: (port, size, value) => log.push(`out ${port.toString(16)} ${size} ${value.toString(16)}`),
  mmioRead: (gpa, size) => {
    log.push(`read ${gpa.toString(16)} ${size}`);
    return gpa & 0xff;
  },
  mmioWrite: (gpa, size, value) => log.push(`write ${gpa.toString(16)} ${size} ${value.toString(16)}`),
  acknowledgeInterrupt: () => -1,
  tscNow: () => 0,
  readMsr: () => undefined,
  writeMsr: () => false,
  readTpr: () => 0,
  writeTpr: () => {},
  random: () => 4,
  signalFerr: () => {},
  hypercall: () => -1,
};

function enterFlatMode(): void {
  const view = cpu.view;
  for (const [segment, access] of [
    [layout.ES, FLAT_DATA],
    [layout.CS, FLAT_CODE],
    [layout.SS, FLAT_DATA],
    [layout.DS, FLAT_DATA],
  ] as const) {
    const at = layout.CPU_SEG + segment * layout.SEG_STRIDE;
    view.setBigUint64(at + layout.SEG_BASE, 0n, true);
    view.setUint32(at + layout.SEG_LIMIT, 0xffffffff, true);
    view.setUint32(at + layout.SEG_ACCESS, access, true);
    view.setUint16(at + layout.SEG_SELECTOR, segment * 8, true);
  }
  view.setUint32(layout.CPU_CR0, 0x11, true);
  cpu.reloadState();
  cpu.rip = BigInt(CODE);
  cpu.setRegister(ESP, 0x9000n);
}

function load(at: number, ...bytes: number[]): void {
  ram.set(bytes, at);
}

function runToHalt(): void {
  expect(cpu.run(1_000_000)).toBe('halt');
}

beforeAll(() => {
  const file = process.env['OSPITE_CORE'] ?? join(import.meta.dirname, '../../../dist/core.wasm');
  core = new WebAssembly.Module(readFileSync(file));
});

beforeEach(() => {
  log = [];
  const memory = createEngineMemory(RAM_BYTES);
  cpu = new SoftwareCpu(core, memory, host);
  writeCpuid(memory.buffer, buildCpuid(), 0);
  ram = new Uint8Array(memory.buffer, layout.RAM_BASE, RAM_BYTES);
  cpu.setPages(0, RAM_BYTES / 4096, layout.RAM_BASE, layout.PAGE_BACKED | layout.PAGE_WRITABLE);
  cpu.reset();
  enterFlatMode();
});

describe('self-modifying code', () => {
  it('runs the new bytes of the instruction right behind the store, in the same block', () => {
    // mov byte [0x1008], 7 ; mov eax, 1 -> the immediate's low byte at 0x1008 becomes 7
    load(CODE, 0xc6, 0x05, 0x08, 0x10, 0x00, 0x00, 0x07, 0xb8, 0x01, 0x00, 0x00, 0x00, HLT);
    runToHalt();
    expect(cpu.register(EAX)).toBe(7n);
  });

  it('sees a change on the second pass of a loop', () => {
    // mov ecx, 2; L: mov eax, 1; add edx, eax; mov byte [0x1006], 5; dec ecx; jnz L
    load(CODE, 0xb9, 2, 0, 0, 0, 0xb8, 1, 0, 0, 0, 0x01, 0xc2, 0xc6, 0x05, 0x06, 0x10, 0, 0, 5, 0x49, 0x75, 0xef, HLT);
    cpu.setRegister(EDX, 0n);
    runToHalt();
    expect(cpu.register(EDX)).toBe(6n);
  });

  it('keeps code when data in other parts of its page changes', () => {
    // mov ecx, 3; L: inc dword [0x1800]; dec ecx; jnz L; mov eax, [0x1800]
    load(CODE, 0xb9, 3, 0, 0, 0, 0xff, 0x05, 0x00, 0x18, 0, 0, 0x49, 0x75, 0xf7, 0xa1, 0x00, 0x18, 0, 0, HLT);
    runToHalt();
    expect(cpu.register(EAX)).toBe(3n);
  });

  it('drops code that a device wrote over', () => {
    load(CODE, 0xb8, 1, 0, 0, 0, HLT);
    runToHalt();
    load(CODE + 1, 9);
    cpu.invalidateCode(CODE + 1, 1);
    cpu.view.setUint32(layout.CPU_HALTED, 0, true);
    cpu.rip = BigInt(CODE);
    runToHalt();
    expect(cpu.register(EAX)).toBe(9n);
  });

  it('sees a rewritten second half of an instruction across two pages', () => {
    // At 0x1ffd: mov eax, imm32 whose last two bytes lie in the next page; run it, change them, run it again.
    load(0x1ffd, 0xb8, 0x11, 0x22, 0x33, 0x44, HLT);
    // mov word [0x2000], 0x6655 ; jmp 0x1ffd
    load(CODE, 0x66, 0xc7, 0x05, 0x00, 0x20, 0, 0, 0x55, 0x66, 0xe9, 0xef, 0x0f, 0, 0);
    cpu.rip = 0x1ffdn;
    runToHalt();
    const before = cpu.register(EAX);
    cpu.view.setUint32(layout.CPU_HALTED, 0, true);
    cpu.rip = BigInt(CODE);
    runToHalt();
    expect([before, cpu.register(EAX)]).toEqual([0x44332211n, 0x66552211n]);
  });

  it.each([
    [5n, 1n],
    [6n, 0n],
  ])('compares with %d right when the branch behind it reaches into the next page', (other, taken) => {
    // At 0x1ffb: cmp eax, ebx; jz 0x2012 as a two-page instruction; hlt ... 0x2012: inc ecx; hlt
    load(0x1ffb, 0x39, 0xd8, 0x0f, 0x84, 0x0f, 0, 0, 0, HLT);
    load(0x2012, 0x41, HLT);
    cpu.rip = 0x1ffbn;
    cpu.setRegister(EAX, 5n);
    cpu.setRegister(EBX, other);
    cpu.setRegister(ECX, 0n);
    runToHalt();
    expect(cpu.register(ECX)).toBe(taken);
  });

  it('survives a page turned into other memory', () => {
    load(CODE, 0xb8, 1, 0, 0, 0, HLT);
    runToHalt();
    load(0x5000, 0xb8, 2, 0, 0, 0, HLT);
    cpu.setPages(CODE, 1, layout.RAM_BASE + 0x5000, layout.PAGE_BACKED | layout.PAGE_WRITABLE);
    cpu.view.setUint32(layout.CPU_HALTED, 0, true);
    cpu.rip = BigInt(CODE);
    runToHalt();
    expect(cpu.register(EAX)).toBe(2n);
  });
});

describe('instruction counting', () => {
  it('counts every instruction once, over branches, faults of prelude entries and calls', () => {
    // mov ecx, 10; L: push ecx; call F; pop ecx; dec ecx; jnz L; hlt; F: nop; ret
    load(CODE, 0xb9, 10, 0, 0, 0, 0x51, 0xe8, 0x05, 0, 0, 0, 0x59, 0x49, 0x75, 0xf6, HLT, 0x90, 0xc3);
    runToHalt();
    expect(cpu.instructionCount).toBe(1 + 10 * 7 + 1);
  });

  it('stops at the budget and goes on where it stopped', () => {
    // mov ecx, 1000; L: dec ecx; jnz L; hlt
    load(CODE, 0xb9, 0xe8, 3, 0, 0, 0x49, 0x75, 0xfd, HLT);
    const exits = [cpu.run(100), cpu.run(100)];
    const counted = cpu.instructionCount;
    runToHalt();
    expect({ exits, isNear: counted >= 200 && counted < 210, total: cpu.instructionCount }).toEqual({
      exits: ['budget', 'budget'],
      isNear: true,
      total: 2002,
    });
  });

  it('ends a run of endless faults', () => {
    // No IDT: #UD, then #DF, then shutdown.
    load(CODE, 0x0f, 0x0b);
    cpu.view.setUint32(layout.CPU_SEG + layout.IDTR * layout.SEG_STRIDE + layout.SEG_LIMIT, 0, true);
    expect(cpu.run(1000)).toBe('shutdown');
  });
});

describe('string moves', () => {
  const source = Uint8Array.from({ length: 9000 }, (_, index) => (index * 7) & 0xff);

  /** rep movsb with the registers given; what a byte-by-byte processor leaves is computed beside it. */
  function repMovsb(from: number, to: number, count: number, isDown: boolean): void {
    ram.set(source, 0x10000);
    const expected = ram.slice(0x8000, 0x20000);
    for (let i = 0; i < count; i++) {
      const step = isDown ? -i : i;
      expected[to + step - 0x8000] = expected[from + step - 0x8000]!;
    }
    load(CODE, isDown ? 0xfd : 0xfc, 0xf3, 0xa4, HLT);
    cpu.setRegister(ESI, BigInt(from));
    cpu.setRegister(EDI, BigInt(to));
    cpu.setRegister(ECX, BigInt(count));
    runToHalt();
    const move = isDown ? -count : count;
    expect([cpu.register(ESI), cpu.register(EDI), cpu.register(ECX)]).toEqual([
      BigInt(from + move),
      BigInt(to + move),
      0n,
    ]);
    expect(Buffer.compare(ram.subarray(0x8000, 0x20000), expected)).toBe(0);
  }

  it.each([
    ['apart, over pages', 0x10003, 0x18ff1, 8000, false],
    ['target one above: repeats the byte', 0x10000, 0x10001, 5000, false],
    ['target three above: repeats the pattern', 0x10000, 0x10003, 5000, false],
    ['target below', 0x10100, 0x10000, 5000, false],
    ['down, apart', 0x12000, 0x1a000, 8000, true],
    ['down, target one below: repeats the byte', 0x12000, 0x11fff, 5000, true],
    ['down, target above', 0x12000, 0x12040, 5000, true],
  ] as const)('%s', (_name, from, to, count, isDown) => {
    repMovsb(from, to, count, isDown);
  });

  it('fills dwords that are not one repeated byte', () => {
    load(CODE, 0xfc, 0xf3, 0xab, HLT);
    cpu.setRegister(EAX, 0x11223344n);
    cpu.setRegister(EDI, 0x10ffan);
    cpu.setRegister(ECX, 5n);
    runToHalt();
    expect(new DataView(ram.buffer, ram.byteOffset + 0x10ffa, 20).getUint32(16, true)).toBe(0x11223344);
    expect(ram[0x10ffa + 20]).toBe(0);
  });

  it('is interrupted between elements and goes on', () => {
    load(CODE, 0xfc, 0xf3, 0xaa, HLT);
    cpu.setRegister(EAX, 0x5an);
    cpu.setRegister(EDI, 0x10000n);
    cpu.setRegister(ECX, 100_000n);
    const exits = new Set<string>();
    for (let i = 0; i < 100 && !exits.has('halt'); i++) exits.add(cpu.run(1));
    expect([...exits]).toEqual(['budget', 'halt']);
    expect(ram.subarray(0x10000, 0x10000 + 100_000).every((byte) => byte === 0x5a)).toBe(true);
  });
});

describe('device memory', () => {
  it('splits eight bytes into two dwords, low first, and a page-crossing access into its parts', () => {
    // fld qword [0x800000]; mov eax, [0x3ffffe]: two bytes of RAM, two of unmapped space
    load(CODE, 0xdd, 0x05, 0, 0, 0x80, 0, 0xa1, 0xfe, 0xff, 0x3f, 0, HLT);
    load(0x3ffffe, 0x34, 0x12);
    runToHalt();
    expect({ log, eax: cpu.register(EAX) }).toEqual({
      log: ['read 800000 4', 'read 800004 4', 'read 400000 2'],
      eax: 0x00001234n,
    });
  });

  it('sends writes to read-only memory to the board', () => {
    cpu.setPages(0x5000, 1, layout.RAM_BASE + 0x5000, layout.PAGE_BACKED);
    // mov byte [0x5003], 0x77 ; mov al, [0x5003]
    load(0x5003, 0x12);
    load(CODE, 0xc6, 0x05, 0x03, 0x50, 0, 0, 0x77, 0xa0, 0x03, 0x50, 0, 0, HLT);
    runToHalt();
    expect({ log, al: cpu.register(EAX) & 0xffn }).toEqual({ log: ['write 5003 1 77'], al: 0x12n });
  });

  it('runs code from it', () => {
    // Reads give the address's low byte; jumping to ...f4 finds HLT there.
    load(CODE, 0xe9, 0xef, 0xf0, 0x7f, 0x00);
    runToHalt();
    expect(cpu.rip).toBe(0x8000f5n);
  });
});

describe('memory map', () => {
  it('logs the first store to a page after each harvest', () => {
    cpu.setPages(0x5000, 1, layout.RAM_BASE + 0x5000, layout.PAGE_BACKED | layout.PAGE_WRITABLE | layout.PAGE_LOG);
    const dirty = (): number => cpu.view.getUint8(layout.DIRTY_MAP + 5);
    // mov [0x5000], eax; hlt; mov [0x5004], eax; hlt
    load(CODE, 0xa3, 0, 0x50, 0, 0, HLT, 0xa3, 4, 0x50, 0, 0, HLT);
    const seen = [dirty()];
    runToHalt();
    seen.push(dirty());
    cpu.view.setUint8(layout.DIRTY_MAP + 5, 0);
    cpu.restartDirtyLog();
    cpu.view.setUint32(layout.CPU_HALTED, 0, true);
    runToHalt();
    seen.push(dirty());
    expect(seen).toEqual([0, 1, 1]);
  });

  it('folds the second megabyte onto the first while A20 is off', () => {
    load(CODE, 0xa1, 0, 0x30, 0x10, 0, HLT);
    load(0x3000, 0xaa);
    load(0x103000, 0xbb);
    cpu.setA20(false);
    runToHalt();
    const off = cpu.register(EAX);
    cpu.setA20(true);
    cpu.view.setUint32(layout.CPU_HALTED, 0, true);
    cpu.rip = BigInt(CODE);
    runToHalt();
    expect([off, cpu.register(EAX)]).toEqual([0xaan, 0xbbn]);
  });

  it('tells the inspector where a linear address leads, without touching it', () => {
    cpu.setRegister(EBX, 0n);
    expect(cpu.translate(0x1234n)).toBe(0x1234);
  });
});
