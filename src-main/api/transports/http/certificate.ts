// The certificate of a host that serves beyond this computer: made on the spot, signed by itself, kept in the home. People
// compare its fingerprint with the one that the host printed.
import { createPrivateKey, generateKeyPairSync, randomBytes, sign, X509Certificate } from 'node:crypto';
import { mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { isIP } from 'node:net';
import { join } from 'node:path';
import { OspiteError } from '../../../core/errors.ts';
import { encodeSelfSigned } from './self-signed.ts';

export interface Certificate {
  /** PEM. */
  key: string;
  cert: string;
  /** SHA-256 of the certificate, as browsers show it. */
  fingerprint: string;
}

const DAY_MS = 24 * 3600_000;
/** Browsers take no longer ones. */
const VALID_DAYS = 397;
const RENEW_DAYS = 30;

/**
 * The kept certificate where it still holds for all `names`, else a new one.
 * @throws {OspiteError} host.ioError when the folder cannot hold it
 */
export async function loadCertificate(
  folder: string,
  names: readonly string[],
  nowMs: number = Date.now(),
): Promise<Certificate> {
  try {
    const kept = await readKept(folder, names, nowMs);
    if (kept) return kept;
    const made = makeCertificate(names, nowMs);
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await replace(join(folder, 'key.pem'), made.key);
    await replace(join(folder, 'cert.pem'), made.cert);
    return made;
  } catch (error) {
    throw new OspiteError('host.ioError', `${folder} cannot hold a certificate (${(error as Error).message})`, {
      cause: error,
    });
  }
}

async function readKept(folder: string, names: readonly string[], nowMs: number): Promise<Certificate | null> {
  const read = (file: string): Promise<string | null> => readFile(join(folder, file), 'utf8').catch(() => null);
  const [key, cert] = [await read('key.pem'), await read('cert.pem')];
  if (key === null || cert === null || !(await isPrivate(join(folder, 'key.pem')))) return null;
  const parsed = parse(cert, key);
  if (!parsed || Date.parse(parsed.validTo) - nowMs < RENEW_DAYS * DAY_MS || Date.parse(parsed.validFrom) > nowMs)
    return null;
  const holds = names.every((name) => (isIP(name) ? parsed.checkIP(name) : parsed.checkHost(name)) !== undefined);
  return holds ? { key, cert, fingerprint: parsed.fingerprint256 } : null;
}

/** Null for what is damaged or does not belong together. */
function parse(cert: string, key: string): X509Certificate | null {
  try {
    const parsed = new X509Certificate(cert);
    return parsed.checkPrivateKey(createPrivateKey(key)) ? parsed : null;
  } catch {
    return null;
  }
}

async function isPrivate(path: string): Promise<boolean> {
  return process.platform === 'win32' || ((await stat(path)).mode & 0o077) === 0;
}

function makeCertificate(names: readonly string[], nowMs: number): Certificate {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const der = encodeSelfSigned({
    commonName: 'Ospite',
    serial: randomBytes(16),
    names,
    notBefore: new Date(nowMs - DAY_MS), // Clocks of other computers may be behind.
    notAfter: new Date(nowMs + (VALID_DAYS - 1) * DAY_MS),
    publicKey: publicKey.export({ type: 'spki', format: 'der' }),
    sign: (bytes) => sign('sha256', bytes, privateKey),
  });
  const parsed = new X509Certificate(der);
  return {
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    cert: parsed.toString(),
    fingerprint: parsed.fingerprint256,
  };
}

async function replace(path: string, text: string): Promise<void> {
  const draft = `${path}.new`;
  await rm(draft, { force: true });
  await writeFile(draft, text, { mode: 0o600, flag: 'wx' });
  await rename(draft, path);
}
