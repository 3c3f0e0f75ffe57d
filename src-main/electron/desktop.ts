// The desktop application: one instance, windows, files to open, the end. Electron's objects come in as an argument, so that
// all of this is tested with a fake. The renderer is sandboxed and isolated; every message's sender is checked; pages come from
// our own scheme under a content security policy and can go nowhere else.
import { callMethod } from '../api/session.ts';
import type { HostProcess } from '../app/host-process.ts';
import type { WindowPage } from '../contract/methods/host.ts';
import { OspiteError } from '../core/errors.ts';
import type { Electron } from './electron.ts';
import { offerFileDialog } from './file-dialog.ts';
import { type LaunchWish, pageOfUrl, wishesIn, wishOfFile } from './launch.ts';
import { serveOurPages } from './page-sessions.ts';
import { servePage } from './pages.ts';
import { Quitting } from './quitting.ts';
import { BoundsMemory } from './window-bounds.ts';
import { Windows } from './windows.ts';

export interface DesktopOptions {
  /** @throws {OspiteError} host.busy while another process has the home */
  startHost(): Promise<HostProcess>;
  /** Has the process that has the home do it instead. @throws {OspiteError} */
  handOver(wishes: readonly LaunchWish[]): Promise<void>;
  rendererFolder: string;
  preload: string;
  /** Remembers where windows were. */
  boundsFile: string;
  /** The command line, and the folder it was given in: files to open may be among it. */
  argv: readonly string[];
  folder: string;
}

/** What a page may ask the browser for. */
const PERMISSIONS = new Set([
  'pointerLock',
  'fullscreen',
  'clipboard-read',
  'clipboard-sanitized-write',
  'keyboardLock',
]);

/** Resolves when the application is up, or at once in a second instance, which hands over to the first. */
export async function runDesktop(electron: Electron, options: DesktopOptions): Promise<void> {
  const { app } = electron;
  if (!app.requestSingleInstanceLock()) {
    app.quit();
    return;
  }
  const wishes = collectWishes(electron, options); // Files may come before there is anything to open them.
  electron.protocol.registerSchemesAsPrivileged([
    { scheme: 'ospite', privileges: { standard: true, secure: true, supportFetchAPI: true } },
  ]);
  app.enableSandbox();
  await app.whenReady();
  try {
    const host = await options.startHost();
    const desktop = new Desktop(electron, options, host);
    desktop.open();
    wishes.deliver((wish) => void desktop.fulfil(wish));
  } catch (error) {
    const problem = await handOver(error, options, wishes).catch((reason: unknown) => reason);
    if (problem !== undefined)
      electron.dialog.showErrorBox('Ospite cannot start', problem instanceof Error ? problem.message : String(problem));
    app.quit();
  }
}

/** To the process that has the home; what failed for another reason fails again. */
async function handOver(error: unknown, options: DesktopOptions, wishes: Wishes): Promise<void> {
  if (!(error instanceof OspiteError && error.code === 'host.busy')) throw error;
  await options.handOver(wishes.waiting());
}

interface Wishes {
  /** Gives all that came so far, or the manager, and from then on each at once. */
  deliver(fulfil: (wish: LaunchWish) => void): void;
  waiting(): LaunchWish[];
}

function collectWishes({ app }: Electron, { argv, folder }: DesktopOptions): Wishes {
  const waiting = wishesIn(argv, folder);
  let fulfil = (wish: LaunchWish): void => void waiting.push(wish);
  const manager: WindowPage = { kind: 'manager' };
  const take = (wishes: readonly LaunchWish[]): void => {
    for (const wish of wishes.length > 0 ? wishes : [manager]) fulfil(wish);
  };
  app.on('open-file', (event, path) => {
    event.preventDefault();
    take([wishOfFile(path) ?? manager]);
  });
  app.on('open-url', (event, url) => {
    event.preventDefault();
    take([pageOfUrl(url)]);
  });
  app.on('second-instance', (_event, others, where) => take(wishesIn(others, where)));
  app.on('activate', () => take([]));
  return {
    deliver: (deliver) => {
      fulfil = deliver;
      take(waiting.splice(0));
    },
    waiting: () => (waiting.length > 0 ? waiting : [manager]),
  };
}

class Desktop {
  readonly #electron: Electron;
  readonly #options: DesktopOptions;
  readonly #host: HostProcess;
  readonly #windows: Windows;

  constructor(electron: Electron, options: DesktopOptions, host: HostProcess) {
    this.#electron = electron;
    this.#options = options;
    this.#host = host;
    this.#windows = new Windows(electron, options.preload, new BoundsMemory(options.boundsFile));
  }

  open(): void {
    const { protocol, session, ipcMain, Menu } = this.#electron;
    Menu.setApplicationMenu(null); // The windows draw their own menus; accelerators of a default menu would steal guest keys.
    protocol.handle('ospite', (request) => servePage(request.url, this.#options.rendererFolder));
    session.defaultSession.setPermissionRequestHandler((_contents, permission, answer) =>
      answer(PERMISSIONS.has(permission)),
    );
    session.defaultSession.setPermissionCheckHandler((_contents, permission) => PERMISSIONS.has(permission));
    serveOurPages(ipcMain, this.#host);
    offerFileDialog(this.#electron);
    new Quitting(this.#electron, this.#host, this.#windows).follow();
    this.#host.openWindowsWith((page) => {
      this.#windows.show(page);
      return Promise.resolve('Opened in a window of the desktop application.');
    });
  }

  async fulfil(wish: LaunchWish): Promise<void> {
    if (wish.kind !== 'register') return void this.#windows.show(wish);
    this.#windows.show({ kind: 'manager' });
    const caller = { openConsole() {}, closeConsole() {}, frameShown() {} };
    try {
      await callMethod('machine.register', { path: wish.path }, { ...this.#host.services, caller });
    } catch (error) {
      if (!(error instanceof OspiteError)) throw error;
      this.#electron.dialog.showErrorBox('The machine cannot be added', error.message);
    }
  }
}
