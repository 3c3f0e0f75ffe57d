// Who may talk to the served GUI: a one-time token in the printed URL buys a session cookie. Tokens and sessions live in
// memory only; guessing is slowed down and given up on.
import { randomBytes, timingSafeEqual } from 'node:crypto';

/** Named by the port, because browsers share cookies between all ports of a host: two servers must not log each other out. */
export function sessionCookie(port: number): string {
  return `ospite_session_${port}`;
}

/** Wrong tokens accepted before the door stays shut for LOCKOUT_MS. */
const MAX_FAILURES = 10;
const LOCKOUT_MS = 60_000;

export class Auth {
  #token: string | null = newSecret();
  readonly #sessions = new Set<string>();
  #failures = 0;
  #lockedUntil = 0;
  readonly #nowMs: () => number;

  constructor(nowMs: () => number = Date.now) {
    this.#nowMs = nowMs;
  }

  /** The token for the next browser window; each works once. */
  issueToken(): string {
    this.#token ??= newSecret();
    return this.#token;
  }

  /** A new session for a right token, else null. */
  redeem(token: string): string | null {
    if (this.isLocked()) return null;
    if (this.#token === null || !equal(token, this.#token)) {
      this.#fail();
      return null;
    }
    this.#token = null;
    this.#failures = 0;
    const session = newSecret();
    this.#sessions.add(session);
    return session;
  }

  isSession(cookieHeader: string | undefined, port: number): boolean {
    const value = readCookie(cookieHeader, sessionCookie(port));
    if (value === null) return false;
    for (const session of this.#sessions) if (equal(value, session)) return true;
    return false;
  }

  isLocked(): boolean {
    return this.#nowMs() < this.#lockedUntil;
  }

  #fail(): void {
    this.#failures++;
    if (this.#failures >= MAX_FAILURES) {
      this.#failures = 0;
      this.#lockedUntil = this.#nowMs() + LOCKOUT_MS;
    }
  }
}

function newSecret(): string {
  return randomBytes(32).toString('base64url');
}

function equal(a: string, b: string): boolean {
  const left = Buffer.from(a);
  const right = Buffer.from(b);
  return left.length === right.length && timingSafeEqual(left, right);
}

function readCookie(header: string | undefined, name: string): string | null {
  for (const part of header?.split(';') ?? []) {
    const at = part.indexOf('=');
    if (at > 0 && part.slice(0, at).trim() === name) return part.slice(at + 1).trim();
  }
  return null;
}
