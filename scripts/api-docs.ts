// Writes docs/api.md from the tables of the contract: methods, routes, fields, events, error codes.

import { type Direction, type Json, ShapeBook } from '../src-main/api/rest/json-schema.ts';
import { areaOf } from '../src-main/api/rest/open-api.ts';
import { errorTable } from '../src-main/contract/errors.ts';
import { events } from '../src-main/contract/events.ts';
import { MAX_REQUEST_BYTES } from '../src-main/contract/messages.ts';
import { type MethodName, methods } from '../src-main/contract/methods.ts';

const REFERENCE = '#';
/** Deeper fields are told in words. */
const FIELD_DEPTH = 4;

const areaTitles: Record<string, string> = {
  host: 'The host',
  machine: 'Machines',
  medium: 'Media',
  preferences: 'Preferences',
  task: 'Tasks',
  console: 'Consoles of a connection',
};

const introduction = `# The API

<!-- Made by "node scripts/generate-api-docs.mjs" from src-main/contract. Do not edit. -->

Everything that a window of Ospite can do, a program can do: by the same methods, over any of these doors.

| door | how | who may |
| --- | --- | --- |
| REST | \`/api/v1/...\` of \`ospite serve\`; described by \`/api/openapi.json\` (OpenAPI 3.1) | \`Authorization: Bearer TOKEN\` with the content of \`api.token\` in the home folder, or a browser's session |
| WebSocket | \`/api/socket\` of \`ospite serve\` | the same; a browser must send its \`Origin\` |
| local socket | a WebSocket at \`/api/socket\` over \`host.sock\` in the home folder (a named pipe on Windows) | whoever may open the file |
| command line | \`ospite ... --json\` | as the local socket |

\`\`\`sh
curl -H "Authorization: Bearer $(cat "$OSPITE_HOME/api.token")" http://127.0.0.1:8080/api/v1/machines
\`\`\`

**REST.** Fields in braces are parts of the path. GET and DELETE take the other fields as the query, the other verbs as a JSON object
with \`Content-Type: application/json\`. A method that gives something answers 200 with JSON, one that gives nothing 204. Errors have
the status of their code and the body \`{"code", "message", "details"}\`; switch on \`code\` only. After too many wrong tokens the answer
is 429 with \`Retry-After\`.

**WebSocket and local socket.** One JSON object per text message, at most ${MAX_REQUEST_BYTES} bytes:

| direction | message |
| --- | --- |
| to the host | \`{"call": 1, "method": "machine.list", "params": {}}\`; \`call\` is any number of the client's |
| from the host | \`{"call": 1, "result": ...}\` or \`{"call": 1, "error": {"code", "message", "details"}}\`, in any order |
| from the host | \`{"event": "machine.stateChanged", "data": ...}\`, at any time |

Binary messages carry screens and serial output of the machines that the connection has opened with \`console.open\`; numbers are
little-endian.

| offset | size | screen | serial output |
| --- | --- | --- | --- |
| 0 | 1 | 1 | 2 |
| 1 | 1 | number of rectangles | port |
| 2 | 2 | 0 | 0 |
| 4 | 16 | machine's id | machine's id |
| 20 | 2 + 2 | width and height of the screen | the bytes |
| 24 | 8 each | x, y, width, height (2 bytes each) of the rectangles | |
| | | RGBA rows of each rectangle | |

The next screen comes once \`console.frameShown\` was called for the last: a client gets frames as fast as it shows them.
`;

export function apiDocument(): string {
  const book = new ShapeBook(REFERENCE);
  const names = Object.keys(methods) as MethodName[];
  const areas = [...new Set(names.map(areaOf))];
  const parts = [
    introduction,
    '## Methods\n',
    ...areas.flatMap((area) => [
      `### ${areaTitles[area] ?? area}\n`,
      ...names.filter((name) => areaOf(name) === area).map((name) => methodPart(name, book)),
    ]),
    '## Events\n',
    ...Object.entries(events).map(([name, { summary, data }]) =>
      [`#### ${name}\n`, `${summary}\n`, fieldTable(book.schema(data, 'output'), 'output')].join('\n'),
    ),
  ];
  return `${[...parts, shapesPart(book), errorsPart()].join('\n').trimEnd()}\n`;
}

function methodPart(name: MethodName, book: ShapeBook): string {
  const { summary, http, input, output, errors } = methods[name];
  const [verb, path] = http?.split(' ') ?? [];
  return [
    `#### ${name}\n`,
    `${summary}\n`,
    http === null ? 'Not in REST.\n' : `\`${verb} /api/v1${path}\`\n`,
    fieldTable(book.schema(input, 'input'), 'input'),
    resultPart(book.schema(output, 'output')),
    errors.length === 0 ? '' : `Errors: ${errors.map((code) => `\`${code}\``).join(', ')}.\n`,
  ]
    .filter((part) => part !== '')
    .join('\n');
}

function resultPart(schema: Json): string {
  if (schema['type'] === 'null') return '';
  if (schema['type'] !== 'object') return `Gives ${typeText(schema)}.\n`;
  return `Gives:\n\n${fieldTable(schema, 'output')}`;
}

function shapesPart(book: ShapeBook): string {
  const shapes = [...book.shapes].toSorted(([a], [b]) => a.localeCompare(b));
  return [
    '## Shapes\n',
    'Of those whose name ends in `Input`, fields with a default may be left out; the others have them all.\n',
    ...shapes.map(([name, schema]) => {
      const title = `#### ${name}\n`;
      const words = schema['description'] ? `${String(schema['description'])}.\n` : '';
      const body =
        schema['type'] === 'object'
          ? fieldTable(schema, name.endsWith('Input') ? 'input' : 'output')
          : `${capitalize(typeText(schema))}.\n`;
      return [title, words, body].filter((part) => part !== '').join('\n');
    }),
  ].join('\n');
}

function errorsPart(): string {
  const rows = Object.entries(errorTable).map(([code, { http, exit }]) => `| \`${code}\` | ${http} | ${exit} |`);
  return `## Error codes

Any method may also fail with \`config.invalid\` (a field is wrong; the message names it) or \`internal\` (a fault of Ospite).

| code | HTTP status | exit status of \`ospite\` |
| --- | --- | --- |
${rows.join('\n')}
`;
}

function fieldTable(schema: Json, direction: Direction): string {
  if (schema['$ref'] !== undefined) return `${capitalize(typeText(schema))}.\n`;
  const rows = fieldRows(schema, '', 1);
  if (rows.length === 0) return '';
  const needs = direction === 'input';
  const head = needs
    ? '| field | type | default | |\n| --- | --- | --- | --- |'
    : '| field | type | |\n| --- | --- | --- |';
  const lines = rows.map(({ name, type, fallback, words }) =>
    needs ? `| ${name} | ${type} | ${fallback} | ${words} |` : `| ${name} | ${type} | ${words} |`,
  );
  return `${head}\n${lines.join('\n')}\n`;
}

interface Row {
  name: string;
  type: string;
  fallback: string;
  words: string;
}

function fieldRows(schema: Json, prefix: string, depth: number): Row[] {
  const required = new Set((schema['required'] ?? []) as string[]);
  return Object.entries((schema['properties'] ?? {}) as Record<string, Json>).flatMap(([name, field]) => {
    const row: Row = {
      name: `\`${prefix}${name}\``,
      type: typeText(field, true),
      fallback:
        field['default'] !== undefined ? `\`${JSON.stringify(field['default'])}\`` : required.has(name) ? 'needed' : '',
      words: cell(String(field['description'] ?? '')),
    };
    const inner = objectIn(field);
    if (!inner || depth >= FIELD_DEPTH) return [row];
    const suffix = field['type'] === 'array' ? '[].' : '.';
    return [row, ...fieldRows(inner, `${prefix}${name}${suffix}`, depth + 1)];
  });
}

/** The one object that a field is or holds. */
function objectIn(field: Json): Json | null {
  if (field['type'] === 'array') return objectIn(field['items'] as Json);
  return field['type'] === 'object' && field['properties'] !== undefined ? field : null;
}

/** @param isRows objects in it have rows of their own */
function typeText(schema: Json, isRows = false): string {
  const reference = schema['$ref'] as string | undefined;
  if (reference !== undefined) {
    const name = reference.slice(REFERENCE.length);
    return `[${name}](#${name.toLowerCase()})`;
  }
  if (schema['const'] !== undefined) return `\`${JSON.stringify(schema['const'])}\``;
  const choices = (schema['enum'] as unknown[] | undefined)?.map((value) => `\`${JSON.stringify(value)}\``);
  if (choices) return choices.join(' or ');
  const options = (schema['anyOf'] ?? schema['oneOf']) as Json[] | undefined;
  if (options) return options.map((option) => objectText(option)).join(' or ');
  switch (schema['type']) {
    case 'array':
      return `array of ${isRows ? typeText(schema['items'] as Json).replace(/^object$/, 'objects') : objectText(schema['items'] as Json)}`;
    case 'integer':
    case 'number':
      return `${schema['type']}${limits(schema['minimum'], schema['maximum'])}`;
    case 'string':
      return stringText(schema);
    case undefined:
      return 'anything';
    default:
      return [schema['type']].flat().join(' or ');
  }
}

/** An object within a choice or an array has no rows of its own: its fields are told here. */
function objectText(schema: Json): string {
  const properties = schema['properties'] as Record<string, Json> | undefined;
  if (schema['type'] !== 'object' || !properties) return typeText(schema);
  const required = new Set((schema['required'] ?? []) as string[]);
  const fields = Object.entries(properties).map(
    ([name, field]) => `${name}${required.has(name) ? '' : '?'}: ${typeText(field)}`,
  );
  return `{ ${fields.join(', ')} }`;
}

function stringText(schema: Json): string {
  const formats: Record<string, string> = { uuid: 'UUID', 'date-time': 'date and time', base64: 'base64' };
  const format = formats[String(schema['format'] ?? schema['contentEncoding'] ?? '')] ?? 'string';
  const { minLength, maxLength } = schema as { minLength?: number; maxLength?: number };
  return maxLength === undefined
    ? format
    : `${format}, ${minLength ? `${minLength} to ` : 'at most '}${maxLength} characters`;
}

function limits(minimum: unknown, maximum: unknown): string {
  const low = minimum === undefined || Math.abs(Number(minimum)) === Number.MAX_SAFE_INTEGER ? null : Number(minimum);
  const high = maximum === undefined || Number(maximum) === Number.MAX_SAFE_INTEGER ? null : Number(maximum);
  if (low !== null && high !== null) return `, ${low} to ${high}`;
  if (low !== null) return `, at least ${low}`;
  return high === null ? '' : `, at most ${high}`;
}

function capitalize(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|').replace(/\s+/g, ' ');
}
