// The OpenAPI 3.1 description of REST, made from the same tables as REST itself.
import { z } from 'zod';
import { type ErrorCode, errorTable } from '../../contract/errors.ts';
import { methods } from '../../contract/methods.ts';
import { fieldsOf } from './input.ts';
import { type Json, ShapeBook } from './json-schema.ts';
import { REST_PREFIX, type RestRoute, restRoutes, takesQuery } from './routes.ts';

/** What any request may be answered with, whatever its method. */
const commonErrors: readonly ErrorCode[] = [
  'config.invalid',
  'auth.required',
  'auth.refused',
  'auth.tooManyAttempts',
  'internal',
];

export function openApiDocument(version: string): Json {
  const paths: Record<string, Json> = {};
  const book = new ShapeBook('#/components/schemas/');
  for (const route of restRoutes) {
    const path = `${REST_PREFIX}${route.path}`;
    paths[path] = { ...paths[path], [route.verb.toLowerCase()]: operation(route, book) };
  }
  const tags = [...new Set(restRoutes.map(({ method }) => areaOf(method)))];
  return {
    openapi: '3.1.0',
    info: {
      title: 'Ospite',
      version,
      description:
        'Machines of an Ospite host. Events, screens and serial output come over the WebSocket at /api/socket; docs/api.md describes them.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: '/' }],
    tags: tags.map((name) => ({ name })),
    security: [{ apiToken: [] }, { session: [] }],
    paths,
    components: {
      schemas: {
        ...Object.fromEntries(book.shapes),
        Error: {
          type: 'object',
          required: ['code', 'message'],
          properties: {
            code: { type: 'string', enum: Object.keys(errorTable), description: 'Stable: switch on this only' },
            message: { type: 'string', description: 'One sentence for people' },
            details: { type: 'object', description: 'More for programs, by code' },
          },
        },
      },
      securitySchemes: {
        apiToken: { type: 'http', scheme: 'bearer', description: 'The content of api.token in the home folder' },
        session: { type: 'apiKey', in: 'cookie', name: 'ospite_session_PORT', description: 'What a browser gets' },
      },
    },
  };
}

function operation(route: RestRoute, book: ShapeBook): Json {
  const { summary, output, errors } = methods[route.method];
  const hasBody = !takesQuery(route.verb);
  const schema = book.schema(methods[route.method].input, 'input');
  const properties = (schema['properties'] ?? {}) as Record<string, Json>;
  const required = new Set((schema['required'] ?? []) as string[]);
  const names = Object.keys(fieldsOf(route.method));
  const parameters = names
    .filter((name) => !hasBody || route.fields.includes(name))
    .map((name) => {
      const { description, ...rest } = properties[name] ?? {};
      const isInPath = route.fields.includes(name);
      return {
        name,
        in: isInPath ? 'path' : 'query',
        required: isInPath || required.has(name),
        ...(description === undefined ? {} : { description }),
        schema: rest,
      };
    });
  return {
    operationId: route.method,
    tags: [areaOf(route.method)],
    summary,
    ...(parameters.length > 0 ? { parameters } : {}),
    ...(hasBody ? { requestBody: requestBody(schema, route.fields) } : {}),
    responses: { ...success(output, book), ...failures(new Set<ErrorCode>([...errors, ...commonErrors])) },
  };
}

function requestBody(schema: Json, pathFields: readonly string[]): Json {
  const properties = Object.fromEntries(
    Object.entries((schema['properties'] ?? {}) as Json).filter(([name]) => !pathFields.includes(name)),
  );
  const required = ((schema['required'] ?? []) as string[]).filter((name) => !pathFields.includes(name));
  const { required: _all, ...rest } = schema;
  const body = { ...rest, properties, ...(required.length > 0 ? { required } : {}) };
  return { required: required.length > 0, content: { 'application/json': { schema: body } } };
}

function success(output: z.ZodType, book: ShapeBook): Json {
  if (output instanceof z.ZodNull) return { 204: { description: 'Done' } };
  return { 200: { description: 'Done', content: { 'application/json': { schema: book.schema(output, 'output') } } } };
}

function failures(codes: ReadonlySet<ErrorCode>): Json {
  const byStatus = new Map<number, ErrorCode[]>();
  for (const code of codes) {
    const { http } = errorTable[code];
    byStatus.set(http, [...(byStatus.get(http) ?? []), code]);
  }
  const content = { 'application/json': { schema: { $ref: '#/components/schemas/Error' } } };
  return Object.fromEntries([...byStatus].map(([status, list]) => [status, { description: list.join(', '), content }]));
}

/** "machine" of "machine.start". */
export function areaOf(method: string): string {
  return method.slice(0, method.indexOf('.'));
}
