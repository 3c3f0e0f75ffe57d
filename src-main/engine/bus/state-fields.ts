// Reads saved device state back with its shape checked: saved files come from disks and other versions, so nothing in them is
// trusted. Every fault is an OspiteError `state.incompatible` that names the device and the field.
import { OspiteError } from '../../core/errors.ts';
import type { DeviceState, StateValue } from './device.ts';

export class StateReader {
  readonly #fields: { readonly [name: string]: StateValue };
  readonly #owner: string;

  /**
   * @param owner the device's or part's name, for messages
   * @param version the only version its `restore` knows
   */
  constructor(state: DeviceState, owner: string, version: number) {
    this.#owner = owner;
    if (state.version !== version || typeof state.fields !== 'object' || state.fields === null)
      throw new OspiteError(
        'state.incompatible',
        `The saved state of ${owner} has version ${state.version}, not ${version}.`,
      );
    this.#fields = state.fields;
  }

  /** An integer between `min` and `max` inclusive. */
  int(name: string, min: number, max: number): number {
    const value = this.#fields[name];
    if (typeof value !== 'number' || !Number.isInteger(value) || value < min || value > max) throw this.fault(name);
    return value;
  }

  u8(name: string): number {
    return this.int(name, 0, 0xff);
  }

  u16(name: string): number {
    return this.int(name, 0, 0xffff);
  }

  u32(name: string): number {
    return this.int(name, 0, 0xffffffff);
  }

  /** Any finite number (times may be fractional). */
  number(name: string): number {
    const value = this.#fields[name];
    if (typeof value !== 'number' || !Number.isFinite(value)) throw this.fault(name);
    return value;
  }

  /** A time or null (an idle timer). */
  numberOrNull(name: string): number | null {
    return this.#fields[name] === null ? null : this.number(name);
  }

  boolean(name: string): boolean {
    const value = this.#fields[name];
    if (typeof value !== 'boolean') throw this.fault(name);
    return value;
  }

  string(name: string): string {
    const value = this.#fields[name];
    if (typeof value !== 'string') throw this.fault(name);
    return value;
  }

  /** One of the given words. */
  oneOf<T extends string>(name: string, words: readonly T[]): T {
    const value = this.string(name);
    const word = words.find((candidate) => candidate === value);
    if (word === undefined) throw this.fault(name);
    return word;
  }

  /** Exactly `length` bytes, or at most `maxLength` when only that is given. A copy. */
  bytes(name: string, length: number | { maxLength: number }): Uint8Array {
    const value = this.#fields[name];
    if (!(value instanceof Uint8Array)) throw this.fault(name);
    if (typeof length === 'number' ? value.length !== length : value.length > length.maxLength) throw this.fault(name);
    return value.slice();
  }

  /** A list of integers between `min` and `max`, of exactly `length` entries or at most `maxLength`. */
  ints(name: string, length: number | { maxLength: number }, min: number, max: number): number[] {
    const value = this.#fields[name];
    if (!Array.isArray(value)) throw this.fault(name);
    if (typeof length === 'number' ? value.length !== length : value.length > length.maxLength) throw this.fault(name);
    return value.map((entry) => {
      if (typeof entry !== 'number' || !Number.isInteger(entry) || entry < min || entry > max) throw this.fault(name);
      return entry;
    });
  }

  /** A nested record, read with the same checks. */
  record(name: string): StateReader {
    const value = this.#fields[name];
    if (!isRecord(value)) throw this.fault(name);
    return new StateReader({ version: 0, fields: value }, `${this.#owner}.${name}`, 0);
  }

  /** A list of exactly `length` nested records. */
  records(name: string, length: number): StateReader[] {
    const value = this.#fields[name];
    if (!Array.isArray(value) || value.length !== length) throw this.fault(name);
    return value.map((entry, index) => {
      if (!isRecord(entry)) throw this.fault(name);
      return new StateReader({ version: 0, fields: entry }, `${this.#owner}.${name}[${index}]`, 0);
    });
  }

  /** The error for a field that is missing, of the wrong type, or out of range. */
  fault(name: string): OspiteError {
    return new OspiteError('state.incompatible', `The saved state of ${this.#owner} has no usable field "${name}".`, {
      details: { owner: this.#owner, field: name },
    });
  }
}

function isRecord(value: StateValue | undefined): value is { [name: string]: StateValue } {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Uint8Array);
}
