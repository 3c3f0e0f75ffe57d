// The core's functions that a region imports (core/region.ts), in this order, and the module's own in front of the region.
import { type FunctionType, I32, I64 } from './wasm-writer.ts';

export const TYPES: readonly FunctionType[] = [
  { parameters: [], results: [I32] },
  { parameters: [I32, I64, I32], results: [I32] },
  { parameters: [I32, I64, I32, I64], results: [I32] },
  { parameters: [I32], results: [I32] },
  { parameters: [I64, I64], results: [I64] },
  { parameters: [I32, I64, I64], results: [I32] },
  { parameters: [I32], results: [] },
];
export const TYPE_REGION = 0;
export const TYPE_CARRY = 5;

export const IMPORTS = [
  { name: 'regionRead', type: 1 },
  { name: 'regionUpdate', type: 1 },
  { name: 'regionStore', type: 2 },
  { name: 'regionCommit', type: 0 },
  { name: 'regionRare', type: 3 },
  { name: 'regionRareFirst', type: 3 },
  { name: 'regionCondition', type: 3 },
  { name: 'regionMultiply', type: 4 },
  { name: 'regionCarryOverflow', type: 6 },
] as const;
export const CALL_READ = 0;
export const CALL_UPDATE = 1;
export const CALL_STORE = 2;
export const CALL_COMMIT = 3;
export const CALL_RARE = 4;
export const CALL_RARE_FIRST = 5;
export const CALL_CONDITION = 6;
export const CALL_MULTIPLY = 7;
export const CALL_CARRY_OVERFLOW = 8;
/** Derives the carry from lazy flags of any kind. */
export const CALL_CARRY: number = IMPORTS.length;
