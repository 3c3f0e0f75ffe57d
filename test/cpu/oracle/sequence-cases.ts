// Short sequences of integer instructions, for what single instructions cannot show: flags that one instruction leaves lazily
// for another to read, partial registers, fused compare and branch, blocks of several instructions. Only instructions whose
// flags are all defined (AF aside, which nothing here reads), on registers and fixed memory.
import { FLAG_AF, WINDOW, WINDOW_SIZE } from './case-format.ts';
import type { CaseKind } from './case-kind.ts';
import { type CaseBuilder, littleEndian, type MemoryOperand, type Operand, RSP } from './encoder.ts';

const longest = 31;

/** An absolute address: it does not depend on what the sequence did to registers. */
function fixedMemory(c: CaseBuilder, size: number): MemoryOperand {
  const linear = BigInt(WINDOW + c.random.below(WINDOW_SIZE - size));
  const absolute = { mod: 0, rm: c.mode === 64 ? 4 : 5, sib: c.mode === 64 ? 0x25 : undefined };
  return {
    kind: 'memory',
    linear,
    ...absolute,
    rexX: 0,
    rexB: 0,
    displacement: littleEndian(linear, 4),
    isRipRelative: false,
    isBased: false,
    isShort: false,
  };
}

function register(c: CaseBuilder): number {
  // Few registers, so that the instructions depend on each other; the stack pointer stays.
  const pool = c.mode === 64 ? [0, 1, 2, 3, 8] : [0, 1, 2, 3];
  return c.random.pick(pool);
}

function operand(c: CaseBuilder, size: number): Operand {
  return c.random.chance(75) ? { kind: 'register', index: register(c) } : fixedMemory(c, size);
}

const wide = (size: number) => (size === 1 ? 0 : 1);

const steps: readonly ((c: CaseBuilder) => void)[] = [
  (c) => {
    const size = c.size();
    c.encode({
      size,
      opcode: [c.random.below(8) * 8 + c.random.pick([0, 2]) + wide(size)],
      reg: register(c),
      rm: operand(c, size),
      isPlain: true,
    });
  },
  (c) => {
    const size = c.size();
    c.encode({
      size,
      opcode: [size === 1 ? 0x80 : 0x83],
      reg: c.random.below(8),
      rm: operand(c, size),
      immediate: [c.random.below(256)],
      isPlain: true,
    });
  },
  (c) => {
    const size = c.size();
    c.encode({ size, opcode: [0x84 + wide(size)], reg: register(c), rm: operand(c, size), isPlain: true });
  },
  (c) => {
    const size = c.size();
    c.encode({ size, opcode: [0xfe + wide(size)], reg: c.random.below(2), rm: operand(c, size), isPlain: true });
  },
  (c) => {
    const size = c.size();
    c.encode({ size, opcode: [0xf6 + wide(size)], reg: 2 + c.random.below(2), rm: operand(c, size), isPlain: true });
  },
  // Shifts and rotates by one.
  (c) => {
    const size = c.size();
    c.encode({ size, opcode: [0xd0 + wide(size)], reg: c.random.below(8), rm: operand(c, size), isPlain: true });
  },
  (c) => c.encode({ opcode: [0x0f, 0x90 + c.random.below(16)], reg: 0, rm: operand(c, 1), isPlain: true }),
  (c) => {
    const size = c.size(false);
    c.encode({
      size,
      opcode: [0x0f, 0x40 + c.random.below(16)],
      reg: register(c),
      rm: operand(c, size),
      isPlain: true,
    });
  },
  // To INT3 well behind the sequence.
  (c) => c.encode({ opcode: [0x70 + c.random.below(16)], immediate: [64 + c.random.below(50)], isPlain: true }),
  (c) => c.encode({ opcode: [c.random.pick([0xf5, 0xf8, 0xf9, 0x9e])], isPlain: true }),
  (c) => {
    const size = c.size();
    c.encode({
      size,
      opcode: [0x88 + c.random.pick([0, 2]) + wide(size)],
      reg: register(c),
      rm: operand(c, size),
      isPlain: true,
    });
  },
  (c) => {
    const size = c.size();
    c.encode({
      size,
      opcode: [0x0f, c.random.pick([0xb0, 0xc0]) + wide(size)],
      reg: register(c),
      rm: operand(c, size),
      isPlain: true,
    });
  },
  (c) => {
    const size = c.size(false);
    c.encode({ size, prefixes: [0xf3], opcode: [0x0f, 0xb8], reg: register(c), rm: operand(c, size), isPlain: true });
  },
  (c) => {
    const size = c.size(false);
    c.encode({ size, opcode: [0x0f, c.random.pick([0xb6, 0xbe])], reg: register(c), rm: operand(c, 1), isPlain: true });
  },
  (c) => c.encode({ opcode: [c.random.pick([0x50, 0x58])], opcodeRegister: register(c), isPlain: true }),
  (c) => c.encode({ size: c.size(false), opcode: [c.random.pick([0x98, 0x99])], isPlain: true }),
];

export const sequenceCases: readonly CaseKind[] = [
  {
    name: 'sequence',
    modes: [32, 64],
    weight: 1,
    make(c) {
      c.undefinedFlags = FLAG_AF;
      c.record.eflags &= ~0x40000;
      c.setGpr(RSP, BigInt(WINDOW + 256));
      const code: number[] = [];
      const wanted = 2 + c.random.below(8);
      for (let i = 0; i < wanted; i++) {
        c.random.pick(steps)(c);
        const next = c.record.code;
        if (code.length + next.length > longest) break;
        code.push(...next);
      }
      c.record.code = code;
    },
  },
];
