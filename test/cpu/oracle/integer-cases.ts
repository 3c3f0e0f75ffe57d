// Generators for the user-mode integer instructions. Each names the flags that the manual (Intel SDM volume 2, the instruction's
// own page, "Flags Affected") leaves undefined.
import {
  ARITHMETIC_FLAGS,
  CODE_BASE,
  FLAG_AF,
  FLAG_CF,
  FLAG_OF,
  FLAG_PF,
  FLAG_SF,
  FLAG_ZF,
  type Mode,
  TAIL,
  WINDOW,
} from './case-format.ts';
import { type CaseBuilder, littleEndian, RAX, RBP, RBX, RCX, RDI, RDX, RSI, RSP } from './encoder.ts';

export interface CaseKind {
  readonly name: string;
  readonly modes: readonly Mode[];
  readonly weight: number;
  readonly make: (c: CaseBuilder) => void;
}

const both: readonly Mode[] = [32, 64];
const only32: readonly Mode[] = [32];
const only64: readonly Mode[] = [64];

/** Opcode low bit: 0 for bytes. */
const wide = (size: number) => (size === 1 ? 0 : 1);

function immediateOf(c: CaseBuilder, size: number): number[] {
  return littleEndian(c.random.integer(Math.min(size, 4)), Math.min(size, 4));
}

function lock(c: CaseBuilder, percent: number): readonly number[] {
  return c.random.chance(percent) ? [0xf0] : [];
}

const aluNames = ['ADD', 'OR', 'ADC', 'SBB', 'AND', 'SUB', 'XOR', 'CMP'];

function alu(op: number): CaseKind {
  return {
    name: aluNames[op]!,
    modes: both,
    weight: 6,
    make(c) {
      // AF is undefined after AND, OR, XOR.
      if (op === 1 || op === 4 || op === 6) c.undefinedFlags = FLAG_AF;
      const size = c.size();
      const prefixes = lock(c, 8);
      switch (c.random.below(5)) {
        case 0:
          c.encode({ size, prefixes, opcode: [op * 8 + wide(size)], reg: c.register().index, rm: c.operand(size) });
          return;
        case 1:
          c.encode({ size, prefixes, opcode: [op * 8 + 2 + wide(size)], reg: c.register().index, rm: c.operand(size) });
          return;
        case 2:
          c.encode({ size, opcode: [op * 8 + 4 + wide(size)], immediate: immediateOf(c, size) });
          return;
        case 3:
          c.encode({
            size,
            prefixes,
            opcode: [0x80 + wide(size)],
            reg: op,
            rm: c.operand(size),
            immediate: immediateOf(c, size),
          });
          return;
        default:
          c.encode({
            size,
            prefixes,
            opcode: [size === 1 ? (c.random.chance(50) ? 0x82 : 0x80) : 0x83],
            reg: op,
            rm: c.operand(size),
            immediate: immediateOf(c, 1),
          });
      }
    },
  };
}

/** Descriptors that are alike in the host's kernel and in core-processor.ts, null and out-of-table ones. */
const selectors = [0, 1, 2, 3, 0x23, 0x2b, 0x28, 0x2a, 0x33, 0x10, 0x18, 0x1b, 0xfff8, 0xfff3];

function simple(name: string, opcode: readonly number[], undefinedFlags = 0, modes: readonly Mode[] = both): CaseKind {
  return {
    name,
    modes,
    weight: 1,
    make(c) {
      c.undefinedFlags = undefinedFlags;
      c.encode({ opcode });
    },
  };
}

/** Flags of shifts: AF always; OF unless the count is 1; CF of SHL and SHR for counts beyond the operand. Count 0 changes none. */
function shiftUndefined(digit: number, count: number, bits: number): number {
  if (count === 0) return 0;
  let flags = count === 1 ? 0 : FLAG_OF;
  if (digit >= 4) flags |= FLAG_AF;
  if (digit >= 4 && digit !== 7 && count >= bits) flags |= FLAG_CF;
  return flags;
}

const shiftNames = ['ROL', 'ROR', 'RCL', 'RCR', 'SHL', 'SHR', 'SAL', 'SAR'];

function shift(digit: number): CaseKind {
  return {
    name: shiftNames[digit]!,
    modes: both,
    weight: 4,
    make(c) {
      const size = c.size();
      const mask = size === 8 ? 63 : 31;
      const r = c.random;
      const form = r.below(3);
      if (form === 0) {
        c.undefinedFlags = shiftUndefined(digit, 1, size * 8);
        c.encode({ size, opcode: [0xd0 + wide(size)], reg: digit, rm: c.operand(size) });
        return;
      }
      const count = r.chance(50) ? r.below(size * 8 + 2) : r.below(256);
      c.undefinedFlags = shiftUndefined(digit, count & mask, size * 8);
      if (form === 1) {
        c.encode({ size, opcode: [0xc0 + wide(size)], reg: digit, rm: c.operand(size), immediate: [count] });
        return;
      }
      c.pin(RCX, (r.quad() & ~0xffn) | BigInt(count));
      c.encode({ size, opcode: [0xd2 + wide(size)], reg: digit, rm: c.operand(size) });
    },
  };
}

function doubleShift(right: boolean): CaseKind {
  return {
    name: right ? 'SHRD' : 'SHLD',
    modes: both,
    weight: 3,
    make(c) {
      const size = c.size(false);
      const r = c.random;
      // Beyond the operand's 16 bits the destination itself is undefined (SHLD, "Operation"): not generated.
      const limit = size === 2 ? 17 : size * 8;
      const count = r.below(limit) + (size === 2 ? 0 : 32 * r.below(4) * (size === 8 ? 2 : 1));
      const used = count & (size === 8 ? 63 : 31);
      c.undefinedFlags = used === 0 ? 0 : FLAG_AF | (used === 1 ? 0 : FLAG_OF);
      const base = right ? 0xac : 0xa4;
      if (r.chance(50)) {
        c.encode({
          size,
          opcode: [0x0f, base],
          reg: c.register().index,
          rm: c.operand(size),
          immediate: [count & 0xff],
        });
        return;
      }
      c.pin(RCX, (r.quad() & ~0xffn) | BigInt(count & 0xff));
      c.encode({ size, opcode: [0x0f, base + 1], reg: c.register().index, rm: c.operand(size) });
    },
  };
}

function unary(name: string, digit: number, undefinedFlags: number): CaseKind {
  return {
    name,
    modes: both,
    weight: 3,
    make(c) {
      const size = c.size();
      c.undefinedFlags = undefinedFlags;
      const r = c.random;
      if (digit >= 6 && r.chance(85)) {
        // Quotients that fit: a high half below the divisor's likely size, or a sign extension.
        const low = size === 1 ? c.record.gpr(RAX) & 0xffn : c.record.gpr(RAX);
        const negative = digit === 7 && ((low >> BigInt(size * 8 - 1)) & 1n) === 1n;
        const high = r.chance(50) ? (negative ? -1n : 0n) : BigInt(r.below(200) - (digit === 7 ? 100 : 0));
        if (size === 1) c.pin(RAX, (c.record.gpr(RAX) & ~0xff00n) | (BigInt.asUintN(8, high) << 8n));
        else {
          c.pin(RAX);
          c.pin(RDX, high);
        }
      }
      c.encode({
        size,
        prefixes: digit < 4 ? lock(c, 8) : [],
        opcode: [0xf6 + wide(size)],
        reg: digit,
        rm: c.operand(size),
      });
    },
  };
}

function bitTest(digit: number): CaseKind {
  const name = ['BT', 'BTS', 'BTR', 'BTC'][digit - 4]!;
  return {
    name,
    modes: both,
    weight: 3,
    make(c) {
      const r = c.random;
      const size = c.size(false);
      c.undefinedFlags = FLAG_OF | FLAG_SF | FLAG_AF | FLAG_PF;
      const prefixes = lock(c, 8);
      if (r.chance(50)) {
        c.encode({ size, prefixes, opcode: [0x0f, 0xba], reg: digit, rm: c.operand(size), immediate: [r.below(256)] });
        return;
      }
      const opcode = [0x0f, 0xa3 + 8 * (digit - 4)];
      const reg = c.register().index;
      if (reg === RSP || r.chance(40)) {
        c.encode({ size, prefixes, opcode, reg, rm: c.register() });
        return;
      }
      // The bit offset reaches up to 128 bytes to either side.
      c.pin(reg, BigInt(r.below(2048) - 1024));
      c.encode({ size, prefixes, opcode, reg, rm: c.memoryAt(BigInt(WINDOW + 136 + r.below(240))) });
    },
  };
}

function twoOperand(name: string, opcode: readonly number[], undefinedFlags: number, weight = 2): CaseKind {
  return {
    name,
    modes: both,
    weight,
    make(c) {
      const size = c.size(false);
      c.undefinedFlags = undefinedFlags;
      c.encode({ size, opcode, reg: c.register().index, rm: c.operand(size) });
    },
  };
}

/** A displacement of a near branch that lands on INT3 in the case's own slot, not inside the instruction. */
function displacement8(c: CaseBuilder): number {
  return c.random.chance(50) ? c.random.below(120) : 0x80 + c.random.below(100);
}

function displacement32(c: CaseBuilder): number[] {
  const d = c.random.chance(50) ? c.random.below(200) : -20 - c.random.below(200);
  return littleEndian(d, 4);
}

function target(c: CaseBuilder): bigint {
  const r = c.random;
  if (r.chance(4)) return BigInt(0x30000000 + r.below(0x10000));
  if (c.mode === 64 && r.chance(2)) return 0x1234567890abcdefn;
  return BigInt(c.entry + 32 + r.below(128));
}

/** Branches depend on a target that must be reached by a plain `rm` operand holding a code address. */
function indirect(name: string, digit: number): CaseKind {
  return {
    name,
    modes: both,
    weight: 2,
    make(c) {
      const size = c.mode / 8;
      const value = target(c);
      c.pin(RSP);
      if (c.random.chance(50)) {
        const rm = c.register();
        if (rm.index !== RSP) c.pin(rm.index, value);
        c.encode({ opcode: [0xff], reg: digit, rm });
        return;
      }
      const rm = c.memory(size);
      c.writeWindow(rm.linear, value, size);
      c.encode({ opcode: [0xff], reg: digit, rm });
    },
  };
}

function placeStack(c: CaseBuilder, value: bigint): void {
  const size = c.mode / 8;
  const rsp = c.random.chance(5) ? BigInt(TAIL + 24 + c.random.below(16)) : BigInt(WINDOW + 200 + c.random.below(80));
  c.pin(RSP, rsp);
  c.writeWindow(rsp, value, size);
}

function stringOperation(name: string, opcode: number, reads: boolean, writes: boolean, compares: boolean): CaseKind {
  return {
    name,
    modes: both,
    weight: 3,
    make(c) {
      const r = c.random;
      const size = c.size();
      const prefixes: number[] = [];
      if (c.mode === 64 && r.chance(15)) prefixes.push(0x67);
      const repeat = r.below(3);
      const count = r.below(9);
      // With 32-bit addresses the upper halves do not count.
      const above = prefixes.length > 0 && r.chance(50) ? BigInt(r.next()) << 32n : 0n;
      let faults = false;
      if (repeat > 0) {
        prefixes.push(repeat === 1 ? 0xf3 : 0xf2);
        c.pin(RCX, above | BigInt(count));
      }
      const place = () => {
        if (r.chance(5)) {
          faults = true;
          return BigInt(TAIL + 32 - size * r.below(4) - r.below(2));
        }
        return BigInt(WINDOW + 80 + r.below(350));
      };
      let from = 0n;
      if (reads) {
        from = place();
        c.pin(RSI, above | from);
      }
      if (writes || compares) {
        // Overlapping copies too; comparisons often of equal text.
        const to = reads && r.chance(20) ? from + BigInt(r.below(9) - 4) : place();
        c.pin(RDI, above | to);
        if (compares && r.chance(60)) {
          for (let at = -72; at < 72; at += 8) {
            if (reads) c.writeWindow(from + BigInt(at), 0x4141414141414141n, 8);
            c.writeWindow(to + BigInt(at), 0x4141414141414141n, 8);
          }
          if (!reads) c.setGpr(RAX, 0x4141414141414141n);
          const odd = BigInt(r.below(48) - 24);
          c.writeWindow(to + odd, BigInt(r.below(256)), 1);
        }
      }
      // A fault in the middle of REP CMPS or SCAS leaves the flags of an earlier element (section 7.3.9.1: not specified).
      if (compares && faults) c.undefinedFlags = ARITHMETIC_FLAGS;
      c.encode({ size, prefixes, opcode: [opcode + wide(size)] });
    },
  };
}

function conditional(name: string, opcode: (c: CaseBuilder) => readonly number[], form: 'rel8' | 'rel32'): CaseKind {
  return {
    name,
    modes: both,
    weight: 3,
    make(c) {
      c.encode({ opcode: opcode(c), immediate: form === 'rel8' ? [displacement8(c)] : displacement32(c) });
    },
  };
}

export const integerCases: readonly CaseKind[] = [
  ...aluNames.map((_, op) => alu(op)),
  ...shiftNames.map((_, digit) => shift(digit)),
  doubleShift(false),
  doubleShift(true),
  {
    name: 'TEST',
    modes: both,
    weight: 3,
    make(c) {
      const size = c.size();
      c.undefinedFlags = FLAG_AF;
      const form = c.random.below(3);
      if (form === 0) c.encode({ size, opcode: [0x84 + wide(size)], reg: c.register().index, rm: c.operand(size) });
      else if (form === 1) c.encode({ size, opcode: [0xa8 + wide(size)], immediate: immediateOf(c, size) });
      else
        c.encode({
          size,
          opcode: [0xf6 + wide(size)],
          reg: c.random.below(2),
          rm: c.operand(size),
          immediate: immediateOf(c, size),
        });
    },
  },
  unary('NOT', 2, 0),
  unary('NEG', 3, 0),
  unary('MUL', 4, FLAG_SF | FLAG_ZF | FLAG_AF | FLAG_PF),
  unary('IMUL', 5, FLAG_SF | FLAG_ZF | FLAG_AF | FLAG_PF),
  unary('DIV', 6, ARITHMETIC_FLAGS),
  unary('IDIV', 7, ARITHMETIC_FLAGS),
  {
    name: 'INC DEC',
    modes: both,
    weight: 3,
    make(c) {
      const size = c.size();
      c.encode({
        size,
        prefixes: lock(c, 8),
        opcode: [0xfe + wide(size)],
        reg: c.random.below(2),
        rm: c.operand(size),
      });
    },
  },
  {
    name: 'INC DEC short',
    modes: only32,
    weight: 1,
    make(c) {
      c.encode({ size: c.size(false), opcode: [0x40 + 8 * c.random.below(2)], opcodeRegister: c.register().index });
    },
  },
  twoOperand('IMUL 0FAF', [0x0f, 0xaf], FLAG_SF | FLAG_ZF | FLAG_AF | FLAG_PF),
  {
    name: 'IMUL immediate',
    modes: both,
    weight: 2,
    make(c) {
      const size = c.size(false);
      const isByte = c.random.chance(50);
      c.undefinedFlags = FLAG_SF | FLAG_ZF | FLAG_AF | FLAG_PF;
      c.encode({
        size,
        opcode: [isByte ? 0x6b : 0x69],
        reg: c.register().index,
        rm: c.operand(size),
        immediate: immediateOf(c, isByte ? 1 : size),
      });
    },
  },
  ...[4, 5, 6, 7].map(bitTest),
  {
    name: 'BSF BSR',
    modes: both,
    weight: 3,
    make(c) {
      const size = c.size(false);
      c.undefinedFlags = FLAG_CF | FLAG_OF | FLAG_SF | FLAG_AF | FLAG_PF;
      // A zero source leaves the destination undefined; both makers keep it (AMD documents so).
      c.encode({ size, opcode: [0x0f, 0xbc + c.random.below(2)], reg: c.register().index, rm: c.operand(size) });
    },
  },
  {
    name: 'POPCNT',
    modes: both,
    weight: 2,
    make(c) {
      const size = c.size(false);
      c.encode({ size, prefixes: [0xf3], opcode: [0x0f, 0xb8], reg: c.register().index, rm: c.operand(size) });
    },
  },
  {
    name: 'BSWAP',
    modes: both,
    weight: 1,
    make(c) {
      c.encode({
        size: c.mode === 64 && c.random.chance(50) ? 8 : 4,
        opcode: [0x0f, 0xc8],
        opcodeRegister: c.register().index,
      });
    },
  },
  {
    name: 'MOVZX MOVSX',
    modes: both,
    weight: 3,
    make(c) {
      const size = c.size(false);
      const from = 1 + c.random.below(2);
      c.encode({
        size,
        opcode: [0x0f, c.random.pick([0xb6, 0xbe]) + from - 1],
        reg: c.register().index,
        rm: c.operand(from),
      });
    },
  },
  {
    name: 'MOVSXD',
    modes: only64,
    weight: 1,
    make(c) {
      c.encode({ size: c.random.pick([4, 8, 8]), opcode: [0x63], reg: c.register().index, rm: c.operand(4) });
    },
  },
  {
    name: 'MOV',
    modes: both,
    weight: 6,
    make(c) {
      const size = c.size();
      const r = c.random;
      switch (r.below(5)) {
        case 0:
          c.encode({ size, opcode: [0x88 + wide(size)], reg: c.register().index, rm: c.operand(size) });
          return;
        case 1:
          c.encode({ size, opcode: [0x8a + wide(size)], reg: c.register().index, rm: c.operand(size) });
          return;
        case 2:
          c.encode({ size, opcode: [0xc6 + wide(size)], reg: 0, rm: c.operand(size), immediate: immediateOf(c, size) });
          return;
        case 3:
          c.encode({
            size,
            opcode: [size === 1 ? 0xb0 : 0xb8],
            opcodeRegister: c.register().index,
            immediate: littleEndian(r.integer(size), size),
          });
          return;
        default: {
          const prefixes = c.mode === 64 && r.chance(20) ? [0x67] : [];
          c.encode({
            size,
            prefixes,
            opcode: [r.pick([0xa0, 0xa2]) + wide(size)],
            immediate: littleEndian(c.place(size), prefixes.length > 0 ? 4 : c.mode / 8),
          });
        }
      }
    },
  },
  {
    name: 'LEA',
    modes: both,
    weight: 3,
    make(c) {
      const linear = c.random.chance(50) ? BigInt.asUintN(c.mode, c.random.quad()) : c.place(1);
      c.encode({ size: c.size(false), opcode: [0x8d], reg: c.register().index, rm: c.memoryAt(linear) });
    },
  },
  {
    name: 'LEA 16-bit address',
    modes: only32,
    weight: 1,
    make(c) {
      const mod = c.random.below(3);
      const rm = c.random.below(8);
      const bytes = mod === 0 && rm === 6 ? 2 : mod;
      c.encode({
        size: c.size(false),
        prefixes: [0x67],
        opcode: [0x8d, (mod << 6) | (c.random.below(8) << 3) | rm],
        immediate: littleEndian(c.random.quad(), bytes),
      });
    },
  },
  {
    name: 'XCHG',
    modes: both,
    weight: 3,
    make(c) {
      const size = c.size();
      if (size > 1 && c.random.chance(25)) c.encode({ size, opcode: [0x90], opcodeRegister: c.register().index });
      else
        c.encode({
          size,
          prefixes: lock(c, 10),
          opcode: [0x86 + wide(size)],
          reg: c.register().index,
          rm: c.operand(size),
        });
    },
  },
  {
    name: 'XADD',
    modes: both,
    weight: 2,
    make(c) {
      const size = c.size();
      c.encode({
        size,
        prefixes: lock(c, 20),
        opcode: [0x0f, 0xc0 + wide(size)],
        reg: c.register().index,
        rm: c.operand(size),
      });
    },
  },
  {
    name: 'CMPXCHG',
    modes: both,
    weight: 3,
    make(c) {
      const size = c.size();
      const rm = c.operand(size);
      if (rm.kind === 'memory' && c.random.chance(50)) {
        c.pin(RAX);
        c.writeWindow(rm.linear, c.record.gpr(RAX), size);
      } else if (rm.kind === 'register' && c.random.chance(50)) c.setGpr(RAX, c.record.gpr(rm.index));
      c.encode({ size, prefixes: lock(c, 30), opcode: [0x0f, 0xb0 + wide(size)], reg: c.register().index, rm });
    },
  },
  {
    name: 'CMPXCHG8B 16B',
    modes: both,
    weight: 3,
    make(c) {
      const isWide = c.mode === 64 && c.random.chance(50);
      for (const i of [RAX, RBX, RCX, RDX]) c.pin(i);
      const rm = c.memory(isWide ? 16 : 8, isWide && c.random.chance(90) ? 16 : 1);
      if (c.random.chance(60)) {
        const half = isWide ? 8 : 4;
        c.writeWindow(rm.linear, c.record.gpr(RAX), half);
        c.writeWindow(rm.linear + BigInt(half), c.record.gpr(RDX), half);
      }
      c.encode({ size: isWide ? 8 : 4, prefixes: lock(c, 40), opcode: [0x0f, 0xc7], reg: 1, rm });
    },
  },
  {
    name: 'SETcc',
    modes: both,
    weight: 3,
    make(c) {
      c.encode({ opcode: [0x0f, 0x90 + c.random.below(16)], reg: c.random.below(8), rm: c.operand(1) });
    },
  },
  {
    name: 'CMOVcc',
    modes: both,
    weight: 3,
    make(c) {
      const size = c.size(false);
      c.encode({ size, opcode: [0x0f, 0x40 + c.random.below(16)], reg: c.register().index, rm: c.operand(size) });
    },
  },
  conditional('Jcc short', (c) => [0x70 + c.random.below(16)], 'rel8'),
  conditional('Jcc near', (c) => [0x0f, 0x80 + c.random.below(16)], 'rel32'),
  conditional('JMP short', () => [0xeb], 'rel8'),
  conditional('JMP near', () => [0xe9], 'rel32'),
  conditional('CALL near', () => [0xe8], 'rel32'),
  {
    name: 'LOOP JCXZ',
    modes: both,
    weight: 3,
    make(c) {
      const high = c.random.chance(30) ? c.random.quad() & ~0xffffffffn : 0n;
      c.pin(RCX, high | BigInt(c.random.below(3)));
      const prefixes = c.random.chance(30) ? [0x67] : [];
      c.encode({ prefixes, opcode: [0xe0 + c.random.below(4)], immediate: [displacement8(c)] });
    },
  },
  indirect('CALL indirect', 2),
  indirect('JMP indirect', 4),
  {
    name: 'RET',
    modes: both,
    weight: 3,
    make(c) {
      placeStack(c, target(c));
      if (c.random.chance(50)) c.encode({ opcode: [0xc3] });
      else c.encode({ opcode: [0xc2], immediate: littleEndian(c.random.next(), 2) });
    },
  },
  {
    name: 'PUSH',
    modes: both,
    weight: 3,
    make(c) {
      const size = c.random.chance(30) ? 2 : 4;
      c.pin(RSP);
      if (c.random.chance(5)) c.pin(RSP, BigInt(0x10000000 + c.random.below(8)));
      switch (c.random.below(4)) {
        case 0:
          c.encode({ size, opcode: [0x50], opcodeRegister: c.register().index });
          return;
        case 1:
          c.encode({ size, opcode: [0x68], immediate: immediateOf(c, size) });
          return;
        case 2:
          c.encode({ size, opcode: [0x6a], immediate: immediateOf(c, 1) });
          return;
        default:
          c.encode({ size, opcode: [0xff], reg: 6, rm: c.operand(size === 2 ? 2 : c.mode / 8) });
      }
    },
  },
  {
    name: 'POP',
    modes: both,
    weight: 3,
    make(c) {
      const size = c.random.chance(30) ? 2 : 4;
      placeStack(c, c.random.quad());
      if (c.random.chance(50)) c.encode({ size, opcode: [0x58], opcodeRegister: c.register().index });
      else if (c.random.chance(30)) {
        // RSP as the base counts after the increment.
        c.encode({
          size,
          opcode: [0x8f],
          reg: 0,
          rm: {
            kind: 'memory',
            linear: 0n,
            mod: 1,
            rm: 4,
            sib: 0x24,
            rexX: 0,
            rexB: 0,
            displacement: [c.random.below(64)],
            isRipRelative: false,
            isBased: false,
            isShort: false,
          },
        });
      } else c.encode({ size, opcode: [0x8f], reg: 0, rm: c.operand(size === 2 ? 2 : c.mode / 8) });
    },
  },
  {
    name: 'PUSHF',
    modes: both,
    weight: 1,
    make(c) {
      c.encode({ size: c.random.pick([2, 4]), opcode: [0x9c] });
    },
  },
  {
    name: 'POPF',
    modes: both,
    weight: 2,
    make(c) {
      // NT and ID would stay set for the native runner's later cases. With TF, INT3 still comes first.
      c.pin(RSP, BigInt(WINDOW + 200 + c.random.below(80)));
      c.writeWindow(c.record.gpr(RSP), c.random.quad() & 0x3fffffn & ~0x204000n, 8);
      c.encode({ size: c.random.pick([2, 4]), opcode: [0x9d] });
    },
  },
  {
    name: 'PUSHA POPA',
    modes: only32,
    weight: 2,
    make(c) {
      c.encode({ size: c.size(false), opcode: [c.random.pick([0x60, 0x61])] });
    },
  },
  {
    name: 'ENTER',
    modes: both,
    weight: 2,
    make(c) {
      c.pin(RBP, BigInt(WINDOW + 256 + c.random.below(64)));
      const size = c.random.chance(20) ? 2 : 4;
      c.encode({
        size,
        opcode: [0xc8],
        immediate: [c.random.below(96), 0, c.random.chance(50) ? 0 : c.random.below(8)],
      });
    },
  },
  {
    name: 'LEAVE',
    modes: both,
    weight: 1,
    make(c) {
      const at = c.random.chance(90) ? BigInt(WINDOW + c.random.below(500)) : c.place(8);
      c.pin(RBP, at);
      c.encode({ size: c.random.chance(20) ? 2 : 4, opcode: [0xc9] });
    },
  },
  simple('LAHF', [0x9f]),
  simple('SAHF', [0x9e]),
  simple('CMC', [0xf5]),
  simple('CLC', [0xf8]),
  simple('STC', [0xf9]),
  simple('CLD', [0xfc]),
  simple('STD', [0xfd]),
  simple('INTO', [0xce], 0, only32),
  simple('SALC', [0xd6], 0, only32),
  simple('AAA', [0x37], FLAG_OF | FLAG_SF | FLAG_ZF | FLAG_PF, only32),
  simple('AAS', [0x3f], FLAG_OF | FLAG_SF | FLAG_ZF | FLAG_PF, only32),
  simple('DAA', [0x27], FLAG_OF, only32),
  simple('DAS', [0x2f], FLAG_OF, only32),
  {
    name: 'AAM AAD',
    modes: only32,
    weight: 2,
    make(c) {
      c.undefinedFlags = FLAG_OF | FLAG_AF | FLAG_CF;
      c.encode({ opcode: [c.random.pick([0xd4, 0xd5])], immediate: [c.random.chance(40) ? 10 : c.random.below(256)] });
      if (c.record.code.includes(0xd4) && c.record.code[c.record.code.length - 1] === 0)
        c.undefinedFlags = ARITHMETIC_FLAGS;
    },
  },
  {
    name: 'CBW CWD',
    modes: both,
    weight: 2,
    make(c) {
      c.encode({ size: c.size(false), opcode: [c.random.pick([0x98, 0x99])] });
    },
  },
  {
    name: 'XLAT',
    modes: both,
    weight: 1,
    make(c) {
      c.pin(RBX, BigInt(WINDOW + c.random.below(256)));
      c.encode({ opcode: [0xd7] });
    },
  },
  stringOperation('MOVS', 0xa4, true, true, false),
  stringOperation('CMPS', 0xa6, true, false, true),
  stringOperation('STOS', 0xaa, false, true, false),
  stringOperation('LODS', 0xac, true, false, false),
  stringOperation('SCAS', 0xae, false, false, true),
  {
    name: 'BOUND',
    modes: only32,
    weight: 1,
    make(c) {
      const size = c.size(false);
      const rm = c.memory(size * 2);
      const low = BigInt.asIntN(size * 8, c.random.integer(size));
      c.writeWindow(rm.linear, low, size);
      c.writeWindow(rm.linear + BigInt(size), low + BigInt(c.random.below(1000)), size);
      const reg = c.register().index;
      c.encode({ size, opcode: [0x62], reg, rm });
    },
  },
  {
    name: 'ARPL',
    modes: only32,
    weight: 1,
    make(c) {
      // Whether a read-only segment faults depends on whether the selector changes: the core checks in any case.
      c.encode({ opcode: [0x63], reg: c.register().index, rm: c.operand(2), isPlain: true });
    },
  },
  {
    name: 'LAR LSL VERR VERW',
    modes: both,
    weight: 2,
    make(c) {
      const rm = c.register();
      c.setGpr(rm.index, BigInt(c.random.pick(selectors)));
      if (c.random.chance(50)) c.encode({ opcode: [0x0f, 0x00], reg: 4 + c.random.below(2), rm });
      else c.encode({ size: c.size(false), opcode: [0x0f, 0x02 + c.random.below(2)], reg: c.register().index, rm });
    },
  },
  {
    name: 'segment registers',
    modes: only32,
    weight: 3,
    make(c) {
      const r = c.random;
      const form = r.below(4);
      // ES CS SS DS are as in the native process; FS and GS are not.
      if (form === 0) c.encode({ size: c.size(false), opcode: [0x8c], reg: r.below(4), rm: c.operand(2) });
      else if (form === 1) c.encode({ size: c.size(false), opcode: [r.pick([0x06, 0x0e, 0x16, 0x1e])] });
      else if (form === 2) {
        placeStack(c, BigInt(r.pick(selectors)) | (r.quad() & ~0xffffn));
        c.encode({ size: c.size(false), opcode: [r.pick([0x07, 0x1f])] });
      } else {
        const rm = c.register();
        c.setGpr(rm.index, BigInt(r.pick(selectors)) | (r.quad() & ~0xffffn));
        c.encode({ opcode: [0x8e], reg: r.pick([0, 3, 1]), rm });
      }
    },
  },
  {
    name: 'privileged',
    modes: both,
    weight: 2,
    make(c) {
      // HLT CLI STI IN OUT INS OUTS CLTS INVD WBINVD MOV CRn, LGDT LIDT LMSW INVLPG RDMSR WRMSR
      const r = c.random;
      c.encode({
        opcode: r.pick([
          [0xf4],
          [0xfa],
          [0xfb],
          [0xec],
          [0xee],
          [0xe4, 0x60],
          [0xe6, 0x60],
          [0x6c],
          [0x6e],
          [0x0f, 0x06],
          [0x0f, 0x08],
          [0x0f, 0x09],
          [0x0f, 0x20, 0xc0],
          [0x0f, 0x22, 0xd8],
          [0x0f, 0x21, 0xc0],
          [0x0f, 0x01, 0x10],
          [0x0f, 0x01, 0x18],
          [0x0f, 0x01, 0xf0],
          [0x0f, 0x01, 0x38],
          [0x0f, 0x32],
          [0x0f, 0x30],
        ]),
      });
    },
  },
  {
    name: 'INT n',
    modes: both,
    weight: 1,
    make(c) {
      c.encode({ opcode: [0xcd], immediate: [c.random.pick([0, 1, 2, 5, 6, 13, 14, 32, 48, 129, 255])] });
    },
  },
  {
    name: 'undefined opcodes',
    modes: both,
    weight: 2,
    make(c) {
      const r = c.random;
      const invalid64 = [
        0x06, 0x07, 0x0e, 0x16, 0x17, 0x1e, 0x1f, 0x27, 0x2f, 0x37, 0x3f, 0x60, 0x61, 0x62, 0x9a, 0xce, 0xd4, 0xd5,
        0xd6, 0xea,
      ];
      if (c.mode === 64 && r.chance(40))
        c.encode({ opcode: [r.pick(invalid64.filter((b) => b !== 0x62)), 0xc0, 0xc0, 0, 0, 0, 0] });
      else
        c.encode({
          opcode: r.pick([
            [0x0f, 0x0b],
            [0x0f, 0xff, 0xc0],
            [0x0f, 0xb9, 0xc0],
            [0x0f, 0x04],
            [0x0f, 0x0a],
            [0x0f, 0x0c],
            [0x0f, 0x24, 0xc0],
            [0x0f, 0x36],
            [0x0f, 0xa6, 0xc0],
            [0x0f, 0xa7, 0xc8],
            [0x8d, 0xc0],
            [0x8c, 0xf8],
            [0xc6, 0xc8, 0],
            [0xfe, 0xd0],
            [0xff, 0xf8],
            [0x8f, 0xc8],
            [0x0f, 0xc7, 0xc8],
            [0x0f, 0xba, 0xc0, 1],
            [0xf0, 0x90],
            [0xf0, 0x03, 0xc3],
            [0xf0, 0x39, 0x03],
            [0x0f, 0x0f, 0xc0, 0],
            [0x0f, 0x39],
            [0x0f, 0x38, 0xff, 0xc0],
            [0x0f, 0x3a, 0x00, 0xc0, 0],
            [0x0f, 0x7a, 0xc0],
          ]),
        });
    },
  },
  {
    name: 'NOP hints fences',
    modes: both,
    weight: 1,
    make(c) {
      const r = c.random;
      const form = r.below(4);
      if (form === 0) c.encode({ size: c.size(false), opcode: [0x0f, 0x1f], reg: r.below(8), rm: c.operand(4) });
      else if (form === 1) c.encode({ opcode: [0x0f, 0x18], reg: r.below(4), rm: c.memory(1) });
      else if (form === 2) c.encode({ opcode: [0x0f, 0x0d], reg: 1, rm: c.memory(1) });
      else
        c.encode({
          opcode: r.pick([[0xf3, 0x90], [0x90], [0x0f, 0xae, 0xe8], [0x0f, 0xae, 0xf0], [0x0f, 0xae, 0xf8]]),
        });
    },
  },
  {
    name: 'jump to an unmapped page',
    modes: both,
    weight: 1,
    make(c) {
      c.encode({ opcode: [0xe9], immediate: littleEndian(0x30000000 - CODE_BASE + c.random.below(0x1000), 4) });
    },
  },
];
