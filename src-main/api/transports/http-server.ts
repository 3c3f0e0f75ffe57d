// Opens the web door of a home: gathers its secrets, demands TLS and a password beyond this computer, gives out links.
import { join } from 'node:path';
import { OspiteError } from '../../core/errors.ts';
import { loadApiToken } from '../auth/api-token.ts';
import { Auth } from '../auth/auth.ts';
import { Password } from '../auth/password.ts';
import { fileLog, type SecurityLog } from '../security-log.ts';
import { type Certificate, loadCertificate } from './http/certificate.ts';
import { isLoopback, isWildcard, namesOf } from './http/host-names.ts';
import { listenHttp } from './http/server.ts';
import type { ApiServices } from './socket-session.ts';

export interface HttpServerOptions extends ApiServices {
  /** Holds the API token, the certificate and the security log. */
  home: string;
  /** Address and port to listen on; port 0 takes a free one. */
  address: string;
  port: number;
  /** Needed beyond loopback. */
  password?: string | undefined;
  /** Folder of the built renderer. */
  staticFolder: string;
  version: string;
  /** Gets a line for each refusal; a file in the home when omitted. */
  log?: SecurityLog;
}

export interface RunningServer {
  /** Where this computer reaches it. */
  url: string;
  /** All addresses, for others. */
  urls: string[];
  /** The certificate's, to be compared with what the browser shows; null without TLS. */
  fingerprint: string | null;
  /** A link that lets one browser in, once. `page` is what follows "#" in the GUI's addresses, such as "/console/ID". */
  issueLink(page?: string): string;
  close(): Promise<void>;
}

/**
 * @throws {OspiteError} usage.invalid beyond loopback without a password; host.ioError when the address cannot be listened on
 * or the home cannot hold what is needed
 */
export async function startHttpServer(options: HttpServerOptions): Promise<RunningServer> {
  const { address, home, password } = options;
  const isLocal = isLoopback(address);
  if (!isLocal && password === undefined)
    throw new OspiteError('usage.invalid', `Serving on ${address} lets other computers in: give a password`);
  const certificate: Certificate | null = isLocal ? null : await loadCertificate(join(home, 'tls'), namesOf(address));
  const auth = new Auth({
    apiToken: await loadApiToken(home),
    password: password === undefined ? null : await Password.create(password),
  });
  const door = await listenHttp({
    ...options,
    address: address === 'localhost' ? '127.0.0.1' : address,
    certificate,
    auth,
    api: options,
    log: options.log ?? fileLog(join(home, 'logs')),
  });
  const url = isWildcard(address) ? door.urls.find((found) => found.includes('127.0.0.1'))! : door.urls[0]!;
  return {
    url,
    urls: door.urls,
    fingerprint: certificate?.fingerprint ?? null,
    // The fragment survives the redirect that takes the token out of the address.
    issueLink: (page) => `${url}?token=${auth.issueToken()}${page === undefined ? '' : `#${page}`}`,
    close: door.close,
  };
}
