// The desktop application: one instance, one window for the manager and one for each machine's console. Electron's objects
// come in as an argument, so that all of this is tested with a fake. The renderer is sandboxed and isolated; every message's
// sender is checked; pages come from our own scheme under a content security policy and can go nowhere else.
import { resolve } from 'node:path';
import type { BrowserWindow, IpcMainEvent, IpcMainInvokeEvent, WebContents } from 'electron';
import { Session } from '../api/session.ts';
import type { HostProcess } from '../app/host-process.ts';
import { CHOOSE_FILE, CONNECT, MESSAGE, REQUEST } from './channels.ts';
import { servePage } from './pages.ts';

export type Electron = Pick<
  typeof import('electron'),
  'app' | 'BrowserWindow' | 'dialog' | 'ipcMain' | 'protocol' | 'session' | 'Menu'
>;

export interface DesktopOptions {
  startHost(): Promise<HostProcess>;
  rendererFolder: string;
  preload: string;
  /** The command line, and the folder it was given in: a file to open may be among it. */
  argv: readonly string[];
  folder: string;
}

const IMAGE_FILE = /\.(iso|img|ima|flp|vfd|raw|dd)$/i;

export const PAGE_ORIGIN = 'ospite://app';
const CONSOLE_URL = /^ospite:\/\/app\/(index\.html)?#\/console\/[0-9a-f-]{36}$/;
/** What a page may ask the browser for. */
const PERMISSIONS = new Set(['pointerLock', 'fullscreen', 'clipboard-read']);

/** Resolves when the application is up, or at once in a second instance, which hands over to the first. */
export async function runDesktop(electron: Electron, options: DesktopOptions): Promise<void> {
  const { app } = electron;
  if (!app.requestSingleInstanceLock()) {
    app.quit();
    return;
  }
  electron.protocol.registerSchemesAsPrivileged([
    { scheme: 'ospite', privileges: { standard: true, secure: true, supportFetchAPI: true } },
  ]);
  app.enableSandbox();
  await app.whenReady();
  try {
    new Desktop(electron, options, await options.startHost()).open();
  } catch (error) {
    electron.dialog.showErrorBox('Ospite cannot start', error instanceof Error ? error.message : String(error));
    app.quit();
  }
}

class Desktop {
  readonly #electron: Electron;
  readonly #options: DesktopOptions;
  readonly #host: HostProcess;
  readonly #sessions = new Map<WebContents, Session>();
  #manager: BrowserWindow | null = null;
  #isQuitting = false;

  constructor(electron: Electron, options: DesktopOptions, host: HostProcess) {
    this.#electron = electron;
    this.#options = options;
    this.#host = host;
  }

  open(): void {
    const { app, ipcMain, protocol, session, Menu } = this.#electron;
    Menu.setApplicationMenu(null); // The windows draw their own menus; accelerators of a default menu would steal guest keys.
    protocol.handle('ospite', (request) => servePage(request.url, this.#options.rendererFolder));
    session.defaultSession.setPermissionRequestHandler((_contents, permission, answer) =>
      answer(PERMISSIONS.has(permission)),
    );
    session.defaultSession.setPermissionCheckHandler((_contents, permission) => PERMISSIONS.has(permission));
    ipcMain.on(CONNECT, (event) => this.#connect(event));
    ipcMain.on(REQUEST, (event, text: unknown) => this.#request(event, text));
    ipcMain.handle(CHOOSE_FILE, (event, wish: unknown) => this.#chooseFile(event, wish));
    app.on('second-instance', (_event, argv, folder) => this.#showManager(imageIn(argv, folder)));
    app.on('open-file', (event, path) => {
      event.preventDefault();
      this.#showManager(path);
    });
    app.on('activate', () => this.#showManager(null));
    app.on('window-all-closed', () => app.quit());
    app.on('before-quit', (event) => {
      if (this.#isQuitting) return;
      event.preventDefault();
      void this.#quit();
    });
    this.#showManager(imageIn(this.#options.argv, this.#options.folder));
  }

  /** Shows the one manager window; with an image, its New dialog for that file. */
  #showManager(image: string | null): void {
    const address = `${PAGE_ORIGIN}/index.html${image === null ? '' : `#/new/${encodeURIComponent(image)}`}`;
    if (this.#manager) {
      if (image !== null) void this.#manager.loadURL(address);
      if (this.#manager.isMinimized()) this.#manager.restore();
      this.#manager.focus();
      return;
    }
    const window = new this.#electron.BrowserWindow({
      width: 1100,
      height: 760,
      minWidth: 720,
      minHeight: 480,
      title: 'Ospite',
      webPreferences: this.#webPreferences(),
    });
    this.#manager = window;
    window.on('closed', () => {
      this.#manager = null;
    });
    this.#guard(window.webContents);
    void window.loadURL(address);
  }

  #webPreferences() {
    return {
      preload: this.#options.preload,
      contextIsolation: true,
      sandbox: true,
      nodeIntegration: false,
      webSecurity: true,
      spellcheck: false,
    } as const;
  }

  /** Keeps a page where it belongs; only consoles open windows. */
  #guard(contents: WebContents): void {
    contents.on('will-navigate', (event, url) => {
      if (!url.startsWith(`${PAGE_ORIGIN}/`)) event.preventDefault();
    });
    contents.setWindowOpenHandler(({ url }) =>
      CONSOLE_URL.test(url)
        ? {
            action: 'allow',
            overrideBrowserWindowOptions: { width: 900, height: 680, webPreferences: this.#webPreferences() },
          }
        : { action: 'deny' },
    );
    contents.on('did-create-window', (window) => this.#guard(window.webContents));
  }

  #isOurs(event: IpcMainEvent | IpcMainInvokeEvent): boolean {
    const frame = event.senderFrame;
    return frame !== null && frame.parent === null && frame.url.startsWith(`${PAGE_ORIGIN}/`);
  }

  #connect(event: IpcMainEvent): void {
    if (!this.#isOurs(event)) return;
    const contents = event.sender;
    this.#sessions.get(contents)?.close();
    const send = (message: string | Uint8Array): void => {
      if (!contents.isDestroyed()) contents.send(MESSAGE, message);
    };
    this.#sessions.set(
      contents,
      new Session({ sendText: send, sendBinary: send }, this.#host.services, this.#host.consoles),
    );
    contents.once('destroyed', () => {
      this.#sessions.get(contents)?.close();
      this.#sessions.delete(contents);
    });
  }

  #request(event: IpcMainEvent, text: unknown): void {
    if (!this.#isOurs(event) || typeof text !== 'string') return;
    void this.#sessions.get(event.sender)?.receive(text);
  }

  async #chooseFile(event: IpcMainInvokeEvent, wish: unknown): Promise<string | null> {
    if (!this.#isOurs(event) || typeof wish !== 'object' || wish === null) return null;
    const { title, extensions } = wish as { title?: unknown; extensions?: unknown };
    const known = Array.isArray(extensions)
      ? extensions.filter(
          (extension): extension is string => typeof extension === 'string' && extension.startsWith('.'),
        )
      : [];
    const filters = [
      ...(known.length > 0 ? [{ name: 'Images', extensions: known.map((extension) => extension.slice(1)) }] : []),
      { name: 'All files', extensions: ['*'] },
    ];
    const { canceled, filePaths } = await this.#electron.dialog.showOpenDialog({
      title: String(title ?? ''),
      properties: ['openFile'],
      filters,
    });
    return canceled ? null : (filePaths[0] ?? null);
  }

  /** Running machines are never killed silently. */
  async #quit(): Promise<void> {
    const running = this.#host.services.manager
      .list()
      .machines.filter((machine) => machine.state === 'running' || machine.state === 'paused');
    if (running.length > 0) {
      const { response } = await this.#electron.dialog.showMessageBox({
        type: 'question',
        message:
          running.length === 1
            ? `“${running[0]!.name}” is still running.`
            : `${running.length} machines are still running.`,
        detail: 'Quitting powers them off; unsaved work in them will be lost.',
        buttons: ['Cancel', 'Power Off and Quit'],
        defaultId: 0,
        cancelId: 0,
      });
      if (response === 0) return this.#showManager(null);
    }
    this.#isQuitting = true;
    await this.#host.shutDown();
    this.#electron.app.quit();
  }
}

/** The last argument that names a disc or disk image, as an absolute path. */
function imageIn(argv: readonly string[], folder: string): string | null {
  const image = argv.findLast((argument) => !argument.startsWith('-') && IMAGE_FILE.test(argument));
  return image === undefined ? null : resolve(folder, image);
}
