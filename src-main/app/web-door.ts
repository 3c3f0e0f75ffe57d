// The servers that let browsers into the running process: opened when first asked for, each once.
import { type RunningServer, startHttpServer } from '../api/transports/http-server.ts';
import type { ApiServices } from '../api/transports/socket-session.ts';
import { rendererFolder } from '../host/renderer-folder.ts';
import { ospiteVersion } from '../host/version.ts';

export interface ServeOptions {
  address: string;
  /** 0 takes a free one, or that of a server that is there already. */
  port: number;
  password?: string | undefined;
}

export class WebDoor {
  readonly #home: string;
  readonly #api: ApiServices;
  #servers: { address: string; server: RunningServer }[] = [];
  #turn: Promise<unknown> = Promise.resolve();
  /** Somebody has asked to be served, not only for a window. */
  isAsked = false;

  constructor(home: string, api: ApiServices) {
    this.#home = home;
    this.#api = api;
  }

  /** @throws {OspiteError} usage.invalid beyond loopback without a password; host.ioError */
  serve(options: ServeOptions): Promise<RunningServer> {
    const mine = this.#turn.then(() => this.#serve(options));
    this.#turn = mine.catch(() => {}); // Told to the one who asked.
    return mine;
  }

  async close(): Promise<void> {
    await this.#turn;
    await Promise.all(this.#servers.splice(0).map(({ server }) => server.close()));
  }

  async #serve(options: ServeOptions): Promise<RunningServer> {
    const known = this.#servers.find(
      ({ address, server }) =>
        address === options.address &&
        options.password === undefined &&
        (options.port === 0 || Number(new URL(server.url).port) === options.port),
    );
    if (known) return known.server;
    const server = await startHttpServer({
      ...this.#api,
      ...options,
      home: this.#home,
      version: ospiteVersion(),
      staticFolder: rendererFolder(),
    });
    this.#servers.push({ address: options.address, server });
    return server;
  }
}
