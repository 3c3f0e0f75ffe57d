// Sessions of browsers: in memory only, ended by logging out or after a time without use.
import { newSecret, secretKey } from './secrets.ts';

const IDLE_MS = 12 * 3600_000;
/** More browsers than anybody has; the one unused for longest makes room. */
const MAX_SESSIONS = 1000;

export interface BrowserSession {
  readonly key: string;
  lastUsedMs: number;
  /** Hangs up; one for each open connection. While there are any, the session is in use. */
  readonly connections: Set<() => void>;
}

export class Sessions {
  readonly #sessions = new Map<string, BrowserSession>();
  readonly #nowMs: () => number;

  constructor(nowMs: () => number) {
    this.#nowMs = nowMs;
  }

  /** The secret for the browser's cookie. */
  begin(): string {
    const secret = newSecret();
    const key = secretKey(secret);
    this.#sessions.set(key, { key, lastUsedMs: this.#nowMs(), connections: new Set() });
    if (this.#sessions.size > MAX_SESSIONS) this.end(this.#longestUnused());
    return secret;
  }

  /** The session of a cookie, counted as used now; null for a wrong or expired one. */
  find(secret: string): BrowserSession | null {
    const session = this.#sessions.get(secretKey(secret));
    if (!session) return null;
    const nowMs = this.#nowMs();
    if (session.connections.size === 0 && nowMs - session.lastUsedMs >= IDLE_MS) {
      this.end(session);
      return null;
    }
    session.lastUsedMs = nowMs;
    return session;
  }

  /** Counts a connection as use of the session until the returned function is called. */
  hold(session: BrowserSession, hangUp: () => void): () => void {
    session.connections.add(hangUp);
    return () => {
      session.connections.delete(hangUp);
      session.lastUsedMs = this.#nowMs();
    };
  }

  /** Forgets the session and hangs up its connections. */
  end(session: BrowserSession): void {
    this.#sessions.delete(session.key);
    for (const hangUp of [...session.connections]) hangUp();
  }

  #longestUnused(): BrowserSession {
    return [...this.#sessions.values()].reduce((oldest, session) =>
      session.lastUsedMs < oldest.lastUsedMs ? session : oldest,
    );
  }
}
