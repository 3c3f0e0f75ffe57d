// StateValue trees as bytes: self-describing, little-endian, one tag byte before each value.
//
//   0 null | 1 false | 2 true | 3 number f64 | 4 string u32 length, UTF-8 | 5 bytes u32 length | 6 list u32 count, values
//   7 record u32 count, (u16 key length, key, value) ...
import { OspiteError } from '../../core/errors.ts';
import type { StateValue } from '../bus/device.ts';

const MAX_DEPTH = 32;
const MAX_KEY_BYTES = 0xffff;

export function encodeStateValue(value: StateValue): Uint8Array {
  const encoder = new Encoder();
  encoder.value(value);
  return encoder.finish();
}

/** @throws {OspiteError} state.incompatible for anything but exactly one well-formed value */
export function decodeStateValue(bytes: Uint8Array): StateValue {
  const decoder = new Decoder(bytes);
  const value = decoder.value(0);
  decoder.end();
  return value;
}

class Encoder {
  #bytes = new Uint8Array(1024);
  #view = new DataView(this.#bytes.buffer);
  #length = 0;

  value(value: StateValue): void {
    if (value === null) this.#u8(0);
    else if (typeof value === 'boolean') this.#u8(value ? 2 : 1);
    else if (typeof value === 'number') {
      this.#u8(3);
      this.#view.setFloat64(this.#reserve(8), value, true);
    } else if (typeof value === 'string') {
      this.#u8(4);
      this.#chunk(new TextEncoder().encode(value));
    } else if (value instanceof Uint8Array) {
      this.#u8(5);
      this.#chunk(value);
    } else if (Array.isArray(value)) {
      this.#u8(6);
      this.#u32(value.length);
      for (const each of value) this.value(each);
    } else {
      this.#record(value);
    }
  }

  finish(): Uint8Array {
    return this.#bytes.slice(0, this.#length);
  }

  #record(record: { [name: string]: StateValue }): void {
    const entries = Object.entries(record);
    this.#u8(7);
    this.#u32(entries.length);
    for (const [name, value] of entries) {
      const key = new TextEncoder().encode(name).subarray(0, MAX_KEY_BYTES);
      this.#view.setUint16(this.#reserve(2), key.length, true);
      this.#bytes.set(key, this.#reserve(key.length));
      this.value(value);
    }
  }

  #u8(value: number): void {
    this.#bytes[this.#reserve(1)] = value;
  }

  #u32(value: number): void {
    this.#view.setUint32(this.#reserve(4), value, true);
  }

  #chunk(bytes: Uint8Array): void {
    this.#u32(bytes.length);
    this.#bytes.set(bytes, this.#reserve(bytes.length));
  }

  #reserve(count: number): number {
    const at = this.#length;
    this.#length += count;
    if (this.#length > this.#bytes.length) {
      const larger = new Uint8Array(Math.max(this.#length, this.#bytes.length * 2));
      larger.set(this.#bytes);
      this.#bytes = larger;
      this.#view = new DataView(larger.buffer);
    }
    return at;
  }
}

class Decoder {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  value(depth: number): StateValue {
    if (depth > MAX_DEPTH) throw malformed();
    const tag = this.#bytes[this.#take(1)]!;
    switch (tag) {
      case 0:
        return null;
      case 1:
      case 2:
        return tag === 2;
      case 3:
        return this.#view.getFloat64(this.#take(8), true);
      case 4:
        return new TextDecoder().decode(this.#chunk(this.#u32()));
      case 5:
        return this.#chunk(this.#u32()).slice();
      case 6:
        return Array.from({ length: this.#count() }, () => this.value(depth + 1));
      case 7:
        return this.#record(depth);
      default:
        throw malformed();
    }
  }

  end(): void {
    if (this.#at !== this.#bytes.length) throw malformed();
  }

  #record(depth: number): StateValue {
    const count = this.#count();
    const entries: [string, StateValue][] = [];
    for (let i = 0; i < count; i++) {
      const key = new TextDecoder().decode(this.#chunk(this.#view.getUint16(this.#take(2), true)));
      entries.push([key, this.value(depth + 1)]);
    }
    return Object.fromEntries(entries);
  }

  #u32(): number {
    return this.#view.getUint32(this.#take(4), true);
  }

  /** Every element takes at least a byte, so a count beyond what is left is a lie. */
  #count(): number {
    const count = this.#u32();
    if (count > this.#bytes.length - this.#at) throw malformed();
    return count;
  }

  #chunk(length: number): Uint8Array {
    const at = this.#take(length);
    return this.#bytes.subarray(at, at + length);
  }

  #take(count: number): number {
    const at = this.#at;
    if (at + count > this.#bytes.length) throw malformed();
    this.#at = at + count;
    return at;
  }
}

function malformed(): OspiteError {
  return new OspiteError(
    'state.incompatible',
    'The saved state holds a value that cannot be read; the file is damaged.',
  );
}
