// Where REST has each method: the contract's routes, compiled once and matched by path.
import { type MethodName, methods } from '../../contract/methods.ts';

export const REST_PREFIX = '/api/v1';

export type Verb = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

export interface RestRoute {
  method: MethodName;
  verb: Verb;
  /** As in the contract: `/machines/{id}`. */
  path: string;
  segments: readonly string[];
  /** Names of the path's fields. */
  fields: readonly string[];
}

export const restRoutes: readonly RestRoute[] = (Object.keys(methods) as MethodName[]).flatMap((name) => {
  const { http } = methods[name];
  if (http === null) return [];
  const [verb, path] = http.split(' ') as [Verb, string];
  const segments = path.split('/').slice(1);
  return [{ method: name, verb, path, segments, fields: segments.flatMap((segment) => fieldOf(segment) ?? []) }];
});

/** Whether the verb's input comes from the query, not from a body. */
export function takesQuery(verb: Verb): boolean {
  return verb === 'GET' || verb === 'DELETE';
}

export interface RouteMatch {
  route: RestRoute;
  /** The path's fields, decoded. */
  fields: Record<string, string>;
}

/** What is at the path (without prefix): the route for the verb, or the verbs that are there. */
export function matchRoute(verb: string, path: string): RouteMatch | { allowed: string[] } {
  const parts = path.split('/').slice(1).map(decode);
  const found = restRoutes.flatMap((route) => {
    const fields = matchSegments(route.segments, parts);
    return fields ? [{ route, fields }] : [];
  });
  const fixed = Math.min(...found.map(({ route }) => route.fields.length));
  // "/machines/register" is no machine of that id.
  const nearest = found.filter(({ route }) => route.fields.length === fixed);
  const wanted = verb === 'HEAD' ? 'GET' : verb;
  const match = nearest.find(({ route }) => route.verb === wanted);
  if (match) return match;
  const allowed = nearest.flatMap(({ route }) => (route.verb === 'GET' ? ['GET', 'HEAD'] : [route.verb]));
  return { allowed };
}

function matchSegments(segments: readonly string[], parts: readonly (string | null)[]): Record<string, string> | null {
  if (segments.length !== parts.length) return null;
  const fields: Record<string, string> = {};
  for (const [index, segment] of segments.entries()) {
    const part = parts[index];
    const field = fieldOf(segment);
    if (part === null || part === undefined || part === '') return null;
    if (field === null && part !== segment) return null;
    if (field !== null) fields[field] = part;
  }
  return fields;
}

function fieldOf(segment: string): string | null {
  return /^\{(\w+)\}$/.exec(segment)?.[1] ?? null;
}

function decode(part: string): string | null {
  try {
    return decodeURIComponent(part);
  } catch {
    return null;
  }
}
