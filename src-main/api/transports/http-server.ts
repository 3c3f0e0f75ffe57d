// The served GUI: static files and one WebSocket, for clients that hold a session cookie. Every request must name this server
// as its Host (no DNS rebinding) and come from its own pages (no cross-site requests); nothing allows other origins.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { WebSocketServer } from 'ws';
import { MAX_REQUEST_BYTES } from '../../contract/messages.ts';
import { OspiteError } from '../../core/errors.ts';
import { type Auth, sessionCookie } from '../auth.ts';
import { CONTENT_SECURITY_POLICY } from '../security-headers.ts';
import { readStaticFile } from '../static-files.ts';
import { type ApiServices, serveSocket } from './socket-session.ts';

export interface HttpServerOptions extends ApiServices {
  /** Address and port to listen on; port 0 takes a free one. */
  address: string;
  port: number;
  /** Folder of the built renderer. */
  staticFolder: string;
  auth: Auth;
}

const SECURITY_HEADERS = {
  'Content-Security-Policy': CONTENT_SECURITY_POLICY,
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Cache-Control': 'no-cache',
};

export interface RunningServer {
  url: string;
  close(): Promise<void>;
}

/** @throws {OspiteError} host.ioError when the address cannot be listened on */
export async function startHttpServer(options: HttpServerOptions): Promise<RunningServer> {
  const sockets = new WebSocketServer({ noServer: true, maxPayload: MAX_REQUEST_BYTES, perMessageDeflate: false });
  const server = createServer((request, response) => {
    void answer(request, response, options, server).catch(() => {
      if (!response.headersSent) refuse(response, 500, 'Something went wrong');
      else response.destroy();
    });
  });
  server.headersTimeout = 10_000;
  server.requestTimeout = 30_000;
  server.on('upgrade', (request, socket: Socket, head) => {
    const problem =
      request.url === '/api/socket' ? objection(request, options, server, true) : { status: 404, message: 'Not found' };
    if (problem) return socket.end(`HTTP/1.1 ${problem.status} Refused\r\nConnection: close\r\n\r\n`);
    sockets.handleUpgrade(request, socket, head, (client) => serveSocket(client, options));
  });
  await listen(server, options);
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://${options.address.includes(':') ? `[${options.address}]` : options.address}:${port}/`,
    close: () => close(server, sockets),
  };
}

function listen(server: Server, { address, port }: HttpServerOptions): Promise<void> {
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

async function close(server: Server, sockets: WebSocketServer): Promise<void> {
  for (const client of sockets.clients) client.terminate();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
}

interface Objection {
  status: number;
  message: string;
}

/** Why a request is not let in, or null. */
function objection(
  request: IncomingMessage,
  { auth, address }: HttpServerOptions,
  server: Server,
  needsOrigin: boolean,
): Objection | null {
  const { port } = server.address() as AddressInfo;
  const hosts = [`${address}:${port}`, `localhost:${port}`, `127.0.0.1:${port}`, `[::1]:${port}`];
  if (!hosts.includes(request.headers.host ?? ''))
    return { status: 403, message: 'This server does not answer to that host name' };
  const { origin } = request.headers;
  if (origin === undefined ? needsOrigin : !hosts.some((host) => origin === `http://${host}`))
    return { status: 403, message: 'Requests from other sites are refused' };
  if (!auth.isSession(request.headers.cookie, port))
    return { status: 401, message: 'Open the link that "ospite serve" printed: its token lets you in once' };
  return null;
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  options: HttpServerOptions,
  server: Server,
): Promise<void> {
  if (request.method !== 'GET' && request.method !== 'HEAD') return refuse(response, 405, 'Only GET is known here');
  const url = new URL(request.url ?? '/', 'http://host');
  const token = url.searchParams.get('token');
  const problem = objection(request, options, server, false);
  if (token !== null && problem?.status !== 403) return redeem(token, response, options.auth, server);
  if (problem) return refuse(response, problem.status, problem.message);
  await sendFile(url.pathname, request, response, options.staticFolder);
}

function redeem(token: string, response: ServerResponse, auth: Auth, server: Server): void {
  if (auth.isLocked()) return refuse(response, 429, 'Too many wrong tokens; wait a minute');
  const session = auth.redeem(token);
  if (session === null)
    return refuse(response, 401, 'This link was used already or is wrong; run "ospite serve" again for a new one');
  response.writeHead(303, {
    ...SECURITY_HEADERS,
    Location: '/',
    'Set-Cookie': `${sessionCookie((server.address() as AddressInfo).port)}=${session}; HttpOnly; SameSite=Strict; Path=/`,
  });
  response.end();
}

async function sendFile(
  pathname: string,
  request: IncomingMessage,
  response: ServerResponse,
  folder: string,
): Promise<void> {
  const file = await readStaticFile(folder, pathname);
  if (!file) return refuse(response, 404, 'Not found');
  response.writeHead(200, { ...SECURITY_HEADERS, 'Content-Type': file.type, 'Content-Length': file.content.length });
  response.end(request.method === 'HEAD' ? undefined : file.content);
}

function refuse(response: ServerResponse, status: number, message: string): void {
  response.writeHead(status, { ...SECURITY_HEADERS, 'Content-Type': 'text/plain; charset=utf-8' });
  response.end(`${message}\n`);
}
