// The OpenAPI document describes REST as it is, and is well-formed.
import { describe, expect, it } from 'vitest';
import { coreSchema, fieldsOf } from '../../src-main/api/rest/input.ts';
import { openApiDocument } from '../../src-main/api/rest/open-api.ts';
import { matchRoute, REST_PREFIX, restRoutes, takesQuery } from '../../src-main/api/rest/routes.ts';
import { errorTable } from '../../src-main/contract/errors.ts';
import { methods } from '../../src-main/contract/methods.ts';

interface Operation {
  operationId: string;
  tags: string[];
  summary: string;
  parameters?: { name: string; in: string; required: boolean; schema: object }[];
  requestBody?: { content: { 'application/json': { schema: { type: string; properties: object } } } };
  responses: Record<string, { description: string; content?: object }>;
}

// As clients get it.
const document = JSON.parse(JSON.stringify(openApiDocument('1.2.3'))) as {
  openapi: string;
  info: { title: string; version: string };
  tags: { name: string }[];
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, object>; securitySchemes: object };
};
const operations = Object.entries(document.paths).flatMap(([path, item]) =>
  Object.entries(item).map(([verb, operation]) => ({ path, verb, operation })),
);

function references(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => (key === '$ref' ? [String(inner)] : references(inner)));
}

describe('the OpenAPI document', () => {
  it('is of version 3.1 and has what every document must have', () => {
    expect(document).toMatchObject({ openapi: '3.1.0', info: { title: 'Ospite', version: '1.2.3' } });
    for (const path of Object.keys(document.paths)) expect(path).toMatch(/^\/api\/v1(\/([\w-]+|\{\w+\}))+$/);
  });

  it('has each method with a route once, under its name, and no other', () => {
    const expected = Object.entries(methods).flatMap(([name, { http }]) => (http === null ? [] : [name]));
    expect(operations.map(({ operation }) => operation.operationId).sort()).toEqual(expected.sort());
  });

  it.each(operations)('describes $verb $path fully', ({ path, operation, verb }) => {
    const tags = document.tags.map(({ name }) => name);
    expect(tags).toEqual(expect.arrayContaining(operation.tags));
    expect(operation.tags).toHaveLength(1);
    expect(operation.summary).toMatch(/\w.*\.$/s);
    const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
    const parameters = operation.parameters ?? [];
    expect(
      parameters
        .filter((parameter) => parameter.in === 'path')
        .map(({ name }) => name)
        .sort(),
    ).toEqual(inPath.sort());
    for (const parameter of parameters) {
      expect(['path', 'query']).toContain(parameter.in);
      if (parameter.in === 'path') expect(parameter.required).toBe(true);
      expect(Object.keys(parameter.schema)).not.toEqual([]);
    }
    expect(operation.requestBody === undefined).toBe(verb === 'get' || verb === 'delete');
    expect(new Set(parameters.map(({ name }) => name)).size).toBe(parameters.length);
    expect(Object.keys(operation.responses)).toEqual(expect.arrayContaining(['400', '401', '403', '429', '500']));
    const [success] = Object.keys(operation.responses).filter((status) => status.startsWith('2'));
    expect(operation.responses[success!]!.content === undefined).toBe(success === '204');
    for (const code of methods[operation.operationId as keyof typeof methods].errors)
      expect(operation.responses[errorTable[code].http]!.description).toContain(code);
  });

  it('refers only to what it holds, in the way of OpenAPI', () => {
    const found = references(document);
    expect(found).toContain('#/components/schemas/Error');
    expect(found).toContain('#/components/schemas/MachineSettingsInput');
    const known = Object.keys(document.components.schemas).map((name) => `#/components/schemas/${name}`);
    expect(found.filter((reference) => !known.includes(reference))).toEqual([]);
    expect(JSON.stringify(document)).not.toMatch(/"\$(defs|schema|id)"/);
  });

  it('asks of a sender no field that has a default', () => {
    expect(document.components.schemas['MachineSettingsInput']).not.toHaveProperty('required');
    expect(document.components.schemas['MachineSettings']).toHaveProperty('required');
  });
});

describe('routes', () => {
  it('lead each to its own method', () => {
    for (const route of restRoutes) {
      const path = `/${route.segments.map((segment) => segment.replace(/^\{\w+\}$/, 'x')).join('/')}`;
      expect(matchRoute(route.verb, path)).toMatchObject({ route: { method: route.method } });
    }
  });

  it('name only fields that their method has, and are the only ones of their kind', () => {
    for (const route of restRoutes) {
      expect(Object.keys(fieldsOf(route.method))).toEqual(expect.arrayContaining([...route.fields]));
      expect(route.path.startsWith(REST_PREFIX)).toBe(false);
    }
    expect(new Set(restRoutes.map(({ verb, path }) => `${verb} ${path.replace(/\{\w+\}/g, '{}')}`)).size).toBe(
      restRoutes.length,
    );
  });

  it('ask for nothing in a path or query that text cannot carry', () => {
    for (const route of restRoutes) {
      const fields = takesQuery(route.verb) ? Object.keys(fieldsOf(route.method)) : route.fields;
      for (const field of fields) {
        const kind = coreSchema(fieldsOf(route.method)[field]!).def.type;
        expect(`${route.method} ${field}: ${kind}`).toMatch(/: (string|number|boolean|enum)$/);
      }
    }
  });
});
