// Puts the headless host together: machines of one home, their consoles, what the API needs, and the door for the command
// line. Shared by `ospite serve`, the background host and Electron.

import { localAddress } from '../api/client/local-address.ts';
import { ConsoleHub } from '../api/console-hub.ts';
import type { HandlerContext } from '../api/handlers/index.ts';
import type { RunningServer } from '../api/transports/http-server.ts';
import { type LocalSocket, listenLocally } from '../api/transports/local-socket.ts';
import type { WindowPage } from '../contract/methods/host.ts';
import { openBrowser } from '../host/browser-window.ts';
import { NodeHostServices } from '../host/host-services.ts';
import { ospiteVersion } from '../host/version.ts';
import { Farewell, type OnHostExit } from './farewell.ts';
import { lockHome } from './home-lock.ts';
import { HostLog } from './host-log.ts';
import { createManagers } from './managers.ts';
import { type ServeOptions, WebDoor } from './web-door.ts';

export interface HostOptions {
  /** How the process was started. */
  kind?: 'desktop' | 'serve' | 'background';
}

/** Opens a window for the page and says in words what it did. */
export type WindowOpener = (page: WindowPage) => Promise<string>;

export interface HostProcess {
  services: Omit<HandlerContext, 'caller'>;
  consoles: ConsoleHub;
  log: HostLog;
  /** Connected clients; machines and tasks are in the services. */
  clientCount(): number;
  /** The web door was opened on purpose. */
  isServing(): boolean;
  /** Opens the web door, or gives the one that is open there. @throws {OspiteError} usage.invalid, host.ioError */
  serve(options: ServeOptions): Promise<RunningServer>;
  /** Opens windows in this way from now on; in a browser until then. */
  openWindowsWith(opener: WindowOpener): void;
  /**
   * Ends running machines as asked, or as the preferences say, closes the doors and leaves the home to others. Asked again it
   * waits for guests no longer. Resolves at the end.
   */
  shutDown(machines?: OnHostExit): Promise<void>;
  /** Resolves at the end, whoever asked for it. */
  readonly ended: Promise<void>;
}

/** @throws {OspiteError} host.busy while another process has the home's machines; host.ioError */
export async function startHostProcess(home: string, { kind = 'serve' }: HostOptions = {}): Promise<HostProcess> {
  const lock = await lockHome(home);
  const log = new HostLog(home);
  try {
    const host = new Host(home, kind, log, () => lock.release());
    await host.open();
    log.add('info', `Ospite ${ospiteVersion()} has started (${kind}, process ${process.pid})`);
    return host;
  } catch (error) {
    await log.close();
    await lock.release();
    throw error;
  }
}

class Host implements HostProcess {
  readonly services: Omit<HandlerContext, 'caller'>;
  readonly consoles: ConsoleHub;
  readonly log: HostLog;
  readonly ended: Promise<void>;
  readonly #home: string;
  readonly #managers: ReturnType<typeof createManagers>;
  readonly #web: WebDoor;
  readonly #farewell: Farewell;
  readonly #release: () => Promise<void>;
  #socket: LocalSocket | null = null;
  #clients = 0;
  #openWindow: WindowOpener = (page) => this.#openInBrowser(page);
  #ending: Promise<void> | null = null;
  #tellEnd: () => void = () => {};

  constructor(home: string, kind: NonNullable<HostOptions['kind']>, log: HostLog, release: () => Promise<void>) {
    this.#home = home;
    this.log = log;
    this.#release = release;
    this.#managers = createManagers(home);
    const { manager, registry, preferences } = this.#managers;
    const host = new NodeHostServices({
      version: ospiteVersion(),
      home,
      kind,
      machineFolder: () => this.#managers.machineFolder(),
      problems: () => [registry.problem, preferences.problem].filter((problem) => problem !== ''),
    });
    this.services = {
      ...this.#managers.services,
      host,
      control: {
        openWindow: (page) => this.#openWindow(page),
        serve: async (options) => {
          const server = await this.serve(options);
          return { link: server.issueLink(), fingerprint: server.fingerprint };
        },
        beginShutDown: (machines) => void setImmediate(() => void this.shutDown(machines)), // Its answer goes out first.
        clientCame: () => this.#clientCame(),
      },
    };
    this.consoles = new ConsoleHub(manager);
    this.#web = new WebDoor(home, { services: this.services, consoles: this.consoles });
    this.#farewell = new Farewell(manager);
    this.ended = new Promise((resolve) => {
      this.#tellEnd = resolve;
    });
  }

  async open(): Promise<void> {
    await this.#managers.load();
    for (const problem of [this.#managers.registry.problem, this.#managers.preferences.problem])
      if (problem !== '') this.log.add('warn', problem);
    this.#socket = await listenLocally(localAddress(this.#home), { services: this.services, consoles: this.consoles });
  }

  clientCount(): number {
    return this.#clients;
  }

  isServing(): boolean {
    return this.#web.isAsked;
  }

  serve(options: ServeOptions): Promise<RunningServer> {
    this.#web.isAsked = true;
    return this.#web.serve(options);
  }

  openWindowsWith(opener: WindowOpener): void {
    this.#openWindow = opener;
  }

  shutDown(machines?: OnHostExit): Promise<void> {
    if (this.#ending) {
      this.#farewell.hurry();
      return this.#ending;
    }
    this.#ending = this.#shutDown(machines ?? this.#managers.preferences.get().onHostExit);
    return this.#ending;
  }

  async #shutDown(machines: OnHostExit): Promise<void> {
    this.log.add('info', `Ospite ends; running machines: ${machines}`);
    try {
      await Promise.all([this.#farewell.say(machines), this.services.tasks.shutDown()]);
      await this.#web.close();
      await this.#socket?.close();
    } finally {
      await this.log.close();
      await this.#release();
      this.#tellEnd();
    }
  }

  #clientCame(): () => void {
    this.#clients++;
    let isThere = true;
    return () => {
      if (isThere) this.#clients--;
      isThere = false;
    };
  }

  async #openInBrowser(page: WindowPage): Promise<string> {
    const link = (await this.#web.serve({ address: '127.0.0.1', port: 0 })).issueLink(pagePath(page));
    const { isOpened, message } = openBrowser(link);
    return isOpened ? message : `${message} ${link}`;
  }
}

/** What follows "#" in the GUI's addresses. */
export function pagePath(page: WindowPage): string | undefined {
  switch (page.kind) {
    case 'manager':
      return undefined;
    case 'console':
      return `/console/${page.id}`;
    case 'open':
      return `/new/${encodeURIComponent(page.path)}`;
  }
}
