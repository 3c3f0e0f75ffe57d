// The operations that regions translate, family by family; each one the core's own (core/loop.ts) in other words.
// hot path: the families are written out; test/bench says what it is worth.
import * as layout from '../core/layout.ts';
import * as ops from '../core/ops.ts';
import * as tables from '../core/tables.ts';
import type { Entry } from './block-reader.ts';
import { CALL_CARRY_OVERFLOW, CALL_MULTIPLY } from './core-calls.ts';
import {
  FlagEmitter,
  KIND_ADC,
  KIND_ADD,
  KIND_DEC,
  KIND_INC,
  KIND_RESULT,
  KIND_SBB,
  KIND_SUB,
  LOG2_BYTES,
} from './flag-emitter.ts';
import * as families from './operations.ts';
import { LOADS, RAX, RBP, RCX, RDX, STORES } from './state-emitter.ts';
import { op } from './wasm-writer.ts';

const CF_OF = 0x801;

export class OperationEmitter extends FlagEmitter {
  /** A compare, test or count-down joined to a branch: the function emits it and pushes whether the branch is taken. */
  protected fused(entry: Entry): (() => void) | null {
    const compare = families.fusedCompareOf(entry.op);
    if (compare)
      return () => {
        this.operands(entry, compare.form, compare.width);
        this.compare(compare.width);
        if (compare.fused === 'Z') this.equality(entry, compare.width);
        else this.compareFacts(entry, compare.width);
      };
    const test = families.testOf(entry.op);
    if (test?.fused)
      return () => {
        this.operands(entry, test.form, test.width);
        this.logicTest(test.width);
        if (test.fused === 'Z') this.resultIsZero(entry, test.width);
        else this.testFacts(entry, test.width);
      };
    return this.fusedCount(entry);
  }

  protected fusedCount(entry: Entry): (() => void) | null {
    const isDecrement = entry.op === ops.OP_DECZ32_R || entry.op === ops.OP_DECZ64_R;
    const isSubtract = entry.op === ops.OP_SUBZ32_RI || entry.op === ops.OP_SUBZ64_RI;
    if (!isDecrement && !isSubtract) return null;
    const width = entry.op === ops.OP_DECZ32_R || entry.op === ops.OP_SUBZ32_RI ? 32 : 64;
    return () => {
      if (isDecrement) this.step(entry, { isDecrement: true, isMemory: false, width }, true);
      else {
        this.operands(entry, 'RI', width);
        this.binary('sub', width, true);
        this.code.get(this.r(width));
        this.writeRegister(entry.first, width);
      }
      this.resultIsZero(entry, width);
    };
  }

  protected a(width: families.Width): number {
    return width === 64 ? this.a64 : this.a32;
  }

  protected b(width: families.Width): number {
    return width === 64 ? this.b64 : this.b32;
  }

  protected r(width: families.Width): number {
    return width === 64 ? this.r64 : this.r32;
  }

  /** Sets a and b. Memory forms only read here. */
  protected operands(entry: Entry, form: families.AluForm, width: families.Width): void {
    const code = this.code;
    if (form === 'MR' || form === 'MI') {
      this.address(entry);
      this.load(entry, width);
      code.set(this.a(width));
    }
    this.source(entry, form, width);
    if (form === 'RR' || form === 'RI' || form === 'RM') {
      this.readRegister(entry.first, width);
      code.set(this.a(width));
    }
  }

  /** Sets b. */
  protected source(entry: Entry, form: families.AluForm, width: families.Width): void {
    const code = this.code;
    if (form === 'RR' || form === 'MR') this.readRegister(entry.second, width);
    else if (form === 'RM') {
      this.address(entry);
      this.load(entry, width);
    } else if (width === 64) code.i64(entry.value);
    else code.i32(width === 8 ? entry.value & 0xff : width === 16 ? entry.value & 0xffff : entry.value);
    code.set(this.b(width));
  }

  /** Flags of a - b; r is the difference. */
  protected compare(width: families.Width): void {
    this.binary('sub', width, true);
  }

  protected logicTest(width: families.Width): void {
    this.binary('and', width, true);
  }

  /** r = a op b, with flags if anybody looks at them. */
  protected binary(kind: families.AluKind, width: families.Width, setsFlags: boolean): void {
    const code = this.code;
    const is64 = width === 64;
    const [a, b, r] = [this.a(width), this.b(width), this.r(width)];
    if (kind === 'adc' || kind === 'sbb') return this.withCarry(kind, width);
    const opcode = {
      add: is64 ? op.i64Add : op.i32Add,
      sub: is64 ? op.i64Sub : op.i32Sub,
      cmp: is64 ? op.i64Sub : op.i32Sub,
      and: is64 ? op.i64And : op.i32And,
      or: is64 ? op.i64Or : op.i32Or,
      xor: is64 ? op.i64Xor : op.i32Xor,
    }[kind];
    code.get(a).get(b).emit(opcode);
    this.truncate(width);
    code.set(r);
    if (!setsFlags) {
      this.flags = null;
      return;
    }
    if (kind === 'add') this.setFlags(KIND_ADD, width, r, b);
    else if (kind === 'sub' || kind === 'cmp') this.setFlags(KIND_SUB, width, r, b);
    else this.setFlags(KIND_RESULT, width, r, null);
  }

  protected truncate(width: families.Width): void {
    if (width === 8) this.code.i32(0xff).emit(op.i32And);
    else if (width === 16) this.code.i32(0xffff).emit(op.i32And);
  }

  /** With the carry set it is a kind of its own, without it plain addition or subtraction. */
  protected withCarry(kind: 'adc' | 'sbb', width: families.Width): void {
    const code = this.code;
    const is64 = width === 64;
    const [a, b, r] = [this.a(width), this.b(width), this.r(width)];
    const combine = kind === 'adc' ? (is64 ? op.i64Add : op.i32Add) : is64 ? op.i64Sub : op.i32Sub;
    this.carry();
    code.set(this.slot);
    code.get(a).get(b).emit(combine).get(this.slot);
    if (is64) code.emit(op.i64ExtendI32U);
    code.emit(combine);
    this.truncate(width);
    code.set(r);
    const [withCarry, without] = kind === 'adc' ? [KIND_ADC, KIND_ADD] : [KIND_SBB, KIND_SUB];
    const log2 = LOG2_BYTES[width];
    this.setFlags(without, width, r, b);
    code
      .i32((withCarry << 2) | log2)
      .i32((without << 2) | log2)
      .get(this.slot)
      .emit(op.select)
      .set(this.ccOp);
    this.flags = null;
  }

  /** Pushes whether the branch of a fused equality is taken: its bit 0 inverts. */
  protected equality(entry: Entry, width: families.Width): void {
    this.code.get(this.a(width)).get(this.b(width));
    const isInverted = entry.control !== 0;
    if (width === 64) this.code.emit(isInverted ? op.i64Ne : op.i64Eq);
    else this.code.emit(isInverted ? op.i32Ne : op.i32Eq);
  }

  protected resultIsZero(entry: Entry, width: families.Width): void {
    this.code.get(this.r(width)).emit(width === 64 ? op.i64Eqz : op.i32Eqz);
    if (entry.control !== 0) this.code.emit(op.i32Eqz);
  }

  /** Facts selected by the control byte: equal 1, below 2, less 4, negative 8; bit 7 inverts. */
  protected compareFacts(entry: Entry, width: families.Width): void {
    const code = this.code;
    const is64 = width === 64;
    const [a, b, r] = [this.a(width), this.b(width), this.r(width)];
    const signed = (local: number): void => {
      code.get(local);
      if (width === 8) code.emit(op.i32Extend8S);
      if (width === 16) code.emit(op.i32Extend16S);
    };
    this.facts(entry.control, {
      1: () =>
        code
          .get(a)
          .get(b)
          .emit(is64 ? op.i64Eq : op.i32Eq),
      2: () =>
        code
          .get(a)
          .get(b)
          .emit(is64 ? op.i64LtU : op.i32LtU),
      4: () => {
        signed(a);
        signed(b);
        code.emit(is64 ? op.i64LtS : op.i32LtS);
      },
      8: () => this.isNegative(r, width),
    });
  }

  protected testFacts(entry: Entry, width: families.Width): void {
    const code = this.code;
    const r = this.r(width);
    this.facts(entry.control, {
      1: () => code.get(r).emit(width === 64 ? op.i64Eqz : op.i32Eqz),
      2: () => code.i32(0),
      4: () => code.i32(0),
      8: () => this.isNegative(r, width),
    });
  }

  protected facts(control: number, emitters: Record<1 | 2 | 4 | 8, () => unknown>): void {
    const code = this.code;
    let isFirst = true;
    for (const fact of [1, 2, 4, 8] as const) {
      if ((control & fact) === 0) continue;
      emitters[fact]();
      if (!isFirst) code.emit(op.i32Or);
      isFirst = false;
    }
    if (isFirst) code.i32(0);
    if (control & 0x80) code.emit(op.i32Eqz);
  }

  protected isNegative(local: number, width: families.Width): void {
    const code = this.code;
    code.get(local);
    if (width === 64) code.i64(0).emit(op.i64LtS);
    else
      code
        .i32(1 << (width - 1))
        .emit(op.i32And)
        .i32(0)
        .emit(op.i32Ne);
  }

  /** INC and DEC keep the carry. The memory form's address is not yet pushed. */
  protected step(
    entry: Entry,
    { isDecrement, isMemory, width }: NonNullable<ReturnType<typeof families.stepOf>>,
    setsFlags: boolean,
  ): void {
    const code = this.code;
    const is64 = width === 64;
    if (isMemory) {
      this.address(entry);
      this.updatable(entry, width / 8);
    }
    if (setsFlags) {
      this.carry();
      if (is64) code.emit(op.i64ExtendI32U);
      code.set(this.b(width));
    }
    if (isMemory) code.get(this.host).get(this.host).memory(LOADS[width]);
    else this.readRegister(entry.first, width);
    if (is64) code.i64(1).emit(isDecrement ? op.i64Sub : op.i64Add);
    else code.i32(1).emit(isDecrement ? op.i32Sub : op.i32Add);
    this.truncate(width);
    code.tee(this.r(width));
    if (isMemory) code.memory(STORES[width]);
    else this.writeRegister(entry.first, width);
    if (setsFlags) this.setFlags(isDecrement ? KIND_DEC : KIND_INC, width, this.r(width), this.b(width));
    else this.flags = null;
    if (isMemory) this.commit(entry);
  }

  /** False for an operation that the core must run. */
  protected simple(entry: Entry, setsFlags: boolean): boolean {
    const alu = families.aluOf(entry.op);
    if (alu) return this.alu(entry, alu, setsFlags);
    const move = families.moveOf(entry.op);
    if (move) return this.move(entry, move);
    const test = families.testOf(entry.op);
    if (test && !test.fused) {
      this.operands(entry, test.form, test.width);
      if (setsFlags) this.logicTest(test.width);
      return true;
    }
    const step = families.stepOf(entry.op);
    if (step) {
      this.step(entry, step, setsFlags || step.isMemory);
      return true;
    }
    const extension = families.extensionOf(entry.op);
    if (extension) return this.extend(entry, extension);
    const shift = families.shiftOf(entry.op);
    if (shift) return this.shift(entry, shift, setsFlags);
    return this.stack(entry) || this.various(entry, setsFlags) || this.vector(entry);
  }

  protected alu(
    entry: Entry,
    { kind, form, width }: NonNullable<ReturnType<typeof families.aluOf>>,
    setsFlags: boolean,
  ): boolean {
    const code = this.code;
    if ((form === 'MR' || form === 'MI') && kind !== 'cmp') {
      this.address(entry);
      this.updatable(entry, width / 8);
      code.get(this.host).memory(LOADS[width]).set(this.a(width));
      this.source(entry, form, width);
      this.binary(kind, width, true);
      code.get(this.host).get(this.r(width)).memory(STORES[width]);
      this.commit(entry);
      return true;
    }
    this.operands(entry, form, width);
    this.binary(kind, width, setsFlags);
    if (kind === 'cmp') return true;
    code.get(this.r(width));
    this.writeRegister(entry.first, width);
    return true;
  }

  protected move(entry: Entry, { form, width }: NonNullable<ReturnType<typeof families.moveOf>>): boolean {
    const code = this.code;
    const immediate = (): void => {
      if (width === 64) code.i64(entry.value);
      else code.i32(width === 8 ? entry.value & 0xff : width === 16 ? entry.value & 0xffff : entry.value);
    };
    if (form === 'RR') this.readRegister(entry.second, width);
    else if (form === 'RI') immediate();
    else {
      this.address(entry);
      if (form === 'RM') this.load(entry, width);
      else {
        code.set(this.linear);
        if (form === 'MR') this.readRegister(entry.second, width);
        else immediate();
        this.setValue(width);
        this.store(entry, width, () => this.setRip(entry.offset + entry.length, this.is64 ? 64 : 32));
        return true;
      }
    }
    this.writeRegister(entry.first, width);
    return true;
  }

  protected extend(entry: Entry, { from, to, isSigned, isMemory }: families.Extension): boolean {
    const code = this.code;
    if (isMemory) {
      this.address(entry);
      this.load(entry, from);
    } else this.readRegister(entry.second, from);
    if (isSigned && from === 8) code.emit(op.i32Extend8S);
    if (isSigned && from === 16) code.emit(op.i32Extend16S);
    if (to === 64) {
      code.emit(op.i64ExtendI32S);
      this.setRegister((entry.first - layout.CPU_GPR) >> 3);
    } else this.writeRegister(entry.first, 32);
    return true;
  }

  protected shift(
    entry: Entry,
    { kind, width, byCl }: NonNullable<ReturnType<typeof families.shiftOf>>,
    setsFlags: boolean,
  ): boolean {
    const code = this.code;
    const is64 = width === 64;
    const isRotation = kind === 'rol' || kind === 'ror';
    const [a, b, r] = [this.a(width), this.b(width), this.r(width)];
    this.readRegister(entry.first, width);
    code.set(a);
    if (byCl) {
      this.readRegister(layout.CPU_GPR + RCX * 8, 8);
      code.i32(width - 1).emit(op.i32And);
      if (is64) code.emit(op.i64ExtendI32U);
    } else if (is64) code.i64(entry.value);
    else code.i32(entry.value);
    code.set(b);
    const opcode = {
      shl: is64 ? op.i64Shl : op.i32Shl,
      shr: is64 ? op.i64ShrU : op.i32ShrU,
      sar: is64 ? op.i64ShrS : op.i32ShrS,
      rol: is64 ? op.i64Rotl : op.i32Rotl,
      ror: is64 ? op.i64Rotr : op.i32Rotr,
    }[kind];
    code.get(a).get(b).emit(opcode).tee(r);
    this.writeRegister(entry.first, width);
    if (!setsFlags) {
      this.flags = null;
      return true;
    }
    if (isRotation) {
      this.rotationFlags(kind, width);
      return true;
    }
    if (byCl) {
      code
        .get(b)
        .emit(is64 ? op.i64Eqz : op.i32Eqz, op.i32Eqz)
        .if();
      this.shiftFlags(kind as 'shl' | 'shr' | 'sar', width, byCl);
      code.end();
      this.flags = null;
    } else this.shiftFlags(kind as 'shl' | 'shr' | 'sar', width, byCl);
    return true;
  }

  /** Only CF and OF change: CF is the bit that came round, OF says whether the top bit differs from it (ROL) or its neighbour (ROR). */
  protected rotationFlags(kind: 'rol' | 'ror', width: 32 | 64): void {
    const code = this.code;
    const is64 = width === 64;
    const r = this.r(width);
    const bit = (place: number): void => {
      code.get(r);
      if (is64) code.i64(place).emit(op.i64ShrU, op.i32WrapI64);
      else code.i32(place).emit(op.i32ShrU);
      code.i32(1).emit(op.i32And);
    };
    this.spillFlags();
    bit(kind === 'rol' ? 0 : width - 1);
    bit(width - 1);
    bit(kind === 'rol' ? 0 : width - 2);
    code.emit(op.i32Xor).i32(11).emit(op.i32Shl, op.i32Or).call(CALL_CARRY_OVERFLOW);
    this.reloadFlags();
    this.flags = null;
  }

  /** CF is the last bit out; OF is set as for a count of one, as the core does. */
  protected shiftFlags(kind: 'shl' | 'shr' | 'sar', width: 32 | 64, byCl: boolean): void {
    const code = this.code;
    const is64 = width === 64;
    const [a, b, r] = [this.a(width), this.b(width), this.r(width)];
    const bit = (shiftRight: () => void): void => {
      shiftRight();
      if (is64) code.emit(op.i32WrapI64);
      code.i32(1).emit(op.i32And);
    };
    code.i32((KIND_RESULT << 2) | LOG2_BYTES[width]).set(this.ccOp);
    code.get(r);
    if (!is64) code.emit(op.i64ExtendI32U);
    code.set(this.ccDst);
    bit(() => {
      code.get(a);
      if (kind === 'shl') {
        if (is64) code.i64(64).get(b).emit(op.i64Sub, op.i64ShrU);
        else code.i32(32).get(b).emit(op.i32Sub, op.i32ShrU);
      } else if (is64)
        code
          .get(b)
          .i64(1)
          .emit(op.i64Sub, kind === 'shr' ? op.i64ShrU : op.i64ShrS);
      else
        code
          .get(b)
          .i32(1)
          .emit(op.i32Sub, kind === 'shr' ? op.i32ShrU : op.i32ShrS);
    });
    code.set(this.slot);
    code.get(this.slot);
    if (kind !== 'sar') {
      // SHL: the result's top bit against CF. SHR: the operand's top bit; by CL as the core has it, the result's two top bits.
      const topOf = (local: number, place: number): void =>
        bit(() => {
          code.get(local);
          if (is64) code.i64(place).emit(op.i64ShrU);
          else code.i32(place).emit(op.i32ShrU);
        });
      topOf(kind === 'shr' && !byCl ? a : r, width - 1);
      if (kind === 'shl') code.get(this.slot).emit(op.i32Xor);
      else if (byCl) {
        topOf(r, width - 2);
        code.emit(op.i32Xor);
      }
      code.i32(11).emit(op.i32Shl, op.i32Or);
    }
    code.emit(op.i64ExtendI32U).set(this.ccSrc);
    this.flags = { kind: KIND_RESULT, width };
  }

  protected stack(entry: Entry): boolean {
    const code = this.code;
    switch (entry.op) {
      case ops.OP_PUSH_R32:
      case ops.OP_PUSH_R64:
      case ops.OP_PUSH_I32:
      case ops.OP_PUSH_I64: {
        const width = entry.op === ops.OP_PUSH_R64 || entry.op === ops.OP_PUSH_I64 ? 64 : 32;
        if (entry.op === ops.OP_PUSH_R32 || entry.op === ops.OP_PUSH_R64) this.readRegister(entry.first, width);
        else if (width === 64) code.i64(entry.value);
        else code.i32(entry.value);
        this.setValue(width);
        this.pushTo(width);
        this.store(entry, width, () => {
          this.moveStack();
          this.setRip(entry.offset + entry.length, this.is64 ? 64 : 32);
        });
        this.moveStack();
        return true;
      }
      case ops.OP_POP_R32:
      case ops.OP_POP_R64: {
        const width = entry.op === ops.OP_POP_R64 ? 64 : 32;
        this.popFrom(entry, width);
        this.popped(width);
        code.get(this.b64);
        this.setRegister((entry.first - layout.CPU_GPR) >> 3);
        return true;
      }
      case ops.OP_LEAVE32:
      case ops.OP_LEAVE64: {
        const width = entry.op === ops.OP_LEAVE64 ? 64 : 32;
        this.popFrom(entry, width, RBP);
        this.popped(width);
        code.get(this.b64);
        this.setRegister(RBP);
        return true;
      }
      default:
        return false;
    }
  }

  protected various(entry: Entry, setsFlags: boolean): boolean {
    const code = this.code;
    switch (entry.op) {
      case ops.OP_EA_BASE:
        this.address(entry);
        code.i32(0).memory(op.i64Load, entry.first).emit(op.i64Add);
        this.maskLinear();
        code.set(this.preludeEa);
        code.i32(tables.CELL_EA).get(this.preludeEa).memory(op.i64Store);
        return true;
      case ops.OP_LEA32:
        this.address(entry);
        code.i64(0xffffffffn).emit(op.i64And);
        this.setRegister((entry.first - layout.CPU_GPR) >> 3);
        return true;
      case ops.OP_LEA64:
        this.address(entry);
        this.setRegister((entry.first - layout.CPU_GPR) >> 3);
        return true;
      case ops.OP_MOV64_RI64:
        code.i64((BigInt(entry.value) << 32n) | BigInt(entry.displacement >>> 0));
        this.setRegister((entry.first - layout.CPU_GPR) >> 3);
        return true;
      case ops.OP_NEG32_R:
      case ops.OP_NEG64_R: {
        const width = entry.op === ops.OP_NEG64_R ? 64 : 32;
        if (width === 64) code.i64(0);
        else code.i32(0);
        code.set(this.a(width));
        this.readRegister(entry.first, width);
        code.set(this.b(width));
        this.binary('sub', width, setsFlags);
        code.get(this.r(width));
        this.writeRegister(entry.first, width);
        return true;
      }
      case ops.OP_NOT32_R:
        this.readRegister(entry.first, 32);
        code.i32(-1).emit(op.i32Xor);
        this.writeRegister(entry.first, 32);
        return true;
      case ops.OP_NOT64_R:
        this.readRegister(entry.first, 64);
        code.i64(-1).emit(op.i64Xor);
        this.writeRegister(entry.first, 64);
        return true;
      case ops.OP_SET_R:
        this.condition(entry.control);
        this.writeRegister(entry.second, 8);
        return true;
      case ops.OP_CMOV32_R:
      case ops.OP_CMOV64_R:
      case ops.OP_CMOV32_M:
      case ops.OP_CMOV64_M:
        return this.conditionalMove(entry);
      case ops.OP_XCHG32_RR:
      case ops.OP_XCHG64_RR: {
        const width = entry.op === ops.OP_XCHG64_RR ? 64 : 32;
        this.readRegister(entry.first, width);
        code.set(this.a(width));
        this.readRegister(entry.second, width);
        this.writeRegister(entry.first, width);
        code.get(this.a(width));
        this.writeRegister(entry.second, width);
        return true;
      }
      case ops.OP_IMUL32_RR:
      case ops.OP_IMUL32_RM:
      case ops.OP_IMUL32_RRI:
      case ops.OP_IMUL64_RR:
      case ops.OP_IMUL64_RM:
      case ops.OP_IMUL64_RRI:
        return this.multiply(entry, setsFlags);
      case ops.OP_CDQ:
        this.readRegister(layout.CPU_GPR + RAX * 8, 32);
        code.i32(31).emit(op.i32ShrS);
        this.writeRegister(layout.CPU_GPR + RDX * 8, 32);
        return true;
      case ops.OP_CQO:
        this.getRegister(RAX);
        code.i64(63).emit(op.i64ShrS);
        this.setRegister(RDX);
        return true;
      case ops.OP_CWDE:
        this.readRegister(layout.CPU_GPR + RAX * 8, 16);
        code.emit(op.i32Extend16S);
        this.writeRegister(layout.CPU_GPR + RAX * 8, 32);
        return true;
      case ops.OP_CDQE:
        this.getRegister(RAX);
        code.emit(op.i64Extend32S);
        this.setRegister(RAX);
        return true;
      default:
        return false;
    }
  }

  protected conditionalMove(entry: Entry): boolean {
    const code = this.code;
    const isMemory = entry.op === ops.OP_CMOV32_M || entry.op === ops.OP_CMOV64_M;
    const width = entry.op === ops.OP_CMOV64_R || entry.op === ops.OP_CMOV64_M ? 64 : 32;
    if (isMemory) {
      this.address(entry);
      this.load(entry, width);
    } else this.readRegister(entry.second, width);
    this.readRegister(entry.first, width);
    this.condition(entry.control);
    code.emit(op.select);
    this.writeRegister(entry.first, width);
    return true;
  }

  protected multiply(entry: Entry, setsFlags: boolean): boolean {
    const code = this.code;
    const width = entry.op >= ops.OP_IMUL64_RR ? 64 : 32;
    const isImmediate = entry.op === ops.OP_IMUL32_RRI || entry.op === ops.OP_IMUL64_RRI;
    const isMemory = entry.op === ops.OP_IMUL32_RM || entry.op === ops.OP_IMUL64_RM;
    if (isMemory) {
      this.address(entry);
      this.load(entry, width);
    } else this.readRegister(entry.second, width);
    code.set(this.b(width));
    if (!isImmediate) this.readRegister(entry.first, width);
    else if (width === 64) code.i64(entry.value);
    else code.i32(entry.value);
    code.set(this.a(width));
    if (width === 64 && setsFlags) {
      code.get(this.a64).get(this.b64).call(CALL_MULTIPLY);
      this.setRegister((entry.first - layout.CPU_GPR) >> 3);
      this.reloadFlags();
      this.flags = { kind: KIND_RESULT, width };
      return true;
    }
    if (width === 64) code.get(this.a64).get(this.b64).emit(op.i64Mul).set(this.r64);
    else code.get(this.a32).get(this.b32).emit(op.i32Mul).set(this.r32);
    code.get(this.r(width));
    this.writeRegister(entry.first, width);
    if (!setsFlags) {
      this.flags = null;
      return true;
    }
    this.setFlags(KIND_RESULT, width, this.r32, null);
    code.i64(CF_OF).i64(0);
    code.get(this.a32).emit(op.i64ExtendI32S).get(this.b32).emit(op.i64ExtendI32S, op.i64Mul);
    code.get(this.r32).emit(op.i64ExtendI32S, op.i64Ne, op.select).set(this.ccSrc);
    return true;
  }

  /** Moves of whole vector registers, which stay in memory. */
  protected vector(entry: Entry): boolean {
    const code = this.code;
    const load128 = 0;
    const store128 = 11;
    switch (entry.op) {
      case ops.OP_XMM_LOAD:
      case ops.OP_XMM_LOAD_ALIGNED:
        this.address(entry);
        if (entry.op === ops.OP_XMM_LOAD_ALIGNED) this.alignedOrLeave(entry);
        this.readable(entry, 16);
        code.set(this.host).i32(0).get(this.host).vector(load128).vector(store128, entry.first);
        return true;
      case ops.OP_XMM_STORE:
      case ops.OP_XMM_STORE_ALIGNED:
        this.address(entry);
        if (entry.op === ops.OP_XMM_STORE_ALIGNED) this.alignedOrLeave(entry);
        this.probe(this.writeTable, 16);
        code.emit(op.i32Eqz).if();
        this.leaveBefore(entry);
        code.end();
        this.hostAddress(this.writeTable);
        code.i32(0).vector(load128, entry.second).vector(store128);
        return true;
      case ops.OP_XMM_MOVE:
        code.i32(0).i32(0).vector(load128, entry.second).vector(store128, entry.first);
        return true;
      case ops.OP_XMM_XOR:
        code.i32(0).i32(0).vector(load128, entry.first).i32(0).vector(load128, entry.second);
        code.simd(0x51).vector(store128, entry.first);
        return true;
      case ops.OP_XMM_LOAD32:
      case ops.OP_XMM_LOAD64: {
        const width = entry.op === ops.OP_XMM_LOAD64 ? 64 : 32;
        this.address(entry);
        this.load(entry, width);
        if (width === 32) code.emit(op.i64ExtendI32U);
        code.set(this.a64);
        this.setLowHalf(entry.first);
        return true;
      }
      case ops.OP_XMM_FROM_R32:
      case ops.OP_XMM_FROM_R64: {
        const width = entry.op === ops.OP_XMM_FROM_R64 ? 64 : 32;
        this.readRegister(entry.second, width);
        if (width === 32) code.emit(op.i64ExtendI32U);
        code.set(this.a64);
        this.setLowHalf(entry.first);
        return true;
      }
      case ops.OP_XMM_TO_R32:
        code.i32(0).memory(op.i32Load, entry.second);
        this.writeRegister(entry.first, 32);
        return true;
      case ops.OP_XMM_TO_R64:
        code.i32(0).memory(op.i64Load, entry.second);
        this.writeRegister(entry.first, 64);
        return true;
      case ops.OP_XMM_STORE32:
      case ops.OP_XMM_STORE64: {
        const width = entry.op === ops.OP_XMM_STORE64 ? 64 : 32;
        this.address(entry);
        code.set(this.linear).i32(0).memory(LOADS[width], entry.second);
        this.setValue(width);
        this.store(entry, width, () => this.setRip(entry.offset + entry.length, this.is64 ? 64 : 32));
        return true;
      }
      default:
        return false;
    }
  }

  /** Linear address on the stack, and left there. What is not aligned faults in the interpreter. */
  protected alignedOrLeave(entry: Entry): void {
    const code = this.code;
    code.tee(this.linear).i64(15).emit(op.i64And, op.i64Eqz, op.i32Eqz).if();
    this.leaveBefore(entry);
    code.end();
    code.get(this.linear);
  }

  /** a64 to the lower half of a vector register, zero to the upper one. */
  protected setLowHalf(address: number): void {
    this.code.i32(0).get(this.a64).memory(op.i64Store, address);
    this.code
      .i32(0)
      .i64(0)
      .memory(op.i64Store, address + 8);
  }
}
