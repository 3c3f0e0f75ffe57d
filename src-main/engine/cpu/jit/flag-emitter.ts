// Lazy flags in locals: what an operation leaves, and carry and conditions made of it. Kinds as in core/flags.ts.
import { CALL_CARRY, CALL_CONDITION } from './core-calls.ts';
import type { Width } from './operations.ts';
import { type Flags, StateEmitter } from './state-emitter.ts';
import { Code, op, VOID } from './wasm-writer.ts';

export const KIND_ADD = 1;
export const KIND_ADC = 2;
export const KIND_SUB = 3;
export const KIND_SBB = 4;
export const KIND_RESULT = 5;
export const KIND_INC = 6;
export const KIND_DEC = 7;

export const LOG2_BYTES: Record<Width, number> = { 8: 0, 16: 1, 32: 2, 64: 3 };

export class FlagEmitter extends StateEmitter {
  /** `result` and `source` are locals of the width's type; no source is zero. */
  protected setFlags(kind: number, width: Width, result: number, source: number | null): void {
    const code = this.code;
    code.i32((kind << 2) | LOG2_BYTES[width]).set(this.ccOp);
    code.get(result);
    if (width !== 64) code.emit(op.i64ExtendI32U);
    code.set(this.ccDst);
    if (source === null) code.i64(0);
    else {
      code.get(source);
      if (width !== 64) code.emit(op.i64ExtendI32U);
    }
    code.set(this.ccSrc);
    this.flags = { kind, width };
  }

  /** Pushes CF as 0 or 1. */
  protected carry(): void {
    const code = this.code;
    const flags = this.flags;
    if (!flags) {
      code.get(this.ccOp).get(this.ccDst).get(this.ccSrc).call(CALL_CARRY);
    } else if (flags.kind === KIND_ADD) code.get(this.ccDst).get(this.ccSrc).emit(op.i64LtU);
    else if (flags.kind === KIND_SUB) {
      this.subFirst(flags.width);
      code.get(this.ccSrc).emit(op.i64LtU);
    } else code.get(this.ccSrc).emit(op.i32WrapI64).i32(1).emit(op.i32And);
  }

  /** Pushes the first operand of the subtraction that set the flags. */
  protected subFirst(width: Width): void {
    const code = this.code;
    code.get(this.ccDst).get(this.ccSrc).emit(op.i64Add);
    if (width !== 64) code.i64((1n << BigInt(width)) - 1n).emit(op.i64And);
  }

  protected zero(): void {
    this.code.get(this.ccDst).emit(op.i64Eqz);
  }

  protected sign(width: Width): void {
    this.code
      .get(this.ccDst)
      .i64(width - 1)
      .emit(op.i64ShrU, op.i32WrapI64)
      .i32(1)
      .emit(op.i32And);
  }

  /** Signed "less" after a subtraction. */
  protected subLess(width: Width): void {
    const code = this.code;
    const shift = 64 - width;
    const widen = (): void => {
      if (shift > 0) code.i64(shift).emit(op.i64Shl);
    };
    code.get(this.ccDst).get(this.ccSrc).emit(op.i64Add);
    widen();
    code.get(this.ccSrc);
    widen();
    code.emit(op.i64LtS);
  }

  /** Pushes whether condition 0..15 holds. */
  protected condition(condition: number): void {
    const code = this.code;
    const flags = this.flags;
    const pair = condition >> 1;
    if (!flags || !this.knownCondition(pair, flags)) {
      this.spillFlags();
      code.i32(condition).call(CALL_CONDITION);
      return;
    }
    if (condition & 1) code.emit(op.i32Eqz);
  }

  /** Pushes the condition of an even number if the kind of flags allows it inline. */
  protected knownCondition(pair: number, { kind, width }: NonNullable<Flags>): boolean {
    const code = this.code;
    switch (pair) {
      case 1:
        if (kind === KIND_ADC || kind === KIND_SBB) return false;
        this.carry();
        return true;
      case 2:
        this.zero();
        return true;
      case 3:
        if (kind === KIND_ADC || kind === KIND_SBB) return false;
        this.carry();
        this.zero();
        code.emit(op.i32Or);
        return true;
      case 4:
        this.sign(width);
        return true;
      case 5:
        code.get(this.ccDst).emit(op.i32WrapI64).i32(0xff).emit(op.i32And, op.i32Popcnt).i32(1).emit(op.i32And);
        code.emit(op.i32Eqz);
        return true;
      case 6:
      case 7:
        if (kind === KIND_SUB) this.subLess(width);
        else if (kind === KIND_RESULT) {
          this.sign(width);
          code.get(this.ccSrc).emit(op.i32WrapI64).i32(11).emit(op.i32ShrU).i32(1).emit(op.i32And, op.i32Xor);
        } else return false;
        if (pair === 7) {
          this.zero();
          code.emit(op.i32Or);
        }
        return true;
      default:
        return false;
    }
  }
}

/** CF of lazy flags: parameters ccOp, ccDst, ccSrc, as getCF in core/flags.ts. */
export function carryFunction(): Code {
  const code = new Code(3);
  const [ccOp, ccDst, ccSrc] = [0, 1, 2];
  const kindIs = (kind: number): void => {
    code.get(ccOp).i32(2).emit(op.i32ShrU).i32(kind).emit(op.i32Eq).if(VOID);
  };
  const mask = (): void => {
    // All ones shifted right by 64 minus the operand's bits.
    code.i64(-1).i64(64).i64(8).get(ccOp).i32(3).emit(op.i32And, op.i64ExtendI32U, op.i64Shl, op.i64Sub, op.i64ShrU);
  };
  kindIs(KIND_ADD);
  code.get(ccDst).get(ccSrc).emit(op.i64LtU, op.return).end();
  kindIs(KIND_ADC);
  code.get(ccDst).get(ccSrc).emit(op.i64LeU, op.return).end();
  kindIs(KIND_SUB);
  code.get(ccDst).get(ccSrc).emit(op.i64Add);
  mask();
  code.emit(op.i64And).get(ccSrc).emit(op.i64LtU, op.return).end();
  kindIs(KIND_SBB);
  code.get(ccDst).get(ccSrc).emit(op.i64Add).i64(1).emit(op.i64Add);
  mask();
  code.emit(op.i64And).get(ccSrc).emit(op.i64LeU, op.return).end();
  code.get(ccSrc).emit(op.i32WrapI64).i32(1).emit(op.i32And);
  return code;
}
