// The machine's state as a region has it: general registers and lazy flags in locals, which are loaded at the start and stored in one
// epilogue that faults and exits share; the budget; and guest memory behind the core's TLBs, which are tested inline and whose misses
// are calls of the core. In front of every such call CELL_BUDGET is current, and CELL_RIP_PAGE always is.
import * as layout from '../core/layout.ts';
import * as tables from '../core/tables.ts';
import type { Entry } from './block-reader.ts';
import { CALL_COMMIT, CALL_READ, CALL_STORE, CALL_UPDATE } from './core-calls.ts';
import type { Width } from './operations.ts';
import type { Node } from './region-graph.ts';
import { Code, I32, I64, type Label, op } from './wasm-writer.ts';

export const RAX = 0;
export const RCX = 1;
export const RDX = 2;
export const RSP = 4;
export const RBP = 5;

export const LOADS: Record<Width, number> = { 8: op.i32Load8u, 16: op.i32Load16u, 32: op.i32Load, 64: op.i64Load };
export const STORES: Record<Width, number> = { 8: op.i32Store8, 16: op.i32Store16, 32: op.i32Store, 64: op.i64Store };

/** What is known of the lazy flags at a point of a block; null: anything. */
export type Flags = { kind: number; width: Width } | null;

/** Which registers a region has to load and to store. */
export class RegisterUse {
  readonly read = new Set<number>();
  readonly written = new Set<number>();
}

export class StateEmitter {
  protected readonly uses: RegisterUse;
  protected readonly code: Code;
  protected readonly registers: number[];
  protected readonly ccOp: number;
  protected readonly ccDst: number;
  protected readonly ccSrc: number;
  protected readonly left: number;
  protected readonly ripBase: number;
  protected readonly pendingMask: number;
  protected readonly result: number;
  protected readonly linear: number;
  protected readonly preludeEa: number;
  protected readonly slot: number;
  protected readonly host: number;
  protected readonly missed: number;
  protected readonly a32: number;
  protected readonly b32: number;
  protected readonly r32: number;
  protected readonly a64: number;
  protected readonly b64: number;
  protected readonly r64: number;
  protected readonly is64: boolean;
  protected readonly readTable: number;
  protected readonly writeTable: number;
  /** Stores the locals and leaves; leaves with all state in memory. */
  protected spilled: Label | null = null;
  protected unspilled: Label | null = null;
  protected flags: Flags = null;
  protected node: Node;

  constructor(first: Node, uses: RegisterUse, isDry: boolean) {
    this.code = new Code(0, isDry);
    this.registers = Array.from({ length: 16 }, () => this.code.local(I64));
    this.ccOp = this.code.local(I32);
    this.ccDst = this.code.local(I64);
    this.ccSrc = this.code.local(I64);
    this.left = this.code.local(I32);
    this.ripBase = this.code.local(I64);
    this.pendingMask = this.code.local(I32);
    this.result = this.code.local(I32);
    this.linear = this.code.local(I64);
    this.preludeEa = this.code.local(I64);
    this.slot = this.code.local(I32);
    this.host = this.code.local(I32);
    this.missed = this.code.local(I32);
    this.a32 = this.code.local(I32);
    this.b32 = this.code.local(I32);
    this.r32 = this.code.local(I32);
    this.a64 = this.code.local(I64);
    this.b64 = this.code.local(I64);
    this.r64 = this.code.local(I64);
    this.uses = uses;
    this.node = first;
    const { mode } = first.block;
    this.is64 = (mode & 2) !== 0;
    const isUser = ((mode >> 8) & 3) === 3;
    this.readTable = isUser ? tables.TLB_USER_R : tables.TLB_SUPER_R;
    this.writeTable = isUser ? tables.TLB_USER_W : tables.TLB_SUPER_W;
  }

  protected isWild(local: number): void {
    this.code.get(local).i64(16).emit(op.i64Shl).i64(16).emit(op.i64ShrS).get(local).emit(op.i64Ne);
  }

  /** The interpreter goes on with this entry; it counts the block's instructions from the start. */
  protected leaveBefore(entry: Entry): void {
    const code = this.code;
    code.i32(tables.CELL_RESUME).i32(entry.address).memory(op.i32Store);
    code.i32(2).set(this.result).br(this.spilled!);
  }

  /** Leaves to an offset from the RIP page, after the entry's instruction. */
  protected leaveTo(entry: Entry, offset: number, width: Width): void {
    this.count(entry);
    this.setRip(offset, width === 64 && !this.is64 ? 32 : width);
    this.code.i32(1).set(this.result).br(this.spilled!);
  }

  protected count(entry: Entry): void {
    this.code
      .get(this.left)
      .i32(1 + entry.before)
      .emit(op.i32Sub)
      .set(this.left);
  }

  protected ripOf(offset: number, width: Width): void {
    const code = this.code;
    code
      .get(this.ripBase)
      .i64(this.node.delta + offset)
      .emit(op.i64Add);
    if (width === 32) code.i64(0xffffffffn).emit(op.i64And);
    if (width === 16) code.i64(0xffff).emit(op.i64And);
  }

  protected setRip(offset: number, width: Width): void {
    this.code.i32(0);
    this.ripOf(offset, width);
    this.code.memory(op.i64Store, layout.CPU_RIP);
  }

  protected getRegister(number: number): void {
    this.uses.read.add(number);
    this.code.get(this.registers[number]!);
  }

  protected setRegister(number: number): void {
    this.uses.read.add(number);
    this.uses.written.add(number);
    this.code.set(this.registers[number]!);
  }

  protected spillRegisters(): void {
    for (const number of this.uses.written)
      this.code
        .i32(0)
        .get(this.registers[number]!)
        .memory(op.i64Store, layout.CPU_GPR + number * 8);
  }

  protected reloadRegisters(): void {
    for (const number of this.uses.read)
      this.code
        .i32(0)
        .memory(op.i64Load, layout.CPU_GPR + number * 8)
        .set(this.registers[number]!);
  }

  protected spillFlags(): void {
    const code = this.code;
    code.i32(0).get(this.ccOp).memory(op.i32Store, layout.CPU_CC_OP);
    code.i32(0).get(this.ccDst).memory(op.i64Store, layout.CPU_CC_DST);
    code.i32(0).get(this.ccSrc).memory(op.i64Store, layout.CPU_CC_SRC);
  }

  protected reloadFlags(): void {
    const code = this.code;
    code.i32(0).memory(op.i32Load, layout.CPU_CC_OP).set(this.ccOp);
    code.i32(0).memory(op.i64Load, layout.CPU_CC_DST).set(this.ccDst);
    code.i32(0).memory(op.i64Load, layout.CPU_CC_SRC).set(this.ccSrc);
  }

  protected storeBudget(): void {
    this.code.i32(0).get(this.left).memory(op.i32Store, tables.CELL_BUDGET);
  }

  /** Pushes a register operand given by its address: i32 up to 32 bits, else i64. */
  protected readRegister(address: number, width: Width): void {
    const code = this.code;
    const offset = address - layout.CPU_GPR;
    this.getRegister(offset >> 3);
    if (width === 64) return;
    code.emit(op.i32WrapI64);
    if ((offset & 7) !== 0) code.i32(8).emit(op.i32ShrU);
    if (width === 8) code.i32(0xff).emit(op.i32And);
    if (width === 16) code.i32(0xffff).emit(op.i32And);
  }

  /** Writes what is on the stack (i32 up to 32 bits, already masked to the width, else i64) to a register operand. */
  protected writeRegister(address: number, width: Width): void {
    const code = this.code;
    const offset = address - layout.CPU_GPR;
    const number = offset >> 3;
    if (width === 64) return this.setRegister(number);
    code.emit(op.i64ExtendI32U);
    if (width < 32) {
      const shift = (offset & 7) * 8;
      if (shift !== 0) code.i64(shift).emit(op.i64Shl);
      this.getRegister(number);
      code.i64(~(((1n << BigInt(width)) - 1n) << BigInt(shift))).emit(op.i64And, op.i64Or);
    }
    this.setRegister(number);
  }

  protected maskLinear(): void {
    if (!this.is64) this.code.i64(0xffffffffn).emit(op.i64And);
  }

  /** Pushes the linear address of the entry's memory operand. */
  protected address(entry: Entry): void {
    const code = this.code;
    let isEmpty = true;
    let constant = BigInt(entry.displacement);
    const add = (): void => {
      if (!isEmpty) code.emit(op.i64Add);
      isEmpty = false;
    };
    if (entry.base === tables.CELL_RIP_PAGE) {
      constant += BigInt(this.node.delta);
      code.get(this.ripBase);
      add();
    } else if (entry.base === tables.CELL_EA) {
      code.get(this.preludeEa);
      add();
    } else if (entry.base !== layout.CPU_ZERO) {
      this.getRegister((entry.base - layout.CPU_GPR) >> 3);
      add();
    }
    if (entry.index === tables.CELL_CONST_PLUS) constant += 0x40000000n;
    else if (entry.index === tables.CELL_CONST_MINUS) constant -= 0x40000000n;
    else if (entry.index !== layout.CPU_ZERO) {
      this.getRegister((entry.index - layout.CPU_GPR) >> 3);
      if (entry.shift > 0) code.i64(entry.shift).emit(op.i64Shl);
      add();
    }
    if (constant !== 0n || isEmpty) {
      code.i64(constant);
      add();
    }
    this.maskLinear();
  }

  /** Linear address on the stack; leaves the test's outcome there, `slot` and `linear` set. */
  protected probe(table: number, bytes: number): void {
    const code = this.code;
    code.tee(this.linear).i64(8).emit(op.i64ShrU, op.i32WrapI64).i32(tables.TLB_MASK).emit(op.i32And);
    code.tee(this.slot).memory(op.i64Load, table).get(this.linear).emit(op.i64Xor);
    code.i64(4097 - bytes).emit(op.i64LtU);
  }

  protected hostAddress(table: number): void {
    const code = this.code;
    code.get(this.slot).memory(op.i32Load, table + 8);
    code.get(this.linear).emit(op.i32WrapI64, op.i32Add);
  }

  /** Linear address on the stack; pushes a host address to read from. */
  protected readable(entry: Entry, bytes: number): void {
    const code = this.code;
    this.probe(this.readTable, bytes);
    code.if(I32);
    this.hostAddress(this.readTable);
    code.else();
    this.missStart();
    code.i32(entry.address).get(this.linear).i32(bytes).call(CALL_READ).tee(this.host).emit(op.i32Eqz).if();
    this.fault();
    code.end();
    code.get(this.host);
    code.end();
  }

  /** Linear address on the stack; pushes the value: i32 up to 32 bits, zero-extended, else i64. */
  protected load(entry: Entry, width: Width): void {
    this.readable(entry, width / 8);
    this.code.memory(LOADS[width]);
  }

  protected setValue(width: Width): void {
    this.code.set(width === 64 ? this.b64 : this.b32);
  }

  /** Linear address in `linear`, value in b32 or b64. `finish` completes the instruction, RIP included, should its own code be gone. */
  protected store(entry: Entry, width: Width, finish: () => void): void {
    const code = this.code;
    const value = width === 64 ? this.b64 : this.b32;
    code.get(this.linear);
    this.probe(this.writeTable, width / 8);
    code.if();
    this.hostAddress(this.writeTable);
    code.get(value).memory(STORES[width]);
    code.else();
    this.missStart();
    code
      .i32(entry.address)
      .get(this.linear)
      .i32(width / 8)
      .get(value);
    if (width !== 64) code.emit(op.i64ExtendI32U);
    code.call(CALL_STORE).tee(this.host).emit(op.i32Eqz).if();
    this.fault();
    code.end();
    code.get(this.host).i32(2).emit(op.i32Eq).if();
    this.count(entry);
    finish();
    code.i32(1).set(this.result).br(this.spilled!);
    code.end();
    code.end();
  }

  /** Linear address on the stack; pushes nothing: the host address is in `host`, `missed` says whether a commit must follow. */
  protected updatable(entry: Entry, bytes: number): void {
    const code = this.code;
    this.probe(this.writeTable, bytes);
    code.if();
    this.hostAddress(this.writeTable);
    code.set(this.host).i32(0).set(this.missed);
    code.else();
    this.missStart();
    code.i32(entry.address).get(this.linear).i32(bytes).call(CALL_UPDATE).tee(this.host).emit(op.i32Eqz).if();
    this.fault();
    code.end();
    code.i32(1).set(this.missed);
    code.end();
  }

  /** After the write and the flags of an update. */
  protected commit(entry: Entry): void {
    const code = this.code;
    code.get(this.missed).if();
    code.call(CALL_COMMIT).if();
    this.leaveTo(entry, entry.offset + entry.length, 64);
    code.end().end();
  }

  /** What the core may look at when an access misses. */
  protected missStart(): void {
    this.storeBudget();
    if (this.uses.read.has(RSP))
      this.code
        .i32(0)
        .get(this.registers[RSP]!)
        .memory(op.i64Store, layout.CPU_GPR + RSP * 8);
  }

  /** The fault is recorded and the budget in its cell: store the locals and go. */
  protected fault(): void {
    const code = this.code;
    code.i32(0).memory(op.i32Load, tables.CELL_BUDGET).set(this.left);
    code.i32(0).set(this.result).br(this.spilled!);
  }

  /** Sets `linear` to the stack slot below the top. */
  protected pushTo(width: 32 | 64): void {
    const code = this.code;
    this.getRegister(RSP);
    code.i64(width / 8).emit(op.i64Sub);
    if (width === 32) code.i64(0xffffffffn).emit(op.i64And);
    code.set(this.linear);
  }

  protected moveStack(): void {
    this.code.get(this.linear);
    this.setRegister(RSP);
  }

  /** Reads the top of the stack into b64 without moving the pointer. */
  protected popFrom(entry: Entry, width: 32 | 64, register = RSP): void {
    const code = this.code;
    this.getRegister(register);
    if (width === 32) code.i64(0xffffffffn).emit(op.i64And);
    this.load(entry, width);
    if (width === 32) code.emit(op.i64ExtendI32U);
    code.set(this.b64);
  }

  /** `linear` is still the slot read. */
  protected popped(width: 32 | 64): void {
    const code = this.code;
    code
      .get(this.linear)
      .i64(width / 8)
      .emit(op.i64Add);
    if (width === 32) code.i64(0xffffffffn).emit(op.i64And);
    this.setRegister(RSP);
  }
}
