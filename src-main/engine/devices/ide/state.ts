// Saved state of the controller: version and typed access to its named fields.
//   fields: pci { timing } | channels [ { control, selected, busMaster, drives [ { taskFile, status, phase, buffer, own … } | null ] } ]
import { OspiteError } from '../../../core/errors.ts';
import type { StateValue } from '../../bus/device.ts';

export const ideStateVersion = 1;

export type StateFields = { [name: string]: StateValue };

function incompatible(name: string): OspiteError {
  return new OspiteError(
    'state.incompatible',
    `The saved state of the IDE controller lacks a usable "${name}"; it was made by another version.`,
  );
}

export function readNumber(fields: StateFields, name: string): number {
  const value = fields[name];
  if (typeof value !== 'number' || !Number.isFinite(value)) throw incompatible(name);
  return value;
}

export function readString(fields: StateFields, name: string): string {
  const value = fields[name];
  if (typeof value !== 'string') throw incompatible(name);
  return value;
}

export function readBytes(fields: StateFields, name: string): Uint8Array {
  const value = fields[name];
  if (!(value instanceof Uint8Array)) throw incompatible(name);
  return value;
}

export function readFields(fields: StateFields, name: string): StateFields {
  const value = fields[name];
  if (typeof value !== 'object' || value === null || Array.isArray(value) || value instanceof Uint8Array) {
    throw incompatible(name);
  }
  return value;
}

export function readList(fields: StateFields, name: string, length: number): StateValue[] {
  const value = fields[name];
  if (!Array.isArray(value) || value.length !== length) throw incompatible(name);
  return value;
}

/** The list's entry as named fields, or null where the list has null. */
export function asFields(value: StateValue | undefined, name: string): StateFields | null {
  if (value === null) return null;
  if (value === undefined) throw incompatible(name);
  return readFields({ [name]: value }, name);
}
