// Answers the requests of the web door: the API, the pages of the GUI, logging in and out.
import type { IncomingMessage, ServerResponse } from 'node:http';
import { type Attempt, type Auth, sessionCookie } from '../../auth/auth.ts';
import { openApiDocument } from '../../rest/open-api.ts';
import { REST_PREFIX } from '../../rest/routes.ts';
import { errorBody } from '../../session.ts';
import { readStaticFile } from '../../static-files.ts';
import type { ApiServices } from '../socket-session.ts';
import { addressOf, checkCaller, checkOrigin, type Place, refusalOf } from './access.ts';
import { readBody } from './body.ts';
import { languageOf, loginPage } from './login-page.ts';
import {
  type Objection,
  SECURITY_HEADERS,
  sendError,
  sendJson,
  sendNothing,
  sendObjection,
  sendPage,
  sendText,
} from './reply.ts';
import { answerRest } from './rest.ts';

export interface AnswerOptions {
  api: ApiServices;
  auth: Auth;
  place: () => Place;
  version: string;
  /** Folder of the built renderer. */
  staticFolder: string;
  refused: (request: IncomingMessage, objection: Objection) => void;
}

/** A form holds a password and nothing else. */
const FORM_BYTES = 8192;

interface Exchange {
  request: IncomingMessage;
  response: ServerResponse;
  path: string;
  query: string;
  place: Place;
}

/** Never throws. */
export async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  options: AnswerOptions,
): Promise<void> {
  const url = request.url ?? '/';
  const at = url.indexOf('?');
  const [path, query] = at < 0 ? [url, ''] : [url.slice(0, at), url.slice(at + 1)];
  const exchange = { request, response, path, query, place: options.place() };
  try {
    if (path.startsWith('/api/')) await answerApi(exchange, options);
    else await answerPage(exchange, options);
  } catch (error) {
    if (response.headersSent) response.destroy();
    else sendError(response, errorBody(error));
  }
}

async function answerApi(exchange: Exchange, options: AnswerOptions): Promise<void> {
  const { request, response, path, query, place } = exchange;
  const isReading = request.method === 'GET' || request.method === 'HEAD';
  const caller = checkOrigin(request, place) ?? checkCaller(request, options.auth, place, !isReading);
  if ('code' in caller) {
    options.refused(request, caller);
    return sendObjection(response, caller);
  }
  if (path.startsWith(`${REST_PREFIX}/`))
    return await answerRest(request, response, { path: path.slice(REST_PREFIX.length), query }, options.api);
  const verbs = { '/api/openapi.json': ['GET', 'HEAD'], '/api/logout': ['POST'] }[path];
  if (!verbs)
    return sendObjection(response, { code: 'request.methodNotFound', message: 'There is nothing at this path' });
  if (!verbs.includes(request.method ?? ''))
    return sendObjection(response, {
      code: 'request.wrongVerb',
      message: 'This path knows other verbs',
      allowed: verbs,
    });
  if (path === '/api/openapi.json') return sendJson(response, openApiDocument(options.version));
  if (caller.session) options.auth.sessions.end(caller.session);
  sendNothing(response, { 'Set-Cookie': `${sessionCookie(place.port)}=; Max-Age=0; ${cookieRules(place)}` });
}

async function answerPage(exchange: Exchange, options: AnswerOptions): Promise<void> {
  const { request, response, path, place } = exchange;
  const { auth } = options;
  const foreign = checkOrigin(request, place);
  if (foreign) {
    options.refused(request, foreign);
    return sendText(response, foreign);
  }
  if (request.method === 'POST' && auth.hasPassword) return await logIn(exchange, options);
  if (request.method !== 'GET' && request.method !== 'HEAD')
    return sendText(response, {
      code: 'request.wrongVerb',
      message: 'Only GET is known here',
      allowed: ['GET', 'HEAD', ...(auth.hasPassword ? ['POST'] : [])],
    });
  const token = new URLSearchParams(exchange.query).get('token');
  if (token !== null) return admit(exchange, auth.redeem(token, addressOf(request)), 'badLink', options);
  if (!auth.sessionOf(request.headers.cookie, place.port)) {
    const objection: Objection = { code: 'auth.required', message: 'Log in' };
    options.refused(request, objection);
    return sendPage(response, objection, page(request, auth, null));
  }
  const file = await readStaticFile(options.staticFolder, path);
  if (!file) {
    const objection: Objection = { code: 'request.methodNotFound', message: 'Not found' };
    options.refused(request, objection);
    return sendText(response, objection);
  }
  response.writeHead(200, { ...SECURITY_HEADERS, 'Content-Type': file.type, 'Content-Length': file.content.length });
  response.end(file.content);
}

/** Takes the form of the login page, which works without scripts. */
async function logIn(exchange: Exchange, options: AnswerOptions): Promise<void> {
  const { request } = exchange;
  if (request.headers.origin === undefined || request.headers['content-type'] !== 'application/x-www-form-urlencoded') {
    const objection: Objection = { code: 'auth.refused', message: 'Only the login page logs in' };
    options.refused(request, objection);
    return sendText(exchange.response, objection);
  }
  const form = new URLSearchParams(String(await readBody(request, FORM_BYTES)));
  const attempt = await options.auth.logIn(form.get('password') ?? '', addressOf(request));
  admit(exchange, attempt, 'wrong', options);
}

/** Sends a browser with a good token or password on to the GUI, without either in its address. */
function admit(exchange: Exchange, attempt: Attempt, mishap: 'wrong' | 'badLink', options: AnswerOptions): void {
  const { request, response, place } = exchange;
  if ('session' in attempt) {
    response.writeHead(303, {
      ...SECURITY_HEADERS,
      Location: '/',
      'Set-Cookie': `${sessionCookie(place.port)}=${attempt.session}; ${cookieRules(place)}`,
    });
    response.end();
    return;
  }
  const objection = refusalOf(attempt, mishap === 'wrong' ? 'The password is wrong' : 'The link is used or wrong');
  options.refused(request, objection);
  const seconds = objection.retryAfterSeconds;
  sendPage(
    response,
    objection,
    page(request, options.auth, seconds === undefined ? { kind: mishap } : { kind: 'locked', seconds }),
  );
}

function page(request: IncomingMessage, auth: Auth, mishap: Parameters<typeof loginPage>[0]['mishap']) {
  const language = languageOf(request.headers['accept-language']);
  return loginPage({ language, hasPassword: auth.hasPassword, mishap });
}

function cookieRules({ isSecure }: Place): string {
  return `HttpOnly; SameSite=Strict; Path=/${isSecure ? '; Secure' : ''}`;
}
