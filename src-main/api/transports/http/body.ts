// Reads the body of a request, never more than a limit.
import type { IncomingMessage } from 'node:http';
import { OspiteError } from '../../../core/errors.ts';

/** What is read and thrown away of a body that is too long, so that its sender comes to read the answer. */
const DRAIN_BYTES = 8 * 1024 * 1024;

/** @throws {OspiteError} request.tooLarge */
export async function readBody(request: IncomingMessage, limitBytes: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length <= limitBytes) chunks.push(chunk);
    else if (length > DRAIN_BYTES) break; // Ends the connection.
  }
  if (length > limitBytes)
    throw new OspiteError('request.tooLarge', `The body is longer than ${limitBytes} bytes; send less at a time`);
  return Buffer.concat(chunks);
}

/** The object that a JSON body holds; an empty body is an empty one. @throws {OspiteError} usage.invalid, request.tooLarge */
export async function readJson(request: IncomingMessage, limitBytes: number): Promise<unknown> {
  const body = await readBody(request, limitBytes);
  if (body.length === 0) return {};
  const type = request.headers['content-type'] ?? '';
  // Other sites can make a browser send forms and plain text, but not this.
  if (!/^application\/json *(;|$)/i.test(type))
    throw new OspiteError('usage.invalid', 'The body must be JSON: send "Content-Type: application/json"');
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body)) as unknown;
  } catch {
    throw new OspiteError('usage.invalid', 'The body is not valid JSON');
  }
}
