// The password of a served GUI, kept in memory as a scrypt hash: what is left of it in a core dump is of no use.
import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto';

/** 32 MiB and about a tenth of a second for each attempt. */
const COST = { N: 32_768, r: 8, p: 1, maxmem: 64 * 1024 * 1024 };
/** Attempts hashed at once; more would let anybody take the host's memory and time. */
const MAX_AT_ONCE = 4;

export class Password {
  readonly #salt: Buffer;
  readonly #hash: Buffer;
  #running = 0;

  static async create(text: string): Promise<Password> {
    const salt = randomBytes(16);
    return new Password(salt, await hash(text, salt));
  }

  private constructor(salt: Buffer, expected: Buffer) {
    this.#salt = salt;
    this.#hash = expected;
  }

  /** Null when too many are just being tried. */
  async matches(text: string): Promise<boolean | null> {
    if (this.#running >= MAX_AT_ONCE) return null;
    this.#running++;
    try {
      return timingSafeEqual(await hash(text, this.#salt), this.#hash);
    } finally {
      this.#running--;
    }
  }
}

function hash(text: string, salt: Buffer): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    scrypt(text.normalize('NFC'), salt, 32, COST, (error, key) => (error ? reject(error) : resolve(key)));
  });
}
