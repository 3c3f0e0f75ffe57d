// Puts a method's input together from path, query and body. Text becomes what the field's schema wants; whether the value is
// allowed, the schema says later, as for every transport.
import { z } from 'zod';
import { methods } from '../../contract/methods.ts';
import { OspiteError } from '../../core/errors.ts';
import { type RouteMatch, takesQuery } from './routes.ts';

/** The schema of one field, without what only says that it may be missing. */
export function coreSchema(schema: z.ZodType): z.ZodType {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodDefault || schema instanceof z.ZodNullable)
    return coreSchema(schema.unwrap() as z.ZodType);
  return schema;
}

export function fieldsOf(method: keyof typeof methods): Readonly<Record<string, z.ZodType>> {
  return (methods[method].input as unknown as z.ZodObject<Record<string, z.ZodType>>).shape;
}

/** Text that does not look like the schema's type stays text, for the schema to refuse by the field's name. */
export function fromText(text: string, schema: z.ZodType | undefined): unknown {
  const core = schema && coreSchema(schema);
  if (core instanceof z.ZodNumber && /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text)) return Number(text);
  if (core instanceof z.ZodBoolean && (text === 'true' || text === 'false')) return text === 'true';
  return text;
}

/** @throws {OspiteError} usage.invalid for a field given twice, or a body that is no object */
export function restInput({ route, fields }: RouteMatch, query: URLSearchParams, body: unknown): object {
  const schemas = fieldsOf(route.method);
  const input = new Map<string, unknown>();
  const given = takesQuery(route.verb) ? query.entries() : bodyEntries(body, query);
  for (const [name, value] of [...given]) {
    if (input.has(name)) throw new OspiteError('usage.invalid', `"${shorten(name)}" is given twice; give it once`);
    if (Object.hasOwn(fields, name))
      throw new OspiteError('usage.invalid', `"${name}" is a part of the path; leave it out elsewhere`);
    const schema = Object.hasOwn(schemas, name) ? schemas[name] : undefined;
    input.set(name, typeof value === 'string' && takesQuery(route.verb) ? fromText(value, schema) : value);
  }
  for (const [name, text] of Object.entries(fields)) input.set(name, fromText(text, schemas[name]));
  return Object.fromEntries(input);
}

function bodyEntries(body: unknown, query: URLSearchParams): Iterable<[string, unknown]> {
  if (query.size > 0)
    throw new OspiteError('usage.invalid', 'This method takes its input as a JSON body, not in the query');
  if (typeof body !== 'object' || body === null || Array.isArray(body))
    throw new OspiteError('usage.invalid', 'The body must be a JSON object');
  return Object.entries(body);
}

function shorten(text: string): string {
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}
