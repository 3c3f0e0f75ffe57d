// The only thing the renderer gets from Electron: the messages of its own session, and the system's file dialog.
// Bundled to CommonJS, because sandboxed preload scripts must be.
import { contextBridge, ipcRenderer, webUtils } from 'electron';
import { CHOOSE_FILE, CONNECT, MESSAGE, REQUEST } from './channels.ts';

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
});
