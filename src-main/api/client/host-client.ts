// The contract as the command line and second launches call it: typed methods, events and streams over the local socket.
import { connect } from 'node:net';
import { WebSocket } from 'ws';
import { type ErrorCode, errorTable } from '../../contract/errors.ts';
import type { EventName, Events } from '../../contract/events.ts';
import type { ErrorBody, ServerMessage } from '../../contract/messages.ts';
import type { MethodInput, MethodName, MethodOutput } from '../../contract/methods.ts';
import { parseStreamFrame, type ScreenUpdate, STREAM_SCREEN } from '../../contract/streams.ts';
import type { Subscription } from '../../core/emitter.ts';
import { Emitter } from '../../core/emitter.ts';
import { OspiteError } from '../../core/errors.ts';
import { checkFolderIsOurs } from './local-address.ts';

/** What comes of a machine's console. A frame counts as shown once `screen` has returned. */
export interface StreamListener {
  screen?(update: ScreenUpdate): void;
  serial?(port: number, bytes: Uint8Array): void;
}

interface Waiting {
  resolve(value: unknown): void;
  reject(error: OspiteError): void;
}

/** A host that takes the connection but does not greet is stuck. */
const HANDSHAKE_MS = 10_000;

export class HostClient {
  readonly #socket: WebSocket;
  readonly #waiting = new Map<number, Waiting>();
  readonly #events = new Emitter<Events>();
  readonly #streams = new Map<string, StreamListener>();
  readonly #ended: Promise<void>;
  #nextCall = 1;

  /**
   * A client of the host at `address` (see `localAddress`), or null when nobody listens there.
   * @throws {OspiteError} host.ioError when somebody does but cannot be talked to
   */
  static async connect(address: string): Promise<HostClient | null> {
    checkFolderIsOurs(address);
    const socket = new WebSocket('ws://localhost/api/socket', {
      createConnection: () => connect(address),
      perMessageDeflate: false,
      handshakeTimeout: HANDSHAKE_MS,
    });
    const client = new HostClient(socket); // Listens before anything can arrive.
    try {
      await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject));
      return client;
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code;
      if (code === 'ENOENT' || code === 'ECONNREFUSED') return null;
      throw new OspiteError(
        'host.ioError',
        `Ospite at ${address} cannot be reached (${code ?? (error as Error).message}); is it still starting or hanging?`,
        { cause: error },
      );
    }
  }

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.binaryType = 'nodebuffer';
    socket.on('message', (data: Buffer, isBinary) => {
      if (isBinary) this.#stream(data);
      else this.#receive(JSON.parse(String(data)) as ServerMessage);
    });
    socket.on('error', () => socket.terminate()); // The 'close' that follows tells everybody.
    this.#ended = new Promise((resolve) => socket.once('close', () => resolve(this.#lost())));
  }

  /** @throws {OspiteError} whatever the method's own errors are; host.ioError when the host goes away before it answers */
  call<Name extends MethodName>(method: Name, params: MethodInput<Name>): Promise<MethodOutput<Name>> {
    if (this.#socket.readyState !== WebSocket.OPEN) return Promise.reject(connectionLost());
    const call = this.#nextCall++;
    return new Promise((resolve, reject) => {
      this.#waiting.set(call, { resolve: resolve as (value: unknown) => void, reject });
      this.#socket.send(JSON.stringify({ call, method, params }));
    });
  }

  on<Name extends EventName>(event: Name, listener: (data: Events[Name]) => void): Subscription {
    return this.#events.on(event, listener);
  }

  /** Receives a machine's screen and serial output, beginning with all that is known, until disposed of. One listener a machine. */
  async onStream(id: string, listener: StreamListener): Promise<Subscription> {
    this.#streams.set(id, listener);
    try {
      await this.call('console.open', { id });
    } catch (error) {
      this.#streams.delete(id);
      throw error;
    }
    return {
      dispose: () => {
        this.#streams.delete(id);
        void this.call('console.close', { id }).catch(() => {}); // With the connection, the console has gone too.
      },
    };
  }

  /** Resolves when the connection is gone, whoever closed it. */
  get closed(): Promise<void> {
    return this.#ended;
  }

  async close(): Promise<void> {
    this.#socket.close();
    await this.#ended;
  }

  #receive(message: ServerMessage): void {
    if ('event' in message) return this.#events.emit(message.event as EventName, message.data as never);
    const waiting = this.#waiting.get(message.call);
    this.#waiting.delete(message.call);
    if ('error' in message) waiting?.reject(toError(message.error));
    else waiting?.resolve(message.result);
  }

  #stream(bytes: Uint8Array): void {
    const frame = parseStreamFrame(bytes);
    const listener = frame && this.#streams.get(frame.id);
    if (!frame || !listener) return;
    if (frame.kind !== STREAM_SCREEN) return listener.serial?.(frame.port, frame.bytes);
    if (!listener.screen) return; // Never shown, so there will be no second one.
    listener.screen(frame);
    void this.call('console.frameShown', { id: frame.id }).catch(() => {}); // Nobody is left to show it to.
  }

  #lost(): void {
    for (const { reject } of this.#waiting.values()) reject(connectionLost());
    this.#waiting.clear();
  }
}

function connectionLost(): OspiteError {
  return new OspiteError('host.ioError', 'The connection to Ospite was lost; was it ended? Start it and try again');
}

/** A host of another version may know codes that we do not. */
function toError({ code, message, details }: ErrorBody): OspiteError {
  const known = Object.hasOwn(errorTable, code) ? (code as ErrorCode) : 'internal';
  return new OspiteError(known, message, { details: { ...(details as Record<string, unknown> | undefined) } });
}
