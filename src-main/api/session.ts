// One connected client, over whatever carries messages: validates requests, runs handlers, pushes events, screens and serial
// output. A slow client gets fewer frames, never a growing queue: the next frame is asked for when the last one was shown.

import { eventNames } from '../contract/events.ts';
import { type ErrorBody, MAX_REQUEST_BYTES, request, type ServerMessage } from '../contract/messages.ts';
import { type MethodName, methods } from '../contract/methods.ts';
import { encodeScreen, encodeSerial } from '../contract/streams.ts';
import { reportBug } from '../core/bug-report.ts';
import type { Subscription } from '../core/emitter.ts';
import { OspiteError } from '../core/errors.ts';
import type { DisplayFrame } from '../engine/protocol.ts';
import { describe } from '../manager/faults.ts';
import type { ConsoleHub, ConsoleWatcher } from './console-hub.ts';
import { type HandlerContext, handlers } from './handlers/index.ts';

/** The wire to a client. */
export interface Wire {
  sendText(text: string): void;
  sendBinary(bytes: Uint8Array): void;
}

export class Session {
  readonly #wire: Wire;
  readonly #context: HandlerContext;
  readonly #consoles: ConsoleHub;
  readonly #watchers = new Map<string, ConsoleWatcher>();
  readonly #subscriptions: Subscription[];
  readonly #gone = new AbortController();
  readonly #leave: () => void;

  constructor(wire: Wire, services: Omit<HandlerContext, 'caller'>, consoles: ConsoleHub) {
    this.#wire = wire;
    this.#consoles = consoles;
    this.#context = {
      ...services,
      caller: {
        openConsole: (id) => this.#openConsole(id),
        closeConsole: (id) => this.#closeConsole(id),
        frameShown: (id) => this.#watchers.get(id)?.frameShown(),
        gone: this.#gone.signal,
      },
    };
    this.#leave = services.control.clientCame();
    this.#subscriptions = eventNames.map((event) => services.manager.on(event, (data) => this.#send({ event, data })));
  }

  /** Handles one text message; answers on the wire. Never throws. */
  async receive(text: string): Promise<void> {
    if (text.length > MAX_REQUEST_BYTES)
      return this.#send({
        call: 0,
        error: { code: 'request.tooLarge', message: 'The message is too long; send less at a time' },
      });
    let call = 0;
    try {
      const parsed = request.safeParse(parseJson(text));
      if (!parsed.success)
        throw new OspiteError('usage.invalid', `The message is no request: ${describe(parsed.error)}`);
      call = parsed.data.call;
      this.#send({ call, result: await callMethod(parsed.data.method, parsed.data.params, this.#context) });
    } catch (error) {
      this.#send({ call, error: errorBody(error) });
    }
  }

  close(): void {
    this.#gone.abort();
    this.#leave();
    for (const subscription of this.#subscriptions) subscription.dispose();
    for (const id of [...this.#watchers.keys()]) this.#closeConsole(id);
  }

  #openConsole(id: string): void {
    if (this.#watchers.has(id)) return;
    const watcher = this.#consoles.watch(id, {
      frame: (frame: DisplayFrame) => this.#wire.sendBinary(encodeScreen({ id, ...frame })),
      serial: (port, bytes) => this.#wire.sendBinary(encodeSerial(id, port, bytes)),
    });
    this.#watchers.set(id, watcher);
    const { leds, pointerMode } = this.#consoles.input(id);
    if (leds !== null) this.#send({ event: 'machine.ledsChanged', data: { id, leds } });
    if (pointerMode) this.#send({ event: 'machine.pointerModeChanged', data: { id, ...pointerMode } });
  }

  #closeConsole(id: string): void {
    this.#watchers.get(id)?.dispose();
    this.#watchers.delete(id);
  }

  #send(message: ServerMessage): void {
    this.#wire.sendText(JSON.stringify(message));
  }
}

/** Validates and runs one method; the same for every transport. @throws {OspiteError} */
export async function callMethod(name: string, params: unknown, context: HandlerContext): Promise<unknown> {
  if (!Object.hasOwn(methods, name)) throw new OspiteError('request.methodNotFound', `There is no method "${name}"`);
  const known = name as MethodName;
  const parsed = methods[known].input.safeParse(params ?? {});
  if (!parsed.success) throw new OspiteError('config.invalid', describe(parsed.error));
  const handler = handlers[known] as (input: unknown, context: HandlerContext) => unknown;
  return await handler(parsed.data, context);
}

/** What a client learns of a failure; bugs keep their details in the log of the host process. */
export function errorBody(error: unknown): ErrorBody {
  if (error instanceof OspiteError) return { code: error.code, message: error.message, details: error.details };
  reportBug('A request', error);
  return { code: 'internal', message: 'Something went wrong inside Ospite; its log has the details' };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new OspiteError('usage.invalid', 'The message is not valid JSON');
  }
}
