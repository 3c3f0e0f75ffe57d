// Electron's objects as the desktop sees them, without Electron: windows that load nothing, messages that go nowhere else.
import { EventEmitter } from 'node:events';
import { vi } from 'vitest';
import { CONNECT, MESSAGE, REQUEST } from '../../src-main/electron/channels.ts';
import { type Electron, PAGE_ORIGIN } from '../../src-main/electron/electron.ts';

export const ourPage = { url: `${PAGE_ORIGIN}/index.html`, parent: null };

export class FakeContents extends EventEmitter {
  /** Messages to the page, by channel. */
  readonly sent: { channel: string; message: unknown }[] = [];
  isGone = false;
  windowOpenHandler: ((details: { url: string }) => { action: string }) | null = null;

  send(channel: string, message: unknown): void {
    this.sent.push({ channel, message });
    this.emit('sent', channel, message);
  }
  isDestroyed(): boolean {
    return this.isGone;
  }
  setWindowOpenHandler(handler: NonNullable<FakeContents['windowOpenHandler']>): void {
    this.windowOpenHandler = handler;
  }
  /** What came over the session's channel. */
  messages(): unknown[] {
    return this.sent.filter(({ channel }) => channel === MESSAGE).map(({ message }) => message);
  }
}

interface WindowOptions {
  webPreferences: Record<string, unknown>;
  x?: number;
  width: number;
}

export class FakeWindow extends EventEmitter {
  static all: FakeWindow[] = [];
  readonly webContents = new FakeContents();
  readonly options: WindowOptions;
  url = '';
  loads = 0;
  focused = 0;
  minimized = false;
  maximized = false;
  bounds = { x: 10, y: 20, width: 800, height: 600 };

  static fromWebContents(contents: unknown): FakeWindow | null {
    return FakeWindow.all.find((window) => window.webContents === contents) ?? null;
  }
  constructor(options: WindowOptions) {
    super();
    this.options = options;
    FakeWindow.all.push(this);
  }
  loadURL(url: string): Promise<void> {
    this.url = url;
    this.loads++;
    return Promise.resolve();
  }
  isMinimized(): boolean {
    return this.minimized;
  }
  restore(): void {
    this.minimized = false;
  }
  maximize(): void {
    this.maximized = true;
  }
  isMaximized(): boolean {
    return this.maximized;
  }
  getNormalBounds(): { x: number; y: number; width: number; height: number } {
    return this.bounds;
  }
  show(): void {}
  focus(): void {
    this.focused++;
  }
  /** As the user does. */
  close(): void {
    this.emit('close');
    this.destroy();
  }
  destroy(): void {
    this.webContents.isGone = true;
    this.webContents.emit('destroyed');
    FakeWindow.all = FakeWindow.all.filter((window) => window !== this);
    this.emit('closed');
  }
}

export function fakeElectron({ hasLock = true } = {}) {
  FakeWindow.all = [];
  let ready = (): void => {};
  const app = Object.assign(new EventEmitter(), {
    requestSingleInstanceLock: () => hasLock,
    quit: vi.fn(),
    enableSandbox: vi.fn(),
    whenReady: vi.fn(() => Promise.resolve()),
  });
  const ipc = Object.assign(new EventEmitter(), {
    handlers: new Map<string, (event: unknown, ...rest: unknown[]) => unknown>(),
    handle(channel: string, handler: (event: unknown) => unknown) {
      this.handlers.set(channel, handler);
    },
  });
  const answers = { messageBox: 0, file: ['/images/a.iso'] };
  const dialog = {
    showErrorBox: vi.fn(),
    showMessageBox: vi.fn(() => Promise.resolve({ response: answers.messageBox })),
    showOpenDialog: vi.fn(() => Promise.resolve({ canceled: false, filePaths: answers.file })),
  };
  const electron = {
    app,
    BrowserWindow: FakeWindow,
    dialog,
    ipcMain: ipc,
    protocol: { registerSchemesAsPrivileged: vi.fn(), handle: vi.fn() },
    screen: { getAllDisplays: () => [{ workArea: { x: 0, y: 0, width: 1920, height: 1080 } }] },
    session: { defaultSession: { setPermissionRequestHandler: vi.fn(), setPermissionCheckHandler: vi.fn() } },
    Menu: { setApplicationMenu: vi.fn() },
  };
  return {
    electron: electron as unknown as Electron,
    app,
    ipc,
    dialog,
    answers,
    session: electron.session.defaultSession,
    /** Keeps the application from being ready until called. */
    holdReady: (): (() => void) => {
      app.whenReady.mockReturnValueOnce(
        new Promise((resolve) => {
          ready = () => resolve();
        }),
      );
      return () => ready();
    },
    connect: (contents: FakeContents) => ipc.emit(CONNECT, { sender: contents, senderFrame: ourPage }),
    request: (contents: FakeContents, text: string) =>
      ipc.emit(REQUEST, { sender: contents, senderFrame: ourPage }, text),
  };
}
