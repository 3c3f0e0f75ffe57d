// Integer arithmetic with lazy flags, shared by the main loop (inlined with constant operation and size) and the helpers.
import { CPU_CC_DST, CPU_CC_OP, CPU_CC_SRC, CPU_GPR } from './layout';
import { getCF, KIND_ADC, KIND_ADD, KIND_DEC, KIND_INC, KIND_RESULT, KIND_SBB, KIND_SUB } from './flags';

/** General register `index` (0..15) of `size` 1 (low byte), 2, 4, 8 bytes, zero-extended. */
export function readGpr(index: u32, size: u32): u64 {
  const value = load<u64>(CPU_GPR + (index << 3));
  return size == 8 ? value : value & ((<u64>1 << (size << 3)) - 1);
}

/** Writes as instructions do: 4 bytes clear the upper half, 1 and 2 keep the rest. */
export function writeGpr(index: u32, size: u32, value: u64): void {
  const at = CPU_GPR + (index << 3);
  if (size == 4) store<u64>(at, value & 0xffffffff);
  else if (size == 8) store<u64>(at, value);
  else if (size == 2) store<u16>(at, <u16>value);
  else store<u8>(at, <u8>value);
}

// @ts-ignore: decorator
@inline export function log2Of<T>(): u32 {
  return sizeof<T>() == 8 ? 3 : sizeof<T>() == 4 ? 2 : sizeof<T>() == 2 ? 1 : 0;
}

// @ts-ignore: decorator
@inline export function setLazy<T>(kind: u32, result: T, source: T): void {
  store<u32>(CPU_CC_OP, (kind << 2) | log2Of<T>());
  store<u64>(CPU_CC_DST, <u64>result);
  store<u64>(CPU_CC_SRC, <u64>source);
}

// @ts-ignore: decorator
@inline export function add<T>(a: T, b: T): T {
  const r = <T>(a + b);
  setLazy<T>(KIND_ADD, r, b);
  return r;
}

// @ts-ignore: decorator
@inline export function sub<T>(a: T, b: T): T {
  const r = <T>(a - b);
  setLazy<T>(KIND_SUB, r, b);
  return r;
}

// @ts-ignore: decorator
@inline export function logic<T>(r: T): T {
  setLazy<T>(KIND_RESULT, r, <T>0);
  return r;
}

// @ts-ignore: decorator
@inline export function inc<T>(a: T): T {
  const carry = getCF();
  const r = <T>(a + <T>1);
  setLazy<T>(KIND_INC, r, <T>carry);
  return r;
}

// @ts-ignore: decorator
@inline export function dec<T>(a: T): T {
  const carry = getCF();
  const r = <T>(a - <T>1);
  setLazy<T>(KIND_DEC, r, <T>carry);
  return r;
}

export function adc<T>(a: T, b: T): T {
  if (getCF()) {
    const r = <T>(a + b + <T>1);
    setLazy<T>(KIND_ADC, r, b);
    return r;
  }
  return add<T>(a, b);
}

export function sbb<T>(a: T, b: T): T {
  if (getCF()) {
    const r = <T>(a - b - <T>1);
    setLazy<T>(KIND_SBB, r, b);
    return r;
  }
  return sub<T>(a, b);
}

/** The eight operations of opcodes 00-3F and group 1: ADD OR ADC SBB AND SUB XOR CMP. CMP returns `a`. */
// @ts-ignore: decorator
@inline export function alu<T>(operation: u32, a: T, b: T): T {
  if (operation == 0) return add<T>(a, b);
  if (operation == 1) return logic<T>(<T>(a | b));
  if (operation == 2) return adc<T>(a, b);
  if (operation == 3) return sbb<T>(a, b);
  if (operation == 4) return logic<T>(<T>(a & b));
  if (operation == 5) return sub<T>(a, b);
  if (operation == 6) return logic<T>(<T>(a ^ b));
  sub<T>(a, b);
  return a;
}
