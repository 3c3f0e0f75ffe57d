// Chooses operands and encodes instructions for one case: prefixes, REX, ModRM, SIB, displacement. Address registers get the values
// that lead the operand to its chosen place in the compared memory.
import {
  type CaseNotes,
  CaseRecord,
  CODE_BASE,
  DATA_BASE,
  DATA_SIZE,
  type Mode,
  SEGMENT_BASE,
  SLOT_ENTRY,
  SLOT_SIZE,
  TAIL,
  TAIL_OFFSET,
  TAIL_SIZE,
  WINDOW,
  WINDOW_OFFSET,
  WINDOW_SIZE,
} from './case-format.ts';
import type { Random } from './random.ts';

export const RAX = 0;
export const RCX = 1;
export const RDX = 2;
export const RBX = 3;
export const RSP = 4;
export const RBP = 5;
export const RSI = 6;
export const RDI = 7;

export interface RegisterOperand {
  readonly kind: 'register';
  readonly index: number;
}

export interface MemoryOperand {
  readonly kind: 'memory';
  readonly linear: bigint;
  readonly mod: number;
  readonly rm: number;
  readonly sib: number | undefined;
  readonly rexX: number;
  readonly rexB: number;
  readonly displacement: readonly number[];
  readonly isRipRelative: boolean;
  /** Through the segment with a base: GS in 64-bit mode, FS in 32-bit mode. */
  readonly isBased: boolean;
  /** 67: 32-bit address in 64-bit mode. */
  readonly isShort: boolean;
}

export type Operand = RegisterOperand | MemoryOperand;

export interface Encoding {
  /** Operand size in bytes: 2 adds 66, 8 adds REX.W; 1 and 4 add nothing. */
  readonly size?: number;
  /** 66, F2, F3 that are part of the opcode, or LOCK, REP. */
  readonly prefixes?: readonly number[];
  readonly opcode: readonly number[];
  readonly reg?: number;
  readonly rm?: Operand;
  readonly immediate?: readonly number[];
  /** Never with a segment override. */
  readonly isPlain?: boolean;
  /** The low three bits of the last opcode byte name this register. */
  readonly opcodeRegister?: number;
}

export function littleEndian(value: bigint | number, size: number): number[] {
  let rest = BigInt.asUintN(size * 8, BigInt(value));
  const bytes: number[] = [];
  for (let i = 0; i < size; i++) {
    bytes.push(Number(rest & 0xffn));
    rest >>= 8n;
  }
  return bytes;
}

export class CaseBuilder {
  readonly mode: Mode;
  readonly random: Random;
  readonly record: CaseRecord;
  readonly entry: number;
  /** Flags the manual leaves undefined. */
  undefinedFlags = 0;
  tolerance: CaseNotes['tolerance'];
  #pinned = 0;

  constructor(mode: Mode, random: Random, batch: ArrayBuffer, index: number) {
    this.mode = mode;
    this.random = random;
    this.record = new CaseRecord(batch, index);
    this.entry = CODE_BASE + index * SLOT_SIZE + SLOT_ENTRY;
    this.record.fill(random.next);
    this.record.eflags = random.next() & 0xcd5 & ~(random.chance(70) ? 0x400 : 0);
    if (random.chance(4)) this.record.eflags |= 0x40000;
    this.record.mxcsr = 0x1f80;
    for (let i = 0; i < this.registers; i++) this.setGpr(i, random.integer(mode / 8));
    if (mode === 32) for (let i = 8; i < 16; i++) this.record.setGpr(i, 0n);
    if (mode === 32) for (let i = 8; i < 16; i++) this.record.xmm(i).fill(0);
    this.setGpr(RSP, BigInt(WINDOW + 256 - 8 * random.below(8)));
    this.#pinned = 0;
  }

  get registers(): number {
    return this.mode === 64 ? 16 : 8;
  }

  setGpr(i: number, value: bigint): void {
    this.record.setGpr(i, BigInt.asUintN(this.mode, value));
  }

  /** Gives a register its value and keeps address selection away from it. */
  pin(i: number, value?: bigint): void {
    if (value !== undefined) this.setGpr(i, value);
    this.#pinned |= 1 << i;
  }

  register(): RegisterOperand {
    return { kind: 'register', index: this.random.below(this.registers) };
  }

  /** An operand size of the mode, bytes. */
  size(withByte = true): number {
    const sizes = this.mode === 64 ? [1, 2, 4, 8, 4, 8] : [1, 2, 4, 4];
    for (;;) {
      const size = this.random.pick(sizes);
      if (size > 1 || withByte) return size;
    }
  }

  /** Where a memory operand lies: mostly in the window, sometimes up against or beyond the unmapped page. */
  place(size: number, alignment = 1): bigint {
    const r = this.random;
    if (r.chance(4)) return BigInt(DATA_BASE + DATA_SIZE + r.below(size + 16) - size - 8);
    if (r.chance(2)) return BigInt(TAIL + r.below(Math.max(1, 32 - size)));
    const boundary = WINDOW_SIZE / 2;
    let offset = r.chance(12) ? boundary - size + r.below(size + 1) : r.below(WINDOW_SIZE - size + 1);
    offset -= offset % alignment;
    return BigInt(WINDOW + offset);
  }

  /** Sets compared memory; elsewhere does nothing. */
  writeWindow(linear: bigint, value: bigint, size: number): void {
    const bytes = littleEndian(value, size);
    const offset = Number(linear) - WINDOW;
    if (offset >= 0 && offset + size <= WINDOW_SIZE) this.record.bytes.set(bytes, WINDOW_OFFSET + offset);
    const tail = Number(linear) - TAIL;
    if (tail >= 0 && tail + size <= TAIL_SIZE) this.record.bytes.set(bytes, TAIL_OFFSET + tail);
  }

  memory(size: number, alignment = 1): MemoryOperand {
    const linear =
      this.random.chance(1) && this.mode === 64
        ? 0x8000000000000000n + this.random.quad() / 4n
        : this.place(size, alignment);
    return this.memoryAt(linear);
  }

  #free(notThis: number): number | undefined {
    for (let tries = 0; tries < 40; tries++) {
      const i = this.random.below(this.registers);
      if (((this.#pinned >> i) & 1) === 0 && i !== notThis) return i;
    }
    return undefined;
  }

  /** A random addressing form that reaches `linear`. */
  memoryAt(linear: bigint): MemoryOperand {
    const r = this.random;
    const isBased = r.chance(5);
    const offset = isBased ? BigInt.asUintN(this.mode, linear - BigInt(SEGMENT_BASE)) : linear;
    const inLow = offset < 0x80000000n;
    const none = {
      kind: 'memory' as const,
      linear,
      sib: undefined,
      rexX: 0,
      rexB: 0,
      isRipRelative: false,
      isBased,
      isShort: false,
    };
    const form = r.below(8);
    if (form === 0 && inLow) {
      if (this.mode === 32) return { ...none, mod: 0, rm: 5, displacement: littleEndian(offset, 4) };
      if (r.chance(50)) return { ...none, mod: 0, rm: 5, displacement: [0, 0, 0, 0], isRipRelative: true };
      return { ...none, mod: 0, rm: 4, sib: 0x25, displacement: littleEndian(offset, 4) };
    }
    const base = this.#free(-1);
    if (base === undefined) {
      if (this.mode === 32) return { ...none, mod: 0, rm: 5, displacement: littleEndian(offset, 4) };
      return { ...none, mod: 0, rm: 4, sib: 0x25, displacement: littleEndian(offset, 4) };
    }
    let mod = r.below(3);
    if (mod === 0 && (base & 7) === 5) mod = 1;
    const displacement = mod === 0 ? 0n : mod === 1 ? BigInt(r.below(256) - 128) : BigInt(r.next() | 0);
    const bytes = mod === 0 ? [] : littleEndian(displacement, mod === 1 ? 1 : 4);
    const isShort = this.mode === 64 && inLow && r.chance(8);
    if (form < 4 && (base & 7) !== 4) {
      this.pin(base, offset - displacement);
      return { ...none, mod, rm: base & 7, rexB: base >> 3, displacement: bytes, isShort };
    }
    let index = r.chance(15) ? 4 : r.below(this.registers);
    if (index === base) index = 4;
    const scale = r.below(4);
    const scaled = index === 4 ? 0n : this.record.gpr(index) << BigInt(scale);
    this.pin(base, offset - displacement - scaled);
    if (index !== 4) this.pin(index);
    return {
      ...none,
      mod,
      rm: 4,
      sib: (scale << 6) | ((index & 7) << 3) | (base & 7),
      rexX: index >> 3,
      rexB: base >> 3,
      displacement: bytes,
      isShort,
    };
  }

  /** Register or memory, evenly. Integer operands in memory get a corner value. */
  operand(size: number, alignment = 1): Operand {
    if (this.random.chance(50)) return this.register();
    const memory = this.memory(size, alignment);
    if (size <= 8) this.writeWindow(memory.linear, this.random.integer(size), size);
    return memory;
  }

  encode(e: Encoding): void {
    const bytes: number[] = [];
    const rm = e.rm;
    if (rm?.kind === 'memory' && rm.isShort) bytes.push(0x67);
    if (rm?.kind === 'memory' && rm.isBased) bytes.push(this.mode === 64 ? 0x65 : 0x64);
    else if (!e.isPlain && this.random.chance(2)) bytes.push(this.random.pick([0x2e, 0x36, 0x3e, 0x26]));
    if (e.size === 2) bytes.push(0x66);
    bytes.push(...(e.prefixes ?? []));
    let rex = 0;
    if (this.mode === 64) {
      const reg = e.reg ?? 0;
      rex = (e.size === 8 ? 8 : 0) | ((reg >> 3) << 2);
      if (rm?.kind === 'register') rex |= rm.index >> 3;
      else if (rm) rex |= (rm.rexX << 1) | rm.rexB;
      if (e.opcodeRegister !== undefined) rex |= e.opcodeRegister >> 3;
      if (rex !== 0 || this.random.chance(10)) bytes.push(0x40 | rex);
    }
    const opcode = [...e.opcode];
    if (e.opcodeRegister !== undefined) opcode[opcode.length - 1]! |= e.opcodeRegister & 7;
    bytes.push(...opcode);
    const immediate = e.immediate ?? [];
    if (rm?.kind === 'register') bytes.push(0xc0 | (((e.reg ?? 0) & 7) << 3) | (rm.index & 7));
    else if (rm) {
      bytes.push((rm.mod << 6) | (((e.reg ?? 0) & 7) << 3) | rm.rm);
      if (rm.sib !== undefined) bytes.push(rm.sib);
      if (rm.isRipRelative) {
        const end = this.entry + bytes.length + 4 + immediate.length;
        bytes.push(...littleEndian(rm.linear - (rm.isBased ? BigInt(SEGMENT_BASE) : 0n) - BigInt(end), 4));
      } else bytes.push(...rm.displacement);
    }
    bytes.push(...immediate);
    this.record.code = bytes;
  }
}
