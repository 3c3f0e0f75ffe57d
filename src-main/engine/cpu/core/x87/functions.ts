// hot path: the D9 E0-FF row: sign, examination, constants, remainders, scaling and the transcendental instructions, with their
// stack effects; the arithmetic itself is in arith.ts, remainder.ts, explog.ts and trig.ts.
import { CPU_FPU_EMPTY, CPU_FPU_TOP } from '../layout';
import { compare, squareRoot } from './arith';
import { fromInteger } from './convert';
import { log2PlusOneTimes, log2Times, twoToXMinusOne } from './explog';
import {
  addRaised, CLASS_DENORMAL, CLASS_INFINITY, CLASS_NORMAL, CLASS_QNAN, CLASS_UNSUPPORTED, CLASS_ZERO, classOf,
  EXP_BIAS, EXP_MAX, INTEGER_BIT, nanOf, outSe, outSig, RC_CHOP, RC_DOWN, RC_UP, roundingControl, setOut, SIGN, SW_C0,
  SW_C1, SW_C2, SW_C3, SW_DE, SW_ZE, CONDITIONS,
} from './number';
import { remainder, remainderCodes, roundToInteger, scale } from './remainder';
import {
  isEmpty, pop, pushOut, put, putOut, seAt, setCodes, settle, settleClean, settleCompare, sigAt, slot, stackUnderflow,
} from './stack';
import { arctangent, cosine, secondSe, secondSig, sine, sineAndCosine, tangent } from './trig';

/** D9 E0-E5: FCHS, FABS, FTST, FXAM. */
export function execSign(i: u32): void {
  const top = slot(0);
  const se = seAt(top);
  const sig = sigAt(top);
  if (i == 5) {
    setCodes(CONDITIONS, examine(se, sig, isEmpty(top)));
    return;
  }
  if (i == 4) {
    let codes = CONDITIONS & ~SW_C1;
    if (isEmpty(top)) stackUnderflow();
    else codes = compare(se, sig, 0, 0, false);
    settleCompare(codes);
    return;
  }
  if (isEmpty(top)) stackUnderflow();
  else setOut(i ? se & EXP_MAX : se ^ SIGN, sig);
  if (settle()) putOut(top);
}

function examine(se: u32, sig: u64, empty: bool): u32 {
  const sign = se & SIGN ? SW_C1 : 0;
  if (empty) return sign | SW_C3 | SW_C0;
  switch (classOf(se, sig)) {
    case CLASS_ZERO:
      return sign | SW_C3;
    case CLASS_NORMAL:
      return sign | SW_C2;
    case CLASS_DENORMAL:
      return sign | SW_C3 | SW_C2;
    case CLASS_INFINITY:
      return sign | SW_C2 | SW_C0;
    case CLASS_UNSUPPORTED:
      return sign;
    default:
      return sign | SW_C0;
  }
}

/** D9 E8-EE. The constants are held to 66 bits inside; rounding control decides their last bit. */
export function execConstant(i: u32): void {
  const rc = roundingControl();
  const down = rc == RC_DOWN || rc == RC_CHOP;
  switch (i) {
    case 0:
      setOut(0x3fff, INTEGER_BIT);
      break;
    case 1:
      // log2(10): below its nearest value only the 65th bit on is lost
      setOut(0x4000, 0xd49a784bcd1b8afe + u64(rc == RC_UP));
      break;
    case 2:
      setOut(0x3fff, 0xb8aa3b295c17f0bc - u64(down));
      break;
    case 3:
      setOut(0x4000, 0xc90fdaa22168c235 - u64(down));
      break;
    case 4:
      setOut(0x3ffd, 0x9a209a84fbcff799 - u64(down));
      break;
    case 5:
      setOut(0x3ffe, 0xb17217f7d1cf79ac - u64(down));
      break;
    default:
      setOut(0, 0);
      break;
  }
  pushOut();
}

/** ST(0) = outSe/outSig if the exceptions allow. */
@inline function settleTop(): void {
  if (settle()) putOut(slot(0));
}

/** Binary operation of ST(1) and ST(0) that pops: the result replaces ST(1). */
@inline function settlePop(): void {
  if (settle()) {
    putOut(slot(1));
    pop();
  }
}

@inline function anyEmpty(a: u32, b: u32): bool {
  return (load<u32>(CPU_FPU_EMPTY) & (((<u32>1) << a) | ((<u32>1) << b))) != 0;
}

/** D9 F0-F7. */
export function execFirstFunctions(i: u32): void {
  const top = slot(0);
  const next = slot(1);
  const se = seAt(top);
  const sig = sigAt(top);
  switch (i) {
    case 0:
      if (isEmpty(top)) stackUnderflow();
      else twoToXMinusOne(se, sig);
      settleTop();
      break;
    case 1:
      if (anyEmpty(top, next)) stackUnderflow();
      else log2Times(se, sig, seAt(next), sigAt(next));
      settlePop();
      break;
    case 2:
      execTangent(top, se, sig);
      break;
    case 3:
      if (anyEmpty(top, next)) stackUnderflow();
      else arctangent(seAt(next), sigAt(next), se, sig);
      settlePop();
      break;
    case 4:
      extract(top, se, sig);
      break;
    case 5:
      execRemainder(top, next, true);
      break;
    case 6:
      settleClean();
      store<u32>(CPU_FPU_TOP, slot(7));
      break;
    default:
      settleClean();
      store<u32>(CPU_FPU_TOP, slot(1));
      break;
  }
}

/** D9 F8-FF. */
export function execSecondFunctions(i: u32): void {
  const top = slot(0);
  const next = slot(1);
  const se = seAt(top);
  const sig = sigAt(top);
  switch (i) {
    case 0:
      execRemainder(top, next, false);
      break;
    case 1:
      if (anyEmpty(top, next)) stackUnderflow();
      else log2PlusOneTimes(se, sig, seAt(next), sigAt(next));
      settlePop();
      break;
    case 2:
      if (isEmpty(top)) stackUnderflow();
      else squareRoot(se, sig);
      settleTop();
      break;
    case 3:
      execSineCosine(top, se, sig);
      break;
    case 4:
      if (isEmpty(top)) stackUnderflow();
      else roundToInteger(se, sig);
      settleTop();
      break;
    case 5:
      if (anyEmpty(top, next)) stackUnderflow();
      else scale(se, sig, seAt(next), sigAt(next));
      settleTop();
      break;
    default:
      setCodes(SW_C2, 0);
      if (isEmpty(top)) stackUnderflow();
      else if (i == 6 ? !sine(se, sig) : !cosine(se, sig)) {
        setCodes(SW_C1 | SW_C2, SW_C2);
        return;
      }
      settleTop();
      break;
  }
}

/** C2 and C1 are always rewritten, C0 and C3 only with a quotient: not for NaNs, invalid operands and kept-back results. */
function execRemainder(top: u32, next: u32, nearest: bool): void {
  let hasQuotient = false;
  if (anyEmpty(top, next)) stackUnderflow();
  else hasQuotient = remainder(seAt(top), sigAt(top), seAt(next), sigAt(next), nearest);
  const completes = settle();
  setCodes(SW_C2, 0);
  if (!completes) return;
  putOut(top);
  if (hasQuotient) setCodes(CONDITIONS, remainderCodes);
}

/** FXTRACT: the exponent replaces ST(0), the significand is pushed. */
function extract(top: u32, se: u32, sig: u64): void {
  const to = slot(7);
  if (isEmpty(top)) stackUnderflow();
  else if (!isEmpty(to)) {
    stackUnderflow();
    addRaised(SW_C1);
  } else {
    const kind = classOf(se, sig);
    if (kind >= CLASS_QNAN) nanOf(se, sig);
    else if (kind == CLASS_ZERO) {
      addRaised(SW_ZE);
      if (settle()) {
        put(top, 0xffff, INTEGER_BIT);
        store<u32>(CPU_FPU_TOP, to);
        put(to, se, sig);
      }
      return;
    } else if (kind == CLASS_INFINITY) {
      settleClean();
      put(top, EXP_MAX, INTEGER_BIT);
      store<u32>(CPU_FPU_TOP, to);
      put(to, se, sig);
      return;
    } else {
      if (kind == CLASS_DENORMAL) addRaised(SW_DE);
      const shift = <i32>clz(sig);
      const exp = <i32>((se & EXP_MAX) ? se & EXP_MAX : 1) - shift - EXP_BIAS;
      if (settle()) {
        fromInteger(<i64>exp);
        putOut(top);
        store<u32>(CPU_FPU_TOP, to);
        put(to, (se & SIGN) | <u32>EXP_BIAS, sig << shift);
      }
      return;
    }
  }
  if (settle()) {
    putOut(top);
    store<u32>(CPU_FPU_TOP, to);
    putOut(to);
  }
}

function execTangent(top: u32, se: u32, sig: u64): void {
  const to = slot(7);
  setCodes(SW_C2, 0);
  let isNan = false;
  if (isEmpty(top)) {
    stackUnderflow();
    isNan = true;
  } else if (!isEmpty(to)) {
    stackUnderflow();
    addRaised(SW_C1);
    isNan = true;
  } else if (!tangent(se, sig)) {
    setCodes(SW_C1 | SW_C2, SW_C2);
    return;
  } else {
    isNan = (outSe & EXP_MAX) == EXP_MAX;
  }
  if (settle()) {
    putOut(top);
    store<u32>(CPU_FPU_TOP, to);
    // Of a NaN or an invalid operand both results are the NaN, else one is pushed.
    if (isNan) putOut(to);
    else put(to, 0x3fff, INTEGER_BIT);
  }
}

function execSineCosine(top: u32, se: u32, sig: u64): void {
  const to = slot(7);
  setCodes(SW_C2, 0);
  let single = true;
  if (isEmpty(top)) stackUnderflow();
  else if (!isEmpty(to)) {
    stackUnderflow();
    addRaised(SW_C1);
  } else if (!sineAndCosine(se, sig)) {
    setCodes(SW_C1 | SW_C2, SW_C2);
    return;
  } else {
    single = false;
  }
  if (settle()) {
    putOut(top);
    store<u32>(CPU_FPU_TOP, to);
    if (single) putOut(to);
    else put(to, secondSe, secondSig);
  }
}
