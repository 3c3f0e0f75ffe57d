// The contract as the renderer calls it: typed methods, pushed events, and the streams of opened consoles.
import type { EventName, Events } from '../../src-main/contract/events.ts';
import type { ErrorBody, ServerMessage } from '../../src-main/contract/messages.ts';
import type { MethodInput, MethodName, MethodOutput } from '../../src-main/contract/methods.ts';
import {
  parseStreamFrame,
  type ScreenUpdate,
  type SerialChunk,
  STREAM_SCREEN,
} from '../../src-main/contract/streams.ts';
import { type ConnectionState, connect, type Transport } from './transport.ts';

/** A failure the host reported; `code` is one of contract/errors.ts, or `connection.lost`. */
export class HostError extends Error {
  readonly code: string;
  constructor(body: ErrorBody) {
    super(body.message);
    this.code = body.code;
  }
}

export interface ConsoleListener {
  screen(update: ScreenUpdate): void;
  serial(chunk: SerialChunk): void;
}

interface Waiting {
  resolve(value: unknown): void;
  reject(error: HostError): void;
}

class Client {
  readonly #transport: Transport;
  readonly #waiting = new Map<number, Waiting>();
  readonly #listeners = new Map<string, Set<(data: never) => void>>();
  readonly #consoles = new Map<string, ConsoleListener>();
  readonly #connection = new Set<(state: ConnectionState) => void>();
  #nextCall = 1;
  #state: ConnectionState = 'lost';

  constructor() {
    this.#transport = connect({
      onOpen: () => this.#setState('open'),
      onClose: (state) => this.#setState(state),
      onText: (text) => this.#receive(JSON.parse(text) as ServerMessage),
      onBinary: (bytes) => this.#stream(bytes),
    });
  }

  call<Name extends MethodName>(method: Name, params: MethodInput<Name>): Promise<MethodOutput<Name>> {
    if (this.#state !== 'open')
      return Promise.reject(
        new HostError({ code: 'connection.lost', message: 'Ospite does not answer; is it still running?' }),
      );
    const call = this.#nextCall++;
    return new Promise((resolve, reject) => {
      this.#waiting.set(call, { resolve: resolve as (value: unknown) => void, reject });
      this.#transport.send(JSON.stringify({ call, method, params }));
    });
  }

  on<Name extends EventName>(event: Name, listener: (data: Events[Name]) => void): () => void {
    const set = this.#listeners.get(event) ?? new Set();
    set.add(listener as (data: never) => void);
    this.#listeners.set(event, set);
    return () => set.delete(listener as (data: never) => void);
  }

  /** Calls back now and at each change. */
  onConnection(listener: (state: ConnectionState) => void): () => void {
    this.#connection.add(listener);
    listener(this.#state);
    return () => this.#connection.delete(listener);
  }

  /** Receives a machine's screen and serial output until the returned function is called. Survives reconnections. */
  openConsole(id: string, listener: ConsoleListener): () => void {
    this.#consoles.set(id, listener);
    const stop = this.onConnection((state) => {
      if (state === 'open') void this.call('console.open', { id }).catch(() => {});
    });
    return () => {
      stop();
      this.#consoles.delete(id);
      void this.call('console.close', { id }).catch(() => {});
    };
  }

  #setState(state: ConnectionState): void {
    if (this.#state === state) return;
    this.#state = state;
    if (state !== 'open') {
      for (const { reject } of this.#waiting.values())
        reject(new HostError({ code: 'connection.lost', message: 'The connection to Ospite was lost' }));
      this.#waiting.clear();
    }
    for (const listener of this.#connection) listener(state);
  }

  #receive(message: ServerMessage): void {
    if ('event' in message) {
      for (const listener of this.#listeners.get(message.event) ?? []) listener(message.data as never);
      return;
    }
    const waiting = this.#waiting.get(message.call);
    this.#waiting.delete(message.call);
    if ('error' in message) waiting?.reject(new HostError(message.error));
    else waiting?.resolve(message.result);
  }

  #stream(bytes: Uint8Array): void {
    const frame = parseStreamFrame(bytes);
    if (!frame) return;
    const listener = this.#consoles.get(frame.id);
    if (frame.kind === STREAM_SCREEN) listener?.screen(frame);
    else listener?.serial(frame);
  }
}

export const client: Client = new Client();
