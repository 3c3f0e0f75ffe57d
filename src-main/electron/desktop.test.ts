import { EventEmitter } from 'node:events';
import { describe, expect, it, vi } from 'vitest';
import type { HostProcess } from '../app/host-process.ts';
import { CHOOSE_FILE, CONNECT, MESSAGE, REQUEST } from './channels.ts';
import { type Electron, PAGE_ORIGIN, runDesktop } from './desktop.ts';

class FakeContents extends EventEmitter {
  sent: unknown[] = [];
  windowOpenHandler:
    | ((details: { url: string }) => { action: string; overrideBrowserWindowOptions?: { webPreferences: object } })
    | null = null;
  send(channel: string, message: unknown): void {
    if (channel === MESSAGE) this.sent.push(message);
  }
  isDestroyed(): boolean {
    return false;
  }
  setWindowOpenHandler(handler: NonNullable<FakeContents['windowOpenHandler']>): void {
    this.windowOpenHandler = handler;
  }
}

class FakeWindow extends EventEmitter {
  static all: FakeWindow[] = [];
  readonly webContents = new FakeContents();
  readonly options: { webPreferences: Record<string, unknown> };
  url = '';
  focused = 0;
  constructor(options: FakeWindow['options']) {
    super();
    this.options = options;
    FakeWindow.all.push(this);
  }
  loadURL(url: string): Promise<void> {
    this.url = url;
    return Promise.resolve();
  }
  isMinimized(): boolean {
    return false;
  }
  focus(): void {
    this.focused++;
  }
}

function fakeElectron(hasLock = true) {
  FakeWindow.all = [];
  const app = Object.assign(new EventEmitter(), {
    requestSingleInstanceLock: () => hasLock,
    quit: vi.fn(),
    enableSandbox: vi.fn(),
    whenReady: () => Promise.resolve(),
  });
  const ipc = Object.assign(new EventEmitter(), {
    handlers: new Map<string, (event: unknown, ...rest: unknown[]) => unknown>(),
    handle(channel: string, handler: (event: unknown) => unknown) {
      this.handlers.set(channel, handler);
    },
  });
  const answers = { messageBox: 0, file: ['/images/a.iso'] };
  const electron = {
    app,
    BrowserWindow: FakeWindow,
    dialog: {
      showErrorBox: vi.fn(),
      showMessageBox: vi.fn(() => Promise.resolve({ response: answers.messageBox })),
      showOpenDialog: vi.fn(() => Promise.resolve({ canceled: false, filePaths: answers.file })),
    },
    ipcMain: ipc,
    protocol: { registerSchemesAsPrivileged: vi.fn(), handle: vi.fn() },
    session: { defaultSession: { setPermissionRequestHandler: vi.fn(), setPermissionCheckHandler: vi.fn() } },
    Menu: { setApplicationMenu: vi.fn() },
  };
  return { electron: electron as unknown as Electron, app, ipc, dialog: electron.dialog, answers };
}

function fakeHost(running: number) {
  const manager = Object.assign(new EventEmitter(), {
    on: () => ({ dispose() {} }),
    list: () => ({
      machines: Array.from({ length: running }, (_, index) => ({ name: `m${index}`, state: 'running' })),
      inaccessible: [],
    }),
  });
  const shutDown = vi.fn(() => Promise.resolve());
  return {
    host: {
      services: { manager, host: {}, control: { clientCame: () => () => {} } },
      consoles: {},
      shutDown,
    } as unknown as HostProcess,
    shutDown,
  };
}

async function start(running = 0, argv: string[] = []) {
  const fake = fakeElectron();
  const { host, shutDown } = fakeHost(running);
  await runDesktop(fake.electron, {
    startHost: () => Promise.resolve(host),
    rendererFolder: '/nowhere',
    argv,
    folder: '/images',
    preload: '/app/preload.cjs',
  });
  return { ...fake, shutDown, window: FakeWindow.all[0]! };
}

const ours = { url: `${PAGE_ORIGIN}/index.html`, parent: null };

describe('the desktop', () => {
  it('opens one sandboxed, isolated manager window on our own scheme', async () => {
    const { window } = await start();
    expect(FakeWindow.all).toHaveLength(1);
    expect(window.url).toBe('ospite://app/index.html');
    expect(window.options.webPreferences).toMatchObject({
      contextIsolation: true,
      sandbox: true,
      nodeIntegration: false,
      preload: '/app/preload.cjs',
    });
  });

  it('quits at once as a second instance and starts no host', async () => {
    const { electron, app } = fakeElectron(false);
    const startHost = vi.fn();
    await runDesktop(electron, { startHost, rendererFolder: '', preload: '', argv: [], folder: '/' });
    expect(app.quit).toHaveBeenCalledOnce();
    expect(startHost).not.toHaveBeenCalled();
  });

  it('says why it cannot start, and quits', async () => {
    const { electron, app, dialog } = fakeElectron();
    const startHost = () => Promise.reject(new Error('the home is in use'));
    await runDesktop(electron, { startHost, rendererFolder: '', preload: '', argv: [], folder: '/' });
    expect(dialog.showErrorBox).toHaveBeenCalledWith('Ospite cannot start', 'the home is in use');
    expect(app.quit).toHaveBeenCalledOnce();
  });

  it('shows its window again when a second instance was started', async () => {
    const { app, window } = await start();
    app.emit('second-instance', {}, [], '/');
    expect(window.focused).toBe(1);
    expect(FakeWindow.all).toHaveLength(1);
  });

  it('opens the New dialog for an image on the command line, its own or a second one', async () => {
    const { app, window } = await start(0, ['/usr/bin/electron', '--flag', 'a disc.iso']);
    expect(window.url).toBe(`ospite://app/index.html#/new/${encodeURIComponent('/images/a disc.iso')}`);
    app.emit('second-instance', {}, ['electron', '/other/floppy.img'], '/elsewhere');
    expect(window.url).toBe(`ospite://app/index.html#/new/${encodeURIComponent('/other/floppy.img')}`);
    expect(FakeWindow.all).toHaveLength(1);
  });

  it('lets pages open consoles and nothing else', async () => {
    const { window } = await start();
    const ask = (url: string) => window.webContents.windowOpenHandler!({ url });
    expect(ask('ospite://app/index.html#/console/0190a0b1-0000-4000-8000-000000000001')).toMatchObject({
      action: 'allow',
      overrideBrowserWindowOptions: { webPreferences: { sandbox: true } },
    });
    expect(ask('https://example.com/')).toEqual({ action: 'deny' });
    expect(ask('ospite://app/index.html#/console/../../x')).toEqual({ action: 'deny' });
  });

  it('keeps pages from navigating away', async () => {
    const { window } = await start();
    const event = { preventDefault: vi.fn() };
    window.webContents.emit('will-navigate', event, 'https://example.com/');
    expect(event.preventDefault).toHaveBeenCalledOnce();
  });

  it('answers requests of its own pages', async () => {
    const { ipc, window } = await start();
    const sender = window.webContents;
    ipc.emit(CONNECT, { sender, senderFrame: ours });
    ipc.emit(REQUEST, { sender, senderFrame: ours }, JSON.stringify({ call: 7, method: 'machine.list', params: {} }));
    await vi.waitFor(() => expect(sender.sent).toHaveLength(1));
    expect(JSON.parse(String(sender.sent[0]))).toEqual({ call: 7, result: { machines: [], inaccessible: [] } });
  });

  it('ignores senders that are not its pages', async () => {
    const { ipc, window } = await start();
    const sender = window.webContents;
    for (const senderFrame of [{ url: 'https://evil.example/', parent: null }, { ...ours, parent: {} }, null]) {
      ipc.emit(CONNECT, { sender, senderFrame });
      ipc.emit(REQUEST, { sender, senderFrame }, JSON.stringify({ call: 1, method: 'machine.list', params: {} }));
      expect(await ipc.handlers.get(CHOOSE_FILE)!({ sender, senderFrame }, { title: 'x' })).toBeNull();
    }
    await Promise.resolve();
    expect(sender.sent).toEqual([]);
  });

  it('asks before it quits while machines run, and stays when told so', async () => {
    const { app, dialog, shutDown } = await start(2);
    const event = { preventDefault: vi.fn() };
    app.emit('before-quit', event);
    await vi.waitFor(() => expect(dialog.showMessageBox).toHaveBeenCalledOnce());
    expect(event.preventDefault).toHaveBeenCalledOnce();
    expect(shutDown).not.toHaveBeenCalled();
  });

  it('powers machines off before it quits', async () => {
    const { app, answers, shutDown } = await start(1);
    answers.messageBox = 1;
    app.emit('before-quit', { preventDefault: vi.fn() });
    await vi.waitFor(() => expect(app.quit).toHaveBeenCalledOnce());
    expect(shutDown).toHaveBeenCalledOnce();
  });
});
