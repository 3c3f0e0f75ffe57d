// REST over HTTP: finds the method of a path, gathers its input, and answers with its output or its error.
import type { IncomingMessage, ServerResponse } from 'node:http';
import { MAX_REQUEST_BYTES } from '../../../contract/messages.ts';
import { restInput } from '../../rest/input.ts';
import { matchRoute, takesQuery } from '../../rest/routes.ts';
import { callMethod, errorBody } from '../../session.ts';
import type { ApiServices } from '../socket-session.ts';
import { readJson } from './body.ts';
import { sendError, sendJson, sendNothing, sendObjection } from './reply.ts';

/** @param path without the prefix */
export async function answerRest(
  request: IncomingMessage,
  response: ServerResponse,
  address: { path: string; query: string },
  { services }: ApiServices,
): Promise<void> {
  const match = matchRoute(request.method ?? '', address.path);
  if (!('route' in match)) {
    return sendObjection(
      response,
      match.allowed.length === 0
        ? { code: 'request.methodNotFound', message: 'There is nothing at this path; see /api/openapi.json' }
        : { code: 'request.wrongVerb', message: 'This path knows other verbs', allowed: match.allowed },
    );
  }
  const gone = new AbortController();
  response.once('close', () => gone.abort());
  // A request is no connection that lasts: it has no console.
  const caller = { openConsole() {}, closeConsole() {}, frameShown() {}, gone: gone.signal };
  try {
    const body = takesQuery(match.route.verb) ? {} : await readJson(request, MAX_REQUEST_BYTES);
    const input = restInput(match, new URLSearchParams(address.query), body);
    const output = await callMethod(match.route.method, input, { ...services, caller });
    if (output === null) sendNothing(response);
    else sendJson(response, output);
  } catch (error) {
    sendError(response, errorBody(error));
  }
}
