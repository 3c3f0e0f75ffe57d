// Answers of the web door and the headers that all of them carry.
import type { ServerResponse } from 'node:http';
import { type ErrorCode, errorTable } from '../../../contract/errors.ts';
import type { ErrorBody } from '../../../contract/messages.ts';
import { CONTENT_SECURITY_POLICY } from '../../security-headers.ts';

export const SECURITY_HEADERS = {
  'Content-Security-Policy': CONTENT_SECURITY_POLICY,
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Cache-Control': 'no-cache',
} as const;

/** Why a request is not answered with what it asked for. */
export interface Objection {
  code: ErrorCode;
  /** For the client: names nothing of the host. */
  message: string;
  retryAfterSeconds?: number;
  /** Verbs that the path knows. */
  allowed?: readonly string[];
}

export function statusOf(objection: Objection): number {
  return errorTable[objection.code].http;
}

function headersOf({ retryAfterSeconds, allowed }: Objection): Record<string, string> {
  return {
    ...(retryAfterSeconds === undefined ? {} : { 'Retry-After': String(Math.max(1, retryAfterSeconds)) }),
    ...(allowed === undefined ? {} : { Allow: allowed.join(', ') }),
  };
}

export function sendJson(response: ServerResponse, value: unknown): void {
  const body = Buffer.from(JSON.stringify(value));
  response.writeHead(200, {
    ...SECURITY_HEADERS,
    'Cache-Control': 'no-store',
    'Content-Type': 'application/json',
    'Content-Length': body.length,
  });
  response.end(body);
}

export function sendNothing(response: ServerResponse, headers: Record<string, string> = {}): void {
  response.writeHead(204, { ...SECURITY_HEADERS, 'Cache-Control': 'no-store', ...headers });
  response.end();
}

export function sendError(response: ServerResponse, error: ErrorBody, objection?: Objection): void {
  const known = Object.hasOwn(errorTable, error.code) ? (error.code as ErrorCode) : 'internal';
  response.writeHead(errorTable[known].http, {
    ...SECURITY_HEADERS,
    'Cache-Control': 'no-store',
    'Content-Type': 'application/json',
    ...(objection ? headersOf(objection) : {}),
  });
  response.end(JSON.stringify({ code: error.code, message: error.message, details: error.details ?? {} }));
}

export function sendObjection(response: ServerResponse, objection: Objection): void {
  sendError(response, { code: objection.code, message: objection.message }, objection);
}

/** A page of our own, instead of the GUI's. */
export function sendPage(response: ServerResponse, objection: Objection, page: { html: string; policy: string }): void {
  response.writeHead(statusOf(objection), {
    ...SECURITY_HEADERS,
    'Content-Security-Policy': page.policy,
    // A form sends "Origin: null" from a page that tells no referrer, and would be taken for another site's.
    'Referrer-Policy': 'same-origin',
    'Cache-Control': 'no-store',
    'Content-Type': 'text/html; charset=utf-8',
    Vary: 'Accept-Language',
    ...headersOf(objection),
  });
  response.end(page.html);
}

export function sendText(response: ServerResponse, objection: Objection): void {
  response.writeHead(statusOf(objection), {
    ...SECURITY_HEADERS,
    'Content-Type': 'text/plain; charset=utf-8',
    ...headersOf(objection),
  });
  response.end(`${objection.message}\n`);
}
