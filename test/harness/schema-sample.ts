// Makes input for the contract's methods out of their schemas: a value that every field accepts, and the places in it where
// text goes.
import { z } from 'zod';

export interface SampleWishes {
  /** For fields of text: a value to use instead of the made-up one, by the field's name. */
  text(name: string): string | undefined;
}

/** A value that the schema accepts, with all optional fields present. */
export function sampleOf(schema: z.ZodType, wishes: SampleWishes, name = ''): unknown {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodDefault || schema instanceof z.ZodPrefault)
    return sampleOf(schema.unwrap() as z.ZodType, wishes, name);
  if (schema instanceof z.ZodNullable) return sampleOf(schema.unwrap() as z.ZodType, wishes, name);
  if (schema instanceof z.ZodObject)
    return Object.fromEntries(
      Object.entries(schema.shape as Record<string, z.ZodType>).map(([key, field]) => [
        key,
        sampleOf(field, wishes, key),
      ]),
    );
  if (schema instanceof z.ZodArray) return [sampleOf(schema.element as z.ZodType, wishes, name)];
  if (schema instanceof z.ZodRecord) return { key: sampleOf(schema.valueType as z.ZodType, wishes, name) };
  if (schema instanceof z.ZodUnion) return sampleOf(schema.options.at(-1) as z.ZodType, wishes, name);
  if (schema instanceof z.ZodEnum) return schema.options[0];
  if (schema instanceof z.ZodLiteral) return schema.value;
  if (schema instanceof z.ZodBoolean) return false;
  if (schema instanceof z.ZodNumber) return Math.max(0, schema.minValue ?? 0);
  if (isText(schema)) return wishes.text(name) ?? 'x'.repeat(Math.max(1, (schema as z.ZodString).minLength ?? 1));
  throw new Error(`No sample is known for ${schema.def.type} (${name})`);
}

function isText(schema: z.ZodType): boolean {
  return schema.def.type === 'string';
}

export type Place = readonly (string | number)[];

/** Where in a sample text stands. */
export function textPlaces(value: unknown, at: Place = []): Place[] {
  if (typeof value === 'string') return [at];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => textPlaces(inner, [...at, key]));
}

/** A copy with another value at the place. */
export function withValueAt(value: unknown, [key, ...rest]: Place, replacement: unknown): unknown {
  if (key === undefined) return replacement;
  if (Array.isArray(value))
    return value.map((inner, index) => (String(index) === String(key) ? withValueAt(inner, rest, replacement) : inner));
  const record = value as Record<string, unknown>;
  return { ...record, [key]: withValueAt(record[key], rest, replacement) };
}
