// The web door's server: HTTP on this computer, HTTPS beyond it, with limits on what a client may take. What it answers is in
// answer.ts and upgrade.ts; everything that it needs of the home comes in as an argument.
import { createServer as createHttpServer, type IncomingMessage, type Server } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { OspiteError } from '../../../core/errors.ts';
import type { Auth } from '../../auth/auth.ts';
import type { SecurityLog } from '../../security-log.ts';
import type { ApiServices } from '../socket-session.ts';
import { addressOf, type Place } from './access.ts';
import { answer } from './answer.ts';
import type { Certificate } from './certificate.ts';
import { authority, isWildcard, namesOf } from './host-names.ts';
import { type Objection, statusOf } from './reply.ts';
import { acceptSockets } from './upgrade.ts';

export interface HttpListenOptions {
  /** Address and port to listen on; port 0 takes a free one. */
  address: string;
  port: number;
  /** Null for plain HTTP. */
  certificate: Certificate | null;
  auth: Auth;
  api: ApiServices;
  version: string;
  staticFolder: string;
  log: SecurityLog;
}

export interface HttpDoor {
  /** Where it can be reached, best first. */
  urls: string[];
  close(): Promise<void>;
}

const MAX_CONNECTIONS = 500;
/** A client that takes longer over its headers, its request, or its next request, is hung up on. */
const HEADERS_MS = 10_000;
const REQUEST_MS = 30_000;
const CHECK_MS = 2_000;

/** @throws {OspiteError} host.ioError when the address cannot be listened on */
export async function listenHttp(options: HttpListenOptions): Promise<HttpDoor> {
  const { certificate, address } = options;
  const limits = { headersTimeout: HEADERS_MS, requestTimeout: REQUEST_MS, connectionsCheckingInterval: CHECK_MS };
  const server: Server = certificate
    ? createHttpsServer({ ...limits, key: certificate.key, cert: certificate.cert, minVersion: 'TLSv1.2' })
    : createHttpServer(limits);
  server.maxConnections = MAX_CONNECTIONS;
  const place = (): Place => ({ address, port: portOf(server), isSecure: certificate !== null });
  const refused = (request: IncomingMessage, objection: Objection): void =>
    options.log(describeRefusal(request, objection));
  server.on('request', (request, response) => void answer(request, response, { ...options, place, refused }));
  server.on('clientError', (error: NodeJS.ErrnoException, socket: Socket) => hangUp(error, socket, options.log));
  server.on('drop', () => options.log(`refused a connection: there are ${MAX_CONNECTIONS} already`));
  const sockets = acceptSockets(server, { ...options, place, refused });
  await listen(server, options);
  const names = isWildcard(address) ? namesOf(address) : [address];
  return {
    urls: names.map(
      (name) => `http${certificate ? 's' : ''}://${authority(name, portOf(server), certificate !== null)}/`,
    ),
    close: async () => {
      sockets.close();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function portOf(server: Server): number {
  return (server.address() as AddressInfo).port;
}

function listen(server: Server, { address, port }: HttpListenOptions): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) =>
      reject(
        new OspiteError(
          'host.ioError',
          `Cannot listen on ${address}:${port} (${error.code}); choose another address or port`,
          { cause: error },
        ),
      ),
    );
    server.listen(port, address, resolve);
  });
}

/** The query is left out: it may hold a token. */
function describeRefusal(request: IncomingMessage, objection: Objection): string {
  const path = (request.url ?? '').split('?')[0]!;
  return `refused ${addressOf(request)} ${request.method} ${path.slice(0, 100)}: ${statusOf(objection)} ${objection.code}, ${objection.message}`;
}

/** Answers what is no HTTP, or comes too slowly or too big, without a word about ourselves. */
function hangUp(error: NodeJS.ErrnoException, socket: Socket, log: SecurityLog): void {
  if (error.code === 'ECONNRESET' || !socket.writable) return void socket.destroy();
  log(`hung up on ${socket.remoteAddress}: ${error.code ?? error.message}`);
  const status = {
    HPE_HEADER_OVERFLOW: '431 Request Header Fields Too Large',
    ERR_HTTP_REQUEST_TIMEOUT: '408 Request Timeout',
  }[error.code ?? ''];
  socket.end(`HTTP/1.1 ${status ?? '400 Bad Request'}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}
