// Which flags nobody looks at.
import * as ops from '../core/ops.ts';
import type { Entry } from './block-reader.ts';
import * as families from './operations.ts';

/**
 * For each entry whether anybody may see the flags it sets: a condition, an exit, a fault or a helper before the next entry that sets
 * them all. Only entries without memory operand and without condition are transparent.
 */
export function flagsObserved(entries: readonly Entry[]): boolean[] {
  const observed = new Array<boolean>(entries.length).fill(true);
  let isObserved = true;
  for (let index = entries.length - 1; index >= 0; index--) {
    observed[index] = isObserved;
    const { op: operation } = entries[index]!;
    if (overwritesFlags(operation)) isObserved = false;
    else if (!isTransparent(operation)) isObserved = true;
  }
  return observed;
}

/** Sets all flags, reads none, cannot fault or leave. */
function overwritesFlags(operation: number): boolean {
  const alu = families.aluOf(operation);
  if (alu) return alu.kind !== 'adc' && alu.kind !== 'sbb' && (alu.form === 'RR' || alu.form === 'RI');
  const test = families.testOf(operation) ?? families.fusedCompareOf(operation);
  if (test) return test.form === 'RR' || test.form === 'RI';
  return operation === ops.OP_NEG32_R || operation === ops.OP_NEG64_R;
}

/** Neither sets nor reads flags, cannot fault or leave. */
function isTransparent(operation: number): boolean {
  const move = families.moveOf(operation);
  if (move) return move.form === 'RR' || move.form === 'RI';
  const extension = families.extensionOf(operation);
  if (extension) return !extension.isMemory;
  switch (operation) {
    case ops.OP_NOP:
    case ops.OP_LEA32:
    case ops.OP_LEA64:
    case ops.OP_MOV64_RI64:
    case ops.OP_NOT32_R:
    case ops.OP_NOT64_R:
    case ops.OP_XCHG32_RR:
    case ops.OP_XCHG64_RR:
    case ops.OP_CDQ:
    case ops.OP_CQO:
    case ops.OP_CWDE:
    case ops.OP_CDQE:
      return true;
    default:
      return false;
  }
}
