// The windows: one for the manager and one for each machine's console. Asking for a window that is there brings it to the front.
import type { BrowserWindow, WebContents } from 'electron';
import { pagePath } from '../app/host-process.ts';
import type { WindowPage } from '../contract/methods/host.ts';
import { type Electron, PAGE_ORIGIN } from './electron.ts';
import type { BoundsMemory } from './window-bounds.ts';

const MANAGER = 'manager';
const shapes = {
  manager: { width: 1100, height: 760, minWidth: 720, minHeight: 480 },
  console: { width: 900, height: 680, minWidth: 320, minHeight: 240 },
};

export class Windows {
  readonly #electron: Electron;
  readonly #preload: string;
  readonly #memory: BoundsMemory;
  readonly #windows = new Map<string, BrowserWindow>();

  constructor(electron: Electron, preload: string, memory: BoundsMemory) {
    this.#electron = electron;
    this.#preload = preload;
    this.#memory = memory;
  }

  get count(): number {
    return this.#windows.size;
  }

  /** Shows the page in its window, and gives that. */
  show(page: WindowPage): BrowserWindow {
    const name = page.kind === 'console' ? page.id : MANAGER;
    const path = pagePath(page);
    const address = `${PAGE_ORIGIN}/index.html${path === undefined ? '' : `#${path}`}`;
    const known = this.#windows.get(name);
    if (!known) return this.#open(name, address);
    if (page.kind === 'open') void known.loadURL(address);
    if (known.isMinimized()) known.restore();
    known.show();
    known.focus();
    return known;
  }

  /** At the end: pages are not asked whether they may go. */
  destroyAll(): void {
    for (const [name, window] of this.#windows) {
      this.#memory.remember(name, window);
      window.destroy();
    }
  }

  #open(name: string, address: string): BrowserWindow {
    const { BrowserWindow, screen } = this.#electron;
    const shape = name === MANAGER ? shapes.manager : shapes.console;
    const remembered = this.#memory.find(
      name,
      screen.getAllDisplays().map(({ workArea }) => workArea),
    );
    const { isMaximized = false, ...place } = remembered ?? {};
    const window = new BrowserWindow({
      ...shape,
      ...place,
      title: 'Ospite',
      webPreferences: {
        preload: this.#preload,
        contextIsolation: true,
        sandbox: true,
        nodeIntegration: false,
        webSecurity: true,
        spellcheck: false,
      },
    });
    if (isMaximized) window.maximize();
    this.#windows.set(name, window);
    window.on('close', () => this.#memory.remember(name, window));
    window.on('closed', () => this.#windows.delete(name));
    guard(window.webContents);
    void window.loadURL(address);
    return window;
  }
}

/** Keeps a page where it belongs. Pages ask the host for windows (host.openWindow); of themselves they open none. */
function guard(contents: WebContents): void {
  contents.on('will-navigate', (event, url) => {
    if (!url.startsWith(`${PAGE_ORIGIN}/`)) event.preventDefault();
  });
  contents.setWindowOpenHandler(() => ({ action: 'deny' }));
}
