// Generators for MMX, SSE .. SSE4.2, AES-NI, PCLMULQDQ and CRC32 instructions, from one table: prefix, opcode bytes, operand
// kinds and the value domain of the lanes. No flags are undefined here.
import { MMX, type Mode, WINDOW, WINDOW_OFFSET, WINDOW_SIZE, XMM } from './case-format.ts';
import type { CaseKind } from './case-kind.ts';
import { type CaseBuilder, type Operand, RAX, RDI, RDX } from './encoder.ts';

/** Register file of an operand: x XMM, m MMX, g general. */
type File = 'x' | 'm' | 'g';
type Lanes = 'int' | 'f32' | 'f64';

interface Entry {
  readonly prefix: number;
  readonly opcode: readonly number[];
  readonly reg: File;
  readonly rm: File;
  /** Bytes of the memory form. */
  readonly size: number;
  readonly lanes: Lanes;
  readonly immediate?: boolean;
  readonly only?: 'register' | 'memory';
  /** Memory may lie anywhere although 16 bytes long. */
  readonly unaligned?: boolean;
  /** REX.W is tried in 64-bit mode and widens general operands. */
  readonly rexW?: boolean;
  readonly approximation?: boolean;
  readonly digits?: readonly number[];
}

const table: Entry[] = [];

function add(
  prefix: number,
  opcodes: readonly number[],
  map: 'base' | '38' | '3a',
  entry: Omit<Entry, 'prefix' | 'opcode'>,
): void {
  const lead = map === 'base' ? [0x0f] : map === '38' ? [0x0f, 0x38] : [0x0f, 0x3a];
  for (const opcode of opcodes) table.push({ prefix, opcode: [...lead, opcode], ...entry });
}

const xx = { reg: 'x', rm: 'x', size: 16, lanes: 'int' } as const;
const mm = { reg: 'm', rm: 'm', size: 8, lanes: 'int' } as const;
const arithmetic = [0x51, 0x58, 0x59, 0x5c, 0x5d, 0x5e, 0x5f];
const laneWise = [
  0xd1, 0xd2, 0xd3, 0xd5, 0xd8, 0xd9, 0xda, 0xdb, 0xdc, 0xdd, 0xde, 0xdf, 0xe0, 0xe1, 0xe2, 0xe3, 0xe4, 0xe5, 0xe8,
  0xe9, 0xea, 0xeb, 0xec, 0xed, 0xee, 0xef, 0xf1, 0xf2, 0xf3, 0xf4, 0xf5, 0xf6, 0xf8, 0xf9, 0xfa, 0xfb, 0xfc, 0xfd,
  0xfe, 0xd4,
];
const unpacks = [0x60, 0x61, 0x62];
const packs = [0x63, 0x64, 0x65, 0x66, 0x67, 0x68, 0x69, 0x6a, 0x6b, 0x74, 0x75, 0x76];

// Packed and scalar floating point.
for (const [prefix, size, lanes] of [
  [0, 16, 'f32'],
  [0x66, 16, 'f64'],
  [0xf3, 4, 'f32'],
  [0xf2, 8, 'f64'],
] as const) {
  const shape = { reg: 'x', rm: 'x', size, lanes } as const;
  add(prefix, arithmetic, 'base', shape);
  add(prefix, arithmetic, 'base', shape);
  add(prefix, [0xc2], 'base', { ...shape, immediate: true });
}
add(0, [0x52, 0x53], 'base', { ...xx, lanes: 'f32', approximation: true });
add(0xf3, [0x52, 0x53], 'base', { ...xx, size: 4, lanes: 'f32', approximation: true });
for (const [prefix, lanes, size] of [
  [0, 'f32', 4],
  [0x66, 'f64', 8],
] as const) {
  add(prefix, [0x14, 0x15, 0x54, 0x55, 0x56, 0x57], 'base', { ...xx, lanes });
  add(prefix, [0xc6], 'base', { ...xx, lanes, immediate: true });
  add(prefix, [0x2e, 0x2f], 'base', { ...xx, lanes, size });
  add(prefix, [0x50], 'base', { reg: 'g', rm: 'x', size: 16, lanes, only: 'register' });
  add(prefix, [0x10, 0x11], 'base', { ...xx, lanes, unaligned: true });
  add(prefix, [0x28, 0x29], 'base', { ...xx, lanes });
  add(prefix, [0x2b], 'base', { ...xx, lanes, only: 'memory' });
  add(prefix, [0x13, 0x17], 'base', { ...xx, lanes, size: 8, only: 'memory' });
  add(prefix, [0x2a], 'base', { reg: 'x', rm: 'm', size: 8, lanes: 'int' });
  add(prefix, [0x2c, 0x2d], 'base', { reg: 'm', rm: 'x', size: prefix === 0 ? 8 : 16, lanes });
}
add(0, [0x12, 0x16], 'base', { ...xx, size: 8 });
add(0x66, [0x12, 0x16], 'base', { ...xx, size: 8, only: 'memory' });
add(0xf3, [0x12, 0x16], 'base', { ...xx, lanes: 'f32' });
add(0xf2, [0x12], 'base', { ...xx, size: 8, lanes: 'f64' });
add(0xf3, [0x10, 0x11], 'base', { ...xx, size: 4, lanes: 'f32' });
add(0xf2, [0x10, 0x11], 'base', { ...xx, size: 8, lanes: 'f64' });
for (const [prefix, size, lanes] of [
  [0xf3, 4, 'f32'],
  [0xf2, 8, 'f64'],
] as const) {
  add(prefix, [0x2a], 'base', { reg: 'x', rm: 'g', size: 4, lanes: 'int', rexW: true });
  add(prefix, [0x2c, 0x2d], 'base', { reg: 'g', rm: 'x', size, lanes, rexW: true });
}
add(0, [0x5a], 'base', { ...xx, size: 8, lanes: 'f32' });
add(0x66, [0x5a], 'base', { ...xx, lanes: 'f64' });
add(0xf3, [0x5a], 'base', { ...xx, size: 4, lanes: 'f32' });
add(0xf2, [0x5a], 'base', { ...xx, size: 8, lanes: 'f64' });
add(0, [0x5b], 'base', xx);
add(0x66, [0x5b], 'base', { ...xx, lanes: 'f32' });
add(0xf3, [0x5b], 'base', { ...xx, lanes: 'f32' });
add(0x66, [0xe6], 'base', { ...xx, lanes: 'f64' });
add(0xf2, [0xe6], 'base', { ...xx, lanes: 'f64' });
add(0xf3, [0xe6], 'base', { ...xx, size: 8 });
add(0x66, [0x7c, 0x7d, 0xd0], 'base', { ...xx, lanes: 'f64' });
add(0xf2, [0x7c, 0x7d, 0xd0], 'base', { ...xx, lanes: 'f32' });

// Packed integers.
add(0, laneWise, 'base', mm);
add(0, packs, 'base', mm);
add(0, unpacks, 'base', { ...mm, size: 4 });
add(0x66, [...laneWise, ...packs, ...unpacks, 0x6c, 0x6d], 'base', xx);
add(0, [0x70], 'base', { ...mm, immediate: true });
for (const prefix of [0x66, 0xf2, 0xf3]) add(prefix, [0x70], 'base', { ...xx, immediate: true });
for (const [prefix, shape] of [
  [0, mm],
  [0x66, xx],
] as const) {
  add(prefix, [0x71, 0x72], 'base', { ...shape, immediate: true, only: 'register', digits: [2, 4, 6, 0, 1, 3, 5, 7] });
  add(prefix, [0x73], 'base', { ...shape, immediate: true, only: 'register', digits: [2, 3, 6, 7, 0, 1, 4, 5] });
  add(prefix, [0x6e, 0x7e], 'base', { reg: shape.reg, rm: 'g', size: 4, lanes: 'int', rexW: true });
  add(prefix, [0x6f, 0x7f], 'base', shape);
  add(prefix, [0xe7], 'base', { ...shape, only: 'memory' });
  add(prefix, [0xd7], 'base', { reg: 'g', rm: shape.rm, size: 8, lanes: 'int', only: 'register' });
  add(prefix, [0xc4], 'base', { reg: shape.reg, rm: 'g', size: 2, lanes: 'int', immediate: true });
  add(prefix, [0xc5], 'base', { reg: 'g', rm: shape.rm, size: 2, lanes: 'int', immediate: true, only: 'register' });
  add(prefix, [0x00, 0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x07, 0x08, 0x09, 0x0a, 0x0b, 0x1c, 0x1d, 0x1e], '38', shape);
  add(prefix, [0x0f], '3a', { ...shape, immediate: true });
}
add(0xf3, [0x6f, 0x7f], 'base', { ...xx, unaligned: true });
add(0xf3, [0x7e], 'base', { ...xx, size: 8 });
add(0x66, [0xd6], 'base', { ...xx, size: 8 });
add(0xf3, [0xd6], 'base', { reg: 'x', rm: 'm', size: 8, lanes: 'int', only: 'register' });
add(0xf2, [0xd6], 'base', { reg: 'm', rm: 'x', size: 8, lanes: 'int', only: 'register' });
add(0xf2, [0xf0], 'base', { ...xx, unaligned: true, only: 'memory' });
add(0, [0xc3], 'base', { reg: 'g', rm: 'g', size: 4, lanes: 'int', only: 'memory', rexW: true });

// SSE4.
add(
  0x66,
  [0x10, 0x14, 0x15, 0x17, 0x28, 0x29, 0x2b, 0x37, 0x38, 0x39, 0x3a, 0x3b, 0x3c, 0x3d, 0x3e, 0x3f, 0x40, 0x41],
  '38',
  xx,
);
add(0x66, [0x2a], '38', { ...xx, only: 'memory' });
for (const base of [0x20, 0x30]) {
  add(0x66, [base, base + 3, base + 5], '38', { ...xx, size: 8 });
  add(0x66, [base + 1, base + 4], '38', { ...xx, size: 4 });
  add(0x66, [base + 2], '38', { ...xx, size: 2 });
}
add(0x66, [0x08], '3a', { ...xx, lanes: 'f32', immediate: true });
add(0x66, [0x09], '3a', { ...xx, lanes: 'f64', immediate: true });
add(0x66, [0x0a], '3a', { ...xx, size: 4, lanes: 'f32', immediate: true });
add(0x66, [0x0b], '3a', { ...xx, size: 8, lanes: 'f64', immediate: true });
add(0x66, [0x0c, 0x0d, 0x0e, 0x42, 0x44, 0xdf], '3a', { ...xx, immediate: true });
add(0x66, [0x40], '3a', { ...xx, lanes: 'f32', immediate: true });
add(0x66, [0x40], '3a', { ...xx, lanes: 'f32', immediate: true });
add(0x66, [0x41], '3a', { ...xx, lanes: 'f64', immediate: true });
add(0x66, [0x14, 0x20], '3a', { reg: 'x', rm: 'g', size: 1, lanes: 'int', immediate: true });
add(0x66, [0x15], '3a', { reg: 'x', rm: 'g', size: 2, lanes: 'int', immediate: true });
add(0x66, [0x16, 0x22], '3a', { reg: 'x', rm: 'g', size: 4, lanes: 'int', immediate: true, rexW: true });
add(0x66, [0x17], '3a', { reg: 'x', rm: 'g', size: 4, lanes: 'f32', immediate: true });
add(0x66, [0x21], '3a', { ...xx, size: 4, lanes: 'f32', immediate: true });
add(0x66, [0xdb, 0xdc, 0xdd, 0xde, 0xdf], '38', xx);

function fileSize(c: CaseBuilder, file: File): number {
  return file === 'm' ? 8 : c.registers;
}

/** Lane values: most cases have floats where floats are read. */
function fillLanes(c: CaseBuilder, at: number, length: number, lanes: Lanes): void {
  const r = c.random;
  const view = new DataView(c.record.bytes.buffer, c.record.bytes.byteOffset);
  if (lanes === 'f32') for (let i = at; i + 4 <= at + length; i += 4) view.setUint32(i, r.single(), true);
  else if (lanes === 'f64') for (let i = at; i + 8 <= at + length; i += 8) view.setBigUint64(i, r.double(), true);
  else {
    const width = r.pick([1, 2, 4, 8]);
    if (r.chance(50)) return;
    for (let i = at; i + 8 <= at + length; i += 8) {
      let quad = 0n;
      for (let lane = 0; lane < 8; lane += width) quad |= r.integer(width) << BigInt(lane * 8);
      view.setBigUint64(i, quad, true);
    }
  }
}

function fillRegister(c: CaseBuilder, file: File, index: number, lanes: Lanes): void {
  if (file === 'x') fillLanes(c, XMM + 16 * index, 16, lanes);
  else if (file === 'm') fillLanes(c, MMX + 8 * index, 8, lanes);
}

function fillMemory(c: CaseBuilder, rm: Operand, size: number, lanes: Lanes): void {
  if (rm.kind !== 'memory') return;
  const offset = Number(rm.linear) - WINDOW;
  if (offset >= 0 && offset + size <= WINDOW_SIZE) fillLanes(c, WINDOW_OFFSET + offset, size, lanes);
}

/** MXCSR: the start value, PE already sticky, another rounding mode, DAZ, FTZ, or some exceptions unmasked. */
function controlWord(c: CaseBuilder): number {
  const r = c.random;
  if (r.chance(30)) return 0x1f80;
  if (r.chance(25)) return 0x1fa0;
  let value = 0x1f80 | (r.chance(30) ? r.below(64) : 0);
  if (r.chance(60)) value |= r.below(4) << 13;
  if (r.chance(30)) value |= 0x40;
  if (r.chance(30)) value |= 0x8000;
  if (r.chance(25)) value &= ~(r.below(64) << 7);
  return value;
}

function hex(bytes: readonly number[]): string {
  return bytes.map((b) => b.toString(16).padStart(2, '0')).join(' ');
}

function nearEqual(c: CaseBuilder, e: Entry, reg: number, rm: Operand): void {
  // Sums that cancel, comparisons of equals: copy the operand, sometimes one unit in the last place off.
  const bytes = c.record.bytes;
  const from = e.reg === 'x' ? XMM + 16 * reg : MMX + 8 * reg;
  const length = e.reg === 'x' ? 16 : 8;
  const to =
    rm.kind === 'register'
      ? e.rm === 'x'
        ? XMM + 16 * rm.index
        : MMX + 8 * rm.index
      : WINDOW_OFFSET + Number(rm.linear) - WINDOW;
  if (e.rm === 'g' || e.reg === 'g' || to < 0 || to + length > bytes.length - 32) return;
  bytes.copyWithin(to, from, from + Math.min(length, e.rm === 'm' ? 8 : 16));
  if (e.lanes !== 'int') {
    bytes[to]! ^= c.random.below(2);
    bytes[to + (e.lanes === 'f32' ? 3 : 7)]! ^= c.random.below(2) << 7;
  }
}

function entryCase(e: Entry): CaseKind {
  return {
    name: `${e.prefix ? `${hex([e.prefix])} ` : ''}${hex(e.opcode)}`,
    modes: [32, 64],
    weight: e.lanes === 'int' ? 1 : 2,
    make(c) {
      const r = c.random;
      c.record.mxcsr = controlWord(c);
      if (e.approximation) c.tolerance = 'approximation';
      const isWide = e.rexW === true && c.mode === 64 && r.chance(50);
      const size = isWide && (e.rm === 'g' || e.opcode[1] === 0xc3) ? 8 : e.size;
      const reg = e.digits
        ? r.chance(90)
          ? r.pick(e.digits.slice(0, 3))
          : r.pick(e.digits)
        : r.below(fileSize(c, e.reg));
      let rm: Operand;
      if (e.only === 'register' || (e.only === undefined && r.chance(50))) {
        rm = { kind: 'register', index: r.below(fileSize(c, e.rm)) };
      } else {
        const alignment = size === 16 && (!e.unaligned || r.chance(20)) && r.chance(95) ? 16 : 1;
        rm = c.memory(size, alignment);
      }
      if (!e.digits) fillRegister(c, e.reg, reg, e.lanes);
      if (rm.kind === 'register') fillRegister(c, e.rm, rm.index, e.lanes);
      else fillMemory(c, rm, size, e.lanes);
      if (r.chance(12)) nearEqual(c, e, reg, rm);
      const low = e.opcode[e.opcode.length - 1]!;
      const isCounted = e.opcode.length === 2 && [0xd1, 0xd2, 0xd3, 0xe1, 0xe2, 0xf1, 0xf2, 0xf3].includes(low);
      if (isCounted && r.chance(75)) {
        const at =
          rm.kind === 'memory'
            ? WINDOW_OFFSET + Number(rm.linear) - WINDOW
            : e.rm === 'x'
              ? XMM + 16 * rm.index
              : MMX + 8 * rm.index;
        if (at >= 0 && at < c.record.bytes.length - 8) {
          const count = new DataView(c.record.bytes.buffer, c.record.bytes.byteOffset + at);
          count.setBigUint64(0, BigInt(r.below(70)), true);
        }
      }
      const immediate = e.immediate ? [r.chance(50) ? r.below(64) : r.below(256)] : [];
      c.encode({ size: isWide ? 8 : 4, prefixes: e.prefix ? [e.prefix] : [], opcode: e.opcode, reg, rm, immediate });
    },
  };
}

const maskMoves: readonly CaseKind[] = [0, 0x66].map((prefix) => ({
  name: prefix ? 'MASKMOVDQU' : 'MASKMOVQ',
  modes: [32, 64] as readonly Mode[],
  weight: 2,
  make(c) {
    c.pin(RDI, BigInt(WINDOW + c.random.below(WINDOW_SIZE - 16)));
    const count = prefix ? c.registers : 8;
    c.encode({
      prefixes: prefix ? [prefix] : [],
      opcode: [0x0f, 0xf7],
      reg: c.random.below(count),
      rm: { kind: 'register', index: c.random.below(count) },
      // With CS as the segment x87 state would show that the fault comes late.
      isPlain: true,
    });
  },
}));

/** PCMPESTRM .. PCMPISTRI with short alphabets, so that matches happen. */
const texts: CaseKind = {
  name: 'PCMPxSTRx',
  modes: [32, 64],
  weight: 20,
  make(c) {
    const r = c.random;
    const opcode = 0x60 + r.below(4);
    c.pin(RAX, r.chance(80) ? BigInt(r.below(40) - 20) : r.quad());
    c.pin(RDX, r.chance(80) ? BigInt(r.below(40) - 20) : r.quad());
    const reg = r.below(c.registers);
    const rm: Operand = r.chance(60) ? { kind: 'register', index: r.below(c.registers) } : c.memory(16);
    const text = (at: number) => {
      const words = r.chance(50);
      for (let i = 0; i < 16; i++) {
        const value = r.chance(8) ? 0 : r.chance(10) ? r.below(256) : 0x61 + r.below(4);
        c.record.bytes[at + i] = words && i % 2 === 1 ? (r.chance(5) ? r.below(256) : 0) : value;
      }
    };
    if (r.chance(85)) {
      text(XMM + 16 * reg);
      const at = rm.kind === 'register' ? XMM + 16 * rm.index : WINDOW_OFFSET + Number(rm.linear) - WINDOW;
      if (at >= 0 && at < c.record.bytes.length - 16) {
        if (r.chance(25)) c.record.bytes.copyWithin(at, XMM + 16 * reg, XMM + 16 * reg + 16);
        else text(at);
      }
    }
    c.encode({
      size: c.mode === 64 && r.chance(30) ? 8 : 4,
      prefixes: [0x66],
      opcode: [0x0f, 0x3a, opcode],
      reg,
      rm,
      immediate: [r.below(128)],
    });
  },
};

const crc: CaseKind = {
  name: 'CRC32',
  modes: [32, 64],
  weight: 6,
  make(c) {
    const size = c.size();
    const prefixes = size === 2 ? (c.random.chance(50) ? [0x66, 0xf2] : [0xf2, 0x66]) : [0xf2];
    c.encode({
      size: size === 8 ? 8 : 4,
      prefixes,
      opcode: [0x0f, 0x38, size === 1 ? 0xf0 : 0xf1],
      reg: c.register().index,
      rm: c.operand(size),
    });
  },
};

const moves: CaseKind = {
  name: 'EMMS LDMXCSR STMXCSR',
  modes: [32, 64],
  weight: 3,
  make(c) {
    const r = c.random;
    if (r.chance(30)) {
      c.encode({ opcode: [0x0f, 0x77] });
      return;
    }
    c.record.mxcsr = controlWord(c);
    const rm = c.memory(4);
    c.writeWindow(rm.linear, BigInt(r.chance(90) ? controlWord(c) : r.next()), 4);
    c.encode({ opcode: [0x0f, 0xae], reg: 2 + r.below(2), rm });
  },
};

/** Any opcode of the SIMD areas of the maps (EMMS, without ModRM, aside) with any prefix: which are undefined, and how long they are. The immediate, if not one, is a NOP. */
const opcodeSpace: CaseKind = {
  name: 'SIMD opcode space',
  modes: [32, 64],
  weight: 12,
  make(c) {
    const r = c.random;
    const map = r.below(4);
    const areas = [
      [0x10, 0x17],
      [0x28, 0x2f],
      [0x50, 0x76],
      [0x7c, 0x7f],
      [0xc2, 0xc6],
      [0xd0, 0xfe],
    ] as const;
    const [first, last] = r.pick(areas);
    const low = first + r.below(last - first + 1);
    const opcode =
      map < 2
        ? [0x0f, low]
        : map === 2
          ? [0x0f, 0x38, r.pick([r.below(0x80), 0xc0 + r.below(0x30)])]
          : [0x0f, 0x3a, r.below(256)];
    c.pin(RDI, BigInt(WINDOW + r.below(400)));
    const rm: Operand = r.chance(50) ? { kind: 'register', index: r.below(8) } : c.memory(16, 16);
    if (map < 2 && (low === 0x52 || low === 0x53)) c.tolerance = 'approximation';
    const prefix = r.pick([[], [0x66], [0xf3], [0xf2], [0x66, 0xf3], [0x66, 0xf2], [0xf2, 0x66], [0xf0]]);
    c.encode({ prefixes: prefix, opcode, reg: r.below(8), rm, immediate: [0x90], isPlain: true });
  },
};

export const simdCases: readonly CaseKind[] = [...table.map(entryCase), ...maskMoves, texts, crc, moves, opcodeSpace];
