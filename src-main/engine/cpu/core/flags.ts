// Lazy arithmetic flags. CPU_CC_OP is 0 (the six flags lie literally in CC_SRC) or kind * 4 + log2(operand bytes);
// CC_DST is the result zero-extended from the operand size, CC_SRC the second operand likewise (see the kinds).
// SUB and CMP also leave the first operand implied: result + second.
import { CPU_CC_DST, CPU_CC_OP, CPU_CC_SRC, CPU_FLAGS } from './layout';

export const KIND_ADD: u32 = 1;
/** ADC with carry in set (without it is ADD). */
export const KIND_ADC: u32 = 2;
export const KIND_SUB: u32 = 3;
/** SBB with borrow in set. */
export const KIND_SBB: u32 = 4;
/** SF ZF PF from the result; CF AF OF literally in CC_SRC. Logic operations store 0 there. */
export const KIND_RESULT: u32 = 5;
/** INC and DEC: CC_SRC bit 0 is the preserved CF. */
export const KIND_INC: u32 = 6;
export const KIND_DEC: u32 = 7;

export const FLAG_CF: u32 = 1;
export const FLAG_PF: u32 = 4;
export const FLAG_AF: u32 = 0x10;
export const FLAG_ZF: u32 = 0x40;
export const FLAG_SF: u32 = 0x80;
export const FLAG_TF: u32 = 0x100;
export const FLAG_IF: u32 = 0x200;
export const FLAG_DF: u32 = 0x400;
export const FLAG_OF: u32 = 0x800;
export const FLAG_IOPL: u32 = 0x3000;
export const FLAG_NT: u32 = 0x4000;
export const FLAG_RF: u32 = 0x10000;
export const FLAG_VM: u32 = 0x20000;
export const FLAG_AC: u32 = 0x40000;
export const FLAG_VIF: u32 = 0x80000;
export const FLAG_VIP: u32 = 0x100000;
export const FLAG_ID: u32 = 0x200000;
export const ARITH_MASK: u32 = 0x8d5;

// @ts-ignore: decorator
@inline function sizeMask(op: u32): u64 {
  return <u64>-1 >> (64 - (8 << (op & 3)));
}
// @ts-ignore: decorator
@inline function signShift(op: u32): u32 {
  return (8 << (op & 3)) - 1;
}

export function getCF(): u32 {
  const op = load<u32>(CPU_CC_OP);
  const dst = load<u64>(CPU_CC_DST);
  const src = load<u64>(CPU_CC_SRC);
  switch (op >> 2) {
    case 1:
      return u32(dst < src);
    case 2:
      return u32(dst <= src);
    case 3:
      return u32(((dst + src) & sizeMask(op)) < src);
    case 4:
      return u32(((dst + src + 1) & sizeMask(op)) <= src);
    default:
      return <u32>src & 1;
  }
}

export function getZF(): u32 {
  if (load<u32>(CPU_CC_OP) < 4) return (load<u32>(CPU_CC_SRC) >> 6) & 1;
  return u32(load<u64>(CPU_CC_DST) == 0);
}

export function getSF(): u32 {
  const op = load<u32>(CPU_CC_OP);
  if (op < 4) return (load<u32>(CPU_CC_SRC) >> 7) & 1;
  return <u32>(load<u64>(CPU_CC_DST) >> signShift(op)) & 1;
}

export function getPF(): u32 {
  if (load<u32>(CPU_CC_OP) < 4) return (load<u32>(CPU_CC_SRC) >> 2) & 1;
  return ~popcnt<u32>(load<u32>(CPU_CC_DST) & 0xff) & 1;
}

export function getOF(): u32 {
  const op = load<u32>(CPU_CC_OP);
  const dst = load<u64>(CPU_CC_DST);
  const src = load<u64>(CPU_CC_SRC);
  let first: u64;
  switch (op >> 2) {
    case 1:
    case 2:
      first = dst - src - u64(op >> 2 == 2);
      return <u32>(((first ^ dst) & (src ^ dst)) >> signShift(op)) & 1;
    case 3:
    case 4:
      first = dst + src + u64(op >> 2 == 4);
      return <u32>(((first ^ src) & (first ^ dst)) >> signShift(op)) & 1;
    case 6:
      return u32(dst == (<u64>1 << signShift(op)));
    case 7:
      return u32(dst == (<u64>1 << signShift(op)) - 1);
    default:
      return (<u32>src >> 11) & 1;
  }
}

export function getAF(): u32 {
  const op = load<u32>(CPU_CC_OP);
  const dst = load<u32>(CPU_CC_DST);
  const src = load<u32>(CPU_CC_SRC);
  switch (op >> 2) {
    case 1:
      return (((dst - src) ^ src ^ dst) >> 4) & 1;
    case 2:
      return (((dst - src - 1) ^ src ^ dst) >> 4) & 1;
    case 3:
      return (((dst + src) ^ src ^ dst) >> 4) & 1;
    case 4:
      return (((dst + src + 1) ^ src ^ dst) >> 4) & 1;
    case 6:
      return u32((dst & 15) == 0);
    case 7:
      return u32((dst & 15) == 15);
    default:
      return (src >> 4) & 1;
  }
}

/** The six arithmetic flags in their EFLAGS places. */
export function getArith(): u32 {
  if (load<u32>(CPU_CC_OP) < 4) return load<u32>(CPU_CC_SRC) & ARITH_MASK;
  return getCF() | (getPF() << 2) | (getAF() << 4) | (getZF() << 6) | (getSF() << 7) | (getOF() << 11);
}

/** All of EFLAGS, bit 1 set. */
export function getEflags(): u32 {
  return (load<u32>(CPU_FLAGS) & ~ARITH_MASK) | getArith() | 2;
}

/** Sets the six arithmetic flags from `value`; other bits of it are ignored. */
export function setEflagsArith(value: u32): void {
  store<u32>(CPU_CC_OP, 0);
  store<u64>(CPU_CC_SRC, <u64>(value & ARITH_MASK));
}

/** Replaces the arithmetic flags selected by `mask`. */
export function setFlagBits(mask: u32, value: u32): void {
  setEflagsArith((getArith() & ~mask) | (value & mask));
}

/** Sets CF and OF from `bits`, keeping ZF SF PF AF lazily where they are. */
export function setCarryOverflow(bits: u32): void {
  const op = load<u32>(CPU_CC_OP);
  if (op < 4) {
    store<u64>(CPU_CC_SRC, (load<u64>(CPU_CC_SRC) & ~<u64>(FLAG_CF | FLAG_OF)) | <u64>bits);
    return;
  }
  const adjust = getAF() << 4;
  store<u32>(CPU_CC_OP, (KIND_RESULT << 2) | (op & 3));
  store<u64>(CPU_CC_SRC, <u64>(bits | adjust));
}

/** Sets CF and keeps ZF SF PF; OF and AF, undefined after bit tests, become clear. */
export function setCarryOnly(carry: u32): void {
  const op = load<u32>(CPU_CC_OP);
  if (op < 4) store<u64>(CPU_CC_SRC, (load<u64>(CPU_CC_SRC) & ~<u64>FLAG_CF) | <u64>carry);
  else {
    store<u32>(CPU_CC_OP, (KIND_RESULT << 2) | (op & 3));
    store<u64>(CPU_CC_SRC, <u64>carry);
  }
}

/** Replaces bits of EFLAGS, arithmetic or not. No checks, no mode update. */
export function setEflagsMasked(mask: u32, value: u32): void {
  if (mask & ARITH_MASK) setFlagBits(mask & ARITH_MASK, value);
  const kept = ~mask | ARITH_MASK;
  store<u32>(CPU_FLAGS, (load<u32>(CPU_FLAGS) & kept) | (value & ~kept) | 2);
}

/** ZF PF SF from a result of 1 << log2Size bytes, CF AF OF from `bits`. */
export function setFlagsResult(result: u64, log2Size: u32, bits: u32): void {
  store<u32>(CPU_CC_OP, (KIND_RESULT << 2) | log2Size);
  store<u64>(CPU_CC_DST, result);
  store<u64>(CPU_CC_SRC, <u64>bits);
}

/** Condition code 0..15 as in the low nibble of Jcc. */
export function testCondition(condition: u32): bool {
  let holds: u32;
  switch (condition >> 1) {
    case 0:
      holds = getOF();
      break;
    case 1:
      holds = getCF();
      break;
    case 2:
      holds = getZF();
      break;
    case 3:
      holds = getCF() | getZF();
      break;
    case 4:
      holds = getSF();
      break;
    case 5:
      holds = getPF();
      break;
    case 6:
      holds = getSF() ^ getOF();
      break;
    default:
      holds = getZF() | (getSF() ^ getOF());
      break;
  }
  return (holds ^ (condition & 1)) != 0;
}
