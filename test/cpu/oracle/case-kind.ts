// What a generator of cases is, and the pieces that several families of instructions share.
import type { Mode } from './case-format.ts';
import { type CaseBuilder, littleEndian } from './encoder.ts';

export interface CaseKind {
  readonly name: string;
  readonly modes: readonly Mode[];
  readonly weight: number;
  readonly make: (c: CaseBuilder) => void;
}

export const both: readonly Mode[] = [32, 64];
export const only32: readonly Mode[] = [32];
export const only64: readonly Mode[] = [64];

/** Opcode low bit: 0 for bytes. */
export const wide = (size: number) => (size === 1 ? 0 : 1);

export function immediateOf(c: CaseBuilder, size: number): number[] {
  return littleEndian(c.random.integer(Math.min(size, 4)), Math.min(size, 4));
}

export function simple(
  name: string,
  opcode: readonly number[],
  undefinedFlags = 0,
  modes: readonly Mode[] = both,
): CaseKind {
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
