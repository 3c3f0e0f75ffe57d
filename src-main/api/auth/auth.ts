// Who may come in through the web door: a browser with a one-time token or the password gets a session cookie, a script has
// the API token. One-time tokens and sessions live in memory only; guessing is slowed down and given up on.
import { FailureLimiter } from './failure-limiter.ts';
import type { Password } from './password.ts';
import { isSameSecret, newSecret, secretKey } from './secrets.ts';
import { type BrowserSession, Sessions } from './sessions.ts';

/** Named by the port, because browsers share cookies between all ports of a host: two servers must not log each other out. */
export function sessionCookie(port: number): string {
  return `ospite_session_${port}`;
}

/** Links given out and not used yet; the oldest makes room. */
const MAX_TOKENS = 64;

export interface AuthOptions {
  password?: Password | null;
  apiToken?: string | null;
  nowMs?: () => number;
}

/** How an attempt to come in went: the cookie's secret, or why not. */
export type Attempt = { session: string } | { refused: 'wrong' } | { refused: 'locked'; retryAfterSeconds: number };

export class Auth {
  readonly #tokens = new Set<string>();
  readonly sessions: Sessions;
  readonly #password: Password | null;
  readonly #apiToken: string | null;
  /** One for each kind of secret: a script with an old token must not keep a person from logging in. */
  readonly #logins: FailureLimiter;
  readonly #scripts: FailureLimiter;

  constructor({ password = null, apiToken = null, nowMs = Date.now }: AuthOptions = {}) {
    this.#password = password;
    this.#apiToken = apiToken;
    this.sessions = new Sessions(nowMs);
    this.#logins = new FailureLimiter(nowMs);
    this.#scripts = new FailureLimiter(nowMs);
  }

  get hasPassword(): boolean {
    return this.#password !== null;
  }

  /** A token for one browser window; works once. */
  issueToken(): string {
    const token = newSecret();
    this.#tokens.add(secretKey(token));
    if (this.#tokens.size > MAX_TOKENS) this.#tokens.delete(this.#tokens.values().next().value!);
    return token;
  }

  redeem(token: string, address: string): Attempt {
    const locked = this.#lockOf(address);
    if (locked) return locked;
    return this.#tokens.delete(secretKey(token)) ? this.#admit(address) : this.#reject(address);
  }

  async logIn(password: string, address: string): Promise<Attempt> {
    const locked = this.#lockOf(address);
    if (locked) return locked;
    const isRight = (await this.#password?.matches(password)) ?? null;
    if (isRight === null) return { refused: 'locked', retryAfterSeconds: 1 };
    // Many attempts may have begun before the first of them failed.
    return this.#lockOf(address) ?? (isRight ? this.#admit(address) : this.#reject(address));
  }

  /** The session that a request's cookie names, or null. */
  sessionOf(cookieHeader: string | undefined, port: number): BrowserSession | null {
    const value = readCookie(cookieHeader, sessionCookie(port));
    return value === null ? null : this.sessions.find(value);
  }

  /**
   * Whether an `Authorization` header holds the API token. The right one works even after many wrong ones: it is too long to be
   * guessed, and a lock would let any local program shut its owner out.
   */
  checkApiToken(authorization: string, address: string): 'right' | Extract<Attempt, { refused: unknown }> {
    const token = /^Bearer +(\S+) *$/i.exec(authorization)?.[1] ?? '';
    if (this.#apiToken !== null && isSameSecret(token, this.#apiToken)) return 'right';
    const retryAfterSeconds = this.#scripts.retryAfterSeconds(address);
    if (retryAfterSeconds > 0) return { refused: 'locked', retryAfterSeconds };
    this.#scripts.fail(address);
    return { refused: 'wrong' };
  }

  #lockOf(address: string): Attempt | null {
    const retryAfterSeconds = this.#logins.retryAfterSeconds(address);
    return retryAfterSeconds > 0 ? { refused: 'locked', retryAfterSeconds } : null;
  }

  #admit(address: string): Attempt {
    this.#logins.succeed(address);
    return { session: this.sessions.begin() };
  }

  #reject(address: string): Attempt {
    this.#logins.fail(address);
    return { refused: 'wrong' };
  }
}

function readCookie(header: string | undefined, name: string): string | null {
  for (const part of header?.split(';') ?? []) {
    const at = part.indexOf('=');
    if (at > 0 && part.slice(0, at).trim() === name) return part.slice(at + 1).trim();
  }
  return null;
}
