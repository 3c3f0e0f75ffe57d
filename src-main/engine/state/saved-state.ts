// The saved-state container: named, versioned, checked sections in one stream. Device sections hold StateValue trees; memory
// sections hold pages, leaving out those that are all zero. Little-endian.
//
//   file     "OSPITEST" | u32 format | u32 0 | sections ... | section "end" without payload
//   section  u16 kind (0 value, 1 pages, 2 end) | u16 name length | u32 version | u32 CRC-32 of name and payload head | u32 0
//            u64 payload length | name | payload
//   pages    u64 memory length | runs: u32 first page | u32 page count | u32 CRC-32 | u32 0 | the pages
import { crc32 } from '../../core/crc32.ts';
import { OspiteError } from '../../core/errors.ts';
import type { DeviceState, StateValue } from '../bus/device.ts';
import { decodeStateValue, encodeStateValue } from './state-value.ts';

const MAGIC = 'OSPITEST';
const FORMAT = 1;
const HEADER_BYTES = 16;
const SECTION_BYTES = 24;
const RUN_BYTES = 16;
const PAGE = 4096;
const MAX_RUN_PAGES = 256;
const MAX_VALUE_BYTES = 0x2000_0000;
const MAX_SECTIONS = 10_000;

const KIND_VALUE = 0;
const KIND_PAGES = 1;
const KIND_END = 2;

/** Takes bytes in order. The chunk is borrowed until the promise settles. */
export interface StateSink {
  write(chunk: Uint8Array): Promise<void>;
}

export interface StateSource {
  readonly lengthBytes: number;
  read(offset: number, target: Uint8Array): Promise<void>;
}

export class SavedStateWriter {
  readonly #sink: StateSink;
  #isStarted = false;

  constructor(sink: StateSink) {
    this.#sink = sink;
  }

  /** Writes a device's or part's state. */
  async value(name: string, state: DeviceState): Promise<void> {
    const payload = encodeStateValue(state.fields);
    const checksum = crc32(payload, crc32(new TextEncoder().encode(name)));
    await this.#section(KIND_VALUE, name, state.version, checksum, payload.length);
    await this.#sink.write(payload);
  }

  /** Writes memory, a whole number of pages; may be shared memory of a stopped machine. */
  async memory(name: string, memory: Uint8Array): Promise<void> {
    const runs = [...nonZeroRuns(memory)];
    const payloadBytes = runs.reduce((sum, run) => sum + RUN_BYTES + run.count * PAGE, 8);
    const head = new Uint8Array(8);
    new DataView(head.buffer).setBigUint64(0, BigInt(memory.length), true);
    await this.#section(KIND_PAGES, name, 1, crc32(head, crc32(new TextEncoder().encode(name))), payloadBytes);
    await this.#sink.write(head);
    for (const { first, count } of runs) {
      const chunk = new Uint8Array(RUN_BYTES + count * PAGE);
      chunk.set(memory.subarray(first * PAGE, (first + count) * PAGE), RUN_BYTES);
      const view = new DataView(chunk.buffer);
      view.setUint32(0, first, true);
      view.setUint32(4, count, true);
      view.setUint32(8, crc32(chunk.subarray(RUN_BYTES)), true);
      await this.#sink.write(chunk);
    }
  }

  /** Without this the file counts as cut off. */
  async end(): Promise<void> {
    await this.#section(KIND_END, '', 1, 0, 0);
  }

  async #section(kind: number, name: string, version: number, checksum: number, payloadBytes: number): Promise<void> {
    if (!this.#isStarted) {
      this.#isStarted = true;
      const header = new Uint8Array(HEADER_BYTES);
      header.set(new TextEncoder().encode(MAGIC));
      new DataView(header.buffer).setUint32(8, FORMAT, true);
      await this.#sink.write(header);
    }
    const key = new TextEncoder().encode(name);
    const bytes = new Uint8Array(SECTION_BYTES + key.length);
    const view = new DataView(bytes.buffer);
    view.setUint16(0, kind, true);
    view.setUint16(2, key.length, true);
    view.setUint32(4, version, true);
    view.setUint32(8, checksum, true);
    view.setBigUint64(16, BigInt(payloadBytes), true);
    bytes.set(key, SECTION_BYTES);
    await this.#sink.write(bytes);
  }
}

interface Section {
  kind: number;
  version: number;
  checksum: number;
  start: number;
  lengthBytes: number;
}

/** A saved state whose section table was read and found whole. */
export class SavedState {
  readonly #source: StateSource;
  readonly #sections: ReadonlyMap<string, Section>;

  private constructor(source: StateSource, sections: ReadonlyMap<string, Section>) {
    this.#source = source;
    this.#sections = sections;
  }

  /** @throws {OspiteError} state.incompatible */
  static async open(source: StateSource): Promise<SavedState> {
    const header = await readAt(source, 0, HEADER_BYTES);
    const format = new DataView(header.buffer).getUint32(8, true);
    if (new TextDecoder().decode(header.subarray(0, 8)) !== MAGIC) throw incompatible('This is not a saved state.');
    if (format !== FORMAT) throw incompatible(`The saved state has format ${format}; this version reads ${FORMAT}.`);
    const sections = new Map<string, Section>();
    let at = HEADER_BYTES;
    for (let i = 0; i < MAX_SECTIONS; i++) {
      const view = new DataView((await readAt(source, at, SECTION_BYTES)).buffer);
      const kind = view.getUint16(0, true);
      if (kind === KIND_END) return new SavedState(source, sections);
      const name = new TextDecoder().decode(await readAt(source, at + SECTION_BYTES, view.getUint16(2, true)));
      const start = at + SECTION_BYTES + view.getUint16(2, true);
      const lengthBytes = Number(view.getBigUint64(16, true));
      sections.set(name, {
        kind,
        version: view.getUint32(4, true),
        checksum: view.getUint32(8, true),
        start,
        lengthBytes,
      });
      at = start + lengthBytes;
    }
    throw incompatible('The saved state has too many sections.');
  }

  /** Names of all sections, in file order. */
  names(): string[] {
    return [...this.#sections.keys()];
  }

  has(name: string): boolean {
    return this.#sections.has(name);
  }

  /** @throws {OspiteError} state.incompatible if it is missing or damaged */
  async value(name: string): Promise<DeviceState> {
    const section = this.#section(name, KIND_VALUE);
    if (section.lengthBytes > MAX_VALUE_BYTES) throw incompatible(`The saved state's section "${name}" is too large.`);
    const payload = await readAt(this.#source, section.start, section.lengthBytes);
    if (crc32(payload, crc32(new TextEncoder().encode(name))) !== section.checksum) throw damaged(name);
    const fields = decodeStateValue(payload);
    if (!isRecord(fields)) throw damaged(name);
    return { version: section.version, fields };
  }

  /** Fills `memory`, which must have the size it was saved with. @throws {OspiteError} state.incompatible */
  async memory(name: string, memory: Uint8Array): Promise<void> {
    const section = this.#section(name, KIND_PAGES);
    const head = await readAt(this.#source, section.start, 8);
    if (crc32(head, crc32(new TextEncoder().encode(name))) !== section.checksum) throw damaged(name);
    const saved = Number(new DataView(head.buffer).getBigUint64(0, true));
    if (saved !== memory.length)
      throw incompatible(`The saved state has ${saved} bytes of "${name}", the machine ${memory.length}.`);
    memory.fill(0);
    const end = section.start + section.lengthBytes;
    let at = section.start + 8;
    while (at < end) {
      const view = new DataView((await readAt(this.#source, at, RUN_BYTES)).buffer);
      const first = view.getUint32(0, true);
      const count = view.getUint32(4, true);
      if (count === 0 || count > MAX_RUN_PAGES || (first + count) * PAGE > memory.length) throw damaged(name);
      const pages = await readAt(this.#source, at + RUN_BYTES, count * PAGE);
      if (crc32(pages) !== view.getUint32(8, true)) throw damaged(name);
      memory.set(pages, first * PAGE);
      at += RUN_BYTES + count * PAGE;
    }
  }

  #section(name: string, kind: number): Section {
    const section = this.#sections.get(name);
    if (section?.kind !== kind) throw incompatible(`The saved state has no section "${name}".`);
    return section;
  }
}

/** Runs of pages that hold anything, at most MAX_RUN_PAGES each. */
function* nonZeroRuns(memory: Uint8Array): Generator<{ first: number; count: number }> {
  const words = new Float64Array(memory.buffer, memory.byteOffset, memory.length / 8);
  const bits = new Uint32Array(memory.buffer, memory.byteOffset, memory.length / 4);
  const pages = memory.length / PAGE;
  let first = -1;
  for (let page = 0; page < pages; page++) {
    const hasContent = !isZeroPage(words, bits, page);
    if (hasContent && first < 0) first = page;
    if (first >= 0 && (!hasContent || page - first === MAX_RUN_PAGES)) {
      yield { first, count: page - first };
      first = hasContent ? page : -1;
    }
  }
  if (first >= 0) yield { first, count: pages - first };
}

/** Compares eight bytes at a time; negative zero is the one non-zero pattern that equals 0. */
function isZeroPage(words: Float64Array, bits: Uint32Array, page: number): boolean {
  for (let i = page * (PAGE / 8), end = i + PAGE / 8; i < end; i++)
    if (words[i] !== 0 || bits[2 * i + 1] !== 0) return false;
  return true;
}

async function readAt(source: StateSource, offset: number, length: number): Promise<Uint8Array<ArrayBuffer>> {
  if (offset + length > source.lengthBytes) throw incompatible('The saved state is cut off.');
  const bytes = new Uint8Array(length);
  await source.read(offset, bytes);
  return bytes;
}

function isRecord(value: StateValue): value is { [name: string]: StateValue } {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Uint8Array);
}

function damaged(name: string): OspiteError {
  return incompatible(`The saved state's section "${name}" is damaged.`);
}

function incompatible(message: string): OspiteError {
  return new OspiteError('state.incompatible', message);
}
