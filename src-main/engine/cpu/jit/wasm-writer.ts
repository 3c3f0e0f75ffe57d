// Writes WebAssembly modules of one region each: imports of memory and core helpers, functions, no data. Only the opcodes
// that the translator uses. [WASM-CORE-2]

export const I32 = 0x7f;
export const I64 = 0x7e;
export const VOID = 0x40;

const SECTION_TYPE = 1;
const SECTION_IMPORT = 2;
const SECTION_FUNCTION = 3;
const SECTION_EXPORT = 7;
const SECTION_CODE = 10;

/** Opcodes by the names of the text format. */
export const op = {
  unreachable: 0x00,
  return: 0x0f,
  drop: 0x1a,
  select: 0x1b,
  i32Load: 0x28,
  i64Load: 0x29,
  i32Load8u: 0x2d,
  i32Load16u: 0x2f,
  i32Store: 0x36,
  i64Store: 0x37,
  i32Store8: 0x3a,
  i32Store16: 0x3b,
  i32Eqz: 0x45,
  i32Eq: 0x46,
  i32Ne: 0x47,
  i32LtS: 0x48,
  i32LtU: 0x49,
  i32GtS: 0x4a,
  i32LeS: 0x4c,
  i32LeU: 0x4d,
  i32GeU: 0x4f,
  i64Eqz: 0x50,
  i64Eq: 0x51,
  i64Ne: 0x52,
  i64LtS: 0x53,
  i64LtU: 0x54,
  i64LeU: 0x58,
  i64GeS: 0x59,
  i32Popcnt: 0x69,
  i32Add: 0x6a,
  i32Sub: 0x6b,
  i32Mul: 0x6c,
  i32And: 0x71,
  i32Or: 0x72,
  i32Xor: 0x73,
  i32Shl: 0x74,
  i32ShrS: 0x75,
  i32ShrU: 0x76,
  i32Rotl: 0x77,
  i32Rotr: 0x78,
  i64Add: 0x7c,
  i64Sub: 0x7d,
  i64Mul: 0x7e,
  i64And: 0x83,
  i64Or: 0x84,
  i64Xor: 0x85,
  i64Shl: 0x86,
  i64ShrS: 0x87,
  i64ShrU: 0x88,
  i64Rotl: 0x89,
  i64Rotr: 0x8a,
  i32WrapI64: 0xa7,
  i64ExtendI32S: 0xac,
  i64ExtendI32U: 0xad,
  i32Extend8S: 0xc0,
  i32Extend16S: 0xc1,
  i64Extend8S: 0xc2,
  i64Extend16S: 0xc3,
  i64Extend32S: 0xc4,
} as const;

/** A place a branch can go to: the end of a block or if, the start of a loop. */
export interface Label {
  readonly depth: number;
}

/** The body of one function. */
export class Code {
  #bytes = new Uint8Array(4096);
  #length = 0;
  readonly #locals: number[] = [];
  readonly #parameterCount: number;
  readonly #isDry: boolean;
  #depth = 0;

  /** A dry one keeps nothing: for a pass that only finds out what will be needed. */
  constructor(parameterCount = 0, isDry = false) {
    this.#parameterCount = parameterCount;
    this.#isDry = isDry;
  }

  local(type: typeof I32 | typeof I64): number {
    this.#locals.push(type);
    return this.#parameterCount + this.#locals.length - 1;
  }

  emit(...bytes: number[]): this {
    for (const byte of bytes) this.#byte(byte);
    return this;
  }

  get(local: number): this {
    this.#byte(0x20);
    return this.#unsigned(local);
  }
  set(local: number): this {
    this.#byte(0x21);
    return this.#unsigned(local);
  }
  tee(local: number): this {
    this.#byte(0x22);
    return this.#unsigned(local);
  }

  i32(value: number): this {
    this.#byte(0x41);
    return this.#signed(value | 0);
  }
  i64(value: number | bigint): this {
    this.#byte(0x42);
    // Almost all constants are small: numbers are much faster than big ones.
    if (typeof value === 'number' && value === (value | 0)) return this.#signed(value);
    return this.#signedBig(BigInt.asIntN(64, BigInt(value)));
  }

  /** A load or store whose address on the stack gets the constant `offset` added. Declared unaligned: guests do as they like. */
  memory(opcode: number, offset = 0): this {
    this.#byte(opcode);
    this.#byte(0);
    return this.#unsigned(offset);
  }
  /** i32.atomic.load; the address must be aligned. */
  atomicLoad(offset: number): this {
    this.#byte(0xfe);
    this.#byte(0x10);
    this.#byte(2);
    return this.#unsigned(offset);
  }
  /** v128.load or v128.store. */
  vector(opcode: number, offset = 0): this {
    this.#byte(0xfd);
    this.#unsigned(opcode).#byte(0);
    return this.#unsigned(offset);
  }
  /** A vector instruction without immediates. */
  simd(opcode: number): this {
    this.#byte(0xfd);
    return this.#unsigned(opcode);
  }

  block(type: number = VOID): Label {
    this.#byte(0x02);
    this.#byte(type);
    return { depth: this.#depth++ };
  }
  loop(): Label {
    this.#byte(0x03);
    this.#byte(VOID);
    return { depth: this.#depth++ };
  }
  if(type: number = VOID): Label {
    this.#byte(0x04);
    this.#byte(type);
    return { depth: this.#depth++ };
  }
  else(): this {
    this.#byte(0x05);
    return this;
  }
  end(): this {
    this.#depth--;
    this.#byte(0x0b);
    return this;
  }
  br(label: Label): this {
    this.#byte(0x0c);
    return this.#unsigned(this.#depth - 1 - label.depth);
  }
  brIf(label: Label): this {
    this.#byte(0x0d);
    return this.#unsigned(this.#depth - 1 - label.depth);
  }

  call(functionIndex: number): this {
    this.#byte(0x10);
    return this.#unsigned(functionIndex);
  }
  /** The function as the code section has it. */
  body(): Uint8Array {
    const groups: [count: number, type: number][] = [];
    for (const type of this.#locals) {
      const last = groups.at(-1);
      if (last?.[1] === type) last[0]++;
      else groups.push([1, type]);
    }
    const declared = leb(groups.length).concat(groups.flatMap(([count, type]) => [...leb(count), type]));
    const head = leb(declared.length + this.#length + 1).concat(declared);
    const body = new Uint8Array(head.length + this.#length + 1);
    body.set(head);
    body.set(this.#bytes.subarray(0, this.#length), head.length);
    body[body.length - 1] = 0x0b;
    return body;
  }

  #byte(value: number): void {
    if (this.#isDry) return;
    if (this.#length === this.#bytes.length) {
      const grown = new Uint8Array(this.#length * 2);
      grown.set(this.#bytes);
      this.#bytes = grown;
    }
    this.#bytes[this.#length++] = value;
  }

  #unsigned(value: number): this {
    let rest = value >>> 0;
    while (rest >= 0x80) {
      this.#byte((rest & 0x7f) | 0x80);
      rest >>>= 7;
    }
    this.#byte(rest);
    return this;
  }

  /** A 32-bit value. */
  #signed(value: number): this {
    let rest = value;
    while (rest < -64 || rest > 63) {
      this.#byte((rest & 0x7f) | 0x80);
      rest >>= 7;
    }
    this.#byte(rest & 0x7f);
    return this;
  }

  #signedBig(value: bigint): this {
    let rest = value;
    while (rest < -64n || rest > 63n) {
      this.#byte(Number(rest & 0x7fn) | 0x80);
      rest >>= 7n;
    }
    this.#byte(Number(rest & 0x7fn));
    return this;
  }
}

export interface FunctionType {
  parameters: readonly number[];
  results: readonly number[];
}

/** A module importing env.memory and functions of "core"; exports its last function as "region". */
export function moduleBytes(
  types: readonly FunctionType[],
  imports: readonly { name: string; type: number }[],
  functions: readonly { type: number; code: Code }[],
): Uint8Array<ArrayBuffer> {
  const section = (id: number, items: readonly (readonly number[])[]): number[] => {
    const content = leb(items.length).concat(...items);
    return [id, ...leb(content.length), ...content];
  };
  const importItems = [
    [...text('env'), ...text('memory'), 0x02, 0x03, ...leb(1), ...leb(65_536)],
    ...imports.map(({ name, type }) => [...text('core'), ...text(name), 0x00, ...leb(type)]),
  ];
  const head = [
    ...[0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00],
    ...section(
      SECTION_TYPE,
      types.map(({ parameters, results }) => [
        0x60,
        ...leb(parameters.length),
        ...parameters,
        ...leb(results.length),
        ...results,
      ]),
    ),
    ...section(SECTION_IMPORT, importItems),
    ...section(
      SECTION_FUNCTION,
      functions.map(({ type }) => leb(type)),
    ),
    ...section(SECTION_EXPORT, [[...text('region'), 0x00, ...leb(imports.length + functions.length - 1)]]),
  ];
  const bodies = functions.map(({ code }) => code.body());
  const length = bodies.reduce((sum, body) => sum + body.length, leb(bodies.length).length);
  const start = [...head, SECTION_CODE, ...leb(length), ...leb(bodies.length)];
  const bytes = new Uint8Array(start.length + bodies.reduce((sum, body) => sum + body.length, 0));
  bytes.set(start);
  let at = start.length;
  for (const body of bodies) {
    bytes.set(body, at);
    at += body.length;
  }
  return bytes;
}

function leb(value: number): number[] {
  const bytes: number[] = [];
  let rest = value >>> 0;
  while (rest >= 0x80) {
    bytes.push((rest & 0x7f) | 0x80);
    rest >>>= 7;
  }
  bytes.push(rest);
  return bytes;
}

function text(value: string): number[] {
  return [value.length, ...[...value].map((letter) => letter.charCodeAt(0))];
}
