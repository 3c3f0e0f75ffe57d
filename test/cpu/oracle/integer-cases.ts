// Generators for the user-mode integer instructions: arithmetic, logic, shifts, bits, moves. Each names the flags that the manual
// (Intel SDM volume 2, the instruction's own page, "Flags Affected") leaves undefined.
import { ARITHMETIC_FLAGS, FLAG_AF, FLAG_CF, FLAG_OF, FLAG_PF, FLAG_SF, FLAG_ZF, WINDOW } from './case-format.ts';
import { both, type CaseKind, immediateOf, only32, only64, simple, wide } from './case-kind.ts';
import { type CaseBuilder, littleEndian, RAX, RBX, RCX, RDX, RSP } from './encoder.ts';

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
];
