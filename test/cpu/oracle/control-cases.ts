// Generators for branches, the stack, flag moves, string instructions, segment registers, and what must fault: privileged and
// undefined instructions. Undefined flags as in integer-cases.ts.
import { ARITHMETIC_FLAGS, CODE_BASE, TAIL, WINDOW } from './case-format.ts';
import { both, type CaseKind, immediateOf, only32, simple, wide } from './case-kind.ts';
import { type CaseBuilder, littleEndian, RAX, RBP, RCX, RDI, RSI, RSP } from './encoder.ts';

/** Descriptors that are alike in the host's kernel and in core-processor.ts, null and out-of-table ones. */
const selectors = [0, 1, 2, 3, 0x23, 0x2b, 0x28, 0x2a, 0x33, 0x10, 0x18, 0x1b, 0xfff8, 0xfff3];

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
      // Long enough for the core's copies and fills in one piece; what they write stays in the compared window.
      const isLong = !compares && r.chance(20);
      const count = isLong ? 9 + r.below(16) : r.below(9);
      // With 32-bit addresses the upper halves do not count.
      const above = prefixes.length > 0 && r.chance(50) ? BigInt(r.next()) << 32n : 0n;
      let faults = false;
      if (repeat > 0) {
        prefixes.push(repeat === 1 ? 0xf3 : 0xf2);
        c.pin(RCX, above | BigInt(count));
      }
      const place = () => {
        if (isLong) return BigInt(WINDOW + 200 + r.below(112));
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

export const controlCases: readonly CaseKind[] = [
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
