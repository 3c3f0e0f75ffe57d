// What the translator knows of the core's operations (core/ops.ts): families and forms, by their numbering there.
import * as ops from '../core/ops.ts';

export type Width = 8 | 16 | 32 | 64;

/** Conditional and unconditional direct branches and calls: they have a link. */
export function isTakenBranch(op: number): boolean {
  return (op >= ops.OP_JO && op <= ops.OP_CALL32) || op === ops.OP_CALL64;
}
export function isConditional(op: number): boolean {
  return op >= ops.OP_JO && op <= ops.OP_JNLE;
}
export function isCall(op: number): boolean {
  return op === ops.OP_CALL32 || op === ops.OP_CALL64;
}
export function isReturn(op: number): boolean {
  return op === ops.OP_RET32 || op === ops.OP_RET64;
}

export type AluForm = 'RR' | 'RI' | 'RM' | 'MR' | 'MI';
export type AluKind = 'add' | 'or' | 'adc' | 'sbb' | 'and' | 'sub' | 'xor' | 'cmp';

const ALU_KINDS: readonly AluKind[] = ['add', 'or', 'adc', 'sbb', 'and', 'sub', 'xor', 'cmp'];
const ALU_FORMS: readonly AluForm[] = ['RR', 'RI', 'RM', 'MR', 'MI'];
const WIDTHS: readonly Width[] = [8, 32, 64];

/** ADD .. CMP in five forms and three widths. */
export function aluOf(op: number): { kind: AluKind; form: AluForm; width: Width } | null {
  const number = op - ops.OP_ADD8_RR;
  if (number < 0 || number >= 120) return null;
  return {
    width: WIDTHS[Math.floor(number / 40)]!,
    form: ALU_FORMS[Math.floor((number % 40) / 8)]!,
    kind: ALU_KINDS[number % 8]!,
  };
}

export type TestForm = 'RR' | 'RI' | 'MR' | 'MI';
const TEST_FORMS: readonly TestForm[] = ['RR', 'RI', 'MR', 'MI'];

/** TEST, alone (`fused` null) or joined to the conditional branch behind it: for equality (Z) or other facts (X). */
export function testOf(op: number): { form: TestForm; width: Width; fused: 'Z' | 'X' | null } | null {
  for (const [start, fused] of [
    [ops.OP_TEST8_RR, null],
    [ops.OP_TESTZ8_RR, 'Z'],
    [ops.OP_TESTX8_RR, 'X'],
  ] as const) {
    const number = op - start;
    if (number >= 0 && number < 12)
      return { form: TEST_FORMS[number % 4]!, width: WIDTHS[Math.floor(number / 4)]!, fused };
  }
  return null;
}

/** CMP joined to the conditional branch behind it. */
export function fusedCompareOf(op: number): { form: AluForm; width: Width; fused: 'Z' | 'X' } | null {
  for (const [start, fused] of [
    [ops.OP_CMPZ8_RR, 'Z'],
    [ops.OP_CMPX8_RR, 'X'],
  ] as const) {
    const number = op - start;
    if (number >= 0 && number < 15)
      return { form: ALU_FORMS[number % 5]!, width: WIDTHS[Math.floor(number / 5)]!, fused };
  }
  return null;
}

export type MoveForm = 'RR' | 'RI' | 'RM' | 'MR' | 'MI';
const MOVE_WIDTHS: readonly Width[] = [8, 16, 32, 64];

export function moveOf(op: number): { form: MoveForm; width: Width } | null {
  const number = op - ops.OP_MOV8_RR;
  if (number < 0 || number >= 20) return null;
  return { form: ALU_FORMS[number % 5]!, width: MOVE_WIDTHS[Math.floor(number / 5)]! };
}

/** INC and DEC of registers and memory. */
export function stepOf(op: number): { isDecrement: boolean; isMemory: boolean; width: Width } | null {
  const number = op - ops.OP_INC8_R;
  if (number < 0 || number >= 12) return null;
  return { width: WIDTHS[Math.floor(number / 4)]!, isDecrement: (number & 2) !== 0, isMemory: (number & 1) !== 0 };
}

export interface Extension {
  from: 8 | 16 | 32;
  to: 32 | 64;
  isSigned: boolean;
  isMemory: boolean;
}
const EXTENSIONS: readonly Extension[] = [
  { from: 8, to: 32, isSigned: false },
  { from: 16, to: 32, isSigned: false },
  { from: 8, to: 32, isSigned: true },
  { from: 16, to: 32, isSigned: true },
  { from: 8, to: 64, isSigned: true },
  { from: 16, to: 64, isSigned: true },
  { from: 32, to: 64, isSigned: true },
].flatMap((extension) => [
  { ...extension, isMemory: false } as Extension,
  { ...extension, isMemory: true } as Extension,
]);

/** MOVZX and MOVSX. */
export function extensionOf(op: number): Extension | null {
  return EXTENSIONS[op - ops.OP_MOVZX8_R] ?? null;
}

export type ShiftKind = 'shl' | 'shr' | 'sar' | 'rol' | 'ror';

/** Shifts and rotates of registers, by an immediate (never 0) or by CL. */
export function shiftOf(op: number): { kind: ShiftKind; width: 32 | 64; byCl: boolean } | null {
  return shifts.get(op) ?? null;
}
const shifts = new Map<number, { kind: ShiftKind; width: 32 | 64; byCl: boolean }>([
  [ops.OP_SHL32_RI, { kind: 'shl', width: 32, byCl: false }],
  [ops.OP_SHR32_RI, { kind: 'shr', width: 32, byCl: false }],
  [ops.OP_SAR32_RI, { kind: 'sar', width: 32, byCl: false }],
  [ops.OP_SHL64_RI, { kind: 'shl', width: 64, byCl: false }],
  [ops.OP_SHR64_RI, { kind: 'shr', width: 64, byCl: false }],
  [ops.OP_SAR64_RI, { kind: 'sar', width: 64, byCl: false }],
  [ops.OP_ROL32_RI, { kind: 'rol', width: 32, byCl: false }],
  [ops.OP_ROR32_RI, { kind: 'ror', width: 32, byCl: false }],
  [ops.OP_ROL64_RI, { kind: 'rol', width: 64, byCl: false }],
  [ops.OP_ROR64_RI, { kind: 'ror', width: 64, byCl: false }],
  [ops.OP_SHL32_RC, { kind: 'shl', width: 32, byCl: true }],
  [ops.OP_SHR32_RC, { kind: 'shr', width: 32, byCl: true }],
  [ops.OP_SAR32_RC, { kind: 'sar', width: 32, byCl: true }],
  [ops.OP_SHL64_RC, { kind: 'shl', width: 64, byCl: true }],
  [ops.OP_SHR64_RC, { kind: 'shr', width: 64, byCl: true }],
  [ops.OP_SAR64_RC, { kind: 'sar', width: 64, byCl: true }],
]);
