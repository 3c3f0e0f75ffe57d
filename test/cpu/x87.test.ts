// What the oracle cannot see from user mode: #NM and #MF, IRQ 13, undefined encodings, instruction pointers and their
// real-mode formats, FXSAVE and XSAVE areas, MXCSR, MMX side effects. Expected values follow the Intel SDM.
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import * as layout from '../../src-main/engine/cpu/core/layout.ts';
import type { X87Core } from './oracle-x87/core.ts';
import { compileX87, resetState } from './oracle-x87/core.ts';

const AREA = 0x1000;
const NM = 7;
const UD = 6;
const GP = 13;
const MF = 16;

let core: X87Core;
let memory: DataView;
beforeAll(async () => {
  core = await compileX87();
  memory = core.memory;
});
beforeEach(() => {
  resetState(memory);
  memory.setUint32(layout.CPU_FPU_SW, 0, true);
  expect(core.exec(0xdb, 0xe3, 0, 4)).toBe(-1);
  memory.setUint32(layout.CPU_MXCSR, 0x1f80, true);
  new Uint8Array(memory.buffer, layout.RAM_BASE, 0x4000).fill(0xcc);
});

const ram16 = (at: number): number => memory.getUint16(layout.RAM_BASE + at, true);
const ram32 = (at: number): number => memory.getUint32(layout.RAM_BASE + at, true);
const ram64 = (at: number): bigint => memory.getBigUint64(layout.RAM_BASE + at, true);
const state = (at: number): number => memory.getUint32(at, true);
const setState = (at: number, value: number): void => memory.setUint32(at, value, true);
const setMode = (bits: number): void => setState(layout.CPU_MODE, bits);
const fld1 = (): number => core.exec(0xd9, 0xe8, 0, 4);

/** 1 / 0 with ZE unmasked: leaves a pending exception. */
function divideByZero(): void {
  memory.setUint16(layout.RAM_BASE + AREA, 0x37b, true);
  expect(core.exec(0xd9, 0x2e, AREA, 4)).toBe(-1);
  expect(core.exec(0xd9, 0xee, 0, 4)).toBe(-1);
  expect(fld1()).toBe(-1);
  expect(core.exec(0xd8, 0xf1, 0, 4)).toBe(-1);
  expect(state(layout.CPU_FPU_SW) & 0x80ff).toBe(0x8084);
}

describe('availability', () => {
  it.each([
    ['EM', 4],
    ['TS', 8],
  ])('raises #NM with CR0.%s', (_name, bit) => {
    memory.setBigUint64(layout.CPU_CR0, BigInt(0x31 | bit), true);
    setMode(0x89 | 0x400);
    expect(fld1()).toBe(NM);
    expect(core.exec(0xdf, 0xe0, 0, 4)).toBe(NM);
  });

  it('lets WAIT trap only with MP and TS', () => {
    const at = (cr0: number): number => {
      memory.setBigUint64(layout.CPU_CR0, BigInt(cr0), true);
      setMode(0x89 | 0x400);
      return core.wait();
    };
    expect(at(0x33)).toBe(-1);
    expect(at(0x39)).toBe(-1);
    expect(at(0x3b)).toBe(NM);
  });
});

describe('pending exceptions', () => {
  it('reports #MF at the next waiting instruction only', () => {
    divideByZero();
    expect(core.exec(0xdf, 0xe0, 0, 4)).toBe(-1);
    expect(memory.getUint16(layout.CPU_GPR, true) & 0x80ff).toBe(0x8084);
    expect(core.exec(0xd9, 0x3e, AREA, 4)).toBe(-1);
    expect(ram16(AREA)).toBe(0x37b);
    expect(fld1()).toBe(MF);
    expect(core.wait()).toBe(MF);
    expect(core.exec(0xdb, 0xe2, 0, 4)).toBe(-1);
    expect(fld1()).toBe(-1);
  });

  it('raises IRQ 13 instead with CR0.NE clear, and runs on when it cannot be taken', () => {
    divideByZero();
    memory.setBigUint64(layout.CPU_CR0, 0x13n, true);
    const before = core.ferrCount.value;
    expect(fld1()).toBe(-1);
    expect(core.ferrCount.value).toBe(before + 1);
    const top = state(layout.CPU_FPU_TOP);
    setState(layout.CPU_PENDING, layout.INTR_INTR);
    expect(fld1()).toBe(-2);
    expect(state(layout.CPU_FPU_TOP)).toBe(top);
    setState(layout.CPU_PENDING, 0);
  });

  it('masks everything after FNSTENV', () => {
    divideByZero();
    expect(core.exec(0xd9, 0x36, AREA, 4)).toBe(-1);
    expect(ram16(AREA)).toBe(0x37b);
    expect(ram16(AREA + 4) & 0x8080).toBe(0x8080);
    expect(state(layout.CPU_FPU_CW)).toBe(0x37f);
    expect(fld1()).toBe(-1);
  });
});

describe('encodings', () => {
  const defined = new Set<number>();
  const define = (opcode: number, from: number, to = from): void => {
    for (let modrm = from; modrm <= to; modrm++) defined.add((opcode << 8) | modrm);
  };
  define(0xd8, 0xc0, 0xff);
  define(0xd9, 0xc0, 0xd0);
  define(0xd9, 0xd8, 0xe1);
  define(0xd9, 0xe4, 0xe5);
  define(0xd9, 0xe8, 0xee);
  define(0xd9, 0xf0, 0xff);
  define(0xda, 0xc0, 0xdf);
  define(0xda, 0xe9);
  define(0xdb, 0xc0, 0xe4);
  define(0xdb, 0xe8, 0xf7);
  define(0xdc, 0xc0, 0xff);
  define(0xdd, 0xc0, 0xef);
  define(0xde, 0xc0, 0xd7);
  define(0xde, 0xd9);
  define(0xde, 0xe0, 0xff);
  define(0xdf, 0xc0, 0xe0);
  define(0xdf, 0xe8, 0xf7);

  it('raises #UD for exactly the undefined register forms', () => {
    for (let opcode = 0xd8; opcode <= 0xdf; opcode++) {
      for (let modrm = 0xc0; modrm <= 0xff; modrm++) {
        core.exec(0xdb, 0xe3, 0, 4);
        const expected = defined.has((opcode << 8) | modrm) ? -1 : UD;
        expect([opcode, modrm, core.exec(opcode, modrm, 0, 4)]).toEqual([opcode, modrm, expected]);
      }
    }
  });

  it('raises #UD for exactly the undefined memory forms', () => {
    const undefinedForms = [0xd901, 0xdb04, 0xdb06, 0xdd05];
    for (let opcode = 0xd8; opcode <= 0xdf; opcode++) {
      for (let reg = 0; reg < 8; reg++) {
        core.exec(0xdb, 0xe3, 0, 4);
        new Uint8Array(memory.buffer, layout.RAM_BASE + AREA, 128).fill(0);
        const expected = undefinedForms.includes((opcode << 8) | reg) ? UD : -1;
        expect([opcode, reg, core.exec(opcode, reg << 3, AREA, 4)]).toEqual([opcode, reg, expected]);
      }
    }
  });
});

describe('instruction and operand pointers', () => {
  const segment = (index: number): number => layout.CPU_SEG + index * layout.SEG_STRIDE;
  const execute = (): void => {
    memory.setBigUint64(layout.CPU_RIP, 0x12345n, true);
    memory.setUint16(segment(layout.CS) + layout.SEG_SELECTOR, 0x1b, true);
    memory.setUint16(segment(layout.DS) + layout.SEG_SELECTOR, 0x23, true);
    // FLD m64, then instructions that must not disturb what it left
    expect(core.exec(0xdd, 0x06, 0x2340, 4)).toBe(-1);
    memory.setBigUint64(layout.CPU_RIP, 0x99999n, true);
    core.exec(0xd9, 0x3e, 0x3000, 4);
    core.exec(0xdf, 0xe0, 0, 4);
  };

  it('stores the 32-bit protected format', () => {
    execute();
    core.exec(0xd9, 0x36, AREA, 4);
    expect([0, 4, 8, 12, 16, 20, 24].map((at) => ram32(AREA + at))).toEqual([
      0xffff037f, 0xffff3800, 0xffff3fff, 0x12345, 0x0506001b, 0x2340, 0xffff0023,
    ]);
  });

  it('stores the 16-bit protected format', () => {
    execute();
    core.exec(0xd9, 0x36, AREA, 2);
    expect([0, 2, 4, 6, 8, 10, 12].map((at) => ram16(AREA + at))).toEqual([
      0x37f, 0x3800, 0x3fff, 0x2345, 0x1b, 0x2340, 0x23,
    ]);
    expect(ram16(AREA + 14)).toBe(0xcccc);
  });

  it.each([
    ['real', 0],
    ['virtual-8086', 0x18],
  ])('stores linear addresses in %s mode, and gets them back', (_name, mode) => {
    setMode(mode);
    memory.setBigUint64(segment(layout.DS), 0x20000n, true);
    memory.setUint16(segment(layout.DS) + layout.SEG_SELECTOR, 0x2000, true);
    memory.setUint16(segment(layout.CS) + layout.SEG_SELECTOR, 0xf000, true);
    memory.setBigUint64(layout.CPU_RIP, 0x1234n, true);
    memory.setBigUint64(segment(layout.DS), 0x20000n, true);
    expect(core.exec(0xdd, 0x06, 0x2345e, 2)).toBe(-1);
    const check = (): void => {
      core.exec(0xd9, 0x36, AREA, 2);
      expect([6, 8, 10, 12].map((at) => ram16(AREA + at))).toEqual([0x1234, 0xf506, 0x345e, 0x2000]);
      core.exec(0xd9, 0x36, AREA, 4);
      expect([12, 16, 20, 24].map((at) => ram32(AREA + at))).toEqual([0xffff1234, 0x0000f506, 0xffff345e, 0x00002000]);
    };
    check();
    core.exec(0xdd, 0x36, AREA, 2);
    core.exec(0xdd, 0x26, AREA, 2);
    check();
    core.exec(0xdd, 0x36, AREA, 4);
    core.exec(0xdd, 0x26, AREA, 4);
    check();
    memory.setBigUint64(segment(layout.DS), 0n, true);
  });
});

describe('FXSAVE and XSAVE', () => {
  const setXmm = (i: number, offset: number, value: bigint): void =>
    memory.setBigUint64(layout.CPU_XMM + i * layout.XMM_STRIDE + offset, value, true);
  const xmm = (i: number, offset: number): bigint =>
    memory.getBigUint64(layout.CPU_XMM + i * layout.XMM_STRIDE + offset, true);

  const prepare = (): void => {
    for (let i = 0; i < 16; i++) for (let at = 0; at < 32; at += 8) setXmm(i, at, BigInt(i * 256 + at + 1));
    fld1();
    core.exec(0xd9, 0xeb, 0, 4);
    setState(layout.CPU_MXCSR, 0x9fc0);
  };
  const clear = (): void => {
    core.exec(0xdb, 0xe3, 0, 4);
    for (let i = 0; i < 16; i++) for (let at = 0; at < 32; at += 8) setXmm(i, at, 0xdeadn);
    setState(layout.CPU_MXCSR, 0x1f80);
  };
  const setComponents = (xcr0: bigint, requested: bigint): void => {
    memory.setBigUint64(layout.CPU_XCR0, xcr0, true);
    memory.setBigUint64(layout.CPU_GPR, requested, true);
    memory.setBigUint64(layout.CPU_CR4, 0x40600n, true);
  };
  const clearHeader = (): void => {
    new Uint8Array(memory.buffer, layout.RAM_BASE + AREA + 512, 64).fill(0);
  };

  it('lays FXSAVE out as the manual does and restores it', () => {
    prepare();
    expect(core.call('fxsave', BigInt(AREA), 0)).toBe(-1);
    expect([ram16(AREA), ram16(AREA + 2), ram16(AREA + 4), ram16(AREA + 6)]).toEqual([0x37f, 0x3000, 0xc0, 0x1eb]);
    expect([ram32(AREA + 24), ram32(AREA + 28)]).toEqual([0x9fc0, 0xffff]);
    expect([ram64(AREA + 32), ram64(AREA + 40)]).toEqual([0xc90fdaa22168c235n, 0x4000n]);
    expect([ram64(AREA + 48), ram64(AREA + 56)]).toEqual([0x8000000000000000n, 0x3fffn]);
    expect([ram64(AREA + 160 + 7 * 16), ram64(AREA + 160 + 7 * 16 + 8)]).toEqual([0x701n, 0x709n]);
    // Outside 64-bit mode XMM8 on are left out.
    expect(ram32(AREA + 160 + 8 * 16)).toBe(0xcccccccc);
    clear();
    expect(core.call('fxrstor', BigInt(AREA), 0)).toBe(-1);
    expect([state(layout.CPU_FPU_TOP), state(layout.CPU_FPU_EMPTY), state(layout.CPU_MXCSR)]).toEqual([
      6, 0x3f, 0x9fc0,
    ]);
    expect([xmm(7, 0), xmm(7, 8), xmm(8, 0), xmm(7, 16)]).toEqual([0x701n, 0x709n, 0xdeadn, 0xdeadn]);
    expect(core.exec(0xd9, 0xc9, 0, 4)).toBe(-1);
    expect(core.exec(0xdd, 0x1e, 0x3000, 4)).toBe(-1);
    expect(memory.getFloat64(layout.RAM_BASE + 0x3000, true)).toBe(1);
    expect(core.exec(0xdd, 0x1e, 0x3000, 4)).toBe(-1);
    expect(memory.getFloat64(layout.RAM_BASE + 0x3000, true)).toBe(Math.PI);
  });

  it('saves sixteen XMM registers and 64-bit pointers in 64-bit mode', () => {
    setMode(0xcb);
    memory.setBigUint64(layout.CPU_RIP, 0xffffffff81234567n, true);
    prepare();
    expect(core.call('fxsave', BigInt(AREA), 1)).toBe(-1);
    expect(ram64(AREA + 8)).toBe(0xffffffff81234567n);
    expect(ram64(AREA + 160 + 15 * 16)).toBe(0xf01n);
  });

  it('refuses misaligned areas, reserved MXCSR bits and a disabled unit', () => {
    expect(core.call('fxsave', BigInt(AREA + 8), 0)).toBe(GP);
    memory.setUint32(layout.RAM_BASE + AREA + 24, 0x10000, true);
    expect(core.call('fxrstor', BigInt(AREA), 0)).toBe(GP);
    expect(core.call('ldmxcsr', BigInt(AREA + 24))).toBe(GP);
    memory.setBigUint64(layout.CPU_CR0, 0x3bn, true);
    setMode(0x89 | 0x400 | 0x800);
    expect(core.call('fxsave', BigInt(AREA), 0)).toBe(NM);
    expect(core.call('stmxcsr', BigInt(AREA))).toBe(NM);
    memory.setBigUint64(layout.CPU_CR0, 0x37n, true);
    expect(core.call('fxsave', BigInt(AREA), 0)).toBe(UD);
    expect(core.call('ldmxcsr', BigInt(AREA))).toBe(UD);
    memory.setBigUint64(layout.CPU_CR0, 0x33n, true);
    memory.setBigUint64(layout.CPU_CR4, 0n, true);
    expect(core.call('ldmxcsr', BigInt(AREA))).toBe(UD);
    expect(core.call('xsave', BigInt(AREA), 0, 0)).toBe(UD);
  });

  it('moves MXCSR', () => {
    memory.setUint32(layout.RAM_BASE + AREA, 0xff80, true);
    expect(core.call('ldmxcsr', BigInt(AREA))).toBe(-1);
    expect(core.call('stmxcsr', BigInt(AREA + 4))).toBe(-1);
    expect(ram32(AREA + 4)).toBe(0xff80);
  });

  it('saves and restores the requested components of XSAVE', () => {
    setMode(0xcb);
    setComponents(7n, 7n);
    prepare();
    clearHeader();
    expect(core.call('xsave', BigInt(AREA), 0, 0)).toBe(-1);
    expect(ram64(AREA + 512)).toBe(7n);
    expect([ram64(AREA + 160), ram64(AREA + 576), ram64(AREA + 576 + 8)]).toEqual([1n, 0x11n, 0x19n]);
    clear();
    setComponents(7n, 2n);
    expect(core.call('xrstor', BigInt(AREA), 0)).toBe(-1);
    expect([xmm(3, 0), xmm(3, 16), state(layout.CPU_FPU_EMPTY), state(layout.CPU_MXCSR)]).toEqual([
      0x301n,
      0xdeadn,
      0xff,
      0x9fc0,
    ]);
    setComponents(7n, 5n);
    expect(core.call('xrstor', BigInt(AREA), 0)).toBe(-1);
    expect([xmm(3, 16), state(layout.CPU_FPU_EMPTY)]).toEqual([0x311n, 0x3f]);
  });

  it('initialises components that the header does not have', () => {
    setMode(0xcb);
    setComponents(3n, 3n);
    prepare();
    clearHeader();
    memory.setUint32(layout.RAM_BASE + AREA + 24, 0x1fa0, true);
    expect(core.call('xrstor', BigInt(AREA), 0)).toBe(-1);
    expect([xmm(3, 0), xmm(15, 8), xmm(3, 16)]).toEqual([0n, 0n, 0x311n]);
    expect([state(layout.CPU_FPU_EMPTY), state(layout.CPU_FPU_TOP), state(layout.CPU_FPU_CW)]).toEqual([
      0xff, 0, 0x37f,
    ]);
    expect(state(layout.CPU_MXCSR)).toBe(0x1fa0);
    // Now the x87 state is initial, which XSAVEOPT may say.
    core.call('xsave', BigInt(AREA), 0, 1);
    expect(ram64(AREA + 512)).toBe(2n);
  });

  it('refuses bad headers', () => {
    setComponents(3n, 3n);
    memory.setUint32(layout.RAM_BASE + AREA + 24, 0x1f80, true);
    const attempt = (offset: number, value: bigint): number => {
      clearHeader();
      memory.setBigUint64(layout.RAM_BASE + AREA + offset, value, true);
      return core.call('xrstor', BigInt(AREA), 0);
    };
    expect(attempt(512, 3n)).toBe(-1);
    expect(attempt(512, 4n)).toBe(GP);
    expect(attempt(520, 1n << 63n)).toBe(GP);
    expect(attempt(528, 1n)).toBe(GP);
    clearHeader();
    memory.setUint32(layout.RAM_BASE + AREA + 24, 0xffff0000, true);
    expect(core.call('xrstor', BigInt(AREA), 0)).toBe(GP);
    expect(core.call('xrstor', BigInt(AREA + 32), 0)).toBe(GP);
  });
});

describe('MMX', () => {
  it('marks the whole stack valid at TOP 0, and EMMS empty', () => {
    fld1();
    expect(core.call('mmxEnter')).toBe(-1);
    expect([state(layout.CPU_FPU_TOP), state(layout.CPU_FPU_EMPTY)]).toEqual([0, 0]);
    expect(core.call('fpuEmms')).toBe(-1);
    expect(state(layout.CPU_FPU_EMPTY)).toBe(0xff);
  });

  it('raises #UD with EM, #NM with TS, #MF when one is pending', () => {
    divideByZero();
    expect(core.call('mmxEnter')).toBe(MF);
    memory.setBigUint64(layout.CPU_CR0, 0x3bn, true);
    setMode(0x89 | 0x400);
    expect(core.call('mmxEnter')).toBe(NM);
    memory.setBigUint64(layout.CPU_CR0, 0x37n, true);
    expect(core.call('mmxEnter')).toBe(UD);
  });
});
