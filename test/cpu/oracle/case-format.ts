// The records exchanged with native/runner.c: one instruction with the state before it, and the state after it. A batch is one
// buffer of records; CaseRecord and ResultRecord are views of one record in it.

export const DATA_BASE = 0x10000000;
export const DATA_SIZE = 0x2000;
export const CODE_BASE = 0x20000000;
/** Every case of a batch has its own slot of code memory, filled with INT3. */
export const SLOT_SIZE = 512;
export const SLOT_ENTRY = 256;
/** Compared memory: 512 bytes across the boundary of the two data pages, and the last bytes before the unmapped page. */
export const WINDOW = DATA_BASE + 0xf00;
export const WINDOW_SIZE = 512;
export const TAIL_SIZE = 32;
export const TAIL = DATA_BASE + DATA_SIZE - TAIL_SIZE;

/** Base of GS in 64-bit mode, of FS in 32-bit mode. */
export const SEGMENT_BASE = DATA_BASE + 0x800;

export const RECORD_SIZE = 1040;
const CODE = 16;
const STATE = 48;
export const GPR = STATE;
export const XMM = GPR + 16 * 8;
export const MMX = XMM + 16 * 16;
export const WINDOW_OFFSET = MMX + 8 * 8;
export const TAIL_OFFSET = WINDOW_OFFSET + WINDOW_SIZE;

export type Mode = 32 | 64;

export const FLAG_CF = 0x001;
export const FLAG_PF = 0x004;
export const FLAG_AF = 0x010;
export const FLAG_ZF = 0x040;
export const FLAG_SF = 0x080;
export const FLAG_DF = 0x400;
export const FLAG_OF = 0x800;
export const ARITHMETIC_FLAGS = FLAG_CF | FLAG_PF | FLAG_AF | FLAG_ZF | FLAG_SF | FLAG_OF;
export const COMPARED_FLAGS = ARITHMETIC_FLAGS | FLAG_DF;

abstract class RecordView {
  protected readonly words: Uint32Array;
  readonly bytes: Uint8Array;
  readonly quads: BigUint64Array;
  constructor(batch: ArrayBuffer, index: number) {
    this.words = new Uint32Array(batch, index * RECORD_SIZE, RECORD_SIZE / 4);
    this.bytes = new Uint8Array(batch, index * RECORD_SIZE, RECORD_SIZE);
    this.quads = new BigUint64Array(batch, index * RECORD_SIZE, RECORD_SIZE / 8);
  }
  gpr(i: number): bigint {
    return this.quads[GPR / 8 + i]!;
  }
  setGpr(i: number, value: bigint): void {
    this.quads[GPR / 8 + i] = value;
  }
  mmx(i: number): bigint {
    return this.quads[MMX / 8 + i]!;
  }
  xmm(i: number): Uint8Array {
    return this.bytes.subarray(XMM + 16 * i, XMM + 16 * i + 16);
  }
  get window(): Uint8Array {
    return this.bytes.subarray(WINDOW_OFFSET, WINDOW_OFFSET + WINDOW_SIZE);
  }
  get tail(): Uint8Array {
    return this.bytes.subarray(TAIL_OFFSET, TAIL_OFFSET + TAIL_SIZE);
  }
}

export class CaseRecord extends RecordView {
  get code(): Uint8Array {
    return this.bytes.subarray(CODE, CODE + this.words[0]!);
  }
  set code(bytes: readonly number[] | Uint8Array) {
    this.words[0] = bytes.length;
    this.bytes.fill(0, CODE, STATE);
    this.bytes.set(bytes, CODE);
  }
  get eflags(): number {
    return this.words[1]!;
  }
  set eflags(value: number) {
    this.words[1] = value;
  }
  get mxcsr(): number {
    return this.words[2]!;
  }
  set mxcsr(value: number) {
    this.words[2] = value;
  }
  /** Random words over all registers and memory. */
  fill(next: () => number): void {
    for (let i = STATE / 4; i < this.words.length; i++) this.words[i] = next();
  }
}

export class ResultRecord extends RecordView {
  get vector(): number {
    return this.words[0]!;
  }
  set vector(value: number) {
    this.words[0] = value;
  }
  get error(): number {
    return this.words[1]!;
  }
  set error(value: number) {
    this.words[1] = value;
  }
  get eflags(): number {
    return this.words[2]!;
  }
  set eflags(value: number) {
    this.words[2] = value;
  }
  get mxcsr(): number {
    return this.words[3]!;
  }
  set mxcsr(value: number) {
    this.words[3] = value;
  }
  get rip(): bigint {
    return this.quads[2]!;
  }
  set rip(value: bigint) {
    this.quads[2] = value;
  }
  get cr2(): bigint {
    return this.quads[3]!;
  }
  set cr2(value: bigint) {
    this.quads[3] = value;
  }
  /** x87 status word. */
  get fpuStatus(): number {
    return this.words[8]!;
  }
  set fpuStatus(value: number) {
    this.words[8] = value;
  }
  /** Abridged tag byte: bit set = register in use. */
  get fpuTags(): number {
    return this.words[9]!;
  }
  set fpuTags(value: number) {
    this.words[9] = value;
  }
}

/** What the comparison must know beyond the record. */
export interface CaseNotes {
  readonly name: string;
  /** Flags the manual leaves undefined after this instruction with these operands. */
  readonly undefinedFlags: number;
  /** Why a destination may differ: 'approximation' = RCPPS and RSQRTPS error bound, 'register' = undefined register content. */
  readonly tolerance?: 'approximation' | 'undefined-result' | undefined;
}

export interface Batch {
  readonly mode: Mode;
  readonly count: number;
  readonly buffer: ArrayBuffer;
  readonly notes: readonly CaseNotes[];
}

/** What runs a batch: the host's processor or the core under test. */
export interface Processor {
  run(batch: Batch): ArrayBuffer;
}
