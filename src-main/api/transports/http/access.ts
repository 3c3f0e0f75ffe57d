// Lets requests in or says why not. Every request must name this server as its Host (no DNS rebinding), a browser's must come
// from our own pages (no cross-site requests), and must bring a session's cookie or the API token. Nothing allows other origins.
import type { IncomingMessage } from 'node:http';
import type { Attempt, Auth } from '../../auth/auth.ts';
import type { BrowserSession } from '../../auth/sessions.ts';
import { authority, namesOf } from './host-names.ts';
import type { Objection } from './reply.ts';

export interface Place {
  address: string;
  port: number;
  isSecure: boolean;
}

/** Who asks: a browser with its session, or a script. */
export type Caller = { session: BrowserSession | null };

/** Whose fault a wrong Host or Origin is can be told before any secret is looked at. */
export function checkOrigin(request: IncomingMessage, place: Place): Objection | null {
  const hosts = namesOf(place.address).map((name) => authority(name, place.port, place.isSecure));
  if (!hosts.includes((request.headers.host ?? '').toLowerCase()))
    return { code: 'auth.refused', message: 'This server does not answer to that host name' };
  const { origin } = request.headers;
  const scheme = place.isSecure ? 'https' : 'http';
  if (origin !== undefined && !hosts.some((host) => origin === `${scheme}://${host}`))
    return { code: 'auth.refused', message: 'Requests from other sites are refused' };
  return null;
}

/**
 * For the API: a browser must show that one of our pages asks, by `Origin` (for what changes anything) and by what it says
 * of the site; a script shows its token instead.
 */
export function checkCaller(
  request: IncomingMessage,
  auth: Auth,
  place: Place,
  needsOrigin: boolean,
): Caller | Objection {
  const { authorization, origin } = request.headers;
  if (authorization !== undefined) {
    const verdict = auth.checkApiToken(authorization, addressOf(request));
    return verdict === 'right' ? { session: null } : refusalOf(verdict, 'The API token is wrong');
  }
  const site = request.headers['sec-fetch-site'];
  if (origin === undefined && needsOrigin)
    return { code: 'auth.refused', message: 'Requests must come from a page of this server, or bring the API token' };
  if (site !== undefined && site !== 'same-origin' && site !== 'none')
    return { code: 'auth.refused', message: 'Requests from other sites are refused' };
  const session = auth.sessionOf(request.headers.cookie, place.port);
  return session ? { session } : { code: 'auth.required', message: 'Log in, or send the API token' };
}

export function refusalOf(attempt: Exclude<Attempt, { session: string }>, wrong: string): Objection {
  return attempt.refused === 'wrong'
    ? { code: 'auth.required', message: wrong }
    : {
        code: 'auth.tooManyAttempts',
        message: 'Too many wrong attempts; wait a minute',
        retryAfterSeconds: attempt.retryAfterSeconds,
      };
}

export function addressOf(request: IncomingMessage): string {
  return request.socket.remoteAddress ?? 'unknown';
}
