// A WebSocket as the wire of a session: the same for browsers, scripts and the local socket.
import type { WebSocket } from 'ws';
import type { ConsoleHub } from '../console-hub.ts';
import type { HandlerContext } from '../handlers/index.ts';
import { Session } from '../session.ts';

/** What a door needs to serve its clients. */
export interface ApiServices {
  services: Omit<HandlerContext, 'caller'>;
  consoles: ConsoleHub;
}

/** Bytes waiting in a socket beyond which its client is given up: it does not read at all. */
const SLOW_CLIENT_BYTES = 32 * 1024 * 1024;

export function serveSocket(client: WebSocket, { services, consoles }: ApiServices): void {
  // Screens wait for each other (console-hub.ts), so that only a client that has stopped reading gets here; it may come back
  // and is sent a whole picture then.
  const send = (message: string | Uint8Array): void => {
    if (client.bufferedAmount < SLOW_CLIENT_BYTES) client.send(message);
    else client.terminate();
  };
  const session = new Session({ sendText: send, sendBinary: send }, services, consoles);
  client.on('message', (data, isBinary) => {
    if (isBinary) return client.close(1003, 'Text only');
    void session.receive(String(data));
  });
  client.on('close', () => session.close());
  client.on('error', () => client.terminate());
}
