// A schema for changing part of an object. Zod's own `partial()` fills in the defaults of what is missing, which in a change
// would put every setting that was not mentioned back to its default.
import { z } from 'zod';

type Undefaulted<S extends z.ZodType> = S extends z.ZodDefault<infer Inner> ? Inner : S;

/** The same fields, all optional, none with a default. */
export function withoutDefaults<Shape extends z.ZodRawShape>(
  schema: z.ZodObject<Shape>,
): z.ZodObject<{ [K in keyof Shape]: z.ZodOptional<Undefaulted<Extract<Shape[K], z.ZodType>>> }, z.core.$strict> {
  const shape = Object.fromEntries(
    Object.entries(schema.shape).map(([name, field]) => [
      name,
      (field instanceof z.ZodDefault ? (field.unwrap() as z.ZodType) : (field as z.ZodType)).optional(),
    ]),
  );
  return z.strictObject(shape) as never;
}
