// The only thing the renderer gets from Electron: the messages of its own session, the system's file dialog, where a dropped
// file lies, and the wish to quit. Bundled to CommonJS, because sandboxed preload scripts must be.
import { contextBridge, ipcRenderer, webUtils } from 'electron';
import { ASK_QUIT, CHOOSE_FILE, CONNECT, MESSAGE, QUIT_ASKED, REQUEST } from './channels.ts';

let askQuit: (() => void) | null = null;
ipcRenderer.on(ASK_QUIT, () => {
  if (!askQuit) return; // The main process asks by itself then.
  ipcRenderer.send(QUIT_ASKED);
  askQuit();
});

contextBridge.exposeInMainWorld('ospiteDesktop', {
  connect(receive: (message: string | Uint8Array) => void): void {
    ipcRenderer.on(MESSAGE, (_event, message: string | Uint8Array) => receive(message));
    ipcRenderer.send(CONNECT);
  },
  send(text: string): void {
    ipcRenderer.send(REQUEST, text);
  },
  chooseFile(options: { title: string; extensions: string[] }): Promise<string | null> {
    return ipcRenderer.invoke(CHOOSE_FILE, options) as Promise<string | null>;
  },
  pathOfFile(file: File): string {
    return webUtils.getPathForFile(file);
  },
  onQuitAsked(ask: (() => void) | null): void {
    askQuit = ask;
  },
});
