// The few bytes of machine code that the ROM needs, written as hexadecimal with labels. Not an assembler of mnemonics: each
// line in rom.ts gives the bytes and says what they are.

type FixupKind = 'rel8' | 'rel16' | 'abs16';

/** Emits into a 64 KiB (or smaller) segment image; labels are offsets in it. */
export class Assembler {
  readonly bytes: Uint8Array;
  position = 0;
  private readonly labels = new Map<string, number>();
  private readonly fixups: { at: number; label: string; kind: FixupKind }[] = [];

  constructor(sizeBytes: number) {
    this.bytes = new Uint8Array(sizeBytes);
  }

  /** Continues at `offset`; going back over emitted bytes is the caller's mistake. */
  org(offset: number): void {
    if (offset < this.position) throw new RangeError(`ROM code overruns offset 0x${offset.toString(16)}`);
    this.position = offset;
  }

  align(boundary: number): void {
    this.position = Math.ceil(this.position / boundary) * boundary;
  }

  label(name: string): void {
    if (this.labels.has(name)) throw new RangeError(`label ${name} defined twice`);
    this.labels.set(name, this.position);
  }

  /**
   * Emits a line such as `74 @done` or `e9 @@start`: hex bytes, `@x` for a rel8 and `@@x` for a rel16 to label x,
   * `=x` for its 16-bit offset.
   */
  code(line: string): void {
    for (const token of line.trim().split(/\s+/)) {
      const reference = /^(@@|@|=)(.+)$/.exec(token);
      if (reference === null) {
        this.bytes[this.position++] = Number.parseInt(token, 16);
        continue;
      }
      const kind: FixupKind = reference[1] === '@' ? 'rel8' : reference[1] === '@@' ? 'rel16' : 'abs16';
      this.fixups.push({ at: this.position, label: reference[2]!, kind });
      this.position += kind === 'rel8' ? 1 : 2;
    }
  }

  data(bytes: ArrayLike<number>): void {
    this.bytes.set(bytes, this.position);
    this.position += bytes.length;
  }

  u16(value: number): void {
    this.data([value & 0xff, (value >>> 8) & 0xff]);
  }

  offsetOf(label: string): number {
    const offset = this.labels.get(label);
    if (offset === undefined) throw new RangeError(`unknown label ${label}`);
    return offset;
  }

  /** Resolves every reference; call once at the end. */
  finish(): Uint8Array {
    for (const { at, label, kind } of this.fixups) {
      const target = this.offsetOf(label);
      if (kind === 'rel8') {
        const distance = target - (at + 1);
        if (distance < -128 || distance > 127) throw new RangeError(`label ${label} is out of reach`);
        this.bytes[at] = distance & 0xff;
        continue;
      }
      const value = kind === 'abs16' ? target : (target - (at + 2)) & 0xffff;
      this.bytes[at] = value & 0xff;
      this.bytes[at + 1] = value >>> 8;
    }
    return this.bytes;
  }
}
