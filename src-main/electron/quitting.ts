// The end of the application. Machines survive every window being closed; while some run, nobody quits without being asked
// what becomes of them: by the manager's page, or by the system's dialog when no page answers.
import type { BrowserWindow, IpcMainEvent } from 'electron';
import type { HostProcess } from '../app/host-process.ts';
import type { MachineState } from '../contract/machine.ts';
import { ASK_QUIT, QUIT_ASKED } from './channels.ts';
import type { Electron } from './electron.ts';
import { isOurPage } from './page-sessions.ts';
import type { Windows } from './windows.ts';

/** A page that has not shown the question after this time will not. */
const PAGE_MS = 2000;
const asleep: ReadonlySet<MachineState> = new Set(['poweredOff', 'crashed', 'aborted']);

export class Quitting {
  readonly #electron: Electron;
  readonly #host: HostProcess;
  readonly #windows: Windows;
  #isOver = false;
  #isEnding = false;
  #isAsking = false;

  constructor(electron: Electron, host: HostProcess, windows: Windows) {
    this.#electron = electron;
    this.#host = host;
    this.#windows = windows;
  }

  follow(): void {
    const { app } = this.#electron;
    app.on('before-quit', (event) => {
      if (this.#isOver) return;
      event.preventDefault();
      void this.#quit();
    });
    app.on('window-all-closed', () => this.#endIfIdle());
    this.#host.services.manager.on('machine.stateChanged', () => this.#endIfIdle());
    // Whoever ended the host: this, a page, or the command line.
    void this.#host.ended.then(() => {
      this.#isOver = true;
      this.#windows.destroyAll();
      app.quit();
    });
  }

  #running(): string[] {
    const { machines } = this.#host.services.manager.list();
    return machines.filter(({ state }) => !asleep.has(state)).map(({ name }) => name);
  }

  /** Without windows and machines there is nothing to stay for. */
  #endIfIdle(): void {
    if (this.#windows.count === 0 && this.#running().length === 0 && !this.#host.isServing()) this.#end();
  }

  #end(machines?: 'powerButton' | 'powerOff'): void {
    this.#isEnding = true;
    void this.#host.shutDown(machines);
  }

  async #quit(): Promise<void> {
    if (this.#isAsking) return;
    if (this.#running().length === 0) return this.#end();
    if (this.#isEnding) return await this.#askToHurry();
    this.#isAsking = true;
    try {
      const window = this.#windows.show({ kind: 'manager' });
      if (!(await this.#pageAsks(window))) await this.#askBySystem(window);
    } finally {
      this.#isAsking = false;
    }
  }

  /** Whether the page shows the question; its answer comes as a call of host.shutDown, or not at all. */
  #pageAsks(window: BrowserWindow): Promise<boolean> {
    const { ipcMain } = this.#electron;
    return new Promise((resolve) => {
      const settle = (hasAsked: boolean): void => {
        clearTimeout(timer);
        ipcMain.off(QUIT_ASKED, heard);
        resolve(hasAsked);
      };
      const heard = (event: IpcMainEvent): void => {
        if (isOurPage(event) && event.sender === window.webContents) settle(true);
      };
      const timer = setTimeout(() => settle(false), PAGE_MS);
      ipcMain.on(QUIT_ASKED, heard);
      window.webContents.send(ASK_QUIT);
    });
  }

  async #askBySystem(window: BrowserWindow): Promise<void> {
    const running = this.#running();
    const { response } = await this.#electron.dialog.showMessageBox(window, {
      type: 'question',
      message:
        running.length === 1 ? `“${running[0]}” is still running.` : `${running.length} machines are still running.`,
      detail:
        'Shut Down presses their power buttons. Power Off pulls the plug; what is not saved in them will be lost.',
      buttons: ['Cancel', 'Shut Down and Quit', 'Power Off and Quit'],
      defaultId: 0,
      cancelId: 0,
    });
    if (response === 1) this.#end('powerButton');
    if (response === 2) this.#end('powerOff');
  }

  async #askToHurry(): Promise<void> {
    this.#isAsking = true;
    try {
      const { response } = await this.#electron.dialog.showMessageBox({
        type: 'question',
        message: 'Machines are still shutting down.',
        detail: 'Power Off pulls the plug; what is not saved in them will be lost.',
        buttons: ['Wait', 'Power Off Now'],
        defaultId: 0,
        cancelId: 0,
      });
      if (response === 1) this.#end('powerOff');
    } finally {
      this.#isAsking = false;
    }
  }
}
