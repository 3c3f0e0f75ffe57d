// Turns a region into one WebAssembly function: its control flow, calls and returns, ways out, and what the core runs for it
// (regionRare).
//
// The function returns 0 when the loop must be left (a fault is recorded, or the mode may have changed), 1 when CPU_RIP says where
// to go on, 2 when the interpreter must run the entry in CELL_RESUME.
import * as layout from '../core/layout.ts';
import * as ops from '../core/ops.ts';
import * as tables from '../core/tables.ts';
import type { Entry } from './block-reader.ts';
import { CALL_RARE, CALL_RARE_FIRST, IMPORTS, TYPE_CARRY, TYPE_REGION, TYPES } from './core-calls.ts';
import { carryFunction } from './flag-emitter.ts';
import { flagsObserved } from './flag-use.ts';
import { OperationEmitter } from './operation-emitter.ts';
import * as families from './operations.ts';
import type { Node, Region } from './region-graph.ts';
import { RegisterUse, RSP } from './state-emitter.ts';
import { type Code, I32, type Label, moduleBytes, op } from './wasm-writer.ts';

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

class RegionEmitter extends OperationEmitter {
  readonly #region: Region;
  readonly #fetchTable: number;
  readonly #labels = new Map<Node, Label>();
  /** By page: whether its mapping was checked in this run. */
  readonly #pageKnown = new Map<string, number>();

  constructor(region: Region, uses: RegisterUse, isDry: boolean) {
    super(region.entry, uses, isDry);
    this.#region = region;
    const isUser = ((region.entry.block.mode >> 8) & 3) === 3;
    this.#fetchTable = isUser ? tables.FETCH_USER : tables.FETCH_SUPER;
  }

  run(): Code {
    const code = this.code;
    this.reloadRegisters();
    this.reloadFlags();
    code.i32(tables.CELL_BUDGET).memory(op.i32Load).set(this.left);
    code.i32(tables.CELL_RIP_PAGE).memory(op.i64Load).set(this.ripBase);
    // All pending bits count with interrupts enabled, all but INTR without.
    code.i32(-1).i32(~layout.INTR_INTR).i32(layout.CPU_FLAGS).memory(op.i32Load).i32(0x200).emit(op.i32And, op.select);
    code.set(this.pendingMask);
    this.unspilled = code.block();
    this.spilled = code.block();
    this.tree(this.#region.entry);
    code.end();
    this.spillRegisters();
    this.spillFlags();
    this.storeBudget();
    code.end();
    code.get(this.result);
    return code;
  }

  /** A node with all that it dominates. */
  protected tree(node: Node): void {
    const merges = node.children.filter((child) => child.isMerge).toSorted((a, b) => b.order - a.order);
    if (!node.isLoop) return this.within(node, merges);
    const label = this.code.loop();
    this.#labels.set(node, label);
    this.within(node, merges);
    this.code.end();
  }

  /** Blocks are opened around the node so that its branches can leave to each merge behind it. */
  protected within(node: Node, merges: readonly Node[]): void {
    const [first, ...rest] = merges;
    if (!first) return this.block(node);
    const label = this.code.block();
    const before = this.#labels.get(first);
    this.#labels.set(first, label);
    this.within(node, rest);
    this.code.end();
    if (before) this.#labels.set(first, before);
    this.tree(first);
  }

  protected block(node: Node): void {
    this.node = node;
    this.flags = null;
    const { entries } = node.block;
    const observed = flagsObserved(entries);
    let isOpen = true;
    for (let index = 0; index < entries.length && isOpen; index++) {
      const entry = entries[index]!;
      const joined = this.fused(entry);
      if (joined) {
        const branch = entries[index + 1]!;
        joined();
        this.conditional(branch, index + 1, node);
        index++;
      } else isOpen = this.entry(entry, index, node, observed[index]!);
    }
    if (isOpen) {
      const last = entries.at(-1)!;
      this.leaveTo(last, last.offset + last.length, 64);
    }
  }

  /** False when nothing after the entry runs. */
  protected entry(entry: Entry, index: number, node: Node, areFlagsObserved: boolean): boolean {
    if (families.isConditional(entry.op)) {
      this.condition(entry.op - ops.OP_JO);
      this.conditional(entry, index, node);
      return true;
    }
    switch (entry.op) {
      case ops.OP_JMP:
        this.edge(entry, index, node);
        return false;
      case ops.OP_CALL32:
      case ops.OP_CALL64:
        this.callNear(entry, index, node);
        return false;
      case ops.OP_RET32:
      case ops.OP_RET64:
        this.returnNear(entry, node);
        return false;
      case ops.OP_JMP_R32:
      case ops.OP_JMP_R64:
      case ops.OP_JMP_M32:
      case ops.OP_JMP_M64:
        this.jumpIndirect(entry);
        return false;
      case ops.OP_END:
        this.leaveTo(entry, entry.offset, 64);
        return false;
      case ops.OP_CALL_R32:
      case ops.OP_CALL_R64:
      case ops.OP_CALL_M32:
      case ops.OP_CALL_M64:
        this.callIndirect(entry);
        return false;
      case ops.OP_EA_SEG:
        // Checked segments are for the interpreter.
        this.leaveBefore(entry);
        return false;
      case ops.OP_NOP:
        return true;
      default:
        if (!this.simple(entry, areFlagsObserved)) return this.rare(entry, index);
        return true;
    }
  }

  /** The condition is on the stack. */
  protected conditional(branch: Entry, index: number, node: Node): void {
    const flags = this.flags;
    this.code.if();
    this.edge(branch, index, node);
    this.code.end();
    this.node = node;
    this.flags = flags;
  }

  /** Takes a direct branch: within the region, or out of it. */
  protected edge(branch: Entry, index: number, node: Node): void {
    const target = node.branches.get(index);
    if (!target) return this.leaveTo(branch, branch.value, widthOf(branch.control));
    this.count(branch);
    this.transfer(target, node, () => this.setRip(branch.value, widthOf(branch.control)));
  }

  /** `setRip` writes the target for the case that the region must be left instead. */
  protected transfer(target: Node, source: Node, setRip: () => void): void {
    const code = this.code;
    if (target.delta !== source.delta) this.crossPage(target, setRip);
    if (target.order <= source.order) {
      code.get(this.left).i32(1).emit(op.i32LtS);
      code.i32(0).atomicLoad(layout.CPU_PENDING).get(this.pendingMask).emit(op.i32And, op.i32Or);
      code.if();
      setRip();
      code.i32(1).set(this.result).br(this.spilled!);
      code.end();
      code.br(this.#labels.get(target)!);
    } else if (target.isMerge) code.br(this.#labels.get(target)!);
    else this.tree(target);
  }

  /** The target's page must still be where it was; asked once a run, since whatever changes mappings leaves the region. */
  protected crossPage(target: Node, setRip: () => void): void {
    const code = this.code;
    const page = target.block.page;
    if (target.delta !== 0) {
      const key = `${target.delta}:${page}`;
      const known = this.#pageKnown.get(key) ?? code.local(I32);
      this.#pageKnown.set(key, known);
      code.get(known).emit(op.i32Eqz).if();
      code.get(this.ripBase).i64(target.delta).emit(op.i64Add);
      this.maskLinear();
      code.tee(this.linear).i64(8).emit(op.i64ShrU, op.i32WrapI64).i32(0x1ff0).emit(op.i32And);
      code.tee(this.slot).memory(op.i64Load, this.#fetchTable).get(this.linear).emit(op.i64Xor);
      code.i64(4096).emit(op.i64LtU);
      code
        .get(this.slot)
        .memory(op.i32Load, this.#fetchTable + 8)
        .i32(page)
        .emit(op.i32Eq, op.i32And);
      code.tee(known).emit(op.i32Eqz).if();
      setRip();
      code.i32(1).set(this.result).br(this.spilled!);
      code.end().end();
    }
    code.i32(tables.CELL_RIP_PAGE).get(this.ripBase).i64(target.delta).emit(op.i64Add);
    code.memory(op.i64Store);
  }

  protected callNear(entry: Entry, index: number, node: Node): void {
    const width = entry.op === ops.OP_CALL64 ? 64 : 32;
    this.pushReturn(entry, width, () => this.setRip(entry.value, widthOf(entry.control)));
    this.edge(entry, index, node);
  }

  /** `setRip` writes the call's target, should the push overwrite code. */
  protected pushReturn(entry: Entry, width: 32 | 64, setRip: () => void): void {
    this.pushTo(width);
    this.ripOf(entry.offset + entry.length, 64);
    if (width === 32) this.code.emit(op.i32WrapI64);
    this.setValue(width);
    this.store(entry, width, () => {
      this.moveStack();
      setRip();
    });
    this.moveStack();
  }

  protected returnNear(entry: Entry, node: Node): void {
    const code = this.code;
    const width = entry.op === ops.OP_RET64 ? 64 : 32;
    this.popFrom(entry, width);
    code.get(this.b64).set(this.a64);
    this.popped(width);
    this.count(entry);
    const setRip = (): void => {
      code.i32(0).get(this.a64).memory(op.i64Store, layout.CPU_RIP);
    };
    for (const site of node.returnSites) {
      code.get(this.a64);
      code
        .get(this.ripBase)
        .i64(site.delta + site.block.offset)
        .emit(op.i64Add);
      this.maskLinear();
      code.emit(op.i64Eq).if();
      this.transfer(site, node, setRip);
      code.end();
      this.node = node;
    }
    this.leaveIndirect(entry, width, this.a64);
  }

  protected jumpIndirect(entry: Entry): void {
    const code = this.code;
    const width = entry.op === ops.OP_JMP_R64 || entry.op === ops.OP_JMP_M64 ? 64 : 32;
    if (entry.op === ops.OP_JMP_R32 || entry.op === ops.OP_JMP_R64) this.readRegister(entry.second, width);
    else {
      this.address(entry);
      this.load(entry, width);
    }
    if (width === 32) code.emit(op.i64ExtendI32U);
    code.set(this.a64);
    this.count(entry);
    this.leaveIndirect(entry, width, this.a64);
  }

  protected callIndirect(entry: Entry): void {
    const code = this.code;
    const isWide = entry.op === ops.OP_CALL_R64 || entry.op === ops.OP_CALL_M64;
    const width = isWide ? 64 : 32;
    if (entry.op === ops.OP_CALL_R32 || entry.op === ops.OP_CALL_R64) this.readRegister(entry.second, width);
    else {
      this.address(entry);
      this.load(entry, width);
    }
    if (!isWide) code.emit(op.i64ExtendI32U);
    code.set(this.a64);
    // The interpreter refuses what is not canonical, with nothing done yet.
    if (isWide) {
      this.isWild(this.a64);
      code.if();
      this.leaveBefore(entry);
      code.end();
    }
    const setRip = (): void => {
      code.i32(0).get(this.a64).memory(op.i64Store, layout.CPU_RIP);
    };
    this.pushReturn(entry, width, setRip);
    this.count(entry);
    setRip();
    code.i32(1).set(this.result).br(this.spilled!);
  }

  /** Counted already; the interpreter refuses targets that are not canonical, as faults of the branch, so it must see them itself. */
  protected leaveIndirect(entry: Entry, width: families.Width, target: number): void {
    const code = this.code;
    if (width === 64) {
      this.isWild(target);
      code.if();
      // Undo what the instruction did; it will be run again.
      if (families.isReturn(entry.op)) {
        this.getRegister(RSP);
        code.i64(8).emit(op.i64Sub);
        this.setRegister(RSP);
      }
      code
        .get(this.left)
        .i32(1 + entry.before)
        .emit(op.i32Add)
        .set(this.left);
      this.leaveBefore(entry);
      code.end();
    }
    code.i32(0).get(target).memory(op.i64Store, layout.CPU_RIP);
    code.i32(1).set(this.result).br(this.spilled!);
  }

  /** Has the core run the entry. */
  protected rare(entry: Entry, index: number): boolean {
    const code = this.code;
    this.spillRegisters();
    this.spillFlags();
    this.storeBudget();
    code
      .i32(entry.address)
      .call(index === 0 ? CALL_RARE_FIRST : CALL_RARE)
      .if();
    code.i32(0).set(this.result).br(this.unspilled!);
    code.end();
    this.reloadRegisters();
    this.reloadFlags();
    this.flags = null;
    return true;
  }
}

function widthOf(control: number): families.Width {
  return control === 8 ? 64 : control === 4 ? 32 : 16;
}
