// Turns a region into one WebAssembly function. General registers and lazy flags live in locals; they are loaded at the start and
// stored in one epilogue, which faults and exits share. Memory accesses test the core's TLBs inline and call the core when they
// miss. Operations that are not translated are run by the core from inside the region (regionRare).
//
// The function returns 0 when the loop must be left (a fault is recorded, or the mode may have changed) 1 when CPU_RIP says where to
// go on, 2 when the interpreter must run the entry in CELL_RESUME. In front of every call of the core CELL_BUDGET is current, and CELL_RIP_PAGE always is.
// hot path: the translation of each family of operations is written out; test/bench says what it is worth.
import * as layout from '../core/layout.ts';
import * as ops from '../core/ops.ts';
import * as tables from '../core/tables.ts';
import type { Entry } from './block-reader.ts';
import * as families from './operations.ts';
import type { Node, Region } from './region-graph.ts';
import { Code, type FunctionType, I32, I64, type Label, moduleBytes, op, VOID } from './wasm-writer.ts';

const KIND_ADD = 1;
const KIND_ADC = 2;
const KIND_SUB = 3;
const KIND_SBB = 4;
const KIND_RESULT = 5;
const KIND_INC = 6;
const KIND_DEC = 7;
const CF_OF = 0x801;

const TYPES: readonly FunctionType[] = [
  { parameters: [], results: [I32] },
  { parameters: [I32, I64, I32], results: [I32] },
  { parameters: [I32, I64, I32, I64], results: [I32] },
  { parameters: [I32], results: [I32] },
  { parameters: [I64, I64], results: [I64] },
  { parameters: [I32, I64, I64], results: [I32] },
  { parameters: [I32], results: [] },
];
const TYPE_REGION = 0;
const TYPE_CARRY = 5;
/** Imported functions, in this order. */
const IMPORTS = [
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
const CALL_READ = 0;
const CALL_UPDATE = 1;
const CALL_STORE = 2;
const CALL_COMMIT = 3;
const CALL_RARE = 4;
const CALL_RARE_FIRST = 5;
const CALL_CONDITION = 6;
const CALL_MULTIPLY = 7;
const CALL_CARRY_OVERFLOW = 8;
/** The module's own function that derives the carry from lazy flags of any kind. */
const CALL_CARRY = IMPORTS.length;

const LOG2_BYTES: Record<families.Width, number> = { 8: 0, 16: 1, 32: 2, 64: 3 };
const RAX = 0;
const RCX = 1;
const RDX = 2;
const RSP = 4;
const RBP = 5;

/** What is known of the lazy flags at a point of a block; null: anything. */
type Flags = { kind: number; width: families.Width } | null;

const LOADS: Record<families.Width, number> = { 8: op.i32Load8u, 16: op.i32Load16u, 32: op.i32Load, 64: op.i64Load };
const STORES: Record<families.Width, number> = { 8: op.i32Store8, 16: op.i32Store16, 32: op.i32Store, 64: op.i64Store };

export function emitRegion(region: Region): Uint8Array<ArrayBuffer> {
  // The first pass finds which registers are used; the second knows it from the start.
  const uses = new RegisterUse();
  new RegionEmitter(region, uses, true).run();
  const code = new RegionEmitter(region, uses, false).run();
  return moduleBytes(TYPES, IMPORTS, [
    { type: TYPE_CARRY, code: carryFunction() },
    { type: TYPE_REGION, code },
  ]);
}

class RegisterUse {
  readonly read = new Set<number>();
  readonly written = new Set<number>();
}

class RegionEmitter {
  readonly #region: Region;
  readonly #uses: RegisterUse;
  readonly #code: Code;
  readonly #registers: number[];
  readonly #ccOp: number;
  readonly #ccDst: number;
  readonly #ccSrc: number;
  readonly #left: number;
  readonly #ripBase: number;
  readonly #pendingMask: number;
  readonly #result: number;
  readonly #linear: number;
  readonly #preludeEa: number;
  readonly #slot: number;
  readonly #host: number;
  readonly #missed: number;
  readonly #a32: number;
  readonly #b32: number;
  readonly #r32: number;
  readonly #a64: number;
  readonly #b64: number;
  readonly #r64: number;
  readonly #is64: boolean;
  readonly #readTable: number;
  readonly #writeTable: number;
  readonly #fetchTable: number;
  readonly #labels = new Map<Node, Label>();
  readonly #pageKnown = new Map<string, number>();
  /** Stores the locals and leaves; leaves with all state in memory. */
  #spilled: Label | null = null;
  #unspilled: Label | null = null;
  #flags: Flags = null;
  #node: Node;

  constructor(region: Region, uses: RegisterUse, isDry: boolean) {
    this.#code = new Code(0, isDry);
    this.#registers = Array.from({ length: 16 }, () => this.#code.local(I64));
    this.#ccOp = this.#code.local(I32);
    this.#ccDst = this.#code.local(I64);
    this.#ccSrc = this.#code.local(I64);
    this.#left = this.#code.local(I32);
    this.#ripBase = this.#code.local(I64);
    this.#pendingMask = this.#code.local(I32);
    this.#result = this.#code.local(I32);
    this.#linear = this.#code.local(I64);
    this.#preludeEa = this.#code.local(I64);
    this.#slot = this.#code.local(I32);
    this.#host = this.#code.local(I32);
    this.#missed = this.#code.local(I32);
    this.#a32 = this.#code.local(I32);
    this.#b32 = this.#code.local(I32);
    this.#r32 = this.#code.local(I32);
    this.#a64 = this.#code.local(I64);
    this.#b64 = this.#code.local(I64);
    this.#r64 = this.#code.local(I64);
    this.#region = region;
    this.#uses = uses;
    this.#node = region.entry;
    const { mode } = region.entry.block;
    this.#is64 = (mode & 2) !== 0;
    const isUser = ((mode >> 8) & 3) === 3;
    this.#readTable = isUser ? tables.TLB_USER_R : tables.TLB_SUPER_R;
    this.#writeTable = isUser ? tables.TLB_USER_W : tables.TLB_SUPER_W;
    this.#fetchTable = isUser ? tables.FETCH_USER : tables.FETCH_SUPER;
  }

  run(): Code {
    const code = this.#code;
    this.#reloadRegisters();
    this.#reloadFlags();
    code.i32(tables.CELL_BUDGET).memory(op.i32Load).set(this.#left);
    code.i32(tables.CELL_RIP_PAGE).memory(op.i64Load).set(this.#ripBase);
    // All pending bits count with interrupts enabled, all but INTR without.
    code.i32(-1).i32(~layout.INTR_INTR).i32(layout.CPU_FLAGS).memory(op.i32Load).i32(0x200).emit(op.i32And, op.select);
    code.set(this.#pendingMask);
    this.#unspilled = code.block();
    this.#spilled = code.block();
    this.#tree(this.#region.entry);
    code.end();
    this.#spillRegisters();
    this.#spillFlags();
    this.#storeBudget();
    code.end();
    code.get(this.#result);
    return code;
  }

  // ---------------------------------------------------------------- control flow

  /** A node with all that it dominates. */
  #tree(node: Node): void {
    const merges = node.children.filter((child) => child.isMerge).toSorted((a, b) => b.order - a.order);
    if (!node.isLoop) return this.#within(node, merges);
    const label = this.#code.loop();
    this.#labels.set(node, label);
    this.#within(node, merges);
    this.#code.end();
  }

  /** Blocks are opened around the node so that its branches can leave to each merge behind it. */
  #within(node: Node, merges: readonly Node[]): void {
    const [first, ...rest] = merges;
    if (!first) return this.#block(node);
    const label = this.#code.block();
    const before = this.#labels.get(first);
    this.#labels.set(first, label);
    this.#within(node, rest);
    this.#code.end();
    if (before) this.#labels.set(first, before);
    this.#tree(first);
  }

  #block(node: Node): void {
    this.#node = node;
    this.#flags = null;
    const { entries } = node.block;
    const observed = flagsObserved(entries);
    let isOpen = true;
    for (let index = 0; index < entries.length && isOpen; index++) {
      const entry = entries[index]!;
      const joined = this.#fused(entry);
      if (joined) {
        const branch = entries[index + 1]!;
        joined();
        this.#conditional(branch, index + 1, node);
        index++;
      } else isOpen = this.#entry(entry, index, node, observed[index]!);
    }
    if (isOpen) {
      const last = entries.at(-1)!;
      this.#leaveTo(last, last.offset + last.length, 64);
    }
  }

  /** False when nothing after the entry runs. */
  #entry(entry: Entry, index: number, node: Node, areFlagsObserved: boolean): boolean {
    if (families.isConditional(entry.op)) {
      this.#condition(entry.op - ops.OP_JO);
      this.#conditional(entry, index, node);
      return true;
    }
    switch (entry.op) {
      case ops.OP_JMP:
        this.#edge(entry, index, node);
        return false;
      case ops.OP_CALL32:
      case ops.OP_CALL64:
        this.#callNear(entry, index, node);
        return false;
      case ops.OP_RET32:
      case ops.OP_RET64:
        this.#returnNear(entry, node);
        return false;
      case ops.OP_JMP_R32:
      case ops.OP_JMP_R64:
      case ops.OP_JMP_M32:
      case ops.OP_JMP_M64:
        this.#jumpIndirect(entry);
        return false;
      case ops.OP_END:
        this.#leaveTo(entry, entry.offset, 64);
        return false;
      case ops.OP_CALL_R32:
      case ops.OP_CALL_R64:
      case ops.OP_CALL_M32:
      case ops.OP_CALL_M64:
        this.#callIndirect(entry);
        return false;
      case ops.OP_EA_SEG:
        // Checked segments are for the interpreter.
        this.#leaveBefore(entry);
        return false;
      case ops.OP_NOP:
        return true;
      default:
        if (!this.#simple(entry, areFlagsObserved)) return this.#rare(entry, index);
        return true;
    }
  }

  /** The condition is on the stack. */
  #conditional(branch: Entry, index: number, node: Node): void {
    const flags = this.#flags;
    this.#code.if();
    this.#edge(branch, index, node);
    this.#code.end();
    this.#node = node;
    this.#flags = flags;
  }

  /** Takes a direct branch: within the region, or out of it. */
  #edge(branch: Entry, index: number, node: Node): void {
    const target = node.branches.get(index);
    if (!target) return this.#leaveTo(branch, branch.value, widthOf(branch.control));
    this.#count(branch);
    this.#transfer(target, node, () => this.#setRip(branch.value, widthOf(branch.control)));
  }

  /** `setRip` writes the target for the case that the region must be left instead. */
  #transfer(target: Node, source: Node, setRip: () => void): void {
    const code = this.#code;
    if (target.delta !== source.delta) this.#crossPage(target, setRip);
    if (target.order <= source.order) {
      code.get(this.#left).i32(1).emit(op.i32LtS);
      code.i32(0).atomicLoad(layout.CPU_PENDING).get(this.#pendingMask).emit(op.i32And, op.i32Or);
      code.if();
      setRip();
      code.i32(1).set(this.#result).br(this.#spilled!);
      code.end();
      code.br(this.#labels.get(target)!);
    } else if (target.isMerge) code.br(this.#labels.get(target)!);
    else this.#tree(target);
  }

  /** The target's page must still be where it was; asked once a run, since whatever changes mappings leaves the region. */
  #crossPage(target: Node, setRip: () => void): void {
    const code = this.#code;
    const page = target.block.page;
    if (target.delta !== 0) {
      const key = `${target.delta}:${page}`;
      const known = this.#pageKnown.get(key) ?? code.local(I32);
      this.#pageKnown.set(key, known);
      code.get(known).emit(op.i32Eqz).if();
      code.get(this.#ripBase).i64(target.delta).emit(op.i64Add);
      this.#maskLinear();
      code.tee(this.#linear).i64(8).emit(op.i64ShrU, op.i32WrapI64).i32(0x1ff0).emit(op.i32And);
      code.tee(this.#slot).memory(op.i64Load, this.#fetchTable).get(this.#linear).emit(op.i64Xor);
      code.i64(4096).emit(op.i64LtU);
      code
        .get(this.#slot)
        .memory(op.i32Load, this.#fetchTable + 8)
        .i32(page)
        .emit(op.i32Eq, op.i32And);
      code.tee(known).emit(op.i32Eqz).if();
      setRip();
      code.i32(1).set(this.#result).br(this.#spilled!);
      code.end().end();
    }
    code.i32(tables.CELL_RIP_PAGE).get(this.#ripBase).i64(target.delta).emit(op.i64Add);
    code.memory(op.i64Store);
  }

  #callNear(entry: Entry, index: number, node: Node): void {
    const width = entry.op === ops.OP_CALL64 ? 64 : 32;
    this.#pushReturn(entry, width, () => this.#setRip(entry.value, widthOf(entry.control)));
    this.#edge(entry, index, node);
  }

  /** `setRip` writes the call's target, should the push overwrite code. */
  #pushReturn(entry: Entry, width: 32 | 64, setRip: () => void): void {
    this.#pushTo(width);
    this.#ripOf(entry.offset + entry.length, 64);
    if (width === 32) this.#code.emit(op.i32WrapI64);
    this.#setValue(width);
    this.#store(entry, width, () => {
      this.#moveStack();
      setRip();
    });
    this.#moveStack();
  }

  #returnNear(entry: Entry, node: Node): void {
    const code = this.#code;
    const width = entry.op === ops.OP_RET64 ? 64 : 32;
    this.#popFrom(entry, width);
    code.get(this.#b64).set(this.#a64);
    this.#popped(width);
    this.#count(entry);
    const setRip = (): void => {
      code.i32(0).get(this.#a64).memory(op.i64Store, layout.CPU_RIP);
    };
    for (const site of node.returnSites) {
      code.get(this.#a64);
      code
        .get(this.#ripBase)
        .i64(site.delta + site.block.offset)
        .emit(op.i64Add);
      this.#maskLinear();
      code.emit(op.i64Eq).if();
      this.#transfer(site, node, setRip);
      code.end();
      this.#node = node;
    }
    this.#leaveIndirect(entry, width, this.#a64);
  }

  #jumpIndirect(entry: Entry): void {
    const code = this.#code;
    const width = entry.op === ops.OP_JMP_R64 || entry.op === ops.OP_JMP_M64 ? 64 : 32;
    if (entry.op === ops.OP_JMP_R32 || entry.op === ops.OP_JMP_R64) this.#readRegister(entry.second, width);
    else {
      this.#address(entry);
      this.#load(entry, width);
    }
    if (width === 32) code.emit(op.i64ExtendI32U);
    code.set(this.#a64);
    this.#count(entry);
    this.#leaveIndirect(entry, width, this.#a64);
  }

  #callIndirect(entry: Entry): void {
    const code = this.#code;
    const isWide = entry.op === ops.OP_CALL_R64 || entry.op === ops.OP_CALL_M64;
    const width = isWide ? 64 : 32;
    if (entry.op === ops.OP_CALL_R32 || entry.op === ops.OP_CALL_R64) this.#readRegister(entry.second, width);
    else {
      this.#address(entry);
      this.#load(entry, width);
    }
    if (!isWide) code.emit(op.i64ExtendI32U);
    code.set(this.#a64);
    // The interpreter refuses what is not canonical, with nothing done yet.
    if (isWide) {
      this.#isWild(this.#a64);
      code.if();
      this.#leaveBefore(entry);
      code.end();
    }
    const setRip = (): void => {
      code.i32(0).get(this.#a64).memory(op.i64Store, layout.CPU_RIP);
    };
    this.#pushReturn(entry, width, setRip);
    this.#count(entry);
    setRip();
    code.i32(1).set(this.#result).br(this.#spilled!);
  }

  #isWild(local: number): void {
    this.#code.get(local).i64(16).emit(op.i64Shl).i64(16).emit(op.i64ShrS).get(local).emit(op.i64Ne);
  }

  /** The interpreter goes on with this entry; it counts the block's instructions from the start. */
  #leaveBefore(entry: Entry): void {
    const code = this.#code;
    code.i32(tables.CELL_RESUME).i32(entry.address).memory(op.i32Store);
    code.i32(2).set(this.#result).br(this.#spilled!);
  }

  /** Counted already; the interpreter refuses targets that are not canonical, as faults of the branch, so it must see them itself. */
  #leaveIndirect(entry: Entry, width: families.Width, target: number): void {
    const code = this.#code;
    if (width === 64) {
      this.#isWild(target);
      code.if();
      // Undo what the instruction did; it will be run again.
      if (families.isReturn(entry.op)) {
        this.#getRegister(RSP);
        code.i64(8).emit(op.i64Sub);
        this.#setRegister(RSP);
      }
      code
        .get(this.#left)
        .i32(1 + entry.before)
        .emit(op.i32Add)
        .set(this.#left);
      this.#leaveBefore(entry);
      code.end();
    }
    code.i32(0).get(target).memory(op.i64Store, layout.CPU_RIP);
    code.i32(1).set(this.#result).br(this.#spilled!);
  }

  /** Leaves to an offset from the RIP page, after the entry's instruction. */
  #leaveTo(entry: Entry, offset: number, width: families.Width): void {
    this.#count(entry);
    this.#setRip(offset, width === 64 && !this.#is64 ? 32 : width);
    this.#code.i32(1).set(this.#result).br(this.#spilled!);
  }

  #count(entry: Entry): void {
    this.#code
      .get(this.#left)
      .i32(1 + entry.before)
      .emit(op.i32Sub)
      .set(this.#left);
  }

  #ripOf(offset: number, width: families.Width): void {
    const code = this.#code;
    code
      .get(this.#ripBase)
      .i64(this.#node.delta + offset)
      .emit(op.i64Add);
    if (width === 32) code.i64(0xffffffffn).emit(op.i64And);
    if (width === 16) code.i64(0xffff).emit(op.i64And);
  }

  #setRip(offset: number, width: families.Width): void {
    this.#code.i32(0);
    this.#ripOf(offset, width);
    this.#code.memory(op.i64Store, layout.CPU_RIP);
  }

  // ---------------------------------------------------------------- registers, flags and budget to and from memory

  #getRegister(number: number): void {
    this.#uses.read.add(number);
    this.#code.get(this.#registers[number]!);
  }
  #setRegister(number: number): void {
    this.#uses.read.add(number);
    this.#uses.written.add(number);
    this.#code.set(this.#registers[number]!);
  }

  #spillRegisters(): void {
    for (const number of this.#uses.written)
      this.#code
        .i32(0)
        .get(this.#registers[number]!)
        .memory(op.i64Store, layout.CPU_GPR + number * 8);
  }
  #reloadRegisters(): void {
    for (const number of this.#uses.read)
      this.#code
        .i32(0)
        .memory(op.i64Load, layout.CPU_GPR + number * 8)
        .set(this.#registers[number]!);
  }
  #spillFlags(): void {
    const code = this.#code;
    code.i32(0).get(this.#ccOp).memory(op.i32Store, layout.CPU_CC_OP);
    code.i32(0).get(this.#ccDst).memory(op.i64Store, layout.CPU_CC_DST);
    code.i32(0).get(this.#ccSrc).memory(op.i64Store, layout.CPU_CC_SRC);
  }
  #reloadFlags(): void {
    const code = this.#code;
    code.i32(0).memory(op.i32Load, layout.CPU_CC_OP).set(this.#ccOp);
    code.i32(0).memory(op.i64Load, layout.CPU_CC_DST).set(this.#ccDst);
    code.i32(0).memory(op.i64Load, layout.CPU_CC_SRC).set(this.#ccSrc);
  }
  #storeBudget(): void {
    this.#code.i32(0).get(this.#left).memory(op.i32Store, tables.CELL_BUDGET);
  }

  // ---------------------------------------------------------------- operands

  /** Pushes a register operand given by its address: i32 up to 32 bits, else i64. */
  #readRegister(address: number, width: families.Width): void {
    const code = this.#code;
    const offset = address - layout.CPU_GPR;
    this.#getRegister(offset >> 3);
    if (width === 64) return;
    code.emit(op.i32WrapI64);
    if ((offset & 7) !== 0) code.i32(8).emit(op.i32ShrU);
    if (width === 8) code.i32(0xff).emit(op.i32And);
    if (width === 16) code.i32(0xffff).emit(op.i32And);
  }

  /** Writes what is on the stack (i32 up to 32 bits, already masked to the width, else i64) to a register operand. */
  #writeRegister(address: number, width: families.Width): void {
    const code = this.#code;
    const offset = address - layout.CPU_GPR;
    const number = offset >> 3;
    if (width === 64) return this.#setRegister(number);
    code.emit(op.i64ExtendI32U);
    if (width < 32) {
      const shift = (offset & 7) * 8;
      if (shift !== 0) code.i64(shift).emit(op.i64Shl);
      this.#getRegister(number);
      code.i64(~(((1n << BigInt(width)) - 1n) << BigInt(shift))).emit(op.i64And, op.i64Or);
    }
    this.#setRegister(number);
  }

  #maskLinear(): void {
    if (!this.#is64) this.#code.i64(0xffffffffn).emit(op.i64And);
  }

  /** Pushes the linear address of the entry's memory operand. */
  #address(entry: Entry): void {
    const code = this.#code;
    let isEmpty = true;
    let constant = BigInt(entry.displacement);
    const add = (): void => {
      if (!isEmpty) code.emit(op.i64Add);
      isEmpty = false;
    };
    if (entry.base === tables.CELL_RIP_PAGE) {
      constant += BigInt(this.#node.delta);
      code.get(this.#ripBase);
      add();
    } else if (entry.base === tables.CELL_EA) {
      code.get(this.#preludeEa);
      add();
    } else if (entry.base !== layout.CPU_ZERO) {
      this.#getRegister((entry.base - layout.CPU_GPR) >> 3);
      add();
    }
    if (entry.index === tables.CELL_CONST_PLUS) constant += 0x40000000n;
    else if (entry.index === tables.CELL_CONST_MINUS) constant -= 0x40000000n;
    else if (entry.index !== layout.CPU_ZERO) {
      this.#getRegister((entry.index - layout.CPU_GPR) >> 3);
      if (entry.shift > 0) code.i64(entry.shift).emit(op.i64Shl);
      add();
    }
    if (constant !== 0n || isEmpty) {
      code.i64(constant);
      add();
    }
    this.#maskLinear();
  }

  /** Linear address on the stack; leaves the test's outcome there, `slot` and `linear` set. */
  #probe(table: number, bytes: number): void {
    const code = this.#code;
    code.tee(this.#linear).i64(8).emit(op.i64ShrU, op.i32WrapI64).i32(tables.TLB_MASK).emit(op.i32And);
    code.tee(this.#slot).memory(op.i64Load, table).get(this.#linear).emit(op.i64Xor);
    code.i64(4097 - bytes).emit(op.i64LtU);
  }

  #hostAddress(table: number): void {
    const code = this.#code;
    code.get(this.#slot).memory(op.i32Load, table + 8);
    code.get(this.#linear).emit(op.i32WrapI64, op.i32Add);
  }

  /** Linear address on the stack; pushes a host address to read from. */
  #readable(entry: Entry, bytes: number): void {
    const code = this.#code;
    this.#probe(this.#readTable, bytes);
    code.if(I32);
    this.#hostAddress(this.#readTable);
    code.else();
    this.#missStart();
    code.i32(entry.address).get(this.#linear).i32(bytes).call(CALL_READ).tee(this.#host).emit(op.i32Eqz).if();
    this.#fault();
    code.end();
    code.get(this.#host);
    code.end();
  }

  /** Linear address on the stack; pushes the value: i32 up to 32 bits, zero-extended, else i64. */
  #load(entry: Entry, width: families.Width): void {
    this.#readable(entry, width / 8);
    this.#code.memory(LOADS[width]);
  }

  #setValue(width: families.Width): void {
    this.#code.set(width === 64 ? this.#b64 : this.#b32);
  }

  /** Linear address in `linear`, value in b32 or b64. `finish` completes the instruction, RIP included, should its own code be gone. */
  #store(entry: Entry, width: families.Width, finish: () => void): void {
    const code = this.#code;
    const value = width === 64 ? this.#b64 : this.#b32;
    code.get(this.#linear);
    this.#probe(this.#writeTable, width / 8);
    code.if();
    this.#hostAddress(this.#writeTable);
    code.get(value).memory(STORES[width]);
    code.else();
    this.#missStart();
    code
      .i32(entry.address)
      .get(this.#linear)
      .i32(width / 8)
      .get(value);
    if (width !== 64) code.emit(op.i64ExtendI32U);
    code.call(CALL_STORE).tee(this.#host).emit(op.i32Eqz).if();
    this.#fault();
    code.end();
    code.get(this.#host).i32(2).emit(op.i32Eq).if();
    this.#count(entry);
    finish();
    code.i32(1).set(this.#result).br(this.#spilled!);
    code.end();
    code.end();
  }

  /** Linear address on the stack; pushes nothing: the host address is in `host`, `missed` says whether a commit must follow. */
  #updatable(entry: Entry, bytes: number): void {
    const code = this.#code;
    this.#probe(this.#writeTable, bytes);
    code.if();
    this.#hostAddress(this.#writeTable);
    code.set(this.#host).i32(0).set(this.#missed);
    code.else();
    this.#missStart();
    code.i32(entry.address).get(this.#linear).i32(bytes).call(CALL_UPDATE).tee(this.#host).emit(op.i32Eqz).if();
    this.#fault();
    code.end();
    code.i32(1).set(this.#missed);
    code.end();
  }

  /** After the write and the flags of an update. */
  #commit(entry: Entry): void {
    const code = this.#code;
    code.get(this.#missed).if();
    code.call(CALL_COMMIT).if();
    this.#leaveTo(entry, entry.offset + entry.length, 64);
    code.end().end();
  }

  /** What the core may look at when an access misses. */
  #missStart(): void {
    this.#storeBudget();
    if (this.#uses.read.has(RSP))
      this.#code
        .i32(0)
        .get(this.#registers[RSP]!)
        .memory(op.i64Store, layout.CPU_GPR + RSP * 8);
  }

  /** The fault is recorded and the budget in its cell: store the locals and go. */
  #fault(): void {
    const code = this.#code;
    code.i32(0).memory(op.i32Load, tables.CELL_BUDGET).set(this.#left);
    code.i32(0).set(this.#result).br(this.#spilled!);
  }

  /** Sets `linear` to the stack slot below the top. */
  #pushTo(width: 32 | 64): void {
    const code = this.#code;
    this.#getRegister(RSP);
    code.i64(width / 8).emit(op.i64Sub);
    if (width === 32) code.i64(0xffffffffn).emit(op.i64And);
    code.set(this.#linear);
  }
  #moveStack(): void {
    this.#code.get(this.#linear);
    this.#setRegister(RSP);
  }

  /** Reads the top of the stack into b64 without moving the pointer. */
  #popFrom(entry: Entry, width: 32 | 64, register = RSP): void {
    const code = this.#code;
    this.#getRegister(register);
    if (width === 32) code.i64(0xffffffffn).emit(op.i64And);
    this.#load(entry, width);
    if (width === 32) code.emit(op.i64ExtendI32U);
    code.set(this.#b64);
  }
  /** `linear` is still the slot read. */
  #popped(width: 32 | 64): void {
    const code = this.#code;
    code
      .get(this.#linear)
      .i64(width / 8)
      .emit(op.i64Add);
    if (width === 32) code.i64(0xffffffffn).emit(op.i64And);
    this.#setRegister(RSP);
  }

  // ---------------------------------------------------------------- flags

  /** `result` and `source` are locals of the width's type; no source is zero. */
  #setFlags(kind: number, width: families.Width, result: number, source: number | null): void {
    const code = this.#code;
    code.i32((kind << 2) | LOG2_BYTES[width]).set(this.#ccOp);
    code.get(result);
    if (width !== 64) code.emit(op.i64ExtendI32U);
    code.set(this.#ccDst);
    if (source === null) code.i64(0);
    else {
      code.get(source);
      if (width !== 64) code.emit(op.i64ExtendI32U);
    }
    code.set(this.#ccSrc);
    this.#flags = { kind, width };
  }

  /** Pushes CF as 0 or 1. */
  #carry(): void {
    const code = this.#code;
    const flags = this.#flags;
    if (!flags) {
      code.get(this.#ccOp).get(this.#ccDst).get(this.#ccSrc).call(CALL_CARRY);
    } else if (flags.kind === KIND_ADD) code.get(this.#ccDst).get(this.#ccSrc).emit(op.i64LtU);
    else if (flags.kind === KIND_SUB) {
      this.#subFirst(flags.width);
      code.get(this.#ccSrc).emit(op.i64LtU);
    } else code.get(this.#ccSrc).emit(op.i32WrapI64).i32(1).emit(op.i32And);
  }

  /** Pushes the first operand of the subtraction that set the flags. */
  #subFirst(width: families.Width): void {
    const code = this.#code;
    code.get(this.#ccDst).get(this.#ccSrc).emit(op.i64Add);
    if (width !== 64) code.i64((1n << BigInt(width)) - 1n).emit(op.i64And);
  }

  #zero(): void {
    this.#code.get(this.#ccDst).emit(op.i64Eqz);
  }
  #sign(width: families.Width): void {
    this.#code
      .get(this.#ccDst)
      .i64(width - 1)
      .emit(op.i64ShrU, op.i32WrapI64)
      .i32(1)
      .emit(op.i32And);
  }
  /** Signed "less" after a subtraction. */
  #subLess(width: families.Width): void {
    const code = this.#code;
    const shift = 64 - width;
    const widen = (): void => {
      if (shift > 0) code.i64(shift).emit(op.i64Shl);
    };
    code.get(this.#ccDst).get(this.#ccSrc).emit(op.i64Add);
    widen();
    code.get(this.#ccSrc);
    widen();
    code.emit(op.i64LtS);
  }

  /** Pushes whether condition 0..15 holds. */
  #condition(condition: number): void {
    const code = this.#code;
    const flags = this.#flags;
    const pair = condition >> 1;
    if (!flags || !this.#knownCondition(pair, flags)) {
      this.#spillFlags();
      code.i32(condition).call(CALL_CONDITION);
      return;
    }
    if (condition & 1) code.emit(op.i32Eqz);
  }

  /** Pushes the condition of an even number if the kind of flags allows it inline. */
  #knownCondition(pair: number, { kind, width }: NonNullable<Flags>): boolean {
    const code = this.#code;
    switch (pair) {
      case 1:
        if (kind === KIND_ADC || kind === KIND_SBB) return false;
        this.#carry();
        return true;
      case 2:
        this.#zero();
        return true;
      case 3:
        if (kind === KIND_ADC || kind === KIND_SBB) return false;
        this.#carry();
        this.#zero();
        code.emit(op.i32Or);
        return true;
      case 4:
        this.#sign(width);
        return true;
      case 5:
        code.get(this.#ccDst).emit(op.i32WrapI64).i32(0xff).emit(op.i32And, op.i32Popcnt).i32(1).emit(op.i32And);
        code.emit(op.i32Eqz);
        return true;
      case 6:
      case 7:
        if (kind === KIND_SUB) this.#subLess(width);
        else if (kind === KIND_RESULT) {
          this.#sign(width);
          code.get(this.#ccSrc).emit(op.i32WrapI64).i32(11).emit(op.i32ShrU).i32(1).emit(op.i32And, op.i32Xor);
        } else return false;
        if (pair === 7) {
          this.#zero();
          code.emit(op.i32Or);
        }
        return true;
      default:
        return false;
    }
  }

  // ---------------------------------------------------------------- arithmetic

  /** A compare, test or count-down joined to a branch: the function emits it and pushes whether the branch is taken. */
  #fused(entry: Entry): (() => void) | null {
    const compare = families.fusedCompareOf(entry.op);
    if (compare)
      return () => {
        this.#operands(entry, compare.form, compare.width);
        this.#compare(compare.width);
        if (compare.fused === 'Z') this.#equality(entry, compare.width);
        else this.#compareFacts(entry, compare.width);
      };
    const test = families.testOf(entry.op);
    if (test?.fused)
      return () => {
        this.#operands(entry, test.form, test.width);
        this.#logicTest(test.width);
        if (test.fused === 'Z') this.#resultIsZero(entry, test.width);
        else this.#testFacts(entry, test.width);
      };
    return this.#fusedCount(entry);
  }

  #fusedCount(entry: Entry): (() => void) | null {
    const isDecrement = entry.op === ops.OP_DECZ32_R || entry.op === ops.OP_DECZ64_R;
    const isSubtract = entry.op === ops.OP_SUBZ32_RI || entry.op === ops.OP_SUBZ64_RI;
    if (!isDecrement && !isSubtract) return null;
    const width = entry.op === ops.OP_DECZ32_R || entry.op === ops.OP_SUBZ32_RI ? 32 : 64;
    return () => {
      if (isDecrement) this.#step(entry, { isDecrement: true, isMemory: false, width }, true);
      else {
        this.#operands(entry, 'RI', width);
        this.#binary('sub', width, true);
        this.#code.get(this.#r(width));
        this.#writeRegister(entry.first, width);
      }
      this.#resultIsZero(entry, width);
    };
  }

  #a(width: families.Width): number {
    return width === 64 ? this.#a64 : this.#a32;
  }
  #b(width: families.Width): number {
    return width === 64 ? this.#b64 : this.#b32;
  }
  #r(width: families.Width): number {
    return width === 64 ? this.#r64 : this.#r32;
  }

  /** Sets a and b. Memory forms only read here. */
  #operands(entry: Entry, form: families.AluForm, width: families.Width): void {
    const code = this.#code;
    if (form === 'MR' || form === 'MI') {
      this.#address(entry);
      this.#load(entry, width);
      code.set(this.#a(width));
    }
    this.#source(entry, form, width);
    if (form === 'RR' || form === 'RI' || form === 'RM') {
      this.#readRegister(entry.first, width);
      code.set(this.#a(width));
    }
  }

  /** Sets b. */
  #source(entry: Entry, form: families.AluForm, width: families.Width): void {
    const code = this.#code;
    if (form === 'RR' || form === 'MR') this.#readRegister(entry.second, width);
    else if (form === 'RM') {
      this.#address(entry);
      this.#load(entry, width);
    } else if (width === 64) code.i64(entry.value);
    else code.i32(width === 8 ? entry.value & 0xff : width === 16 ? entry.value & 0xffff : entry.value);
    code.set(this.#b(width));
  }

  /** Flags of a - b; r is the difference. */
  #compare(width: families.Width): void {
    this.#binary('sub', width, true);
  }

  #logicTest(width: families.Width): void {
    this.#binary('and', width, true);
  }

  /** r = a op b, with flags if anybody looks at them. */
  #binary(kind: families.AluKind, width: families.Width, setsFlags: boolean): void {
    const code = this.#code;
    const is64 = width === 64;
    const [a, b, r] = [this.#a(width), this.#b(width), this.#r(width)];
    if (kind === 'adc' || kind === 'sbb') return this.#withCarry(kind, width);
    const opcode = {
      add: is64 ? op.i64Add : op.i32Add,
      sub: is64 ? op.i64Sub : op.i32Sub,
      cmp: is64 ? op.i64Sub : op.i32Sub,
      and: is64 ? op.i64And : op.i32And,
      or: is64 ? op.i64Or : op.i32Or,
      xor: is64 ? op.i64Xor : op.i32Xor,
    }[kind];
    code.get(a).get(b).emit(opcode);
    this.#truncate(width);
    code.set(r);
    if (!setsFlags) {
      this.#flags = null;
      return;
    }
    if (kind === 'add') this.#setFlags(KIND_ADD, width, r, b);
    else if (kind === 'sub' || kind === 'cmp') this.#setFlags(KIND_SUB, width, r, b);
    else this.#setFlags(KIND_RESULT, width, r, null);
  }

  #truncate(width: families.Width): void {
    if (width === 8) this.#code.i32(0xff).emit(op.i32And);
    else if (width === 16) this.#code.i32(0xffff).emit(op.i32And);
  }

  /** With the carry set it is a kind of its own, without it plain addition or subtraction. */
  #withCarry(kind: 'adc' | 'sbb', width: families.Width): void {
    const code = this.#code;
    const is64 = width === 64;
    const [a, b, r] = [this.#a(width), this.#b(width), this.#r(width)];
    const combine = kind === 'adc' ? (is64 ? op.i64Add : op.i32Add) : is64 ? op.i64Sub : op.i32Sub;
    this.#carry();
    code.set(this.#slot);
    code.get(a).get(b).emit(combine).get(this.#slot);
    if (is64) code.emit(op.i64ExtendI32U);
    code.emit(combine);
    this.#truncate(width);
    code.set(r);
    const [withCarry, without] = kind === 'adc' ? [KIND_ADC, KIND_ADD] : [KIND_SBB, KIND_SUB];
    const log2 = LOG2_BYTES[width];
    this.#setFlags(without, width, r, b);
    code
      .i32((withCarry << 2) | log2)
      .i32((without << 2) | log2)
      .get(this.#slot)
      .emit(op.select)
      .set(this.#ccOp);
    this.#flags = null;
  }

  /** Pushes whether the branch of a fused equality is taken: its bit 0 inverts. */
  #equality(entry: Entry, width: families.Width): void {
    this.#code.get(this.#a(width)).get(this.#b(width));
    const isInverted = entry.control !== 0;
    if (width === 64) this.#code.emit(isInverted ? op.i64Ne : op.i64Eq);
    else this.#code.emit(isInverted ? op.i32Ne : op.i32Eq);
  }
  #resultIsZero(entry: Entry, width: families.Width): void {
    this.#code.get(this.#r(width)).emit(width === 64 ? op.i64Eqz : op.i32Eqz);
    if (entry.control !== 0) this.#code.emit(op.i32Eqz);
  }

  /** Facts selected by the control byte: equal 1, below 2, less 4, negative 8; bit 7 inverts. */
  #compareFacts(entry: Entry, width: families.Width): void {
    const code = this.#code;
    const is64 = width === 64;
    const [a, b, r] = [this.#a(width), this.#b(width), this.#r(width)];
    const signed = (local: number): void => {
      code.get(local);
      if (width === 8) code.emit(op.i32Extend8S);
      if (width === 16) code.emit(op.i32Extend16S);
    };
    this.#facts(entry.control, {
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
      8: () => this.#isNegative(r, width),
    });
  }

  #testFacts(entry: Entry, width: families.Width): void {
    const code = this.#code;
    const r = this.#r(width);
    this.#facts(entry.control, {
      1: () => code.get(r).emit(width === 64 ? op.i64Eqz : op.i32Eqz),
      2: () => code.i32(0),
      4: () => code.i32(0),
      8: () => this.#isNegative(r, width),
    });
  }

  #facts(control: number, emitters: Record<1 | 2 | 4 | 8, () => unknown>): void {
    const code = this.#code;
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

  #isNegative(local: number, width: families.Width): void {
    const code = this.#code;
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
  #step(
    entry: Entry,
    { isDecrement, isMemory, width }: NonNullable<ReturnType<typeof families.stepOf>>,
    setsFlags: boolean,
  ): void {
    const code = this.#code;
    const is64 = width === 64;
    if (isMemory) {
      this.#address(entry);
      this.#updatable(entry, width / 8);
    }
    if (setsFlags) {
      this.#carry();
      if (is64) code.emit(op.i64ExtendI32U);
      code.set(this.#b(width));
    }
    if (isMemory) code.get(this.#host).get(this.#host).memory(LOADS[width]);
    else this.#readRegister(entry.first, width);
    if (is64) code.i64(1).emit(isDecrement ? op.i64Sub : op.i64Add);
    else code.i32(1).emit(isDecrement ? op.i32Sub : op.i32Add);
    this.#truncate(width);
    code.tee(this.#r(width));
    if (isMemory) code.memory(STORES[width]);
    else this.#writeRegister(entry.first, width);
    if (setsFlags) this.#setFlags(isDecrement ? KIND_DEC : KIND_INC, width, this.#r(width), this.#b(width));
    else this.#flags = null;
    if (isMemory) this.#commit(entry);
  }

  // ---------------------------------------------------------------- the other operations

  /** False for an operation that the core must run. */
  #simple(entry: Entry, setsFlags: boolean): boolean {
    const alu = families.aluOf(entry.op);
    if (alu) return this.#alu(entry, alu, setsFlags);
    const move = families.moveOf(entry.op);
    if (move) return this.#move(entry, move);
    const test = families.testOf(entry.op);
    if (test && !test.fused) {
      this.#operands(entry, test.form, test.width);
      if (setsFlags) this.#logicTest(test.width);
      return true;
    }
    const step = families.stepOf(entry.op);
    if (step) {
      this.#step(entry, step, setsFlags || step.isMemory);
      return true;
    }
    const extension = families.extensionOf(entry.op);
    if (extension) return this.#extend(entry, extension);
    const shift = families.shiftOf(entry.op);
    if (shift) return this.#shift(entry, shift, setsFlags);
    return this.#stack(entry) || this.#various(entry, setsFlags) || this.#vector(entry);
  }

  #alu(
    entry: Entry,
    { kind, form, width }: NonNullable<ReturnType<typeof families.aluOf>>,
    setsFlags: boolean,
  ): boolean {
    const code = this.#code;
    if ((form === 'MR' || form === 'MI') && kind !== 'cmp') {
      this.#address(entry);
      this.#updatable(entry, width / 8);
      code.get(this.#host).memory(LOADS[width]).set(this.#a(width));
      this.#source(entry, form, width);
      this.#binary(kind, width, true);
      code.get(this.#host).get(this.#r(width)).memory(STORES[width]);
      this.#commit(entry);
      return true;
    }
    this.#operands(entry, form, width);
    this.#binary(kind, width, setsFlags);
    if (kind === 'cmp') return true;
    code.get(this.#r(width));
    this.#writeRegister(entry.first, width);
    return true;
  }

  #move(entry: Entry, { form, width }: NonNullable<ReturnType<typeof families.moveOf>>): boolean {
    const code = this.#code;
    const immediate = (): void => {
      if (width === 64) code.i64(entry.value);
      else code.i32(width === 8 ? entry.value & 0xff : width === 16 ? entry.value & 0xffff : entry.value);
    };
    if (form === 'RR') this.#readRegister(entry.second, width);
    else if (form === 'RI') immediate();
    else {
      this.#address(entry);
      if (form === 'RM') this.#load(entry, width);
      else {
        code.set(this.#linear);
        if (form === 'MR') this.#readRegister(entry.second, width);
        else immediate();
        this.#setValue(width);
        this.#store(entry, width, () => this.#setRip(entry.offset + entry.length, this.#is64 ? 64 : 32));
        return true;
      }
    }
    this.#writeRegister(entry.first, width);
    return true;
  }

  #extend(entry: Entry, { from, to, isSigned, isMemory }: families.Extension): boolean {
    const code = this.#code;
    if (isMemory) {
      this.#address(entry);
      this.#load(entry, from);
    } else this.#readRegister(entry.second, from);
    if (isSigned && from === 8) code.emit(op.i32Extend8S);
    if (isSigned && from === 16) code.emit(op.i32Extend16S);
    if (to === 64) {
      code.emit(op.i64ExtendI32S);
      this.#setRegister((entry.first - layout.CPU_GPR) >> 3);
    } else this.#writeRegister(entry.first, 32);
    return true;
  }

  #shift(
    entry: Entry,
    { kind, width, byCl }: NonNullable<ReturnType<typeof families.shiftOf>>,
    setsFlags: boolean,
  ): boolean {
    const code = this.#code;
    const is64 = width === 64;
    const isRotation = kind === 'rol' || kind === 'ror';
    const [a, b, r] = [this.#a(width), this.#b(width), this.#r(width)];
    this.#readRegister(entry.first, width);
    code.set(a);
    if (byCl) {
      this.#readRegister(layout.CPU_GPR + RCX * 8, 8);
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
    this.#writeRegister(entry.first, width);
    if (!setsFlags) {
      this.#flags = null;
      return true;
    }
    if (isRotation) {
      this.#rotationFlags(kind, width);
      return true;
    }
    if (byCl) {
      code
        .get(b)
        .emit(is64 ? op.i64Eqz : op.i32Eqz, op.i32Eqz)
        .if();
      this.#shiftFlags(kind as 'shl' | 'shr' | 'sar', width, byCl);
      code.end();
      this.#flags = null;
    } else this.#shiftFlags(kind as 'shl' | 'shr' | 'sar', width, byCl);
    return true;
  }

  /** Only CF and OF change: CF is the bit that came round, OF says whether the top bit differs from it (ROL) or its neighbour (ROR). */
  #rotationFlags(kind: 'rol' | 'ror', width: 32 | 64): void {
    const code = this.#code;
    const is64 = width === 64;
    const r = this.#r(width);
    const bit = (place: number): void => {
      code.get(r);
      if (is64) code.i64(place).emit(op.i64ShrU, op.i32WrapI64);
      else code.i32(place).emit(op.i32ShrU);
      code.i32(1).emit(op.i32And);
    };
    this.#spillFlags();
    bit(kind === 'rol' ? 0 : width - 1);
    bit(width - 1);
    bit(kind === 'rol' ? 0 : width - 2);
    code.emit(op.i32Xor).i32(11).emit(op.i32Shl, op.i32Or).call(CALL_CARRY_OVERFLOW);
    this.#reloadFlags();
    this.#flags = null;
  }

  /** CF is the last bit out; OF is set as for a count of one, as the core does. */
  #shiftFlags(kind: 'shl' | 'shr' | 'sar', width: 32 | 64, byCl: boolean): void {
    const code = this.#code;
    const is64 = width === 64;
    const [a, b, r] = [this.#a(width), this.#b(width), this.#r(width)];
    const bit = (shiftRight: () => void): void => {
      shiftRight();
      if (is64) code.emit(op.i32WrapI64);
      code.i32(1).emit(op.i32And);
    };
    code.i32((KIND_RESULT << 2) | LOG2_BYTES[width]).set(this.#ccOp);
    code.get(r);
    if (!is64) code.emit(op.i64ExtendI32U);
    code.set(this.#ccDst);
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
    code.set(this.#slot);
    code.get(this.#slot);
    if (kind !== 'sar') {
      // SHL: the result's top bit against CF. SHR: the operand's top bit; by CL as the core has it, the result's two top bits.
      const topOf = (local: number, place: number): void =>
        bit(() => {
          code.get(local);
          if (is64) code.i64(place).emit(op.i64ShrU);
          else code.i32(place).emit(op.i32ShrU);
        });
      topOf(kind === 'shr' && !byCl ? a : r, width - 1);
      if (kind === 'shl') code.get(this.#slot).emit(op.i32Xor);
      else if (byCl) {
        topOf(r, width - 2);
        code.emit(op.i32Xor);
      }
      code.i32(11).emit(op.i32Shl, op.i32Or);
    }
    code.emit(op.i64ExtendI32U).set(this.#ccSrc);
    this.#flags = { kind: KIND_RESULT, width };
  }

  #stack(entry: Entry): boolean {
    const code = this.#code;
    switch (entry.op) {
      case ops.OP_PUSH_R32:
      case ops.OP_PUSH_R64:
      case ops.OP_PUSH_I32:
      case ops.OP_PUSH_I64: {
        const width = entry.op === ops.OP_PUSH_R64 || entry.op === ops.OP_PUSH_I64 ? 64 : 32;
        if (entry.op === ops.OP_PUSH_R32 || entry.op === ops.OP_PUSH_R64) this.#readRegister(entry.first, width);
        else if (width === 64) code.i64(entry.value);
        else code.i32(entry.value);
        this.#setValue(width);
        this.#pushTo(width);
        this.#store(entry, width, () => {
          this.#moveStack();
          this.#setRip(entry.offset + entry.length, this.#is64 ? 64 : 32);
        });
        this.#moveStack();
        return true;
      }
      case ops.OP_POP_R32:
      case ops.OP_POP_R64: {
        const width = entry.op === ops.OP_POP_R64 ? 64 : 32;
        this.#popFrom(entry, width);
        this.#popped(width);
        code.get(this.#b64);
        this.#setRegister((entry.first - layout.CPU_GPR) >> 3);
        return true;
      }
      case ops.OP_LEAVE32:
      case ops.OP_LEAVE64: {
        const width = entry.op === ops.OP_LEAVE64 ? 64 : 32;
        this.#popFrom(entry, width, RBP);
        this.#popped(width);
        code.get(this.#b64);
        this.#setRegister(RBP);
        return true;
      }
      default:
        return false;
    }
  }

  #various(entry: Entry, setsFlags: boolean): boolean {
    const code = this.#code;
    switch (entry.op) {
      case ops.OP_EA_BASE:
        this.#address(entry);
        code.i32(0).memory(op.i64Load, entry.first).emit(op.i64Add);
        this.#maskLinear();
        code.set(this.#preludeEa);
        code.i32(tables.CELL_EA).get(this.#preludeEa).memory(op.i64Store);
        return true;
      case ops.OP_LEA32:
        this.#address(entry);
        code.i64(0xffffffffn).emit(op.i64And);
        this.#setRegister((entry.first - layout.CPU_GPR) >> 3);
        return true;
      case ops.OP_LEA64:
        this.#address(entry);
        this.#setRegister((entry.first - layout.CPU_GPR) >> 3);
        return true;
      case ops.OP_MOV64_RI64:
        code.i64((BigInt(entry.value) << 32n) | BigInt(entry.displacement >>> 0));
        this.#setRegister((entry.first - layout.CPU_GPR) >> 3);
        return true;
      case ops.OP_NEG32_R:
      case ops.OP_NEG64_R: {
        const width = entry.op === ops.OP_NEG64_R ? 64 : 32;
        if (width === 64) code.i64(0);
        else code.i32(0);
        code.set(this.#a(width));
        this.#readRegister(entry.first, width);
        code.set(this.#b(width));
        this.#binary('sub', width, setsFlags);
        code.get(this.#r(width));
        this.#writeRegister(entry.first, width);
        return true;
      }
      case ops.OP_NOT32_R:
        this.#readRegister(entry.first, 32);
        code.i32(-1).emit(op.i32Xor);
        this.#writeRegister(entry.first, 32);
        return true;
      case ops.OP_NOT64_R:
        this.#readRegister(entry.first, 64);
        code.i64(-1).emit(op.i64Xor);
        this.#writeRegister(entry.first, 64);
        return true;
      case ops.OP_SET_R:
        this.#condition(entry.control);
        this.#writeRegister(entry.second, 8);
        return true;
      case ops.OP_CMOV32_R:
      case ops.OP_CMOV64_R:
      case ops.OP_CMOV32_M:
      case ops.OP_CMOV64_M:
        return this.#conditionalMove(entry);
      case ops.OP_XCHG32_RR:
      case ops.OP_XCHG64_RR: {
        const width = entry.op === ops.OP_XCHG64_RR ? 64 : 32;
        this.#readRegister(entry.first, width);
        code.set(this.#a(width));
        this.#readRegister(entry.second, width);
        this.#writeRegister(entry.first, width);
        code.get(this.#a(width));
        this.#writeRegister(entry.second, width);
        return true;
      }
      case ops.OP_IMUL32_RR:
      case ops.OP_IMUL32_RM:
      case ops.OP_IMUL32_RRI:
      case ops.OP_IMUL64_RR:
      case ops.OP_IMUL64_RM:
      case ops.OP_IMUL64_RRI:
        return this.#multiply(entry, setsFlags);
      case ops.OP_CDQ:
        this.#readRegister(layout.CPU_GPR + RAX * 8, 32);
        code.i32(31).emit(op.i32ShrS);
        this.#writeRegister(layout.CPU_GPR + RDX * 8, 32);
        return true;
      case ops.OP_CQO:
        this.#getRegister(RAX);
        code.i64(63).emit(op.i64ShrS);
        this.#setRegister(RDX);
        return true;
      case ops.OP_CWDE:
        this.#readRegister(layout.CPU_GPR + RAX * 8, 16);
        code.emit(op.i32Extend16S);
        this.#writeRegister(layout.CPU_GPR + RAX * 8, 32);
        return true;
      case ops.OP_CDQE:
        this.#getRegister(RAX);
        code.emit(op.i64Extend32S);
        this.#setRegister(RAX);
        return true;
      default:
        return false;
    }
  }

  #conditionalMove(entry: Entry): boolean {
    const code = this.#code;
    const isMemory = entry.op === ops.OP_CMOV32_M || entry.op === ops.OP_CMOV64_M;
    const width = entry.op === ops.OP_CMOV64_R || entry.op === ops.OP_CMOV64_M ? 64 : 32;
    if (isMemory) {
      this.#address(entry);
      this.#load(entry, width);
    } else this.#readRegister(entry.second, width);
    this.#readRegister(entry.first, width);
    this.#condition(entry.control);
    code.emit(op.select);
    this.#writeRegister(entry.first, width);
    return true;
  }

  #multiply(entry: Entry, setsFlags: boolean): boolean {
    const code = this.#code;
    const width = entry.op >= ops.OP_IMUL64_RR ? 64 : 32;
    const isImmediate = entry.op === ops.OP_IMUL32_RRI || entry.op === ops.OP_IMUL64_RRI;
    const isMemory = entry.op === ops.OP_IMUL32_RM || entry.op === ops.OP_IMUL64_RM;
    if (isMemory) {
      this.#address(entry);
      this.#load(entry, width);
    } else this.#readRegister(entry.second, width);
    code.set(this.#b(width));
    if (!isImmediate) this.#readRegister(entry.first, width);
    else if (width === 64) code.i64(entry.value);
    else code.i32(entry.value);
    code.set(this.#a(width));
    if (width === 64 && setsFlags) {
      code.get(this.#a64).get(this.#b64).call(CALL_MULTIPLY);
      this.#setRegister((entry.first - layout.CPU_GPR) >> 3);
      this.#reloadFlags();
      this.#flags = { kind: KIND_RESULT, width };
      return true;
    }
    if (width === 64) code.get(this.#a64).get(this.#b64).emit(op.i64Mul).set(this.#r64);
    else code.get(this.#a32).get(this.#b32).emit(op.i32Mul).set(this.#r32);
    code.get(this.#r(width));
    this.#writeRegister(entry.first, width);
    if (!setsFlags) {
      this.#flags = null;
      return true;
    }
    this.#setFlags(KIND_RESULT, width, this.#r32, null);
    code.i64(CF_OF).i64(0);
    code.get(this.#a32).emit(op.i64ExtendI32S).get(this.#b32).emit(op.i64ExtendI32S, op.i64Mul);
    code.get(this.#r32).emit(op.i64ExtendI32S, op.i64Ne, op.select).set(this.#ccSrc);
    return true;
  }

  /** Moves of whole vector registers, which stay in memory. */
  #vector(entry: Entry): boolean {
    const code = this.#code;
    const load128 = 0;
    const store128 = 11;
    switch (entry.op) {
      case ops.OP_XMM_LOAD:
      case ops.OP_XMM_LOAD_ALIGNED:
        this.#address(entry);
        if (entry.op === ops.OP_XMM_LOAD_ALIGNED) this.#alignedOrLeave(entry);
        this.#readable(entry, 16);
        code.set(this.#host).i32(0).get(this.#host).vector(load128).vector(store128, entry.first);
        return true;
      case ops.OP_XMM_STORE:
      case ops.OP_XMM_STORE_ALIGNED:
        this.#address(entry);
        if (entry.op === ops.OP_XMM_STORE_ALIGNED) this.#alignedOrLeave(entry);
        this.#probe(this.#writeTable, 16);
        code.emit(op.i32Eqz).if();
        this.#leaveBefore(entry);
        code.end();
        this.#hostAddress(this.#writeTable);
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
        this.#address(entry);
        this.#load(entry, width);
        if (width === 32) code.emit(op.i64ExtendI32U);
        code.set(this.#a64);
        this.#setLowHalf(entry.first);
        return true;
      }
      case ops.OP_XMM_FROM_R32:
      case ops.OP_XMM_FROM_R64: {
        const width = entry.op === ops.OP_XMM_FROM_R64 ? 64 : 32;
        this.#readRegister(entry.second, width);
        if (width === 32) code.emit(op.i64ExtendI32U);
        code.set(this.#a64);
        this.#setLowHalf(entry.first);
        return true;
      }
      case ops.OP_XMM_TO_R32:
        code.i32(0).memory(op.i32Load, entry.second);
        this.#writeRegister(entry.first, 32);
        return true;
      case ops.OP_XMM_TO_R64:
        code.i32(0).memory(op.i64Load, entry.second);
        this.#writeRegister(entry.first, 64);
        return true;
      case ops.OP_XMM_STORE32:
      case ops.OP_XMM_STORE64: {
        const width = entry.op === ops.OP_XMM_STORE64 ? 64 : 32;
        this.#address(entry);
        code.set(this.#linear).i32(0).memory(LOADS[width], entry.second);
        this.#setValue(width);
        this.#store(entry, width, () => this.#setRip(entry.offset + entry.length, this.#is64 ? 64 : 32));
        return true;
      }
      default:
        return false;
    }
  }

  /** Linear address on the stack, and left there. What is not aligned faults in the interpreter. */
  #alignedOrLeave(entry: Entry): void {
    const code = this.#code;
    code.tee(this.#linear).i64(15).emit(op.i64And, op.i64Eqz, op.i32Eqz).if();
    this.#leaveBefore(entry);
    code.end();
    code.get(this.#linear);
  }

  /** a64 to the lower half of a vector register, zero to the upper one. */
  #setLowHalf(address: number): void {
    this.#code.i32(0).get(this.#a64).memory(op.i64Store, address);
    this.#code
      .i32(0)
      .i64(0)
      .memory(op.i64Store, address + 8);
  }

  /** Has the core run the entry. */
  #rare(entry: Entry, index: number): boolean {
    const code = this.#code;
    this.#spillRegisters();
    this.#spillFlags();
    this.#storeBudget();
    code
      .i32(entry.address)
      .call(index === 0 ? CALL_RARE_FIRST : CALL_RARE)
      .if();
    code.i32(0).set(this.#result).br(this.#unspilled!);
    code.end();
    this.#reloadRegisters();
    this.#reloadFlags();
    this.#flags = null;
    return true;
  }
}

function widthOf(control: number): families.Width {
  return control === 8 ? 64 : control === 4 ? 32 : 16;
}

/**
 * For each entry whether anybody may see the flags it sets: a condition, an exit, a fault or a helper before the next entry that sets
 * them all. Only entries without memory operand and without condition are transparent.
 */
function flagsObserved(entries: readonly Entry[]): boolean[] {
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

/** CF of lazy flags: parameters ccOp, ccDst, ccSrc, as getCF in core/flags.ts. */
function carryFunction(): Code {
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
