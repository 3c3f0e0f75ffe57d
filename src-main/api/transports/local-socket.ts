// The door for the command line and for second launches: WebSockets over a Unix socket or a named pipe. Who may open the file
// is who may use it, so there are no tokens; a browser cannot reach it at all.
import { lstat, mkdir, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { connect, type Socket } from 'node:net';
import { dirname } from 'node:path';
import { WebSocketServer } from 'ws';
import { MAX_REQUEST_BYTES } from '../../contract/messages.ts';
import { OspiteError } from '../../core/errors.ts';
import { checkFolderIsOurs } from '../client/local-address.ts';
import { type ApiServices, serveSocket } from './socket-session.ts';

export interface LocalSocket {
  /** Hangs up on all clients and removes the file. */
  close(): Promise<void>;
}

/**
 * Listens at `address` (see `localAddress`). A file that a crashed host left is replaced, a living one's never.
 * @throws {OspiteError} host.busy when another host answers there; host.ioError
 */
export async function listenLocally(address: string, api: ApiServices): Promise<LocalSocket> {
  const sockets = new WebSocketServer({ noServer: true, maxPayload: MAX_REQUEST_BYTES, perMessageDeflate: false });
  const server = createServer((_request, response) => response.writeHead(426, { Upgrade: 'websocket' }).end());
  server.on('upgrade', (request, socket: Socket, head) => {
    socket.on('error', () => socket.destroy());
    if (request.url !== '/api/socket') return socket.end('HTTP/1.1 404 Not Found\r\nConnection: close\r\n\r\n');
    sockets.handleUpgrade(request, socket, head, (client) => serveSocket(client, api));
  });
  const isPipe = address.startsWith('\\\\');
  try {
    if (!isPipe) await mkdir(dirname(address), { recursive: true, mode: 0o700 });
    checkFolderIsOurs(address);
    await listen(server, address).catch(async (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EADDRINUSE' || isPipe) throw error;
      await removeStale(address);
      await listen(server, address);
    });
  } catch (error) {
    throw asOspiteError(error, address);
  }
  return { close: () => close(server, sockets) };
}

function listen(server: Server, address: string): Promise<void> {
  return new Promise((resolve, reject) => {
    // The file is made within the call: nobody else may ever open it, not even for a moment.
    const previous = process.platform === 'win32' ? null : process.umask(0o177);
    server.once('error', reject);
    server.listen(address, () => {
      server.off('error', reject);
      resolve();
    });
    if (previous !== null) process.umask(previous);
  });
}

/** @throws {OspiteError} host.busy when somebody answers */
async function removeStale(address: string): Promise<void> {
  const found = await lstat(address).catch(() => null);
  if (found && !found.isSocket())
    throw new OspiteError('host.ioError', `${address} is no socket of Ospite; move that file away`);
  if (await answers(address))
    throw new OspiteError('host.busy', 'Ospite already runs with this home; use its window, or set OSPITE_HOME');
  await rm(address, { force: true });
}

function answers(address: string): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const probe = connect(address, () => {
      probe.destroy();
      resolve(true);
    });
    probe.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'ECONNREFUSED' || error.code === 'ENOENT') resolve(false);
      else reject(error); // Full queue, no permission: somebody may be there.
    });
  });
}

async function close(server: Server, sockets: WebSocketServer): Promise<void> {
  for (const client of sockets.clients) client.terminate();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
}

function asOspiteError(error: unknown, address: string): OspiteError {
  if (error instanceof OspiteError) return error;
  const { code } = error as NodeJS.ErrnoException;
  if (code === 'EADDRINUSE')
    return new OspiteError('host.busy', 'Ospite already runs with this home; use its window, or set OSPITE_HOME');
  return new OspiteError('host.ioError', `Cannot listen at ${address} (${code}); set OSPITE_HOME to another folder`, {
    cause: error,
  });
}
