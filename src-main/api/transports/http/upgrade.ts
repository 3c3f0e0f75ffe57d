// Turns requests into WebSockets, for browsers with a session and scripts with the API token.
import type { IncomingMessage, Server } from 'node:http';
import type { Socket } from 'node:net';
import { type WebSocket, WebSocketServer } from 'ws';
import { MAX_REQUEST_BYTES } from '../../../contract/messages.ts';
import type { Auth } from '../../auth/auth.ts';
import { type ApiServices, serveSocket } from '../socket-session.ts';
import { checkCaller, checkOrigin, type Place } from './access.ts';
import { type Objection, statusOf } from './reply.ts';

/** A client that answers no ping for this long is gone. */
const PING_MS = 30_000;

export interface Sockets {
  close(): void;
}

export function acceptSockets(
  server: Server,
  options: {
    api: ApiServices;
    auth: Auth;
    place: () => Place;
    refused: (request: IncomingMessage, objection: Objection) => void;
  },
): Sockets {
  const sockets = new WebSocketServer({ noServer: true, maxPayload: MAX_REQUEST_BYTES, perMessageDeflate: false });
  server.on('upgrade', (request: IncomingMessage, socket: Socket, head: Buffer) => {
    socket.on('error', () => socket.destroy());
    const place = options.place();
    const caller =
      request.url === '/api/socket'
        ? (checkOrigin(request, place) ?? checkCaller(request, options.auth, place, true))
        : ({ code: 'request.methodNotFound', message: 'Not found' } as const);
    if ('code' in caller) {
      options.refused(request, caller);
      return socket.end(`HTTP/1.1 ${statusOf(caller)} Refused\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
    }
    sockets.handleUpgrade(request, socket, head, (client) => {
      const { session } = caller;
      if (session)
        client.once(
          'close',
          options.auth.sessions.hold(session, () => client.terminate()),
        );
      client.on('error', (error) => options.refused(request, { code: 'usage.invalid', message: error.message }));
      serveSocket(client, options.api);
    });
  });
  const stopPinging = pingAll(sockets);
  return {
    close: () => {
      stopPinging();
      for (const client of sockets.clients) client.terminate();
    },
  };
}

/** Ends connections whose other end vanished without a word. */
function pingAll(sockets: WebSocketServer): () => void {
  const silent = new WeakSet<WebSocket>();
  const timer = setInterval(() => {
    for (const client of sockets.clients) {
      if (silent.has(client)) {
        client.terminate();
        continue;
      }
      silent.add(client);
      client.once('pong', () => silent.delete(client));
      client.ping();
    }
  }, PING_MS);
  timer.unref();
  return () => clearInterval(timer);
}
